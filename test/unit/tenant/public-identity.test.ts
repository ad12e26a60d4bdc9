import { afterEach, describe, expect, it } from 'vitest';
import { CONFIGURATION_SCHEMA, DISCOVERY_SCHEMA, ID_TOKEN_SCHEMA, misfits, TOKEN_SCHEMA } from '../../tenant/public-schema.ts';
import { EXTENSION_REDIRECT, startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { api, Browser, claims, control, token } from './client.ts';
import { bearer, Caller, configuration, discovery, publicSignIn, publicToken } from './public-client.ts';

const open: Tenant[] = [];
async function start(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant({ profile: 'public', agents: 5, frozen: true, ...options });
  open.push(tenant);
  return tenant;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((tenant) => tenant.close()));
});

interface Connection {
  businessUnitId: number;
  accessKeys: { account: string; accessKeyId: string; accessKeySecret: string }[];
  service: { clientId: string; clientSecret: string } | null;
}
const connection = (tenant: Tenant) => control<Connection>(tenant, 'GET', '/connection');

describe('discovery', () => {
  it('says what CXone says: one scope, a logout, no revocation', async () => {
    const tenant = await start();
    const document = await discovery(tenant);
    expect(misfits(document, DISCOVERY_SCHEMA)).toEqual([]);
    expect(document).toMatchObject({ issuer: tenant.issuer, end_session_endpoint: `${tenant.issuer}/auth/authorize/logout` });
    expect(await (await fetch(document.jwks_uri ?? '')).json()).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig' }] });
    for (const path of ['/token', '/jwks', '/auth', '/token/revocation', '/token/introspection', '/me']) {
      for (const method of ['GET', 'POST']) expect((await fetch(tenant.issuer + path, { method })).status).toBe(404);
    }
  });

  it('leads from the tenant’s id to three hosts', async () => {
    const tenant = await start();
    const response = await configuration(tenant);
    const document = (await response.json()) as Record<string, string>;
    expect(misfits(document, CONFIGURATION_SCHEMA)).toEqual([]);
    expect(document).toMatchObject({
      api_endpoint: tenant.apiBaseUrl,
      auth_endpoint: tenant.issuer,
      ui_endpoint: tenant.uiBaseUrl,
      tenantId: tenant.tenantId,
    });
    expect(new Set([tenant.issuer, tenant.apiBaseUrl, tenant.uiBaseUrl]).size).toBe(3);
    expect((await configuration(tenant, '11ee0000-0000-4000-8000-00000000dead')).status).toBe(404);
    expect((await configuration(tenant, '')).status).toBe(400);
    expect(await (await configuration(tenant, '', tenant.uiBaseUrl)).json()).toMatchObject({ tenantId: tenant.tenantId });
  });

  it('answers each call at its own host only', async () => {
    const tenant = await start();
    const caller = await Caller.of(tenant);
    for (const host of [tenant.issuer, tenant.uiBaseUrl ?? '']) {
      const { status, headers } = await caller.call('/server-time', { host });
      expect(status).toBe(404);
      expect(headers.get('content-type')).toContain('text/html');
    }
    expect((await fetch(`${tenant.apiBaseUrl}/.well-known/openid-configuration`)).status).toBe(404);
    expect((await fetch(`${tenant.apiBaseUrl}/control`)).status).toBe(404);
    expect(await (await fetch(tenant.uiBaseUrl ?? '')).text()).toContain('<html');
    expect((await caller.call('/server-time')).status).toBe(200);
    const log = await control<{ host: string; path: string }[]>(tenant, 'GET', '/log');
    expect(log.filter(({ path }) => path.endsWith('/server-time')).map(({ host }) => host)).toEqual(['issuer', 'ui', 'api']);
  });

  it('puts all of it on one port when asked to', async () => {
    const tenant = await start({ onePort: true });
    expect(new Set([tenant.issuer, tenant.apiBaseUrl, tenant.uiBaseUrl]).size).toBe(1);
    expect(await (await configuration(tenant)).json()).toMatchObject({ api_endpoint: tenant.issuer });
    expect((await (await Caller.of(tenant)).call('/agents/states')).json.agentStates).toHaveLength(5);
    expect((await fetch(`${tenant.issuer}/authentication/v1/token/access-key`, { method: 'POST' })).status).toBe(400);
  });

  it('closes every port', async () => {
    const tenant = await startTenant({ profile: 'public', agents: 1 });
    await tenant.close();
    for (const host of [tenant.issuer, tenant.apiBaseUrl, tenant.uiBaseUrl ?? '']) await expect(fetch(host)).rejects.toThrow();
  });
});

