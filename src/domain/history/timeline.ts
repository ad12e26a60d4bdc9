/** The geometry of a timeline: times to pixels and back. Pure; a lane is `width` px wide and shows a window of time. */
import type { Segment } from './history.ts';
import type { TimeRange } from './ranges.ts';
import { startOfDay, startOfNextDay, timeOfDay } from './zone.ts';

export interface Rect {
  /** px from the left of the lane. */
  x: number;
  width: number;
  /** First and last of the segments it stands for, as places in the list; only one of them is drawn wider than half a pixel. */
  first: number;
  last: number;
}

export interface LaneRects {
  /** From left to right, without holes between them where the segments have none; at most two a pixel. */
  rects: Rect[];
  /** Segments within the window that are too short to be drawn at this zoom. */
  hidden: number;
}

/** Nothing is drawn narrower, px: on a screen of two dots a pixel it is one dot. */
const THINNEST = 0.5;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** One minute across the whole lane is as close as anybody needs. */
const CLOSEST_MS = MINUTE_MS;

/**
 * What to draw of one lane. Ends of segments are moved to the nearest half pixel, counted from a fixed moment and not from the left of the
 * window, so that nothing flickers while the window moves. Of those that would have no width left the one in the middle of each half pixel
 * is drawn: over many of them every state has the share of the picture that it has of the time. Neighbours of half a pixel in the same state
 * become one. @param segments in order of time, without overlaps
 */
export function rectsOf(segments: readonly Segment[], view: TimeRange, width: number): LaneRects {
  const { fromMs, toMs } = view;
  const rects: Rect[] = [];
  let hidden = 0;
  if (!(toMs > fromMs) || !(width > 0)) return { rects, hidden };
  const stepMs = ((toMs - fromMs) / width) * THINNEST;
  let rightOf: Segment | null = null;
  let thin = false;
  for (let index = firstAfter(segments, fromMs); index < segments.length; index++) {
    const segment = segments[index] as Segment;
    if (segment.fromMs >= toMs) break;
    const left = Math.round(segment.fromMs / stepMs);
    const right = Math.round(segment.toMs / stepMs);
    if (right === left) {
      if (segment.toMs > segment.fromMs) hidden++;
      continue;
    }
    const x = Math.max(0, left * THINNEST - (fromMs / stepMs) * THINNEST);
    const end = Math.min(width, right * THINNEST - (fromMs / stepMs) * THINNEST);
    if (end <= x) continue;
    const last = rects.at(-1);
    const isThin = right - left === 1;
    if (last && rightOf && (thin || isThin) && looksSame(rightOf, segment) && last.x + last.width >= x - THINNEST / 2) {
      last.width = end - last.x;
      last.last = index;
    } else rects.push({ x, width: end - x, first: index, last: index });
    thin = isThin;
    rightOf = segment;
  }
  return { rects, hidden };
}

const looksSame = (a: Segment, b: Segment) => a.category === b.category && a.source === b.source;

/** Place of the first segment that ends after `ms`; their number when none does. */
function firstAfter(segments: readonly Segment[], ms: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.toMs ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Place in `segments` of the one in which `ms` lies (its end is not part of it); -1: none. */
export function segmentIndexAt(segments: readonly Segment[], ms: number): number {
  const index = firstAfter(segments, ms);
  return (segments[index]?.fromMs ?? Number.POSITIVE_INFINITY) <= ms ? index : -1;
}

/** px from the left of the lane; outside of it below 0 or above `width`. */
export function xAt(ms: number, { fromMs, toMs }: TimeRange, width: number): number {
  return ((ms - fromMs) / (toMs - fromMs)) * width;
}

/** The time at a place, whole ms. */
export function msAt(x: number, { fromMs, toMs }: TimeRange, width: number): number {
  return Math.round(fromMs + (x / width) * (toMs - fromMs));
}

/**
 * @param factor 0.5 shows half as much, 2 twice as much; never less than a minute nor more than `bounds`
 * @param anchorMs the moment that stays where it is: under the pointer, or the middle
 */
export function zoomed(view: TimeRange, factor: number, anchorMs: number, bounds: TimeRange): TimeRange {
  const span = view.toMs - view.fromMs;
  const most = bounds.toMs - bounds.fromMs;
  const next = Math.min(most, Math.max(CLOSEST_MS, span * factor));
  const anchor = Math.min(view.toMs, Math.max(view.fromMs, anchorMs));
  const fromMs = anchor - ((anchor - view.fromMs) / span) * next;
  return clamped({ fromMs, toMs: fromMs + next }, bounds);
}

/** Moved by so much, to later when it is positive, as far as `bounds` allow; what it shows stays as long. */
export function panned({ fromMs, toMs }: TimeRange, byMs: number, bounds: TimeRange): TimeRange {
  return clamped({ fromMs: fromMs + byMs, toMs: toMs + byMs }, bounds);
}

/** The window moved into `bounds`, and cut to them when it is longer. Whole ms. */
export function clamped({ fromMs, toMs }: TimeRange, bounds: TimeRange): TimeRange {
  const span = Math.min(Math.round(toMs - fromMs), bounds.toMs - bounds.fromMs);
  const start = Math.max(bounds.fromMs, Math.min(Math.round(fromMs), bounds.toMs - span));
  return { fromMs: start, toMs: start + span };
}

export interface Tick {
  atMs: number;
  x: number;
  /** A day of the zone begins there: it is labelled with the date. */
  startsDay: boolean;
}

/** px between two ticks, at least: room for "09:41:30" or "Tue 24 Mar". */
const TICK_ROOM = 80;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map((s) => s * 1000);
const QUARTER_MS = 15 * MINUTE_MS;

/** Round times by the clocks of the zone, also where they are put forward or back; days begin where the zone's days begin. */
export function ticksOf(view: TimeRange, width: number, zone: string): Tick[] {
  const { fromMs, toMs } = view;
  if (!(toMs > fromMs) || !(width > 0)) return [];
  const roomMs = ((toMs - fromMs) / width) * TICK_ROOM;
  const stepMs = STEPS_MS.find((step) => step >= roomMs);
  const times = stepMs === undefined ? days(view, Math.ceil(roomMs / DAY_MS), zone) : clockTimes(view, stepMs, zone);
  return times.map((atMs) => ({ atMs, x: xAt(atMs, view, width), startsDay: startOfDay(atMs, zone) === atMs }));
}

/** Starts of days, every so many of them from the first on. */
function days({ fromMs, toMs }: TimeRange, every: number, zone: string): number[] {
  const times: number[] = [];
  let count = 0;
  let atMs = startOfDay(fromMs, zone) === fromMs ? fromMs : startOfNextDay(fromMs, zone);
  for (; atMs <= toMs; atMs = startOfNextDay(atMs, zone)) if (count++ % every === 0) times.push(atMs);
  return times;
}

/** Greatest length that both are multiples of (Euclid). */
const commonMeasure = (a: number, b: number): number => (b === 0 ? a : commonMeasure(b, a % b));

/** Moments at which the zone's clocks show a multiple of the step. Clocks are changed by whole quarters of an hour. */
function clockTimes({ fromMs, toMs }: TimeRange, stepMs: number, zone: string): number[] {
  const times: number[] = [];
  // Clocks that are three quarters of an hour off show a multiple of ten minutes between two of our own.
  const grainMs = commonMeasure(stepMs, QUARTER_MS);
  for (let atMs = Math.ceil(fromMs / grainMs) * grainMs; atMs <= toMs; atMs += grainMs)
    if (timeOfDay(atMs, zone) % stepMs === 0) times.push(atMs);
  return times;
}
