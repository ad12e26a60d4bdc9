/** One agent's history in one range as a sequence of pages: what is there, what comes next, and whether a page brought anything new. */
import type { HistoryPage } from '../cxone/port.ts';
import type { AgentLoad, HistoryProblem, HistoryRecord } from '../domain/history/history.ts';
import type { TimeRange } from '../domain/history/ranges.ts';
import { type KeptPage, type Part, pagesOf, recordsIn } from '../storage/history-store.ts';

/** "Safety break to prevent infinite loops" (seed 001). */
export const MAX_PAGES = 100;
/** What the tenant wrote down late is asked for again, if the range had not been over for so long. */
const SETTLED_MS = 2 * 60_000;
/** But not at once. */
const FRESH_MS = 60_000;

export interface PartState {
  part: Part;
  pages: KeptPage[];
  /** What tells two records apart: pages may overlap, and a tenant may say things twice. */
  known: Set<string>;
}

const identity = ({ atMs, stateName, reason, skill, beforeMs, lastsMs }: HistoryRecord) =>
  [atMs, stateName, reason, skill, beforeMs, lastsMs].join('\n');

export async function readPart(part: Part): Promise<PartState> {
  const pages = await pagesOf(part);
  // Pages that were to lie between have been let go of: what comes after them is of no use.
  const whole = pages.filter(({ index }, at) => index === at);
  return { part, pages: whole, known: new Set(recordsIn(whole).map(identity)) };
}

/** The cursor of the next page; null: there is none. */
export function nextCursor({ pages }: PartState): string | null {
  const last = pages.at(-1);
  if (!last) return '';
  return last.problem === null ? last.next : null;
}

/** It was read to its end, but may have got longer since. */
export function isStale(state: PartState, nowMs: number): boolean {
  const last = state.pages.at(-1);
  if (!last || nextCursor(state) !== null) return false;
  return last.keptMs < state.part.toMs + SETTLED_MS && Math.abs(nowMs - last.keptMs) > FRESH_MS;
}

/** The page as it is kept: what earlier ones had is left out. @param asked the range it was asked with, server time */
export function pageAfter(state: PartState, answer: HistoryPage, asked: TimeRange, nowMs: number): KeptPage {
  const { pages, known, part } = state;
  const before = known.size;
  const fresh = answer.records.filter((record) => {
    const size = known.size;
    return known.add(identity(record)).size > size;
  });
  const { total, badRows, badFields } = answer;
  let { next } = answer;
  let problem: HistoryProblem | null = null;
  // The same page again and again: a server that knows no pages.
  if (next !== null && answer.records.length > 0 && known.size === before) problem = 'malformed';
  else if (next !== null && pages.length + 1 >= MAX_PAGES) {
    // The last page that is asked for may be the last there is: one that is full does not say so itself.
    if (hasAll(state, answer)) next = null;
    else problem = 'tooMuch';
  }
  const page: KeptPage = {
    ...part,
    index: pages.length,
    asked,
    next,
    total,
    badRows,
    badFields,
    count: fresh.length,
    records: JSON.stringify(fresh),
    keptMs: nowMs,
    problem,
  };
  pages.push(page);
  return page;
}

/** As many as the tenant says there are. */
function hasAll({ pages, known }: PartState, { total, badRows }: HistoryPage): boolean {
  const said = total ?? pages.findLast((page) => page.total !== null)?.total ?? null;
  return said !== null && known.size + pages.reduce((sum, page) => sum + page.badRows, badRows) >= said;
}

/** How the load of an agent stands with these pages. */
export function standingOf({ part, pages }: PartState): AgentLoad {
  const last = pages.at(-1);
  const sum = (of: (page: KeptPage) => number) => pages.reduce((total, page) => total + of(page), 0);
  const records = sum(({ count }) => count);
  const badRows = sum((page) => page.badRows);
  const over = last !== undefined && (last.next === null || last.problem !== null);
  const failed = last?.problem ?? null;
  const empty = over && records === 0 ? (badRows > 0 ? 'malformed' : 'noData') : null;
  const problem = failed ?? empty;
  return {
    agentId: part.agentId,
    status: !over ? 'waiting' : problem === null || problem === 'noData' ? 'done' : 'failed',
    pages: pages.length,
    records,
    total: pages.findLast(({ total }) => total !== null)?.total ?? null,
    badRows,
    badFields: [...new Set(pages.flatMap(({ badFields }) => badFields))],
    problem: over ? problem : null,
    detail: '',
  };
}
