import { describe, expect, it } from 'vitest';
import type { StateKind } from '../../../../src/domain/agent-state.ts';
import { totalsOf } from '../../../../src/domain/history/totals.ts';
import { sumOf } from '../../../../src/pages/console/history/sums.ts';
import { clipped, differencesOf, laneOf } from '../../../../src/pages/parts/lanes.ts';
import { NOW } from '../rows.ts';
import { agentHistory, DAY, HOUR, inARow } from './made.ts';

const range = { fromMs: NOW - DAY, toMs: NOW };
const kind = (stateName: string, category: StateKind['category']): StateKind => ({ category, stateName, reason: '', skill: '' });
const READY = kind('READY', 'available');
const BREAK = kind('BREAK', 'unavailable');
const record = (atMs: number, of: StateKind) => ({ ...of, atMs, beforeMs: null, lastsMs: null });
const sighting = (atMs: number, from: StateKind | null, to: StateKind, gap = false) => ({ atMs, from, to, gap });
const read = (over: Parameters<typeof agentHistory>[0]) => ({ history: agentHistory(over), atMs: NOW, okMs: NOW });

describe('where a lane is from', () => {
  it('is our own record where nothing was ever loaded', () => {
    const lane = laneOf(read({ seen: [sighting(NOW - HOUR, null, READY)] }), range);
    expect(lane).toMatchObject({ source: 'ours', ours: null });
    expect(lane.segments.map(({ source }) => source)).toEqual(['unknown', 'seen']);
  });
  it('does not go on where the list no longer has the agent', () => {
    const seen = [sighting(NOW - HOUR, null, READY)];
    const lane = laneOf(read({ seen, lastInListMs: NOW - HOUR / 2 }), range);
    expect(lane.segments).toMatchObject([
      { source: 'unknown' },
      { source: 'seen', toMs: NOW - HOUR / 2, running: false, cut: true },
      { source: 'unknown', toMs: NOW },
    ]);
    expect(laneOf(read({ seen }), range).segments.at(-1)).toMatchObject({ source: 'seen', toMs: NOW, running: true });
  });
  it('is nothing where nobody knows', () => {
    expect(laneOf(read({ problem: 'forbidden' }), range)).toMatchObject({ source: 'none', problem: 'forbidden' });
    expect(laneOf(read({ records: [], loadedMs: range }), range).source).toBe('none');
  });
  it('is the tenant, with ours where it has none', () => {
    const records = [record(NOW - 2 * HOUR, READY)];
    expect(laneOf(read({ records, loadedMs: range }), range)).toMatchObject({ source: 'tenant', ours: null });
    const seen = [sighting(NOW - 5 * HOUR, null, READY), sighting(NOW - 4 * HOUR, READY, BREAK)];
    const both = laneOf(read({ records, loadedMs: range, seen }), range);
    expect(both.source).toBe('both');
    expect(both.segments.map(({ source, category }) => `${source} ${category}`)).toEqual([
      'unknown unknown',
      'seen available',
      'seen unavailable',
      'tenant available',
    ]);
    expect(both.ours).not.toBeNull();
  });
  it('differs from ours where both know', () => {
    const seen = [sighting(NOW - 2 * HOUR, null, READY), sighting(NOW - HOUR + 60_000, READY, BREAK)];
    const lane = laneOf(
      read({ records: [record(NOW - 2 * HOUR, READY), record(NOW - HOUR, BREAK)], loadedMs: range, seen }),
      range,
    );
    expect(differencesOf(lane)).toMatchObject([{ kind: 'late', fromMs: NOW - HOUR, toMs: NOW - HOUR + 60_000 }]);
    expect(differencesOf(lane)).toBe(differencesOf(lane));
  });
});

describe('the part in sight', () => {
  const segments = inARow(NOW, ['available', HOUR], ['working', HOUR], ['acw', HOUR, { running: true }]);
  it('is everything, untouched, where everything is in sight', () => {
    expect(clipped(segments, { fromMs: NOW - 1, toMs: NOW + DAY })).toBe(segments);
    expect(clipped([], range)).toEqual([]);
  });
  it('is cut at its edges and adds up to what is in sight', () => {
    const part = clipped(segments, { fromMs: NOW + HOUR / 2, toMs: NOW + 2.5 * HOUR });
    expect(part).toMatchObject([
      { category: 'available', fromMs: NOW + HOUR / 2, cut: true },
      { category: 'working', cut: false },
      { category: 'acw', toMs: NOW + 2.5 * HOUR, cut: true, running: false },
    ]);
    expect(part[1]).toBe(segments[1]);
    expect(totalsOf(part).rangeMs).toBe(2 * HOUR);
  });
  it('leaves out what only touches it', () => {
    expect(clipped(segments, { fromMs: NOW + HOUR, toMs: NOW + 2 * HOUR })).toEqual([segments[1]]);
  });
});

describe('several agents as one', () => {
  const one = totalsOf(inARow(NOW, ['unavailable', HOUR, { reason: 'Lunch' }], ['working', 2 * HOUR]));
  const unknown = { source: 'unknown' as const, stateName: '' };
  const other = totalsOf(inARow(NOW, ['unavailable', 2 * HOUR, { reason: 'Break' }], ['unknown', HOUR, unknown]));
  it('adds up to all of their time', () => {
    const { rangeMs, parts } = sumOf([one, other]);
    expect(rangeMs).toBe(6 * HOUR);
    expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(rangeMs);
    const away = parts.find(({ category }) => category === 'unavailable');
    expect(away).toMatchObject({ ms: 3 * HOUR, longestMs: 2 * HOUR });
    expect(away?.reasons).toEqual([
      { name: 'Break', ms: 2 * HOUR },
      { name: 'Lunch', ms: HOUR },
    ]);
  });
  it('counts states without a category as not known, by their names', () => {
    const { parts, rangeMs } = sumOf([
      totalsOf(inARow(NOW, ['unknown', HOUR, { stateName: 'Zombie' }], ['unknown', HOUR, unknown])),
    ]);
    expect(rangeMs).toBe(2 * HOUR);
    expect(parts).toMatchObject([{ category: 'unknown', ms: 2 * HOUR, reasons: [{ name: 'Zombie', ms: HOUR }] }]);
  });
  it('has no part of nothing', () => {
    expect(sumOf([])).toEqual({ rangeMs: 0, parts: [] });
  });
});
