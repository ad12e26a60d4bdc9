import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOUNDS_MS,
  emptyHistogram,
  emptyMetrics,
  merged,
  percentileMs,
  withAttempt,
  withLatency,
} from '../../../../src/domain/skills/metrics.ts';
import { runs } from '../../support/runs.ts';

const histogram = (latencies: readonly number[]) => latencies.reduce(withLatency, emptyHistogram());

describe('a histogram of latencies', () => {
  it('counts below each bound, and above all', () => {
    const { counts, maxMs } = histogram([0, 19.9, 20, 29_999, 30_000, 90_000]);
    expect(counts).toHaveLength(BOUNDS_MS.length + 1);
    expect([counts[0], counts[1], counts.at(-2), counts.at(-1)]).toEqual([2, 1, 1, 2]);
    expect(maxMs).toBe(90_000);
  });

  it('of nothing has no percentile', () => {
    expect(percentileMs(emptyHistogram(), 50)).toBeNull();
  });

  it('spreads a bucket evenly, and never says more than the greatest', () => {
    const ten = histogram([100, 105, 110, 115, 120, 125, 130, 135, 140, 149]);
    expect(percentileMs(ten, 50)).toBe(125);
    expect(percentileMs(ten, 95)).toBe(147.5);
    expect(percentileMs(ten, 99)).toBe(149);
    expect(percentileMs(histogram([45_000, 60_000]), 50)).toBe(60_000);
    expect(percentileMs(histogram([5, 5, 5, 300]), 50)).toBeCloseTo(13.3, 1);
  });

  it('is as exact as its buckets are wide', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(50, 95, 99, 100),
        (latencies, p) => {
          const sorted = latencies.toSorted((a, b) => a - b);
          const exact = sorted[Math.ceil((p / 100) * sorted.length) - 1] ?? 0;
          const said = percentileMs(histogram(latencies), p) ?? -1;
          const from = BOUNDS_MS.findLast((bound) => bound <= exact) ?? 0;
          const to = BOUNDS_MS.find((bound) => bound > exact) ?? Number.POSITIVE_INFINITY;
          expect(said).toBeGreaterThanOrEqual(from);
          expect(said).toBeLessThanOrEqual(to);
          expect(said).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
        },
      ),
      runs(1_000),
    );
  });

  it('has percentiles in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40_000), { minLength: 1 }), fc.nat(100), fc.nat(100), (latencies, p, q) => {
        const of = histogram(latencies);
        expect(percentileMs(of, Math.min(p, q))).toBeLessThanOrEqual(percentileMs(of, Math.max(p, q)) ?? -1);
      }),
      runs(300),
    );
  });
});

describe('metrics', () => {
  it('count what left, what succeeded, and what was wrong', () => {
    const attempts = [
      { ms: 100, error: null },
      { ms: 200, error: '429' },
      { ms: null, error: 'noAnswer' },
      { ms: 50, error: '429' },
    ];
    const metrics = attempts.reduce(withAttempt, emptyMetrics());
    expect(metrics).toMatchObject({ attempts: 4, succeeded: 1, errors: { '429': 2, noAnswer: 1 }, latency: { maxMs: 200 } });
    expect(metrics.latency.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('leave those before as they were', () => {
    const before = Object.freeze(withAttempt(emptyMetrics(), { ms: 1, error: 'a' }));
    const copy = structuredClone(before);
    withAttempt(before, { ms: 2, error: 'a' });
    merged([before, before]);
    expect(before).toEqual(copy);
  });

  it('in all are those of all attempts', () => {
    const attempt = fc.record({
      ms: fc.option(fc.nat(40_000), { nil: null }),
      error: fc.option(fc.constantFrom('429', 'noAnswer', 'serverError'), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(attempt)), (batches) => {
        expect(merged(batches.map((each) => each.reduce(withAttempt, emptyMetrics())))).toEqual(
          batches.flat().reduce(withAttempt, emptyMetrics()),
        );
      }),
      runs(200),
    );
  });
});
