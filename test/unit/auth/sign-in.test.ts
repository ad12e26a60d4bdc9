/** Signing in by the provider's pages: what is asked, what is kept, and every way it can end badly. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { sealed } from '../../../src/storage/sealed.ts';
import { EXTENSION_REDIRECT, startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../tenant/client.ts';
import { answered, CLOSED, EXTENSION_ORIGIN, FULL, gate, PAGE_FAILED, Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => {
  tenant.faults.clear();
  vi.useRealTimers();
});

describe('a good sign-in', () => {
  it('asks for everything in one request, with PKCE, state and nonce', async () => {
    const rig = await new Rig(tenant, { tenantId: 'abc' }).signedIn();
    expect(rig.launches).toHaveLength(1);
    const query = Object.fromEntries(rig.launches[0]?.url.searchParams ?? []);
    expect(query).toMatchObject({
      client_id: 'agent-watch',
      redirect_uri: EXTENSION_REDIRECT,
      response_type: 'code',
      scope: FULL,
      code_challenge_method: 'S256',
      tenantId: 'abc',
      // offline_access is only given after consent (OpenID Connect Core 11).
      prompt: 'consent',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(query[name]?.length).toBeGreaterThanOrEqual(43);
    expect(query).not.toHaveProperty('id_token_hint');
    expect(rig.asked).toHaveLength(1);
    expect(rig.asked[0]?.form.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/);
  });

  it('leaves a token that works, a status to show, and the tokens where they belong', async () => {
    const rig = await new Rig(tenant).signedIn();
    expect(await rig.status()).toMatchObject({
      phase: 'signedIn',
      failure: null,
      grantedScopes: FULL.split(' '),
      effectiveScopes: FULL.split(' '),
      missingScopes: [],
      organisationId: 'org-demo-7f3a',
      ledger: [{ kind: 'signIn', nth: 0, requested: FULL.split(' '), received: FULL.split(' '), lost: [] }],
    });
    const token = await rig.token();
    if (!token.ok) throw new Error('no token');
    expect(await (await api(tenant, '/agents/states', token.access.token)).json()).toHaveLength(2);
    expect(await rig.grant()).toMatchObject({ epoch: 1, renewals: 0, pending: null, refused: false });
    expect(await browser.storage.session.get(`${rig.id}/transaction`)).toEqual({ [`${rig.id}/transaction`]: null });
    expect(rig.count('refresh_token')).toBe(0);
  });

  it('never uses a verifier, state or nonce twice', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.auth.signIn(rig.connection, false);
    const [first, second] = rig.launches.map(({ url }) => url.searchParams);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first?.get(name)).not.toBe(second?.get(name));
    expect(rig.asked[0]?.form.get('code_verifier')).not.toBe(rig.asked[1]?.form.get('code_verifier'));
  });

  it('keeps nothing on disk where the session alone may hold it', async () => {
    const rig = new Rig(tenant);
    rig.persist = false;
    await rig.signedIn();
    expect((await rig.grant()).refreshToken).toEqual(expect.any(String));
    expect(await sealed(`${rig.id}/grant`).read()).toBe('absent');
  });

  it('works with endpoints given by hand and no issuer', async () => {
    const hand = { issuer: '', authorizationEndpoint: `${tenant.issuer}/auth`, tokenEndpoint: `${tenant.issuer}/token` };
    const rig = await new Rig(tenant, hand).signedIn();
    expect(rig.launches[0]?.url.searchParams.get('scope')).toBe('view:agent view:interaction');
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.asked.at(-1)?.form.get('scope')).toBe('view:agent view:interaction');
  });

  it('works with endpoints by hand when "openid" is among the scopes somebody wrote down', async () => {
    const hand = { issuer: '', authorizationEndpoint: `${tenant.issuer}/auth`, tokenEndpoint: `${tenant.issuer}/token` };
    const rig = new Rig(tenant, { ...hand, vocabulary: 'custom', scopes: ['openid', 'view:agent', 'view:interaction'] });
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: null });
  });
});

describe('a sign-in that ends badly', () => {
  it.each([
    ['the person refuses', 'denied', (rig: Rig) => Object.assign(rig.person, { answer: 'deny' })],
    ['the window is closed', 'userClosed', (rig: Rig) => Object.assign(rig, { window: () => Promise.reject(new Error(CLOSED)) })],
    ['the page fails', 'pageFailed', () => tenant.faults.arm({ kind: 'authorizeStatus', status: 500, times: 1 })],
    ['discovery is not there', 'discoveryFailed', () => tenant.faults.arm({ kind: 'discoveryStatus', status: 404 })],
    ['discovery is a portal', 'discoveryFailed', () => tenant.faults.arm({ kind: 'discoveryHtml' })],
    ['discovery is down', 'providerError', () => tenant.faults.arm({ kind: 'discoveryStatus', status: 503 })],
    ['the code is refused', 'refused', () => tenant.faults.arm({ kind: 'invalidGrant', on: 'code' })],
    ['the token service is down', 'providerError', () => tenant.faults.arm({ kind: 'tokenStatus', status: 503 })],
    ['the token answer is a page', 'providerError', () => tenant.faults.arm({ kind: 'tokenHtml' })],
    ['the token answer is cut', 'network', () => tenant.faults.arm({ kind: 'tokenCut', bytes: 30 })],
    [
      'the ID token is missing',
      'badResponse',
      () => tenant.faults.arm({ kind: 'tokenFields', patch: { id_token: '__delete__' } }),
    ],
  ])('%s: %s, no spinner left, and the next one works', async (_name, failure, arm) => {
    const rig = new Rig(tenant);
    arm(rig);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure });
    expect(await rig.vault().read()).toBe('absent');
    expect(await rig.access()).toBeNull();
    tenant.faults.clear();
    rig.person.answer = 'allow';
    rig.window = (url, interactive) => rig.visit(url, interactive);
    await rig.signedIn();
  });

  it('opens no window where policy forbids this way of signing in', async () => {
    const rig = new Rig(tenant);
    rig.allowed = false;
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'grantForbidden' });
    expect([rig.launches, rig.asked]).toEqual([[], []]);
  });

  it('says in its own words that the provider refuses extensions', async () => {
    tenant.faults.arm({ kind: 'refuseOrigin' });
    const rig = new Rig(tenant);
    rig.origin = EXTENSION_ORIGIN;
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'originRefused' });
  });

  it('stays signed in when a second sign-in was closed', async () => {
    const rig = await new Rig(tenant).signedIn();
    const before = await rig.grant();
    rig.window = async () => Promise.reject(new Error(CLOSED));
    await rig.auth.signIn(rig.connection, true);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: 'userClosed' });
    expect(await rig.grant()).toEqual(before);
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43)), 'stateMismatch'],
    ['no state', (url: URL) => url.searchParams.delete('state'), 'stateMismatch'],
    ['two states', (url: URL) => url.searchParams.append('state', url.searchParams.get('state') ?? ''), 'badResponse'],
    ['two codes', (url: URL) => url.searchParams.append('code', 'x'), 'badResponse'],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'stateMismatch'],
    ['no issuer', (url: URL) => url.searchParams.delete('iss'), 'stateMismatch'],
    ['a token in the fragment', (url: URL) => Object.assign(url, { hash: 'access_token=x' }), 'badResponse'],
    ['another host', (url: URL) => Object.assign(url, { hostname: 'evil.example' }), 'wrongRedirect'],
    ['another path', (url: URL) => Object.assign(url, { pathname: '/x' }), 'wrongRedirect'],
  ] as const)('%s: thrown away before the code is spent', async (_name, tamper, failure) => {
    const rig = new Rig(tenant);
    rig.window = async (url) => {
      const redirect = new URL(await rig.visit(url, true));
      tamper(redirect);
      return redirect.href;
    };
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure });
    expect(rig.asked).toEqual([]);
    expect(await browser.storage.session.get(`${rig.id}/transaction`)).toEqual({ [`${rig.id}/transaction`]: null });
  });

  it('refuses an answer that took longer than ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rig = new Rig(tenant);
    rig.window = async (url) => {
      const redirect = await rig.visit(url, true);
      vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
      return redirect;
    };
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'expired' });
    expect(rig.asked).toEqual([]);
  });

  it('takes no ID token with another nonce', async () => {
    const rig = new Rig(tenant);
    rig.window = async (url) => {
      const other = new URL(url);
      other.searchParams.set('nonce', 'somebody-else');
      return rig.visit(other.href, true);
    };
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'badResponse' });
    expect(await rig.vault().read()).toBe('absent');
  });
});

describe('a plain OAuth server', () => {
  /** Its document, and its answers, are those of our provider without OpenID Connect. */
  const plain = (rig: Rig, over: Record<string, unknown> = {}) => {
    const real = fetch;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      if (String(url).includes('openid-configuration')) return new Response('', { status: 404 });
      if (!String(url).includes('oauth-authorization-server')) return real(url, init);
      const { issuer } = tenant;
      const metadata = {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        ...over,
      };
      return new Response(JSON.stringify(metadata));
    });
    rig.window = async (url) =>
      `${EXTENSION_REDIRECT}?code=c-1&iss=${encodeURIComponent(tenant.issuer)}&state=${new URL(url).searchParams.get('state')}`;
    return rig;
  };
  const idToken = (claims: object) => {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: tenant.issuer, aud: 'agent-watch', sub: 'demo', iat: now, exp: now + 3600, ...claims };
    return `${['{"alg":"RS256"}', JSON.stringify(all)].map(btoa).join('.').replaceAll('=', '')}.c2ln`;
  };
  const token = { access_token: 'at-1', token_type: 'Bearer', refresh_token: 'rt-1', scope: 'view:agent view:interaction' };

  it('is not asked for what it does not know, and needs no ID token', async () => {
    const rig = plain(new Rig(tenant));
    rig.instead = async () => answered(200, token);
    await rig.signedIn();
    expect(rig.launches[0]?.url.searchParams.get('scope')).toBe('view:agent view:interaction');
    expect(rig.launches[0]?.url.searchParams.has('nonce')).toBe(false);
    expect(await rig.grant()).toMatchObject({ refreshToken: 'rt-1', idToken: null });
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.asked.at(-1)?.form.get('scope')).toBe('view:agent view:interaction');
  });

  it('may stand where an OpenID provider stands and grant no `openid`', async () => {
    const rig = plain(new Rig(tenant), { scopes_supported: ['openid', 'view:agent', 'view:interaction'] });
    rig.instead = async () => answered(200, token);
    await rig.signedIn();
    expect(rig.launches[0]?.url.searchParams.get('scope')).toContain('openid');
    expect(await rig.grant()).toMatchObject({ idToken: null });
  });

  it.each([
    ['grants `openid`', () => ({ ...token, scope: `openid ${token.scope}` })],
    ['does not say what it grants', () => ({ ...token, scope: undefined })],
    ['gives one that is none', () => ({ ...token, id_token: 'e30.e30.c2ln' })],
    ['gives one without our nonce', () => ({ ...token, id_token: idToken({}) })],
  ])('is none, and owes a good ID token, when it offers `openid` and %s', async (_what, answer) => {
    const rig = plain(new Rig(tenant), { scopes_supported: ['openid'] });
    rig.instead = async () => answered(200, answer());
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'badResponse' });
    expect(await rig.vault().read()).toBe('absent');
  });

  it('has its ID token checked and kept, though it says that it did not grant `openid`', async () => {
    const rig = plain(new Rig(tenant), { scopes_supported: ['openid'] });
    rig.instead = async () => {
      const nonce = rig.launches.at(-1)?.url.searchParams.get('nonce');
      return answered(200, { ...token, id_token: idToken({ nonce }) });
    };
    await rig.signedIn();
    expect((await rig.grant()).idToken).toEqual(expect.any(String));
  });

  it('by hand, with an issuer and no document: asked for `openid`, and none owed', async () => {
    tenant.faults.arm({ kind: 'discoveryStatus', status: 404 });
    const hand = { authorizationEndpoint: `${tenant.issuer}/auth`, tokenEndpoint: `${tenant.issuer}/token` };
    const rig = new Rig(tenant, hand);
    rig.instead = async () => answered(200, { ...token, scope: undefined });
    await rig.signedIn();
    expect(rig.launches[0]?.url.searchParams.get('scope')).toContain('openid');
  });
});

