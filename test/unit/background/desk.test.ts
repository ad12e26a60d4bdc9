import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { everythingStored } from '../storage/fresh.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { arm, atTime } from './support/world.ts';

const MIN = 60_000;
const LISTS = ['/unavailable-codes', '/teams'];
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
const now = () => tenant.log.since(0).at(-1)?.seq ?? 0;
const pathsSince = (seq: number) =>
  tenant.log.since(seq).map(({ path }) => path.replace(/^\/inContactAPI\/services\/v\d+\.0/i, ''));
const asked = (seq: number) => pathsSince(seq).filter((path) => LISTS.includes(path));
const pollLater = async (worker: Worker, ms: number) => {
  atTime(Date.now() + ms);
  await worker.send('poll', {});
};
const desk = (worker: Worker) => worker.send('desk', {}, 'options');
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

/** Signed in for days: what is asked for once a day outlives many tokens. */
async function forDays(): Promise<void> {
  const { id } = await signedIn(tenant, ['Dana Ortiz']);
  const { readAccess, writeAccess } = await import('../../../src/auth/vault.ts');
  const access = await readAccess(id);
  const untilMs = Date.now() + 7 * 24 * 60 * MIN;
  if (access) await writeAccess(id, { ...access, expiresMs: untilMs, renewMs: untilMs });
}

async function watching(): Promise<Worker> {
  await forDays();
  const worker = await boot();
  await worker.send('poll', {});
  return worker;
}

describe('the tenant’s reasons and teams', () => {
  it('are asked for once a day, whatever is polled, and are there in the next life', async () => {
    const seq = now();
    let worker = await watching();
    expect(asked(seq).sort()).toEqual([...LISTS].sort());
    const { reasons, teams, seen } = await desk(worker);
    expect(reasons.find(({ name }) => name === 'Lunch')).toMatchObject({ active: true, acw: false, minutes: 45 });
    expect(reasons.find(({ name }) => name === 'Fire drill')).toMatchObject({ active: false, minutes: null });
    expect(new Set(names(teams))).toEqual(new Set(tenant.sim.agents.map(({ person }) => person.teamName)));
    expect(seen).toContainEqual(expect.objectContaining({ category: 'available' }));
    const before = now();
    await pollLater(worker, 6_000);
    worker = await boot();
    await pollLater(worker, 20 * 60 * MIN);
    expect(names((await desk(worker)).reasons)).toContain('Lunch');
    expect(asked(before)).toEqual([]);
    await pollLater(worker, 5 * 60 * MIN);
    expect(asked(before)).toHaveLength(2);
  });

  it('stand on disk sealed, and nowhere once somebody has signed out', async () => {
    const worker = await watching();
    expect(names((await desk(worker)).reasons)).toContain('Fire drill');
    expect(await everythingStored()).not.toContain('Fire drill');
    await worker.send('signOut', {});
    expect(await desk(worker)).toMatchObject({ reasons: [], teams: [] });
    expect(await desk(await boot())).toMatchObject({ reasons: [], teams: [] });
    expect(JSON.stringify(await fakeBrowser.storage.session.get(null))).not.toContain('Fire drill');
  });

  it('that come after the sign-out are thrown away', async () => {
    await forDays();
    const seq = now();
    arm(tenant, { kind: 'slow', ms: 800, match: '*/teams' });
    const worker = await boot();
    const polling = worker.send('poll', {});
    await eventually(() => expect(pathsSince(seq)).toContain('/teams'));
    await worker.send('signOut', {});
    await polling;
    expect(await desk(worker)).toMatchObject({ reasons: [], teams: [] });
  });

  it('that CXone does not give are asked for again after a quarter of an hour; the other list stands', async () => {
    arm(tenant, { kind: 'status', status: 500, times: 1, match: '*/unavailable-codes' });
    const worker = await watching();
    const { reasons, teams } = await desk(worker);
    expect(reasons).toEqual([]);
    expect(teams.length).toBeGreaterThan(0);
    const seq = now();
    await pollLater(worker, 14 * MIN);
    expect(asked(seq)).toEqual([]);
    await pollLater(worker, 2 * MIN);
    expect(names((await desk(worker)).reasons)).toContain('Lunch');
    expect((await worker.glance()).problem).toBeNull();
  });

  it.each([403, 404])('that answer %i are asked for again the next day', async (status) => {
    for (const path of LISTS) arm(tenant, { kind: 'status', status, match: `*${path}` });
    const worker = await watching();
    const seq = now();
    await pollLater(worker, 23 * 60 * MIN);
    expect(asked(seq)).toEqual([]);
    expect(await desk(worker)).toMatchObject({ reasons: [], teams: [] });
    // They are no problem of the list of agents.
    expect((await worker.glance()).problem).toBeNull();
  });

  it('name the reason of a row that gives the code alone, without another question', async () => {
    const worker = await watching();
    const dana = tenant.sim.find('Dana Ortiz');
    if (dana) tenant.sim.set(dana, { state: 'NOT_READY', subState: 'Lunch' });
    const real = fetch;
    vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
      const answer = await real(input, init);
      if (!String(input).includes('/agents/states')) return answer;
      const text = (await answer.text()).replaceAll('"outStateDescription":"Lunch"', '"outStateDescription":null');
      return new Response(text, answer);
    });
    try {
      const seq = now();
      await pollLater(worker, 6_000);
      expect((await worker.glance()).rows).toMatchObject([{ category: 'unavailable', reason: 'Lunch' }]);
      expect(pathsSince(seq)).toEqual(['/agents/states']);
    } finally {
      vi.stubGlobal('fetch', real);
    }
  });

  it('are nobody’s business but the options’ and the console’s', async () => {
    const worker = await watching();
    await expect(worker.send('desk', {}, 'popup')).rejects.toThrow();
  });
});

