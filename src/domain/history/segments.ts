/**
 * The tenant's records as segments. A record says when a state began and how long the state *before* it lasted (seed 001), or how long it
 * lasted itself (public API): times and durations are held against each other, and what does not fit is put right or named.
 */
import type { StateKind } from '../agent-state.ts';
import type { HistoryRecord, Segment } from './history.ts';
import { Lane, type SegmentsRange, sameKind } from './lane.ts';
import { type HistoryNote, NoteBook } from './notes.ts';
import type { TimeRange } from './ranges.ts';
import { inOrder, putRight, type Tolerance, toleranceOf, usable } from './records.ts';

/** What was loaded up to so shortly before now was loaded up to now. */
const JUST_NOW_MS = 60_000;

export interface TenantSegments {
  /** Without a hole or an overlap from `fromMs` to the smaller of `toMs` and `nowMs`, to the millisecond. */
  segments: Segment[];
  /** In the order of `HISTORY_NOTES`; about all records, those outside the range as well. */
  notes: HistoryNote[];
}

/**
 * @param records in any order; those outside the range say what was at its edges
 * @param loadedMs what was asked for, where that is not the whole range: the last state is not known to go on after it
 */
export function segmentsOf(
  records: readonly HistoryRecord[],
  { loadedMs, ...range }: SegmentsRange & { loadedMs?: TimeRange | null },
): TenantSegments {
  const notes = new NoteBook();
  const rows = inOrder(records, notes);
  const tolerance = toleranceOf(rows, notes);
  leaveOutFuture(rows, range.nowMs, tolerance, notes);
  const startsMs = putRight(rows, tolerance, notes);
  const lane = new Lane(range, 'tenant');
  const knownToMs = loadedMs && loadedMs.toMs < lane.endMs - JUST_NOW_MS ? loadedMs.toMs : lane.endMs;
  const anyDuration = rows.some(({ beforeMs, lastsMs }) => beforeMs !== null || lastsMs !== null);
  addBefore(lane, rows[0], startsMs[0] ?? 0);
  /** Since when the state has been this one, through all records that only repeat it. */
  let runFromMs = startsMs[0] ?? 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as HistoryRecord;
    const fromMs = startsMs[index] ?? 0;
    const next = rows[index + 1];
    if (!next) {
      const endMs = fromMs + (usable(row.lastsMs) ?? Number.POSITIVE_INFINITY);
      // What still lasts may be said to have lasted until it was asked about.
      const open = endMs >= knownToMs - (lane.endsNow ? JUST_NOW_MS : tolerance.gapMs);
      lane.add(row, fromMs, open ? knownToMs : endMs, { joins: true, open, cut: open && knownToMs < lane.endMs });
      break;
    }
    const nextMs = startsMs[index + 1] ?? 0;
    let toMs = nextMs;
    const lastsMs = usable(row.lastsMs);
    const beforeMs = usable(next.beforeMs);
    if (lastsMs !== null) {
      const endMs = fromMs + lastsMs;
      if (endMs < nextMs - tolerance.gapMs) {
        toMs = endMs;
        notes.add('gaps', nextMs - endMs);
      } else noteDifference(notes, endMs > nextMs + tolerance.gapMs ? 'overlaps' : 'durationDiffers', endMs - nextMs, tolerance);
    } else if (beforeMs !== null) {
      // The state before `next` began then. Later than this record: one is missing in between, and this state had ended.
      const beganMs = nextMs - beforeMs;
      if (beganMs > fromMs + tolerance.gapMs) {
        toMs = beganMs;
        notes.add('gaps', beforeMs);
      } else if (Math.abs(beganMs - runFromMs) > tolerance.roundingMs)
        noteDifference(notes, 'durationDiffers', beganMs - fromMs, tolerance);
    } else if (anyDuration) notes.add('noDuration');
    lane.add(row, fromMs, toMs, JOINS);
    if (toMs === nextMs && sameKind(row, next)) notes.add('repeated');
    else runFromMs = nextMs;
  }
  return { segments: lane.done(), notes: notes.all() };
}

const JOINS = { joins: true };

function noteDifference(notes: NoteBook, code: 'overlaps' | 'durationDiffers', byMs: number, { roundingMs }: Tolerance): void {
  if (Math.abs(byMs) > roundingMs) notes.add(code, Math.abs(byMs));
}

function leaveOutFuture(rows: HistoryRecord[], nowMs: number, { gapMs }: Tolerance, notes: NoteBook): void {
  for (let last = rows.at(-1); last && last.atMs > nowMs; last = rows.at(-1)) {
    rows.pop();
    if (last.atMs > nowMs + gapMs) notes.add('inFuture', last.atMs - nowMs);
  }
}

const LOGGED_OUT: StateKind = { category: 'loggedOut', stateName: '', reason: '', skill: '' };

/** Before a log-in the agent was logged out, for as long as the record says; of any other state nobody says what it came after. */
function addBefore(lane: Lane, first: HistoryRecord | undefined, fromMs: number): void {
  const beforeMs = usable(first?.beforeMs ?? null);
  if (first?.category === 'loggedIn' && beforeMs !== null && beforeMs > 0) lane.add(LOGGED_OUT, fromMs - beforeMs, fromMs);
}
