/** Whom an id belongs to, for the screen alone: a diagnosis keeps ids only. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../../domain/agent-state.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { glance } from '../../parts/store.ts';

const looked = signal<ReadonlyMap<AgentId, string>>(new Map());
const asked = new Set<AgentId>();

const watchedName = (agentId: AgentId) => glance.value?.rows.find((row) => row.agentId === agentId)?.name;

/** The id itself where no name is known; for the list as a whole, words that say so. */
export function nameOf(agentId: AgentId): string {
  if (agentId === '') return t('diagnosis_wholeList');
  return watchedName(agentId) ?? (looked.value.get(agentId) || agentId);
}

/** Looks up the names of agents nobody watches, each once. */
export function useNames(agentIds: readonly AgentId[]): void {
  const unknown = agentIds.filter((agentId) => agentId !== '' && !asked.has(agentId) && watchedName(agentId) === undefined);
  useEffect(() => {
    for (const agentId of unknown) {
      asked.add(agentId);
      send('agent', { agentId }).then(
        ({ agent }) => {
          if (agent) looked.value = new Map(looked.peek()).set(agentId, agent.name);
        },
        // The id stands in for the name.
        () => undefined,
      );
    }
  }, [unknown.join('\n')]);
}
