/** Sign-out is the last word: whatever was under way, both stores stay empty and nobody is signed in again (fault 15). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { sessionStore } from '../../../src/auth/vault.ts';
import { SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import { logLines } from '../../../src/storage/log.ts';
import { EXTENSION_REDIRECT, startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { refresh } from '../tenant/client.ts';
import { answered, gate, NEEDS_PERSON, PAGE_FAILED, Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
});

async function expectSignedOut(rig: Rig): Promise<void> {
  expect(await rig.status()).toEqual({ ...SIGNED_OUT, sinceMs: expect.any(Number) });
  expect(await rig.vault().read()).toBe('absent');
  expect(await rig.access()).toBeNull();
  // And it stays so: nothing is asked any more.
  const [asked, launched] = [rig.asked.length, rig.launches.length];
  expect(await rig.token()).toMatchObject({ ok: false });
  await rig.auth.resume(rig.connection);
  expect([rig.asked.length, rig.launches.length]).toEqual([asked, launched]);
  expect(await rig.vault().read()).toBe('absent');
}

/** What discovery says is changed on its way to us. */
function discovered(change: (metadata: Record<string, unknown>) => void): void {
  const real = fetch;
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const response = await real(url, init);
    if (!String(url).includes('.well-known')) return response;
    const metadata = (await response.json()) as Record<string, unknown>;
    change(metadata);
    return new Response(JSON.stringify(metadata));
  });
}

const failures = async (rig: Rig) =>
  (await logLines()).filter((line) => line.includes(`=${rig.id}`) && line.includes('-failed')).map((line) => line.split(' ')[1]);

describe('sign-out', () => {
  it('empties both stores and revokes the refresh token', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect(rig.revoked).toEqual([refreshToken]);
    expect(await refresh(tenant, refreshToken)).toMatchObject({ status: 400 });
    expect(await failures(rig)).toEqual([]);
  });

  it('revokes where there is nowhere to sign out, too', async () => {
    discovered((metadata) => delete metadata.end_session_endpoint);
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    await rig.auth.signOut(rig.connection);
    expect(rig.logouts).toEqual([]);
    expect(await refresh(tenant, refreshToken)).toMatchObject({ status: 400 });
  });

  it('revokes the access token where the provider gave no refresh token', async () => {
    const rig = new Rig(tenant);
    const strip = async (form: URLSearchParams) => {
      rig.instead = async () => null;
      const { issuer } = tenant;
      const response = await fetch(`${issuer}/token`, { method: 'POST', body: form });
      const { refresh_token: _, ...body } = (await response.json()) as Record<string, unknown>;
      return answered(200, body);
    };
    rig.instead = strip;
    await rig.signedIn();
    const { token } = (await rig.access()) ?? { token: '' };
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect(rig.revocations.map(({ form }) => Object.fromEntries(form))).toEqual([
      { token, token_type_hint: 'access_token', client_id: rig.connection.clientId },
    ]);
    expect(await failures(rig)).toEqual([]);
  });

  it('of a connection that leads elsewhere by now wipes all the same, and tells nobody', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.auth.signOut({ ...rig.connection, apiBaseUrl: 'https://api.elsewhere.example' });
    await expectSignedOut(rig);
    expect([rig.revoked, rig.logouts]).toEqual([[], []]);
  });

  it('ends the session at the provider, without a window', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { idToken } = await rig.grant();
    await rig.auth.signOut(rig.connection);
    expect(rig.logouts).toHaveLength(1);
    expect(rig.logouts[0]?.interactive).toBe(false);
    const { origin, pathname, searchParams } = rig.logouts[0]?.url ?? new URL('x:');
    expect(`${origin}${pathname}`).toBe(`${tenant.issuer}/session/end`);
    expect(Object.fromEntries(searchParams)).toEqual({
      id_token_hint: idToken,
      client_id: 'agent-watch',
      post_logout_redirect_uri: EXTENSION_REDIRECT,
      state: expect.stringMatching(/^[\w-]{43,}$/),
    });
    expect(await failures(rig)).toEqual([]);
    // Whoever comes next has to sign in.
    const again = new URL(rig.launches[0]?.url ?? '');
    again.searchParams.set('prompt', 'none');
    expect(await rig.visit(again.href, false)).toContain('error=login_required');
  });

  it.each<[string, (metadata: Record<string, unknown>) => void]>([
    ['on another host', (metadata) => Object.assign(metadata, { end_session_endpoint: 'https://evil.example/end' })],
    ['at no address', (metadata) => Object.assign(metadata, { end_session_endpoint: 'javascript:alert(1)' })],
    ['as a number', (metadata) => Object.assign(metadata, { end_session_endpoint: 7 })],
  ])('sends the ID token to no sign-out page %s', async (_what, change) => {
    discovered(change);
    const rig = await new Rig(tenant).signedIn();
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect(rig.logouts).toEqual([]);
    expect(rig.revoked).toHaveLength(1);
  });

  it('ends no session where there never was an ID token', async () => {
    const hand = { issuer: '', authorizationEndpoint: `${tenant.issuer}/auth`, tokenEndpoint: `${tenant.issuer}/token` };
    const rig = await new Rig(tenant, hand).signedIn();
    await rig.auth.signOut(rig.connection);
    expect(rig.logouts).toEqual([]);
  });

  it.each([
    ['wants to be asked', () => Promise.reject(new Error(NEEDS_PERSON))],
    ['fails', () => Promise.reject(new Error(PAGE_FAILED))],
  ])('is one also when the page at the provider %s', async (_what, goodbye) => {
    const rig = await new Rig(tenant).signedIn();
    rig.goodbye = goodbye;
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect(await failures(rig)).toEqual(['end-session-failed']);
    await rig.signedIn();
  });

  it('wipes before anybody is told, and waits ten seconds for the provider at most', async () => {
    const rig = await new Rig(tenant).signedIn();
    const [page, opened] = [gate<string>(), gate()];
    rig.goodbye = () => {
      opened.open();
      return page.passed;
    };
    let told = false;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const left = rig.auth.signOut(rig.connection).then(() => {
      told = true;
    });
    // Not by `eventually`, which would move the timers on.
    await opened.passed;
    expect(rig.logouts).toHaveLength(1);
    await expectSignedOut(rig);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(told).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    await left;
  });

  it('lets the next sign-in wait until the session is ended, which would take it along', async () => {
    const rig = await new Rig(tenant).signedIn();
    const [page, opened] = [gate(), gate()];
    rig.goodbye = async (url) => {
      opened.open();
      await page.passed;
      return rig.visit(url, false);
    };
    const left = rig.auth.signOut(rig.connection);
    await opened.passed;
    const flow = rig.auth.signIn(rig.connection, false);
    await eventually(async () => expect((await rig.status()).phase).toBe('signingIn'));
    expect(rig.launches).toHaveLength(1);
    page.open();
    await Promise.all([left, flow]);
    expect((await rig.status()).phase).toBe('signedIn');
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([1, 0]);
  });

  it('works while the provider is away', async () => {
    const rig = await new Rig(tenant).signedIn();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect((await failures(rig)).toSorted()).toEqual(['end-session-failed', 'revocation-failed']);
  });

  it('works twice, and for somebody who never signed in', async () => {
    const rig = new Rig(tenant);
    await rig.auth.signOut(rig.connection);
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
  });

  it('empties what can be emptied when the vault cannot be read', async () => {
    const rig = await new Rig(tenant).signedIn();
    vi.spyOn(rig, 'vault').mockImplementation(() => ({
      read: () => Promise.reject(new Error('AbortError')),
      write: async () => false,
      erase: () => Promise.reject(new Error('AbortError')),
    }));
    await rig.auth.signOut(rig.connection).catch(() => undefined);
    expect((await rig.status()).phase).toBe('signedOut');
    expect(await rig.access()).toBeNull();
  });
});

