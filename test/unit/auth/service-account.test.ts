/** A service account (RFC 6749 4.4): no window, no refresh token, never without a scope, and the secret in one place only. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import type { Connection } from '../../../src/domain/connection.ts';
import type { HttpAnswer } from '../../../src/domain/http.ts';
import { logLines } from '../../../src/storage/log.ts';
import { sealed } from '../../../src/storage/sealed.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fake } from '../support/fake-browser.ts';
import { answered, Rig } from './rig.ts';

const MINUTE = 60_000;
const SECRET = 'CANARY-secret/+: 1';
const SCOPE = 'view:agent view:interaction';
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());

let tokens = 0;
const token = (over: Record<string, unknown> = {}) =>
  answered(200, { access_token: `sa-${++tokens}`, token_type: 'Bearer', expires_in: 3600, scope: SCOPE, ...over });

/** A rig whose provider gives tokens to the service account, or answers as told. */
function account(answer: () => HttpAnswer = token, over: Partial<Connection> = {}): Rig {
  const rig = new Rig(tenant, { grant: 'clientCredentials', clientId: 'wallboard-service', ...over });
  rig.instead = async () => answer();
  return rig;
}

async function signedIn(answer?: () => HttpAnswer, over?: Partial<Connection>): Promise<Rig> {
  const rig = account(answer, over);
  await rig.auth.setSecret(rig.connection, { secret: SECRET });
  return rig.signedIn();
}

