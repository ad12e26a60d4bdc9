/** Lists, however many pages they come in: by `_links.next`, else by `top` and `skip` until `totalRecords` (facts/cxone-api.md sections 2 and 3). */

import type { Answer } from '../../port.ts';
import { malformed } from '../../values.ts';
import type { Reply, Requests } from './requests.ts';
import { count, idText, isRecord, timeMs } from './values.ts';

/** More than any tenant has agents, even at fifty a page. */
const MAX_PAGES = 400;

export type Query = Readonly<Record<string, string>>;

export interface Page {
  rows: unknown[];
  /** Where the next page is; '' when not said. */
  next: string;
  /** How many rows there are in all; null when not said. */
  total: number | null;
  /** The moment to ask for changes since, ISO 8601 with a literal Z; '' when not said. */
  watermark: string;
  /** Agents the token's user may not see; 0 when not said. */
  hiddenAgents: number;
  businessUnitId: string;
}

const NO_ROWS: Page = { rows: [], next: '', total: null, watermark: '', hiddenAgents: 0, businessUnitId: '' };

export interface Listing {
  path: string;
  query: Query;
  /** What is read of each row; '' asks for everything. */
  fields: string;
  /** The names the list goes by; '' among them: it may come bare. */
  names: readonly string[];
  /** Not every version has it: 404 is an answer then, and no reason to go over to another version. */
  optional?: true;
}

export interface Lists {
  /** One page. */
  page(accessToken: string, listing: Listing): Promise<Answer<{ page: Page }>>;
  /** The page a link of another page leads to; `listing` says what to read there. */
  linked(accessToken: string, link: string, listing: Listing): Promise<Answer<{ page: Page }>>;
  /** Where a page's link leads, as a whole address; '' where there is none, or it may not be followed. */
  linkOf(page: Page, listing: Listing): string;
  /** Every page, in order, each row once. A page that fails fails the whole: half a list would make people vanish. */
  all(accessToken: string, listing: Listing, keyOf: (row: unknown) => string): Promise<Answer<{ page: Page }>>;
  /** Path and query as `page` asks for them now. */
  pathOf(listing: Pick<Listing, 'path' | 'query' | 'fields'>): string;
}

/** @param origin of the API: no other is ever followed to */
export function createLists(requests: Requests, origin: string): Lists {
  /** Field lists this server does not take. */
  const refused = new Set<string>();

  function pathOf({ path, query, fields }: Pick<Listing, 'path' | 'query' | 'fields'>): string {
    return withQuery(path, fields === '' || refused.has(fields) ? query : { ...query, fields });
  }

  async function get(accessToken: string, listing: Listing): Promise<Reply> {
    const { fields, optional } = listing;
    const trimmed = fields !== '' && !refused.has(fields);
    const one = () => (optional ? requests.getHere : requests.get)(pathOf(listing), accessToken);
    const reply = await one();
    if (!trimmed || !isRefusal(reply, /\bfields\b/i)) return reply;
    // "Invalid Fields List": an older version spells one of them otherwise. Everything, then.
    refused.add(fields);
    return one();
  }

  function read({ asked }: Reply, { names }: Listing): Answer<{ page: Page }> {
    if (asked.outcome !== 'ok' && asked.outcome !== 'noContent') return asked;
    const { atMs, requestId } = asked;
    const page = asked.outcome === 'ok' ? readPage(asked.json, names) : NO_ROWS;
    return page ? { outcome: 'ok', page, atMs, requestId } : malformed(origin, 'envelope', requestId);
  }

  return {
    pathOf,
    page: async (accessToken, listing) => read(await get(accessToken, listing), listing),
    linked: async (accessToken, link, listing) => read(await requests.getUrl(link, accessToken), listing),
    linkOf: ({ next }, listing) => linkTo(next, origin + requests.prefix() + pathOf(listing), origin),
    async all(accessToken, listing, keyOf) {
      const first = read(await get(accessToken, listing), listing);
      if (first.outcome !== 'ok') return first;
      const rows = [...first.page.rows];
      const size = rows.length;
      let { page } = first;
      let { watermark } = page;
      let at = origin + requests.prefix() + pathOf(listing);
      const visited = new Set([at]);
      const known = new Set<string>();
      for (let pages = 1; size > 0 && hasMore(page, first.page.total, rows.length); pages++) {
        if (pages >= MAX_PAGES) return malformed(origin, 'paging', first.requestId);
        if (pages === 1) for (const row of rows) known.add(keyOf(row));
        // Counted without repetitions: pages that overlap leave no gap.
        const rest = { ...listing, query: { ...listing.query, top: String(size), skip: String(rows.length) } };
        const next = linkTo(page.next, at, origin);
        const follow = next !== '' && !visited.has(next);
        const answer = read(follow ? await requests.getUrl(next, accessToken) : await get(accessToken, rest), listing);
        if (answer.outcome !== 'ok') return answer;
        ({ page } = answer);
        at = follow ? next : origin + requests.prefix() + pathOf(rest);
        visited.add(at);
        watermark = earlier(watermark, page.watermark);
        const before = rows.length;
        for (const row of page.rows) {
          const key = keyOf(row);
          if (known.has(key)) continue;
          known.add(key);
          rows.push(row);
        }
        // The end, whatever was counted; or a server that knows no pages and says the same again.
        if (rows.length === before) break;
      }
      return { ...first, page: { ...first.page, rows, watermark } };
    },
  };
}

