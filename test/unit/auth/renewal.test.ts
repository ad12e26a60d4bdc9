/** Renewals: what is sent, what is kept whatever comes back, and how often (security-reliability.md 2.3; faults 3 to 10 and 29). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../tenant/client.ts';
import { answered, EXTENSION_ORIGIN, FULL, Rig } from './rig.ts';

const MINUTE = 60_000;
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => {
  tenant.faults.clear();
  vi.useRealTimers();
});

/** A JWT nobody signed. */
const jwt = (claims: object) => `${['{"alg":"RS256"}', JSON.stringify(claims)].map(btoa).join('.').replaceAll('=', '')}.c2ln`;

describe('a renewal', () => {
  it('names the full granted scope each time and takes the rotated token', async () => {
    tenant.log.clear();
    const rig = await new Rig(tenant).signedIn();
    const seen = new Set<string | null>();
    for (let nth = 1; nth <= 4; nth++) {
      seen.add((await rig.grant()).refreshToken);
      await rig.due();
      const token = await rig.token();
      if (!token.ok) throw new Error('no token');
      expect((await api(tenant, '/agents/states', token.access.token)).status).toBe(200);
      expect(await rig.grant()).toMatchObject({ epoch: nth + 1, renewals: nth, pending: null, refused: false });
    }
    expect(seen.size).toBe(4);
    const sent = tenant.log.since(0).filter(({ grantType }) => grantType === 'refresh_token');
    expect(sent.map(({ scope }) => scope)).toEqual([FULL, FULL, FULL, FULL]);
    expect(rig.launches).toHaveLength(1);
  });

  it('is asked of nobody but the tenant that gave the token, and decides nothing about it', async () => {
    const rig = await new Rig(tenant).signedIn();
    await browser.storage.session.remove(`${rig.id}/access`);
    const elsewhere = { ...rig.connection, apiBaseUrl: 'https://api.elsewhere.example' };
    expect(await rig.auth.accessToken(elsewhere)).toEqual({ ok: false, failure: null, transient: false });
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([0, 0]);
    expect((await rig.status()).phase).toBe('signedIn');
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('happens early, but not before it is due', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    vi.setSystemTime(Date.now() + 53 * MINUTE);
    await rig.token();
    expect(rig.count('refresh_token')).toBe(0);
    vi.setSystemTime(Date.now() + 3.1 * MINUTE);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.count('refresh_token')).toBe(1);
  });

  it('marks the vault before it sends', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    rig.instead = async () => {
      expect((await rig.grant()).pending).toEqual({ epoch: 2, atMs: expect.any(Number) });
      return null;
    };
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.grant()).pending).toBeNull();
  });

  it('keeps the old refresh token where the answer has none', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    tenant.faults.arm({ kind: 'noRefreshTokenInAnswer', times: 1 });
    for (const _ of [1, 2]) {
      await rig.due();
      expect(await rig.token()).toMatchObject({ ok: true });
    }
    expect(rig.asked.map(({ form }) => form.get('refresh_token'))).toEqual([null, refreshToken, refreshToken]);
  });

  it('asks without a scope where the full set is refused, and knows what is left', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'scopeDroppedOnRefresh', scopes: ['view:interaction'] });
    rig.instead = async (form) => (form.has('scope') ? answered(400, { error: 'invalid_scope' }) : null);
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: false });
    expect(rig.asked.slice(1).map(({ form }) => form.get('scope'))).toEqual([FULL, null]);
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', missingScopes: ['view:interaction'] });
    expect((await rig.grant()).grantedScopes).toEqual(FULL.split(' '));
  });

  it('works where the access token is no JWT', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'tokenFields', patch: { access_token: 'opaque-1', id_token: '__delete__' } });
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true, access: { token: 'opaque-1' } });
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', organisationId: 'org-demo-7f3a' });
  });
});

