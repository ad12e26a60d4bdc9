/**
 * The one function of the product that touches the network. It enforces, for every caller:
 * hosts of the connection only, https only (loopback http in the demo build), no followed redirect, no cookies, no cache,
 * 20 s, and a cap on the body (security-reliability.md 6.1).
 */

import { isAllowedAddress } from '../domain/connection-hosts.ts';
import { type Exchange, HttpError, type HttpFailure } from '../domain/http.ts';

const TIMEOUT_MS = 20_000;
const CAP_BYTES = 20 * 1024 * 1024;

/**
 * @param origins the connection's allow-list, e.g. `https://api.example`; read at each call
 * @returns a function that resolves with any complete HTTP answer, whatever its status, and throws HttpError else
 */
export function createExchange(origins: () => readonly string[]): Exchange {
  return async (url, init = {}, capBytes = CAP_BYTES) => {
    if (!isAllowedAddress(url, __DEMO__) || !origins().includes(new URL(url).origin)) throw new HttpError('hostRefused');
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    const failed = (code: HttpFailure) => new HttpError(timeout.aborted ? 'timeout' : code);
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        signal,
        // Not 'error': a redirect is told apart from a dead network, because captive portals redirect.
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
    } catch {
      throw failed('network');
    }
    if (response.type === 'opaqueredirect') throw new HttpError('redirect');
    try {
      const text = await readText(response, capBytes);
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        text,
        headers: response.headers,
      };
    } catch (error) {
      throw error instanceof HttpError ? error : failed('cut');
    }
  };
}

async function readText(response: Response, capBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  const parts: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return [...parts, decoder.decode()].join('');
    bytes += value.byteLength;
    if (bytes > capBytes) {
      await reader.cancel();
      throw new HttpError('tooLarge');
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}
