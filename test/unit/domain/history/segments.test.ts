import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../../../src/domain/history/history.ts';
import { segmentsOf } from '../../../../src/domain/history/segments.ts';
import { runs } from '../../support/runs.ts';
import {
  anyPast,
  anyRange,
  anyRecords,
  D,
  H,
  holes,
  MIN,
  record,
  S,
  type Stay,
  shown,
  T,
  toldBefore,
  toldLasts,
} from './made.ts';

const hour = { fromMs: T, toMs: T + H, nowMs: T + H };
const of = (records: HistoryRecord[], range: Parameters<typeof segmentsOf>[1] = hour) =>
  shown(segmentsOf(records, range).segments);
const notesOf = (records: HistoryRecord[], range = hour) =>
  Object.fromEntries(segmentsOf(records, range).notes.map(({ code, count, mostMs }) => [code, [count, mostMs / S]]));

describe('records of seed 001', () => {
  const records = [
    record('LOGIN', T + 60 * S, { beforeMs: 30 * S }),
    record('READY', T + 90 * S, { beforeMs: 30 * S }),
    record('NOT_READY', T + 690 * S, { beforeMs: 600 * S }),
    record('WRAP_UP', T + 1890 * S, { beforeMs: 1200 * S }),
  ];

  it('carry the time spent in the state before, not in their own', () => {
    expect(of(records)).toEqual([
      '? 0-30',
      'loggedOut 30-60',
      'LOGIN 60-90',
      'READY 90-690',
      'NOT_READY 690-1890',
      'WRAP_UP 1890-3600>',
    ]);
    expect(segmentsOf(records, hour).notes).toEqual([]);
  });

  it('do not say what came before the first, unless that is a log-in', () => {
    expect(of(records.slice(1))[0]).toBe('? 0-90');
  });

  it('of before the range tell of its beginning, and that it began earlier', () => {
    const range = { fromMs: T + 100 * S, toMs: T + 700 * S, nowMs: T + 2 * H };
    expect(of(records, range)).toEqual(['READY 100-690~', 'NOT_READY 690-700~']);
  });

  it('end now, not at the end of a range that is still to come', () => {
    expect(of(records, { ...hour, nowMs: T + 1900 * S })).toEqual(expect.arrayContaining(['WRAP_UP 1890-1900>']));
    expect(of(records, { ...hour, nowMs: T - 1 })).toEqual([]);
  });

  it('are not running when the range ended long ago, and only cut', () => {
    expect(of(records, { ...hour, nowMs: T + D }).at(-1)).toBe('WRAP_UP 1890-3600~');
    expect(of(records, { ...hour, nowMs: T + H + 20 * S }).at(-1)).toBe('WRAP_UP 1890-3600>');
  });

  it('say nothing of the time after they were loaded', () => {
    expect(of(records, { ...hour, loadedMs: { fromMs: T, toMs: T + 50 * MIN } }).slice(-2)).toEqual([
      'WRAP_UP 1890-3000~',
      '? 3000-3600',
    ]);
  });

  it('that are none leave everything unknown', () => {
    expect(of([])).toEqual(['? 0-3600']);
  });

  it('with a log-in that took no time keep it', () => {
    const at = T + 10 * S;
    const login = [record('READY', at, { beforeMs: 0 }), record('LOGIN', at, { beforeMs: 5 * S })];
    expect(of(login)).toEqual(['? 0-5', 'loggedOut 5-10', 'LOGIN 10-10', 'READY 10-3600>']);
  });
});

