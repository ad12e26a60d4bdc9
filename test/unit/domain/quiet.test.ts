import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inQuietHours, localClock } from '../../../src/domain/quiet.ts';
import { runs } from '../support/runs.ts';

const MIN = 60_000;
/** A week of minutes, Sunday 00:00 = 0, as if the wall clock were UTC of a week that starts on a Sunday. */
const wall = (ms: number) => ({ day: Math.floor(ms / MIN / 1440) % 7, minutes: Math.floor(ms / MIN) % 1440 });
const at = (day: number, time: string) => {
  const [h, m] = time.split(':').map(Number);
  return (day * 1440 + (h ?? 0) * 60 + (m ?? 0)) * MIN;
};
const quiet = (from: string, to: string, days = [0, 1, 2, 3, 4, 5, 6], enabled = true) => ({ enabled, from, to, days });
const time = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

describe('inQuietHours', () => {
  it.each([
    ['22:00', true],
    ['23:59', true],
    ['00:00', true],
    ['05:59', true],
    ['06:00', false],
    ['12:00', false],
    ['21:59', false],
  ])('22:00 to 06:00 at %s: %s', (now, is) => expect(inQuietHours(quiet('22:00', '06:00'), at(3, now), wall)).toBe(is));

  it('belongs to the day it starts on', () => {
    const friday = quiet('22:00', '06:00', [5]);
    const probe = (day: number, now: string) => inQuietHours(friday, at(day, now), wall);
    expect([probe(5, '22:00'), probe(6, '05:59'), probe(6, '22:00'), probe(5, '05:59')]).toEqual([true, true, false, false]);
    expect(inQuietHours(quiet('22:00', '06:00', [6]), at(0, '03:00'), wall)).toBe(true);
  });
  it('is off when off, and without days', () => {
    expect(inQuietHours(quiet('00:00', '23:59', undefined, false), at(1, '12:00'), wall)).toBe(false);
    expect(inQuietHours(quiet('00:00', '23:59', []), at(1, '12:00'), wall)).toBe(false);
  });
  it('is never quiet for times that are none', () => {
    for (const broken of ['', 'x:y', '9']) expect(inQuietHours(quiet(broken, '23:59'), at(1, '12:00'), wall)).toBe(false);
  });

  it('agrees with a week painted minute by minute', () => {
    const clock = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        clock,
        clock,
        fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
        fc.integer({ min: 0, max: 10_079 }),
        (from, to, days, now) => {
          const length = (to - from + 1440) % 1440 || 1440;
          const painted = days.some((day) => (now - (day * 1440 + from) + 2 * 10_080) % 10_080 < length);
          expect(inQuietHours(quiet(time(from), time(to), days), now * MIN, wall)).toBe(painted);
        },
      ),
      runs(10_000),
    );
  });
});

it('localClock is the computer’s wall clock', () => {
  const date = new Date(2026, 6, 1, 9, 41, 59);
  expect(localClock(date.getTime())).toEqual({ day: 3, minutes: 9 * 60 + 41 });
  expect(inQuietHours(quiet('09:41', '09:42', [3]), date.getTime())).toBe(true);
});
