import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiscoveryError, discoverApi } from '../../../src/cxone/discovery.ts';
import { CXONE_DOMAINS, isAllowedApiHost } from '../../../src/domain/cxone-domains.ts';
import { HttpError, type HttpFailure } from '../../../src/domain/http.ts';
import { ISSUER_PRESETS, presetOf } from '../../../src/domain/issuer-presets.ts';
import { runs } from '../support/runs.ts';
import { answer, json, type Said, server } from './public-server.ts';

const ISSUER = 'https://cxone.niceincontact.com';
const TENANT = '11e8b0a4-0000-4000-8000-000000000001';
/** As documented (facts section 1). */
const DOCUMENT = {
  api_endpoint: 'https://api-na1.niceincontact.com',
  auth_endpoint: 'https://cxone.niceincontact.com',
  ui_endpoint: 'https://na1.nice-incontact.com',
  area: 'na1',
  cluster: 'c32',
  domain: 'niceincontact.com',
  acdDomain: 'nice-incontact.com',
  uhDomain: 'nice-incontact.com',
  private: false,
  tenantId: TENANT,
  globaldomain: 'niceincontact.com',
};

async function failure(reply: Said | HttpFailure, { issuer = ISSUER, tenantId = TENANT } = {}): Promise<DiscoveryError> {
  const exchange = async () => {
    if (typeof reply === 'string') throw new HttpError(reply);
    return answer(reply);
  };
  const error: unknown = await discoverApi(exchange, issuer, tenantId).catch((thrown: unknown) => thrown);
  if (error instanceof DiscoveryError) return error;
  throw new Error('no DiscoveryError');
}

describe('discovery', () => {
  it('asks once, without a token, and finds where the tenant lives', async () => {
    const calls: [string, RequestInit | undefined][] = [];
    const found = await discoverApi(
      async (url, init) => {
        calls.push([url, init]);
        return answer(json(DOCUMENT));
      },
      `${ISSUER}/`,
      TENANT,
    );
    expect(found).toEqual({
      apiBaseUrl: 'https://api-na1.niceincontact.com',
      uiUrl: 'https://na1.nice-incontact.com/',
      area: 'na1',
      cluster: 'c32',
      tenantId: TENANT,
    });
    expect(calls.map(([url]) => url)).toEqual([`${ISSUER}/.well-known/cxone-configuration?tenantId=${TENANT}`]);
    expect(new Headers(calls[0]?.[1]?.headers).has('authorization')).toBe(false);
  });

  it('of an area’s own host needs no tenant, and learns it', async () => {
    const { exchange, urls } = server(json({ ...DOCUMENT, area: 'AU1' }));
    expect(await discoverApi(exchange, 'https://au1.nice-incontact.com', '')).toMatchObject({ tenantId: TENANT, area: 'AU1' });
    expect(urls).toEqual(['https://au1.nice-incontact.com/.well-known/cxone-configuration']);
  });

  it('keeps the origin of the API and does without what is not said', async () => {
    const { exchange } = server(json({ api_endpoint: 'https://api-na1.niceincontact.com/incontactapi/' }));
    expect(await discoverApi(exchange, ISSUER, TENANT)).toEqual({
      apiBaseUrl: 'https://api-na1.niceincontact.com',
      uiUrl: '',
      area: '',
      cluster: '',
      tenantId: TENANT,
    });
  });

  it('puts the tenant’s name into the query and nowhere else', async () => {
    const { exchange, urls } = server(json({ api_endpoint: DOCUMENT.api_endpoint }));
    await discoverApi(exchange, ISSUER, 'a&b=c#d/../e');
    expect([...new URL(urls[0] ?? '').searchParams]).toEqual([['tenantId', 'a&b=c#d/../e']]);
  });

  const html = { type: 'text/html', text: '<!doctype html><title>CXone</title>' };
  it.each<[string, Said | HttpFailure, string, number]>([
    ['an unknown tenant', json({ error: 'not_found' }, 404), 'unknownTenant', 404],
    ['a tenant’s name that is none', json({}, 400), 'unknownTenant', 400],
    ['the pages for people', html, 'uiHost', 200],
    ['their error page', { ...html, status: 404 }, 'uiHost', 404],
    ['a page under a wrong name', { text: ' <html>' }, 'uiHost', 200],
    ['their log-in', 'redirect', 'uiHost', 0],
    ['something else', { text: 'ok', type: 'text/plain' }, 'notJson', 200],
    ['a list', json([]), 'notJson', 200],
    ['a flood', 'tooLarge', 'notJson', 0],
    ['another document', json({ issuer: ISSUER }), 'wrongShape', 200],
    ['an address that is none', json({ api_endpoint: 'api-na1' }), 'wrongShape', 200],
    ['another tenant', json({ ...DOCUMENT, tenantId: 'other' }), 'unknownTenant', 200],
    ['a dead network', 'network', 'unreachable', 0],
    ['silence', 'timeout', 'unreachable', 0],
    ['a server in trouble', { status: 503, ...html }, 'unreachable', 503],
    ['too many questions', json({}, 429), 'unreachable', 429],
    ['a closed door', json({}, 403), 'unreachable', 403],
  ])('%s', async (_what, reply, mistake, status) => {
    const error = await failure(reply);
    expect(error).toMatchObject({ step: 'configuration', mistake, status, hosts: [] });
    expect(error.url).toBe(`${ISSUER}/.well-known/cxone-configuration?tenantId=${TENANT}`);
  });

  it('tells the wrong area from an unknown tenant', async () => {
    const issuer = 'https://au1.nice-incontact.com';
    expect(await failure(json({}, 404), { issuer })).toMatchObject({ mistake: 'wrongArea' });
    expect(await failure(json(DOCUMENT), { issuer })).toMatchObject({ mistake: 'wrongArea', status: 200 });
  });

  it('refuses and names the hosts it may not lead to', async () => {
    const api_endpoint = 'https://api-na1.niceincontact.com.evil.example';
    expect(await failure(json({ ...DOCUMENT, api_endpoint }))).toMatchObject({
      step: 'hosts',
      mistake: 'hostRefused',
      hosts: ['api-na1.niceincontact.com.evil.example'],
    });
    const ui_endpoint = 'https://login.example';
    expect((await failure(json({ ...DOCUMENT, api_endpoint, ui_endpoint }))).hosts).toEqual([
      'api-na1.niceincontact.com.evil.example',
      'login.example',
    ]);
    expect((await failure(json({ ...DOCUMENT, ui_endpoint: 'javascript:alert(1)' }))).mistake).toBe('hostRefused');
    expect(await failure('hostRefused')).toMatchObject({ step: 'configuration', hosts: ['cxone.niceincontact.com'] });
    const { exchange } = server(json({ api_endpoint: 'https://cx.example:8443', ui_endpoint: '' }));
    expect(await discoverApi(exchange, ISSUER, TENANT, ['cx.example:8443'])).toMatchObject({
      apiBaseUrl: 'https://cx.example:8443',
    });
  });

  it('fails with nothing but its own error, whatever comes', async () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(...Object.values(DOCUMENT), 'https://', '//x', 'data:,'),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const document = fc.record(Object.fromEntries(Object.keys(DOCUMENT).map((name) => [name, value])), { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(fc.oneof(document, fc.jsonValue()), fc.constantFrom(TENANT, ''), async (body, tenantId) => {
        const { exchange } = server(json(body));
        const found = await discoverApi(exchange, ISSUER, tenantId).catch((error: unknown) => error);
        if (found instanceof DiscoveryError) return;
        expect(found).toMatchObject({ apiBaseUrl: expect.stringMatching(/^https:\/\/[\w.-]+$/) });
        expect(isAllowedApiHost(ISSUER, [], (found as { apiBaseUrl: string }).apiBaseUrl, false)).toBe(true);
      }),
      runs(1000),
    );
  });
});

