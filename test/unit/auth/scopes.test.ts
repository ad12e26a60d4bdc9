/** The product's first promise: a token that lost a scope is never handed out, and it is known which grant lost it (DESIGN section 5, rule 2). */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lostAt } from '../../../src/domain/scopes.ts';
import { authStatusItem } from '../../../src/storage/items.ts';
import { logLines } from '../../../src/storage/log.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { FULL, gate, Rig } from './rig.ts';

const LOST = 'view:interaction';
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => tenant.faults.clear());

const noToken = { ok: false, failure: null, transient: false };

describe('at sign-in', () => {
  it('tells a scope that was asked for and not given', async () => {
    tenant.faults.arm({ kind: 'scopeDroppedAtSignIn', scopes: [LOST] });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    const status = await rig.status();
    expect(status).toMatchObject({
      phase: 'scopeLost',
      failure: null,
      missingScopes: [LOST],
      ledger: [{ kind: 'signIn', nth: 0, requested: FULL.split(' '), lost: [LOST] }],
    });
    expect(status.effectiveScopes).not.toContain(LOST);
    expect(lostAt(status.ledger, LOST)).toMatchObject({ kind: 'signIn' });
    expect(await rig.token()).toEqual(noToken);
    expect(rig.count('refresh_token')).toBe(0);
    tenant.faults.clear();
    await rig.auth.signIn(rig.connection, true);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', missingScopes: [] });
    expect(rig.launches[1]?.url.searchParams.get('prompt')).toBe('consent');
    expect(rig.launches[1]?.url.searchParams.get('scope')).toBe(FULL);
  });

  it('takes an empty scope for nothing at all', async () => {
    tenant.faults.arm({ kind: 'scopeEmpty', times: 1 });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({
      phase: 'scopeLost',
      effectiveScopes: [],
      missingScopes: ['view:agent', LOST],
    });
    expect(await rig.token()).toEqual(noToken);
  });

  it('hands out no token while the window for the new consent is open', async () => {
    tenant.faults.arm({ kind: 'scopeDroppedAtSignIn', scopes: [LOST] });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    const opened = gate();
    rig.window = () => {
      opened.open();
      return new Promise<string>(() => undefined);
    };
    void rig.auth.signIn(rig.connection, true);
    await opened.passed;
    expect((await rig.status()).phase).toBe('signingIn');
    expect((await rig.token()).ok).toBe(false);
  });

  it('stays lost when consent was asked for again and the window closed', async () => {
    tenant.faults.arm({ kind: 'scopeDroppedAtSignIn', scopes: [LOST] });
    const rig = new Rig(tenant);
    await rig.auth.signIn(rig.connection, false);
    rig.window = () => Promise.reject(new Error('The user did not approve access.'));
    await rig.auth.signIn(rig.connection, true);
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', failure: 'userClosed', missingScopes: [LOST] });
  });
});

