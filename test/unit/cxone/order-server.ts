/** A server that is told things: writes down what, and answers as a test says. */
import type { Exchange } from '../../../src/domain/http.ts';
import { API, answer, type Said } from './public-server.ts';

export interface Sent {
  method: string;
  path: string;
  body: unknown;
}

/** @param reply to each request; a function is asked anew each time */
export function orders(reply: Said | ((sent: Sent) => Said)): { exchange: Exchange; sent: Sent[] } {
  const sent: Sent[] = [];
  const exchange: Exchange = async (url, init) => {
    const { body } = init ?? {};
    const one = {
      method: init?.method ?? 'GET',
      path: url.replace(API, ''),
      body: typeof body === 'string' ? (JSON.parse(body) as unknown) : null,
    };
    sent.push(one);
    return answer(typeof reply === 'function' ? reply(one) : reply);
  };
  return { exchange, sent };
}
