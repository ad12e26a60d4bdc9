import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../../src/domain/agent-state.ts';
import { segmentsOf } from '../../../../src/domain/history/segments.ts';
import { clamped, msAt, panned, rectsOf, segmentIndexAt, ticksOf, xAt, zoomed } from '../../../../src/domain/history/timeline.ts';
import { totalsOf } from '../../../../src/domain/history/totals.ts';
import { isoInZone, timeOfDay } from '../../../../src/domain/history/zone.ts';
import { runs } from '../../support/runs.ts';
import { anyPast, anyRange, anyRecords, D, H, MIN, record, S, T, toldBefore } from './made.ts';

const at = (seconds: number) => T + seconds * S;
const hour = { fromMs: T, toMs: T + H };
const of = (records: Parameters<typeof segmentsOf>[0], range = hour) =>
  segmentsOf(records, { ...range, nowMs: range.toMs }).segments;

describe('what is drawn of a lane', () => {
  it('is where its time is', () => {
    const segments = of([record('READY', T), record('ON_CONTACT', at(900)), record('LOGOUT', at(2700))]);
    expect(rectsOf(segments, hour, 400)).toEqual({
      rects: [
        { x: 0, width: 100, first: 0, last: 0 },
        { x: 100, width: 200, first: 1, last: 1 },
        { x: 300, width: 100, first: 2, last: 2 },
      ],
      hidden: 0,
    });
    expect(rectsOf(segments, { fromMs: at(1800), toMs: at(5400) }, 400).rects).toEqual([
      { x: 0, width: 100, first: 1, last: 1 },
      { x: 100, width: 100, first: 2, last: 2 },
    ]);
    expect(rectsOf(segments, { fromMs: at(5400), toMs: at(9000) }, 400).rects).toEqual([]);
    expect(rectsOf(segments, hour, 0).rects).toEqual([]);
    expect(rectsOf(segments, { fromMs: T, toMs: T }, 100).rects).toEqual([]);
  });

  it('keeps two neighbours of the same state apart where one can see both', () => {
    const segments = of([record('NOT_READY', T), { ...record('NOT_READY', at(1800)), reason: 'Lunch' }]);
    expect(rectsOf(segments, hour, 400).rects).toHaveLength(2);
    expect(rectsOf(segments, { fromMs: T - 200 * D, toMs: T + H }, 400).rects.length).toBeLessThanOrEqual(1);
  });

  it('joins what is half a pixel wide with its neighbour of the same state, over what is too short to be seen', () => {
    // A pixel is 36 s here; half of it 18 s.
    const segments = of([record('READY', T), record('NOT_READY', at(18)), record('READY', at(20)), record('LOGOUT', at(1800))]);
    expect(rectsOf(segments, hour, 100)).toEqual({
      rects: [
        { x: 0, width: 50, first: 0, last: 2 },
        { x: 50, width: 50, first: 3, last: 3 },
      ],
      hidden: 1,
    });
    // But not over a hole.
    const [ready, , again] = segments;
    const apart = [ready, again]
      .flatMap((each) => each ?? [])
      .map((each, index) => (index ? { ...each, fromMs: at(360) } : each));
    expect(rectsOf(apart, hour, 100).rects.map(({ x, width }) => [x, width])).toEqual([
      [0, 0.5],
      [10, 40],
    ]);
  });

  it('never is more than two a pixel, nor leaves or enters the lane, nor overlaps', () => {
    fc.assert(
      fc.property(anyRecords, anyRange, anyRange, fc.integer({ min: 1, max: 300 }), (records, range, window, width) => {
        const segments = segmentsOf(records, range).segments;
        const { rects } = rectsOf(segments, window, width);
        expect(rects.length).toBeLessThanOrEqual(2 * width + 2);
        let right = 0;
        for (const rect of rects) {
          expect(rect.width).toBeGreaterThan(0);
          expect(rect.x).toBeGreaterThanOrEqual(right - 1e-6);
          right = rect.x + rect.width;
          expect(segments[rect.first]?.category).toBe(segments[rect.last]?.category);
        }
        expect(right).toBeLessThanOrEqual(width + 1e-6);
      }),
      runs(300),
    );
  });

  it('has every end within half a pixel of where it is', () => {
    fc.assert(
      fc.property(anyPast(), fc.integer({ min: 50, max: 2000 }), (past, width) => {
        const end = past.at(-1)?.toMs ?? T;
        const window = { fromMs: T, toMs: end };
        const segments = of(toldBefore(past), window);
        for (const { x, width: wide, first, last } of rectsOf(segments, window, width).rects) {
          // Those in between that have no width are passed over.
          expect(x).toBeGreaterThanOrEqual(xAt(segments[first]?.fromMs ?? 0, window, width) - 0.5);
          expect(x + wide).toBeLessThanOrEqual(xAt(segments[last]?.toMs ?? 0, window, width) + 0.5);
        }
      }),
      runs(200),
    );
  });

  it('of a week of 300 changes a day, three pixels an hour, shows each state for as long as it lasted', () => {
    const names = ['READY', 'ON_CONTACT', 'WRAP_UP', 'NOT_READY'];
    const records = Array.from({ length: 2100 }, (_each, index) =>
      record(names[(index + (index % 3 === 0 ? 2 : 0)) % 4] ?? '', T + index * 288 * S + ((index * 7919) % 200) * S),
    );
    const week = { fromMs: T, toMs: T + 7 * D };
    const segments = of(records, week);
    const width = 500;
    const { rects, hidden } = rectsOf(segments, week, width);
    expect(rects.length).toBeLessThanOrEqual(2 * width);
    expect(hidden).toBeGreaterThan(500);
    const totals = totalsOf(segments);
    for (const category of CATEGORIES) {
      const drawn = rects
        .filter(({ first }) => segments[first]?.category === category)
        .reduce((sum, rect) => sum + rect.width, 0);
      const ms = totals.byCategory.find((each) => each.category === category)?.ms ?? 0;
      expect(Math.abs(drawn / width - ms / totals.rangeMs), category).toBeLessThan(0.04);
    }
  });

  it('does not flicker while it is moved: the same ends, as far to the left', () => {
    const records = Array.from({ length: 2000 }, (_each, index) =>
      record(index % 2 ? 'READY' : 'ON_CONTACT', T + index * 40 * S + ((index * 31) % 37) * S),
    );
    const segments = of(records, { fromMs: T, toMs: T + D });
    const edges = (fromMs: number) =>
      rectsOf(segments, { fromMs, toMs: fromMs + 12 * H }, 600).rects.map(({ x }) => fromMs + (x / 600) * 12 * H);
    const [here, there] = [edges(T + H), edges(T + 2 * H + 17 * S)];
    const inBoth = (edge: number) => edge > T + 3 * H && edge < T + 12 * H;
    expect(there.filter(inBoth).map(Math.round)).toEqual(here.filter(inBoth).map(Math.round));
    expect(there.filter(inBoth).length).toBeGreaterThan(100);
  });
});