describe('records with their own length', () => {
  it('end by it, and nobody knows what came then', () => {
    const records = [record('READY', T, { lastsMs: 600 * S }), record('LOGOUT', T + 1200 * S, { lastsMs: 60 * S })];
    expect(of(records)).toEqual(['READY 0-600', '? 600-1200', 'LOGOUT 1200-1260', '? 1260-3600']);
    expect(notesOf(records)).toEqual({ gaps: [1, 600] });
  });

  it('of the same moment stand in the order of their lengths', () => {
    const login = [record('READY', T, { lastsMs: 60 * S }), record('LOGIN', T, { lastsMs: 0 }), record('LOGOUT', T + 60 * S)];
    expect(of(login)).toEqual(['LOGIN 0-0', 'READY 0-60', 'LOGOUT 60-3600>']);
  });

  it('still last where their length reaches up to now', () => {
    expect(of([record('READY', T, { lastsMs: 3597 * S })])).toEqual(['READY 0-3600>']);
  });

  it('give way to the next one', () => {
    const records = [record('READY', T, { lastsMs: 700 * S }), record('NOT_READY', T + 600 * S)];
    expect(of(records)).toEqual(['READY 0-600', 'NOT_READY 600-3600>']);
    expect(notesOf(records)).toEqual({ overlaps: [1, 100] });
  });
});