describe('where a discovered address may lead', () => {
  const allowed = (url: string, { issuer = ISSUER, typed = [] as string[], demo = false } = {}) =>
    isAllowedApiHost(issuer, typed, url, demo);

  it.each([
    'https://api-na1.niceincontact.com',
    'https://api-c32.nice-incontact.com/x',
    'https://na1.nice-incontact.com',
    'https://niceincontact.com',
    'https://api-de-na2.nicecxone-gov.com',
    'https://nicecxone-sov1.au',
    'https://API-NA1.NiceInContact.com:443/',
  ])('to %s', (url) => {
    expect(allowed(url)).toBe(true);
  });

  it.each([
    'https://api-na1.niceincontact.com.evil.example',
    'https://api-na1.niceincontact.com@evil.example',
    'https://evil.example\\@api-na1.niceincontact.com',
    'https://evil.example#.niceincontact.com',
    'https://evil.example?.niceincontact.com',
    'https://someone@api-na1.niceincontact.com',
    'https://:secret@api-na1.niceincontact.com',
    'https://evilniceincontact.com',
    'https://niceincontact.com.',
    'https://api-na1.niceincontact.com.',
    'https://api-na1.niceincontact.com:8443',
    'https://api-na1.nіceincontact.com',
    'https://api-na1.xn--nceincontact-5nj.com',
    'https://api-na1.niceincontact.co',
    'https://niceincontact.evil.example',
    'https://.niceincontact.com.evil.example',
    'http://api-na1.niceincontact.com',
    'ftp://api-na1.niceincontact.com',
    'wss://api-na1.niceincontact.com',
    'javascript:alert("niceincontact.com")',
    '//api-na1.niceincontact.com',
    'api-na1.niceincontact.com',
    'https://127.0.0.1',
    'http://localhost:8080',
    'https://[::1]',
    '',
    'https://',
  ])('not to %s', (url) => {
    for (const demo of [true, false]) expect(allowed(url, { demo })).toBe(false);
  });

  it('to CXone’s domains from CXone’s alone', () => {
    for (const issuer of [
      'https://login.example',
      'https://cxone.niceincontact.com.evil.example',
      'http://cxone.niceincontact.com',
      '',
    ])
      expect(allowed('https://api-na1.niceincontact.com', { issuer })).toBe(false);
  });

  it('to the issuer’s own host, port and all', () => {
    const issuer = 'https://login.example:8443/tenant';
    expect(allowed('https://login.example:8443/api', { issuer })).toBe(true);
    for (const url of [
      'https://login.example',
      'http://login.example:8443',
      'https://api.login.example:8443',
      'https://u@login.example:8443',
    ])
      expect(allowed(url, { issuer })).toBe(false);
  });

  it('to the hosts the admin typed, however typed, and to no others below them', () => {
    const typed = ['https://api.example/path', 'data.example:8443'];
    expect(allowed('https://api.example', { typed })).toBe(true);
    expect(allowed('https://data.example:8443', { typed, issuer: 'https://login.example' })).toBe(true);
    for (const url of ['https://data.example', 'https://x.api.example', 'http://api.example', 'https://api.example.'])
      expect(allowed(url, { typed })).toBe(false);
    for (const nothing of ['', 'https://', '*', '://', ' '])
      for (const url of ['https://evil.example', 'https:', 'data:,x', 'https://*.example'])
        expect(allowed(url, { typed: [nothing] })).toBe(false);
  });

  it('within this computer from this computer, in the demo build alone', () => {
    const issuer = 'http://127.0.0.1:4000';
    for (const url of ['http://127.0.0.1:4001', 'http://localhost:4002', 'http://127.0.0.1:4000']) {
      expect(allowed(url, { issuer, demo: true })).toBe(true);
      expect(allowed(url, { issuer, demo: false })).toBe(false);
      expect(allowed(url, { issuer: ISSUER, demo: true })).toBe(false);
    }
    for (const url of [
      'http://127.0.0.2:4001',
      'http://localhost.evil.example',
      'ftp://127.0.0.1',
      'http://u@127.0.0.1:4001',
      'http://10.0.0.1',
    ])
      expect(allowed(url, { issuer, demo: true })).toBe(false);
  });

  it('never outside CXone, whatever is put around its names', () => {
    const part = fc.constantFrom(
      ...CXONE_DOMAINS,
      '.',
      '@',
      ':',
      '/',
      '\\',
      '#',
      '?',
      'evil.example',
      'api-na1.',
      '443',
      '%2e',
      ' ',
      '\t',
      '。',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const url = `https://${parts.join('')}`;
        if (!allowed(url)) return;
        // What the browser would connect to, by the browser's own reading.
        const { hostname, port, username } = new URL(url);
        expect([port, username]).toEqual(['', '']);
        expect(hostname).toMatch(/(^|\.)(nice-?incontact\.com|nicecxone\.com|nicecxone-gov\.com|nicecxone-sov1\.(au|eu))$/);
      }),
      runs(5000),
    );
  });
});