describe('a service account', () => {
  it('is signed in without a window, by id, secret and scope', async () => {
    const rig = await signedIn();
    expect(rig.asked.map(({ form }) => Object.fromEntries(form))).toEqual([
      { grant_type: 'client_credentials', client_id: 'wallboard-service', client_secret: SECRET, scope: SCOPE },
    ]);
    expect(rig.asked[0]?.url).toBe(`${tenant.issuer}/token`);
    expect(rig.launches).toEqual([]);
    expect(await rig.status()).toMatchObject({
      phase: 'signedIn',
      effectiveScopes: SCOPE.split(' '),
      ledger: [{ kind: 'signIn', nth: 0, requested: SCOPE.split(' '), lost: [], source: 'response' }],
    });
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(await rig.grant()).toMatchObject({ refreshToken: null, idToken: null, epoch: 1, renewals: 0 });
    expect(await browser.storage.session.get(`${rig.id}/transaction`)).toEqual({ [`${rig.id}/transaction`]: null });
  });

  it('asks again with the secret when the token is due, and keeps no refresh token that comes along', async () => {
    const rig = await signedIn(() => token({ refresh_token: 'not-for-us', id_token: 'a.b.c' }));
    for (const nth of [1, 2]) {
      await rig.due();
      expect(await rig.token()).toMatchObject({ ok: true });
      expect(await rig.grant()).toMatchObject({
        refreshToken: null,
        idToken: null,
        renewals: nth,
        epoch: nth + 1,
        pending: null,
      });
    }
    expect(rig.count('client_credentials')).toBe(3);
    expect((await rig.status()).ledger.map(({ kind, nth }) => [kind, nth])).toEqual([
      ['signIn', 0],
      ['renewal', 1],
      ['renewal', 2],
    ]);
    expect(rig.launches).toEqual([]);
  });

  it('proves itself in a header where the provider takes nothing else', async () => {
    const real = fetch;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const response = await real(url, init);
      if (!String(url).includes('.well-known')) return response;
      const metadata = (await response.json()) as object;
      return new Response(JSON.stringify({ ...metadata, token_endpoint_auth_methods_supported: ['client_secret_basic'] }));
    });
    const rig = await signedIn();
    expect(Object.fromEntries(rig.asked[0]?.form ?? [])).toEqual({ grant_type: 'client_credentials', scope: SCOPE });
    // RFC 6749 2.3.1: both parts form-encoded first.
    const proof = `wallboard-service:${new URLSearchParams({ s: SECRET }).toString().slice(2)}`;
    const sent = rig.asked[0]?.headers.get('authorization')?.replace('Basic ', '') ?? '';
    expect(atob(sent).replaceAll('%2D', '-')).toBe(proof);
  });

  it('needs the token endpoint only, by hand and without discovery', async () => {
    const over = { issuer: '', tokenEndpoint: `${tenant.issuer}/api/v2/oauth/token` };
    const rig = await signedIn(token, over);
    expect(rig.asked[0]?.url).toBe(over.tokenEndpoint);
  });

  it('keeps the secret on disk encrypted, or in memory only where nothing may stay', async () => {
    for (const persist of [true, false]) {
      const rig = account();
      rig.persist = persist;
      expect(await rig.auth.hasSecret(rig.connection)).toBe(false);
      await rig.auth.setSecret(rig.connection, { secret: SECRET });
      expect(await rig.auth.hasSecret(rig.connection)).toBe(true);
      await rig.signedIn();
      expect((await sealed(`${rig.id}/secret`).read()) === 'absent').toBe(!persist);
      const inMemory = Object.keys(await browser.storage.session.get(null)).includes(`${rig.id}/secret`);
      expect(inMemory).toBe(!persist);
    }
    expect(JSON.stringify(await browser.storage.local.get(null))).not.toContain('CANARY');
    expect((await logLines()).join()).not.toContain('CANARY');
  });

  it('has no secret as far as anybody can tell while the database is down, and tries again when it is back', async () => {
    const rig = await signedIn();
    await rig.due();
    const broken = vi.spyOn(rig, 'secretStore').mockImplementation(() => {
      throw new Error('AbortError');
    });
    expect(await rig.auth.hasSecret(rig.connection)).toBe(false);
    expect(await rig.token()).toMatchObject({ ok: false, transient: true });
    broken.mockRestore();
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('forgets the secret at sign-out, and asks nobody any more', async () => {
    const rig = await signedIn();
    await rig.auth.signOut(rig.connection);
    expect(await rig.auth.hasSecret(rig.connection)).toBe(false);
    expect(await rig.access()).toBeNull();
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'secretMissing' });
    expect(rig.asked).toHaveLength(1);
    expect(rig.logouts).toEqual([]);
  });

  it('has its access token revoked at sign-out, for it has no other, and proves itself there as well', async () => {
    const rig = await signedIn();
    const { token: held } = (await rig.access()) ?? { token: '' };
    await rig.auth.signOut(rig.connection);
    expect(rig.revocations.map(({ form }) => Object.fromEntries(form))).toEqual([
      { token: held, token_type_hint: 'access_token', client_id: 'wallboard-service', client_secret: SECRET },
    ]);
    expect(await rig.access()).toBeNull();
    expect(await rig.auth.hasSecret(rig.connection)).toBe(false);
  });

  it('does not send its secret, or its token, to another tenant under the same id', async () => {
    const rig = await signedIn();
    const elsewhere = { ...rig.connection, apiBaseUrl: 'https://api.elsewhere.example' };
    expect(await rig.auth.holds(elsewhere)).toBe('other');
    expect(await rig.auth.accessToken(elsewhere)).toMatchObject({ ok: false, transient: false });
    await rig.due();
    expect(await rig.auth.accessToken(elsewhere)).toMatchObject({ ok: false, transient: false });
    await rig.auth.signIn(elsewhere, false);
    expect((await rig.status()).failure).toBe('secretMissing');
    expect(rig.asked).toHaveLength(1);
    await rig.auth.signOut(elsewhere);
    expect(rig.revoked).toEqual([]);
    expect(await rig.auth.holds(rig.connection)).toBe('nothing');
  });
});

