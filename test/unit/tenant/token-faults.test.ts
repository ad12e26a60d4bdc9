import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EXTENSION_REDIRECT, startTenant, type Tenant } from '../../tenant/tenant.ts';
import { api, Browser, claims, control, introspect, refresh, token, WATCH } from './client.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 5, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => tenant.faults.clear());

const rowsSeen = async (accessToken: unknown) =>
  ((await (await api(tenant, '/agents/states', accessToken)).json()) as unknown[]).length;
const signIn = async () => (await new Browser(tenant).signIn()).json;

describe('scopes', () => {
  it('loses a scope at sign-in, and keeps it lost until the next sign-in', async () => {
    tenant.faults.arm({ kind: 'scopeDroppedAtSignIn', scopes: ['view:interaction'] });
    const browser = new Browser(tenant);
    const first = (await browser.signIn()).json;
    expect(first.scope).toBe('openid view:agent');
    expect(claims(first.access_token).scope).toBe('openid view:agent');
    expect(await rowsSeen(first.access_token)).toBe(0);
    tenant.faults.clear();
    const second = await refresh(tenant, first.refresh_token, WATCH);
    expect(second.json.scope).toBe('openid view:agent');
    expect((await browser.signIn()).json.scope).toBe(WATCH);
  });

  it('loses a scope from the n-th refresh on', async () => {
    const first = await signIn();
    expect(first.scope).toBe(WATCH);
    tenant.faults.arm({ kind: 'scopeDroppedOnRefresh', nth: 2, scopes: ['view:interaction'] });
    const one = await refresh(tenant, first.refresh_token, WATCH);
    expect(one.json.scope).toBe(WATCH);
    expect(await rowsSeen(one.json.access_token)).toBe(5);
    const two = await refresh(tenant, one.json.refresh_token, WATCH);
    expect(two.json.scope).toBe('openid view:agent');
    expect(claims(two.json.access_token).scope).toBe('openid view:agent');
    expect(await rowsSeen(two.json.access_token)).toBe(0);
    const three = await refresh(tenant, two.json.refresh_token, WATCH);
    expect(three.json.scope).toBe('openid view:agent');
  });

  it('empties, hides, widens and reorders the scope', async () => {
    tenant.faults.arm({ kind: 'scopeEmpty', times: 1 });
    const empty = await signIn();
    expect(empty.scope).toBe('');
    expect(claims(empty.access_token).scope).toBeUndefined();
    expect(await rowsSeen(empty.access_token)).toBe(0);
    tenant.faults.arm({ kind: 'scopeAbsentInResponse', times: 1 });
    const absent = await refresh(tenant, empty.refresh_token, WATCH);
    expect(absent.json).not.toHaveProperty('scope');
    expect(await rowsSeen(absent.json.access_token)).toBe(5);
    tenant.faults.arm({ kind: 'scopeWidened', scopes: ['users:write'], times: 1 });
    const wide = await refresh(tenant, absent.json.refresh_token, WATCH);
    expect(wide.json.scope).toBe(`${WATCH} users:write`);
    tenant.faults.arm({ kind: 'scopeReordered', times: 1 });
    const turned = await refresh(tenant, wide.json.refresh_token, WATCH);
    expect(turned.json.scope).toBe('view:interaction view:agent openid');
    expect(await rowsSeen(turned.json.access_token)).toBe(5);
    expect(tenant.faults.list()).toEqual([]);
  });
});

