/** Sentences the room says in more than one place. */
import type { Segment } from '../../../domain/history/history.ts';
import type { Difference } from '../../../domain/history/overlay.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import type { Tick } from '../../../domain/history/timeline.ts';
import { comesTwice, dateInZone, offsetAt, offsetName } from '../../../domain/history/zone.ts';
import { formatClock, formatDuration } from '../../../domain/time.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { categoryLabel, stateName, stateText } from '../../parts/category.ts';
import type { RangeName } from './question.ts';
import { ZONE } from './state.ts';

const RANGE_LABELS: Record<RangeName, MessageKey> = {
  '24h': 'history_range_24h',
  today: 'history_range_today',
  yesterday: 'history_range_yesterday',
  '7d': 'history_range_7d',
  own: 'history_range_own',
};
export const rangeLabel = (range: RangeName): string => t(RANGE_LABELS[range]);

let days: Intl.DateTimeFormat | undefined;
/** `Mon 2 Mar`. */
export function formatDay(ms: number): string {
  days ??= new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: ZONE });
  return days.format(ms).replace(',', '');
}

const MINUTE_MS = 60_000;

const secondsOf = (ms: number) => String(Math.floor((ms % MINUTE_MS) / 1000)).padStart(2, '0');

const clock = (ms: number): string => formatClock(ms, 'en', ZONE);
const clockSecond = (ms: number): string => `${clock(ms)}:${secondsOf(ms)}`;

/** Where clocks are put back an hour comes twice: there it is said which of the two it is. */
const which = (ms: number): string => (comesTwice(ms, ZONE) ? ` ${offsetName(ms, ZONE)}` : '');

/** `09:41`. */
export const formatTime = (ms: number): string => clock(ms) + which(ms);

const dayUnless = (besideMs: number, ms: number) =>
  dateInZone(ms, ZONE) === dateInZone(besideMs, ZONE) ? '' : `${formatDay(ms)} `;

/** The time of day; the day with it where it is another than that of `besideMs`. */
export const formatMoment = (ms: number, besideMs: number): string => dayUnless(besideMs, ms) + formatTime(ms);
/** The same to the second: where one looks closely. */
export const formatExact = (ms: number, besideMs: number): string => dayUnless(besideMs, ms) + clockSecond(ms) + which(ms);

export const clocksChange = ({ fromMs, toMs }: TimeRange): boolean => offsetAt(fromMs, ZONE) !== offsetAt(toMs, ZONE);

/** Both ends of a time. Where clocks are changed in between, each says by which of the two: else it does not seem to be as long as it was. */
export function formatEnds(
  range: TimeRange,
  besideMs: number,
  format: (ms: number, besideMs: number) => string = formatExact,
): [string, string] {
  const { fromMs, toMs } = range;
  const changed = clocksChange(range);
  const end = (ms: number, beside: number) =>
    changed && which(ms) === '' ? `${format(ms, beside)} ${offsetName(ms, ZONE)}` : format(ms, beside);
  return [end(fromMs, besideMs), end(toMs, fromMs)];
}

/** How long, exact where one looks closely: `41 s`, `14 min 05 s`, `1 h 04 min`. */
export function formatLong(ms: number): string {
  return ms >= MINUTE_MS && ms < 60 * MINUTE_MS ? t('history_minutes', formatDuration(ms), secondsOf(ms)) : formatDuration(ms);
}

/** How long a stretch lasted; at least that long where it goes on beyond what is known. */
export function lasted({ fromMs, toMs, running, cut }: Segment): string {
  const long = formatLong(toMs - fromMs);
  if (running) return t('history_soFar', long);
  return cut ? t('history_atLeast', long) : long;
}

/** What the state was: nobody knows is said as such. */
export function what(segment: Segment): string {
  return segment.source === 'unknown' ? t('history_unknown') : stateText(segment);
}

/** The state in full, for who cannot see its colour: our name of it and the tenant's. */
export function whatInFull(segment: Segment): string {
  const label = categoryLabel(segment.category);
  return segment.source === 'unknown' || stateName(segment) === label ? what(segment) : `${label}: ${what(segment)}`;
}

export function when(segment: Segment, besideMs: number): string {
  return t('history_span', ...formatEnds(segment, besideMs));
}

/** In one line: for the ear. */
export function sentence(segment: Segment, besideMs: number): string {
  const parts = [whatInFull(segment), when(segment, besideMs), lasted(segment)];
  if (segment.source === 'seen') parts.push(t('history_source_seen'));
  return parts.join(', ');
}

export function differenceText({ kind, fromMs, toMs }: Difference): string {
  return t(`history_difference_${kind}`, formatLong(toMs - fromMs));
}

/** The day where one begins, else the time; seconds where the ticks are that close. */
export function tickLabel({ atMs, startsDay }: Pick<Tick, 'atMs' | 'startsDay'>): string {
  if (startsDay) return formatDay(atMs);
  // Seconds are close enough for no hour to be in sight twice, and there is no room for more.
  return atMs % MINUTE_MS === 0 ? formatTime(atMs) : clockSecond(atMs);
}
