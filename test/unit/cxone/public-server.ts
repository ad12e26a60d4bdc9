/** A small server of the public API: answers from lists, in pages as it likes, and writes down what it was asked. */
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import type { Exchange, HttpAnswer } from '../../../src/domain/http.ts';

export const API = 'https://api-na1.niceincontact.com';
export const PREFIX = '/inContactAPI/services/v34.0';
export const connection: Connection = { ...EMPTY_DRAFT, id: 'c', apiBaseUrl: API, apiPrefix: PREFIX };
/** `Date` of every answer. */
export const SERVER_DATE = 'Fri, 20 Nov 2026 10:00:00 GMT';
export const SERVER_MS = Date.parse(SERVER_DATE);

export interface Said {
  status?: number;
  type?: string;
  text?: string;
  headers?: Record<string, string>;
}

export function answer({ status = 200, type = 'application/json', text = '', headers = {} }: Said): HttpAnswer {
  return { status, contentType: type, text, headers: new Headers({ date: SERVER_DATE, ...headers }) };
}

export const json = (value: unknown, status = 200): Said => ({ status, text: JSON.stringify(value) });

/** @param reply to each address; a function is asked anew each time */
export function server(reply: Said | ((url: URL) => Said)): { exchange: Exchange; urls: string[]; paths: () => string[] } {
  const urls: string[] = [];
  const exchange: Exchange = async (url) => {
    urls.push(url);
    return answer(typeof reply === 'function' ? reply(new URL(url)) : reply);
  };
  return { exchange, urls, paths: () => urls.map((url) => url.replace(API, '')) };
}

export interface Paging {
  /** Rows of a page where nobody says, and the most there are in one; 0 = no pages. */
  size: number;
  /** Where `_links.next` leads; '' = not said. */
  next: 'absolute' | 'relative' | 'foreign' | 'plain' | '';
  total: boolean;
  list: string;
}

/** One list, cut as `paging` says (facts section 3). */
export function pagedReply(rows: readonly unknown[], { size, next, total, list }: Paging): (url: URL) => Said {
  return (url) => {
    const skip = Number(url.searchParams.get('skip') ?? 0);
    const top = Math.min(Number(url.searchParams.get('top') ?? Infinity), size || Infinity);
    const page = rows.slice(skip, skip + top);
    const after = skip + page.length;
    const link = new URL(url);
    link.searchParams.set('top', String(top));
    link.searchParams.set('skip', String(after));
    const where = {
      absolute: link.href,
      relative: link.pathname + link.search,
      foreign: link.href.replace(API, 'https://api-na1.niceincontact.com.evil.example'),
      plain: link.href.replace('https:', 'http:'),
      '': undefined,
    }[next];
    return json({
      [list]: page,
      lastPollTime: '2026-11-20T09:59:58.000Z',
      ...(total ? { totalRecords: rows.length } : {}),
      _links: { self: url.href, ...(after < rows.length && where ? { next: where } : {}) },
    });
  };
}
