import type { QuietHours } from './settings.ts';

/** A moment on the wall: `day` 0 = Sunday … 6 = Saturday, `minutes` since midnight. */
export interface WallTime {
  day: number;
  minutes: number;
}

/** The computer's own wall clock at epoch `ms`. */
export function localClock(ms: number): WallTime {
  const date = new Date(ms);
  return { day: date.getDay(), minutes: date.getHours() * 60 + date.getMinutes() };
}

function minutesOf(time: string): number {
  const [h, m] = time.split(':');
  return Number(h) * 60 + Number(m);
}

/**
 * Whether epoch `nowMs` is in the quiet hours: `from` included, `to` not. `days` are those on which the quiet time starts, so Friday 22:00
 * to 06:00 ends on Saturday morning though Saturday is not chosen. `from` = `to` is a whole day: there is no 24:00 to choose.
 */
export function inQuietHours(quiet: QuietHours, nowMs: number, local: (ms: number) => WallTime = localClock): boolean {
  if (!quiet.enabled) return false;
  const { day, minutes } = local(nowMs);
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  if (from < to) return minutes >= from && minutes < to && quiet.days.includes(day);
  if (!(from >= to)) return false; // not times
  return (minutes >= from && quiet.days.includes(day)) || (minutes < to && quiet.days.includes((day + 6) % 7));
}
