/** What was refused, cut off or lost, and how it comes back: by the same token again, by single sign-on, by the person (faults 1, 2, 6, 39). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { database } from '../../../src/storage/database.ts';
import { logLines } from '../../../src/storage/log.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { textOf } from '../support/files.ts';
import { answered, FULL, PAGE_FAILED, Rig } from './rig.ts';

let tenant: Tenant;
let generous: Tenant;
beforeAll(async () => {
  [tenant, generous] = await Promise.all([
    startTenant({ agents: 2, frozen: true }),
    startTenant({ agents: 2, frozen: true, refreshGraceSeconds: 60 }),
  ]);
});
afterAll(() => Promise.all([tenant.close(), generous.close()]));
afterEach(() => {
  for (const one of [tenant, generous]) one.faults.clear();
  vi.useRealTimers();
});

const REFUSALS = [
  ['invalid_grant', { kind: 'invalidGrant' }],
  ['a bare 400', { kind: 'refusedBare', status: 400 }],
  ['a bare 401', { kind: 'refusedBare', status: 401 }],
  ['a bare 403', { kind: 'refusedBare', status: 403 }],
] as const;
const noToken = { ok: false, failure: null, transient: false };
const silentParams = (rig: Rig) => rig.launches.filter(({ interactive }) => !interactive).map(({ url }) => url.searchParams);

describe.each(REFUSALS)('%s', (_name, fault) => {
  it('is made good by single sign-on, without the person', async () => {
    const rig = await new Rig(tenant).signedIn();
    const { idToken } = await rig.grant();
    tenant.faults.arm(fault);
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    const [query] = silentParams(rig);
    expect(Object.fromEntries(query ?? [])).toMatchObject({ prompt: 'none', id_token_hint: idToken, scope: FULL });
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: null });
    expect((await rig.status()).ledger.at(-1)).toMatchObject({ kind: 'silentSignIn', nth: 0, lost: [] });
    expect([rig.count('refresh_token'), rig.count('authorization_code')]).toEqual([1, 2]);
    tenant.faults.clear();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.launches).toHaveLength(2);
  });

  it('without single sign-on: asks for the person once, and then nobody any more', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm(fault);
    rig.forgetSession();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: false, transient: false });
    const status = await rig.status();
    expect(status).toMatchObject({ phase: 'needsSignIn', failure: 'refused' });
    expect(await rig.access()).toBeNull();
    const before = tenant.log.since(0).length;
    for (let i = 0; i < 5; i++) expect(await rig.token()).toEqual(noToken);
    await rig.restart(true);
    await rig.auth.resume(rig.connection);
    expect(await rig.token()).toEqual(noToken);
    expect(tenant.log.since(0)).toHaveLength(before);
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([1, 1]);
    expect(await rig.status()).toEqual(status);
    tenant.faults.clear();
    await rig.signedIn();
    expect(await rig.token()).toMatchObject({ ok: true });
  });
});

describe('a refusal', () => {
  it('asks silently once for all who come at the same time', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    rig.forgetSession();
    await rig.due();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => rig.token()));
    expect(tokens.every(({ ok }) => !ok)).toBe(true);
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([1, 1]);
    expect((await rig.status()).phase).toBe('needsSignIn');
  });

  it('never sends a refused token again', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    vi.stubGlobal('navigator', { ...navigator, locks: navigator.locks, onLine: false });
    rig.window = () => Promise.reject(new Error(PAGE_FAILED));
    await rig.due();
    for (let i = 0; i < 4; i++) expect(await rig.token()).toMatchObject({ ok: false, transient: true });
    expect(rig.count('refresh_token')).toBe(1);
    expect((await rig.status()).phase).toBe('recovering');
    // Back online, and still signed in at the provider.
    vi.unstubAllGlobals();
    rig.window = (url, interactive) => rig.visit(url, interactive);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it.each([
    ['Only one web auth flow is allowed at a time.', 'alreadyOpen'],
    ['Authorization page load timed out.', 'pageTimedOut'],
    ['the token service is down', 'providerError'],
  ])('decides nothing while %s', async (message, failure) => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    if (failure !== 'providerError') rig.window = () => Promise.reject(new Error(message));
    else rig.instead = async (form) => (form.has('code') ? answered(503) : null);
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure, transient: true });
    expect(await rig.status()).toMatchObject({ phase: 'recovering', failure });
  });

  it('names the lost scope when single sign-on gives less than before', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    tenant.faults.arm({ kind: 'scopeDroppedAtSignIn', scopes: ['view:agent'] });
    await rig.due();
    expect(await rig.token()).toEqual(noToken);
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', missingScopes: ['view:agent'] });
    expect((await rig.status()).ledger.at(-1)).toMatchObject({ kind: 'silentSignIn', lost: ['view:agent'] });
  });

  it('does not become somebody else because another person is signed in at the provider', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    rig.forgetSession();
    const other = new Rig(tenant);
    other.person.login = 'other';
    await other.signedIn();
    rig.window = (url, interactive) => other.visit(url, interactive);
    await rig.due();
    await rig.token();
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', organisationId: 'org-demo-7f3a' });
  });
});

const STEPS = ['refresh:pending', 'refresh:answered', 'token:kept', 'token:status'];

describe.each(STEPS)('a worker killed at %s', (step) => {
  it.each([
    ['with grace', () => generous, true],
    ['without grace, by single sign-on', () => tenant, true],
  ])('%s: the next one goes on without the person', async (_name, of, sso) => {
    const at = of();
    const rig = await new Rig(at).signedIn();
    if (at === generous) rig.forgetSession();
    await rig.due();
    await rig.killAt(step, () => rig.token());
    await rig.auth.resume(rig.connection);
    expect((await rig.status()).phase).toBe('signedIn');
    expect(await rig.token()).toMatchObject({ ok: sso });
    expect(await rig.grant()).toMatchObject({ pending: null, refused: false });
    expect(rig.launches.filter(({ interactive }) => interactive)).toHaveLength(1);
  });

  it('with the browser: the epoch never goes back', async () => {
    const rig = await new Rig(generous).signedIn();
    const { epoch } = await rig.grant();
    await rig.due();
    await rig.killAt(step, () => rig.token(), true);
    await rig.auth.resume(rig.connection);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.grant()).epoch).toBeGreaterThan(epoch);
    expect(rig.launches).toHaveLength(1);
  });
});

describe('a worker killed with the answer on its way', () => {
  it('without grace and without single sign-on: one clear need to sign in', async () => {
    const rig = await new Rig(tenant).signedIn();
    rig.forgetSession();
    await rig.due();
    await rig.killAt('refresh:answered', () => rig.token());
    expect((await rig.grant()).pending).toMatchObject({ epoch: 2 });
    await rig.auth.resume(rig.connection);
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'refused' });
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([2, 1]);
  });

  it('asks the same token once more, at once, and only once however often it starts', async () => {
    const rig = await new Rig(generous).signedIn();
    const { refreshToken } = await rig.grant();
    await rig.due();
    await rig.killAt('refresh:answered', () => rig.token());
    await Promise.all([rig.auth.resume(rig.connection), rig.auth.resume(rig.connection), rig.token()]);
    expect(rig.asked.slice(1).map(({ form }) => form.get('refresh_token'))).toEqual([refreshToken, refreshToken]);
    expect(rig.asked.at(-1)?.form.get('scope')).toBe(FULL);
  });

  it('with the provider down at the next start: stays in recovery until it is back', async () => {
    const rig = await new Rig(generous).signedIn();
    await rig.due();
    await rig.killAt('refresh:answered', () => rig.token());
    rig.instead = async () => answered(503);
    await rig.auth.resume(rig.connection);
    expect(await rig.status()).toMatchObject({ phase: 'recovering', failure: 'providerError' });
    await rig.restart();
    await rig.auth.resume(rig.connection);
    expect((await rig.status()).phase).toBe('signedIn');
  });

  it('in a silent sign-in: is done again', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'invalidGrant' });
    await rig.due();
    await rig.killAt('signIn:exchanged', () => rig.token());
    expect((await rig.status()).phase).toBe('recovering');
    await rig.auth.resume(rig.connection);
    expect(await rig.token()).toMatchObject({ ok: true });
    expect((await rig.status()).phase).toBe('signedIn');
  });
});

describe('a vault that is gone', () => {
  const corrupt = async (rig: Rig) => {
    const db = await database();
    const record = await db.get('sealed', `${rig.id}/grant`);
    if (!record) throw new Error('nothing sealed');
    new Uint8Array(record.data)[5] = 255 - (new Uint8Array(record.data)[5] ?? 0);
    await db.put('sealed', record, `${rig.id}/grant`);
  };

  it.each([true, false])('unreadable, single sign-on %s', async (sso) => {
    const rig = await new Rig(tenant).signedIn();
    await corrupt(rig);
    if (!sso) rig.forgetSession();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: sso });
    expect(await rig.status()).toMatchObject(
      sso ? { phase: 'signedIn', failure: null } : { phase: 'needsSignIn', failure: 'vaultUnreadable' },
    );
    expect(rig.count('refresh_token')).toBe(0);
    expect(await rig.token()).toMatchObject({ ok: sso });
    expect(rig.silentLaunches()).toBe(1);
    if (!sso) await rig.signedIn();
  });

  it('cannot be made readable by another connection’s record', async () => {
    const [one, two] = [await new Rig(tenant).signedIn(), await new Rig(tenant).signedIn()];
    const db = await database();
    const record = await db.get('sealed', `${one.id}/grant`);
    if (record) await db.put('sealed', record, `${two.id}/grant`);
    expect(await two.vault().read()).toBe('unreadable');
  });

  it.each([true, false])('in memory only, after a start of the browser, single sign-on %s', async (sso) => {
    const rig = new Rig(tenant);
    rig.persist = false;
    await rig.signedIn();
    await rig.restart(true);
    await rig.auth.resume(rig.connection);
    if (!sso) rig.forgetSession();
    expect(await rig.token()).toMatchObject({ ok: sso });
    const { phase, failure } = await rig.status();
    expect(phase).toBe(sso ? 'signedIn' : 'needsSignIn');
    // The words must be about what happened, not about a sign-in that took ten minutes.
    if (!sso) expect(textOf('en', `auth_${failure}`, [])).not.toMatch(/ten minutes/);
  });

  it('renews by single sign-on where the provider gives no refresh token', async () => {
    const rig = new Rig(tenant);
    tenant.faults.arm({ kind: 'tokenFields', patch: { refresh_token: '__delete__' }, on: 'code' });
    await rig.signedIn();
    await rig.due();
    expect(await rig.token()).toMatchObject({ ok: true });
    expect([rig.count('refresh_token'), rig.silentLaunches()]).toEqual([0, 1]);
    expect((await logLines()).filter((line) => line.includes('renewal-failed') && line.includes(`=${rig.id} `))).toEqual([]);
  });
});
