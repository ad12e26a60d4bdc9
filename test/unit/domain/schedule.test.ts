import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGap, nextPollMs } from '../../../src/domain/schedule.ts';
import { runs } from '../support/runs.ts';

const RUNS = runs(10_000);
const NOW = 1_800_000_000_000;
const calm = { nowMs: NOW, pollSeconds: 60, notBeforeMs: 0, failures: 0, locked: false, random: 0.5 };
const wait = (more: Partial<typeof calm> = {}) => Math.round((nextPollMs({ ...calm, ...more }) - NOW) / 100) / 10;

describe('nextPollMs', () => {
  it('is the interval ± 10 %, never under 30 s', () => {
    expect([wait(), wait({ random: 0 }), wait({ random: 0.9999999 })]).toEqual([60, 54, 66]);
    expect([wait({ pollSeconds: 30, random: 0 }), wait({ pollSeconds: 30, random: 0.9999999 })]).toEqual([30, 33]);
  });
  it('slows down on a locked screen', () => {
    expect([wait({ locked: true }), wait({ locked: true, pollSeconds: 10 }), wait({ locked: true, pollSeconds: 30 })]).toEqual([
      240, 120, 120,
    ]);
  });
  it('doubles with each failure up to 10 minutes, or the interval where that is longer', () => {
    expect([1, 2, 3, 4, 5000].map((failures) => wait({ failures }))).toEqual([120, 240, 480, 600, 600]);
    expect(wait({ failures: 3, pollSeconds: 900, random: 0 })).toBe(900);
  });
  it('waits for notBefore, but not for one that no server can have given', () => {
    expect(wait({ notBeforeMs: NOW + 300_000 })).toBe(300);
    expect(wait({ notBeforeMs: NOW + 10_000 })).toBe(60);
    expect(wait({ notBeforeMs: NOW + 10 * 365 * 86_400_000 })).toBe(900);
  });
  it('holds its bounds for everything', () => {
    const input = fc.record({
      nowMs: fc.integer({ min: 0, max: 4e12 }),
      pollSeconds: fc.integer({ min: 30, max: 900 }),
      notBeforeMs: fc.integer({ min: 0, max: 4e12 }),
      failures: fc.nat(),
      locked: fc.boolean(),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(input, (i) => {
        const delay = nextPollMs(i) - i.nowMs;
        expect(delay).toBeGreaterThanOrEqual(30_000);
        expect(delay).toBeLessThanOrEqual(Math.max(4 * i.pollSeconds * 1000, 900_000) * 1.1 + 1);
        expect(delay).toBeGreaterThanOrEqual(i.pollSeconds * 1000 * (i.failures > 0 ? 1 : 0.9) - 1);
        expect(delay).toBeGreaterThanOrEqual(Math.min(i.notBeforeMs - i.nowMs, 900_000));
        expect(nextPollMs({ ...i, failures: i.failures + 1 })).toBeGreaterThanOrEqual(nextPollMs(i));
      }),
      RUNS,
    );
  });
});

describe('isGap', () => {
  const gap = (agoMs: number, more: { pollSeconds?: number; locked?: boolean } = {}) =>
    isGap({ lastOkMs: NOW - agoMs, nowMs: NOW, pollSeconds: 30, locked: false, ...more });
  it('starts after five minutes, or three intervals where those are longer', () => {
    expect([gap(300_000), gap(300_001)]).toEqual([false, true]);
    expect([gap(600_000, { pollSeconds: 200 }), gap(600_001, { pollSeconds: 200 })]).toEqual([false, true]);
  });
  it('allows for the slow pace of a locked screen', () => {
    expect([gap(360_000, { locked: true }), gap(360_001, { locked: true })]).toEqual([false, true]);
  });
  it('is one without any poll before, after 8 h of sleep, and when the clock jumps', () => {
    expect(isGap({ lastOkMs: 0, nowMs: NOW, pollSeconds: 30, locked: false })).toBe(true);
    expect([gap(8 * 3_600_000), gap(3_600_000), gap(-3_600_000), gap(-1000)]).toEqual([true, true, true, false]);
  });
  it('never calls the next planned poll one', () => {
    const input = fc.record({
      pollSeconds: fc.integer({ min: 30, max: 900 }),
      locked: fc.boolean(),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(input, (i) => {
        const next = nextPollMs({ ...i, nowMs: NOW, notBeforeMs: 0, failures: 0 });
        expect(isGap({ ...i, lastOkMs: NOW, nowMs: next })).toBe(false);
      }),
      RUNS,
    );
  });
});
