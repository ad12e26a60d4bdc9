/** A batch and its rows as they begin, and as the user changes his mind about them. */
import type { Connection } from '../domain/connection.ts';
import { type Held, SKILL_TRAITS, type Wish } from '../domain/skills/assignment.ts';
import type { Batch, BatchRow } from '../domain/skills/batch.ts';
import { countRows } from '../domain/skills/counts.ts';
import { decide } from '../domain/skills/dry-run.ts';
import { emptyMetrics } from '../domain/skills/metrics.ts';
import { clashes } from '../domain/skills/twice.ts';
import { authStatusItem } from '../storage/items.ts';

export interface BatchPlan {
  id: string;
  name: string;
  /** '' = none. */
  undoOf: string;
  rows: readonly (Wish & Pick<BatchRow, 'line' | 'expected'>)[];
}

/** @param actor who plans it: the token's subject */
export async function newBatch(
  { id: connectionId, profile, issuer, apiBaseUrl }: Connection,
  actor: string,
  { id, name, undoOf, rows: wishes }: BatchPlan,
): Promise<{ batch: Batch; rows: BatchRow[] }> {
  const { organisationId } = await authStatusItem(connectionId).get();
  const twice = clashes(wishes);
  const rows = wishes.map(({ line, userId, skillId, held, expected }, index): BatchRow => {
    const other = twice.get(index)?.other;
    const refused = other !== undefined;
    return {
      batchId: id,
      index,
      line,
      userId,
      skillId,
      wish: held,
      expected,
      before: null,
      diff: refused ? 'refused' : 'unchecked',
      refusals: refused ? [{ code: 'twice', params: [String(wishes[other]?.line || other + 1)] }] : [],
      suggestion: null,
      state: refused ? 'skipped' : 'planned',
      attempts: 0,
      rounds: 0,
      cutOff: 0,
      sentMs: 0,
      theirs: null,
      problem: null,
      status: 0,
      detail: '',
      requestId: '',
    };
  });
  const nowMs = Date.now();
  const batch: Batch = {
    id,
    name,
    target: { connectionId, profile, issuer, apiBaseUrl, organisationId, actor },
    createdMs: nowMs,
    updatedMs: nowMs,
    status: 'checking',
    confirmed: false,
    pause: null,
    detail: '',
    notBeforeMs: 0,
    counts: countRows(rows),
    undoOf,
    ranMs: 0,
    metrics: emptyMetrics(),
    wfmSentMs: 0,
  };
  return { batch, rows };
}

/**
 * A row with another wish; null: it is none that may be changed. What the tenant said of it holds on, so that nobody is asked again; only what
 * gives where nothing was to be given is looked at anew (`unchecked`).
 */
export function changedRow({ target }: Batch, row: BatchRow | undefined, held: Held | null): BatchRow | null {
  if (!row || (row.state !== 'planned' && row.diff !== 'same')) return null;
  const { userId, skillId, before, wish, expected } = row;
  if (held?.active && !wish?.active)
    return { ...row, wish: held, diff: 'unchecked', refusals: [], before: null, state: 'planned' };
  const { diff, refusals } = decide(
    { userId, skillId, held, expected },
    {
      skills: new Map([[skillId, { skillId, name: '', active: true }]]),
      user: { known: true, organisationId: '' },
      organisationId: '',
      entitled: true,
      assignments: before ? [{ userId, skillId, held: before }] : [],
      unreadable: '',
    },
    SKILL_TRAITS[target.profile],
  );
  return { ...row, wish: held, diff, refusals, state: diff === 'same' || diff === 'refused' ? 'skipped' : 'planned' };
}

/**
 * A row the user has decided on; null: there is nothing to decide. `ours`: planned again, with what the tenant has now as before; of one that is
 * not known to have ended, what it may have become is looked for first, as for every row.
 */
export function decidedRow(row: BatchRow | undefined, side: 'ours' | 'theirs'): BatchRow | null {
  if (!row || (row.state !== 'conflict' && row.state !== 'unknown' && row.state !== 'failed')) return null;
  if (side === 'theirs') return { ...row, state: 'skipped' };
  const before = row.state === 'conflict' ? row.theirs : row.before;
  // What may have been written is ours to take back, should it turn out to be there.
  const ours = row.state === 'unknown';
  return { ...row, state: 'planned', before, theirs: null, problem: null, attempts: 0, rounds: 0, cutOff: 0, ours };
}