describe('a sign-in that is cut off', () => {
  it('discards what comes after it was cancelled', async () => {
    const rig = new Rig(tenant);
    const done = gate();
    rig.window = async (url) => {
      const redirect = await rig.visit(url, true);
      await done.passed;
      return redirect;
    };
    const flow = rig.auth.signIn(rig.connection, false);
    await eventually(() => expect(rig.launches).toHaveLength(1));
    await rig.auth.cancelSignIn(rig.connection);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'cancelled' });
    done.open();
    await flow;
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'cancelled' });
    expect(rig.asked).toEqual([]);
    expect(await rig.vault().read()).toBe('absent');
  });

  it('discards it also when the code was already on its way', async () => {
    const rig = new Rig(tenant);
    rig.late = () => rig.auth.cancelSignIn(rig.connection);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'cancelled' });
    expect(await rig.vault().read()).toBe('absent');
  });

  it('opens no window when it was cancelled before there was one', async () => {
    const real = fetch;
    const [asked, go] = [gate(), gate()];
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      asked.open();
      await go.passed;
      return real(url, init);
    });
    const rig = new Rig(tenant);
    const flow = rig.auth.signIn(rig.connection, false);
    await asked.passed;
    await rig.auth.cancelSignIn(rig.connection);
    go.open();
    await flow;
    expect(rig.launches).toEqual([]);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'cancelled' });
  });

  it('lets the first window finish when sign-in is clicked a second time', async () => {
    const rig = new Rig(tenant);
    const done = gate();
    rig.window = async (url) => {
      if (rig.launches.length > 1) throw new Error('Only one web auth flow is allowed at a time.');
      await done.passed;
      return rig.visit(url, true);
    };
    const first = rig.auth.signIn(rig.connection, false);
    await eventually(() => expect(rig.launches).toHaveLength(1));
    await rig.auth.signIn(rig.connection, false);
    done.open();
    await first;
    expect(await rig.status()).toMatchObject({ phase: 'signedIn' });
  });

  it.each(['signIn:opening', 'signIn:redirected', 'signIn:exchanged'])(
    'is named at the next start when the worker died at %s, and can be done again',
    async (step) => {
      const rig = new Rig(tenant);
      await rig.killAt(step, () => rig.auth.signIn(rig.connection, false), step === 'signIn:opening');
      expect((await rig.status()).phase).toBe('signingIn');
      await rig.auth.nameInterrupted(rig.connection);
      expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'interrupted' });
      await rig.signedIn();
    },
  );

  it('has no token of the person before when the worker died over the token of the next', async () => {
    const rig = await new Rig(tenant).signedIn();
    const before = await rig.access();
    rig.forgetSession();
    rig.person.login = 'other';
    await rig.killAt('token:kept', () => rig.auth.signIn(rig.connection, false));
    await rig.auth.nameInterrupted(rig.connection);
    const token = await rig.token();
    if (!token.ok) throw new Error('no token');
    expect(token.access.token).not.toBe(before?.token);
    expect((await rig.status()).organisationId).not.toBe('org-demo-7f3a');
  });

  it('is not in the way of the next one, though a renewal came home while its window was open', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    const [answer, opened] = [gate(), gate()];
    rig.late = async (form) => (form.has('refresh_token') ? answer.passed : undefined);
    const renewal = rig.token();
    await eventually(() => expect(rig.asked[1]?.answer).toBeTruthy());
    rig.window = () => {
      opened.open();
      return new Promise<string>(() => undefined);
    };
    void rig.auth.signIn(rig.connection, true);
    await opened.passed;
    answer.open();
    await renewal;
    // The window is still open: whoever looks must be able to see that, and the worker after this one too.
    expect((await rig.status()).phase).toBe('signingIn');
    await rig.restart();
    await rig.auth.nameInterrupted(rig.connection);
    await rig.auth.signIn(rig.connection, true);
    expect(rig.launches).toHaveLength(3);
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it('leaves no spinner when the vault cannot be opened either', async () => {
    const rig = new Rig(tenant);
    rig.window = () => Promise.reject(new Error(PAGE_FAILED));
    const broken = vi.spyOn(rig, 'vault').mockImplementation(() => {
      throw new Error('AbortError');
    });
    await rig.auth.signIn(rig.connection, false).catch(() => undefined);
    broken.mockRestore();
    expect((await rig.status()).phase).not.toBe('signingIn');
  });
});

