/** Tokens and secrets belong to the tenant and the way in they came by, whatever policy or a person makes of the connection meanwhile. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Grant } from '../../../src/auth/vault.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { boot, signedIn } from './support/boot.ts';

const { session, managed, local } = fakeBrowser.storage;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  [tenant, other] = await Promise.all([
    startTenant({ agents: 3, frozen: true, accessTokenSeconds: 10_000_000 }),
    startTenant({ agents: 3, frozen: true, seed: 9 }),
  ]);
});
afterAll(() => Promise.all([tenant.close(), other.close()]));
afterEach(() => vi.restoreAllMocks());

const GRANT: Grant = {
  refreshToken: 'canary-refresh',
  idToken: null,
  grantedScopes: ['view:agent', 'view:interaction'],
  epoch: 1,
  renewals: 0,
  pending: null,
  refused: false,
};

/** Signed in as a person, with all that is kept of it. `marked`: as this version writes it. */
async function person({ marked = true, secret = false } = {}): Promise<Connection> {
  const connection = await signedIn(tenant, []);
  const { sealed } = await import('../../../src/storage/sealed.ts');
  const { ownerOf } = await import('../../../src/background/owner.ts');
  const owner = marked ? await ownerOf(connection) : undefined;
  await sealed<Grant>(`${connection.id}/grant`).write({ ...GRANT, owner }, 'g', null);
  if (secret) await sealed(`${connection.id}/secret`).write({ secret: 'canary-secret', owner }, 's', null);
  return connection;
}

/** What is kept under the connection's id. */
async function kept(id: string): Promise<string[]> {
  const { sealed } = await import('../../../src/storage/sealed.ts');
  const found = await Promise.all(['grant', 'secret'].map((what) => sealed(`${id}/${what}`).read()));
  const { readAccess } = await import('../../../src/auth/vault.ts');
  const inMemory = JSON.stringify(await session.get(null)).includes('canary') ? ['memory'] : [];
  return [
    ...['grant', 'secret'].filter((_, index) => found[index] !== 'absent'),
    ...((await readAccess(id)) ? ['access'] : []),
    ...inMemory,
  ];
}
const phase = async (id: string) => (await (await import('../../../src/storage/items.ts')).authStatusItem(id).get()).phase;
const since = (of: Tenant) => of.log.since(0).at(-1)?.seq ?? 0;
const asked = (of: Tenant, seq: number) => of.log.since(seq);

