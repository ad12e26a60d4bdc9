/** Who is signed in, for the record of who did what: whoever says so first, and nobody where nobody does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { subjectOf } from '../../../src/domain/token-facts.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const subject = (rig: Rig) => rig.auth.subject(rig.connection);

/** Puts other tokens in the place of those that were given. */
async function holding(rig: Rig, idToken: string | null, accessToken: string | null): Promise<Rig> {
  const vault = rig.vault();
  const stored = await vault.read();
  if (typeof stored === 'string') throw new Error(stored);
  await vault.write({ ...stored.value, idToken }, stored.generation, stored.generation);
  const access = accessToken === null ? null : { ...(await rig.access()), token: accessToken };
  await browser.storage.session.set({ [`${rig.id}/access`]: access });
  return rig;
}

describe('the subject', () => {
  it('is the person who signed in, of the ID token, in memory as on disk', async () => {
    const rig = await new Rig(tenant).signedIn();
    expect(await subject(rig)).toBe('demo');
    await rig.due();
    await rig.token();
    expect(await subject(rig)).toBe('demo');
    const memory = new Rig(tenant);
    memory.persist = false;
    memory.person.login = 'other';
    expect(await subject(await memory.signedIn())).toBe('other');
  });

  it('is that of the access token where there is no ID token, and nobody’s where it cannot be read', async () => {
    const rig = await new Rig(tenant).signedIn();
    expect(await subject(await holding(rig, null, jwt({ sub: 'user:7' })))).toBe('user:7');
    expect(await subject(await holding(rig, jwt({ aud: 'x' }), jwt({ sub: 'user:7' })))).toBe('user:7');
    expect(await subject(await holding(rig, jwt({ sub: 'person' }), jwt({ sub: 'user:7' })))).toBe('person');
    expect(await subject(await holding(rig, null, 'opaque'))).toBe('');
    expect(await subject(await holding(rig, null, null))).toBe('');
  });

  it('is nobody when signed out', async () => {
    const rig = await new Rig(tenant).signedIn();
    await rig.auth.signOut(rig.connection);
    expect(await subject(rig)).toBe('');
    expect(await subject(new Rig(tenant))).toBe('');
  });

  it('of a service account is its client', async () => {
    expect(await subject(new Rig(tenant, { grant: 'clientCredentials', clientId: 'wallboard-service' }))).toBe(
      'wallboard-service',
    );
  });

  it('is fit to be written down', () => {
    expect([{ sub: 7 }, { sub: 'a b' }, { sub: 'a\nb' }, { sub: 'x'.repeat(256) }, { sub: {} }, null].map(subjectOf)).toEqual([
      '7',
      'a b',
      '',
      '',
      '',
      '',
    ]);
  });
});