describe('irregular records', () => {
  const regular = [
    record('READY', T, { beforeMs: 50 * S }),
    record('ON_CONTACT', T + 100 * S, { beforeMs: 100 * S }),
    record('WRAP_UP', T + 400 * S, { beforeMs: 300 * S }),
    record('READY', T + 450 * S, { beforeMs: 50 * S }),
    record('ON_CONTACT', T + 900 * S, { beforeMs: 450 * S }),
  ];
  const right = of(regular);
  const changed = (index: number, change: Partial<HistoryRecord>) =>
    regular.map((each, place) => (place === index ? { ...each, ...change } : each));

  it('that come twice count once; what one of the two lacks the other has', () => {
    const twice = [...changed(2, { beforeMs: null }).slice(0, 3), ...regular.slice(1)];
    expect(of(twice)).toEqual(right);
    expect(notesOf(twice)).toEqual({ duplicates: [2, 0] });
  });

  it('whose second copy comes later are no less in order', () => {
    expect(notesOf([...regular, ...regular.slice(2, 4)])).toEqual({ duplicates: [2, 0] });
    expect(of([...regular, ...regular.slice(2, 4)])).toEqual(right);
  });

  it('that come from the newest to the oldest are in order, others are put in order', () => {
    expect(of([...regular].reverse())).toEqual(right);
    expect(notesOf([...regular].reverse())).toEqual({});
    const mixed = [3, 0, 4, 1, 2].flatMap((place) => regular[place] ?? []);
    expect(of(mixed)).toEqual(right);
    expect(notesOf(mixed)).toEqual({ outOfOrder: [3, 0] });
  });

  it('that repeat the state are one stretch, counted from its beginning or from the record before', () => {
    const more = record('ON_CONTACT', T + 200 * S, { beforeMs: 100 * S });
    const then = record('ON_CONTACT', T + 300 * S, { beforeMs: 100 * S });
    for (const beforeMs of [300 * S, 100 * S]) {
      const repeated = [...regular.slice(0, 2), more, then, ...changed(2, { beforeMs }).slice(2)];
      expect(of(repeated)).toEqual(right);
      expect(notesOf(repeated)).toEqual({ repeated: [2, 0] });
    }
  });

  it('that repeat a state from before the range leave it cut', () => {
    const range = { fromMs: T + 150 * S, toMs: T + H, nowMs: T + H };
    const repeated = [...regular.slice(0, 2), record('ON_CONTACT', T + 200 * S, { beforeMs: 100 * S }), ...regular.slice(2)];
    expect(of(repeated, range)[0]).toBe('ON_CONTACT 150-400~');
  });

  it('that count a repeated state from its beginning are not dated wrong', () => {
    const repeated = [
      record('READY', T),
      record('READY', T + 100 * S, { beforeMs: 100 * S }),
      record('ON_CONTACT', T + 200 * S, { beforeMs: 200 * S }),
      // A record is missing before this one.
      record('WRAP_UP', T + 400 * S, { beforeMs: 100 * S }),
    ];
    expect(of(repeated)).toEqual(['READY 0-200', 'ON_CONTACT 200-300', '? 300-400', 'WRAP_UP 400-3600>']);
    expect(notesOf(repeated)).toEqual({ repeated: [1, 0], gaps: [1, 100] });
  });

  it('without a duration last until the next', () => {
    const without = changed(2, { beforeMs: null });
    expect(of(without)).toEqual(right);
    expect(notesOf(without)).toEqual({ noDuration: [1, 0] });
    expect(notesOf(regular.map((each) => ({ ...each, beforeMs: null })))).toEqual({});
  });

  it('with a negative duration have none', () => {
    expect(of(changed(2, { beforeMs: -1 }))).toEqual(right);
  });

  it('whose durations were taken by another clock are believed by their times', () => {
    const off = regular.map((each, index) => ({ ...each, beforeMs: (each.beforeMs ?? 0) + (index % 2 ? 3 : -3) * S }));
    expect(of(off)).toEqual(right);
    expect(notesOf(off)).toEqual({ durationDiffers: [4, 3] });
    const much = changed(2, { beforeMs: 420 * S });
    expect(of(much)).toEqual(right);
    expect(notesOf(much)).toEqual({ durationDiffers: [1, 120] });
  });

  it('dated wrong are moved to where the durations around them fit, one or several', () => {
    const wrong: [places: number[], seconds: number][] = [
      [[2], 20],
      [[2], -20],
      [[1, 2, 3], 30],
      [[2, 3], -45],
    ];
    for (const [places, by] of wrong) {
      const shifted = regular.map((each, index) => (places.includes(index) ? { ...each, atMs: each.atMs + by * S } : each));
      expect(of(shifted), `${places} by ${by}`).toEqual(right);
      expect(notesOf(shifted)).toEqual({ clockPutRight: [places.length, Math.abs(by)] });
    }
  });

  it('of which one is missing leave a gap where it was, and no more', () => {
    const missing = regular.filter((_each, index) => index !== 2);
    expect(of(missing)).toEqual(['READY 0-100', 'ON_CONTACT 100-400', '? 400-450', 'READY 450-900', 'ON_CONTACT 900-3600>']);
    expect(notesOf(missing)).toEqual({ gaps: [1, 50] });
    // Of two the longer one is said.
    const two = [...missing, record('READY', T + 1000 * S, { beforeMs: 20 * S })];
    expect(notesOf(two)).toEqual({ gaps: [2, 50] });
  });

  it('of which one is missing after a very short one are not taken for one stretch, when the others are exact', () => {
    const exact = Array.from({ length: 12 }, (_each, index) =>
      record(index % 2 ? 'READY' : 'ON_CONTACT', T + (1000 + index * 60) * S, { beforeMs: 60 * S }),
    );
    const short = [record('WRAP_UP', T + 936 * S, { beforeMs: 60 * S }), ...exact];
    expect(of(short).slice(1, 4)).toEqual(['WRAP_UP 936-940', '? 940-1000', 'ON_CONTACT 1000-1060']);
    const inexact = short.map((each, index) => ({ ...each, beforeMs: (each.beforeMs ?? 0) + (index % 3) * S * 1.5 }));
    expect(of(inexact).slice(1, 3)).toEqual(['WRAP_UP 936-1000', 'ON_CONTACT 1000-1060']);
  });

  it('dated later than now are left out', () => {
    const range = { ...hour, toMs: T + D, nowMs: T + H };
    const ahead = [...regular, record('LOGOUT', T + 2 * H, { beforeMs: H })];
    expect(of(ahead, range)).toEqual(right);
    expect(notesOf(ahead, range)).toEqual({ inFuture: [1, 3600] });
  });

  it('to the minute are not held against exact durations', () => {
    const minutes = Array.from({ length: 30 }, (_each, index) =>
      record(index % 2 ? 'READY' : 'ON_CONTACT', T + index * 2 * MIN, { beforeMs: (index % 3) * 40 * S + 80 * S }),
    );
    expect(notesOf(minutes)).toEqual({ toTheMinute: [1, 0] });
    expect(segmentsOf(minutes, hour).segments.every(({ source }) => source === 'tenant')).toBe(true);
  });
});

