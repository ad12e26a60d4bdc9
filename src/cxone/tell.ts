/** One authenticated order, and what its answer amounts to: the part every profile shares. Whatever is not plainly said is not known. */
import type { Exchange } from '../domain/http.ts';
import type { Failure, WriteAnswer } from './port.ts';
import { jsonOf, notBeforeOf, type Order, originOf, type Reply, request, wordsOf } from './reply.ts';

/** `json` undefined: an empty answer. `partial` (206, 207): item by item, the whole says nothing. */
interface Done {
  outcome: 'done';
  json: unknown;
  partial: boolean;
  status: number;
  requestId: string;
  atMs: number;
}
export type Told = Done | Exclude<WriteAnswer, { outcome: 'applied' }>;

/** 202 is none of them: accepted is not done. */
const DONE = new Set([200, 201, 204, 206, 207]);
/** The server gave up waiting, or a proxy spoke: whether the order came through is not said. */
const UNSAID = new Set([407, 408]);

/** Tells and classifies. Never throws, and never tells twice. */
export async function tell(exchange: Exchange, url: string, accessToken: string, order: Order): Promise<Told> {
  const reply = await request(exchange, url, accessToken, order);
  // Refused before anything left this computer.
  if (reply === 'hostRefused') return notSent(reply);
  if (typeof reply === 'string') return unclear(0, reply, '');
  const { status, html, requestId, atMs } = reply;
  const words = () => wordsOf(reply, accessToken);
  if (status === 401) return failure('unauthorized', reply, url, words());
  // Gateways in front of an API say it with a web page.
  if (status === 429) return failure('rateLimited', reply, url, words());
  // Any other page is not CXone speaking: a portal, a proxy, a gateway.
  if (html || UNSAID.has(status)) return unclear(status, html ? 'html' : words(), requestId, notBeforeOf(reply));
  if (status === 403) return failure('forbidden', reply, url, words());
  if (status === 409) return { outcome: 'conflict', status, detail: words(), requestId };
  if (status >= 400 && status < 500) return { outcome: 'refused', status, detail: words(), requestId };
  if (!DONE.has(status)) return unclear(status, words(), requestId, notBeforeOf(reply));
  const done = { outcome: 'done', partial: status === 206 || status === 207, status, requestId, atMs } as const;
  if (/^\s*$/.test(reply.text)) return { ...done, json: undefined };
  const read = jsonOf(reply);
  return 'json' in read ? { ...done, json: read.json } : unclear(status, read.wrong, requestId);
}

/** Nobody knows whether it was done. */
export function unclear(
  status: number,
  detail: string,
  requestId: string,
  notBeforeMs = 0,
): WriteAnswer & { outcome: 'unclear' } {
  return { outcome: 'unclear', status, detail, notBeforeMs, requestId };
}

/** Not even sent. */
export function notSent(detail: string): WriteAnswer & { outcome: 'refused' } {
  return { outcome: 'refused', status: 0, detail, requestId: '' };
}

type Common = 'unauthorized' | 'forbidden' | 'rateLimited';
function failure<O extends Common>(outcome: O, reply: Reply, url: string, detail: string): Failure & { outcome: O } {
  const { status, requestId } = reply;
  return { outcome, status, detail, notBeforeMs: notBeforeOf(reply), origin: originOf(url), requestId };
}
