/** Which rows of a batch are looked at: one kind at a time, with how many there are of each. */
import { type Batch, DIFFS, type Diff, ROW_STATES, type RowState } from '../../../../domain/skills/batch.ts';
import { EVERY, type Narrowed } from './state.ts';

export type Kind = { diff: Diff } | { state: RowState } | null;

export const narrowed = (kind: Kind): Narrowed => {
  if (kind === null) return EVERY;
  return 'diff' in kind ? { diffs: [kind.diff], states: [] } : { diffs: [], states: [kind.state] };
};

export const sameKind = (a: Kind, b: Kind): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface Choice {
  kind: Kind;
  count: number;
}

/** Kinds there are any of, and the one that is chosen: what the dry run made of them, and once writing has begun, how they stand. */
export function choices({ counts, confirmed }: Pick<Batch, 'confirmed' | 'counts'>, chosen: Kind = null): Choice[] {
  const states = confirmed ? ROW_STATES.map((state) => ({ kind: { state }, count: counts.states[state] })) : [];
  const diffs = DIFFS.map((diff) => ({ kind: { diff }, count: counts.diffs[diff] }));
  const some = [...states, ...diffs].filter(({ kind, count }) => count > 0 || sameKind(kind, chosen));
  return [{ kind: null, count: counts.total }, ...some];
}

/** Rows that wait for the user's word. */
export const TO_DECIDE = ['conflict', 'unknown', 'failed'] as const satisfies readonly RowState[];
export type ToDecide = (typeof TO_DECIDE)[number];

export const isToDecide = (state: RowState): state is ToDecide => (TO_DECIDE as readonly RowState[]).includes(state);
export const decidable = (kind: Kind): ToDecide | null =>
  kind !== null && 'state' in kind && isToDecide(kind.state) ? kind.state : null;
