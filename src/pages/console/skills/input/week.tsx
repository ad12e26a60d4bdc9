import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../../../domain/agent-state.ts';
import type { AgentFigures } from '../../../../domain/figures.ts';
import { send } from '../../../../messages/send.ts';
import { t } from '../../../../messages/words.ts';
import { connectionId, traits } from '../access.ts';
import { weekText } from './week-words.ts';

const FAILED: AgentFigures = { supported: true, figures: null, atMs: 0, problem: null };

/**
 * What there is to know of an agent's last seven days where no level can be suggested from it: for whoever decides on one. The worker asks
 * CXone for everybody's at once, so that going from agent to agent asks nobody.
 */
export function Week({ userId }: { userId: AgentId }) {
  const told = useSignal<{ of: string; answer: AgentFigures } | null>(null);
  const { suggestions } = traits.value;
  const of = `${connectionId.value}\n${userId}`;
  useEffect(() => {
    if (suggestions || userId === '') return;
    let gone = false;
    const take = (answer: AgentFigures) => {
      if (!gone) told.value = { of, answer };
    };
    send('figures', { agentId: userId }).then(take, () => take(FAILED));
    return () => {
      gone = true;
    };
  }, [of, suggestions]);
  if (suggestions || userId === '') return null;
  const text = weekText(told.value?.of === of ? told.value.answer : null);
  return (
    text && (
      <p class="mut sm week">
        {text}. {t('skills_week_noLevel')}
      </p>
    )
  );
}
