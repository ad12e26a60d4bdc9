/** One authenticated request and what every answer has to be looked at for, whether it was a question or an order. */
import { type Exchange, type HttpAnswer, HttpError, type HttpFailure } from '../domain/http.ts';
import { retryAfterMs } from '../domain/retry-after.ts';

export interface Reply {
  status: number;
  contentType: string;
  text: string;
  /** A web page, whatever it calls itself. */
  html: boolean;
  /** The server's clock (`Date` header), or ours where it has none; epoch ms. */
  atMs: number;
  /** The server's own name for the request; '' when it gives none. */
  requestId: string;
  headers: Headers;
}

/** What is sent besides the address: nothing for a GET. */
export interface Order {
  method: 'POST' | 'PUT' | 'DELETE';
  /** Becomes JSON. */
  body: unknown;
}

const DETAIL_CHARACTERS = 160;
/** Where servers and the gateways before them say how they call a request. */
const REQUEST_ID_HEADERS = ['x-request-id', 'x-correlation-id', 'request-id', 'x-amzn-requestid'];

/** Never throws: no answer is a code, '' where nobody knows one. */
export async function request(
  exchange: Exchange,
  url: string,
  accessToken: string,
  order: Order | null,
): Promise<Reply | HttpFailure | ''> {
  const sent = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
  const init =
    order === null
      ? { headers: sent }
      : { method: order.method, headers: { ...sent, 'content-type': 'application/json' }, body: JSON.stringify(order.body) };
  let answer: HttpAnswer;
  try {
    answer = await exchange(url, init);
  } catch (error) {
    return error instanceof HttpError ? error.code : '';
  }
  const { status, contentType, text, headers } = answer;
  const dateMs = Date.parse(headers.get('date') ?? '');
  return {
    status,
    contentType,
    text,
    html: contentType.includes('html') || text.trimStart().startsWith('<'),
    atMs: Number.isNaN(dateMs) ? Date.now() : dateMs,
    requestId: requestIdOf(headers, accessToken),
    headers,
  };
}

/** From `Retry-After`, epoch ms of our clock; 0 = not said. */
export function notBeforeOf({ headers }: Reply): number {
  const waitMs = retryAfterMs(headers.get('retry-after'), headers.get('date'), Date.now());
  return waitMs === null ? 0 : Date.now() + waitMs;
}

/** The body, or what kept it from being read. @param parse does what `JSON.parse` does */
export function jsonOf(
  { contentType, text }: Reply,
  parse: (text: string) => unknown = JSON.parse,
): { json: unknown } | { wrong: 'content-type' | 'json' } {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return { wrong: 'content-type' };
  try {
    return { json: parse(text) };
  } catch {
    return { wrong: 'json' };
  }
}

/** A policy may hold what is no address: the exchange refuses it, and that is an outcome like any other. */
export const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '');

/** It ends in tickets: short, and nothing that could be a token. */
function requestIdOf(headers: Headers, accessToken: string): string {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headers.get(name) ?? '';
    if (/^[\w.:=-]{1,80}$/.test(id) && !id.startsWith('eyJ') && !accessToken.includes(id)) return id;
  }
  return '';
}

/** The server's own words, where CXone puts them (facts: body or `icStatusDescription` header); '' for a web page. */
export function wordsOf({ html, text, headers }: Reply, accessToken: string): string {
  if (html) return '';
  let said: unknown = headers.get('icStatusDescription');
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error_description' in body) said = body.error_description;
  } catch {
    // Not JSON: the header's text, if any, stands.
  }
  return cleaned(said, accessToken);
}

/** A server's words, without line breaks and what could be a token, cut short; '' for what is no text. */
export function cleaned(said: unknown, accessToken: string): string {
  if (typeof said !== 'string') return '';
  return said
    .replaceAll(accessToken, '…')
    .replace(/eyJ[\w.-]+|[\w.~+/-]{40,}/g, '…')
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .slice(0, DETAIL_CHARACTERS);
}
