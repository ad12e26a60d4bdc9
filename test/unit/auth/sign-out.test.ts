/** Sign-out is the last word: whatever was under way, both stores stay empty and nobody is signed in again (fault 15). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { sessionStore } from '../../../src/auth/vault.ts';
import { SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import { logLines } from '../../../src/storage/log.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { refresh } from '../tenant/client.ts';
import { answered, gate, PAGE_FAILED, Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => tenant.faults.clear());

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

describe('sign-out', () => {
  it('empties both stores and revokes the refresh token', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { refreshToken } = await rig.grant();
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect(await refresh(tenant, refreshToken)).toMatchObject({ status: 400 });
  });

  it('works while the provider is away', async () => {
    const rig = await new Rig(tenant).signedIn();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await rig.auth.signOut(rig.connection);
    await expectSignedOut(rig);
    expect((await logLines()).at(-1)).toContain('revocation-failed');
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
    rig.late = () => rig.auth.signOut(rig.connection);
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
    rig.late = () => rig.auth.signOut(rig.connection);
    await rig.auth.signIn(rig.connection, false);
    await expectSignedOut(rig);
  });

  it('and a new sign-in at once: the old one changes nothing', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.due();
    const late = gate();
    rig.late = async (form) => (form.has('refresh_token') ? late.passed : undefined);
    const old = rig.token();
    await vi.waitFor(() => expect(rig.asked[1]?.answer).toBeTruthy());
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
