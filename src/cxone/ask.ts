/** One authenticated GET, and what its answer amounts to: the part every profile shares. */

import { type Exchange, type HttpAnswer, HttpError } from '../domain/http.ts';
import type { PollOutcome } from '../domain/problem.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { Failure } from './port.ts';

export type Asked = { outcome: 'ok'; json: unknown; atMs: number } | { outcome: 'noContent'; atMs: number } | Failure;

const DETAIL_CHARACTERS = 160;

/**
 * Asks and classifies. JSON is required: a 200 with a web page is a captive portal, not "no agents".
 * `atMs` is the server's clock (`Date` header), or ours where it has none.
 */
export async function ask(exchange: Exchange, url: string, accessToken: string): Promise<Asked> {
  // A policy may hold what is no address: the exchange refuses it, and that is an outcome like any other.
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  const failure = (outcome: Failure['outcome'], status: number, detail = '', notBeforeMs = 0): Failure => ({
    outcome,
    status,
    detail,
    notBeforeMs,
    origin,
  });
  let answer: HttpAnswer;
  try {
    answer = await exchange(url, { headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` } });
  } catch (error) {
    return failure(thrownOutcome(error), 0, error instanceof HttpError ? error.code : '');
  }
  performance.mark('poll:answer');
  const { status, contentType, text, headers } = answer;
  const dateHeader = headers.get('date');
  const dateMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  const atMs = Number.isNaN(dateMs) ? Date.now() : dateMs;
  if (status === 204) return { outcome: 'noContent', atMs };
  if (status === 304) return failure('unchanged', status);
  const html = contentType.includes('html') || text.trimStart().startsWith('<');
  if (status !== 200) {
    const waitMs = retryAfterMs(headers.get('retry-after'), dateHeader, Date.now());
    const outcome = statusOutcome(status, html);
    return failure(outcome, status, html ? '' : errorText(text, headers, accessToken), waitMs === null ? 0 : Date.now() + waitMs);
  }
  if (html) return failure('portal', status);
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return failure('malformed', status, 'content-type');
  try {
    return { outcome: 'ok', json: JSON.parse(text), atMs };
  } catch {
    return failure('malformed', status, 'json');
  }
}

function thrownOutcome(error: unknown): Failure['outcome'] {
  const code = error instanceof HttpError ? error.code : 'network';
  if (code === 'redirect') return 'portal';
  if (code === 'tooLarge' || code === 'cut') return 'malformed';
  return 'offline';
}

function statusOutcome(status: number, html: boolean): Failure['outcome'] & PollOutcome {
  if (status === 401) return 'unauthorized';
  // First: gateways in front of an API say it with a web page.
  if (status === 429) return 'rateLimited';
  // A proxy's log-in page comes with 403, 407 or 511 and is not CXone speaking.
  if (status === 407 || status === 511 || (html && status < 500 && status !== 404)) return 'portal';
  if (status === 403) return 'forbidden';
  return 'serverError';
}

/** The server's own words, where CXone puts them (facts: body or `icStatusDescription` header), without line breaks, cut short. */
function errorText(text: string, headers: Headers, accessToken: string): string {
  let said: unknown = headers.get('icStatusDescription');
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error_description' in body) said = body.error_description;
  } catch {
    // Not JSON: the header's text, if any, stands.
  }
  if (typeof said !== 'string') return '';
  return said
    .replaceAll(accessToken, '…')
    .replace(/eyJ[\w.-]+|[\w.~+/-]{40,}/g, '…')
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .slice(0, DETAIL_CHARACTERS);
}