describe('sign-in', () => {
  it('gives tokens with the claims of CXone and the scope openid', async () => {
    const tenant = await start();
    const { status, json } = await publicSignIn(new Browser(tenant));
    expect(status).toBe(200);
    expect(misfits(json, TOKEN_SCHEMA)).toEqual([]);
    const idToken = claims(json.id_token);
    expect(misfits(idToken, ID_TOKEN_SCHEMA)).toEqual([]);
    const { businessUnitId } = await connection(tenant);
    const own = { tenantId: tenant.tenantId, icBUId: businessUnitId, name: 'Robin Demo' };
    expect(idToken).toMatchObject({ ...own, given_name: 'Robin', family_name: 'Demo', nonce: 'n-1', aud: tenant.clientId });
    expect(claims(json.access_token)).toMatchObject({ ...own, scope: 'openid', sub: idToken.sub, icAgentId: idToken.icAgentId });
    expect(String(idToken.sub).slice(5)).toBe(idToken.userId);
    expect((await new Caller(tenant, String(json.access_token)).call('/agents/states')).json.agentStates).toHaveLength(5);
  });

  it('knows no scope but openid', async () => {
    const tenant = await start();
    const { json } = await publicSignIn(new Browser(tenant), 'demo', { scope: 'openid view:agent' });
    expect(claims(json.access_token).scope).toBe('openid');
  });

  it('is silent with prompt=none while the session lives, also with a hint', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    const first = await publicSignIn(browser);
    const hint = String(first.json.id_token);
    expect((await publicSignIn(browser, 'demo', { prompt: 'none', id_token_hint: hint })).status).toBe(200);
    expect(tenant.log.counts).toMatchObject({ interactiveLogins: 1, silentLogins: 1 });
  });

  it('renews, and rotates', async () => {
    const tenant = await start();
    const first = (await publicSignIn(new Browser(tenant))).json;
    const renew = (value: unknown) =>
      publicToken(tenant, { grant_type: 'refresh_token', scope: 'openid', refresh_token: String(value) });
    const second = await renew(first.refresh_token);
    expect(misfits(second.json, TOKEN_SCHEMA)).toEqual([]);
    expect(second.json.refresh_token).not.toBe(first.refresh_token);
    expect(await renew(first.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(tenant.log.counts).toMatchObject({ refreshes: 2, refreshesOk: 1, reuseDetected: 1 });
  });

  it('signs somebody of another business unit in, who sees nobody', async () => {
    const tenant = await start();
    const { json } = await publicSignIn(new Browser(tenant), 'other');
    const { icBUId, tenantId } = claims(json.id_token);
    expect(icBUId).not.toBe((await connection(tenant)).businessUnitId);
    expect((await configuration(tenant, String(tenantId))).status).toBe(200);
    const caller = new Caller(tenant, String(json.access_token));
    expect((await caller.call('/agents/states')).json.agentStates).toEqual([]);
    expect((await caller.call('/agents')).status).toBe(204);
    expect((await caller.call(`/agents/${tenant.sim.agents[0]?.person.id}`)).status).toBe(404);
  });

  it('answers userinfo', async () => {
    const tenant = await start();
    const { userinfo_endpoint = '' } = await discovery(tenant);
    const headers = { authorization: `Bearer ${await bearer(tenant)}` };
    expect(await (await fetch(userinfo_endpoint, { headers })).json()).toMatchObject({ name: 'Robin Demo', given_name: 'Robin' });
    expect((await fetch(userinfo_endpoint)).status).toBe(401);
  });
});

describe('sign-out', () => {
  it('ends the session and its tokens, and is counted', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    const { json } = await publicSignIn(browser);
    const { end_session_endpoint } = await discovery(tenant);
    const query = new URLSearchParams({
      id_token_hint: String(json.id_token),
      post_logout_redirect_uri: `${EXTENSION_REDIRECT}signed-out`,
      state: 'bye',
    });
    const response = await browser.request(`${end_session_endpoint}?${query}`);
    expect(response.headers.get('location')).toBe(`${EXTENSION_REDIRECT}signed-out?state=bye`);
    expect(tenant.log.counts.signOuts).toBe(1);
    const [entry] = tenant.log.since(0).slice(-1);
    expect(entry).toMatchObject({ path: '/auth/authorize/logout', query: { id_token_hint: '(present)' }, host: 'issuer' });
    const { params } = await publicSignIn(browser, 'demo', { prompt: 'none' });
    expect(params.get('error')).toBe('login_required');
    const renewal = await publicToken(tenant, { grant_type: 'refresh_token', refresh_token: String(json.refresh_token) });
    expect(renewal.status).toBe(400);
  });
});

