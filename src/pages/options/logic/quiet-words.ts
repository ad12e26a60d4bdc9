import type { Phrase } from '../../../domain/problem-words.ts';
import type { QuietHours } from '../../../domain/settings.ts';

/** Monday first: the order of a working week. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

/**
 * One night (or noon) of the quiet hours in words, e.g. "Friday 22:00 to Saturday 06:00": the last chosen day of the working week,
 * because what is misunderstood is whether the morning after belongs to it. Null when no day is chosen.
 */
export function quietExample(
  quiet: QuietHours,
  dayName: (day: number) => string,
  clock: (time: string) => string = (time) => time,
): Phrase | null {
  const chosen = WEEK.filter((day) => quiet.days.includes(day));
  const day = chosen.findLast((candidate) => candidate !== 0 && candidate !== 6) ?? chosen.at(-1);
  if (day === undefined) return null;
  const next = dayName((day + 1) % 7);
  const from = clock(quiet.from);
  const to = clock(quiet.to);
  if (quiet.from < quiet.to) return { key: 'options_quietSameDay', params: [dayName(day), from, to] };
  const key = quiet.from === quiet.to ? 'options_quietWholeDay' : 'options_quietOvernight';
  return { key, params: [dayName(day), from, next, to] };
}