describe('where tokens may go', () => {
  const discovered = (over: Record<string, unknown>) => {
    const real = fetch;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const response = await real(url, init);
      if (!String(url).includes('.well-known')) return response;
      return new Response(JSON.stringify({ ...((await response.json()) as object), ...over }));
    });
  };

  it('refuses a token endpoint on a host the connection does not name', async () => {
    discovered({ token_endpoint: 'https://evil.example/token' });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'hostRefused' });
    expect(rig.launches).toEqual([]);
  });

  it('refuses metadata that speaks for another issuer', async () => {
    discovered({ issuer: 'https://evil.example' });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'discoveryFailed' });
  });

  it.each(['http://sso.example/auth', 'javascript:alert(1)', 'ftp://sso.example/auth'])(
    'opens no sign-in page at %s',
    async (authorization_endpoint) => {
      discovered({ authorization_endpoint });
      const rig = new Rig(tenant);
      rig.window = () => Promise.reject(new Error(PAGE_FAILED));
      await rig.auth.signIn(rig.connection, false);
      expect(rig.launches).toEqual([]);
    },
  );

  it('sends the ID token as a hint to hosts of the connection only', async () => {
    const rig = await new Rig(tenant).signedIn();
    await browser.storage.local.remove(`${rig.id}/metadata`);
    discovered({ authorization_endpoint: 'https://elsewhere.example/auth' });
    rig.instead = async () => answered(400);
    rig.window = () => Promise.reject(new Error(PAGE_FAILED));
    await rig.due();
    await rig.token();
    for (const { url } of rig.launches.slice(1)) expect(url.searchParams.has('id_token_hint')).toBe(false);
  });
});
