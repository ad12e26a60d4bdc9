import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatClock, formatDuration } from '../../../src/domain/time.ts';
import { runs } from '../support/runs.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [Number.NaN, '0 s'],
    [41 * S + 999, '41 s'],
    [MIN - 1, '59 s'],
    [MIN, '1 min'],
    [14 * MIN + 59 * S, '14 min'],
    [H - 1, '59 min'],
    [H, '1 h 00 min'],
    [H + 4 * MIN, '1 h 04 min'],
    [D - 1, '23 h 59 min'],
    [D, '1 d 0 h'],
    [2 * D + 3 * H + 59 * MIN, '2 d 3 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
    expect(formatDuration(ms, 'en-GB')).toBe(text);
  });

  it('reads back to the same time, less than one of its smallest unit lost', () => {
    const sizes: Record<string, number> = { s: S, min: MIN, h: H, d: D };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * D }), (ms) => {
        const parts = [...formatDuration(ms).matchAll(/(\d+) (\w+)/g)];
        const back = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (sizes[unit ?? ''] ?? Number.NaN), 0);
        const lost = ms - back;
        expect(lost).toBeGreaterThanOrEqual(0);
        expect(lost).toBeLessThan(sizes[parts.at(-1)?.[2] ?? ''] ?? 0);
      }),
      runs(10_000),
    );
  });

  it('speaks another language where asked', () => {
    expect(formatDuration(H + 4 * MIN, 'de')).toBe('1 Std. 04 Min.');
  });
});

describe('formatAge', () => {
  it.each([
    [-1, '0 s'],
    [4200, '4 s'],
    [61 * S, '1 min'],
    [H + 59 * MIN, '1 h'],
    [2 * D + 3 * H, '2 d'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

describe('formatClock', () => {
  const at = Date.UTC(2026, 6, 1, 9, 41, 59);
  it('is 24 hours in English and the locale’s own elsewhere', () => {
    expect(formatClock(at, 'en', 'UTC')).toBe('09:41');
    expect(formatClock(at + 8 * H, 'en-US', 'UTC')).toBe('17:41');
    expect(formatClock(at + 15 * H, 'en', 'UTC')).toBe('00:41');
    expect(formatClock(at, 'de', 'Europe/Berlin')).toBe('11:41');
    expect(formatClock(at, 'hi', 'UTC')).toMatch(/am|पू/i);
  });
  it('does not mix up zones, nor throw on a time that is none', () => {
    expect(formatClock(at, 'en', 'America/New_York')).toBe('05:41');
    expect(formatClock(at, 'en', 'UTC')).toBe('09:41');
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) expect(formatClock(none)).toBe('');
  });
});
