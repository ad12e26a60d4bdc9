/** The stretches of all lanes as rows of one table: sorted and narrowed. */
import { type AgentId, CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import type { Segment } from '../../../domain/history/history.ts';

export const COLUMNS = ['name', 'from', 'to', 'lasted', 'state', 'reason', 'source'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  column: Column;
  descending: boolean;
}

export interface Row {
  agentId: AgentId;
  name: string;
  segment: Segment;
}

export interface Filter {
  words: string;
  category: Category | null;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const CATEGORY_RANK = new Map<string, number>(CATEGORIES.map((category, index) => [category, index]));

/** The place of each text in the alphabet: comparing by locale is the dear part, and of tens of thousands of rows few texts differ. */
function placesOf(rows: readonly Row[], textOf: (row: Row) => string): (row: Row) => number {
  const texts = [...new Set(rows.map(textOf))].sort(collator.compare);
  const places = new Map(texts.map((text, index) => [text, index]));
  return (row) => places.get(textOf(row)) ?? 0;
}

/** What a column sorts by, as a number; null for "nothing there", which comes last whichever way one sorts. */
function keyOf(column: Column, rows: readonly Row[]): (row: Row) => number | null {
  switch (column) {
    case 'from':
      return ({ segment }) => segment.fromMs;
    case 'to':
      return ({ segment }) => segment.toMs;
    case 'lasted':
      return ({ segment }) => segment.toMs - segment.fromMs;
    case 'name':
      return placesOf(rows, ({ name }) => name);
    case 'source':
      return placesOf(rows, ({ segment }) => segment.source);
    case 'state': {
      const place = placesOf(rows, ({ segment }) => segment.stateName);
      return (row) => (CATEGORY_RANK.get(row.segment.category) ?? 0) * 1e6 + place(row);
    }
    case 'reason': {
      const place = placesOf(rows, ({ segment }) => segment.reason);
      return (row) => (row.segment.reason ? place(row) : null);
    }
  }
}

/** Beyond every rank and place; times are never missing. */
const NOTHING = 1e7;

/**
 * The places of `order` sorted by a whole number each, smallest first; what is equal stays as it was. Number and place go into one double, and those
 * are sorted by the machine itself: 60,000 rows in a few milliseconds, where a comparing function takes a tenth of a second.
 */
function sortedBy(order: Uint32Array, keyAt: (index: number) => number): Uint32Array {
  const count = order.length;
  const keys = new Float64Array(count);
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < count; place++) {
    const key = keyAt(order[place] ?? 0);
    keys[place] = key;
    if (key < least) least = key;
  }
  for (let place = 0; place < count; place++) keys[place] = ((keys[place] ?? 0) - least) * count + place;
  keys.sort();
  const sorted = new Uint32Array(count);
  for (let place = 0; place < count; place++) sorted[place] = order[(keys[place] ?? 0) % count] ?? 0;
  return sorted;
}

/** Sorted by one column, by time within it. Rows come in by agent, each in order of time, and so they stay among equals. */
export function sortRows(rows: readonly Row[], { column, descending }: Sorting): Row[] {
  const sign = descending ? -1 : 1;
  const keyed = keyOf(column, rows);
  const all = new Uint32Array(rows.length);
  for (let index = 0; index < all.length; index++) all[index] = index;
  const byTime = sortedBy(all, (index) => Math.round(rows[index]?.segment.fromMs ?? 0));
  const order =
    column === 'from' && !descending
      ? byTime
      : sortedBy(byTime, (index) => {
          const row = rows[index];
          const key = row ? keyed(row) : null;
          return key === null ? NOTHING : sign * Math.round(key);
        });
  const sorted: Row[] = [];
  for (const index of order) sorted.push(rows[index] as Row);
  return sorted;
}

/** Every word must stand somewhere in the row. `labelOf`: our name of the category, which is on screen too. */
export function filterRows(rows: readonly Row[], { words, category }: Filter, labelOf: (category: Category) => string): Row[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0 && category === null) return [...rows];
  // Tens of thousands of rows have few kinds of state among them.
  const known = new Map<string, string>();
  const haystack = ({ agentId, name, segment: { category: kind, stateName, reason, skill } }: Row) => {
    const key = `${agentId}\n${kind}\n${stateName}\n${reason}\n${skill}`;
    let text = known.get(key);
    if (text === undefined) {
      text = [name, key, labelOf(kind)].join('\n').toLocaleLowerCase();
      known.set(key, text);
    }
    return text;
  };
  return rows.filter((row) => {
    if (category !== null && row.segment.category !== category) return false;
    if (wanted.length === 0) return true;
    const text = haystack(row);
    return wanted.every((word) => text.includes(word));
  });
}

/** A click on a heading: sorts by it, or turns it round. Of lengths and times one wants the longest and the latest first. */
export function nextSorting(now: Sorting, column: Column): Sorting {
  const largestFirst = column === 'lasted' || column === 'from' || column === 'to';
  return { column, descending: now.column === column ? !now.descending : largestFirst };
}
