import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConnectionDraft, EMPTY_DRAFT, GRANTS, PROFILES, VOCABULARIES } from '../../../src/domain/connection.ts';
import { checkConnection } from '../../../src/domain/connection-check.ts';
import { connectionHosts, isUsable, patternsToAsk } from '../../../src/domain/connection-hosts.ts';
import { prefixesFor, versionOf, withProfile } from '../../../src/domain/connection-profile.ts';
import { looksSecret, looksToken } from '../../../src/domain/looks-secret.ts';
import { runs } from '../support/runs.ts';

const GOOD: ConnectionDraft = {
  ...EMPTY_DRAFT,
  name: 'Acme Support',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';
const check = (change: Partial<ConnectionDraft>, loopback = false) => checkConnection({ ...GOOD, ...change }, { loopback });

describe('a connection that is right', () => {
  it('passes without a word', () => {
    expect(check({})).toEqual({ errors: {}, hints: {}, draft: GOOD });
  });

  it.each([
    ['trims', { name: '  Acme  ', clientId: ' agent-watch\n' }, { name: 'Acme', clientId: 'agent-watch' }],
    ['takes trailing slashes off', { issuer: 'https://login.acme.example/' }, { issuer: 'https://login.acme.example' }],
    ['takes them off a path', { issuer: 'https://login.acme.example/realm//' }, { issuer: 'https://login.acme.example/realm' }],
    ['and off the API address', { apiBaseUrl: 'https://API.acme.example:443/' }, { apiBaseUrl: 'https://api.acme.example' }],
    ['and off the prefix', { apiPrefix: ' /v2/ ' }, { apiPrefix: '/v2' }],
    ['adds https://', { apiBaseUrl: 'api-na1.niceincontact.com' }, { apiBaseUrl: 'https://api-na1.niceincontact.com' }],
    ['keeps a port', { apiBaseUrl: 'api.acme.example:8443' }, { apiBaseUrl: 'https://api.acme.example:8443' }],
    ['sorts out scopes', { scopes: [' a ', 'a', ''] }, { scopes: ['a'] }],
  ])('%s', (_, typed, saved) => {
    const result = check(typed);
    expect(result.errors).toEqual({});
    expect(result.draft).toEqual({ ...GOOD, ...saved });
  });

  it('takes the discovery path off the issuer and says so', () => {
    const { errors, hints, draft } = check({ issuer: 'https://login.acme.example/realm/.well-known/openid-configuration' });
    expect(errors).toEqual({});
    expect(draft.issuer).toBe('https://login.acme.example/realm');
    expect(hints.issuer).toMatchObject({ key: 'field_issuerWellKnown', suggestion: 'https://login.acme.example/realm' });
  });

  it('takes it off as often as it stands there, and never the host', () => {
    const path = '/.well-known/openid-configuration';
    expect(check({ issuer: `https://login.acme.example${path}/${path}/` }).draft.issuer).toBe('https://login.acme.example');
    expect(check({ issuer: path }).errors.issuer?.key).toBe('field_urlUnreadable');
  });

  it('needs no issuer when both endpoints are given, and keeps their slash', () => {
    const { errors, draft } = check({
      issuer: '',
      authorizationEndpoint: 'https://login.acme.example/authorize',
      tokenEndpoint: 'https://login.acme.example/token/',
    });
    expect(errors).toEqual({});
    expect(draft.tokenEndpoint).toBe('https://login.acme.example/token/');
  });

  it.each([
    'https://api-na1.niceincontact.com',
    'https://api-c200.nice-incontact.com',
    'https://api-us-east-1.imc.nice-incontact.com',
    'https://acme.niceincontact.com',
    'https://api-de-na2.nicecxone-gov.com',
  ])('takes %s for an API', (apiBaseUrl) => {
    expect(check({ apiBaseUrl })).toMatchObject({ errors: {}, hints: {} });
  });
});

const PUBLIC: ConnectionDraft = {
  ...withProfile(EMPTY_DRAFT, 'public'),
  name: 'Acme Support',
  clientId: 'agent-watch',
};
const checkPublic = (change: Partial<ConnectionDraft>, foundApi = '') =>
  checkConnection({ ...PUBLIC, ...change }, { loopback: false, foundApi });

describe('the public API', () => {
  it('needs a client ID and nothing else: the rest is there or is found', () => {
    expect(checkPublic({})).toEqual({ errors: {}, hints: {}, draft: PUBLIC });
    expect(PUBLIC).toMatchObject({
      issuer: 'https://cxone.niceincontact.com',
      apiBaseUrl: '',
      apiPrefix: '/inContactAPI/services/v34.0',
    });
    expect(isUsable(PUBLIC, false)).toBe(true);
    expect(checkPublic({ clientId: '' }).errors).toEqual({ clientId: { key: 'field_clientIdMissing', params: [] } });
    expect(checkPublic({ issuer: '' }).errors.issuer?.key).toBe('field_issuerMissingPublic');
    expect(isUsable({ ...PUBLIC, issuer: '' }, false)).toBe(false);
  });

  it('asks for no scopes, whatever a list says', () => {
    expect(checkPublic({ vocabulary: 'custom', scopes: [] }).errors).toEqual({});
  });

  it('takes a user’s access key without a client, but not without an issuer', () => {
    const key = { grant: 'accessKey', clientId: '', issuer: 'https://na1.nice-incontact.com' } as const;
    expect(checkPublic(key)).toMatchObject({ errors: {}, hints: {} });
    expect(isUsable({ ...PUBLIC, ...key }, false)).toBe(true);
    const byHand = {
      authorizationEndpoint: 'https://a.example/a',
      tokenEndpoint: 'https://a.example/t',
      apiBaseUrl: 'https://b.example',
    };
    expect(checkPublic({ ...byHand, issuer: '' }).errors).toEqual({});
    expect(checkPublic({ ...byHand, ...key, issuer: '' }).errors.issuer?.key).toBe('field_issuerMissingPublic');
    expect(check({ grant: 'accessKey' }).draft.grant).toBe('authorizationCode');
  });

  it.each([
    ['https://api-na1.niceincontact.com', 'field_issuerIsApi', 'https://cxone.niceincontact.com'],
    ['https://api-de-na2.nicecxone-gov.com', 'field_issuerIsApi', 'https://cxone-gov.niceincontact.com'],
    ['https://cxone.niceincontact.com/auth/authorize', 'field_issuerPath', 'https://cxone.niceincontact.com'],
    ['https://nicecxone-sov1.eu/x', 'field_issuerPath', 'https://nicecxone-sov1.eu'],
  ])('%s is no issuer: %s', (issuer, key, suggestion) => {
    expect(checkPublic({ issuer }).errors.issuer).toEqual({ key, params: [suggestion], suggestion });
  });

  it.each([
    ['https://na1.nice-incontact.com', 'https://cxone.niceincontact.com'],
    ['https://cxagent.nicecxone.com', 'https://cxone.niceincontact.com'],
    ['https://na2.nicecxone-gov.com', 'https://cxone-gov.niceincontact.com'],
    ['https://app.nicecxone-sov1.au', 'https://nicecxone-sov1.au'],
  ])('%s is probably the web application', (issuer, suggestion) => {
    const { errors, hints } = checkPublic({ issuer });
    expect(errors).toEqual({});
    expect(hints.issuer).toEqual({ key: 'field_issuerIsWebApp', params: [suggestion], suggestion });
  });

  it('an access key is taken at the host of the area, which the API address may tell', () => {
    const key = { grant: 'accessKey' } as const;
    expect(checkPublic(key).hints.issuer).toEqual({ key: 'field_issuerKeyArea', params: [] });
    expect(checkPublic({ ...key, apiBaseUrl: 'https://api-eu1.niceincontact.com' }).hints.issuer).toMatchObject({
      key: 'field_issuerKeyAreaUse',
      suggestion: 'https://eu1.nice-incontact.com',
    });
  });

  it('an API of another area, cloud or tenant than the sign-in is told of', () => {
    const api = 'https://api-na1.niceincontact.com';
    expect(checkPublic({ apiBaseUrl: api })).toMatchObject({ errors: {}, hints: {} });
    expect(checkPublic({ apiBaseUrl: api }, api).hints).toEqual({});
    expect(checkPublic({ apiBaseUrl: api }, 'https://api-c32.nice-incontact.com').hints.apiBaseUrl).toMatchObject({
      key: 'field_apiOther',
      suggestion: 'https://api-c32.nice-incontact.com',
    });
    expect(checkPublic({ apiBaseUrl: 'https://api-de-na2.nicecxone-gov.com' }).hints.apiBaseUrl).toEqual({
      key: 'field_apiOtherCloud',
      params: ['api-de-na2.nicecxone-gov.com'],
    });
    expect(checkPublic({ issuer: 'https://eu1.nice-incontact.com', apiBaseUrl: api }).hints.apiBaseUrl).toEqual({
      key: 'field_apiOtherArea',
      params: ['eu1'],
      suggestion: 'https://api-eu1.niceincontact.com',
    });
  });

  it('the web application in place of the API is wrong here as well, and a path is moved into the prefix of this API', () => {
    expect(checkPublic({ apiBaseUrl: 'https://na1.nice-incontact.com' }).errors.apiBaseUrl?.key).toBe('field_apiIsWebApp');
    expect(checkPublic({ apiBaseUrl: 'https://api-na1.niceincontact.com/x', apiPrefix: '' }).errors.apiBaseUrl?.also?.value).toBe(
      '/x/inContactAPI/services/v34.0',
    );
    expect(checkPublic({ apiPrefix: '' }).errors.apiPrefix?.suggestion).toBe('/inContactAPI/services/v34.0');
  });

  it('NICE’s own sign-in under the other profile is told of', () => {
    expect(check({ issuer: 'https://cxone.niceincontact.com' }).hints.issuer?.key).toBe('field_issuerIsPublic');
  });

  it('Chrome is asked for the cloud while the API is not known, and for exact hosts else', () => {
    const cloud = ['https://*.niceincontact.com/*', 'https://*.nice-incontact.com/*', 'https://*.nicecxone.com/*'];
    expect(patternsToAsk(PUBLIC)).toEqual(cloud);
    expect(patternsToAsk({ ...PUBLIC, tokenEndpoint: 'https://proxy.example/t' })).toEqual([...cloud, 'https://proxy.example/*']);
    expect(patternsToAsk({ ...PUBLIC, apiBaseUrl: 'https://api-na1.niceincontact.com' })).toEqual([
      'https://cxone.niceincontact.com/*',
      'https://api-na1.niceincontact.com/*',
    ]);
    expect(patternsToAsk({ ...PUBLIC, issuer: 'https://login.acme.example' })).toEqual(['https://login.acme.example/*']);
    expect(patternsToAsk({ ...PUBLIC, issuer: 'http://127.0.0.1:4000' })).toEqual(['http://127.0.0.1/*']);
    expect(patternsToAsk({ ...PUBLIC, issuer: 'http://127.0.0.1:4000', apiBaseUrl: 'http://127.0.0.1:4001' })).toHaveLength(2);
    expect(patternsToAsk({ ...PUBLIC, issuer: 'https://niceincontact.com.evil.example' })).toHaveLength(1);
    expect(patternsToAsk({ ...GOOD, issuer: 'https://cxone.niceincontact.com' })).toEqual([
      'https://cxone.niceincontact.com/*',
      'https://api.acme.example/*',
    ]);
  });
});

describe('going over to the other profile', () => {
  it('takes defaults along and loses nothing that was typed', () => {
    const there = withProfile(EMPTY_DRAFT, 'public');
    expect(withProfile(there, 'v2')).toEqual(EMPTY_DRAFT);
    const typed = {
      ...EMPTY_DRAFT,
      issuer: 'https://login.acme.example',
      apiPrefix: '/gateway/v2',
      apiBaseUrl: 'https://a.example',
    };
    expect(withProfile(typed, 'public')).toEqual({ ...typed, profile: 'public' });
    expect(withProfile({ ...typed, grant: 'clientCredentials' }, 'public').grant).toBe('authorizationCode');
    expect(withProfile(typed, 'v2')).toBe(typed);
  });

  it('knows the version of a path', () => {
    expect(prefixesFor('public').map(versionOf)).toEqual(['v34.0', 'v30.0', 'v28.0']);
    expect(versionOf('/gateway')).toBe('/gateway');
  });
});

describe('a service account', () => {
  it('needs no page to sign in at', () => {
    const byHand = { issuer: '', tokenEndpoint: 'https://a.example/t' };
    expect(check({ ...byHand, grant: 'clientCredentials' }).errors).toEqual({});
    expect(check(byHand).errors).toMatchObject({ authorizationEndpoint: { key: 'field_endpointsBoth' } });
  });
});

describe('what is missing', () => {
  it.each([
    ['name', 'field_nameMissing'],
    ['issuer', 'field_issuerMissing'],
    ['apiBaseUrl', 'field_apiMissing'],
    ['clientId', 'field_clientIdMissing'],
  ] as const)('%s', (field, key) => {
    expect(check({ [field]: '  ' }).errors).toEqual({ [field]: { key, params: [] } });
  });

  it('one endpoint without the other, at the field that is empty', () => {
    const { errors } = check({ tokenEndpoint: 'https://login.acme.example/token' });
    expect(errors).toEqual({ authorizationEndpoint: { key: 'field_endpointsBoth', params: [] } });
  });

  it('a custom list of scopes without scopes', () => {
    expect(check({ vocabulary: 'custom' }).errors.scopes?.key).toBe('field_scopesMissing');
  });
});

describe('addresses', () => {
  it.each([
    ['http://login.acme.example/x', 'field_httpsOnly', 'https://login.acme.example/x'],
    ['http://127.0.0.1:8080', 'field_httpsOnly', 'https://127.0.0.1:8080'],
    ['ftp://login.acme.example', 'field_httpsOnly', undefined],
    ['https://user:pass@login.acme.example/x', 'field_urlCredentials', 'https://login.acme.example/x'],
    ['https://login.acme.example/x?tenant=1', 'field_urlQuery', 'https://login.acme.example/x'],
    ['https://login.acme.example/x?', 'field_urlQuery', 'https://login.acme.example/x'],
    ['https://login.acme.example#top', 'field_urlQuery', 'https://login.acme.example'],
    ['https://exa mple', 'field_urlUnreadable', undefined],
    ['https://', 'field_urlUnreadable', undefined],
    ['javascript:alert(1)', 'field_urlUnreadable', undefined],
  ])('%s: %s', (address, key, suggestion) => {
    for (const field of ['issuer', 'apiBaseUrl', 'tokenEndpoint', 'authorizationEndpoint'] as const) {
      const both = { authorizationEndpoint: 'https://a.example/a', tokenEndpoint: 'https://a.example/t' };
      const found = check({ ...both, [field]: address }).errors[field];
      expect(found?.key).toBe(key);
      expect(found?.suggestion).toBe(suggestion);
    }
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080'])('%s is allowed in the demo build', (address) => {
    expect(check({ issuer: address, apiBaseUrl: `${address}/` }, true)).toMatchObject({
      errors: {},
      draft: { issuer: address, apiBaseUrl: address },
    });
    expect(check({ apiBaseUrl: address.slice(7) }, true).draft.apiBaseUrl).toBe(address);
  });

  it('loopback means this computer alone', () => {
    expect(check({ issuer: 'http://127.0.0.1.evil.example' }, true).errors.issuer?.key).toBe('field_httpsOnly');
    expect(check({ issuer: 'http://192.168.0.1' }, true).errors.issuer?.key).toBe('field_httpsOnly');
  });

  it.each([
    ['https://na1.nice-incontact.com', 'https://api-na1.niceincontact.com'],
    ['eu1.nice-incontact.com/', 'https://api-eu1.niceincontact.com'],
    ['https://na1.nicecxone.com/login', 'https://api-na1.niceincontact.com'],
    ['https://home-au1.nice-incontact.com', 'https://api-au1.niceincontact.com'],
  ])('%s is the web application', (apiBaseUrl, suggestion) => {
    expect(check({ apiBaseUrl }).errors.apiBaseUrl).toEqual({ key: 'field_apiIsWebApp', params: [suggestion], suggestion });
  });

  it.each(['https://cxone.niceincontact.com', 'https://cxagent.nicecxone.com', 'https://na2.nicecxone-gov.com', 'nicecxone.com'])(
    '%s is the web application of no known area: nothing is guessed',
    (apiBaseUrl) => {
      expect(check({ apiBaseUrl }).errors.apiBaseUrl).toEqual({ key: 'field_apiIsWebAppAsk', params: [] });
    },
  );

  it('only hints where the address may be right', () => {
    expect(check({ apiBaseUrl: 'https://na1.niceincontact.com' })).toMatchObject({
      errors: {},
      hints: { apiBaseUrl: { key: 'field_apiArea', suggestion: 'https://api-na1.niceincontact.com' } },
    });
    expect(check({ apiBaseUrl: 'na1' }).hints.apiBaseUrl?.key).toBe('field_hostShort');
    // Seed 003 spells the host with two Chinese letters in it.
    expect(check({ apiBaseUrl: 'https://api.us.cloud.nice-in接触.com' }).hints.apiBaseUrl?.key).toBe('field_hostLetters');
  });

  it.each([
    ['https://api.acme.example/api/v2', '/api/v2'],
    ['https://api.acme.example/api/v2/agents/states', '/api/v2'],
    ['https://api.acme.example/gateway/v2/agents/states/', '/gateway/v2'],
    ['https://api.acme.example/gateway', '/gateway/v2'],
    ['https://api.acme.example/incontactAPI/services/v34.0', '/incontactAPI/services/v34.0'],
  ])('%s is moved into the prefix', (apiBaseUrl, prefix) => {
    expect(check({ apiBaseUrl, apiPrefix: '/v2' }).errors.apiBaseUrl).toEqual({
      key: 'field_apiPath',
      params: ['https://api.acme.example', prefix],
      suggestion: 'https://api.acme.example',
      also: { field: 'apiPrefix', value: prefix },
    });
  });
});

describe('prefix, client and scopes', () => {
  it.each([
    ['', 'field_prefixMissing', '/api/v2'],
    ['/', 'field_prefixMissing', '/api/v2'],
    ['api/v2', 'field_prefixForm', '/api/v2'],
    ['/api//v2', 'field_prefixForm', '/api/v2'],
    ['/api/v2?x=1', 'field_prefixForm', '/api/v2'],
    ['https://api.acme.example/api/v2/', 'field_prefixForm', '/api/v2'],
    ['/api/../v2', 'field_prefixForm', undefined],
    ['/api v2', 'field_prefixForm', undefined],
    ['/api/v2/agents/states', 'field_prefixEndpoint', '/api/v2'],
  ])('prefix "%s": %s', (apiPrefix, key, suggestion) => {
    const found = check({ apiPrefix }).errors.apiPrefix;
    expect(found?.key).toBe(key);
    expect(found?.suggestion).toBe(suggestion);
  });

  it.each(['agent watch', 'agent\u00a0watch', 'ägent'])('client ID "%s"', (clientId) => {
    expect(check({ clientId }).errors.clientId?.key).toBe('field_clientIdCharacters');
  });

  it.each(['view agent', 'view"agent', 'view\\agent', 'vïew'])('scope %s', (scope) => {
    expect(check({ vocabulary: 'custom', scopes: ['ok', scope] }).errors.scopes).toEqual({
      key: 'field_scopeToken',
      params: [scope],
    });
    expect(check({ scopes: [scope] }).errors).toEqual({});
  });

  it('scopes that are added by themselves are allowed, with a hint', () => {
    expect(check({ vocabulary: 'custom', scopes: ['openid', 'x', 'offline_access'] })).toMatchObject({
      errors: {},
      hints: { scopes: { key: 'field_scopeOwn', params: ['openid, offline_access'] } },
    });
  });

  it('too much', () => {
    const scopes = Array.from({ length: 51 }, (_, i) => `s${i}`);
    expect(check({ scopes }).errors.scopes?.key).toBe('field_scopesTooMany');
    expect(check({ name: 'n'.repeat(81) }).errors.name?.key).toBe('field_tooLong');
    expect(check({ tenantId: 'n'.repeat(501) }).errors.tenantId?.key).toBe('field_tooLong');
  });
});

describe('a token is never accepted', () => {
  const pasted = [
    JWT,
    `Bearer ${JWT}`,
    'Bearer abc123',
    'client_secret=abc',
    '{"access_token": "x1"}',
    'q8Zr3vXw0Lk5Tn2Bd7Hs9Jf4Gm6Pc1Ya8Ue3Oi5Rt',
  ];

  it.each(pasted)('%s', (value) => {
    for (const field of ['name', 'issuer', 'authorizationEndpoint', 'apiBaseUrl', 'apiPrefix', 'clientId', 'tenantId'] as const) {
      const { errors, hints } = check({ [field]: ` ${value} ` });
      expect(errors[field]).toEqual({ key: 'field_secret', params: [] });
      expect(JSON.stringify([errors, hints])).not.toContain(value.slice(-8));
    }
    expect(check({ scopes: [value] }).errors.scopes?.key).toBe('field_secret');
  });

  it('not within an address either, nor with a line break in it', () => {
    expect(check({ apiBaseUrl: `https://api.acme.example/${JWT}` }).errors.apiBaseUrl).toEqual({
      key: 'field_secret',
      params: [],
    });
    expect(check({ issuer: `https://a.example/${JWT.slice(0, 6)}\n${JWT.slice(6)}` }).errors.issuer?.key).toBe('field_secret');
  });

  it('a client’s secret is no token, but a token is one', () => {
    expect(pasted.map(looksToken)).toEqual([true, true, true, false, true, false]);
  });

  it.each([
    '7e1c0f0a-58a5-4d53-9c0e-2f2a7f2f8d11',
    'agent-watch',
    'Acme Support Europe, Middle East and Africa 2',
    'a'.repeat(60),
  ])('but "%s" is none', (value) => {
    expect(looksSecret(value)).toBe(false);
  });
});

describe('connectionHosts', () => {
  it('names every origin once, and not that of the page only Chrome opens', () => {
    const issuer = 'https://login.acme.example/realm';
    const authorizationEndpoint = 'https://only-chrome-opens-it.example';
    const hosts = connectionHosts({
      ...{ ...GOOD, authorizationEndpoint },
      issuer,
      tokenEndpoint: 'https://tokens.acme.example/t',
    });
    expect(hosts).toEqual(['https://login.acme.example', 'https://tokens.acme.example', 'https://api.acme.example']);
  });

  it('leaves out what is no web address', () => {
    expect(connectionHosts({ issuer: '', tokenEndpoint: 'data:,', apiBaseUrl: 'https://a.example' })).toEqual([
      'https://a.example',
    ]);
  });
});

describe('whatever is typed', () => {
  const pieces = fc.constantFrom(
    'https://', 'http://', '/', '//', '.', ':', '@', '?', '#', '%2e', '\\', ' ', '\n', 'a.example', 'localhost', '127.0.0.1', ':8080', '[::1]',
    'api', 'v2', 'agents', 'states', '.well-known/openid-configuration', 'na1.nice-incontact.com', 'xn--', 'ß', '\u202e', 'eyJ', 'https:', '..',
  ); // biome-ignore format: a list of crumbs reads better in lines
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
  );
  const draft: fc.Arbitrary<ConnectionDraft> = fc.record({
    name: text,
    profile: fc.constantFrom(...PROFILES),
    issuer: text,
    authorizationEndpoint: fc.oneof(fc.constant(''), text),
    tokenEndpoint: fc.oneof(fc.constant(''), text),
    apiBaseUrl: fc.oneof(fc.webUrl({ withFragments: false }), text),
    apiPrefix: fc.oneof(fc.constant('/api/v2'), text),
    clientId: fc.oneof(fc.constant('agent-watch'), text),
    tenantId: text,
    vocabulary: fc.constantFrom(...VOCABULARIES),
    scopes: fc.array(text, { maxLength: 4 }),
    grant: fc.constantFrom(...GRANTS),
    capabilities: fc.constant(['watch' as const]),
  });
  /** Most drafts made of random texts fail at one field or another; with all fields but one right, many pass. */
  const nearlyGood = fc
    .tuple(
      draft,
      fc.constantFrom<keyof ConnectionDraft>(
        'name',
        'issuer',
        'tokenEndpoint',
        'apiBaseUrl',
        'apiPrefix',
        'clientId',
        'tenantId',
        'scopes',
      ),
    )
    .map(([random, field]): ConnectionDraft => {
      const both = field === 'tokenEndpoint' ? { authorizationEndpoint: random[field] } : {};
      const vocabulary = field === 'scopes' ? { vocabulary: 'custom' as const } : {};
      return { ...GOOD, ...vocabulary, ...both, [field]: random[field] };
    });

  it('never throws; what passes is https (or allowed loopback) and comes out the same when checked again', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(draft, nearlyGood), fc.boolean(), (typed, loopback) => {
        const first = checkConnection(typed, { loopback });
        if (Object.keys(first.errors).length > 0) return;
        passed += 1;
        const { issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, apiPrefix } = first.draft;
        for (const address of [issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl].filter((value) => value !== '')) {
          const url = new URL(address);
          const plain = url.protocol === 'http:' && loopback && ['127.0.0.1', 'localhost'].includes(url.hostname);
          expect(url.protocol === 'https:' || plain).toBe(true);
          expect(url.username + url.password + url.search + url.hash).toBe('');
        }
        const api = apiBaseUrl === '' && first.draft.profile === 'public' ? 'https://found.example' : apiBaseUrl;
        expect(new URL(api).origin).toBe(api);
        expect(new URL(api + apiPrefix).pathname).toBe(apiPrefix);
        const again = checkConnection(first.draft, { loopback });
        expect(again.errors).toEqual({});
        expect(again.draft).toEqual(first.draft);
        expect(connectionHosts(first.draft).length).toBeGreaterThan(0);
        // What the form lets through, the worker takes.
        expect(isUsable(first.draft, loopback)).toBe(true);
      }),
      runs(5000),
    );
    expect(passed).toBeGreaterThan(runs(500).numRuns);
  });
});
