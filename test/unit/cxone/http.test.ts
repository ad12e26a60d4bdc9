import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createExchange } from '../../../src/cxone/http.ts';
import { HttpError } from '../../../src/domain/http.ts';

const API = 'https://api.example.com';
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof HttpError ? error.code : `not an HttpError: ${String(error)}`),
  );
const stubFetch = (answer: (url: string, init: RequestInit) => Response | Promise<Response>) => {
  const fetcher = vi.fn(async (url: string, init: RequestInit) => answer(url, init));
  vi.stubGlobal('fetch', fetcher);
  return fetcher;
};
const chunks = (count: number, bytes: number, onCancel = () => {}) => {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < count) controller.enqueue(new Uint8Array(bytes).fill(32));
      else controller.close();
    },
    cancel: onCancel,
  });
};

afterEach(() => vi.unstubAllGlobals());

describe('what is refused before anything leaves the computer', () => {
  const exchange = createExchange(() => [API, 'http://127.0.0.1:8080', 'http://api.example.com', 'http://[::1]:8080']);

  it.each([
    ['another host', 'https://evil.example.com/x'],
    ['the same host on another port', `${API}:8443/x`],
    ['a host that begins alike', 'https://api.example.com.evil.net/x'],
    ['a host behind credentials', 'https://api.example.com@evil.net/x'],
    ['plain http, though it is on the list', 'http://api.example.com/x'],
    ['a loopback that is not one of the two', 'http://[::1]:8080/x'],
    ['another loopback port', 'http://127.0.0.1:8081/x'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,[]'],
    ['a page of the extension', 'chrome-extension://abc/x'],
  ])('%s', async (_what, url) => {
    const fetcher = stubFetch(() => new Response('[]'));
    expect(await code(exchange(url))).toBe('hostRefused');
    expect(fetcher).not.toHaveBeenCalled();
  });

  it('reads the list at each call', async () => {
    const fetcher = stubFetch(() => new Response('[]'));
    let origins = [API];
    const changing = createExchange(() => origins);
    expect(await code(changing(`${API}/x`))).toBe('answered');
    origins = [];
    expect(await code(changing(`${API}/x`))).toBe('hostRefused');
    expect(fetcher).toHaveBeenCalledTimes(1);
  });
});

describe('how it asks', () => {
  it('sends neither cookies nor a referrer, keeps nothing, follows nothing, whatever the caller says', async () => {
    const fetcher = stubFetch(() => new Response('[]'));
    await createExchange(() => [API])(`${API}/x`, {
      credentials: 'include',
      redirect: 'follow',
      cache: 'force-cache',
      referrerPolicy: 'unsafe-url',
      headers: { accept: 'application/json' },
    });
    expect(fetcher.mock.calls[0]?.[1]).toMatchObject({
      credentials: 'omit',
      redirect: 'manual',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      headers: { accept: 'application/json' },
    });
  });

  it('gives back any complete answer, whatever its status', async () => {
    for (const status of [200, 401, 429, 500]) {
      stubFetch(() => new Response('{"ä":1}', { status, headers: { 'content-type': 'application/json', 'retry-after': '7' } }));
      const answer = await createExchange(() => [API])(`${API}/x`);
      expect(answer).toMatchObject({ status, text: '{"ä":1}', contentType: 'application/json' });
      expect(answer.headers.get('retry-after')).toBe('7');
    }
    stubFetch(() => new Response(null, { status: 204 }));
    expect(await createExchange(() => [API])(`${API}/x`)).toMatchObject({ status: 204, text: '', contentType: '' });
  });
});

describe('what goes wrong', () => {
  it('names a dead network, a redirect and a body that ends early', async () => {
    const exchange = createExchange(() => [API]);
    stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await code(exchange(`${API}/x`))).toBe('network');
    // What a browser answers to `redirect: 'manual'`; node gives the 302 itself.
    stubFetch(() => Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' }));
    expect(await code(exchange(`${API}/x`))).toBe('redirect');
    stubFetch(
      () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('[{'));
              controller.error(new TypeError('network error'));
            },
          }),
        ),
    );
    expect(await code(exchange(`${API}/x`))).toBe('cut');
  });

  it('stops reading at the cap, and no sooner', async () => {
    const exchange = createExchange(() => [API]);
    const megabyte = 1024 * 1024;
    let cancelled = false;
    stubFetch(
      () =>
        new Response(
          chunks(40, megabyte, () => {
            cancelled = true;
          }),
        ),
    );
    expect(await code(exchange(`${API}/x`))).toBe('tooLarge');
    expect(cancelled).toBe(true);
    stubFetch(() => new Response(chunks(20, megabyte)));
    expect(await code(exchange(`${API}/x`))).toBe('answered');
    stubFetch(() => new Response(chunks(3, 10)));
    expect(await code(exchange(`${API}/x`, {}, 29))).toBe('tooLarge');
  });

  it('calls a slow answer a timeout, before its head and in the middle of its body', async () => {
    const exchange = createExchange(() => [API]);
    const soon = () => vi.spyOn(AbortSignal, 'timeout').mockImplementationOnce(() => AbortSignal.abort());
    soon();
    stubFetch((_url, { signal }) => {
      signal?.throwIfAborted();
      return new Response('[]');
    });
    expect(await code(exchange(`${API}/x`))).toBe('timeout');
    soon();
    stubFetch(() => new Response(new ReadableStream({ start: (controller) => controller.error(new Error('aborted')) })));
    expect(await code(exchange(`${API}/x`))).toBe('timeout');
    expect(vi.mocked(AbortSignal.timeout)).toHaveBeenCalledWith(20_000);
  });

  it('ends when the caller wants no answer any more', async () => {
    const user = new AbortController();
    stubFetch(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          user.abort();
        }),
    );
    expect(await code(createExchange(() => [API])(`${API}/x`, { signal: user.signal }))).toBe('network');
  });
});

describe('on a real socket', () => {
  let handler: RequestListener = (_req, res) => res.end();
  const server = createServer((req, res) => handler(req, res));
  let origin = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('carries the token to the host asked, and nothing else that tells of us', async () => {
    let headers: Record<string, unknown> = {};
    handler = (req, res) => {
      headers = req.headers;
      res.setHeader('set-cookie', 'a=b').end('[]');
    };
    const exchange = createExchange(() => [origin]);
    for (let i = 0; i < 2; i++) await exchange(`${origin}/x`, { headers: { authorization: 'Bearer t' } });
    expect(headers.authorization).toBe('Bearer t');
    expect(headers.cookie).toBeUndefined();
    expect(headers.referer).toBeUndefined();
  });

  it('lets go of a body without end', async () => {
    let closed: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    handler = (_req, res) => {
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(64 * 1024))) {}
      };
      res.on('drain', more).on('close', () => closed());
      more();
    };
    expect(await code(createExchange(() => [origin])(`${origin}/x`, {}, 256 * 1024))).toBe('tooLarge');
    await gone;
  });
});
