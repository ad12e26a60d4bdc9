/** What is said of a problem, and of what is seen in its place. */
import type { HistoryProblem } from '../../../domain/history/history.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { type MessageKey, t, tCode } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import type { Lane } from '../../parts/lanes.ts';
import { isOld, isToCome } from './question.ts';
import { remedyFor } from './standing.ts';

export interface Words {
  title: string;
  text: string;
}

/** @param records how many have come of those it is about */
export function problemWords(problem: HistoryProblem, asked: TimeRange, records: number, nowMs: number): Words {
  if (problem === 'badRange' && isToCome(asked, nowMs)) return { title: t('history_toCome'), text: t('history_toComeText') };
  const title = tCode(`history_problem_${problem}`);
  if (problem === 'noData' && !isOld(asked, nowMs)) return { title, text: t('history_noRecords') };
  return { title, text: tCode(`history_problem_${problem}_text`, [formatCount(records)]) };
}

/** An answer rather than a fault: nothing is to be done about it. */
export const isCalm = (problem: HistoryProblem): boolean => problem === 'noData';

/** What is still seen without the tenant's history; null where the problem's own words say it. "Until then" is said only where something can be done. */
export function insteadKey(problem: HistoryProblem, sources: readonly (Lane['source'] | undefined)[]): MessageKey | null {
  if (problem === 'tooMuch') return null;
  if (sources.includes('tenant')) return 'history_shownSoFar';
  if (!sources.includes('ours') && !sources.includes('both')) return 'history_nothingInstead';
  const remedy = remedyFor(problem);
  return remedy === null || remedy === 'findOut' ? 'history_oursAlone' : 'history_oursInstead';
}

/** Nobody is logged in at night or over a long week-end: so long nothing is known of the beginning of most ranges. */
const USUAL_MS = 4 * 86_400_000;

/** The tenant's records begin long after the range does, and the range long ago: it may have let go of what was before. */
export function beginsLate({ segments, problem }: Pick<Lane, 'segments' | 'problem'>, asked: TimeRange, nowMs: number): boolean {
  if (!isOld(asked, nowMs) || problem !== null) return false;
  const first = segments.find(({ source }) => source === 'tenant');
  return first !== undefined && first.fromMs - asked.fromMs > USUAL_MS;
}
