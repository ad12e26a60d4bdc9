import { describe, expect, it } from 'vitest';
import { moveOf } from '../../../src/background/batch-row.ts';
import type { BatchRow } from '../../../src/domain/skills/batch.ts';
import { row as madeRow } from '../domain/skills/made.ts';
import { held } from './support/skills-tenant.ts';

const BEFORE = held(1);
const OURS = held(4);
const THIRD = held(2);
const row = (more: Partial<BatchRow>): BatchRow => madeRow(0, { wish: OURS, before: BEFORE, diff: 'changed', ...more });
const conflict = { state: 'conflict', problem: 'changedMeanwhile' };

/** Sent so often, and the last time nobody answered. */
const silent = (attempts: number, more: Partial<BatchRow> = {}) => row({ state: 'sent', attempts, problem: 'noAnswer', ...more });
/** Sent so often, and each time the worker ended. */
const cutOff = (attempts: number) => row({ state: 'sent', attempts, cutOff: attempts - 1 });

describe('what is to be done with a row', () => {
  it.each([
    ['planned, as before', row({}), BEFORE, 'send'],
    ['planned, as wished already', row({}), OURS, 'verified'],
    ['planned, a third value', row({}), THIRD, conflict],
    ['planned, taken away meanwhile', row({}), null, conflict],
    ['planned, nobody can tell', row({}), 'unknown', { state: 'failed', problem: 'malformed' }],
    ['new, still nothing', row({ before: null }), null, 'send'],
    ['new, somebody gave another', row({ before: null }), THIRD, conflict],
    ['to be taken away, still there', row({ wish: null }), BEFORE, 'send'],
    ['to be taken away, gone', row({ wish: null }), null, 'verified'],
    ['sent, arrived', row({ state: 'sent', attempts: 1 }), OURS, 'verified'],
    ['sent, not arrived', row({ state: 'sent', attempts: 1 }), BEFORE, 'send'],
    ['sent twice, not arrived', silent(2), BEFORE, 'send'],
    ['sent three times, not arrived', silent(3), BEFORE, { state: 'unknown', problem: 'noAnswer' }],
    ['sent three times, arrived', silent(3), OURS, 'verified'],
    ['sent three times, two of them 409', silent(3, { rounds: 2 }), BEFORE, 'send'],
    ['cut off three times, not arrived', cutOff(3), BEFORE, 'send'],
    ['silent twice, then cut off', row({ state: 'sent', attempts: 3 }), BEFORE, 'send'],
    ['cut off once, then silent three times', silent(4, { cutOff: 1 }), BEFORE, { state: 'unknown', problem: 'noAnswer' }],
    ['cut off ten times', cutOff(10), BEFORE, { state: 'unknown', problem: 'noAnswer' }],
    ['sent, a third value', row({ state: 'sent', attempts: 1 }), THIRD, conflict],
    ['sent, nobody can tell', row({ state: 'sent', attempts: 1 }), 'unknown', { state: 'unknown', problem: 'notReadBack' }],
    ['409 twice', row({ attempts: 2, rounds: 2 }), BEFORE, 'send'],
    ['409 three times', row({ attempts: 3, rounds: 3 }), BEFORE, { state: 'conflict', problem: 'conflictsOn' }],
    ['409 three times, as wished', row({ attempts: 3, rounds: 3 }), OURS, 'verified'],
  ] as const)('%s', (_name, each, theirs, move) => {
    expect(moveOf(each, theirs, false)).toEqual(move);
  });

  it('of a batch that was cancelled: it is settled, and never sent again', () => {
    expect(moveOf(row({ state: 'sent', attempts: 1 }), BEFORE, true)).toBe('leave');
    expect(moveOf(row({ state: 'sent', attempts: 1 }), OURS, true)).toBe('verified');
    expect(moveOf(row({ state: 'sent', attempts: 1 }), THIRD, true)).toEqual(conflict);
  });
});