describe('an API without such lists', () => {
  it('is asked nothing; what was seen of states is told', async () => {
    const other = await startTenant({ agents: 6, frozen: true });
    try {
      await signedIn(other, []);
      const worker = await boot();
      const [agent] = other.sim.agents;
      if (agent) other.sim.set(agent, { state: 'NOT_READY', subState: 'Lunch' });
      await worker.send('poll', {});
      const { reasons, teams, seen } = await desk(worker);
      expect([reasons, teams]).toEqual([[], []]);
      expect(seen.map(({ reason }) => reason)).toContain('Lunch');
      expect(other.log.since(0).filter(({ path }) => /teams|codes|performance/.test(path))).toEqual([]);
      expect(await worker.send('figures', { agentId: 'a' }, 'console')).toMatchObject({ supported: false, figures: null });
    } finally {
      await other.close();
    }
  });
});

describe('figures of the week', () => {
  const figures = (worker: Worker, index: number) =>
    worker.send('figures', { agentId: tenant.sim.agents[index]?.person.id ?? '' }, 'console');

  it('are asked for of everybody at once, when a page wants to know, and shared for a quarter of an hour', async () => {
    const worker = await watching();
    const seq = now();
    const performance = () => pathsSince(seq).filter((path) => path.endsWith('/performance'));
    expect(performance()).toEqual([]);
    const [one, other] = await Promise.all([figures(worker, 0), figures(worker, 1)]);
    expect(one).toMatchObject({ supported: true, problem: null, figures: { occupancy: expect.any(Number) } });
    expect(other.figures?.loginMs).toBeGreaterThan(0);
    atTime(Date.now() + 14 * MIN);
    expect(await figures(worker, 0)).toEqual(one);
    expect(performance()).toEqual(['/agents/performance']);
    const { query } = tenant.log.since(seq).find(({ path }) => path.endsWith('/performance')) ?? {
      query: {} as Record<string, unknown>,
    };
    expect(Date.parse(String(query.endDate)) - Date.parse(String(query.startDate))).toBeGreaterThanOrEqual(7 * 24 * 60 * MIN);
    atTime(Date.now() + 2 * MIN);
    await figures(worker, 0);
    expect(performance()).toHaveLength(2);
  });

  it('say why there are none, and are asked for again soon', async () => {
    const worker = await watching();
    arm(tenant, { kind: 'status', status: 500, times: 1, match: '*/agents/performance' });
    expect(await figures(worker, 0)).toEqual({ supported: true, figures: null, atMs: 0, problem: 'serverError' });
    atTime(Date.now() + 31_000);
    expect(await figures(worker, 0)).toMatchObject({ problem: null, figures: { handled: expect.any(Number) } });
  });

  it('are nobody’s business but the console’s', async () => {
    const worker = await watching();
    await expect(worker.send('figures', { agentId: 'a' }, 'options')).rejects.toThrow();
  });
});