describe('strange members of the answer', () => {
  it.each([
    ['expires_in missing', { expires_in: '__delete__' }, 60],
    ['expires_in 0', { expires_in: 0 }, 1],
    ['expires_in -1', { expires_in: -1 }, 1],
    ['expires_in "3600abc"', { expires_in: '3600abc' }, 60],
    ['expires_in "7200"', { expires_in: '7200' }, 120],
    ['expires_in 1e300', { expires_in: 1e300 }, 24 * 60],
    ['expires_in null', { expires_in: null }, 60],
    ['token_type missing', { token_type: '__delete__' }, 60],
    ['token_type null', { token_type: null }, 60],
    ['token_type "BEARER"', { token_type: 'BEARER' }, 60],
    ['refresh_token null', { refresh_token: null }, 60],
    ['refresh_token ""', { refresh_token: '' }, 60],
    ['refresh_token a number', { refresh_token: 12 }, 60],
    ['refresh_token with a line break', { refresh_token: 'a\r\nb' }, 60],
    ['id_token null', { id_token: null }, 60],
    ['id_token ""', { id_token: '' }, 60],
    ['unknown members', { constructor: 1, toString: 2, extra: { a: [1] } }, 60],
  ])('%s: the token is good', async (_name, patch, minutes) => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    tenant.faults.arm({ kind: 'tokenFields', patch, times: 1 });
    await rig.due();
    const token = await rig.token();
    if (!token.ok) throw new Error(`no token: ${token.failure}`);
    const { receivedMs, expiresMs, renewMs } = token.access;
    expect(expiresMs - receivedMs).toBe(minutes * MINUTE);
    expect(renewMs).toBeGreaterThan(receivedMs + (expiresMs - receivedMs) / 2);
    const kept = (await rig.grant()).refreshToken;
    if ('refresh_token' in patch) expect(kept).toBe(refreshToken);
    else expect(kept).not.toBe(refreshToken);
    // No storm: it is not asked again at once.
    await rig.token();
    expect(rig.count('refresh_token')).toBe(1);
  });

  it.each([
    ['token_type "dpop"', { token_type: 'DPoP' }],
    ['token_type unknown', { token_type: 'mac' }],
    ['token_type a number', { token_type: 1 }],
    ['access_token missing', { access_token: '__delete__' }],
    ['access_token a number', { access_token: 7 }],
    ['access_token ""', { access_token: '' }],
    ['access_token with a line break', { access_token: 'a\r\nx-evil: 1' }],
    ['access_token beyond ASCII', { access_token: 'é' }],
  ])('%s: no token is taken, but the rotated one is kept', async (_name, patch) => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    tenant.faults.arm({ kind: 'tokenFields', patch, times: 1 });
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'badResponse', transient: true });
    expect(await rig.status()).toMatchObject({ phase: 'recovering', failure: 'badResponse' });
    expect((await rig.grant()).refreshToken).not.toBe(refreshToken);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.launches).toHaveLength(1);
  });

  it('does not mind an ID token that our clock takes for expired: a renewal does not need one', async () => {
    const rig = await new Rig(tenant).signedIn();
    const now = Math.floor(Date.now() / 1000);
    const idToken = jwt({ iss: tenant.issuer, aud: 'agent-watch', sub: 'demo', iat: now - 7200, exp: now - 3600 });
    tenant.faults.arm({ kind: 'tokenFields', patch: { id_token: idToken } });
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
  });
});

