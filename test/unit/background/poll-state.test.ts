import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  absentNow,
  afterEmpty,
  afterFailure,
  afterList,
  isUnreadable,
  singlesToAsk,
  wasMissing,
} from '../../../src/background/poll-state.ts';
import type { StateKind } from '../../../src/domain/agent-state.ts';
import { POLL_OUTCOMES } from '../../../src/domain/problem.ts';
import { type Comparison, EMPTY_SNAPSHOT, type Snapshot } from '../../../src/domain/snapshot.ts';
import { type Known, type Missing, NEW_POLL_STATE, type PollState } from '../../../src/storage/poll-store.ts';
import { failure } from './support/stub-port.ts';
import { atTime } from './support/world.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;
const READY: StateKind = { category: 'available', stateName: 'Available', reason: '', skill: '' };
const snapshotOf = (...ids: string[]): Snapshot => ({
  ids,
  kinds: Uint32Array.from(ids, () => 0),
  sinceMs: Float64Array.from(ids, () => NOW),
  known: Uint8Array.from(ids, () => 1),
  dictionary: [READY],
});
const known = (state: Partial<PollState> = {}, snapshot = snapshotOf('a', 'b')): Known => ({
  state: { ...NEW_POLL_STATE, ...state },
  snapshot,
});
const compared = (more: Partial<Comparison> = {}): Comparison => ({
  next: snapshotOf('a', 'b'),
  changed: false,
  transitions: [],
  absent: [],
  badRows: 0,
  badFields: [],
  steady: [],
  ...more,
});
const missing = (more: Partial<Missing> = {}): Missing => ({
  sinceMs: NOW - 1000,
  polls: 1,
  askedMs: 0,
  ...{ seenMs: 0 },
  ...more,
});
const list = (before: Known, comparison: Comparison, more: Partial<Parameters<typeof afterList>[2]> = {}) =>
  afterList(before, comparison, {
    nowMs: NOW,
    lastOkMs: NOW - 30_000,
    atMs: NOW,
    askedFor: [],
    watched: [],
    absent: new Set(comparison.absent),
    allRows: 2,
    ...more,
  });
beforeEach(() => atTime(NOW));
afterEach(() => vi.useRealTimers());

describe('unreadable', () => {
  it.each([
    [0, 0, false],
    [1, 5, false],
    [2, 10, false],
    [2, 9, true],
    [1, 1, true],
    [1, 4, true],
    [2000, 10_000, false],
    [2001, 10_000, true],
  ])('%i of %i: %s', (badRows, allRows, expected) => {
    expect(isUnreadable(compared({ badRows }), allRows)).toBe(expected);
  });
});

describe('who is missing', () => {
  it('is whoever was known, and whoever is watched and never mentioned', () => {
    const comparison = compared({ next: snapshotOf('a', 'gone'), absent: ['gone'] });
    expect([...absentNow(comparison, ['a', 'gone', 'unheard'])]).toEqual(['gone', 'unheard']);
  });

  it('was not watched in between after two answers without them', () => {
    const state = { ...NEW_POLL_STATE, missing: { a: missing(), b: missing({ polls: 2 }), c: missing({ polls: 3 }) } };
    expect([...wasMissing(state)]).toEqual(['b', 'c']);
  });

  it('is asked for in turn, those waiting the longest first', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `x${index}`);
    const records = Object.fromEntries(ids.map((id, index) => [id, missing({ polls: 3, askedMs: NOW - 70_000 - index })]));
    const state = { ...NEW_POLL_STATE, missing: { ...records, x0: missing({ polls: 3, askedMs: NOW - 59_999 }) } };
    const asked = singlesToAsk(state, [...ids, 'present'], new Set(ids), NOW);
    expect(asked).toHaveLength(20);
    expect(asked[0]).toBe('x29');
    expect(asked).not.toContain('x0');
    expect(asked).not.toContain('present');
    expect(singlesToAsk(state, ids, new Set(), NOW)).toEqual([]);
    expect(singlesToAsk(NEW_POLL_STATE, ['new'], new Set(['new']), NOW)).toEqual(['new']);
  });

  it('is forgotten after a day, unless watched', () => {
    const before = known({ missing: { old: missing({ sinceMs: NOW - DAY - 1 }), kept: missing({ sinceMs: NOW - DAY - 1 }) } });
    const comparison = compared({ next: snapshotOf('a', 'old', 'kept'), absent: ['old', 'kept'] });
    const { known: next } = list(before, comparison, { watched: ['kept'] });
    expect(next.snapshot.ids).toEqual(['a', 'kept']);
    expect(Object.keys(next.state.missing)).toEqual(['kept']);
  });

  it('is counted to three, with the first time and the last question kept', () => {
    let before = known();
    const comparison = compared({ next: snapshotOf('a', 'b'), absent: ['b'] });
    for (const [turn, polls] of [1, 2, 3, 3].entries()) {
      before = list(before, comparison, { nowMs: NOW + turn * 1000, askedFor: turn === 1 ? ['b'] : [] }).known;
      expect(before.state.missing.b).toMatchObject({ sinceMs: NOW, polls, askedMs: turn >= 1 ? NOW + 1000 : 0 });
    }
    expect(list(before, compared()).known.state.missing).toEqual({});
  });
});