describe('which segment is at a time', () => {
  it('is the one that began then, and none outside; what has no length is at no time', () => {
    const segments = of([record('LOGIN', at(60), { lastsMs: 0 }), record('READY', at(60)), record('LOGOUT', at(120))]);
    expect([T - 1, T, at(59), at(60), at(119), at(120), T + H - 1, T + H].map((ms) => segmentIndexAt(segments, ms))).toEqual([
      -1, 0, 0, 2, 2, 3, 3, -1,
    ]);
    expect(segmentIndexAt([], T)).toBe(-1);
  });
});

describe('zoom and pan', () => {
  const bounds = { fromMs: T, toMs: T + D };
  const window = { fromMs: T + 6 * H, toMs: T + 12 * H };

  it('keep the moment under the pointer where it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (factor, share) => {
        const anchor = window.fromMs + share * 6 * H;
        const next = zoomed(window, factor, anchor, bounds);
        expect(Math.abs((anchor - next.fromMs) / (next.toMs - next.fromMs) - share)).toBeLessThan(1e-6);
        expect(Math.abs((next.toMs - next.fromMs) / (6 * H) - factor)).toBeLessThan(1e-6);
      }),
      runs(200),
    );
  });

  it('never leave the bounds, nor turn round, nor go nearer than a minute', () => {
    const step = fc.oneof(
      fc.record({
        factor: fc.double({ min: 0.001, max: 1000, noNaN: true }),
        anchor: fc.integer({ min: T - D, max: T + 2 * D }),
      }),
      fc.record({ by: fc.integer({ min: -2 * D, max: 2 * D }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let now = window;
        for (const each of steps) {
          now = 'by' in each ? panned(now, each.by, bounds) : zoomed(now, each.factor, each.anchor, bounds);
          expect(now.fromMs).toBeGreaterThanOrEqual(bounds.fromMs);
          expect(now.toMs).toBeLessThanOrEqual(bounds.toMs);
          expect(now.toMs - now.fromMs).toBeGreaterThanOrEqual(MIN);
        }
      }),
      runs(200),
    );
  });

  it('stop at the edge without changing what is seen', () => {
    expect(panned(window, -100 * D, bounds)).toEqual({ fromMs: T, toMs: T + 6 * H });
    expect(panned(window, 100 * D, bounds)).toEqual({ fromMs: T + 18 * H, toMs: T + D });
    expect(zoomed(window, 100, T + 7 * H, bounds)).toEqual(bounds);
    expect(clamped({ fromMs: T - D, toMs: T + 5 * D }, bounds)).toEqual(bounds);
    expect(zoomed({ fromMs: T, toMs: T + 10 * S }, 0.5, T, { fromMs: T, toMs: T + 10 * S })).toEqual({
      fromMs: T,
      toMs: T + 10 * S,
    });
  });

  it('turn pixels into times and back', () => {
    expect(xAt(T + 9 * H, window, 600)).toBe(300);
    expect(msAt(300, window, 600)).toBe(T + 9 * H);
  });
});