describe('the token of a late answer', () => {
  const rotated = async (rig: Rig) => {
    const { refresh_token } = JSON.parse(rig.asked.at(-1)?.answer?.text ?? '{}') as { refresh_token?: string };
    return refresh_token;
  };

  it('is revoked as well as the one it came for', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    await rig.due();
    rig.late = async () => void (await rig.auth.signOut(rig.connection));
    await rig.token();
    expect(await rotated(rig)).toEqual(expect.any(String));
    expect(rig.revoked).toEqual([refreshToken, await rotated(rig)]);
    await expectSignedOut(rig);
  });

  it.each(['token:kept', 'token:status'])('is revoked also when it was in the vault already, at %s', async (step) => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    rig.atStep = async (name) => {
      if (name === step) await rig.auth.signOut(rig.connection);
    };
    await rig.token();
    expect(rig.revoked).toContain(await rotated(rig));
    await expectSignedOut(rig);
  });

  it.each(['signOut', 'cancelSignIn'] as const)('of a sign-in is revoked after %s', async (what) => {
    const rig = new Rig(tenant);
    rig.late = async () => void (await rig.auth[what](rig.connection));
    await rig.auth.signIn(rig.connection, false);
    expect(rig.revoked).toEqual([await rotated(rig)]);
    expect(await refresh(tenant, (await rotated(rig)) ?? null)).toMatchObject({ status: 400 });
  });

  it('is left alone when somebody is signed in: their grant may be the same at the provider', async () => {
    const rig = await new Rig(tenant).signedIn();
    rig.late = () => rig.auth.cancelSignIn(rig.connection);
    await rig.auth.signIn(rig.connection, true);
    expect(rig.revoked).toEqual([]);
    rig.late = async () => undefined;
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.silentLaunches()).toBe(0);
  });

  it('that brought no other one is not revoked twice', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    tenant.faults.arm({ kind: 'noRefreshTokenInAnswer' });
    rig.late = async () => void (await rig.auth.signOut(rig.connection));
    await rig.token();
    expect(rig.revoked).toHaveLength(1);
  });
});

