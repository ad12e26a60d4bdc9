/** `GET /agents/{id}/state-history` (facts/cxone-api.md section 3): by `_links.next` where there is one, else by `top` and `skip`. */
import type { AgentId } from '../../../domain/agent-state.ts';
import { newSlot } from '../../../domain/snapshot.ts';
import { HISTORY_PAGE, markOf, type ReadRecord, readRows, wholeSeconds } from '../../history-page.ts';
import type { Answer, HistoryPage } from '../../port.ts';
import { malformed } from '../../values.ts';
import type { Listing, Lists, Page } from './lists.ts';
import { agentIdOf, readRow } from './rows.ts';
import { isRecord } from './values.ts';

/** What of a record is read: `fields` of the request. */
export const HISTORY_FIELDS =
  'startDate,agentId,agentStateId,agentStateName,outStateId,outStateDescription,skillId,skillName,duration';

export interface HistoryQuestion {
  agentId: AgentId;
  /** Below the prefix, without a query. */
  path: string;
  fromMs: number;
  toMs: number;
  cursor: string;
}

/** What the next page needs to know of those before it. */
interface Place {
  /** Rows so far, without those that pages had in common. */
  rows: number;
  /** Rows that were taken for what two pages have in common. */
  again: number;
  /** The rows of the page before, each as its mark. */
  marks: string[];
  /** Where the next page is; '' = to be counted. */
  link: string;
}

const START: Place = { rows: 0, again: 0, marks: [], link: '' };

export function createHistory(
  lists: Lists,
  origin: string,
): (accessToken: string, question: HistoryQuestion) => Promise<Answer<HistoryPage>> {
  return async (accessToken, question) => {
    const { agentId, cursor } = question;
    const place = placeOf(cursor);
    const listing = listingOf(question, place);
    const answer = place.link ? await lists.linked(accessToken, place.link, listing) : await lists.page(accessToken, listing);
    if (answer.outcome !== 'ok') return answer;
    const { page, atMs, requestId } = answer;
    const read = readRows(page.rows, (row) => readRecord(row, agentId));
    const next = nextPlace(page, place, lists.linkOf(page, listing));
    if (next === 'stuck') return malformed(origin, 'paging', requestId);
    return { outcome: 'ok', ...read, total: page.total, next: next && JSON.stringify(next), atMs, requestId };
  };
}

function listingOf({ path, fromMs, toMs }: HistoryQuestion, { rows }: Place): Listing {
  const { from, to } = wholeSeconds(fromMs, toMs);
  const query = { startDate: from, endDate: to, top: String(HISTORY_PAGE), skip: String(rows) };
  return { path, query, fields: HISTORY_FIELDS, names: ['agentStateHistory'] };
}

function nextPlace({ rows, total }: Page, place: Place, link: string): Place | 'stuck' | null {
  if (rows.length === 0) return null;
  const marks = rows.map(markOf);
  // Pages that overlap leave no gap only where what they have in common is counted once.
  const common = inCommon(place.marks, marks);
  const counted = place.rows + rows.length - common;
  const again = place.again + common;
  const more = total === null ? link !== '' || rows.length >= HISTORY_PAGE : counted < total;
  if (!more) return null;
  // The end of the page before and nothing new: all there is has come, if what still lacks is no more than what was counted once of two.
  // A record that really came twice, on both sides of where two pages meet, looks like that.
  if (common === rows.length && common < place.marks.length && total !== null && total - counted <= again) return null;
  // A server that knows no pages says the same again.
  if (common === rows.length || (link !== '' && link === place.link)) return 'stuck';
  return { rows: counted, again, marks, link };
}

/** How many rows a page begins with that the one before ended with. */
function inCommon(before: readonly string[], marks: readonly string[]): number {
  for (let length = Math.min(before.length, marks.length); length > 0; length--) {
    const from = before.length - length;
    let same = 0;
    while (same < length && before[from + same] === marks[same]) same++;
    if (same === length) return length;
  }
  return 0;
}

function placeOf(cursor: string): Place {
  if (cursor === '') return START;
  return { ...START, ...(JSON.parse(cursor) as Partial<Place>) };
}

/** One record: it begins at `startDate`, and `duration` is its own. */
export function readRecord(row: unknown, agentId: AgentId): ReadRecord {
  if (!isRecord(row)) return { record: null, bad: ['row'] };
  const whose = agentIdOf(row);
  // A server that overlooks whose history was asked for is not to mix people up. One asked by another kind of id answers with the number.
  if (whose !== '' && whose !== agentId && /^\d+$/.test(agentId)) return { record: null, bad: ['agentId'] };
  const slot = newSlot();
  const wrong = readRow(whose === '' ? { ...row, agentId } : row, slot);
  if (wrong !== null) return { record: null, bad: [wrong] };
  if (!slot.sinceKnown) return { record: null, bad: ['startDate'] };
  const { duration } = row;
  const said = duration !== undefined && duration !== null && duration !== '';
  const lastsMs = said ? durationMs(duration) : null;
  const { category, stateName, reason, skill, sinceMs } = slot;
  return {
    record: { atMs: sinceMs, category, stateName, reason, skill, beforeMs: null, lastsMs },
    bad: said && lastsMs === null ? ['duration'] : [],
  };
}

const ISO_LENGTH = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** Seconds as a number or as text, or an ISO 8601 length (the documents say the one, the SDK the other); whole ms. Null: neither. */
export function durationMs(value: unknown): number | null {
  const seconds = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof seconds === 'number') return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null;
  const parts = typeof value === 'string' && value.length > 2 ? ISO_LENGTH.exec(value)?.slice(1) : undefined;
  if (!parts || parts.every((part) => part === undefined)) return null;
  const [days = 0, hours = 0, minutes = 0, rest = 0] = parts.map((part) => Number(part ?? 0));
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + rest) * 1000);
}
