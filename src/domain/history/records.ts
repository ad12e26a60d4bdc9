/** Records of a history put in order and put right, before anybody makes segments of them. */
import type { HistoryRecord } from './history.ts';
import { sameKind } from './lane.ts';
import type { NoteBook } from './notes.ts';

/** A clock that was wrong was set right soon; so many records later it is another matter. */
const SHIFTED_RECORDS = 50;

/** Times and durations are both rounded to the second, by different people. */
const ROUNDING_MS = 2_000;
/** Where they are taken by different clocks they differ by so much without a record being missing. */
const CLOCKS_MS = 5_000;
/** Such clocks show in more than so many of the records. */
const CLOCKS_SHARE = 0.1;
const MINUTE_MS = 60_000;
/** So many times in a row that are whole minutes are no accident. */
const WHOLE_MINUTES = 20;

/** How exact the records are. */
export interface Tolerance {
  /** A difference up to this says nothing. */
  roundingMs: number;
  /** Up to this a duration and the times around it tell of the same stretch. */
  gapMs: number;
}

/** A state shorter than the tolerance, and a record missing after it, look like one stretch: no more is tolerated than these records need. */
export function toleranceOf(rows: readonly HistoryRecord[], notes: NoteBook): Tolerance {
  if (rows.length >= WHOLE_MINUTES && rows.every(({ atMs }) => atMs % MINUTE_MS === 0)) {
    notes.add('toTheMinute');
    return { roundingMs: MINUTE_MS, gapMs: MINUTE_MS };
  }
  let near = 0;
  let off = 0;
  for (let index = 1; index < rows.length; index++) {
    const before = rows[index - 1] as HistoryRecord;
    const row = rows[index] as HistoryRecord;
    const saidMs = usable(before.lastsMs) ?? usable(row.beforeMs);
    const offMs = saidMs === null ? Number.POSITIVE_INFINITY : Math.abs(row.atMs - before.atMs - saidMs);
    if (offMs > CLOCKS_MS) continue;
    near++;
    if (offMs > ROUNDING_MS) off++;
  }
  return { roundingMs: ROUNDING_MS, gapMs: off > near * CLOCKS_SHARE ? CLOCKS_MS : ROUNDING_MS };
}

/** A duration that can be one; null as well for what is not said. */
export const usable = (ms: number | null): number | null => (ms !== null && ms >= 0 ? ms : null);

/** In order of time, each record once. A list that runs from newest to oldest is in order too. */
export function inOrder(records: readonly HistoryRecord[], notes: NoteBook): HistoryRecord[] {
  let rises = 0;
  let falls = 0;
  for (let index = 1; index < records.length; index++) {
    const ms = (records[index]?.atMs ?? 0) - (records[index - 1]?.atMs ?? 0);
    if (ms > 0) rises++;
    else if (ms < 0) falls++;
  }
  // Of equal times the order is still open.
  if (falls === 0 && rises >= records.length - 1) return distinct(records, null, notes);
  const told = falls > rises ? [...records].reverse() : [...records];
  const late = lateOnes(told);
  const rows = distinct(told.sort(byTime), late, notes);
  if (late.size > 0) notes.add('outOfOrder', 0, late.size);
  return rows;
}

/** Those that come after a newer one. */
function lateOnes(records: readonly HistoryRecord[]): Set<HistoryRecord> {
  const late = new Set<HistoryRecord>();
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    if (record.atMs < newestMs) late.add(record);
    else newestMs = record.atMs;
  }
  return late;
}

/** At the same moment: what lasted no time comes first, and so does what came after something longer. */
function byTime(a: HistoryRecord, b: HistoryRecord): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.lastsMs !== null && b.lastsMs !== null && a.lastsMs !== b.lastsMs) return a.lastsMs - b.lastsMs;
  return a.beforeMs !== null && b.beforeMs !== null ? b.beforeMs - a.beforeMs : 0;
}

/** @param late a second copy that came late is no more than a copy, and is taken out */
function distinct(records: readonly HistoryRecord[], late: Set<HistoryRecord> | null, notes: NoteBook): HistoryRecord[] {
  const rows: HistoryRecord[] = [];
  for (const record of records) {
    let same = rows.length - 1;
    while (same >= 0 && rows[same]?.atMs === record.atMs && !sameKind(rows[same] as HistoryRecord, record)) same--;
    const twin = rows[same];
    if (twin?.atMs !== record.atMs) {
      rows.push(record);
      continue;
    }
    notes.add('duplicates');
    late?.delete(record);
    // One of the two may know more.
    rows[same] = { ...twin, beforeMs: twin.beforeMs ?? record.beforeMs, lastsMs: twin.lastsMs ?? record.lastsMs };
  }
  return rows;
}

/**
 * When each record's state began. Where some records stand later (or earlier) than the durations around them say, and what follows stands
 * earlier (or later) by the same amount, it was their clock: they are moved back. Order is kept.
 */
export function putRight(rows: readonly HistoryRecord[], { gapMs }: Tolerance, notes: NoteBook): Float64Array {
  const startsMs = Float64Array.from(rows, ({ atMs }) => atMs);
  let first = -1;
  let byMs = 0;
  let runFromMs = rows[0]?.atMs ?? 0;
  for (let index = 1; index < rows.length; index++) {
    const before = rows[index - 1] as HistoryRecord;
    const row = rows[index] as HistoryRecord;
    const saidMs = usable(before.lastsMs) ?? usable(row.beforeMs);
    const offMs = saidMs === null ? 0 : row.atMs - before.atMs - saidMs;
    // A state that was repeated may be counted from its beginning.
    const whole = saidMs !== null && Math.abs(row.atMs - runFromMs - saidMs) <= gapMs;
    if (!sameKind(before, row)) runFromMs = row.atMs;
    if (saidMs === null || index - first > SHIFTED_RECORDS) first = -1;
    if (Math.abs(offMs) <= gapMs || whole) continue;
    if (first < 0 || Math.abs(offMs + byMs) > gapMs) {
      first = index;
      byMs = offMs;
      continue;
    }
    for (let place = first; place < index; place++) startsMs[place] = (startsMs[place] ?? 0) - byMs;
    notes.add('clockPutRight', Math.abs(byMs), index - first);
    first = -1;
  }
  return startsMs;
}