/** Whether an answer refuses the question itself, and for this reason. */
function isRefusal({ asked, said }: Reply, reason: RegExp): boolean {
  return 'status' in asked && asked.status === 400 && reason.test(said);
}

function withQuery(path: string, query: Query): string {
  // A comma and a colon may stand in a query as they are (RFC 3986 3.4), and are read more easily in a ticket.
  const parts = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll(/%2C|%3A/g, decodeURIComponent)}`,
  );
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

/** The list under any of its names, at the top or in `resultSet`; null where there is none. */
function readPage(json: unknown, names: readonly string[]): Page | null {
  if (Array.isArray(json) && names.includes('')) return pageOf(json, {});
  if (!isRecord(json)) return null;
  const inner = [json.resultSet, json.resultset].find(isRecord);
  for (const holder of inner ? [json, inner] : [json]) {
    const rows = names.map((name) => holder[name]).find(Array.isArray);
    if (rows) return pageOf(rows, inner ? { ...inner, ...json } : json);
  }
  return null;
}

function pageOf(rows: unknown[], envelope: Record<string, unknown>): Page {
  const links = isRecord(envelope._links) ? envelope._links : {};
  const said = envelope.lastPollTime;
  return {
    rows,
    next: typeof links.next === 'string' ? links.next : '',
    total: count(envelope.totalRecords),
    // Older versions say it in each row.
    watermark: said ? moment(said) : rows.reduce((least: string, row) => earlier(least, lastPollTimeIn(row)), ''),
    hiddenAgents: count(envelope.hiddenAgents) ?? 0,
    businessUnitId: idText(envelope.businessUnitId),
  };
}

const lastPollTimeIn = (row: unknown) => (isRecord(row) && row.lastPollTime ? moment(row.lastPollTime) : '');

function moment(value: unknown): string {
  const ms = timeMs(value);
  // Sentinels of "never" are no moment to ask from.
  return ms > 0 ? new Date(ms).toISOString() : '';
}

/** What changed while pages were fetched is asked for again: twice is harmless, never is not. '' is no moment. */
function earlier(one: string, other: string): string {
  if (one === '' || other === '') return one || other;
  return one < other ? one : other;
}

/** The next page's address where it may be followed; '' where there is none, or it leads elsewhere. */
function linkTo(next: string, from: string, origin: string): string {
  if (next === '' || !URL.canParse(next, from)) return '';
  const url = new URL(next, from);
  return url.origin === origin && url.username === '' && url.password === '' ? url.href : '';
}

function hasMore(page: Page, totalAtFirst: number | null, have: number): boolean {
  const total = page.total ?? totalAtFirst;
  return total === null ? page.next !== '' : have < total;
}
