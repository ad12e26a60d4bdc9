import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../../../src/domain/history/history.ts';
import { NoteBook } from '../../../../src/domain/history/notes.ts';
import { filledWithOurs } from '../../../../src/domain/history/overlay.ts';
import { inOrder, toleranceOf } from '../../../../src/domain/history/records.ts';
import { segmentsSeen } from '../../../../src/domain/history/seen.ts';
import { segmentsOf } from '../../../../src/domain/history/segments.ts';
import { type Totals, totalsOf } from '../../../../src/domain/history/totals.ts';
import { runs } from '../../support/runs.ts';
import { anyRange, anyRecords, H, kind, MIN, record, S, T } from './made.ts';

const range = { fromMs: T, toMs: T + H, nowMs: T + H };
const of = (records: HistoryRecord[], asked = range) => totalsOf(segmentsOf(records, asked).segments);
const at = (seconds: number) => T + seconds * S;

/** A morning: log-in, work, lunch, work, log-out. */
const morning = [
  record('LOGIN', at(300), { beforeMs: 900 * S }),
  record('READY', at(310), { beforeMs: 10 * S }),
  record('ON_CONTACT', at(610), { beforeMs: 300 * S }),
  record('WRAP_UP', at(910), { beforeMs: 300 * S }),
  record('NOT_READY', at(1000), { beforeMs: 90 * S, reason: 'Lunch' }),
  record('NOT_READY', at(1600), { beforeMs: 600 * S, reason: 'Training' }),
  record('NOT_READY', at(1800), { beforeMs: 200 * S, reason: 'Lunch' }),
  record('READY', at(2000), { beforeMs: 200 * S }),
  record('LOGOUT', at(3000), { beforeMs: 1000 * S }),
];

describe('totals', () => {
  it('by category, state and reason, most time first', () => {
    const totals = of(morning);
    expect(totals.byCategory.map(({ category, ms, count, longestMs }) => [category, ms / S, count, longestMs / S])).toEqual([
      ['available', 1300, 2, 1000],
      ['unavailable', 1000, 3, 600],
      ['loggedOut', 900, 2, 600],
      ['working', 300, 1, 300],
      ['acw', 90, 1, 90],
      ['loggedIn', 10, 1, 10],
    ]);
    expect(totals.byReason.filter(({ reason }) => reason).map(({ reason, ms, count }) => [reason, ms / S, count])).toEqual([
      ['Lunch', 800, 2],
      ['Training', 200, 1],
    ]);
    expect(totals.byState.map(({ stateName, ms }) => [stateName, ms / S])).toContainEqual(['NOT_READY', 1000]);
    expect(totals).toMatchObject({ rangeMs: H, unknownMs: 0 });
  });

  it('of seed 001 are those of the state a duration belongs to: the one before', () => {
    const ready = of(morning).byState.find(({ stateName }) => stateName === 'READY');
    // As the seed's own sums do it, this would be 10 + 200.
    expect(ready?.ms).toBe((300 + 1000) * S);
  });

  it('say when the agent logged in first and out last, and how often the state changed', () => {
    expect(of(morning)).toMatchObject({
      firstLogInMs: at(300),
      lastLogOutMs: at(3000),
      loggedInSince: null,
      transitions: 9,
    });
    expect(of(morning).longest).toMatchObject({ fromMs: at(2000), toMs: at(3000) });
  });

  it('have an occupancy of contacts and what follows them over the time logged in', () => {
    expect(of(morning)).toMatchObject({ loggedInMs: 2700 * S, occupancy: 390 / 2700 });
    expect(of([record('LOGOUT', T - 1)]).occupancy).toBeNull();
  });

  it('of a stay that began before the range know neither log-in nor beginning', () => {
    const totals = of([record('READY', at(-60)), record('NOT_READY', at(60))]);
    expect(totals).toMatchObject({ firstLogInMs: null, transitions: 1, loggedInSince: { atMs: T, known: false } });
  });

  it('know since when the agent is logged in only from a log-in', () => {
    const again = [...morning, record('LOGIN', at(3300), { beforeMs: 300 * S }), record('READY', at(3310), { beforeMs: 10 * S })];
    expect(of(again).loggedInSince).toEqual({ atMs: at(3300), known: true });
    expect(of(again).firstLogInMs).toBe(at(300));
    expect(of(again.slice(-1)).loggedInSince).toEqual({ atMs: at(3310), known: false });
    // Nobody knows what was in the gap.
    expect(of([...again, record('WRAP_UP', at(3500), { beforeMs: 60 * S })]).loggedInSince).toEqual({
      atMs: at(3500),
      known: false,
    });
  });

  it('count a log-in that took no time, and a log-out we saw before we stopped looking', () => {
    const sudden = of([record('LOGIN', at(60), { lastsMs: 0 }), record('READY', at(60))]);
    expect(sudden).toMatchObject({ firstLogInMs: at(60), transitions: 2, loggedInSince: { atMs: at(60), known: true } });
    const seen = [
      { atMs: at(100), from: kind('READY'), to: kind('LOGOUT'), gap: false },
      { atMs: at(900), from: kind('LOGOUT'), to: kind('READY'), gap: true },
    ];
    expect(totalsOf(segmentsSeen(seen, { ...range, lastOkMs: range.nowMs }))).toMatchObject({
      lastLogOutMs: at(100),
      firstLogInMs: null,
      unknownMs: 900 * S,
      transitions: 2,
    });
    const atOnce = seen.map((each, index) => (index === 0 ? { ...each, atMs: T } : each));
    expect(totalsOf(segmentsSeen(atOnce, { ...range, lastOkMs: range.nowMs })).lastLogOutMs).toBe(T);
  });

  it('do not count the rest of a stay that our record tells of as a change', () => {
    const loadedMs = { fromMs: T, toMs: at(600) };
    const old = segmentsOf([record('READY', at(60))], { ...range, loadedMs }).segments;
    const seen = segmentsSeen([{ atMs: at(60), from: null, to: kind('READY'), gap: false }], { ...range, lastOkMs: range.nowMs });
    expect(totalsOf(old).transitions).toBe(1);
    expect(totalsOf(filledWithOurs(old, seen))).toMatchObject({ transitions: 1, unknownMs: 60 * S });
  });

  it('of nothing are nothing', () => {
    expect(totalsOf([])).toMatchObject({ rangeMs: 0, unknownMs: 0, occupancy: null, byCategory: [], longest: null });
  });
});

