/** What the clock on the wall says in an IANA zone: Intl's own tables, no library. All times are epoch ms. Throws a RangeError for a zone Intl does not know. */

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** 90 days of quarters, and some. */
const MANY_OFFSETS = 20_000;

interface Zone {
  format: Intl.DateTimeFormat;
  /** By quarter of an hour: no zone has changed its clocks at any other moment in decades, and Intl takes microseconds. */
  offsets: Map<number, number>;
}
const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = { format: new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' }), offsets: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/** How far the zone's clocks are ahead of UTC at that moment, ms: 7,200,000 in Berlin in summer. */
export function offsetAt(ms: number, zone: string): number {
  const { format, offsets } = zoneOf(zone);
  const quarter = Math.floor(ms / QUARTER_MS);
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    if (offsets.size >= MANY_OFFSETS) offsets.clear();
    // "3/29/2026, GMT+02:00"; GMT alone is none.
    const [, sign = '+', h = '0', min = '0', s = '0'] =
      /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(quarter * QUARTER_MS)) ?? [];
    offset = (sign === '-' ? -1000 : 1000) * (Number(h) * 3600 + Number(min) * 60 + Number(s));
    offsets.set(quarter, offset);
  }
  return offset;
}

/** Clocks are put back by two hours at most, and days are repeated by nobody. */
const PUT_BACK_MS = 3 * 3_600_000;

/** Whether the clocks of the zone show that time of that day at another moment as well: in the hour before or after they are put back. */
export function comesTwice(ms: number, zone: string): boolean {
  const offset = offsetAt(ms, zone);
  return [ms - PUT_BACK_MS, ms + PUT_BACK_MS].some((near) => {
    const other = offsetAt(near, zone);
    return other !== offset && offsetAt(ms + offset - other, zone) === other;
  });
}

/** `GMT+2`, `GMT-3:30`, `GMT`. */
export function offsetName(ms: number, zone: string): string {
  const minutes = Math.round(offsetAt(ms, zone) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  if (minutes === 0) return 'GMT';
  return `GMT${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** When the day of `ms` began in the zone: midnight, or the first moment there was where clocks skip midnight. */
export function startOfDay(ms: number, zone: string): number {
  const local = ms + offsetAt(ms, zone);
  return startOfDate(local - mod(local, DAY_MS), zone);
}

/** When the day after that of `ms` begins in the zone: 23, 24 or 25 hours after the start of its own, or some other time. */
export function startOfNextDay(ms: number, zone: string): number {
  const local = ms + offsetAt(ms, zone);
  return startOfDate(local - mod(local, DAY_MS) + DAY_MS, zone);
}

/** @param midnight the date's midnight as if its zone were UTC */
function startOfDate(midnight: number, zone: string): number {
  const before = offsetAt(midnight - DAY_MS, zone);
  const after = offsetAt(midnight + DAY_MS, zone);
  for (const offset of before >= after ? [before, after] : [after, before])
    if (offsetAt(midnight - offset, zone) === offset) return midnight - offset;
  // No clock showed midnight: the day began when they were put forward, between the two.
  let [low, high] = [midnight - Math.max(before, after), midnight - Math.min(before, after)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** `2026-03-29` as a calendar there has it. */
export function dateInZone(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone)).toISOString().slice(0, -14);
}

/** Milliseconds since the clocks of the zone showed 00:00. */
export function timeOfDay(ms: number, zone: string): number {
  return mod(ms + offsetAt(ms, zone), DAY_MS);
}

/** ISO 8601 with offset: `2026-03-29T03:00:00+02:00`; thousandths only where there are any. */
export function isoInZone(ms: number, zone: string): string {
  const offset = offsetAt(ms, zone);
  const local = new Date(ms + offset)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Never negative, unlike `%`. */
const mod = (value: number, by: number) => ((value % by) + by) % by;