describe('a fault that decides nothing', () => {
  it.each([
    ['429', { kind: 'tokenStatus', status: 429 }, 'providerError'],
    ['500', { kind: 'tokenStatus', status: 500 }, 'providerError'],
    ['503', { kind: 'tokenStatus', status: 503 }, 'providerError'],
    ['404', { kind: 'tokenStatus', status: 404 }, 'providerError'],
    ['a page with status 200', { kind: 'tokenHtml' }, 'providerError'],
    ['a cut answer', { kind: 'tokenCut', bytes: 30, on: 'refresh' }, 'network'],
    ['a dead connection', { kind: 'tokenDropAfterRotate' }, 'network'],
    ['"temporarily_unavailable" with status 400', { kind: 'tokenStatus', status: 400 }, 'providerError'],
  ])('%s: the tokens stay, and the phase says recovering', async (_name, fault, failure) => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    tenant.faults.arm(fault);
    await rig.due();
    for (const _ of [1, 2]) {
      if (failure === 'network' && (await rig.grant()).pending) break;
      expect(await rig.token()).toEqual({ ok: false, failure, transient: true });
      expect(await rig.status()).toMatchObject({ phase: 'recovering', failure });
      expect(await rig.grant()).toMatchObject({ refreshToken, refused: false });
    }
    expect(rig.launches).toHaveLength(1);
    tenant.faults.clear();
    // Node may still hand out a connection that has just died; Chrome would try another one by itself.
    await eventually(async () => expect(await rig.token()).toMatchObject({ ok: true }));
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: null });
  });

  it.each([
    ['a page with status 403', answered(403, '<!DOCTYPE html><p>Blocked', 'text/html')],
    ['a plain text of a proxy with status 403', answered(403, 'Access denied by policy 7', 'text/plain')],
    ['407', answered(407, '')],
    ['a JSON 403 of a gateway', answered(403, { message: 'Forbidden' })],
    ['a 401 that asks for proxy credentials', answered(401, 'Authentication Required', 'text/plain')],
    ['"server_error" with status 400', answered(400, { error: 'server_error' })],
    ['201', answered(201, { access_token: 'x', token_type: 'Bearer' })],
    ['a list', answered(200, '[]')],
    ['null', answered(200, 'null')],
    ['204', answered(204)],
    ['a status that no Response can carry', answered(600, {})],
  ])('%s from whoever stands in between', async (_name, answer) => {
    const rig = await new Rig(tenant).signedIn();
    rig.instead = async () => answer;
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: false, transient: true });
    expect((await rig.status()).phase).toBe('recovering');
    expect((await rig.grant()).refused).toBe(false);
    expect(rig.launches).toHaveLength(1);
  });

  it('uses the token at hand for as long as it lasts', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { token } = (await rig.access()) ?? {};
    tenant.faults.arm({ kind: 'tokenStatus', status: 503 });
    await rig.due('due');
    expect(await rig.token()).toMatchObject({ ok: true, access: { token } });
    expect((await rig.status()).phase).toBe('signedIn');
    await rig.due('expired');
    expect(await rig.token()).toMatchObject({ ok: false, transient: true });
  });

  it('says in its own words that the provider refuses extensions, and keeps the tokens', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'refuseOrigin' });
    rig.origin = EXTENSION_ORIGIN;
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'originRefused', transient: true });
    tenant.faults.clear();
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('takes a refusal for a refusal, even one that speaks of an origin', async () => {
    const rig = await new Rig(tenant).signedIn();
    rig.instead = async (form) =>
      form.has('refresh_token') ? answered(400, { error: 'invalid_grant', error_description: 'token of another origin' }) : null;
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.silentLaunches()).toBe(1);
  });

  it.each(['discoveryHtml', 'discoveryStatus'])('%s with the metadata gone: no reason to burn the token', async (kind) => {
    const rig = await new Rig(tenant).signedIn();
    await browser.storage.local.remove(`${rig.id}/metadata`);
    tenant.faults.arm({ kind });
    await rig.due();
    expect((await rig.token()).ok).toBe(false);
    expect((await rig.grant()).refused).toBe(false);
    tenant.faults.clear();
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('renews while discovery is down', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    vi.setSystemTime(Date.now() + 30 * 60 * MINUTE);
    tenant.faults.arm({ kind: 'discoveryHtml' });
    expect(await rig.token()).toMatchObject({ ok: true });
  });
});

