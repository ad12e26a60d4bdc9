/** What a row of the tenant's list says where CXone no longer answers for the agent: a state of long ago is never shown as today's. */
import type { AgentRow } from '../../messages/contract.ts';
import { t } from '../../messages/words.ts';
import { stateName, stateText } from './category.ts';
import { now } from './clock.ts';
import { formatWhen } from './when.ts';

export const noAnswerText = ({ missingSinceMs }: AgentRow): string => t('row_noAnswer', formatWhen(missingSinceMs, now.peek()));
export const lastText = (agent: AgentRow): string => (agent.stateName ? t('row_last', stateName(agent)) : '');

/** The state in one line, or since when there is no answer and what it was before. */
export function rowText(agent: AgentRow): string {
  if (agent.missingSinceMs === 0) return stateText(agent);
  return [noAnswerText(agent), lastText(agent)].filter(Boolean).join(' · ');
}