describe('whatever the records are', () => {
  it('segments cover the range exactly', () => {
    fc.assert(
      fc.property(anyRecords, anyRange, (records, range) => {
        expect(holes(segmentsOf(records, range).segments, range)).toEqual([]);
      }),
      runs(500),
    );
  });

  it('their order does not matter', () => {
    const distinct = anyRecords.map((rows) => [...new Map(rows.map((row) => [row.atMs, row])).values()]);
    fc.assert(
      fc.property(
        distinct.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        anyRange,
        ([records, shuffled], range) => {
          expect(segmentsOf(shuffled, range).segments).toEqual(segmentsOf(records, range).segments);
        },
      ),
      runs(300),
    );
  });

  it('they are left as they were', () => {
    fc.assert(
      fc.property(anyRecords, anyRange, (records, range) => {
        const before = structuredClone(records);
        segmentsOf(Object.freeze(records.map((each) => Object.freeze(each))), range);
        expect(records).toEqual(before);
      }),
      runs(100),
    );
  });
});

describe('what really was', () => {
  /** A minute past the end, so that the last stay is known to go on. */
  const rangeOf = (past: readonly Stay[]) => ({ fromMs: T, toMs: past.at(-1)?.toMs ?? T, nowMs: past.at(-1)?.toMs ?? T });
  const really = (past: readonly Stay[]) => past.map(({ kind: { stateName }, fromMs, toMs }) => [stateName, fromMs, toMs]);
  const found = (records: HistoryRecord[], past: readonly Stay[]) =>
    segmentsOf(records, rangeOf(past)).segments.map(({ stateName, fromMs, toMs }) => [stateName, fromMs, toMs]);

  it.each([
    ['before', toldBefore],
    ['itself', toldLasts],
  ])('is found again from durations of the state %s, shuffled, doubled and with some left out', (_which, told) => {
    fc.assert(
      fc.property(anyPast(), fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (past, dice) => {
        const roll = () => dice.next().value ?? 0;
        const records = told(past).flatMap((each) => {
          const bare = roll() === 0 ? { ...each, beforeMs: null, lastsMs: null } : each;
          return roll() === 0 ? [bare, each] : [bare];
        });
        const shuffled = records.map((each) => [roll(), each] as const).sort(([a], [b]) => a - b);
        expect(
          found(
            shuffled.map(([, each]) => each),
            past,
          ),
        ).toEqual(really(past));
      }),
      runs(200),
    );
  });

  it.each([
    ['before', toldBefore],
    ['itself', toldLasts],
  ])('is found again where every eighth record is dated wrong (durations of the state %s)', (_which, told) => {
    fc.assert(
      fc.property(anyPast(3), fc.integer({ min: -20, max: 20 }), (past, by) => {
        const records = told(past).map((each, index) =>
          index % 8 === 1 && index < past.length - 1 ? { ...each, atMs: each.atMs + by * S } : each,
        );
        const close = (a: unknown, b: unknown) => Math.abs(Number(a) - Number(b)) <= 5 * S;
        for (const [index, [name, fromMs]] of found(records, past).entries()) {
          expect(name).toBe(really(past)[index]?.[0]);
          expect(close(fromMs, really(past)[index]?.[1])).toBe(true);
        }
      }),
      runs(200),
    );
  });

  it('is unknown where a record was never written, and right everywhere else', () => {
    fc.assert(
      fc.property(anyPast(6), fc.nat(), (past, which) => {
        // Neighbours alike would be one stretch.
        const lost = 1 + (which % (past.length - 2));
        fc.pre(past[lost - 1]?.kind.stateName !== past[lost + 1]?.kind.stateName);
        for (const told of [toldBefore, toldLasts]) {
          const records = told(past).filter((_each, index) => index !== lost);
          const expected = really(past).map((each, index) => (index === lost ? ['', each[1], each[2]] : each));
          expect(found(records, past)).toEqual(expected);
        }
      }),
      runs(200),
    );
  });
});
