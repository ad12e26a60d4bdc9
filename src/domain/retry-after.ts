/** When to ask again. Milliseconds throughout; `random` is a number in [0, 1). */

/** Nothing a server says holds us back for longer (security-reliability.md 6.1). */
export const MAX_RETRY_AFTER_MS = 15 * 60_000;
const BASE_MS = 1000;
const CAP_MS = 60_000;

/**
 * An IMF-fixdate (RFC 9110 5.6.7) as epoch ms, else null. `Date.parse` alone takes " 120" for the year 120 and "-5" for 2001;
 * `toUTCString` writes exactly this form (ECMA-262 21.4.4.43), so only a date that comes back unchanged is one.
 */
function fixdate(text: string): number | null {
  const ms = Date.parse(text);
  return text.length === 29 && new Date(ms).toUTCString() === text ? ms : null;
}

/**
 * How long a `Retry-After` header (RFC 9110 10.2.3) asks us to wait, 0 to 15 minutes: digits only, or an IMF-fixdate, nothing else.
 * A date counts from the answer's own `Date` header, so that a wrong clock here does no harm. Null: no header, or none that can be read.
 */
export function retryAfterMs(header: string | null, dateHeader: string | null, nowMs: number): number | null {
  if (header === null) return null;
  let wait: number;
  if (/^\d+$/.test(header)) wait = Number(header) * 1000;
  else {
    const until = fixdate(header);
    if (until === null) return null;
    wait = until - ((dateHeader === null ? null : fixdate(dateHeader)) ?? nowMs);
  }
  return Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}

const ceiling = (failures: number) => (failures > 0 ? Math.min(CAP_MS, BASE_MS * 2 ** (failures - 1)) : 0);

/** Full jitter for network faults and 5xx: anywhere up to 1 s, 2 s, 4 s … 60 s after the 1st, 2nd, 3rd … failure in a row. */
export function backoffMs(failures: number, random: number): number {
  return ceiling(failures) * random;
}

/** Equal jitter for a 429 without `Retry-After`: at least half of the ceiling, as full jitter can come to almost nothing (aws-sdk-net 4341). */
export function rateLimitBackoffMs(failures: number, random: number): number {
  return (ceiling(failures) / 2) * (1 + random);
}