describe('nothing is sent', () => {
  it.each<[string, string, Partial<Connection>, (rig: Rig) => unknown]>([
    ['without a scope', 'scopeNeeded', { vocabulary: 'custom', scopes: [] }, () => undefined],
    ['without a secret', 'secretMissing', {}, (rig) => rig.secretStore().erase()],
    ['where policy forbids it', 'grantForbidden', {}, (rig) => Object.assign(rig, { allowed: false })],
    ['by a profile that has no service accounts', 'grantForbidden', { grant: 'accessKey' }, () => undefined],
  ])('%s: %s', async (_what, failure, over, arrange) => {
    const rig = account(token, over);
    await rig.auth.setSecret(rig.connection, { secret: SECRET });
    await arrange(rig);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure });
    expect(rig.asked).toEqual([]);
    expect(await rig.vault().read()).toBe('absent');
  });

  it('by a renewal either, once policy forbids it', async () => {
    const rig = await signedIn();
    rig.allowed = false;
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'grantForbidden', transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'grantForbidden' });
    expect(rig.asked).toHaveLength(1);
  });
});

describe('a secret that is refused', () => {
  it.each([
    ['invalid_client', answered(401, { error: 'invalid_client' }), 'invalidClient'],
    ['a bare 401', answered(401), 'invalidClient'],
    ['unauthorized_client', answered(400, { error: 'unauthorized_client' }), 'invalidClient'],
    ['unsupported_grant_type', answered(400, { error: 'unsupported_grant_type' }), 'invalidClient'],
    ['invalid_client with 200', answered(200, { error: 'invalid_client' }), 'invalidClient'],
    ['invalid_scope', answered(400, { error: 'invalid_scope' }), 'invalidScope'],
  ])('%s: no window, one request, and then it waits for the user', async (_what, refusal, failure) => {
    let answer = token();
    const rig = await signedIn(() => answer);
    answer = refusal;
    await rig.due('due');
    expect(await rig.token()).toEqual({ ok: false, failure, transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure });
    expect(await rig.access()).toBeNull();
    for (let i = 0; i < 3; i++) await rig.token();
    await rig.restart(true);
    await rig.auth.resume(rig.connection);
    await rig.token();
    expect([rig.count('client_credentials'), rig.launches.length]).toEqual([2, 0]);
    // A new secret, and a click.
    rig.instead = async () => token();
    await rig.auth.setSecret(rig.connection, { secret: 'the-next-one' });
    await rig.signedIn();
    expect(rig.asked.at(-1)?.form.get('client_secret')).toBe('the-next-one');
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('at the first sign-in says why, and leaves nothing behind', async () => {
    const rig = account(() => answered(401, { error: 'invalid_client' }));
    await rig.auth.setSecret(rig.connection, { secret: SECRET });
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'invalidClient' });
    expect(await rig.vault().read()).toBe('absent');
    expect(await rig.access()).toBeNull();
  });

  it('is not sent again by a worker that died before it could say so', async () => {
    let answer = token();
    const rig = await signedIn(() => answer);
    answer = answered(401, { error: 'invalid_client' });
    await rig.due();
    const { set } = browser.storage.local;
    // Dead between the mark in the vault and the words for the user.
    vi.spyOn(browser.storage.local, 'set').mockImplementation(async (items) => {
      if (JSON.stringify(items).includes('needsSignIn')) throw new Error('gone');
      return set.call(browser.storage.local, items);
    });
    await rig.token().catch(() => undefined);
    vi.restoreAllMocks();
    await rig.restart();
    expect((await rig.status()).phase).toBe('signedIn');
    expect(await rig.token()).toEqual({ ok: false, failure: 'refused', transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'refused' });
    expect(rig.count('client_credentials')).toBe(2);
  });
});

