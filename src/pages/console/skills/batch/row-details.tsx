import type { SkillTraits } from '../../../../domain/skills/assignment.ts';
import type { BatchRow } from '../../../../domain/skills/batch.ts';
import { t } from '../../../../messages/words.ts';
import { type Fact, FactsPanel } from '../listing/facts-panel.tsx';
import { agentName, named, skillName } from './names.ts';
import { basisText, diffLabel, formatAt, heldText, stateLabel, whyText } from './words.ts';

/** A row in full. */
export function RowDetails({ row, traits, close }: { row: BatchRow; traits: SkillTraits; close: () => void }) {
  const {
    line,
    index,
    userId,
    skillId,
    before,
    wish,
    theirs,
    diff,
    state,
    suggestion,
    attempts,
    rounds,
    sentMs,
    status,
    requestId,
  } = row;
  const why = whyText(row);
  const facts: Fact[] = [
    [t('skills_batch_column_agent'), named(agentName(userId), userId)],
    [t('skills_batch_column_skill'), named(skillName(skillId), skillId)],
    diff !== 'unchecked' && diff !== 'refused' && [t('skills_batch_column_before'), heldText(before)],
    [t('skills_batch_column_ours'), wish ? heldText(wish) : t('skills_batch_takeAway')],
    state === 'conflict' && [t('skills_batch_column_theirs'), heldText(theirs)],
    [t('skills_batch_column_diff'), diffLabel(diff)],
    [t('skills_batch_column_state'), stateLabel(state)],
    why !== '' && [t('skills_batch_column_why'), why],
    suggestion !== null &&
      traits.suggestions && [
        t('skills_batch_column_suggested'),
        `${t('skills_held_level', suggestion.level)}: ${basisText(suggestion)}`,
      ],
    attempts > 0 && [t('skills_batch_sent'), t('skills_batch_sentTimes', attempts, formatAt(sentMs))],
    rounds > 0 && [t('skills_batch_rounds'), String(rounds)],
    status > 0 && [t('skills_batch_http'), String(status)],
    requestId !== '' && [t('skills_batch_requestId'), requestId],
  ];
  const title = line > 0 ? t('skills_batch_lineTitle', line) : t('skills_batch_rowTitle', index + 1);
  return <FactsPanel title={title} facts={facts} close={close} />;
}
