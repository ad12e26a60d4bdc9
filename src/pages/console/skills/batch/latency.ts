/** A histogram of latencies as bars: what is drawn and what is read out come from the same numbers. */
import { BOUNDS_MS, type Histogram } from '../../../../domain/skills/metrics.ts';

export interface Bar {
  /** Latencies from here … */
  fromMs: number;
  /** … to below here; null: no bound. */
  toMs: number | null;
  count: number;
  /** Of the tallest, 0–1. */
  part: number;
}

/** From the first bucket with anything in it to the last: empty ends say nothing. */
export function barsOf({ counts }: Histogram): Bar[] {
  const most = Math.max(0, ...counts);
  if (most === 0) return [];
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  return counts.slice(first, last + 1).map((count, offset) => {
    const index = first + offset;
    return {
      fromMs: index > 0 ? (BOUNDS_MS[index - 1] ?? 0) : 0,
      toMs: BOUNDS_MS[index] ?? null,
      count,
      part: count / most,
    };
  });
}
