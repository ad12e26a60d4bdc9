import { describe, expect, it, vi } from 'vitest';
import { ask } from '../../../src/cxone/ask.ts';
import { HTTP_FAILURES, type HttpAnswer, HttpError } from '../../../src/domain/http.ts';

const URL_ASKED = 'https://api.example.com/api/v2/agents/states';
const NOW = Date.parse('2026-11-20T10:00:00Z');
const DATE = 'Fri, 20 Nov 2026 10:00:00 GMT';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ';

interface Given {
  status?: number;
  type?: string;
  text?: string;
  headers?: Record<string, string>;
}
const answer = ({ status = 200, type = 'application/json', text = '[]', headers = {} }: Given): HttpAnswer => ({
  status,
  contentType: type,
  text,
  headers: new Headers({ date: DATE, ...headers }),
});
const asking = (given: Given) => ask(async () => answer(given), URL_ASKED, TOKEN);
const HTML = '<!doctype html><title>Log in</title>';

describe('the question', () => {
  it('is one GET with the token in its header, and nowhere else', async () => {
    const exchange = vi.fn(async () => answer({}));
    await ask(exchange, URL_ASKED, TOKEN);
    expect(exchange.mock.calls).toEqual([
      [URL_ASKED, { headers: { accept: 'application/json', authorization: `Bearer ${TOKEN}` } }],
    ]);
  });
});

describe('what an answer amounts to', () => {
  it.each<[string, Given, string]>([
    ['a list', { text: '[1]' }, 'ok'],
    ['JSON under a name of its own', { type: 'application/vnd.cxone.v2+json; charset=utf-8' }, 'ok'],
    ['JSON in capitals', { type: 'Application/JSON' }, 'ok'],
    ['204', { status: 204, text: '', type: '' }, 'noContent'],
    ['304', { status: 304, text: '', type: '' }, 'unchanged'],
    ['a web page', { type: 'text/html; charset=utf-8', text: HTML }, 'portal'],
    ['a web page that says it is JSON', { text: `\n ${HTML}` }, 'portal'],
    ['text', { type: 'text/plain' }, 'malformed'],
    ['no type', { type: '' }, 'malformed'],
    ['what only begins like JSON', { type: 'application/jsonp' }, 'malformed'],
    ['nothing at all', { text: '' }, 'malformed'],
    ['half a list', { text: '[{"agentId":"a"' }, 'malformed'],
    ['200,000 open brackets', { text: '['.repeat(200_000) }, 'malformed'],
    ['401', { status: 401, text: '{}' }, 'unauthorized'],
    ['401 as a web page', { status: 401, type: 'text/html', text: HTML }, 'unauthorized'],
    ['403', { status: 403, text: '{}' }, 'forbidden'],
    ['403 as a web page: a proxy', { status: 403, type: 'text/html', text: HTML }, 'portal'],
    ['407', { status: 407 }, 'portal'],
    ['511', { status: 511, type: 'text/html', text: HTML }, 'portal'],
    ['404', { status: 404, text: '{}' }, 'serverError'],
    ['404 as a web page', { status: 404, type: 'text/html', text: HTML }, 'serverError'],
    ['422', { status: 422, text: '{}' }, 'serverError'],
    ['429', { status: 429, text: '{}' }, 'rateLimited'],
    ['429 as a web page, as gateways in front of an API send it', { status: 429, type: 'text/html', text: HTML }, 'rateLimited'],
    ['500', { status: 500, text: '{}' }, 'serverError'],
    ['502 as a web page', { status: 502, type: 'text/html', text: HTML }, 'serverError'],
  ])('%s', async (_what, given, outcome) => {
    expect((await asking(given)).outcome).toBe(outcome);
  });

  it('knows each way in which there was no answer', async () => {
    const outcomes = Object.fromEntries(
      await Promise.all(
        HTTP_FAILURES.map(async (code) => {
          const asked = await ask(() => Promise.reject(new HttpError(code)), URL_ASKED, TOKEN);
          expect(asked).toMatchObject({ status: 0, detail: code, origin: 'https://api.example.com' });
          return [code, asked.outcome];
        }),
      ),
    );
    expect(outcomes).toEqual({
      network: 'offline',
      timeout: 'offline',
      hostRefused: 'offline',
      redirect: 'portal',
      cut: 'malformed',
      tooLarge: 'malformed',
    });
    const unknown = await ask(() => Promise.reject(new Error(`with ${TOKEN}`)), URL_ASKED, TOKEN);
    expect(unknown).toMatchObject({ outcome: 'offline', detail: '' });
  });

  it('resolves for an address that is none: a wrong value of a policy is an outcome, not an exception', async () => {
    const asked = ask(() => Promise.reject(new HttpError('hostRefused')), 'api.example.com/api/v2/agents/states', TOKEN);
    await expect(asked).resolves.toMatchObject({ outcome: 'offline' });
  });

  it('takes the time from the server, or from here where the server has none', async () => {
    vi.useFakeTimers({ now: NOW + 42_000, toFake: ['Date'] });
    expect(await asking({ headers: { date: 'Fri, 20 Nov 2026 09:58:20 GMT' } })).toMatchObject({ atMs: NOW - 100_000 });
    expect(await asking({ headers: { date: 'yesterday' } })).toMatchObject({ atMs: NOW + 42_000 });
    vi.useRealTimers();
  });
});