/** Signs out at a point of a renewal, and lets the renewal go on. */
describe('during a renewal', () => {
  it.each(['refresh:pending', 'refresh:answered', 'token:kept', 'token:status'])('at %s', async (step) => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    rig.atStep = async (name) => {
      if (name === step) await rig.auth.signOut(rig.connection);
    };
    expect((await rig.token()).ok).toBe(false);
    await expectSignedOut(rig);
  });

  it.each([
    ['a good answer', null],
    ['a refusal, as when the revocation was quicker', answered(400, { error: 'invalid_grant' })],
    ['a fault of the provider', answered(503)],
    ['a refused scope', answered(400, { error: 'invalid_scope' })],
    ['nonsense', answered(200, { access_token: 1 })],
  ])('before %s', async (_name, answer) => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    rig.instead = async (form) => (form.has('refresh_token') ? answer : null);
    rig.late = async () => void (await rig.auth.signOut(rig.connection));
    expect((await rig.token()).ok).toBe(false);
    expect(rig.silentLaunches()).toBe(0);
    await expectSignedOut(rig);
  });

  it('when the network fails', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    rig.instead = async () => {
      await rig.auth.signOut(rig.connection);
      throw new TypeError('offline');
    };
    expect((await rig.token()).ok).toBe(false);
    await expectSignedOut(rig);
  });

  it.each([1, 2])('that was forced by a 401, at write %i of its token', async (nth) => {
    const rig = await new Rig(tenant).signedIn();
    const { set } = fakeBrowser.storage.session;
    let writes = 0;
    vi.spyOn(fakeBrowser.storage.session, 'set').mockImplementation(async (items) => {
      if (`${rig.id}/access` in items && ++writes === nth) await rig.auth.signOut(rig.connection);
      return set(items);
    });
    await rig.auth.accessToken(rig.connection, (await rig.access()) ?? undefined);
    if (writes < nth) await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
  });

  it.each(['silent:opening', 'signIn:opening', 'signIn:redirected', 'signIn:exchanged', 'token:kept', 'token:status'])(
    'by single sign-on, at %s',
    async (step) => {
      const rig = await new Rig(tenant).signedIn();
      tenant.faults.arm({ kind: 'invalidGrant' });
      await rig.due();
      rig.atStep = async (name) => {
        if (name === step) await rig.auth.signOut(rig.connection);
      };
      expect((await rig.token()).ok).toBe(false);
      await expectSignedOut(rig);
    },
  );

  it('by single sign-on that then fails', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    await rig.due();
    rig.window = async () => {
      await rig.auth.signOut(rig.connection);
      throw new Error(PAGE_FAILED);
    };
    expect((await rig.token()).ok).toBe(false);
    await expectSignedOut(rig);
  });
});

describe('during a sign-in', () => {
  it.each(['signIn:opening', 'signIn:redirected', 'signIn:exchanged', 'token:kept', 'token:status'])('at %s', async (step) => {
    const rig = new Rig(tenant);
    rig.atStep = async (name) => {
      if (name === step) await rig.auth.signOut(rig.connection);
    };
    await rig.auth.signIn(rig.connection, false);
    await expectSignedOut(rig);
  });

  it('while the code is redeemed', async () => {
    const rig = new Rig(tenant);
    rig.late = async () => void (await rig.auth.signOut(rig.connection));
    await rig.auth.signIn(rig.connection, false);
    await expectSignedOut(rig);
  });

  it('and a new sign-in at once: the old one changes nothing', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    const late = gate();
    rig.late = async (form) => (form.has('refresh_token') ? late.passed : undefined);
    const old = rig.token();
    await eventually(() => expect(rig.asked[1]?.answer).toBeTruthy());
    await rig.auth.signOut(rig.connection);
    const flow = rig.auth.signIn(rig.connection, false);
    late.open();
    await Promise.all([old, flow]);
    expect((await rig.status()).phase).toBe('signedIn');
    expect(await rig.grant()).toMatchObject({ epoch: 1, renewals: 0 });
    expect((await rig.token()).ok).toBe(true);
  });
});

describe('the vault in memory', () => {
  it('lets no write that was under way survive an erasure', async () => {
    const store = sessionStore<string>('x/grant');
    await store.write('one', 'g', null);
    const read = gate();
    const go = gate();
    const { get } = fakeBrowser.storage.session;
    vi.spyOn(fakeBrowser.storage.session, 'get').mockImplementationOnce(async (keys) => {
      const found = await get(keys);
      read.open();
      await go.passed;
      return found;
    });
    const write = store.write('two', 'g', 'g');
    await read.passed;
    const erased = store.erase();
    go.open();
    await Promise.all([write, erased]);
    expect(await browser.storage.session.get('x/grant')).toEqual({});
  });

  it('writes only over the generation expected', async () => {
    const store = sessionStore<string>('y/grant');
    expect(await store.write('one', 'g', 'g')).toBe(false);
    expect(await store.write('one', 'g', null)).toBe(true);
    expect(await store.write('two', 'h', 'x')).toBe(false);
    expect(await store.write('two', 'h', 'g')).toBe(true);
    expect(await store.read()).toEqual({ value: 'two', generation: 'h' });
  });
});
