/** Which rows of a long list of equal heights are drawn, and the room the others take above and below. */
export interface Span {
  first: number;
  /** One past the last row drawn. */
  end: number;
  before: number;
  after: number;
}

interface View {
  /** How far the list's first row lies above the top of what can be seen; negative while it is still below. */
  scrolled: number;
  /** Height of what can be seen. */
  height: number;
  rowHeight: number;
  count: number;
}

/** Rows drawn beyond the edge, so that a flick of the wheel meets rows, not blanks. */
const SPARE = 12;
/** Spans begin at multiples of this: fewer, larger steps instead of one for each row scrolled past. */
const STEP = 8;

export function spanOf({ scrolled, height, rowHeight, count }: View): Span {
  const top = Math.floor(scrolled / rowHeight) - SPARE;
  const first = Math.max(0, Math.min(Math.floor(top / STEP) * STEP, Math.max(0, count - 1)));
  const bottom = Math.ceil((scrolled + height) / rowHeight) + SPARE;
  const end = Math.min(count, Math.max(first, Math.ceil(bottom / STEP) * STEP));
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}

/** Where to scroll so that row `index` is in sight; null when it is. `cover` is the height of what lies over the top. */
export function scrollFor(index: number, { scrolled, height, rowHeight }: Omit<View, 'count'>, cover: number): number | null {
  const top = index * rowHeight;
  if (top < scrolled + cover) return top - cover;
  if (top + rowHeight > scrolled + height) return top + rowHeight - height;
  return null;
}