describe('a way of signing in that policy forbids', () => {
  it('leaves neither token nor secret behind, and the provider is told', async () => {
    const { id } = await person({ secret: true });
    await boot();
    const seq = since(tenant);
    managed.put({ grants: ['clientCredentials'] });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    expect(await kept(id)).toEqual([]);
    expect(await phase(id)).toBe('signedOut');
    await eventually(() => expect(asked(tenant, seq).map(({ path }) => path)).toContain('/token/revocation'));
  });

  it.each([true, false])('also when it was forbidden while nobody was there (marked: %s)', async (marked) => {
    const { id } = await person({ marked, secret: true });
    const { policyItem } = await import('../../../src/storage/items.ts');
    // A worker killed between reading the policy and acting on it.
    await policyItem.update(() => ({ grants: ['clientCredentials'] }));
    await boot();
    await eventually(async () => expect(await kept(id)).toEqual([]));
    expect(await phase(id)).toBe('signedOut');
  });

  it('also in memory, when the same policy lets nothing stay on disk', async () => {
    const { id } = await person({ secret: true });
    await boot();
    managed.put({ grants: ['clientCredentials'], persistSession: false });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    expect(await kept(id)).toEqual([]);
  });

  it('goes from a connection that policy hides, too', async () => {
    await person();
    const { id } = await person();
    await boot();
    managed.put({ clientId: 'fixed', grants: ['clientCredentials'] });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    expect(await kept(id)).toEqual([]);
  });

  it.each([[['nonsense']], 'clientCredentials', null])(
    'with grants that nobody can read (%j), a secret is forbidden',
    async (grants) => {
      const connection = await signedIn(tenant, []);
      const { connectionsItem } = await import('../../../src/storage/items.ts');
      const { sealed } = await import('../../../src/storage/sealed.ts');
      const service = { ...connection, grant: 'clientCredentials' as const };
      const { ownerOf } = await import('../../../src/background/owner.ts');
      await connectionsItem.update((all) => ({ ...all, list: [service] }));
      await sealed(`${service.id}/secret`).write({ secret: 'canary-secret', owner: await ownerOf(service) }, 's', null);
      const worker = await boot();
      managed.put({ grants });
      await fakeBrowser.storage.onChanged.trigger({}, 'managed');
      expect(await kept(service.id)).toEqual([]);
      expect((await worker.send('settings', {}, 'options')).grants).toEqual(['authorizationCode']);
    },
  );

  it('with values that nobody can read keeps nothing on disk, shows no names, and has no tenant beside it', async () => {
    const { id } = await person();
    await person();
    const worker = await boot();
    managed.put({ persistSession: 'false', showNamesInNotifications: 'false', issuer: 'login.acme.example' });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    const { settings, tenantFixed, connections } = await worker.send('settings', {}, 'options');
    expect(settings).toMatchObject({ persistSession: false, showNamesInNotifications: false });
    expect([tenantFixed, connections.length]).toEqual([true, 1]);
    const { sealed } = await import('../../../src/storage/sealed.ts');
    expect(await sealed(`${id}/grant`).read()).toBe('absent');
    expect(await phase(id)).toBe('signedIn');
    const draft = { ...EMPTY_DRAFT, name: 'X', issuer: other.issuer, apiBaseUrl: other.apiBaseUrl, clientId: 'x' };
    await expect(worker.send('saveConnection', { id: null, draft }, 'options')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('and one that is allowed stays signed in', async () => {
    const { id } = await person();
    const worker = await boot();
    managed.put({ grants: ['authorizationCode'], pollSeconds: 60 });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    await worker.send('poll', {});
    expect(await kept(id)).toEqual(['grant', 'access']);
    expect(await phase(id)).toBe('signedIn');
  });
});

describe('a connection that leads to another tenant', () => {
  const elsewhere = () => ({ issuer: other.issuer, apiBaseUrl: other.apiBaseUrl, clientId: other.clientId });
  const expectNothingSent = (seq: number) =>
    expect(asked(other, seq).filter(({ authorization, path }) => authorization || path.startsWith('/token'))).toEqual([]);

  it('gets no token of the one before, not even when the worker died on the way', async () => {
    const { id } = await person();
    const { connectionsItem } = await import('../../../src/storage/items.ts');
    await connectionsItem.update((all) => ({ ...all, list: all.list.map((own) => ({ ...own, ...elsewhere() })) }));
    fake.granted.add(`${other.issuer}/*`);
    const seq = since(other);
    const worker = await boot();
    await worker.send('poll', {});
    await eventually(async () => expect(await kept(id)).toEqual([]));
    await worker.send('poll', {});
    expectNothingSent(seq);
    expect(await phase(id)).toBe('signedOut');
  });

  it('is signed out before it leads there', async () => {
    const { id } = await person();
    const worker = await boot();
    const { set } = local;
    const phases: string[] = [];
    vi.spyOn(local, 'set').mockImplementation(async (items) => {
      if ('connections' in items) phases.push(await phase(id));
      return set(items);
    });
    await worker.send('saveConnection', { id, draft: { ...EMPTY_DRAFT, name: 'Other', ...elsewhere() } }, 'options');
    expect(phases[0]).toBe('signedOut');
    expect(await kept(id)).toEqual([]);
  });

  it.each(['signOut', 'saveConnection', 'removeConnection'] as const)(
    'shows no names of the one before: %s while they are asked for',
    async (what) => {
      const dana = tenant.sim.agents[0]?.person ?? { id: '', name: '' };
      const { id } = await signedIn(tenant, [dana.id]);
      const worker = await boot();
      const real = fetch;
      let [asking, home] = [() => {}, () => {}];
      const asked = new Promise<void>((resolve) => {
        asking = resolve;
      });
      const gate = new Promise<void>((resolve) => {
        home = resolve;
      });
      vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
        const answer = await real(url, init);
        if (!new URL(url).pathname.endsWith('/api/v2/agents')) return answer;
        asking();
        await gate;
        return answer;
      });
      const polling = worker.send('poll', {});
      await asked;
      if (what === 'signOut') await worker.send('signOut', {});
      else if (what === 'removeConnection') await worker.send('removeConnection', { id }, 'options');
      else await worker.send('saveConnection', { id, draft: { ...EMPTY_DRAFT, name: 'Other', ...elsewhere() } }, 'options');
      home();
      await polling;
      vi.stubGlobal('fetch', real);
      // Nothing in memory that would hide what is on disk.
      await boot();
      const { loadDirectory, namesOf } = await import('../../../src/background/directory.ts');
      expect((await loadDirectory(id)).profiles).toEqual([]);
      expect((await namesOf(id, [dana.id])).size).toBe(0);
      expect(JSON.stringify(await session.get(null))).not.toContain(dana.name);
    },
  );

  it('asks for no names with a token that was looked up before', async () => {
    const dana = tenant.sim.agents[0]?.person ?? { id: '', name: '' };
    const { id } = await signedIn(tenant, [dana.id]);
    const worker = await boot();
    const [{ get: ofSession }, { get: ofLocal }] = [session, local];
    const seq = since(tenant);
    let due = false;
    vi.spyOn(session, 'get').mockImplementation(async (keys) => {
      due ||= keys === `${id}/access` && asked(tenant, seq).some(({ path }) => path.endsWith('/agents/states'));
      return ofSession.call(session, keys);
    });
    let signedOut = false;
    vi.spyOn(local, 'get').mockImplementation(async (keys) => {
      const read = await ofLocal.call(local, keys);
      if (!due || signedOut || keys !== `${id}/auth`) return read;
      signedOut = true;
      await worker.send('signOut', {});
      return read;
    });
    await worker.send('poll', {});
    expect(signedOut).toBe(true);
    vi.restoreAllMocks();
    await boot();
    const { loadDirectory } = await import('../../../src/background/directory.ts');
    expect((await loadDirectory(id)).profiles).toEqual([]);
  });

  it('keeps nothing of where the API of the one before was', async () => {
    const { id } = await person();
    const worker = await boot();
    const { discoveredItem } = await import('../../../src/storage/items.ts');
    await discoveredItem(id).update((found) => ({ ...found, issuer: other.issuer, apiBaseUrl: 'https://api.before.example' }));
    await worker.send('saveConnection', { id, draft: { ...EMPTY_DRAFT, name: 'Other', ...elsewhere() } }, 'options');
    expect((await discoveredItem(id).get()).apiBaseUrl).toBe('');
  });
});
