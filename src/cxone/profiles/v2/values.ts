/** Single values of a v2 answer. */

import { clip, idText, isRecord } from '../../values.ts';

export { clip, idText, isRecord };

export function text(value: unknown): string {
  return typeof value === 'string' ? clip(value) : '';
}

/** ISO 8601, UTC where no zone is given (a local time of ours it cannot be); epoch ms. NaN for anything else. */
export function momentOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value) : Number.NaN;
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return Number.NaN;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`;
  return Date.parse(zoned.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
