/** Medians and spreads: on a machine that does other things too, a mean says little. */

/** Linear between the neighbours; `share` 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The middle half, to print behind a median: `12.1–13.9 (15)`. */
export function spread(values: readonly number[], digits = 1): string {
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  return `${low.toFixed(digits)}–${high.toFixed(digits)} (${values.length})`;
}
