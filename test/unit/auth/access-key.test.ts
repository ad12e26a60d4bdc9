/** A user's access key (facts/cxone-api.md section 4): JSON to the issuer's host, renewed by the refresh token where there is one, else by the key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Connection, EMPTY_DRAFT, grantsFor } from '../../../src/domain/connection.ts';
import type { HttpAnswer } from '../../../src/domain/http.ts';
import { connectionSchema } from '../../../src/domain/schemas.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { answered, Rig } from './rig.ts';

const KEY = { id: 'KEY-ID-1', secret: 'CANARY-key==' };
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());

const jwt = (claims: object) => `${['{"alg":"RS256"}', JSON.stringify(claims)].map(btoa).join('.').replaceAll('=', '')}.c2ln`;

let tokens = 0;
const given = (over: Record<string, unknown> = {}) =>
  answered(200, {
    access_token: `ak-${++tokens}`,
    refresh_token: `rk-${tokens}`,
    expires_in: 3600,
    id_token: jwt({ tenantId: 'tenant-demo-1', aud: 'somebody-else' }),
    ...over,
  });
const byKey = (form: URLSearchParams) => form.has('accessKeyId');

type Answer = (form: URLSearchParams) => HttpAnswer;

async function signedIn(answer: Answer = () => given(), over: Partial<Connection> = {}): Promise<Rig> {
  const rig = new Rig(tenant, {
    profile: 'public',
    grant: 'accessKey',
    ...over,
  });
  rig.instead = async (form) => answer(form);
  await rig.auth.setSecret(rig.connection, KEY);
  return rig.signedIn();
}

describe('an access key', () => {
  it('is exchanged without a window, at the issuer’s host', async () => {
    const rig = await signedIn();
    expect(rig.asked.map(({ url, form }) => [url, Object.fromEntries(form)])).toEqual([
      [`${tenant.issuer}/authentication/v1/token/access-key`, { accessKeyId: KEY.id, accessKeySecret: KEY.secret }],
    ]);
    expect(rig.asked[0]?.headers.get('content-type')).toBe('application/json');
    expect(await rig.status()).toMatchObject({
      phase: 'signedIn',
      organisationId: 'tenant-demo-1',
      ledger: [{ kind: 'signIn', nth: 0, source: 'requested' }],
    });
    // Nobody's session in this browser came of it.
    expect(await rig.grant()).toMatchObject({ refreshToken: `rk-${tokens}`, idToken: null });
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.launches).toEqual([]);
  });

  it('is renewed by the refresh token, at the token endpoint', async () => {
    const rig = await signedIn((form) => (byKey(form) ? given() : given({ token_type: 'Bearer' })));
    const { refreshToken } = await rig.grant();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    const sent = rig.asked.at(-1);
    expect(sent?.url).toBe(`${tenant.issuer}/token`);
    expect(Object.fromEntries(sent?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: tenant.clientId,
    });
    expect(await rig.grant()).toMatchObject({ refreshToken: `rk-${tokens}`, idToken: null, renewals: 1 });
    expect((await rig.status()).ledger.at(-1)).toMatchObject({ kind: 'renewal', nth: 1 });
  });

  it.each<[string, Answer, Partial<Connection>, number]>([
    ['has no refresh token', () => given({ refresh_token: undefined }), {}, 0],
    ['has no client id to renew with', () => given(), { clientId: '' }, 0],
    [
      'is told that the refresh token is spent',
      (form) => (byKey(form) ? given() : answered(400, { error: 'invalid_grant' })),
      {},
      1,
    ],
    ['is told so with a bare 401', (form) => (byKey(form) ? given() : answered(401)), {}, 1],
  ])('is asked with again where it %s', async (_what, answer, over, refreshes) => {
    const rig = await signedIn(answer, over);
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect([rig.asked.filter(({ form }) => byKey(form)).length, rig.count('refresh_token')]).toEqual([2, refreshes]);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: null });
    expect((await rig.status()).ledger.map(({ kind }) => kind)).toEqual(['signIn', 'renewal']);
    expect(await rig.grant()).toMatchObject({ renewals: 1, pending: null, refused: false });
  });

  it('is asked with again where the issuer has no discovery', async () => {
    tenant.faults.arm({ kind: 'discoveryStatus', status: 404 });
    const rig = await signedIn();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.asked.map(({ form }) => byKey(form))).toEqual([true, true]);
    tenant.faults.clear();
  });

  it('is all that is sent once the refresh token was refused', async () => {
    let key: HttpAnswer = given();
    const rig = await signedIn((form) => (byKey(form) ? key : answered(400, { error: 'invalid_grant' })));
    key = answered(503);
    await rig.due();
    for (const _ of [1, 2]) expect(await rig.token()).toMatchObject({ ok: false, failure: 'providerError', transient: true });
    key = given();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect([rig.asked.filter(({ form }) => byKey(form)).length, rig.count('refresh_token')]).toEqual([4, 1]);
  });

  it('is not asked with while a renewal only has to wait', async () => {
    const rig = await signedIn((form) => (byKey(form) ? given() : answered(503)));
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'providerError', transient: true });
    expect((await rig.status()).phase).toBe('recovering');
    expect(rig.asked.filter(({ form }) => byKey(form))).toHaveLength(1);
  });

  it('is forgotten at sign-out; nobody’s browser session is ended', async () => {
    const rig = await signedIn();
    const { refreshToken } = await rig.grant();
    await rig.auth.signOut(rig.connection);
    expect(await rig.auth.hasSecret(rig.connection)).toBe(false);
    expect(rig.revoked).toEqual([refreshToken]);
    expect(rig.logouts).toEqual([]);
  });

  it.each([
    ['the answer', given({ scope: 'openid other' }), ['openid', 'other'], 'response'],
    ['the token', given({ access_token: jwt({ scope: 'openid' }) }), ['openid'], 'jwt'],
    ['nobody', given(), [], 'requested'],
  ])('carries the scopes that %s tells of', async (_who, answer, effectiveScopes, source) => {
    const rig = await signedIn(() => answer);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', effectiveScopes, ledger: [{ source }] });
  });
});

describe('an access key that is not taken', () => {
  const WAYS: [string, HttpAnswer, string, boolean][] = [
    ['401 in JSON', answered(401, { message: 'Invalid access key' }), 'keyRefused', false],
    ['403 with nothing', answered(403), 'keyRefused', false],
    ['400 in JSON', answered(400, { errorCode: 7 }), 'keyRefused', false],
    ['an error with 200', answered(200, { error: 'access_denied' }), 'keyRefused', false],
    ['404: there is no such address', answered(404, { message: 'no' }), 'discoveryFailed', true],
    ['a page with 403', answered(403, '<p>Blocked', 'text/html'), 'providerError', true],
    ['500', answered(500), 'providerError', true],
    ['429', answered(429, {}), 'providerError', true],
    ['no token', answered(200, { expires_in: 1 }), 'badResponse', true],
    ['a token of another type', answered(200, { access_token: 'x', token_type: 'mac' }), 'badResponse', true],
    ['a token type that is none', answered(200, { access_token: 'x', token_type: 7 }), 'badResponse', true],
  ];

  it.each(WAYS)('%s, at the sign-in', async (_what, answer, failure) => {
    const rig = new Rig(tenant, { profile: 'public', grant: 'accessKey' });
    rig.instead = async () => answer;
    await rig.auth.setSecret(rig.connection, KEY);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure });
    expect(await rig.vault().read()).toBe('absent');
    expect(rig.asked).toHaveLength(1);
  });

  it.each(WAYS)('%s, at a renewal', async (_what, answer, failure, transient) => {
    let next: HttpAnswer | null = null;
    const rig = await signedIn(() => next ?? given({ refresh_token: null }));
    next = answer;
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: false, failure, transient });
    expect(await rig.status()).toMatchObject({ phase: transient ? 'recovering' : 'needsSignIn', failure });
    await rig.token();
    expect(rig.asked).toHaveLength(transient ? 3 : 2);
    expect(await rig.auth.hasSecret(rig.connection)).toBe(true);
    expect(rig.launches).toEqual([]);
  });

  it('has nowhere to go without an issuer', async () => {
    const hand = { issuer: '', authorizationEndpoint: `${tenant.issuer}/auth`, tokenEndpoint: `${tenant.issuer}/token` };
    const rig = new Rig(tenant, { profile: 'public', grant: 'accessKey', ...hand });
    await rig.auth.setSecret(rig.connection, KEY);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'discoveryFailed' });
    expect(rig.asked).toEqual([]);
  });
});

it('each profile has the page and one way without it', () => {
  expect(grantsFor('v2')).toEqual(['authorizationCode', 'clientCredentials']);
  expect(grantsFor('public')).toEqual(['authorizationCode', 'accessKey']);
});

it('a connection stored before there was a choice goes on with the page', () => {
  const { grant: _, ...before } = { ...EMPTY_DRAFT, id: 'c' };
  expect(z.parse(connectionSchema(), before)).toEqual({ ...before, grant: 'authorizationCode' });
  expect(z.safeParse(connectionSchema(), { ...before, grant: 'password' }).success).toBe(false);
});
