import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../../../src/cxone/ask.ts';
import { createExchange } from '../../../src/cxone/http.ts';
import { tell } from '../../../src/cxone/tell.ts';
import { HTTP_FAILURES, HttpError } from '../../../src/domain/http.ts';
import { runs } from '../support/runs.ts';
import { orders } from './order-server.ts';
import { API, answer, json, type Said, SERVER_MS } from './public-server.ts';

const URL_TOLD = `${API}/api/v2/users/u/skill-assignments`;
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ';
const ORDER = { method: 'PUT', body: { skills: [{ skillId: '7' }] } } as const;
const HTML = '<!doctype html><title>Log in</title>';
const telling = (said: Said) => tell(orders(said).exchange, URL_TOLD, TOKEN, ORDER);

afterEach(() => vi.useRealTimers());

describe('the order', () => {
  it.each(['POST', 'PUT', 'DELETE'] as const)('is one %s with JSON, the token in its header and nowhere else', async (method) => {
    const exchange = vi.fn(async () => answer(json({})));
    await tell(exchange, URL_TOLD, TOKEN, { ...ORDER, method });
    expect(exchange.mock.calls).toEqual([
      [
        URL_TOLD,
        {
          method,
          headers: { accept: 'application/json', authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
          body: '{"skills":[{"skillId":"7"}]}',
        },
      ],
    ]);
  });

  it('passes the exchange as it is, and has 20 s', async () => {
    const fetcher = vi.fn(async (_url: string, _init: RequestInit) => new Response('{}'));
    vi.stubGlobal('fetch', fetcher);
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    await tell(
      createExchange(() => [API]),
      URL_TOLD,
      TOKEN,
      ORDER,
    );
    expect(fetcher.mock.calls[0]?.[1]).toMatchObject({ method: 'PUT', body: JSON.stringify(ORDER.body), redirect: 'manual' });
    expect(timeout).toHaveBeenCalledWith(20_000);
  });

  it('a question may be asked by POST as well', async () => {
    const { exchange, sent } = orders(json({ data: [] }));
    expect(await ask(exchange, URL_TOLD, TOKEN, { interval: 'P7D' })).toMatchObject({ outcome: 'ok', json: { data: [] } });
    expect(sent).toMatchObject([{ method: 'POST', body: { interval: 'P7D' } }]);
  });
});

describe('what an answer amounts to', () => {
  it.each<[string, Said, object]>([
    ['200 with JSON', json({ a: 1 }), { outcome: 'done', json: { a: 1 }, partial: false, status: 200, atMs: SERVER_MS }],
    ['201', json([], 201), { outcome: 'done', json: [], partial: false, status: 201 }],
    ['200 with nothing', { text: ' \n', type: '' }, { outcome: 'done', json: undefined }],
    ['204', { status: 204, type: '' }, { outcome: 'done', json: undefined, status: 204 }],
    ['206', json({}, 206), { outcome: 'done', partial: true }],
    ['207', json({}, 207), { outcome: 'done', partial: true }],
    ['409', json({ error_description: 'Changed' }, 409), { outcome: 'conflict', status: 409, detail: 'Changed' }],
    ['400', json({ error_description: 'level' }, 400), { outcome: 'refused', status: 400, detail: 'level' }],
    ['404', json({}, 404), { outcome: 'refused', status: 404 }],
    ['405', json({}, 405), { outcome: 'refused', status: 405 }],
    ['410', json({}, 410), { outcome: 'refused', status: 410 }],
    ['422', json({}, 422), { outcome: 'refused', status: 422 }],
    ['401', json({}, 401), { outcome: 'unauthorized', status: 401, origin: API }],
    ['401 as a web page', { status: 401, type: 'text/html', text: HTML }, { outcome: 'unauthorized', detail: '' }],
    ['403', json({ error_description: 'No' }, 403), { outcome: 'forbidden', status: 403, detail: 'No' }],
    ['429', json({}, 429), { outcome: 'rateLimited', status: 429, notBeforeMs: 0 }],
    ['429 as a web page', { status: 429, type: 'text/html', text: HTML }, { outcome: 'rateLimited' }],
  ])('%s', async (_what, said, expected) => {
    expect(await telling(said)).toMatchObject(expected);
  });

  it.each<[string, Said]>([
    ['202: accepted is not done', json({}, 202)],
    ['205', { status: 205, type: '' }],
    ['304', { status: 304, type: '' }],
    ['500', json({}, 500)],
    ['503', json({}, 503)],
    ['504', json({}, 504)],
    ['407', { status: 407 }],
    ['408', json({}, 408)],
    ['a log-in page for 200', { type: 'text/html', text: HTML }],
    ['a page that says it is JSON', { text: HTML }],
    ['a page for 403: a proxy', { status: 403, type: 'text/html', text: HTML }],
    ['a page for 404: another host', { status: 404, type: 'text/html', text: HTML }],
    ['a page for 409', { status: 409, type: 'text/html', text: HTML }],
    ['half an answer', { text: '{"a":' }],
    ['text', { type: 'text/plain', text: 'OK' }],
  ])('%s: nobody knows', async (_what, said) => {
    expect(await telling(said)).toMatchObject({ outcome: 'unclear', status: said.status ?? 200 });
  });

  it.each(HTTP_FAILURES.filter((code) => code !== 'hostRefused'))('no answer (%s): nobody knows', async (code) => {
    const told = await tell(() => Promise.reject(new HttpError(code)), URL_TOLD, TOKEN, ORDER);
    expect(told).toEqual({ outcome: 'unclear', status: 0, detail: code, notBeforeMs: 0, requestId: '' });
  });

  it('a host that may not be spoken to was never told', async () => {
    const told = await tell(() => Promise.reject(new HttpError('hostRefused')), 'no address', TOKEN, ORDER);
    expect(told).toEqual({ outcome: 'refused', status: 0, detail: 'hostRefused', requestId: '' });
  });

  it('anything else that is thrown is no answer, and its words stay where they are', async () => {
    const told = await tell(() => Promise.reject(new Error(`with ${TOKEN}`)), URL_TOLD, TOKEN, ORDER);
    expect(told).toMatchObject({ outcome: 'unclear', detail: '' });
  });

  it('Retry-After counts from now, whoever says it', async () => {
    vi.useFakeTimers({ now: SERVER_MS + 5000, toFake: ['Date'] });
    const headers = { 'retry-after': '7' };
    for (const [status, outcome] of [
      [429, 'rateLimited'],
      [503, 'unclear'],
    ] as const)
      expect(await telling({ ...json({}, status), headers })).toMatchObject({ outcome, notBeforeMs: SERVER_MS + 12_000 });
  });

  it('carries the request’s id, and never the token', async () => {
    for (const status of [200, 409, 400, 401, 500]) {
      const told = await telling({
        ...json({ error_description: `Not with ${TOKEN}` }, status),
        headers: { 'x-request-id': 'req-1' },
      });
      expect(told).toMatchObject({ requestId: 'req-1' });
      if ('detail' in told) expect(told.detail).not.toContain('c2lnbmF0dXJl');
    }
  });

  it('is done for nothing but a 2xx that says so', async () => {
    const type = fc.constantFrom('application/json', 'text/html', 'text/plain', '');
    const text = fc.constantFrom('', '{}', '[]', '{', HTML, 'null', 'OK');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), type, text, async (status, contentType, said) => {
        const { outcome } = await telling({ status, type: contentType, text: said });
        if (outcome === 'done') expect([200, 201, 204, 206, 207]).toContain(status);
        if (status >= 500) expect(outcome).toBe('unclear');
        if (['refused', 'conflict', 'forbidden'].includes(outcome)) expect(status).toBeLessThan(500);
        if (status < 400) expect(['done', 'unclear']).toContain(outcome);
      }),
      runs(500),
    );
  });
});
