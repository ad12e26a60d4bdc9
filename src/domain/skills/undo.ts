/** The way back. */
import type { Held, Wish } from './assignment.ts';
import type { BatchRow } from './batch.ts';

/**
 * What rows that were really written held before, as wishes for another batch: null takes the skill away again. Rows that were as wished already, or
 * whose end is not known, are not ours to take back; nor is what somebody else wrote when the tenant refused ours with 409. `expected`: what we wrote.
 */
export function undoWishes(rows: readonly BatchRow[]): (Wish & { line: number; expected: Held | null })[] {
  return rows
    .filter(({ state, ours, attempts, rounds }) => state === 'verified' && (ours ?? attempts > rounds))
    .map(({ line, userId, skillId, before, wish }) => ({ line, userId, skillId, held: before, expected: wish }));
}
