/**
 * History by the reporting API (seed 001). The seed leaves open which way the pages go: `nextPageToken` where there is one, else page
 * numbers until a page is not full.
 */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Connection } from '../../../domain/connection.ts';
import type { Exchange } from '../../../domain/http.ts';
import { ask } from '../../ask.ts';
import { HISTORY_PAGE, markOf, type ReadRecord, readRows, wholeSeconds } from '../../history-page.ts';
import type { Answer, Failure, HistoryPage } from '../../port.ts';
import { malformed as unreadable } from '../../values.ts';
import { categoryOf, nameOfState } from './states.ts';
import { idText, isRecord, momentOf, text } from './values.ts';

export interface HistoryQuestion {
  agentId: AgentId;
  fromMs: number;
  toMs: number;
  cursor: string;
}

/** Where the cursor says that the tenant names its pages, and does not count them. */
const TOKEN = 'token:';
const LISTS = ['records', 'items', 'entities'] as const;
const TOTALS = ['totalRecords', 'total', 'totalCount', 'totalHits'] as const;
const MAX_TOKEN = 4000;

export async function askHistory(
  connection: Connection,
  exchange: Exchange,
  accessToken: string,
  question: HistoryQuestion,
): Promise<Answer<HistoryPage>> {
  let html = false;
  const noting: Exchange = async (...request) => {
    const answer = await exchange(...request);
    html = answer.contentType.includes('html') || answer.text.trimStart().startsWith('<');
    return answer;
  };
  const asked = await ask(noting, addressOf(connection, question), accessToken);
  const { requestId } = asked;
  if (asked.outcome === 'noContent') return { outcome: 'ok', ...NOTHING, atMs: asked.atMs, requestId };
  // "No data found for this agent in the specified time range"; a web page says that there is no such path.
  if ('status' in asked && asked.status === 404 && !html) return { outcome: 'ok', ...NOTHING, atMs: Date.now(), requestId };
  if (asked.outcome !== 'ok') return asked;
  const rows = listIn(asked.json);
  if (!rows) return malformed(connection, 'envelope', requestId);
  const page = readRows(rows, (row) => readRecord(row, question.agentId));
  const total = isRecord(asked.json) ? totalIn(asked.json) : null;
  const next = nextOf(asked.json, rows, total, question.cursor);
  // The same page again would go round for ever.
  if (next !== null && next === question.cursor) return malformed(connection, 'paging', requestId);
  return { outcome: 'ok', ...page, next, total, atMs: asked.atMs, requestId };
}

const NOTHING: HistoryPage = { records: [], next: null, total: null, badRows: 0, badFields: [] };

function addressOf({ apiBaseUrl, apiPrefix }: Connection, { agentId, fromMs, toMs, cursor }: HistoryQuestion): string {
  const { from, to } = wholeSeconds(fromMs, toMs);
  const byToken = cursor.startsWith(TOKEN);
  const query = new URLSearchParams({
    startTime: from,
    endTime: to,
    agentId,
    interval: 'MINUTE',
    pageSize: String(HISTORY_PAGE),
    ...(byToken ? { nextPageToken: cursor.slice(TOKEN.length) } : { pageNumber: String(placeOf(cursor).page) }),
  });
  // A colon may stand in a query as it is (RFC 3986 3.4), and is read more easily in a ticket.
  const text = query.toString().replaceAll('%3A', ':');
  return `${apiBaseUrl}${apiPrefix.replace(/(\/api)?\/v2$/, '')}/api/reporting/v2/agent-state-history?${text}`;
}

/** One record: it begins at `timestamp`, and `duration` is how long the state before it lasted (seed 001). */
export function readRecord(row: unknown, agentId: AgentId): ReadRecord {
  if (!isRecord(row)) return { record: null, bad: ['row'] };
  const whose = row.agentId;
  // A server that overlooks whose history was asked for is not to mix people up.
  if (whose !== undefined && whose !== null && idText(whose).toLowerCase() !== agentId.toLowerCase())
    return { record: null, bad: ['agentId'] };
  const atMs = momentOf(row.timestamp);
  if (!(atMs > 0)) return { record: null, bad: ['timestamp'] };
  const state = text(row.state);
  if (state === '') return { record: null, bad: ['state'] };
  const { duration, subState } = row;
  const said = duration !== undefined && duration !== null && duration !== '';
  const beforeMs = said ? lengthOf(duration) : null;
  const wrong = [...(said && beforeMs === null ? ['duration'] : []), ...(isReason(subState) ? [] : ['subState'])];
  return {
    record: {
      atMs,
      category: categoryOf(state),
      stateName: text(row.stateName) || nameOfState(state),
      reason: text(subState),
      skill: text(row.skillName),
      beforeMs,
      lastsMs: null,
    },
    bad: wrong,
  };
}

const isReason = (value: unknown) => value === undefined || value === null || typeof value === 'string';

/** Whole ms; null for what is no length of time. */
function lengthOf(value: unknown): number | null {
  const ms = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : null;
}

function listIn(json: unknown): unknown[] | null {
  if (Array.isArray(json)) return json;
  if (!isRecord(json)) return null;
  return LISTS.map((name) => json[name]).find(Array.isArray) ?? null;
}

function totalIn(json: Record<string, unknown>): number | null {
  const total = TOTALS.map((name) => json[name]).find((value) => Number.isSafeInteger(value) && Number(value) >= 0);
  return typeof total === 'number' ? total : null;
}

function nextOf(json: unknown, rows: readonly unknown[], total: number | null, cursor: string): string | null {
  const envelope = isRecord(json) ? json : {};
  const { nextPageToken } = envelope;
  if (typeof nextPageToken === 'string' && nextPageToken !== '' && nextPageToken.length <= MAX_TOKEN)
    return TOKEN + nextPageToken;
  if (cursor.startsWith(TOKEN) || rows.length === 0) return null;
  const none = nextPageToken === null;
  if (none && total !== null && rows.length >= total) return null;
  const { page, size, before } = placeOf(cursor);
  const mark = markOf(rows);
  // "No token" is how a tenant that names its pages says that this was the last, and how one that counts them says that it has none. Only the
  // next page tells; the same page again means the former.
  if (none && mark === before) return null;
  const { pageSize } = envelope;
  const said = Number.isSafeInteger(pageSize) && Number(pageSize) > 0 ? Math.min(Number(pageSize), size) : size;
  // Fewer than asked for, and there are more: that is what a page holds here.
  const full = page === 1 && total !== null && rows.length < total ? Math.min(said, rows.length) : said;
  return rows.length >= full ? `${page + 1} ${full} ${mark}` : null;
}

/** Of a tenant that counts its pages: which one comes next, how many rows make one full, and the mark of the page before. */
function placeOf(cursor: string): { page: number; size: number; before: string } {
  const [page, size, before = ''] = cursor.split(' ');
  return { page: Number(page) || 1, size: Number(size) || HISTORY_PAGE, before };
}

function malformed({ apiBaseUrl }: Connection, detail: string, requestId: string): Failure {
  return unreadable(apiBaseUrl, detail, requestId);
}
