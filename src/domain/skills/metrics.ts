/** Latencies of many requests in few numbers, and how the requests ended. */
import type { BatchMetrics } from './batch.ts';

/** Counts by bucket: `counts[i]` latencies are below `BOUNDS_MS[i]`, the last ones above all. */
export interface Histogram {
  counts: number[];
  maxMs: number;
}

/** About a fifth to a half apart: a percentile is as exact as that. The last is above the client's own timeout (20 s). */
export const BOUNDS_MS: readonly number[] = [
  20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000, 30_000,
];

export const emptyHistogram = (): Histogram => ({ counts: [...BOUNDS_MS, 0].map(() => 0), maxMs: 0 });

export function withLatency({ counts, maxMs }: Histogram, ms: number): Histogram {
  const bound = BOUNDS_MS.findIndex((each) => ms < each);
  const bucket = bound < 0 ? BOUNDS_MS.length : bound;
  return { counts: counts.map((count, index) => (index === bucket ? count + 1 : count)), maxMs: Math.max(maxMs, ms) };
}

/**
 * The latency that `p` per cent were not above (50, 95, 99), ms: within its bucket as if they were spread evenly, never more than the greatest; null
 * without any.
 */
export function percentileMs({ counts, maxMs }: Histogram, p: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = (total * p) / 100;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const to = BOUNDS_MS[index];
    if (to === undefined) break;
    if (count > 0 && below + count >= rank) {
      const from = index > 0 ? (BOUNDS_MS[index - 1] ?? 0) : 0;
      return Math.min(maxMs, from + ((to - from) * (rank - below)) / count);
    }
    below += count;
  }
  return maxMs;
}

export const emptyMetrics = (): BatchMetrics => ({ attempts: 0, succeeded: 0, errors: {}, latency: emptyHistogram() });

/** One write more. `ms` null: it was not answered. `error` null: it succeeded; else as `BatchMetrics.errors` names it. */
export function withAttempt(metrics: BatchMetrics, { ms, error }: { ms: number | null; error: string | null }): BatchMetrics {
  const { attempts, succeeded, errors, latency } = metrics;
  return {
    attempts: attempts + 1,
    succeeded: succeeded + (error === null ? 1 : 0),
    errors: error === null ? errors : { ...errors, [error]: (errors[error] ?? 0) + 1 },
    latency: ms === null ? latency : withLatency(latency, ms),
  };
}

/** Of several batches, in all. */
export function merged(list: readonly BatchMetrics[]): BatchMetrics {
  const all = emptyMetrics();
  for (const { attempts, succeeded, errors, latency } of list) {
    all.attempts += attempts;
    all.succeeded += succeeded;
    for (const [error, count] of Object.entries(errors)) all.errors[error] = (all.errors[error] ?? 0) + count;
    all.latency = {
      counts: all.latency.counts.map((count, index) => count + (latency.counts[index] ?? 0)),
      maxMs: Math.max(all.latency.maxMs, latency.maxMs),
    };
  }
  return all;
}
