import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../../public/managed_schema.json' with { type: 'json' };
import { CONFIG_KEYS, checkConfig } from '../../../src/domain/config-file.ts';
import { configOf, planImport } from '../../../src/domain/config-plan.ts';
import { readConfigText } from '../../../src/domain/config-text.ts';
import { type ConnectionDraft, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { withProfile } from '../../../src/domain/connection-profile.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { runs } from '../support/runs.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';
const DRAFT: ConnectionDraft = {
  ...EMPTY_DRAFT,
  name: 'Acme Support',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};
const WHOLE = {
  profile: 'v2',
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/auth',
  tokenEndpoint: 'https://login.example.com/token',
  apiBaseUrl: 'https://api.example.com',
  apiPrefix: '/v2',
  clientId: 'client',
  tenantId: 't',
  scopes: ['a:b'],
  capabilities: ['watch'],
  grants: ['clientCredentials'],
  watchedAgentIds: ['a', 'b'],
  pollSeconds: 60,
  persistSession: false,
  showNamesInNotifications: false,
  retentionDays: 7,
  writesEnabled: false,
  maxBatchSize: 20,
  auditUrl: 'https://siem.example.com/in?source=cxone',
  wfmUrl: 'https://wfm.example.com/in',
  locale: 'de-DE',
};
const now = (draft = DRAFT, locked: string[] = []) => ({
  saved: draft,
  draft,
  settings: DEFAULT_SETTINGS,
  locked: new Set(locked),
});
const plan = (given: Record<string, unknown>, at = now()) => planImport(checkConfig(given, false).values, at);
const keysOf = (changes: { key: string }[]) => changes.map(({ key }) => key);

describe('the keys', () => {
  it('are those of the policy schema, all of them', () => {
    expect([...CONFIG_KEYS].sort()).toEqual(Object.keys(schema.properties).sort());
    expect(checkConfig(WHOLE, false)).toEqual({ values: WHOLE, refused: [], unknown: [] });
  });

  it.each([
    ['profile', 'v3', 'oneOf'],
    ['issuer', 'login.example.com', 'address'],
    ['issuer', 'http://login.example.com', 'address'],
    ['issuer', 'https://user:word@login.example.com', 'address'],
    ['apiPrefix', 'api/v2', 'path'],
    ['apiPrefix', '/api v2', 'path'],
    ['clientId', ' ', 'text'],
    ['clientId', 7, 'text'],
    ['clientId', 'x'.repeat(501), 'text'],
    ['clientId', JWT, 'notSecret'],
    ['tenantId', 'Bearer abc', 'notSecret'],
    ['issuer', `https://login.example.com/${JWT}`, 'notSecret'],
    ['scopes', [], 'texts'],
    ['scopes', 'a:b', 'texts'],
    ['scopes', ['a', 7], 'texts'],
    ['watchedAgentIds', ['a', JWT], 'notSecret'],
    ['watchedAgentIds', Array.from({ length: 2001 }, String), 'texts'],
    ['capabilities', ['dance'], 'someOf'],
    ['grants', ['password'], 'someOf'],
    ['grants', 'password', 'someOf'],
    ['pollSeconds', 29, 'whole'],
    ['pollSeconds', 30.5, 'whole'],
    ['pollSeconds', '60', 'whole'],
    ['retentionDays', 366, 'whole'],
    ['persistSession', 'true', 'flag'],
    ['writesEnabled', 1, 'flag'],
    ['maxBatchSize', 10_001, 'whole'],
    ['auditUrl', 'http://siem.example.com/in', 'address'],
    ['auditUrl', `https://siem.example.com/in?token=${JWT}`, 'notSecret'],
    ['wfmUrl', 'wfm.example.com', 'address'],
  ])('%s = %j is refused alone, with what it must be, and never with the value', (key, value, what) => {
    const { [key as keyof typeof WHOLE]: _, ...others } = WHOLE;
    const { values, refused } = checkConfig({ ...WHOLE, [key]: value }, false);
    expect(values).toEqual(others);
    expect(refused).toEqual([{ key, why: { key: `options_must_${what}`, params: expect.any(Array) } }]);
    if (typeof value === 'string' && value.trim() !== '') expect(JSON.stringify(refused)).not.toContain(value);
  });

  it('plain http to this computer is for the demo build', () => {
    const given = { issuer: 'http://127.0.0.1:1234', auditUrl: 'http://127.0.0.1:1235/in', wfmUrl: 'http://localhost:1236' };
    expect(checkConfig(given, true).values).toEqual(given);
    expect(checkConfig(given, false).refused).toHaveLength(3);
  });

  it('nobody knows others, nor what objects have by themselves', () => {
    const given = JSON.parse('{"accessToken": "x", "__proto__": {"issuer": "https://evil.example"}, "toString": 1}') as object;
    expect(checkConfig(given as Record<string, unknown>, false)).toEqual({
      values: {},
      refused: [],
      unknown: ['accessToken', '__proto__', 'toString'],
    });
  });
});

describe('export', () => {
  it('holds what a file may hold: no name, no secret, nothing empty', () => {
    expect(configOf(DRAFT, { ...DEFAULT_SETTINGS, watchedAgentIds: ['a'] })).toEqual({
      profile: 'v2',
      issuer: DRAFT.issuer,
      apiBaseUrl: DRAFT.apiBaseUrl,
      apiPrefix: '/api/v2',
      clientId: 'agent-watch',
      scopes: ['view:agent', 'view:interaction'],
      capabilities: ['watch'],
      grants: ['authorizationCode'],
      watchedAgentIds: ['a'],
      pollSeconds: 30,
      persistSession: true,
      showNamesInNotifications: true,
      retentionDays: 30,
    });
  });

  it('says where audit entries and rows are sent on to, where anybody said so', () => {
    const endpoints = { auditUrl: WHOLE.auditUrl, wfmUrl: WHOLE.wfmUrl };
    const file = configOf(DRAFT, { ...DEFAULT_SETTINGS, ...endpoints });
    expect(file).toMatchObject(endpoints);
    const { settings, changes } = plan({ ...endpoints, retentionDays: 30 });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ...endpoints });
    expect(keysOf(changes)).toEqual(['auditUrl', 'wfmUrl']);
    const fixed = plan({ auditUrl: 'https://elsewhere.example' }, now(DRAFT, ['auditUrl']));
    expect([fixed.settings.auditUrl, fixed.locked]).toEqual(['', ['auditUrl']]);
  });

  it('comes back in as it went out, whatever the connection', () => {
    const profile = fc.constantFrom('v2' as const, 'public' as const);
    const some = fc.record({
      tenantId: fc.constantFrom('', 't1'),
      vocabulary: fc.constantFrom('view' as const, 'read' as const, 'agent' as const, 'custom' as const),
      apiPrefix: fc.constantFrom('/api/v2', '/gateway/v3'),
      clientId: fc.constantFrom('one', 'two'),
    });
    fc.assert(
      fc.property(profile, some, fc.integer({ min: 30, max: 900 }), fc.boolean(), (to, over, pollSeconds, persistSession) => {
        const draft = { ...withProfile({ ...DRAFT, ...over, scopes: ['x:y'] }, to), name: 'login.acme.example' };
        const settings = { ...DEFAULT_SETTINGS, watchedAgentIds: ['a'], pollSeconds, persistSession };
        const file = readConfigText(JSON.stringify(configOf(draft, settings)));
        if (!('values' in file)) throw new Error('not read');
        const checked = checkConfig(file.values, false);
        expect(checked).toMatchObject({ refused: [], unknown: [] });
        const back = planImport(checked.values, now(EMPTY_DRAFT));
        expect(configOf(back.draft, back.settings)).toEqual(configOf(draft, settings));
        expect(planImport(checked.values, { ...now(draft), settings }).changes).toEqual([]);
      }),
      runs(300),
    );
  });
});

