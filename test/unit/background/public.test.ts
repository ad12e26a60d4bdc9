import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { boot, ownToken, signedIn, type Worker } from './support/boot.ts';
import { arm, atTime } from './support/world.ts';

const { managed } = fakeBrowser.storage;
const DANA = 'Dana Ortiz';
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ profile: 'public', agents: 12, frozen: true, accessTokenSeconds: 10_000_000 });
});
afterAll(() => tenant.close());
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
  for (const agent of tenant.sim.agents) tenant.sim.release(agent);
});
const idOf = (name: string) => tenant.sim.find(name)?.person.id ?? name;
const now = () => tenant.log.since(0).at(-1)?.seq ?? 0;
const asked = (sinceSeq: number) => tenant.log.since(sinceSeq).map(({ path }) => path.replace(/^\/inContactAPI\/services/i, ''));
const pollLater = async (worker: Worker, ms: number) => {
  atTime(Date.now() + ms);
  await worker.send('poll', {});
};

describe('a tenant of the documented API, of which only issuer and client are known', () => {
  it('is found with the token’s tenant id, once, and its states are read', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    const seq = now();
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toBeNull();
    expect((await worker.glance()).rows).toMatchObject([{ agentId: idOf(DANA), name: DANA, flag: null }]);
    expect(asked(seq).filter((path) => path.includes('well-known'))).toEqual(['/.well-known/cxone-configuration']);
    await pollLater(worker, 6_000);
    expect(asked(seq).filter((path) => path.includes('well-known'))).toHaveLength(1);
  });

  it('is asked for what has changed, and an empty answer changes nothing', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    const before = await worker.glance();
    await pollLater(worker, 6_000);
    expect(tenant.log.since(0).findLast(({ path }) => path.endsWith('/agents/states'))?.query.updatedSince).toMatch(/Z$/);
    expect(await worker.glance()).toEqual(before);
    expect((await worker.view('view.heartbeat'))?.outcome).toBe('unchanged');
    const dana = tenant.sim.find(DANA);
    if (dana) tenant.sim.set(dana, { state: 'NOT_READY', subState: 'Lunch' });
    await pollLater(worker, 6_000);
    expect((await worker.glance()).rows).toMatchObject([{ category: 'unavailable', reason: 'Lunch' }]);
    expect((await worker.glance()).total).toBe(before.total);
  });

  it('needs leave to reach the host that was found, and says which', async () => {
    await signedIn(tenant, [DANA]);
    fake.granted.delete(`${tenant.apiBaseUrl}/*`);
    const worker = await boot();
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toMatchObject({ code: 'hostAccessMissing', params: [tenant.apiBaseUrl] });
  });

  it('that cannot be found is said, with the likely mistake', async () => {
    await signedIn(tenant, [DANA]);
    const { authStatusItem, connectionsItem } = await import('../../../src/storage/items.ts');
    const { activeId } = await connectionsItem.get();
    await authStatusItem(activeId ?? '').update((status) => ({ ...status, tenantId: 'somebody-else' }));
    const worker = await boot();
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toMatchObject({ code: 'apiNotFound', params: ['unknownTenant', expect.any(String)] });
  });

  it('that has an older version only is found once, and remembered by the next worker', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'oldVersionsOnly' });
    let worker = await boot();
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toBeNull();
    worker = await boot();
    const seq = now();
    await pollLater(worker, 6_000);
    expect(asked(seq).some((path) => path.startsWith('/v34.0'))).toBe(false);
  });

  const HOUR = 3_600_000;
  const prefix = (version: string) => `/inContactAPI/services/${version}`;
  const versionsAsked = (sinceSeq: number) => [
    ...new Set(asked(sinceSeq).flatMap((path) => /^\/(v[\d.]+)\//.exec(path)?.[1] ?? [])),
  ];
  const versionInUse = async () => {
    const { loadConfig } = await import('../../../src/background/config.ts');
    return (await loadConfig())?.connection.apiPrefix;
  };

  it('has the version a person or the organisation chooses, whatever was found in place of the one before', async () => {
    const { id, ...draft } = await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'oldVersionsOnly', versions: ['v30.0', 'v28.0'] });
    const worker = await boot();
    await worker.send('poll', {});
    await eventually(async () => expect(await versionInUse()).toBe(prefix('v30.0')));
    await worker.send('saveConnection', { id, draft: { ...draft, apiPrefix: prefix('v28.0') } }, 'options');
    let seq = now();
    await pollLater(worker, 6_000);
    expect(versionsAsked(seq)).toEqual(['v28.0']);
    managed.put({ apiPrefix: prefix('v30.0') });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    seq = now();
    await pollLater(worker, 6_000);
    expect(versionsAsked(seq)).toEqual(['v30.0']);
    expect((await worker.glance()).problem).toBeNull();
  });

  it.each(['found', 'typed'])('that gains the version it did not have gets it within a day, its address %s', async (address) => {
    const { id } = await signedIn(tenant, [DANA]);
    if (address === 'typed') {
      const { connectionsItem } = await import('../../../src/storage/items.ts');
      const { apiBaseUrl } = tenant;
      await connectionsItem.update((all) => ({ ...all, list: all.list.map((own) => ({ ...own, apiBaseUrl })) }));
      await ownToken(id);
    }
    arm(tenant, { kind: 'oldVersionsOnly', versions: ['v30.0', 'v28.0'] });
    let worker = await boot();
    await worker.send('poll', {});
    await eventually(async () => expect(await versionInUse()).toBe(prefix('v30.0')));
    tenant.faults.clear();
    await ownToken(id, 30 * HOUR);
    worker = await boot();
    let seq = now();
    await pollLater(worker, 6_000);
    expect(versionsAsked(seq)).toEqual(['v30.0']);
    seq = now();
    await pollLater(worker, 25 * HOUR);
    expect(versionsAsked(seq)).toEqual(['v34.0']);
    expect((await worker.glance()).problem).toBeNull();
  });

  it('has the rules for our own requests at the host that is found, at once', async () => {
    await signedIn(tenant, [DANA]);
    const api = tenant.apiBaseUrl.replace('127.0.0.1', 'localhost');
    fake.granted.add(`${api}/*`);
    const real = fetch;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const answer = await real(url.replace(api, tenant.apiBaseUrl), init);
      if (!url.includes('cxone-configuration')) return answer;
      return new Response(JSON.stringify({ ...((await answer.json()) as object), api_endpoint: api }));
    });
    const worker = await boot();
    await worker.send('publish', {});
    const hosts = () => fake.sessionRules.map(({ condition }) => (condition as { requestDomains: string[] }).requestDomains);
    expect(hosts()).toEqual([['127.0.0.1']]);
    await worker.send('poll', {});
    vi.stubGlobal('fetch', real);
    expect((await worker.glance()).problem).toBeNull();
    expect(hosts()).toEqual([['127.0.0.1', 'localhost']]);
  });

  it('is refused when the token is of another tenant than the one that is set, before anything is looked up', async () => {
    const { id } = await signedIn(tenant, [DANA]);
    const { connectionsItem, authStatusItem } = await import('../../../src/storage/items.ts');
    await connectionsItem.update((all) => ({ ...all, list: all.list.map((own) => ({ ...own, tenantId: 'somebody-else' })) }));
    await ownToken(id);
    const worker = await boot();
    const seq = now();
    await worker.send('poll', {});
    expect(asked(seq)).toEqual([]);
    expect(await authStatusItem(id).get()).toMatchObject({ phase: 'needsSignIn', failure: 'wrongTenant' });
    expect((await worker.glance()).problem?.code).toBe('needsSignIn');
    await worker.send('testConnection', {}, 'options');
    const lines = await eventually(async () => {
      const run = await worker.view('view.test');
      if (run?.running !== false) throw new Error('not yet');
      return run.lines;
    });
    expect(lines.find(({ step }) => step === 'signIn')).toMatchObject({ result: 'failed', key: 'test_signInFailed' });
  });

  it('with its tenant id set, in any case of letters, is the same', async () => {
    const { id } = await signedIn(tenant, [DANA]);
    const { connectionsItem } = await import('../../../src/storage/items.ts');
    const tenantId = (tenant.tenantId ?? '').toUpperCase();
    await connectionsItem.update((all) => ({ ...all, list: all.list.map((own) => ({ ...own, tenantId })) }));
    await ownToken(id);
    const worker = await boot();
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toBeNull();
  });

  it('tells apart "nothing changed" and "nobody to be seen" in a diagnosis', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const run = await eventually(async () => {
      const found = await worker.view('view.diagnosis');
      if (found?.status !== 'done') throw new Error('not yet');
      return found;
    });
    expect(run.agents[0]?.states.at(-1)).toMatchObject({ ok: true, row: { stateGiven: true } });
  });
});
