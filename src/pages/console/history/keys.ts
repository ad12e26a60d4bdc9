/** What a key does on the timeline: decided apart from the elements. */
import type { Segment } from '../../../domain/history/history.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { panned, zoomed } from '../../../domain/history/timeline.ts';

export const ZOOM_STEP = 1.5;
/** A step by key or button moves a fifth of what is in sight. */
const PAN_PART = 0.2;

export interface Place {
  lane: number;
  index: number;
}

/** The same or another part of the range, around or beside where one is. */
export function windowFor(
  key: string,
  shift: boolean,
  window: TimeRange,
  bounds: TimeRange,
  aroundMs: number,
): TimeRange | 'whole' | null {
  const step = (window.toMs - window.fromMs) * PAN_PART;
  switch (key) {
    case '+':
    case '=':
      return zoomed(window, 1 / ZOOM_STEP, aroundMs, bounds);
    case '-':
    case '_':
      return zoomed(window, ZOOM_STEP, aroundMs, bounds);
    case '0':
      return 'whole';
    case 'ArrowLeft':
      return shift ? panned(window, -step, bounds) : null;
    case 'ArrowRight':
      return shift ? panned(window, step, bounds) : null;
    default:
      return null;
  }
}

/** From stretch to stretch, from lane to lane at the same time; null when the key is none of these. `lanes`: the stretches of each. */
export function placeFor(
  key: string,
  { lane, index }: Place,
  lanes: readonly (readonly Segment[])[],
  indexAt: (segments: readonly Segment[], ms: number) => number,
): Place | null {
  const here = lanes[lane] ?? [];
  const last = here.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return { lane, index: Math.max(0, index - 1) };
    case 'ArrowRight':
      return { lane, index: Math.min(last, index + 1) };
    case 'Home':
      return { lane, index: 0 };
    case 'End':
      return { lane, index: last };
    case 'ArrowUp':
    case 'ArrowDown': {
      const to = lane + (key === 'ArrowUp' ? -1 : 1);
      const there = lanes[to];
      if (!there) return { lane, index };
      const segment = here[index];
      const found = segment ? indexAt(there, (segment.fromMs + segment.toMs) / 2) : 0;
      return { lane: to, index: Math.max(0, found) };
    }
    default:
      return null;
  }
}

/** The window with the stretch in sight: where it is already, unchanged. */
export function revealing({ fromMs, toMs }: Segment, window: TimeRange, bounds: TimeRange): TimeRange {
  const length = window.toMs - window.fromMs;
  if (toMs - fromMs >= length)
    return fromMs < window.toMs && toMs > window.fromMs ? window : panned(window, fromMs - window.fromMs, bounds);
  if (fromMs < window.fromMs) return panned(window, fromMs - window.fromMs, bounds);
  return toMs > window.toMs ? panned(window, toMs - window.toMs, bounds) : window;
}
