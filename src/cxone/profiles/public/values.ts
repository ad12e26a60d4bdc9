/** Single values of CXone's answers, whatever type they come in (facts/cxone-api.md section 2, "field-name drift"). */

import { clip, idText, isRecord } from '../../values.ts';

export { idText, isRecord };

/** Text, cut at 200 characters; numbers as text, because the documents type some names as integers. */
export function text(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? clip(value) : '';
}

/** "Booleans may arrive as strings"; null when not said. */
export function bool(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const said = typeof value === 'string' ? value.toLowerCase() : value;
  if (said === 'true' || said === '1' || said === 1) return true;
  if (said === 'false' || said === '0' || said === 0) return false;
  return null;
}

/** A count; null when not said. */
export function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

const ISO_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?$/i;

/** A moment, epoch ms. Without a zone it is UTC. NaN for a date without a time: midnight would be wrong by hours. */
export function timeMs(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN;
  // What the documents say and ten thousand rows have.
  if (value.endsWith('Z') && value[10] === 'T') return Date.parse(value);
  const [, day, time, zone = 'Z'] = ISO_TIME.exec(value) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`);
}

/** ISO 8601 up to days, or seconds alone. */
const DURATION = /^(?:P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?)?(?:(\d+(?:\.\d+)?)S?)?$/i;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000];
/** A number beyond is no duration of ours: a moment, or nonsense. */
const MAX_MS = 366 * 86_400_000;

/** A duration, ms: ISO 8601 or seconds, "accept both" (facts section 3). NaN for anything else. */
export function durationMs(value: unknown): number {
  const parts = DURATION.exec(text(value))?.slice(1) ?? [];
  const ms = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (UNITS_MS[index] ?? 0), 0);
  return parts.some(Boolean) && ms <= MAX_MS ? ms : Number.NaN;
}
