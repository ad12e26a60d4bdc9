/** What the segments of an agent add up to. Everything is milliseconds; parts add up to the range exactly. */
import { CATEGORIES, type Category } from '../agent-state.ts';
import type { Segment } from './history.ts';

interface Total {
  category: Category;
  ms: number;
  /** Stretches, those cut at the range's edges as well. */
  count: number;
}
export interface CategoryTotal extends Total {
  longestMs: number;
}
export interface StateTotal extends Total {
  stateName: string;
}
export interface ReasonTotal extends StateTotal {
  reason: string;
}

export interface Totals {
  /** From the first segment to the last. */
  rangeMs: number;
  /** Time of which nobody knows; with `byCategory` (or `byState`, or `byReason`) it adds up to `rangeMs`. */
  unknownMs: number;
  /** Those that occurred, most time first; so are the other two. `unknown` here is a state the tenant names and we have no category for. */
  byCategory: CategoryTotal[];
  byState: StateTotal[];
  byReason: ReasonTotal[];
  /** Known, and not logged out. */
  loggedInMs: number;
  /** Time on contacts and after them (`working`, `acw`) as a part, 0 to 1, of the time logged in; null: no such time. Unavailable time counts as logged in. */
  occupancy: number | null;
  /** The first time in the range that the agent went from logged out to logged in, or a log-in was recorded; null: none in the range. */
  firstLogInMs: number | null;
  /** The last time in the range that the agent logged out; null: none. */
  lastLogOutMs: number | null;
  /** The agent is logged in at the end of the range, and since when; `known` false: at least since then. */
  loggedInSince: { atMs: number; known: boolean } | null;
  /** How often a state began within the range. */
  transitions: number;
  /** The longest single stretch that is known and not logged out. */
  longest: Segment | null;
}

/** @param segments of one agent, in order and without holes, as `segmentsOf`, `segmentsSeen` and `filledWithOurs` make them */
export function totalsOf(segments: readonly Segment[]): Totals {
  const books = new Map<Category, { total: CategoryTotal; states: Map<string, Map<string, ReasonTotal>> }>();
  const totals: Totals = {
    rangeMs: (segments.at(-1)?.toMs ?? 0) - (segments[0]?.fromMs ?? 0),
    unknownMs: 0,
    byCategory: [],
    byState: [],
    byReason: [],
    loggedInMs: 0,
    occupancy: null,
    firstLogInMs: null,
    lastLogOutMs: null,
    loggedInSince: null,
    transitions: 0,
    longest: null,
  };
  let before: Segment | null = null;
  let longestMs = -1;
  for (const segment of segments) {
    const { category, stateName, reason, fromMs, source } = segment;
    const ms = segment.toMs - fromMs;
    if (source === 'unknown') {
      totals.unknownMs += ms;
      totals.loggedInSince = null;
      before = segment;
      continue;
    }
    let book = books.get(category);
    if (!book) {
      book = { total: { category, ms: 0, count: 0, longestMs: 0 }, states: new Map() };
      books.set(category, book);
    }
    book.total.ms += ms;
    book.total.count++;
    if (ms > book.total.longestMs) book.total.longestMs = ms;
    let reasons = book.states.get(stateName);
    if (!reasons) {
      reasons = new Map();
      book.states.set(stateName, reasons);
    }
    const line = reasons.get(reason);
    if (line) {
      line.ms += ms;
      line.count++;
    } else reasons.set(reason, { category, stateName, reason, ms, count: 1 });

    const wasOut: boolean = before !== null && before.source !== 'unknown' && before.category === 'loggedOut';
    const wasIn: boolean = before !== null && before.source !== 'unknown' && !wasOut;
    const begins = !goesOn(segment, before);
    if (begins) totals.transitions++;
    if (category === 'loggedOut') {
      if (begins && !wasOut) totals.lastLogOutMs = fromMs;
      totals.loggedInSince = null;
    } else {
      totals.loggedInMs += ms;
      const logsIn: boolean = wasOut || (category === 'loggedIn' && !wasIn && begins);
      if (logsIn) totals.firstLogInMs ??= fromMs;
      if (!wasIn) totals.loggedInSince = { atMs: fromMs, known: logsIn };
      if (ms > longestMs) {
        longestMs = ms;
        totals.longest = segment;
      }
    }
    before = segment;
  }
  const lines = [...books.values()];
  const msOf = (category: Category) => books.get(category)?.total.ms ?? 0;
  if (totals.loggedInMs > 0) totals.occupancy = (msOf('working') + msOf('acw')) / totals.loggedInMs;
  totals.byCategory = lines.map(({ total }) => total).sort(mostFirst);
  totals.byReason = lines
    .flatMap(({ states }) => [...states.values()].flatMap((reasons) => [...reasons.values()]))
    .sort(mostFirst);
  totals.byState = lines
    .flatMap(({ total: { category }, states }) =>
      [...states].map(([stateName, reasons]) => {
        const parts = [...reasons.values()];
        return { category, stateName, ms: sum(parts, 'ms'), count: sum(parts, 'count') };
      }),
    )
    .sort(mostFirst);
  return totals;
}

/** It began before what is known of it: before the range, or it is the rest of a stretch that somebody else told of. */
function goesOn({ category, cut, fromMs, toMs, source }: Segment, before: Segment | null): boolean {
  // Of a state seen at its beginning and then no more (it has no length) the end is what is cut.
  if (!cut || toMs === fromMs) return false;
  return before === null || (before.category === category && before.source !== source && before.source !== 'unknown');
}

const sum = (parts: readonly Total[], field: 'ms' | 'count') => parts.reduce((all, part) => all + part[field], 0);
const mostFirst = (a: Total, b: Total) => b.ms - a.ms || CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category);
