import { afterEach, describe, expect, it } from 'vitest';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { api, Browser, claims, control, refresh, token, WATCH } from './client.ts';

const open: Tenant[] = [];
async function start(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant({ agents: 5, frozen: true, ...options });
  open.push(tenant);
  return tenant;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((tenant) => tenant.close()));
});

const rowsSeen = async (tenant: Tenant, accessToken: unknown) =>
  ((await (await api(tenant, '/agents/states', accessToken)).json()) as unknown[]).length;

describe('sign-in', () => {
  it('goes through login and consent with PKCE and gives tokens that say what they carry', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    const { params, pages, verifier } = await browser.authorize();
    expect(params.get('state')).toBe('abc');
    expect(params.get('iss')).toBe(tenant.issuer);
    expect(pages).toHaveLength(2);
    for (const id of ['login', 'password', 'submit']) expect(pages[0]).toContain(`id="${id}"`);
    for (const id of ['allow', 'deny']) expect(pages[1]).toContain(`id="${id}"`);
    expect(pages[1]).toContain('view:interaction');
    const answer = await token(tenant, {
      grant_type: 'authorization_code',
      code: params.get('code') ?? '',
      redirect_uri: 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/',
      code_verifier: verifier,
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ token_type: 'Bearer', scope: WATCH, expires_in: 3600 });
    expect(answer.json.refresh_token).toEqual(expect.any(String));
    expect(claims(answer.json.access_token)).toMatchObject({
      sub: 'demo',
      org_id: 'org-demo-7f3a',
      scope: WATCH,
      iss: tenant.issuer,
    });
    expect(claims(answer.json.id_token)).toMatchObject({
      sub: 'demo',
      name: 'Robin Demo',
      org_id: 'org-demo-7f3a',
      nonce: 'n-1',
    });
    expect(await rowsSeen(tenant, answer.json.access_token)).toBe(5);
    expect(tenant.log.counts).toMatchObject({ interactiveLogins: 1, codeExchanges: 1, silentLogins: 0 });
  });

  it('shows a wrong password on the page, with status 200', async () => {
    const tenant = await start();
    const { pages, status } = await new Browser(tenant).authorize({ password: 'wrong' });
    expect(status).toBe(200);
    expect(pages.at(-1)).toContain('User or password is wrong');
  });

  it('refuses without PKCE, and a wrong verifier', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    const query = new URLSearchParams({
      client_id: 'agent-watch',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/',
    });
    const bare = await browser.request(`/auth?${query}`);
    expect(new URL(bare.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
    const { params } = await browser.authorize();
    const answer = await token(tenant, {
      grant_type: 'authorization_code',
      code: params.get('code') ?? '',
      redirect_uri: 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/',
      code_verifier: 'x'.repeat(43),
    });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('signs in silently while the session lives, and not after it was ended', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    expect((await browser.authorize({ prompt: 'none' })).params.get('error')).toBe('login_required');
    await browser.signIn();
    const silent = await browser.authorize({ prompt: 'none' });
    expect(silent.pages).toEqual([]);
    expect(silent.params.get('code')).toEqual(expect.any(String));
    expect(tenant.log.counts.silentLogins).toBe(1);
    await control(tenant, 'POST', '/sessions/end');
    expect((await browser.authorize({ prompt: 'none' })).params.get('error')).toBe('login_required');
  });

  it('tells a refusal, by button or by fault', async () => {
    const tenant = await start();
    expect((await new Browser(tenant).authorize({ answer: 'deny' })).params.get('error')).toBe('access_denied');
    tenant.faults.arm({ kind: 'userDenies', times: 1 });
    const denied = await new Browser(tenant).authorize();
    expect(denied.params.get('error')).toBe('access_denied');
    expect(denied.pages).toEqual([]);
  });

  it('gives refresh tokens only with offline_access and consent, where the tenant wants it so', async () => {
    const tenant = await start({ offlineAccess: true });
    expect((await new Browser(tenant).signIn()).json.refresh_token).toBeUndefined();
    const offline = await new Browser(tenant).signIn({ scope: `${WATCH} offline_access`, prompt: 'consent' });
    expect(offline.json.refresh_token).toEqual(expect.any(String));
    expect(offline.json.scope).toContain('offline_access');
  });

  it('signs out at once with the ID token, and revokes the refresh token', async () => {
    const tenant = await start();
    const browser = new Browser(tenant);
    const { json } = await browser.signIn();
    const target = 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/signed-out';
    const query = new URLSearchParams({ id_token_hint: String(json.id_token), post_logout_redirect_uri: target, state: 's' });
    const response = await browser.request(`/session/end?${query}`);
    expect(response.headers.get('location')).toBe(`${target}?state=s`);
    expect((await browser.authorize({ prompt: 'none' })).params.get('error')).toBe('login_required');
    expect(await refresh(tenant, json.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('revokes and introspects', async () => {
    const tenant = await start();
    const { json } = await new Browser(tenant).signIn();
    const ask = async (path: string) =>
      fetch(`${tenant.issuer}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: 'agent-watch', token: String(json.refresh_token) }),
      });
    expect(await (await ask('/token/introspection')).json()).toMatchObject({ active: true, scope: WATCH });
    expect((await ask('/token/revocation')).status).toBe(200);
    expect(await (await ask('/token/introspection')).json()).toEqual({ active: false });
  });
});

describe('refresh', () => {
  it('rotates, and revokes the family when a used token comes back', async () => {
    const tenant = await start();
    const first = (await new Browser(tenant).signIn()).json;
    const second = await refresh(tenant, first.refresh_token, WATCH);
    expect(second).toMatchObject({ status: 200, json: { scope: WATCH } });
    expect(second.json.refresh_token).not.toBe(first.refresh_token);
    expect(await refresh(tenant, first.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(await refresh(tenant, second.json.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(tenant.log.counts).toMatchObject({ refreshes: 3, refreshesOk: 1, reuseDetected: 1 });
  });

  it('narrows when asked to, keeps the right to widen again, and never gives more', async () => {
    const tenant = await start();
    const first = (await new Browser(tenant).signIn()).json;
    const narrow = await refresh(tenant, first.refresh_token, 'openid view:agent');
    expect(narrow.json.scope).toBe('openid view:agent');
    const wide = await refresh(tenant, narrow.json.refresh_token, WATCH);
    expect(wide.json.scope).toBe(WATCH);
    expect(await refresh(tenant, wide.json.refresh_token, `${WATCH} reporting`)).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope' },
    });
  });

  it('keeps the family alive through many rotations', async () => {
    const tenant = await start();
    let { refresh_token: current } = (await new Browser(tenant).signIn()).json;
    for (let i = 0; i < 50; i++) current = (await refresh(tenant, current, WATCH)).json.refresh_token;
    expect(current).toEqual(expect.any(String));
  });

  it('within the grace, answers the previous token again; after the successor was used, revokes', async () => {
    const tenant = await start({ refreshGraceSeconds: 30 });
    const first = (await new Browser(tenant).signIn()).json;
    const lost = await refresh(tenant, first.refresh_token, WATCH);
    const again = await refresh(tenant, first.refresh_token, WATCH);
    expect(lost.status).toBe(200);
    expect(again.status).toBe(200);
    expect(tenant.log.counts.reuseDetected).toBe(0);
    const next = await refresh(tenant, again.json.refresh_token, WATCH);
    expect(next.status).toBe(200);
    expect((await refresh(tenant, first.refresh_token)).status).toBe(400);
    expect((await refresh(tenant, next.json.refresh_token)).status).toBe(400);
    expect(tenant.log.counts.reuseDetected).toBe(1);
  });

  it('lets the grace end', async () => {
    const tenant = await start({ refreshGraceSeconds: 0.2 });
    const first = (await new Browser(tenant).signIn()).json;
    await refresh(tenant, first.refresh_token);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await refresh(tenant, first.refresh_token)).status).toBe(400);
    expect(tenant.log.counts.reuseDetected).toBe(1);
  });

  it('recovers with grace from an answer that never came, and not without', async () => {
    for (const refreshGraceSeconds of [30, 0]) {
      const tenant = await start({ refreshGraceSeconds });
      const first = (await new Browser(tenant).signIn()).json;
      tenant.faults.arm({ kind: 'tokenDropAfterRotate', times: 1 });
      expect((await refresh(tenant, first.refresh_token, WATCH)).status).toBe(0);
      const again = await refresh(tenant, first.refresh_token, WATCH);
      expect(again.status).toBe(refreshGraceSeconds > 0 ? 200 : 400);
      if (again.status === 200) expect((await refresh(tenant, again.json.refresh_token, WATCH)).status).toBe(200);
      expect(tenant.log.counts.refreshesOk).toBe(refreshGraceSeconds > 0 ? 3 : 1);
    }
  });

  it('two at once with one token: both good within the grace, the family dead without', async () => {
    for (const refreshGraceSeconds of [30, 0]) {
      const tenant = await start({ refreshGraceSeconds });
      const first = (await new Browser(tenant).signIn()).json;
      const both = await Promise.all([refresh(tenant, first.refresh_token), refresh(tenant, first.refresh_token)]);
      expect(both.map((answer) => answer.status).sort()).toEqual(refreshGraceSeconds > 0 ? [200, 200] : [200, 400]);
    }
  });

  it('survives the end of the browser session, but not a revocation', async () => {
    const tenant = await start();
    const first = (await new Browser(tenant).signIn()).json;
    await control(tenant, 'POST', '/sessions/end');
    const second = await refresh(tenant, first.refresh_token);
    expect(second.status).toBe(200);
    expect((await control(tenant, 'POST', '/revoke')).revoked).toBeGreaterThan(0);
    expect((await refresh(tenant, second.json.refresh_token)).status).toBe(400);
  });
});
