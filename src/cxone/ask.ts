/** One authenticated question, and what its answer amounts to: the part every profile shares. */
import type { Exchange, HttpFailure } from '../domain/http.ts';
import type { PollOutcome } from '../domain/problem.ts';
import type { Failure } from './port.ts';
import { jsonOf, notBeforeOf, originOf, type Reply, request, wordsOf } from './reply.ts';

export type Asked =
  | { outcome: 'ok'; json: unknown; atMs: number; requestId: string }
  | { outcome: 'noContent'; atMs: number; requestId: string }
  | Failure;

/**
 * Asks and classifies. JSON is required: a 200 with a web page is a captive portal, not "no agents".
 * `atMs` is the server's clock (`Date` header), or ours where it has none.
 * @param query what to ask by POST, where the question is too long for an address; it changes nothing
 * @param parse what reads the answer, where there is something quicker than `JSON.parse`
 */
export async function ask(
  exchange: Exchange,
  url: string,
  accessToken: string,
  query?: object | null,
  parse?: (text: string) => unknown,
): Promise<Asked> {
  const origin = originOf(url);
  const reply = await request(exchange, url, accessToken, query ? { method: 'POST', body: query } : null);
  if (typeof reply === 'string')
    return { outcome: thrownOutcome(reply), status: 0, detail: reply, notBeforeMs: 0, origin, requestId: '' };
  performance.mark('poll:answer');
  const { status, html, atMs, requestId } = reply;
  const failure = (outcome: Failure['outcome'], detail = '', notBeforeMs = 0): Failure => ({
    outcome,
    status,
    detail,
    notBeforeMs,
    origin,
    requestId,
  });
  if (status === 204) return { outcome: 'noContent', atMs, requestId };
  if (status === 304) return failure('unchanged');
  if (status !== 200) return failure(statusOutcome(reply), wordsOf(reply, accessToken), notBeforeOf(reply));
  if (html) return failure('portal');
  const read = jsonOf(reply, parse);
  return 'json' in read ? { outcome: 'ok', json: read.json, atMs, requestId } : failure('malformed', read.wrong);
}

function thrownOutcome(code: HttpFailure | ''): Failure['outcome'] {
  if (code === 'redirect') return 'portal';
  if (code === 'tooLarge' || code === 'cut') return 'malformed';
  return 'offline';
}

function statusOutcome({ status, html }: Reply): Failure['outcome'] & PollOutcome {
  if (status === 401) return 'unauthorized';
  // First: gateways in front of an API say it with a web page.
  if (status === 429) return 'rateLimited';
  // A proxy's log-in page comes with 403, 407 or 511 and is not CXone speaking.
  if (status === 407 || status === 511 || (html && status < 500 && status !== 404)) return 'portal';
  if (status === 403) return 'forbidden';
  return 'serverError';
}