describe('the axis', () => {
  const clock = (zone: string, from: string, to: string, width: number) =>
    ticksOf({ fromMs: Date.parse(from), toMs: Date.parse(to) }, width, zone).map(
      ({ atMs, startsDay }) => `${startsDay ? '|' : ''}${isoInZone(atMs, zone).slice(11, 16)}`,
    );

  it('has round times of the zone, and says where a day begins', () => {
    expect(clock('America/Denver', '2026-03-02T12:50:00Z', '2026-03-02T17:20:00Z', 560)).toEqual([
      '06:00',
      '07:00',
      '08:00',
      '09:00',
      '10:00',
    ]);
    expect(clock('Asia/Kathmandu', '2026-03-02T16:00:00Z', '2026-03-02T20:00:00Z', 400)).toEqual([
      '22:00',
      '23:00',
      '|00:00',
      '01:00',
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T04:00:00Z', ['|00:00', '01:00', '03:00', '04:00', '05:00', '06:00']],
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T03:00:00Z', ['|00:00', '01:00', '02:00', '02:00', '03:00', '04:00']],
    ['America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T08:00:00Z', ['|00:00', '01:00', '01:00', '02:00', '03:00']],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-04T17:30:00Z', ['|00:00', '01:00', '02:00', '03:00', '04:00']],
    ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-03T17:00:00Z', ['|00:00', '01:00', '03:00', '04:00']],
    ['Africa/Cairo', '2026-04-23T20:00:00Z', '2026-04-24T00:00:00Z', ['22:00', '23:00', '|01:00', '02:00', '03:00']],
  ])('in %s shows how clocks are changed', (zone, from, to, expected) => {
    expect(clock(zone, from, to, 500)).toEqual(expected);
  });

  it('of a zone three quarters of an hour off has round times too', () => {
    expect(clock('Asia/Kathmandu', '2026-03-02T08:00:00Z', '2026-03-02T08:20:01Z', 320)).toEqual(['13:50', '14:00']);
  });

  it('of weeks has days', () => {
    expect(clock('Europe/Berlin', '2026-03-24T00:00:00+01:00', '2026-03-31T00:00:00+02:00', 640)).toEqual(
      Array(8).fill('|00:00'),
    );
    expect(clock('Europe/Berlin', '2026-03-01T10:00:00+01:00', '2026-03-31T10:00:00+02:00', 640)).toHaveLength(8);
  });

  it('is never crowded nor bare, and in the window', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.integer({ min: T, max: T + 365 * D }),
        fc.integer({ min: MIN, max: 31 * D }),
        fc.integer({ min: 320, max: 2000 }),
        fc.constantFrom(...zones),
        (fromMs, long, width, zone) => {
          const ticks = ticksOf({ fromMs, toMs: fromMs + long }, width, zone);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.length).toBeLessThanOrEqual(width / 80 + 3);
          for (const { atMs, x } of ticks) {
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(width);
            expect(timeOfDay(atMs, zone) % 1000).toBe(0);
          }
        },
      ),
      runs(300),
    );
  });
});