describe('a renewal that decides nothing', () => {
  it.each([
    ['503', () => answered(503), 'providerError'],
    ['a page', () => answered(200, '<html>', 'text/html'), 'providerError'],
    ['an answer without a token', () => answered(200, { token_type: 'Bearer' }), 'badResponse'],
  ])('%s: goes on with the token at hand, and recovers', async (_what, bad, failure) => {
    let answer = token;
    const rig = await signedIn(() => answer());
    answer = bad;
    await rig.due('due');
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).phase).toBe('signedIn');
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure, transient: true });
    expect(await rig.status()).toMatchObject({ phase: 'recovering', failure });
    answer = token;
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it('is not forced again and again by a storm of 401', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let answer = token;
    const rig = await signedIn(() => answer());
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    answer = () => answered(503);
    const rejected = (await rig.access()) ?? undefined;
    for (let tries = 0; tries < 10; tries++) await rig.auth.accessToken(rig.connection, rejected);
    expect(rig.count('client_credentials')).toBe(2);
    vi.useRealTimers();
  });

  it('was cut off with the worker: the next one asks again', async () => {
    const rig = await signedIn();
    await rig.due();
    await rig.killAt('secret:answered', () => rig.token());
    rig.instead = async () => token();
    await rig.auth.resume(rig.connection);
    expect((await rig.status()).phase).toBe('signedIn');
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(await rig.grant()).toMatchObject({ pending: null, renewals: 1 });
    expect(rig.count('client_credentials')).toBe(3);
  });
});

describe('scopes', () => {
  it.each([
    ['at the sign-in', 1],
    ['at a renewal', 2],
  ])('one that is lost %s stops the watching and is named', async (_when, nth) => {
    let asked = 0;
    const rig = account(() => (++asked < nth ? token() : token({ scope: 'view:agent' })));
    await rig.auth.setSecret(rig.connection, { secret: SECRET });
    await rig.auth.signIn(rig.connection, false);
    if (nth === 2) await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: null, transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', missingScopes: ['view:interaction'] });
    expect((await rig.status()).ledger.at(-1)).toMatchObject({
      kind: nth === 1 ? 'signIn' : 'renewal',
      lost: ['view:interaction'],
    });
  });
});

describe('what was stored and is gone', () => {
  it('in memory only, after a start of the browser: says that the secret is missing', async () => {
    const rig = account();
    rig.persist = false;
    await rig.auth.setSecret(rig.connection, { secret: SECRET });
    await rig.signedIn();
    await rig.restart(true);
    expect(await rig.token()).toEqual({ ok: false, failure: 'secretMissing', transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'secretMissing' });
    expect(rig.launches).toEqual([]);
  });

  it('the grant alone: the secret makes it good', async () => {
    const rig = await signedIn();
    await rig.vault().erase();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).ledger.at(-1)).toMatchObject({ kind: 'silentSignIn', lost: [] });
    expect(await rig.grant()).toMatchObject({ epoch: 1, refused: false });
  });
});

describe('while it is asked', () => {
  it.each(['signOut', 'cancelSignIn'] as const)('%s: what comes late is thrown away', async (what) => {
    const rig = account();
    await rig.auth.setSecret(rig.connection, { secret: SECRET });
    rig.late = async () => void (await rig.auth[what](rig.connection));
    await rig.auth.signIn(rig.connection, false);
    expect((await rig.status()).phase).toBe('signedOut');
    expect(await rig.vault().read()).toBe('absent');
    expect(await rig.access()).toBeNull();
  });

  it.each(['secret:answered', 'token:kept', 'token:status'])('a sign-out at %s of a renewal is the last word', async (step) => {
    const rig = await signedIn();
    await rig.due();
    rig.atStep = async (name) => {
      if (name === step) await rig.auth.signOut(rig.connection);
    };
    expect((await rig.token()).ok).toBe(false);
    expect((await rig.status()).phase).toBe('signedOut');
    expect([await rig.vault().read(), await rig.access(), await rig.auth.hasSecret(rig.connection)]).toEqual([
      'absent',
      null,
      false,
    ]);
  });

  it('opens no window, ever', async () => {
    fake.launchWebAuthFlow = () => Promise.reject(new Error('a window'));
    const rig = await signedIn();
    await rig.due();
    await rig.token();
    await rig.auth.signOut(rig.connection);
    expect([rig.launches, rig.logouts]).toEqual([[], []]);
  });
});
