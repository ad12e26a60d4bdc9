import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../domain/agent-state.ts';

/** The place of the day's picture. What draws it is loaded when a row is first opened: the popup itself opens without. */
export function Today({ agentId }: { agentId: AgentId }) {
  const view = useSignal<ComponentType<{ agentId: AgentId }> | null>(null);
  useEffect(() => {
    void import('./day.tsx').then(({ Day }) => {
      view.value = Day;
    });
  }, []);
  const Day = view.value;
  return <div class="today">{Day && <Day agentId={agentId} />}</div>;
}