const sum = (parts: readonly { ms: number }[]) => parts.reduce((all, { ms }) => all + ms, 0);

describe('whatever happened', () => {
  it('the parts add up to the range exactly', () => {
    fc.assert(
      fc.property(anyRecords, anyRange, (records, asked) => {
        const totals = of(records, asked);
        expect(totals.rangeMs).toBe(Math.max(0, Math.min(asked.toMs, asked.nowMs) - asked.fromMs));
        for (const parts of [totals.byCategory, totals.byState, totals.byReason])
          expect(sum(parts) + totals.unknownMs).toBe(totals.rangeMs);
        if (totals.occupancy !== null) {
          expect(totals.occupancy).toBeGreaterThanOrEqual(0);
          expect(totals.occupancy).toBeLessThanOrEqual(1);
        }
      }),
      runs(500),
    );
  });

  const flat = ({ byReason, unknownMs }: Totals) =>
    new Map([
      ['?', unknownMs],
      ...byReason.map(({ category, stateName, reason, ms }) => [`${category} ${stateName} ${reason}`, ms] as const),
    ]);
  // All of them were so long ago that nothing of it is running.
  const nowMs = T + 100 * H;
  /** Of the whole, and of its halves together. */
  function cutAt(middle: number, records: HistoryRecord[]) {
    const whole = flat(of(records, { fromMs: T, toMs: T + H, nowMs }));
    const first = flat(of(records, { fromMs: T, toMs: middle, nowMs }));
    const second = flat(of(records, { fromMs: middle, toMs: T + H, nowMs }));
    return [...whole].map(([key, ms]) => ({ key, ms, halvesMs: (first.get(key) ?? 0) + (second.get(key) ?? 0) }));
  }
  /** The last state ends so shortly before the cut that it may be rounding: then it is taken to reach it. */
  function endsClose(middle: number, records: HistoryRecord[]): boolean {
    const notes = new NoteBook();
    const { gapMs } = toleranceOf(inOrder(records, notes), notes);
    const { segments } = segmentsOf(records, { fromMs: T, toMs: T + H, nowMs });
    return segments.some(
      ({ source, toMs }, index) =>
        source !== 'unknown' && toMs < middle && toMs >= middle - gapMs && segments[index + 1]?.source === 'unknown',
    );
  }

  it('the totals of two halves are those of the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(anyRecords, fc.integer({ min: 1, max: 59 }), (records, minute) => {
        const middle = T + minute * MIN;
        fc.pre(!endsClose(middle, records));
        for (const { key, ms, halvesMs } of cutAt(middle, records)) expect(halvesMs, key).toBe(ms);
      }),
      runs(300),
    );
  });

  it('but for a last state that ends within the rounding of the cut, which is taken to reach it', () => {
    const records = [record('READY', T + 18 * MIN, { lastsMs: 58 * S })];
    expect(cutAt(T + 19 * MIN, records)).toEqual([
      { key: '?', ms: H - 58 * S, halvesMs: H - MIN },
      { key: 'available READY ', ms: 58 * S, halvesMs: MIN },
    ]);
    expect(endsClose(T + 19 * MIN, records)).toBe(true);
    for (const { ms, halvesMs } of cutAt(T + 20 * MIN, records)) expect(halvesMs).toBe(ms);
  });
});
