/**
 * A batch as the journal and the audit log tell it, against what the tenant was really asked and really did. Nothing of the product is used but
 * its words for things.
 */
import { type Held, sameHeld } from '../../src/domain/skills/assignment.ts';
import type { AuditEntry } from '../../src/domain/skills/audit.ts';
import type { BatchRow } from '../../src/domain/skills/batch.ts';
import type { HeldSkill, Write } from '../tenant/skill-ledger.ts';

/** What is known of one run of a batch: from its start, or from the user's word on conflicts, to its end. */
export interface Facts {
  /** All rows as the journal has them at the end of it. */
  rows: readonly BatchRow[];
  /** Whatever the tenant was asked meanwhile, by us and by others, in order. */
  writes: readonly Write[];
  /** Of the batch, of that time, oldest first. */
  entries: readonly AuditEntry[];
  /** What the tenant has at the end. */
  holds(userId: string, skillId: string): HeldSkill | null;
}

export interface Findings {
  /** Applied by two requests of ours. */
  doubled: string[];
  /** Told to be done, and not there. */
  missing: string[];
  /** Journal, audit log and tenant contradict each other, or somebody else's value was written over. */
  mismatched: string[];
  /** Rows of which we say ourselves that we do not know. */
  unknown: number;
  /** Requests that the browser itself repeated: more arrived than we sent. */
  resent: number;
}

/** The tenant's words in ours. */
export function heldOf(value: HeldSkill | null): Held | null {
  if (value === null) return null;
  const seconds = (text: string) => (text === '' ? '' : `${new Date(text).toISOString().slice(0, 19)}Z`);
  return {
    level: value.level,
    availableFromAt: seconds(value.availableFrom),
    availableToAt: seconds(value.availableTo),
    active: value.isActive,
  };
}

export function judge({ rows, writes, entries, holds }: Facts): Findings {
  const findings: Findings = { doubled: [], missing: [], mismatched: [], unknown: 0, resent: 0 };
  const byPair = grouped(writes, ({ agentId, skillId }) => `${agentId}/${skillId}`);
  const byRow = grouped(entries, ({ row }) => row);
  const pairs = new Set<string>();
  for (const row of rows) {
    const pair = `${row.userId}/${row.skillId}`;
    pairs.add(pair);
    judgeRow(row, byPair.get(pair) ?? [], byRow.get(row.index) ?? [], holds(row.userId, row.skillId), findings);
  }
  for (const { by, agentId, skillId } of writes) {
    if (by === 'client' && !pairs.has(`${agentId}/${skillId}`)) findings.mismatched.push(`nobody wanted ${agentId} ${skillId}`);
  }
  return findings;
}

function judgeRow(
  row: BatchRow,
  writes: readonly Write[],
  entries: readonly AuditEntry[],
  value: HeldSkill | null,
  findings: Findings,
): void {
  const { index, state, wish, before } = row;
  const wrong = (list: 'doubled' | 'missing' | 'mismatched', text: string) =>
    findings[list].push(`row ${index} (${state}, ${row.userId} ${row.skillId}): ${text}`);
  const mine = writes.filter(({ by }) => by === 'client');
  const applied = mine.filter(({ appliedAt }) => appliedAt !== null);
  const sends = entries.filter(({ action }) => action === 'send');
  const resent = Math.max(0, mine.length - sends.length);
  findings.resent += resent;

  if (applied.length - resent > 1)
    wrong('doubled', `${applied.length} of ${mine.length} requests were carried out, ${sends.length} sent`);
  for (const { value: written, before: replaced } of applied) {
    if (!sameHeld(heldOf(written), wish)) wrong('mismatched', `what was written is ${text(heldOf(written))}, not ${text(wish)}`);
    const own = sameHeld(heldOf(replaced), before) || sameHeld(heldOf(replaced), wish);
    if (!own) wrong('mismatched', `somebody else’s ${text(heldOf(replaced))} was written over`);
  }

  const now = heldOf(value);
  const last = [...writes]
    .filter(({ appliedAt }) => appliedAt !== null)
    .sort((a, b) => byTime(a, b))
    .at(-1);
  const theirsIsLast = last?.by === 'other';
  if (state === 'unknown') findings.unknown++;
  if (state === 'sent') wrong('mismatched', 'the batch has ended, and the row has not');
  if (state === 'verified' && !sameHeld(now, wish) && !(theirsIsLast && applied.length > 0)) {
    wrong('missing', `the tenant has ${text(now)}, not ${text(wish)}`);
  }
  if (state === 'conflict' && !sameHeld(now, row.theirs))
    wrong('mismatched', `the tenant has ${text(now)}, not ${text(row.theirs)}`);
  if (state === 'failed' && applied.length > 0 && !theirsIsLast) wrong('mismatched', 'it was carried out');
  if ((state === 'skipped' || state === 'planned') && mine.length > 0) wrong('mismatched', 'it was sent');
  judgeEntries(row, mine, entries, wrong);
}

function judgeEntries(
  { state, wish, userId, skillId }: BatchRow,
  mine: readonly Write[],
  entries: readonly AuditEntry[],
  wrong: (list: 'mismatched', text: string) => void,
): void {
  const ended = state === 'verified' || state === 'conflict' || state === 'failed' || state === 'unknown';
  const outcome = entries.findLast(({ action }) => action === 'outcome');
  if (ended && entries.length > 0 && outcome?.result !== state) {
    wrong('mismatched', `the audit log says ${outcome?.result ?? 'nothing'} at the end`);
  }
  if (mine.length > 0 && !entries.some(({ action }) => action === 'send')) wrong('mismatched', 'the audit log has no send');
  for (const entry of entries) {
    if (entry.userId !== userId || entry.skillId !== skillId) wrong('mismatched', `entry ${entry.seq} is about somebody else`);
    if (entry.action === 'send' && !sameHeld(entry.after, wish))
      wrong('mismatched', `entry ${entry.seq} sends ${text(entry.after)}`);
    // An answer that is on record must be one that was given to this row.
    const given = mine.some(({ requestId }) => requestId === entry.requestId);
    const ofWrite = entry.action === 'outcome' && entry.result === 'verified' && entry.status === 200 && entry.requestId !== '';
    const sentHere = entries.findLast(({ action, seq }) => seq < entry.seq && action !== 'outcome')?.action === 'send';
    if (ofWrite && sentHere && !given)
      wrong('mismatched', `entry ${entry.seq} has the answer ${entry.requestId}, which was another’s`);
  }
}

const byTime = (a: Write, b: Write) => (a.appliedAt ?? '').localeCompare(b.appliedAt ?? '') || a.seq - b.seq;

function text(held: Held | null): string {
  if (held === null) return 'nothing';
  return `level ${held.level}${held.active ? '' : ' (off)'} ${held.availableFromAt}–${held.availableToAt}`;
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
