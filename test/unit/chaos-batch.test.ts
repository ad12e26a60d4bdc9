/** The judge of the kill campaign: each thing it looks for is found, and nothing is found where nothing is wrong. */
import { describe, expect, it } from 'vitest';
import type { Held } from '../../src/domain/skills/assignment.ts';
import type { AuditAction, AuditEntry } from '../../src/domain/skills/audit.ts';
import type { BatchRow, RowState } from '../../src/domain/skills/batch.ts';
import { type Facts, heldOf, judge } from '../chaos/batch-oracle.ts';
import type { HeldSkill, Write } from '../tenant/skill-ledger.ts';

const value = (level: number): HeldSkill => ({
  level,
  isActive: true,
  availableFrom: '2026-01-01T08:00:00.000Z',
  availableTo: '',
});
const held = (level: number): Held => ({ level, availableFromAt: '2026-01-01T08:00:00Z', availableToAt: '', active: true });
const BEFORE = 1;
const WISH = 4;
const THEIRS = 3;

function row(state: RowState, more: Partial<BatchRow> = {}): BatchRow {
  return {
    batchId: 'b',
    index: 0,
    line: 2,
    userId: 'u',
    skillId: 's',
    wish: held(WISH),
    before: held(BEFORE),
    diff: 'changed',
    refusals: [],
    suggestion: null,
    state,
    attempts: 1,
    rounds: 0,
    cutOff: 0,
    sentMs: 1,
    theirs: null,
    problem: null,
    status: 200,
    detail: '',
    requestId: '',
    ...more,
  };
}

let seq = 0;
function write(more: Partial<Write> = {}): Write {
  seq++;
  const at = new Date(1_700_000_000_000 + seq).toISOString();
  return {
    seq,
    at,
    requestId: `req-${seq}`,
    by: 'client',
    method: 'POST',
    agentId: 'u',
    skillId: 's',
    success: true,
    value: value(WISH),
    before: value(BEFORE),
    appliedAt: at,
    ...more,
  };
}
const refused = () => write({ success: false, value: null, before: null, appliedAt: null });
const other = (level: number, before: number) =>
  write({ by: 'other', requestId: '', value: value(level), before: value(before) });

function entry(action: AuditAction, result: string, more: Partial<AuditEntry> = {}): AuditEntry {
  seq++;
  return {
    seq,
    prev: '',
    at: '',
    actor: 'demo',
    tenant: 't',
    batchId: 'b',
    row: 0,
    userId: 'u',
    skillId: 's',
    action,
    before: held(BEFORE),
    after: held(WISH),
    result,
    status: 0,
    requestId: '',
    version: '1',
    hash: '',
    ...more,
  };
}
const sent = () => entry('send', 'sent');
const outcome = (result: RowState, more: Partial<AuditEntry> = {}) => entry('outcome', result, more);

/** @param level what the tenant has at the end */
const facts = (rows: BatchRow[], writes: Write[], entries: AuditEntry[], level: number): Facts => ({
  rows,
  writes,
  entries,
  holds: () => value(level),
});
const CLEAN = { doubled: [], missing: [], mismatched: [], unknown: 0, resent: 0 };

describe('nothing is found', () => {
  it.each<[string, () => Facts]>([
    ['in a row that was written once', () => facts([row('verified')], [write()], [sent(), outcome('verified')], WISH)],
    [
      'when a refused attempt came first',
      () => facts([row('verified')], [refused(), write()], [sent(), sent(), outcome('verified')], WISH),
    ],
    ['when a send never left', () => facts([row('verified')], [write()], [sent(), sent(), outcome('verified')], WISH)],
    ['when others had wished the same', () => facts([row('verified')], [other(WISH, BEFORE)], [outcome('verified')], WISH)],
    [
      'when others changed it afterwards',
      () => facts([row('verified')], [write(), other(THEIRS, WISH)], [sent(), outcome('verified')], THEIRS),
    ],
    [
      'in a conflict that was left alone',
      () => facts([row('conflict', { theirs: held(THEIRS) })], [other(THEIRS, BEFORE)], [outcome('conflict')], THEIRS),
    ],
    ['in a row that was refused', () => facts([row('failed')], [refused()], [sent(), outcome('failed')], BEFORE)],
    ['in a row that was not to be written', () => facts([row('skipped')], [], [], BEFORE)],
    ['in a row of an earlier run', () => facts([row('verified')], [], [], WISH)],
  ])('%s', (_name, make) => {
    expect(judge(make())).toEqual(CLEAN);
  });
});

