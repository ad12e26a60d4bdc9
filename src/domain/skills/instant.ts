/** Times as people write them in a file, read strictly. */
import { offsetAt } from '../history/zone.ts';

/** `date`: not one, or none that is understood. `dateGap`: the clocks there were put forward past it. `dateZone`: nobody says of which zone. */
export type InstantProblem = 'date' | 'dateGap' | 'dateZone';
/** `at`: ISO 8601 in UTC, whole seconds. */
export type Instant = { at: string } | { problem: InstantProblem };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** `2026-01-15`, `2026-01-15T08:00`, `2026-01-15 08:00:30`, the last two with `Z` or an offset too. Nothing that could be read in two ways. */
const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?: ?(?:(Z)|([+-])(\d\d)(?::?([0-5]\d))?))?)?$/i;
/** No place on earth is further from UTC (Kiribati: 14). */
const MOST_HOURS = 15;

/**
 * A reader of times that say no offset in the given IANA zone; '' = a zone has not been chosen, and only times with an offset are understood.
 * A date alone is its 00:00; 24:00 is the next day's. Of two moments with the same time on the clock it is the earlier. Fractions of a second are cut off.
 * Throws a RangeError for a zone Intl does not know.
 */
export function instantReader(zone: string): (text: string) => Instant {
  // Files name the same few times over and over; where they do not, at least the same days.
  const known = new Map<string, Instant>();
  const days = new Map<number, number | null>();
  const offsetOfDay: OffsetOfDay = (midnight) => {
    let offset = days.get(midnight);
    if (offset === undefined) {
      // Further than any zone is from UTC, either way: where the clocks agree then they have not been changed in between.
      const before = offsetAt(midnight - DAY_MS, zone);
      offset = before === offsetAt(midnight + 2 * DAY_MS, zone) ? before : null;
      days.set(midnight, offset);
    }
    return offset;
  };
  return (text) => {
    let instant = known.get(text);
    if (!instant) {
      instant = read(text, zone, offsetOfDay);
      known.set(text, instant);
    }
    return instant;
  };
}

/** Null: the clocks are changed about that day. @param midnight as if its zone were UTC */
type OffsetOfDay = (midnight: number) => number | null;

function read(text: string, zone: string, offsetOfDay: OffsetOfDay): Instant {
  const [, year, month, day, hour = '00', minute = '00', second = '00', utc, sign, offsetHours, offsetMinutes = '00'] =
    WRITTEN.exec(text) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // A day that does not exist, or a year before 100, has become another. Before 1970 nobody had these skills.
  if (!(midnight >= 0) || new Date(midnight).toISOString().slice(0, 10) !== text.slice(0, 10)) return { problem: 'date' };
  const endOfDay = hour === '24' && minute === '00' && second === '00';
  if (!endOfDay && (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)) return { problem: 'date' };
  const wallMs = midnight + (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000;
  if (utc) return instantOf(wallMs);
  if (sign) {
    if (Number(offsetHours) > MOST_HOURS) return { problem: 'date' };
    const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE_MS;
    return instantOf(sign === '+' ? wallMs - offsetMs : wallMs + offsetMs);
  }
  if (zone === '') return { problem: 'dateZone' };
  const offset = offsetOfDay(midnight);
  const atMs = offset === null ? earliest(wallMs, zone) : wallMs - offset;
  return atMs === null ? { problem: 'dateGap' } : instantOf(atMs);
}

/** The first moment at which the clocks of the zone show this; null: they skip it. @param wallMs as if its zone were UTC */
function earliest(wallMs: number, zone: string): number | null {
  // The greater offset is the earlier moment.
  const offsets = [offsetAt(wallMs - DAY_MS, zone), offsetAt(wallMs + DAY_MS, zone)].sort((a, b) => b - a);
  for (const offset of offsets) if (offsetAt(wallMs - offset, zone) === offset) return wallMs - offset;
  return null;
}

/** Years beyond 9999 (a far end, written west of Greenwich) have no four digits. */
function instantOf(ms: number): Instant {
  const at = `${new Date(ms).toISOString().slice(0, -5)}Z`;
  return at.length === 20 ? { at } : { problem: 'date' };
}
