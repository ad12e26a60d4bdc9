import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayRanges, presetRange, RANGE_PRESETS } from '../../../../src/domain/history/ranges.ts';
import { isoInZone, startOfDay } from '../../../../src/domain/history/zone.ts';
import { runs } from '../../support/runs.ts';
import { D, H } from './made.ts';

const at = (iso: string) => Date.parse(iso);
const said = (preset: (typeof RANGE_PRESETS)[number], iso: string, zone: string) => {
  const { fromMs, toMs } = presetRange(preset, at(iso), zone);
  return [isoInZone(fromMs, zone), isoInZone(toMs, zone)];
};

describe('the ranges one can choose', () => {
  it.each([
    ['24h', '2026-03-29T10:00:00+02:00', ['2026-03-28T09:00:00+01:00', '2026-03-29T10:00:00+02:00']],
    ['today', '2026-03-29T10:00:00+02:00', ['2026-03-29T00:00:00+01:00', '2026-03-29T10:00:00+02:00']],
    ['yesterday', '2026-03-30T10:00:00+02:00', ['2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00']],
    ['7d', '2026-03-30T10:00:00+02:00', ['2026-03-24T00:00:00+01:00', '2026-03-30T10:00:00+02:00']],
  ] as const)('%s, when clocks went forward in Berlin', (preset, now, expected) => {
    expect(said(preset, now, 'Europe/Berlin')).toEqual(expected);
  });

  it('are the days of the zone that is asked for, not of the computer', () => {
    const now = '2026-07-01T22:30:00Z';
    expect(said('today', now, 'Australia/Lord_Howe')[0]).toBe('2026-07-02T00:00:00+10:30');
    expect(said('today', now, 'America/New_York')[0]).toBe('2026-07-01T00:00:00-04:00');
  });

  it('never reach beyond now, and last as long as their day does', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo'];
    fc.assert(
      fc.property(fc.integer({ min: at('2025-01-01'), max: at('2027-01-01') }), fc.constantFrom(...zones), (nowMs, zone) => {
        for (const preset of RANGE_PRESETS) {
          const { fromMs, toMs } = presetRange(preset, nowMs, zone);
          expect(toMs).toBeLessThanOrEqual(nowMs);
          expect(fromMs).toBeLessThanOrEqual(toMs);
          if (preset !== '24h') expect(startOfDay(fromMs, zone)).toBe(fromMs);
        }
        const yesterday = presetRange('yesterday', nowMs, zone);
        expect(Math.abs(yesterday.toMs - yesterday.fromMs - D)).toBeLessThanOrEqual(H);
        expect(yesterday.toMs).toBe(presetRange('today', nowMs, zone).fromMs);
        expect(dayRanges(presetRange('7d', nowMs, zone), zone).length).toBeGreaterThanOrEqual(6);
        expect(dayRanges(presetRange('7d', nowMs, zone), zone).length).toBeLessThanOrEqual(7);
      }),
      runs(200),
    );
  });
});

describe('a range day by day', () => {
  it.each([
    ['Europe/Berlin', '2026-10-24T12:00:00+02:00', '2026-10-26T12:00:00+01:00', [12, 25, 12]],
    ['America/New_York', '2026-03-07T00:00:00-05:00', '2026-03-09T00:00:00-04:00', [24, 23]],
    ['Australia/Lord_Howe', '2026-04-04T00:00:00+11:00', '2026-04-06T00:00:00+10:30', [24, 24.5]],
  ])('in %s, where clocks are changed in it', (zone, from, to, hours) => {
    const days = dayRanges({ fromMs: at(from), toMs: at(to) }, zone);
    expect(days.map(({ fromMs, toMs }) => (toMs - fromMs) / H)).toEqual(hours);
    expect(days.map(({ whole }) => whole)).toEqual(hours.map((length) => length > 12));
    expect(days.map(({ date }) => date)).toEqual(days.map(({ fromMs }) => isoInZone(fromMs, zone).slice(0, 10)));
  });

  it('adds up to it exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2025-01-01'), max: at('2027-01-01') }),
        fc.integer({ min: 1, max: 40 * D }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana'),
        (fromMs, long, zone) => {
          const days = dayRanges({ fromMs, toMs: fromMs + long }, zone);
          expect(days[0]?.fromMs).toBe(fromMs);
          expect(days.at(-1)?.toMs).toBe(fromMs + long);
          for (const [index, day] of days.entries()) if (index > 0) expect(day.fromMs).toBe(days[index - 1]?.toMs);
          expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
        },
      ),
      runs(200),
    );
  });

  it('of nothing has no days', () => {
    expect(dayRanges({ fromMs: 5, toMs: 5 }, 'UTC')).toEqual([]);
  });
});