describe('found is', () => {
  it.each<[string, () => Facts, object]>([
    [
      'what was applied twice',
      () => facts([row('verified')], [write(), write({ before: value(WISH) })], [sent(), sent(), outcome('verified')], WISH),
      { doubled: [expect.stringContaining('row 0')] },
    ],
    [
      'what the browser sent again, which is not ours',
      () => facts([row('verified')], [write(), write({ before: value(WISH) })], [sent(), outcome('verified')], WISH),
      { resent: 1 },
    ],
    [
      'what is said to be done, and is not',
      () => facts([row('verified')], [], [sent(), outcome('verified')], BEFORE),
      { missing: [expect.stringContaining('level 1')] },
    ],
    [
      'what was done and lost again by nobody',
      () => facts([row('verified')], [write()], [sent(), outcome('verified')], BEFORE),
      { missing: [expect.any(String)] },
    ],
    [
      'that somebody else was written over',
      () =>
        facts([row('verified')], [other(THEIRS, BEFORE), write({ before: value(THEIRS) })], [sent(), outcome('verified')], WISH),
      { mismatched: [expect.stringContaining('level 3')] },
    ],
    [
      'what was written and nobody wished',
      () => facts([row('verified')], [write({ value: value(2) }), write()], [sent(), sent(), outcome('verified')], WISH),
      { mismatched: [expect.stringContaining('level 2')], doubled: [expect.any(String)] },
    ],
    [
      'that somebody was written to who is not in the batch',
      () => facts([], [write()], [], WISH),
      { mismatched: [expect.stringContaining('nobody wanted u s')] },
    ],
    [
      'a conflict that was carried out',
      () => facts([row('conflict', { theirs: held(THEIRS) })], [write()], [sent(), outcome('conflict')], WISH),
      { mismatched: [expect.stringContaining('level 4')] },
    ],
    [
      'a failure that was carried out',
      () => facts([row('failed')], [write()], [sent(), outcome('failed')], WISH),
      { mismatched: [expect.stringContaining('carried out')] },
    ],
    [
      'a skipped row that was sent',
      () => facts([row('skipped')], [refused()], [sent()], BEFORE),
      { mismatched: [expect.stringContaining('it was sent')] },
    ],
    [
      'a row left behind',
      () => facts([row('sent')], [write()], [sent()], WISH),
      { mismatched: [expect.stringContaining('has not')] },
    ],
    [
      'a write the log does not know',
      () => facts([row('verified')], [write()], [outcome('verified')], WISH),
      { mismatched: [expect.stringContaining('no send')], resent: 1 },
    ],
    [
      'another end in the log than in the journal',
      () => facts([row('verified')], [write()], [sent(), outcome('failed')], WISH),
      { mismatched: [expect.stringContaining('says failed')] },
    ],
    [
      'no end in the log',
      () => facts([row('verified')], [write()], [sent()], WISH),
      { mismatched: [expect.stringContaining('says nothing')] },
    ],
    [
      'an entry that is about somebody else',
      () => facts([row('verified')], [write()], [sent(), outcome('verified', { userId: 'x' })], WISH),
      { mismatched: [expect.stringContaining('somebody else')] },
    ],
    [
      'an entry that sends something else',
      () => facts([row('verified')], [write()], [entry('send', 'sent', { after: held(2) }), outcome('verified')], WISH),
      { mismatched: [expect.stringContaining('level 2')] },
    ],
    [
      'an answer that was another’s',
      () => facts([row('verified')], [write()], [sent(), outcome('verified', { status: 200, requestId: 'req-x' })], WISH),
      { mismatched: [expect.stringContaining('req-x')] },
    ],
    ['what nobody knows', () => facts([row('unknown')], [write()], [sent(), outcome('unknown')], WISH), { unknown: 1 }],
  ])('%s', (_name, make, findings) => {
    expect(judge(make())).toEqual({ ...CLEAN, ...findings });
  });
});

it('nothing assigned is nothing held, and times are in whole seconds', () => {
  expect(heldOf(null)).toBeNull();
  expect(heldOf(value(2))).toEqual(held(2));
});
