import type { AgentFigures } from '../../../../domain/figures.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { formatSpent } from '../../parts/spent.ts';

/** Seven days of an agent's work in words, or why there are none; '' where the API has no such figures. Null: not answered yet. */
export function weekText(answer: AgentFigures | null): string {
  if (answer === null) return t('skills_week', t('skills_week_asking'));
  const { supported, figures, problem, atMs } = answer;
  if (!supported) return '';
  if (problem === 'forbidden') return t('skills_week', t('skills_week_forbidden'));
  if (atMs === 0) return t('skills_week', t('skills_week_failed'));
  const { occupancy = null, handled = null, loginMs = null } = figures ?? {};
  const said = [
    occupancy !== null && t('skills_week_occupancy', occupancy),
    handled !== null && t('skills_week_handled', formatCount(handled)),
    loginMs !== null && t('skills_week_login', formatSpent(loginMs)),
  ].filter((part) => part !== false);
  return t('skills_week', said.length > 0 ? said.join(' · ') : t('skills_week_none'));
}
