/** Rectangles of a lane as a few paths, one for each state: a handful of elements, however many changes there were. */
import { CATEGORIES, type Category } from '../../domain/agent-state.ts';
import type { Segment } from '../../domain/history/history.ts';
import type { Rect } from '../../domain/history/timeline.ts';

/** Height of a lane's bar, px. */
export const BAR = 20;

/** A state has a colour AND a shape: how much of the bar's height it takes, besides its pattern. Being on a contact fills it. */
export const HEIGHTS: Record<Category, number> = {
  available: 12,
  working: BAR,
  acw: BAR,
  unavailable: BAR,
  loggedIn: 10,
  loggedOut: 3,
  unknown: 14,
};
/** Width of an outline, px. */
export const OUTLINE = 1.5;
/** Drawn as an outline: there is nothing inside, or nobody knows what. */
export const OUTLINED: readonly Category[] = ['loggedIn', 'unknown'];

/** From this width on two neighbours are told apart by the paper between them. */
const GAP_FROM = 4;
const GAP = 1;

/** Two digits behind the point are a twentieth of what the eye can see, and half the text. */
const short = (value: number) => Math.round(value * 100) / 100;

export type Paths = { category: Category; d: string }[];

/** `d` of a filled state is to be stroked at the height of its bar; that of an outlined one is its outline. The middle of the bar is 0. */
export function pathsOf(rects: readonly Rect[], segments: readonly Segment[]): Paths {
  const parts = new Map<Category, string[]>();
  for (const { x, width, first } of rects) {
    const category = segments[first]?.category ?? 'unknown';
    let part = parts.get(category);
    if (!part) {
      part = [];
      parts.set(category, part);
    }
    const wide = short(width >= GAP_FROM ? width - GAP : width);
    if (OUTLINED.includes(category)) part.push(outline(x, wide, HEIGHTS[category]));
    else part.push(`M${short(x)} 0h${wide}`);
  }
  return CATEGORIES.flatMap((category) => {
    const part = parts.get(category);
    return part ? [{ category, d: part.join('') }] : [];
  });
}

/** Lies within its place: half a line goes inside. Too narrow for an inside it is a line. */
function outline(x: number, width: number, height: number): string {
  const half = height / 2;
  if (width < 3) return `M${short(x + width / 2)} ${-half}v${height}`;
  const inner = short(width - OUTLINE);
  return `M${short(x + OUTLINE / 2)} ${OUTLINE / 2 - half}h${inner}v${height - OUTLINE}h${-inner}z`;
}

/** Where a lane's stretches of our own record lie: one path along its foot. */
export function oursPath(rects: readonly Rect[], segments: readonly Segment[]): string {
  return rects
    .filter(({ first }) => segments[first]?.source === 'seen')
    .map(({ x, width }) => `M${short(x)} 0h${short(width)}`)
    .join('');
}
