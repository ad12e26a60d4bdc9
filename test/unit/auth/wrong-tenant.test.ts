/** A connection that names its tenant takes no token of another: nothing of it is kept, and what there was stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { answered, Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());

/** A JWT nobody signed. */
const jwt = (claims: object) => `${['{"alg":"RS256"}', JSON.stringify(claims)].map(btoa).join('.').replaceAll('=', '')}.c2ln`;

/** A rig whose tokens say which tenant they are of. */
function rigFor(wanted: string, told: () => string): Rig {
  const rig = new Rig(tenant, { tenantId: wanted });
  rig.instead = async (form) => {
    const response = await fetch(`${tenant.issuer}/token`, { method: 'POST', body: form });
    const body = (await response.json()) as object;
    return answered(response.status, { ...body, access_token: jwt({ tenantId: told() }) });
  };
  return rig;
}

describe('a token of another tenant', () => {
  it('is not taken at a sign-in, and that is what is said', async () => {
    const rig = rigFor('acme', () => 'bolt');
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedOut', failure: 'wrongTenant', tenantId: '' });
    expect([await rig.vault().read(), await rig.access()]).toEqual(['absent', null]);
  });

  it('does not take the place of the right one', async () => {
    let told = 'ACME';
    const rig = rigFor('acme', () => told);
    await rig.signedIn();
    const before = await rig.access();
    told = 'bolt';
    await rig.auth.signIn(rig.connection, false);
    expect(await rig.status()).toMatchObject({ phase: 'signedIn', failure: 'wrongTenant', tenantId: 'ACME' });
    expect(await rig.access()).toEqual(before);
  });

  it('is not taken at a silent sign-in, and somebody has to sign in', async () => {
    let told = 'acme';
    const rig = rigFor('acme', () => told);
    await rig.signedIn();
    const held = await rig.vault().read();
    if (typeof held === 'string') throw new Error('nothing kept');
    await rig.vault().write({ ...held.value, refreshToken: null }, held.generation, held.generation);
    told = 'bolt';
    await rig.due();
    expect(await rig.token()).toEqual({ ok: false, failure: 'wrongTenant', transient: false });
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'wrongTenant' });
    expect(await rig.access()).toBeNull();
  });

  it.each(['', 'acme'])('is none where the connection names %j and the token names nobody', async (wanted) => {
    const rig = rigFor(wanted, () => '');
    await rig.signedIn();
    expect(await rig.token()).toMatchObject({ ok: true });
  });

  it('that is held already is not given out', async () => {
    const rig = rigFor('', () => 'bolt');
    await rig.signedIn();
    const named = { ...rig.connection, tenantId: 'acme' };
    expect(await rig.auth.accessToken(named)).toEqual({ ok: false, failure: null, transient: false });
    await rig.auth.recheckTenant(named);
    expect(await rig.status()).toMatchObject({ phase: 'needsSignIn', failure: 'wrongTenant' });
    expect(await rig.access()).toBeNull();
  });
});