describe('presets', () => {
  /** Chrome's match patterns: `*.` stands for the name itself and everything below it. */
  const matches = (pattern: string, url: string) => {
    const { protocol, hostname } = new URL(url);
    const host = /^https:\/\/(.+)\/\*$/.exec(pattern)?.[1] ?? '';
    if (protocol !== 'https:') return false;
    return host.startsWith('*.') ? hostname === host.slice(2) || hostname.endsWith(host.slice(1)) : hostname === host;
  };

  it.each(ISSUER_PRESETS)(
    '$key reaches its issuer, and its issuer may lead to every host it asks for',
    ({ issuer, hostPatterns }) => {
      expect(hostPatterns.some((pattern) => matches(pattern, issuer))).toBe(true);
      for (const pattern of hostPatterns)
        expect(isAllowedApiHost(issuer, [], pattern.replace('*.', 'api-x.').replace('/*', ''), false)).toBe(true);
    },
  );

  it.each([
    ['commercial', 'https://api-na1.niceincontact.com'],
    ['commercial', 'https://api-c32.nice-incontact.com'],
    ['fedRamp', 'https://api-de-na2.nicecxone-gov.com'],
    ['sovereignAu', 'https://nicecxone-sov1.au'],
    ['sovereignEu', 'https://api.nicecxone-sov1.eu'],
  ])('%s reaches %s', (key, url) => {
    const patterns = ISSUER_PRESETS.find((preset) => preset.key === key)?.hostPatterns ?? [];
    expect(patterns.some((pattern) => matches(pattern, url))).toBe(true);
  });

  it('are found by their issuer', () => {
    for (const preset of ISSUER_PRESETS) expect(presetOf(` ${preset.issuer.toUpperCase()}// `)).toBe(preset);
    expect(presetOf('https://cxone.niceincontact.com.evil.example')).toBeNull();
    expect(presetOf('')).toBeNull();
  });
});