describe('at a renewal', () => {
  it('tells at which one it went, and asks for the full set all the same', async () => {
    tenant.log.clear();
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'scopeDroppedOnRefresh', nth: 3, scopes: [LOST] });
    for (const nth of [1, 2]) {
      await rig.due();
      expect(await rig.token()).toMatchObject({ ok: true });
      expect((await rig.grant()).renewals).toBe(nth);
    }
    await rig.due();
    expect(await rig.token()).toEqual(noToken);
    const status = await rig.status();
    expect(status).toMatchObject({ phase: 'scopeLost', missingScopes: [LOST], grantedScopes: FULL.split(' ') });
    expect(status.ledger.map(({ kind, nth, lost }) => [kind, nth, lost])).toEqual([
      ['signIn', 0, []],
      ['renewal', 1, []],
      ['renewal', 2, []],
      ['renewal', 3, [LOST]],
    ]);
    expect(lostAt(status.ledger, LOST)).toMatchObject({ kind: 'renewal', nth: 3 });
    expect(await logLines()).toEqual(
      expect.arrayContaining([expect.stringContaining(`scope-lost connection=${rig.id} scopes=${LOST}`)]),
    );
    const asked = tenant.log.since(0).filter(({ grantType }) => grantType === 'refresh_token');
    expect(asked.map(({ scope }) => scope)).toEqual([FULL, FULL, FULL]);
    expect((await rig.grant()).grantedScopes).toEqual(FULL.split(' '));
    // Nothing is asked while it is lost.
    await rig.due();
    expect(await rig.token()).toEqual(noToken);
    expect(rig.count('refresh_token')).toBe(3);
  });

  it.each([
    ['absent from the answer', { kind: 'scopeAbsentInResponse' }],
    ['in another order', { kind: 'scopeReordered' }],
    ['wider than asked for', { kind: 'scopeWidened', scopes: ['users:write'] }],
    ['null in the answer', { kind: 'tokenFields', patch: { scope: null } }],
    ['a list', { kind: 'tokenFields', patch: { scope: FULL.split(' ') } }],
    ['with repeats and spaces', { kind: 'tokenFields', patch: { scope: ` ${FULL}  ${FULL} ` } }],
  ])('is content with a scope that is %s', async (_name, fault) => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm(fault);
    for (const _ of [1, 2]) {
      await rig.due();
      expect(await rig.token()).toMatchObject({ ok: true });
    }
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', missingScopes: [] });
    // More than the person agreed to is never asked for (security-reliability.md 2.2).
    expect(rig.asked.at(-1)?.form.get('scope')).toBe(FULL);
    expect((await rig.grant()).grantedScopes).toEqual(FULL.split(' '));
  });

  it.each([
    ['empty', { kind: 'scopeEmpty' }, ['view:agent', LOST]],
    ['of another case', { kind: 'tokenFields', patch: { scope: FULL.toUpperCase() } }, ['view:agent', LOST]],
    ['with commas', { kind: 'tokenFields', patch: { scope: FULL.replaceAll(' ', ',') } }, ['view:agent', LOST]],
    ['without the one', { kind: 'tokenFields', patch: { scope: 'openid view:agent' } }, [LOST]],
  ])('hands out no token when the scope is %s', async (_name, fault, missingScopes) => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm(fault);
    await rig.due();
    expect(await rig.token()).toEqual(noToken);
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', missingScopes });
    expect(await rig.token()).toEqual(noToken);
  });

  it('hands it to none of those who asked at the same time', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'scopeEmpty' });
    await rig.due();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => rig.token()));
    expect(tokens).toEqual(Array.from({ length: 8 }, () => noToken));
    expect(rig.count('refresh_token')).toBe(1);
  });

  it('hands it to nobody who read the status before it was marked', async () => {
    const rig = await new Rig(tenant).signedIn();
    tenant.faults.arm({ kind: 'scopeEmpty' });
    await rig.due();
    const answer = gate();
    rig.late = () => answer.passed;
    const first = rig.token();
    await eventually(() => expect(rig.asked[1]?.answer).toBeTruthy());
    // Somebody else has read the status and is about to read the token when the renewal comes home.
    const about = gate();
    const go = gate();
    const { get } = fakeBrowser.storage.session;
    vi.spyOn(fakeBrowser.storage.session, 'get').mockImplementationOnce(async (keys) => {
      about.open();
      await go.passed;
      return get(keys);
    });
    const other = rig.token();
    await about.passed;
    answer.open();
    await first;
    expect((await rig.status()).phase).toBe('scopeLost');
    go.open();
    expect(await other).toEqual(noToken);
  });
});

describe('when the connection asks for other scopes', () => {
  it('is lost where the new ones are not there, and found again where they are', async () => {
    const rig = await new Rig(tenant).signedIn();
    const other = { ...rig.connection, vocabulary: 'read' as const };
    await rig.auth.recheckScopes(other);
    expect(await rig.status()).toMatchObject({ phase: 'scopeLost', missingScopes: ['read:agent', 'read:interaction'] });
    expect(await rig.auth.accessToken(other)).toEqual(noToken);
    await rig.auth.recheckScopes(rig.connection);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', missingScopes: [] });
    expect(await rig.token()).toMatchObject({ ok: true });
    expect(rig.asked).toHaveLength(1);
  });

  it('changes nothing for somebody who is signed out', async () => {
    const rig = new Rig(tenant);
    await rig.auth.recheckScopes(rig.connection);
    expect(await authStatusItem(rig.id).get()).toMatchObject({ phase: 'signedOut', missingScopes: [] });
  });
});