describe('how long we are asked to wait', () => {
  it.each<[string, Record<string, string>, number]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a date, counted from the server’s own clock', { 'retry-after': 'Fri, 20 Nov 2026 10:02:00 GMT' }, 120_000],
    ['a date gone by', { 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    ['a year', { 'retry-after': '31536000' }, 15 * 60_000],
  ])('%s', async (_what, headers, waitMs) => {
    vi.useFakeTimers({ now: NOW + 5_000_000, toFake: ['Date'] });
    const asked = await asking({ status: 429, text: '{}', headers });
    expect(asked).toMatchObject({ outcome: 'rateLimited', notBeforeMs: NOW + 5_000_000 + waitMs });
    expect(await asking({ status: 503, text: '{}', headers })).toMatchObject({ notBeforeMs: NOW + 5_000_000 + waitMs });
    vi.useRealTimers();
  });

  it.each(['-5', '1e3', '0x10', 'soon', '1.5', ''])('%j says nothing', async (value) => {
    expect(await asking({ status: 429, text: '{}', headers: { 'retry-after': value } })).toMatchObject({ notBeforeMs: 0 });
  });
});

describe('the server’s own words', () => {
  const detail = async (given: Given) => {
    const asked = await asking({ status: 403, ...given });
    return 'detail' in asked ? asked.detail : '';
  };

  it('come from the body, else from the header, in one line and cut short', async () => {
    expect(await detail({ text: '{"error_description":"No right\\r\\nto see\\u0000it"}' })).toBe('No right to see it');
    expect(await detail({ text: '{}', headers: { icStatusDescription: 'Not permitted' } })).toBe('Not permitted');
    expect(await detail({ text: JSON.stringify({ error_description: 'No. '.repeat(3000) }) })).toHaveLength(160);
    for (const text of ['', 'null', '[]', '7', '{"error_description":{"a":1}}', '{"error_description":7}', '{'])
      expect(await detail({ text })).toBe('');
  });

  it('are not taken from a web page', async () => {
    expect(await detail({ type: 'text/html', text: HTML, headers: { icStatusDescription: 'x' } })).toBe('');
  });

  it('never repeat the token that was sent', async () => {
    const said = await detail({ text: JSON.stringify({ error_description: `The token ${TOKEN} may not see this.` }) });
    expect(said).not.toContain('c2lnbmF0dXJlLWNhbmFyeQ');
    expect(said).not.toContain('eyJ');
  });
});

describe('how the server calls the request', () => {
  it.each<[string, Record<string, string>, string]>([
    ['its own header', { 'x-request-id': 'req-000123' }, 'req-000123'],
    ['the gateway’s', { 'x-correlation-id': 'Root=1-67891233-abcdef' }, 'Root=1-67891233-abcdef'],
    ['nothing', {}, ''],
    ['nonsense', { 'x-request-id': 'a b' }, ''],
    ['a novel', { 'x-request-id': 'a'.repeat(81) }, ''],
    ['a token', { 'x-request-id': 'eyJhbGciOiJSUzI1NiJ9' }, ''],
    ['a piece of the token that was sent', { 'x-request-id': 'c2lnbmF0dXJlLWNhbmFyeQ' }, ''],
  ])('%s', async (_what, headers, requestId) => {
    for (const given of [{ headers }, { headers, status: 204 }, { headers, status: 403, text: '{}' }, { headers, text: '{' }])
      expect((await asking(given)).requestId).toBe(requestId);
  });
});