describe('tokens only the provider can read', () => {
  it('open the API, and only introspection says what they carry', async () => {
    tenant.faults.arm({ kind: 'opaqueToken' });
    tenant.faults.arm({ kind: 'scopeAbsentInResponse' });
    const first = await signIn();
    expect(first).not.toHaveProperty('scope');
    expect(String(first.access_token)).toMatch(/^[\w-]{40,}$/);
    expect(await rowsSeen(first.access_token)).toBe(5);
    const { introspection_endpoint } = (await (
      await fetch(`${tenant.issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, unknown>;
    expect(introspection_endpoint).toBe(`${tenant.issuer}/token/introspection`);
    expect(await introspect(tenant, first.access_token)).toMatchObject({
      active: true,
      scope: WATCH,
      client_id: 'agent-watch',
      token_type: 'Bearer',
      org_id: 'org-demo-7f3a',
      exp: expect.any(Number),
    });
    await control(tenant, 'POST', '/expire');
    expect((await api(tenant, '/users/me', first.access_token)).status).toBe(401);
  });

  it('lose scopes like the others', async () => {
    tenant.faults.arm({ kind: 'opaqueToken' });
    tenant.faults.arm({ kind: 'scopeDroppedOnRefresh', nth: 1, scopes: ['view:interaction'] });
    const first = await signIn();
    const second = await refresh(tenant, first.refresh_token, WATCH);
    expect(second.json.scope).toBe('openid view:agent');
    expect(await introspect(tenant, second.json.access_token)).toMatchObject({ active: true, scope: 'openid view:agent' });
    expect(await rowsSeen(second.json.access_token)).toBe(0);
    expect(await rowsSeen(first.access_token)).toBe(5);
  });

  it('are the only ones introspection takes: a JWT says itself what it carries', async () => {
    const { access_token } = await signIn();
    expect(await introspect(tenant, access_token)).toMatchObject({ error: 'unsupported_token_type' });
  });
});

describe('answers of the token endpoint', () => {
  it('refuses a refresh in each known way, and leaves sign-in alone', async () => {
    const first = await signIn();
    tenant.faults.arm({ kind: 'invalidGrant', times: 1 });
    expect(await refresh(tenant, first.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    for (const status of [400, 401, 403]) {
      tenant.faults.arm({ kind: 'refusedBare', status, times: 1 });
      expect(await refresh(tenant, first.refresh_token)).toMatchObject({ status, text: '' });
    }
    tenant.faults.arm({ kind: 'invalidGrant' });
    expect((await signIn()).access_token).toEqual(expect.any(String));
    tenant.faults.clear();
    expect((await refresh(tenant, first.refresh_token)).status).toBe(200);
  });

  it('answers errors, HTML, cut and strange members', async () => {
    const first = await signIn();
    tenant.faults.arm({ kind: 'tokenStatus', status: 429, retryAfter: 7, times: 1 });
    expect((await refresh(tenant, first.refresh_token)).status).toBe(429);
    tenant.faults.arm({ kind: 'tokenHtml', times: 1 });
    expect((await refresh(tenant, first.refresh_token)).text).toContain('<!DOCTYPE html>');
    tenant.faults.arm({
      kind: 'tokenFields',
      patch: { expires_in: '3600abc', token_type: '__delete__', refresh_token: null },
      times: 1,
    });
    const strange = await refresh(tenant, first.refresh_token);
    expect(strange.json).toMatchObject({ expires_in: '3600abc', refresh_token: null });
    expect(strange.json).not.toHaveProperty('token_type');
    const second = await signIn();
    tenant.faults.arm({ kind: 'tokenCut', bytes: 30, times: 1 });
    expect((await refresh(tenant, second.refresh_token)).status).toBe(0);
  });

  it('can leave the refresh token out and keep the old one good', async () => {
    const first = await signIn();
    tenant.faults.arm({ kind: 'noRefreshTokenInAnswer', times: 1 });
    const second = await refresh(tenant, first.refresh_token, WATCH);
    expect(second.json).not.toHaveProperty('refresh_token');
    expect((await refresh(tenant, first.refresh_token, WATCH)).status).toBe(200);
  });

  it('takes its time', async () => {
    const first = await signIn();
    tenant.faults.arm({ kind: 'tokenSlow', ms: 150, times: 1 });
    const from = performance.now();
    await refresh(tenant, first.refresh_token);
    expect(performance.now() - from).toBeGreaterThan(140);
    const second = await signIn();
    tenant.faults.arm({ kind: 'tokenSlowAfterRotate', ms: 300, times: 1 });
    const late = refresh(tenant, second.refresh_token);
    await expect.poll(() => tenant.faults.list(), { interval: 5 }).toEqual([]);
    // The first has rotated although its answer is not there yet.
    expect((await refresh(tenant, second.refresh_token)).status).toBe(400);
    expect((await late).status).toBe(200);
  });

  it('refuses the origin of an extension, by its own rules', async () => {
    const first = await signIn();
    const form = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) };
    tenant.faults.arm({ kind: 'refuseOrigin' });
    const refused = await token(tenant, form, { origin: 'chrome-extension://lkpmcfmpfdgjhdidmfjfhciimkgibomi' });
    expect(refused.status).toBe(400);
    expect(refused.json.error_description).toContain('not allowed');
    tenant.faults.clear();
    const allowed = await fetch(`${tenant.issuer}/token`, {
      method: 'POST',
      headers: { origin: 'chrome-extension://lkpmcfmpfdgjhdidmfjfhciimkgibomi' },
      body: new URLSearchParams({ client_id: 'agent-watch', ...form }),
    });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('chrome-extension://lkpmcfmpfdgjhdidmfjfhciimkgibomi');
  });
});

describe('the provider’s pages', () => {
  it('fails discovery and authorization on demand', async () => {
    const discovery = `${tenant.issuer}/.well-known/openid-configuration`;
    tenant.faults.arm({ kind: 'discoveryStatus', status: 503, times: 1 });
    expect((await fetch(discovery)).status).toBe(503);
    tenant.faults.arm({ kind: 'discoveryHtml', times: 1 });
    expect((await fetch(discovery)).headers.get('content-type')).toContain('text/html');
    expect(await (await fetch(discovery)).json()).toMatchObject({ issuer: tenant.issuer });
    tenant.faults.arm({ kind: 'authorizeStatus', status: 502, times: 1 });
    expect((await new Browser(tenant).authorize()).status).toBe(502);
  });
});

describe('the log', () => {
  it('notes what was asked of the token endpoint, never the tokens', async () => {
    await control(tenant, 'DELETE', '/log');
    const browser = new Browser(tenant);
    const { params, verifier } = await browser.authorize();
    const exchange = { grant_type: 'authorization_code', redirect_uri: EXTENSION_REDIRECT, code_verifier: verifier };
    const first = (await token(tenant, { ...exchange, code: params.get('code') ?? '' })).json;
    await browser.request(`/session/end?id_token_hint=${first.id_token}`);
    tenant.faults.arm({ kind: 'invalidGrant' });
    await refresh(tenant, first.refresh_token, WATCH);
    const log = await control<Record<string, unknown>[]>(tenant, 'GET', '/log');
    const text = JSON.stringify(log);
    for (const secret of [first.access_token, first.refresh_token, first.id_token, params.get('code'), verifier])
      expect(text).not.toContain(String(secret));
    expect(log.at(-1)).toMatchObject({
      method: 'POST',
      path: '/token',
      status: 400,
      grantType: 'refresh_token',
      scope: WATCH,
      faults: ['invalidGrant'],
      authorization: false,
    });
  });
});
