/** Times and durations in words. Everything in is epoch milliseconds or milliseconds; nothing reads the clock. */

const UNITS = { d: 'day', h: 'hour', min: 'minute', s: 'second' } as const;
type Unit = keyof typeof UNITS;

const numbers = new Map<string, Intl.NumberFormat>();
const clocks = new Map<string, Intl.DateTimeFormat>();

const isEnglish = (locale: string) => /^en\b/i.test(locale);

/** English says "4 s" and "1 h" (SI signs, the same width at every count); Intl's own short English is "4 sec", "1 hr". */
function amount(value: number, unit: Unit, locale: string, digits = 1): string {
  if (isEnglish(locale)) return `${String(value).padStart(digits, '0')} ${unit}`;
  const key = `${locale}|${unit}|${digits}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: UNITS[unit],
      unitDisplay: 'short',
      minimumIntegerDigits: digits,
    });
    numbers.set(key, format);
  }
  return format.format(value);
}

function split(ms: number) {
  const s = ms > 0 ? Math.floor(ms / 1000) : 0;
  return { s, min: Math.floor(s / 60), h: Math.floor(s / 3600), d: Math.floor(s / 86_400) };
}

/** How long, for a row: `41 s`, `14 min`, `1 h 04 min`, `2 d 3 h`. Rounded down; negative or NaN (a clock set back) is `0 s`. */
export function formatDuration(ms: number, locale = 'en'): string {
  const { s, min, h, d } = split(ms);
  if (min === 0) return amount(s, 's', locale);
  if (h === 0) return amount(min, 'min', locale);
  if (d === 0) return `${amount(h, 'h', locale)} ${amount(min % 60, 'min', locale, 2)}`;
  return `${amount(d, 'd', locale)} ${amount(h % 24, 'h', locale)}`;
}

/** How old, at a glance: the largest unit alone, `4 s`, `14 min`, `1 h`, `2 d`. Rounded down. */
export function formatAge(ms: number, locale = 'en'): string {
  const { s, min, h, d } = split(ms);
  if (d > 0) return amount(d, 'd', locale);
  if (h > 0) return amount(h, 'h', locale);
  return min > 0 ? amount(min, 'min', locale) : amount(s, 's', locale);
}

/** Time of day, `09:41`: 24 hours in English, the locale's own habit elsewhere; '' for a time that is none. `timeZone` defaults to the computer's. */
export function formatClock(ms: number, locale = 'en', timeZone?: string): string {
  // Beyond this Intl throws (ECMA-262 21.4.1.1, time range).
  if (!(Math.abs(ms) <= 8.64e15)) return '';
  const key = `${locale}|${timeZone ?? ''}`;
  let format = clocks.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      ...(isEnglish(locale) ? { hourCycle: 'h23' } : {}),
      ...(timeZone ? { timeZone } : {}),
    });
    clocks.set(key, format);
  }
  return format.format(ms);
}