describe('after a failure', () => {
  it.each(POLL_OUTCOMES.filter((each) => !['ok', 'partial', 'empty', 'unchanged'].includes(each)))(
    '%s keeps the list',
    (outcome) => {
      const before = known({
        failures: 4,
        emptyPolls: 2,
        emptySinceMs: 5,
        missing: { b: missing() },
        outcome: 'ok',
        outcomeSinceMs: 3,
      });
      const after = afterFailure(
        before,
        failure(outcome as 'offline', { status: 5, detail: 'd', notBeforeMs: NOW + 9 }),
        NOW - 7,
      );
      expect(after.outcome).toBe(outcome);
      expect(after.known.snapshot).toBe(before.snapshot);
      expect(after.known.state).toMatchObject({
        outcome,
        outcomeSinceMs: NOW,
        status: 5,
        detail: 'd',
        failures: 5,
        notBeforeMs: NOW + 9,
        lastListMs: NOW - 7,
        emptyPolls: 2,
        missing: { b: missing() },
      });
    },
  );

  it('counts no further than it needs to, and dates a standing problem from its first poll', () => {
    const before = known({ failures: 20, outcome: 'offline', outcomeSinceMs: 3, lastListMs: 8 });
    expect(afterFailure(before, failure('offline'), 0).known.state).toMatchObject({
      failures: 20,
      outcomeSinceMs: 3,
      lastListMs: 8,
    });
  });
});

describe('after an answer', () => {
  it('what went wrong before is over', () => {
    const before = known({
      outcome: 'rateLimited',
      failures: 7,
      notBeforeMs: NOW + 1,
      detail: 'x',
      emptyPolls: 3,
      emptySinceMs: 4,
      badRows: 3,
      allRows: 9,
    });
    expect(list(before, compared({ changed: true })).known.state).toMatchObject({
      outcome: 'ok',
      outcomeSinceMs: NOW,
      failures: 0,
      notBeforeMs: 0,
      detail: '',
      emptyPolls: 0,
      emptySinceMs: 0,
      badRows: 0,
      allRows: 0,
    });
  });

  it('is ok, unchanged or partial', () => {
    expect(list(known(), compared({ changed: true })).outcome).toBe('ok');
    expect(list(known(), compared()).outcome).toBe('unchanged');
    const partial = list(known(), compared({ badRows: 1, badFields: ['state', 'agentId'] }), { allRows: 9 });
    expect(partial.outcome).toBe('partial');
    expect(partial.known.state).toMatchObject({ outcome: 'partial', badRows: 1, allRows: 9, detail: 'state,agentId' });
  });

  it('without anybody counts, and dates from the first such', () => {
    const times = { nowMs: NOW, lastOkMs: 0, atMs: NOW, askedFor: [] };
    const first = afterEmpty(known({}, EMPTY_SNAPSHOT), ['a'], times).known;
    expect(first.state).toMatchObject({ outcome: 'empty', emptyPolls: 1, emptySinceMs: NOW, missing: { a: { polls: 1 } } });
    const fourth = [1, 2, 3].reduce((before, turn) => afterEmpty(before, ['a'], { ...times, nowMs: NOW + turn }).known, first);
    expect(fourth.state).toMatchObject({ emptyPolls: 3, emptySinceMs: NOW, missing: { a: { polls: 3, sinceMs: NOW } } });
  });
});
