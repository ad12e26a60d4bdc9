import { formatClock } from '../../domain/time.ts';

const DAY_MS = 86_400_000;

/** A time of day; with the weekday or the date where "09:41" alone would be taken for today's. */
export function formatWhen(ms: number, nowMs: number, locale = 'en'): string {
  const clock = formatClock(ms, locale);
  const then = new Date(ms);
  if (then.toDateString() === new Date(nowMs).toDateString()) return clock;
  const near = Math.abs(nowMs - ms) < 6 * DAY_MS;
  const day = then.toLocaleDateString(locale, near ? { weekday: 'short' } : { day: 'numeric', month: 'short' });
  return `${day} ${clock}`;
}
