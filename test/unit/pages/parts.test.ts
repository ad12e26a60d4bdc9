import { describe, expect, it } from 'vitest';
import { freshness } from '../../../src/pages/parts/freshness.ts';
import { keepGlance, keepRows, same } from '../../../src/pages/parts/keep.ts';
import { nextIndex } from '../../../src/pages/parts/roving.ts';
import { SNOOZES } from '../../../src/pages/parts/snooze.ts';
import { formatWhen } from '../../../src/pages/parts/when.ts';
import { parseRoute, routeHash } from '../../../src/pages/parts/where.ts';
import { glance, glanceRow, MINUTE, NOW } from './rows.ts';

const beat = (over = {}) => ({
  okMs: NOW - 4000,
  askedMs: NOW - 4000,
  nextMs: NOW + 26_000,
  outcome: 'ok' as const,
  watermark: '',
  fullMs: 0,
  ...over,
});

describe('freshness', () => {
  it('is live from the pulse, not from the glance', () => {
    expect(freshness(glance({ asOfMs: 1 }), beat(), NOW)).toEqual({ kind: 'live', ageMs: 4000 });
  });
  it('is stale when the worker says so, from when the list was last right', () => {
    expect(freshness(glance({ stale: true, asOfMs: NOW - 37 * MINUTE }), beat(), NOW)).toEqual({
      kind: 'stale',
      fromMs: NOW - 37 * MINUTE,
    });
  });
  it('is stale when a poll is long overdue, though nobody said so', () => {
    const late = beat({ okMs: NOW - 5 * MINUTE, nextMs: NOW - 4 * MINUTE });
    expect(freshness(glance(), late, NOW)).toEqual({ kind: 'stale', fromMs: NOW - 5 * MINUTE });
  });
  it('has never had a list', () => {
    expect(freshness(undefined, beat(), NOW).kind).toBe('never');
    expect(freshness(glance(), undefined, NOW).kind).toBe('never');
    expect(freshness(glance({ stale: true }), beat({ okMs: 0 }), NOW).kind).toBe('never');
  });
  it('is never younger than now, even when the clock was set back', () => {
    expect(freshness(glance(), beat({ okMs: NOW + 9000 }), NOW)).toEqual({ kind: 'live', ageMs: 0 });
  });
});

describe('keeping what did not change', () => {
  it('compares by value, keys and all', () => {
    expect(same({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(same({ a: undefined }, { b: undefined })).toBe(false);
    expect(same([1], [1, 2])).toBe(false);
    expect(same(null, {})).toBe(false);
    expect(same(Number.NaN, Number.NaN)).toBe(true);
  });
  it('keeps rows, and the list when no row changed', () => {
    const before = [glanceRow({ agentId: 'a' }), glanceRow({ agentId: 'b' })];
    expect(keepRows(before, structuredClone(before))).toBe(before);
    const after = keepRows(before, [glanceRow({ agentId: 'a' }), glanceRow({ agentId: 'b', reason: 'Lunch' })]);
    expect(after).not.toBe(before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
  it('notices a new order and a row that went', () => {
    const before = [glanceRow({ agentId: 'a' }), glanceRow({ agentId: 'b' })];
    expect(keepRows(before, structuredClone(before).reverse()).map((row) => row.agentId)).toEqual(['b', 'a']);
    expect(keepRows(before, structuredClone(before).slice(0, 1))).toHaveLength(1);
  });
  it('keeps the problem, too: a button that is working stays what it is', () => {
    const problem = { code: 'offline', severity: 'warning', params: [], fix: 'retry', sinceMs: NOW } as const;
    const before = glance({ problem: { ...problem, params: [] } });
    expect(keepGlance(before, structuredClone(before))?.problem).toBe(before.problem);
    expect(keepGlance(before, undefined)).toBeUndefined();
  });
});

describe('keys in a list', () => {
  it('stops at both ends and leaves other keys alone', () => {
    expect([nextIndex('ArrowDown', 0, 2), nextIndex('ArrowDown', 1, 2), nextIndex('ArrowUp', 0, 2)]).toEqual([1, 1, 0]);
    expect([nextIndex('Home', 5, 9), nextIndex('End', 5, 9), nextIndex('a', 5, 9), nextIndex('End', -1, 0)]).toEqual([
      0, 8, -1, -1,
    ]);
  });
});

describe('times', () => {
  it('says the day when it is not today', () => {
    expect(formatWhen(NOW - MINUTE, NOW)).toBe('09:59');
    expect(formatWhen(NOW - 24 * 60 * MINUTE, NOW)).toBe('Sun 10:00');
    expect(formatWhen(NOW - 30 * 24 * 60 * MINUTE, NOW)).toMatch(/^(31 Jan|Jan 31) 10:00$/);
  });
  it('snoozes until six of the next day on the wall clock, even over a month or in the night', () => {
    expect(new Date(SNOOZES.tomorrow(new Date(2026, 0, 31, 23, 59)))).toEqual(new Date(2026, 1, 1, 6));
    expect(new Date(SNOOZES.tomorrow(new Date(2026, 0, 31, 0, 1)))).toEqual(new Date(2026, 1, 1, 6));
    expect(SNOOZES.quarter(new Date(NOW)) - NOW).toBe(15 * MINUTE);
  });
});

describe('the address of the console', () => {
  it('survives ids with any sign in them', () => {
    const nowhere = { room: '', agent: null, run: null, ask: false };
    for (const agent of ['a1', 'ä&=#%/?+ b']) expect(parseRoute(routeHash({ agent }))).toEqual({ ...nowhere, agent });
    expect(parseRoute('')).toEqual(nowhere);
    expect(parseRoute(`#agent=${encodeURIComponent('a b+c')}`).agent).toBe('a b+c');
    const whole = { room: 'diagnosis', agent: 'a', run: 'r', ask: true };
    expect(parseRoute(routeHash(whole))).toEqual(whole);
  });
  it("keeps agents and a range of one's own, to the minute", () => {
    const history = {
      room: 'history',
      agent: 'a',
      run: null,
      ask: false,
      agents: ['b,c', 'd'],
      range: 'own',
      fromMs: NOW,
      toMs: NOW + MINUTE,
    };
    expect(parseRoute(routeHash(history))).toEqual(history);
    expect(routeHash({ range: 'own', fromMs: Date.UTC(2026, 2, 2, 9, 41, 59) })).toBe('#range=own&from=2026-03-02T09%3A41Z');
    expect(parseRoute('#from=gibberish&to=&agents=')).toEqual(parseRoute(''));
  });
  it('asks only when told to', () => {
    expect(parseRoute('#room=diagnosis&ask=0').ask).toBe(false);
    expect(routeHash({ room: 'diagnosis', ask: false })).toBe('#room=diagnosis');
  });
});
