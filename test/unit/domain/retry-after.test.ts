import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, MAX_RETRY_AFTER_MS, rateLimitBackoffMs, retryAfterMs } from '../../../src/domain/retry-after.ts';
import { runs } from '../support/runs.ts';

const NOW = Date.UTC(2026, 6, 1, 9, 41, 0);
const RUNS = runs(10_000);

/** Oracle: RFC 9110 5.6.7 by hand, without Date.parse or toUTCString. */
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function imf(ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]} ${String(d.getUTCFullYear()).padStart(4, '0')}`;
  return `${DAYS[d.getUTCDay()]}, ${date} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} GMT`;
}
const clamp = (ms: number) => Math.min(Math.max(ms, 0), 900_000);

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['007', 7_000],
    ['31536000', MAX_RETRY_AFTER_MS],
    ['9'.repeat(400), MAX_RETRY_AFTER_MS],
    ['Wed, 01 Jul 2026 09:42:30 GMT', 90_000],
    ['Wed, 01 Jul 2026 09:40:00 GMT', 0],
    ['Thu, 01 Jul 2027 09:41:00 GMT', MAX_RETRY_AFTER_MS],
  ])('%s waits %d ms', (header, ms) => {
    expect(retryAfterMs(header, null, NOW)).toBe(ms);
  });

  it.each([
    [''],
    [' 120'],
    ['120 '],
    ['120\n'],
    ['-5'],
    ['+5'],
    ['1.5'],
    ['1e3'],
    ['0x10'],
    ['Infinity'],
    ['١٢٠'],
    ['120, 5'],
    ['Tue, 01 Jul 2026 09:42:30 GMT'], // a Wednesday
    ['Wed, 1 Jul 2026 09:42:30 GMT'],
    ['Wed, 01 Jul 2026 09:42:30 UTC'],
    ['Wed, 01 Jul 2026 24:00:00 GMT'],
    ['Wed, 31 Jun 2026 09:42:30 GMT'],
    ['Wednesday, 01-Jul-26 09:42:30 GMT'],
    ['Wed Jul  1 09:42:30 2026'],
    ['2026-07-01T09:42:30Z'],
    ['Sat, 13 Sep 275760 00:00:00 GMT'],
    ['Invalid Date'],
  ])('%j is not a Retry-After', (header) => {
    expect(retryAfterMs(header, null, NOW)).toBeNull();
  });

  it('says null where there is no header', () => expect(retryAfterMs(null, imf(NOW), NOW)).toBeNull());

  it('counts a date from the answer’s Date header, and from our clock where that is none', () => {
    const header = imf(NOW + 60_000);
    expect(retryAfterMs(header, imf(NOW), NOW - 3_600_000)).toBe(60_000);
    expect(retryAfterMs(header, 'yesterday', NOW + 20_000)).toBe(40_000);
  });

  it('agrees with a date written by hand', () => {
    const moment = fc.integer({ min: 0, max: 253_402_300_799 }).map((s) => s * 1000);
    fc.assert(
      fc.property(moment, fc.integer({ min: -2000, max: 2000 }), fc.boolean(), (date, seconds, withDate) => {
        const until = Math.min(Math.max(date + seconds * 1000, 0), 253_402_300_799_000);
        expect(retryAfterMs(imf(until), withDate ? imf(date) : null, withDate ? 0 : date)).toBe(clamp(until - date));
      }),
      RUNS,
    );
  });

  it('is always null or 0 to 15 minutes', () => {
    const header = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[\s+-]?[0-9eExX.]{1,20}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.bigInt().map(String),
    );
    fc.assert(
      fc.property(header, fc.option(header), fc.maxSafeInteger(), (text, date, now) => {
        const wait = retryAfterMs(text, date, now);
        if (wait === null) return;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(900_000);
        expect(text).toMatch(/^(\d+|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)$/);
      }),
      RUNS,
    );
  });
});

describe('back-off', () => {
  it('doubles from 1 s to 60 s', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 5000].map((n) => backoffMs(n, 1) / 1000);
    expect(ceilings).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(backoffMs(0, 0.5)).toBe(0);
  });
  it('is full jitter for faults and equal jitter for a rate limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, random) => {
          const top = Math.min(60_000, n > 7 ? 60_000 : 1000 * [1, 2, 4, 8, 16, 32, 64].slice(n - 1, n).reduce((a, b) => a + b));
          expect(backoffMs(n, random)).toBeCloseTo(top * random, 6);
          expect(rateLimitBackoffMs(n, random)).toBeCloseTo(top / 2 + (top / 2) * random, 6);
        },
      ),
      RUNS,
    );
  });
});