describe('a provider that says when to come back', () => {
  const busy = (retryAfter: string, status = 429) => answered(status, {}, 'application/json', { 'retry-after': retryAfter });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 120_000).toUTCString()],
  ])('is not asked before, in %s', async (_what, header) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    const startMs = Date.now();
    rig.instead = async () => busy(header());
    const told = { ok: false, failure: 'providerError', transient: true, notBeforeMs: expect.any(Number) };
    const first = await rig.token();
    expect(first).toEqual(told);
    const notBeforeMs = 'notBeforeMs' in first ? (first.notBeforeMs ?? 0) : 0;
    expect(Math.abs(notBeforeMs - startMs - 120_000)).toBeLessThan(2_000);
    rig.instead = async () => null;
    for (const rejected of [undefined, (await rig.access()) ?? undefined])
      expect(await rig.auth.accessToken(rig.connection, rejected)).toEqual({ ...told, notBeforeMs });
    await rig.restart();
    await rig.auth.resume(rig.connection);
    vi.setSystemTime(notBeforeMs - 1);
    expect(await rig.token()).toEqual({ ...told, notBeforeMs });
    expect(await rig.status()).toMatchObject({ phase: 'recovering', failure: 'providerError' });
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([1, 0]);
    vi.setSystemTime(notBeforeMs);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it('lets the token at hand go on meanwhile', async () => {
    const rig = await new Rig(tenant).signedIn();
    rig.instead = async () => busy('60', 503);
    await rig.due('due');
    for (const _ of [1, 2, 3]) expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.count('refresh_token')).toBe(1);
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: false, transient: true });
    expect((await rig.status()).phase).toBe('recovering');
    expect(rig.count('refresh_token')).toBe(1);
  });

  it('does not hold up a person who signs in, nor the renewals after that', async () => {
    const rig = await new Rig(tenant).signedIn();
    rig.instead = async (form) => (form.has('refresh_token') ? busy('600') : null);
    await rig.due();
    await rig.token();
    rig.instead = async () => null;
    await rig.signedIn();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('is heard also where it answers the code of a silent sign-in', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    rig.instead = async (form) => (form.has('code') ? busy('60') : null);
    await rig.due();
    await rig.token();
    await rig.token();
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([1, 1]);
  });

  it.each(['0', '-5', '1e3', 'soon'])('%j is no time to wait for', async (header) => {
    const rig = await new Rig(tenant).signedIn();
    rig.instead = async () => answered(429, {}, 'application/json', { 'retry-after': header });
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'providerError', transient: true });
    rig.instead = async () => null;
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('is held to a quarter of an hour, also by a clock that was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    const nowMs = Date.now();
    rig.instead = async () => busy('31536000');
    expect(await rig.token()).toMatchObject({ notBeforeMs: nowMs + 15 * MINUTE });
    rig.instead = async () => null;
    vi.setSystemTime(nowMs - 60 * MINUTE);
    const rejected = (await rig.access()) ?? undefined;
    expect(await rig.auth.accessToken(rig.connection, rejected)).toMatchObject({ ok: true });
    expect(rig.count('refresh_token')).toBe(2);
  });
});

describe('how often', () => {
  it('asks once for all who come at the same time', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    tenant.faults.arm({ kind: 'tokenSlow', ms: 30, times: 1 });
    const tokens = await Promise.all(Array.from({ length: 12 }, () => rig.token()));
    expect(new Set(tokens.map((token) => token.ok && token.access.token)).size).toBe(1);
    expect(tokens.every(({ ok }) => ok)).toBe(true);
    expect(rig.count('refresh_token')).toBe(1);
  });

  it('renews a rejected token once, however many tell of it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    const rejected = (await rig.access()) ?? undefined;
    const tokens = await Promise.all(Array.from({ length: 6 }, () => rig.auth.accessToken(rig.connection, rejected)));
    expect(tokens.every((token) => token.ok && token.access.token !== rejected?.token)).toBe(true);
    expect(rig.count('refresh_token')).toBe(1);
  });

  it('forces at most one renewal a minute in a storm of 401', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    for (let second = 0; second < 600; second += 5) {
      const rejected = (await rig.access()) ?? undefined;
      const before = rig.count('refresh_token');
      const again = await rig.auth.accessToken(rig.connection, rejected);
      if (!again.ok) expect(again).toEqual({ ok: false, failure: 'refused', transient: false });
      else expect(rig.count('refresh_token')).toBe(before + 1);
      vi.setSystemTime(Date.now() + 5_000);
    }
    expect(rig.count('refresh_token')).toBeGreaterThanOrEqual(9);
    expect(rig.count('refresh_token')).toBeLessThanOrEqual(10);
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it('does not force one failing renewal right after the other; further apart the poll spaces them', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    rig.instead = async () => answered(503);
    const rejected = (await rig.access()) ?? undefined;
    for (let tries = 0; tries < 20; tries++) {
      await rig.auth.accessToken(rig.connection, rejected);
      vi.setSystemTime(Date.now() + 90);
    }
    expect(rig.count('refresh_token')).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    await rig.auth.accessToken(rig.connection, rejected);
    expect(rig.count('refresh_token')).toBe(2);
  });

  it('is not held up by a clock that was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = await new Rig(tenant).signedIn();
    const reject = async () => rig.auth.accessToken(rig.connection, (await rig.access()) ?? undefined);
    expect(await reject()).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() - 60 * MINUTE);
    rig.instead = async () => answered(200, { access_token: 'new', token_type: 'Bearer' });
    expect(await reject()).toMatchObject({ ok: true, access: { token: 'new' } });
  });
});