describe('import', () => {
  it('changes what the file names, and says what was there before', () => {
    const { draft, settings, changes, locked, idle } = plan({ clientId: 'other', pollSeconds: 60, retentionDays: 30 });
    expect(changes).toEqual([
      { key: 'clientId', before: 'agent-watch', after: 'other' },
      { key: 'pollSeconds', before: 30, after: 60 },
    ]);
    expect(draft).toEqual({ ...DRAFT, clientId: 'other' });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, pollSeconds: 60 });
    expect([locked, idle]).toEqual([[], []]);
  });

  it('what was typed and not saved goes along, and is a change like any other', () => {
    const result = plan({ pollSeconds: 60 }, { ...now(), draft: { ...DRAFT, tenantId: 'typed', clientId: 'typed' } });
    expect(keysOf(result.changes)).toEqual(['clientId', 'tenantId', 'pollSeconds']);
    expect(result.draft.tenantId).toBe('typed');
  });

  it('leaves what the organisation sets as it is, and says so where the file differs', () => {
    const at = now(DRAFT, ['clientId', 'issuer', 'scopes', 'pollSeconds', 'profile']);
    const result = plan({ ...WHOLE, issuer: DRAFT.issuer, profile: 'public' }, at);
    expect(result.locked).toEqual(['profile', 'clientId', 'scopes', 'pollSeconds']);
    expect(result.draft).toMatchObject({ clientId: 'agent-watch', issuer: DRAFT.issuer, vocabulary: 'view', profile: 'v2' });
    expect(result.settings.pollSeconds).toBe(30);
    expect(keysOf(result.changes)).not.toContain('clientId');
    const scopes = plan({ scopes: ['a:b'] }, at);
    expect([scopes.locked, scopes.changes]).toEqual([['scopes'], []]);
  });

  it('scopes that a preset has are that preset', () => {
    expect(plan({ scopes: ['read:interaction', 'read:agent'] }).draft).toMatchObject({ vocabulary: 'read', scopes: [] });
    expect(plan({ scopes: ['a:b'] }).draft).toMatchObject({ vocabulary: 'custom', scopes: ['a:b'] });
  });

  it('another profile brings its defaults, which are shown like any other change', () => {
    const { draft, changes } = plan(
      { profile: 'public', clientId: 'agent-watch' },
      now({ ...EMPTY_DRAFT, clientId: 'agent-watch' }),
    );
    expect(draft).toMatchObject({ issuer: 'https://cxone.niceincontact.com', name: 'cxone.niceincontact.com' });
    expect(keysOf(changes)).toEqual(['profile', 'issuer', 'apiPrefix', 'scopes']);
    expect(plan({ profile: 'public' }).draft.name).toBe('Acme Support');
  });

  it('one way of signing in is taken, a list of allowed ones is policy’s', () => {
    expect(plan({ grants: ['clientCredentials'] }).draft.grant).toBe('clientCredentials');
    const many = plan({ grants: ['clientCredentials', 'authorizationCode'], writesEnabled: true });
    expect(many.draft).toEqual(DRAFT);
    expect(many.idle).toEqual(['grants', 'writesEnabled']);
    expect(plan({ maxBatchSize: 20, locale: 'de', auditUrl: WHOLE.auditUrl }).idle).toEqual(['maxBatchSize', 'locale']);
  });
});