describe('an access key', () => {
  const exchange = (tenant: Tenant, body: object) =>
    fetch(`${tenant.uiBaseUrl}/authentication/v1/token/access-key`, { method: 'POST', body: JSON.stringify(body) });

  it('is exchanged for the tokens of its user, which renew like others', async () => {
    const tenant = await start();
    const keys = (await connection(tenant)).accessKeys;
    for (const { account, accessKeyId, accessKeySecret } of keys) {
      const response = await exchange(tenant, { accessKeyId, accessKeySecret });
      const json = (await response.json()) as Record<string, unknown>;
      expect(misfits(json, TOKEN_SCHEMA)).toEqual([]);
      expect(misfits(claims(json.id_token), ID_TOKEN_SCHEMA)).toEqual([]);
      expect(claims(json.access_token).sub).toBe(claims(json.id_token).sub);
      const { status } = await new Caller(tenant, String(json.access_token)).call('/agents/states');
      expect(status).toBe(account === 'norole' ? 403 : 200);
      const renewed = await publicToken(tenant, { grant_type: 'refresh_token', refresh_token: String(json.refresh_token) });
      expect(misfits(renewed.json, TOKEN_SCHEMA)).toEqual([]);
      expect(claims(renewed.json.id_token).sub).toBe(claims(json.id_token).sub);
    }
    expect(tenant.log.counts.accessKeyGrants).toBe(keys.length);
    expect(JSON.stringify(tenant.log.since(0))).not.toContain(keys[0]?.accessKeySecret);
  });

  it('is refused when it is wrong, half, or the token service is down', async () => {
    const tenant = await start();
    const [key] = (await connection(tenant)).accessKeys;
    expect((await exchange(tenant, { ...key, accessKeySecret: 'wrong' })).status).toBe(401);
    expect((await exchange(tenant, { accessKeyId: key?.accessKeyId })).status).toBe(400);
    tenant.faults.arm({ kind: 'tokenStatus', status: 503 });
    expect((await exchange(tenant, { ...key })).status).toBe(503);
  });
});

describe('a service account (profile v2)', () => {
  const scope = 'view:agent view:interaction';

  it('gets a token for the scopes it names, and a minimal one when it names none', async () => {
    const tenant = await start({ profile: 'v2' });
    const { service } = await connection(tenant);
    const form = {
      grant_type: 'client_credentials',
      client_id: service?.clientId ?? '',
      client_secret: service?.clientSecret ?? '',
    };
    const full = await token(tenant, { ...form, scope });
    expect(full).toMatchObject({ status: 200, json: { scope, token_type: 'Bearer' } });
    expect(full.json.refresh_token).toBeUndefined();
    expect(claims(full.json.access_token)).toMatchObject({ org_id: 'org-demo-7f3a', scope });
    expect(await (await api(tenant, '/agents/states', full.json.access_token)).json()).toHaveLength(5);
    const minimal = await token(tenant, form);
    expect(minimal.status).toBe(200);
    expect(minimal.json.scope).toBeUndefined();
    expect(await (await api(tenant, '/agents/states', minimal.json.access_token)).json()).toEqual([]);
    expect((await api(tenant, '/users/me', minimal.json.access_token)).status).toBe(200);
    expect(await token(tenant, { ...form, client_secret: 'wrong', scope })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    });
    expect(tenant.log.counts.clientCredentials).toBe(2);
  });

  it('is known to introspection, and by an opaque token', async () => {
    const tenant = await start({ profile: 'v2' });
    tenant.faults.arm({ kind: 'opaqueToken' });
    const { service } = await connection(tenant);
    const { json } = await token(tenant, {
      grant_type: 'client_credentials',
      client_id: service?.clientId ?? '',
      client_secret: service?.clientSecret ?? '',
      scope,
    });
    expect(String(json.access_token)).not.toContain('.');
    expect(await (await api(tenant, '/agents/states', json.access_token)).json()).toHaveLength(5);
  });

  it('does not exist with profile public, nor does the public client get such tokens', async () => {
    const tenant = await start();
    expect((await connection(tenant)).service).toBeUndefined();
    const { status, json } = await publicToken(tenant, { grant_type: 'client_credentials', scope: 'openid' });
    expect(status).toBe(400);
    expect(json.error).toMatch(/unsupported_grant_type|unauthorized_client/);
  });
});
