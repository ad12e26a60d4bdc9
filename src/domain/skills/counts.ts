/** How many rows of a batch stand where: kept up to date row by row, as a batch is long. */
import { type BatchCounts, type BatchRow, DIFFS, type Diff, ROW_STATES, type RowState } from './batch.ts';

type Standing = Pick<BatchRow, 'diff' | 'state'>;

/** Nothing checked, everything planned. */
export function emptyCounts(total: number): BatchCounts {
  const counts = none();
  return {
    ...counts,
    total,
    diffs: { ...counts.diffs, unchecked: total },
    states: { ...counts.states, planned: total },
  };
}

export function countRows(rows: readonly Standing[]): BatchCounts {
  const counts = none();
  for (const { diff, state } of rows) {
    counts.total++;
    if (diff !== 'unchecked') counts.checked++;
    counts.diffs[diff]++;
    counts.states[state]++;
  }
  return counts;
}

/** One row has come from one standing to another. */
export function moved(counts: BatchCounts, from: Standing, to: Standing): BatchCounts {
  const diffs = { ...counts.diffs };
  diffs[from.diff]--;
  diffs[to.diff]++;
  const states = { ...counts.states };
  states[from.state]--;
  states[to.state]++;
  return { total: counts.total, checked: counts.total - diffs.unchecked, diffs, states };
}

/** How many are still to be written: what the user confirms. */
export const plannedCount = (counts: BatchCounts): number => counts.states.planned;

const zeros = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
const none = (): BatchCounts => ({ total: 0, checked: 0, diffs: zeros<Diff>(DIFFS), states: zeros<RowState>(ROW_STATES) });