describe('the text of a file', () => {
  it.each([
    ['plain', JSON.stringify(WHOLE)],
    ['with a byte order mark and spaces', `\ufeff \n${JSON.stringify(WHOLE, null, 2)}\n`],
    ['as policy on disk', JSON.stringify({ '3rdparty': { extensions: { lkpmcfmp: WHOLE } } })],
    [
      'as in the admin console',
      JSON.stringify(Object.fromEntries(Object.entries(WHOLE).map(([key, Value]) => [key, { Value }]))),
    ],
  ])('%s', (_, text) => {
    expect(readConfigText(text)).toEqual({ values: WHOLE });
  });

  it.each([
    ['', 'options_importEmpty'],
    ['  \n', 'options_importEmpty'],
    ['issuer=https://x', 'options_importNotJson'],
    ['[1]', 'options_importNotJson'],
    ['"x"', 'options_importNotJson'],
    ['{"a": ', 'options_importNotJson'],
    [JWT, 'options_importIsToken'],
    [`Bearer ${JWT}`, 'options_importIsToken'],
    [`{"a": "${'x'.repeat(500_000)}"}`, 'options_importTooLong'],
  ])('%.20s', (text, key) => {
    expect(readConfigText(text)).toEqual({ wrong: { key, params: [] } });
  });
});
