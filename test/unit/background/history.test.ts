import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryLoad } from '../../../src/domain/history/history.ts';
import type { StateCode } from '../../tenant/simulation.ts';
import { CALLED } from '../../tenant/state-words.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { control, scripted } from '../tenant/client.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { signInWindow } from './support/sign-in-window.ts';
import { arm, atTime } from './support/world.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const DANA = 'Dana Ortiz';
const RAVI = 'Ravi Menon';
const WITH_REPORTING = ['view:agent', 'view:interaction', 'reporting'];
const PATH = '/api/reporting/v2/agent-state-history';
let tenant: Tenant;
/** The range asked about: the 24 hours up to the moment the tenant stands still. */
let range: { fromMs: number; toMs: number };

beforeAll(async () => {
  tenant = await startTenant({ agents: 12, frozen: true, accessTokenSeconds: 10_000_000 });
});
afterAll(() => tenant.close());
beforeEach(async () => {
  // At work since now: all of the past lies within a day.
  const startDate = new Date(Date.now() - 5000).toISOString();
  for (const name of [DANA, RAVI])
    await control(tenant, 'POST', `/agents/${encodeURIComponent(name)}`, { state: 'READY', startDate });
  await plant({ agent: DANA, records: 2500, seed: 7 });
  await plant({ agent: RAVI, records: 120, seed: 8 });
  const toMs = Math.floor(Date.now() / 1000) * 1000;
  range = { fromMs: toMs - 24 * HOUR, toMs };
});
afterEach(async () => {
  vi.useRealTimers();
  tenant.faults.clear();
  await control(tenant, 'POST', '/history', { paging: 'numbers' });
});

async function plant(past: Record<string, unknown>): Promise<void> {
  const answer = await control(tenant, 'POST', '/history', { hours: 20, ...past });
  expect(answer.error_description).toBeUndefined();
}
const idOf = (name: string) => tenant.sim.find(name)?.person.id ?? name;
const now = () => tenant.log.since(0).at(-1)?.seq ?? 0;
/** The pages that were asked for since: whose, and which. */
const pagesAsked = (sinceSeq: number) =>
  tenant.log
    .since(sinceSeq)
    .filter(({ path }) => path === PATH)
    .map(({ query }) => `${query.agentId === idOf(DANA) ? 'dana' : 'ravi'} ${query.pageNumber ?? 'token'}`);
const question = (...names: string[]) => ({ agentIds: names.map(idOf), ...range });
const until = (worker: Worker, holds: (load: HistoryLoad) => boolean) =>
  eventually(async () => {
    const load = await worker.view('view.history');
    if (!load || !holds(load)) throw new Error(JSON.stringify(load)?.slice(0, 500));
    return load;
  }, 10);
const over = ({ status }: HistoryLoad) => status !== 'running';

/** Signed in with the capability on, as an earlier life of the worker left it. */
async function ready(capability = true, scopes = WITH_REPORTING): Promise<{ worker: Worker; id: string }> {
  const connection = await signedIn(tenant, [DANA], await scripted(tenant, scopes));
  const { connectionsItem, authStatusItem } = await import('../../../src/storage/items.ts');
  const capabilities = capability ? (['watch', 'history'] as const) : (['watch'] as const);
  await connectionsItem.update((all) => ({
    ...all,
    list: all.list.map((each) => ({ ...each, capabilities: [...capabilities] })),
  }));
  await authStatusItem(connection.id).update((status) => ({ ...status, grantedScopes: scopes, effectiveScopes: scopes }));
  return { worker: await boot(), id: connection.id };
}

/** The sign-in window, with a person in it who answers so. @returns the pages that were opened */
const windowOf = (answer: 'allow' | 'deny') => signInWindow(tenant, 'demo', answer);

/** Stops the worker for good at this step, as a kill would, and waits until it is there. */
async function killAt(step: string): Promise<() => Promise<void>> {
  await fakeBrowser.storage.session.set({ chaosStep: step });
  return () =>
    eventually(async () => {
      const { chaosReached } = await fakeBrowser.storage.session.get('chaosReached');
      if (chaosReached !== step) throw new Error('not there yet');
      await fakeBrowser.storage.session.remove('chaosReached');
    }, 10);
}

/** What really happened, by a way of its own: ms in each state, from when to when the records tell. */
async function truth(name: string): Promise<{ states: string[]; ready: number; notReady: number }> {
  const stretches = (await control(tenant, 'GET', `/history?agent=${encodeURIComponent(name)}`)) as unknown as {
    state: StateCode;
    sinceMs: number;
    untilMs?: number;
  }[];
  const sum = (wanted: string) =>
    stretches.reduce((ms, { state, sinceMs, untilMs }) => ms + (state === wanted && untilMs ? untilMs - sinceMs : 0), 0);
  return { states: stretches.map(({ state }) => CALLED[state]), ready: sum('READY'), notReady: sum('NOT_READY') };
}

describe('a load of history', () => {
  it.each(['numbers', 'token'])('comes complete and in order, page by page (%s)', async (paging) => {
    await control(tenant, 'POST', '/history', { paging });
    const { worker } = await ready();
    const seq = now();
    const { loadId } = await worker.send('loadHistory', question(DANA, RAVI), 'console');
    const load = await until(worker, over);
    expect(load).toMatchObject({ id: loadId, status: 'done', agentIds: [idOf(DANA), idOf(RAVI)] });
    expect(load.agents).toMatchObject([
      { status: 'done', pages: 3, records: 2500, badRows: 0, problem: null },
      { status: 'done', pages: 1, records: 120 },
    ]);
    const asked =
      paging === 'numbers' ? ['dana 1', 'dana 2', 'dana 3', 'ravi 1'] : ['dana 1', 'dana token', 'dana token', 'ravi 1'];
    expect(pagesAsked(seq)).toEqual(asked);
    const { agents } = await worker.send('history', question(DANA, RAVI), 'console');
    const [dana] = agents;
    const records = dana?.records ?? [];
    const real = await truth(DANA);
    expect(records.map(({ stateName }) => stateName)).toEqual(real.states);
    expect(records.every(({ atMs }, i) => i === 0 || atMs >= (records[i - 1]?.atMs ?? 0))).toBe(true);
    // Seed 001: `duration` is that of the state before.
    const spent = (state: string) =>
      records.reduce((ms, { beforeMs }, i) => ms + (records[i - 1]?.stateName === state ? (beforeMs ?? 0) : 0), 0);
    expect([spent('Ready'), spent('Not ready')]).toEqual([real.ready, real.notReady]);
    expect(dana).toMatchObject({ loadedMs: range, problem: null });
  });

  it('asks as the reporting API wants to be asked', async () => {
    const { worker } = await ready();
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'popup');
    await until(worker, over);
    const entry = tenant.log.since(seq).find(({ path }) => path === PATH);
    expect(entry?.query).toEqual({
      startTime: new Date(range.fromMs).toISOString().replace('.000', ''),
      endTime: new Date(range.toMs).toISOString().replace('.000', ''),
      agentId: idOf(RAVI),
      interval: 'MINUTE',
      pageSize: '1000',
      pageNumber: '1',
    });
  });

  it('puts right what the tenant tells twice or out of order, and names what cannot be read', async () => {
    const irregularities = ['duplicates', 'outOfOrder', 'overlappingPages', 'badRows', 'newestFirst', 'missingDuration'];
    await plant({ agent: DANA, records: 2500, seed: 7, irregularities });
    const { worker } = await ready();
    await worker.send('loadHistory', question(DANA), 'console');
    const load = await until(worker, over);
    expect(load.agents).toMatchObject([{ status: 'done', records: 2500, problem: null }]);
    expect(load.agents[0]?.badRows).toBeGreaterThanOrEqual(25);
    expect(load.agents[0]?.badFields).toEqual(expect.arrayContaining(['row', 'timestamp']));
    const { agents } = await worker.send('history', question(DANA), 'console');
    expect(agents[0]?.records?.map(({ stateName }) => stateName)).toEqual((await truth(DANA)).states);
  });

  it('goes on after the worker was killed between pages, and no page is asked for twice', async () => {
    await ready();
    let worker = await boot();
    const seq = now();
    const reached = await killAt('history:kept');
    const { loadId } = await worker.send('loadHistory', question(DANA, RAVI), 'console');
    await reached();
    expect(pagesAsked(seq)).toEqual(['dana 1']);
    worker = await boot();
    const load = await until(worker, over);
    expect(load).toMatchObject({ id: loadId, status: 'done' });
    expect(load.agents.map(({ records }) => records)).toEqual([2500, 120]);
    expect(pagesAsked(seq)).toEqual(['dana 1', 'dana 2', 'dana 3', 'ravi 1']);
  });

  it('goes on after the browser was restarted; long after, it is called interrupted and goes on when asked', async () => {
    for (const later of [5 * MINUTE, 30 * MINUTE]) {
      await ready();
      let worker = await boot();
      // The first of two is there, and the second begun.
      arm(tenant, { kind: 'slow', ms: 800, match: PATH });
      await worker.send('loadHistory', question(RAVI, DANA), 'console');
      await until(worker, ({ agents }) => agents[0]?.status === 'done');
      const reached = await killAt('history:kept');
      await reached();
      tenant.faults.clear();
      fakeBrowser.storage.session.remove('view.history');
      const seq = now();
      atTime(Date.now() + later);
      worker = await boot();
      const load = await until(worker, over);
      if (later === 30 * MINUTE) {
        expect(load.status).toBe('interrupted');
        expect(pagesAsked(seq)).toEqual([]);
        await worker.send('loadHistory', question(DANA, RAVI), 'console');
      }
      expect((await until(worker, ({ status }) => status === 'done')).agents).toContainEqual(
        expect.objectContaining({ agentId: idOf(DANA), pages: 3, records: 2500 }),
      );
      expect(pagesAsked(seq)).toEqual(['dana 2', 'dana 3']);
      await worker.send('forgetHistory', {}, 'console');
      vi.useRealTimers();
      await fakeBrowser.storage.local.clear();
    }
  });

  it('is joined by the same question and ended by another', async () => {
    const { worker } = await ready();
    const seq = now();
    arm(tenant, { kind: 'slow', ms: 800, match: PATH });
    const first = await worker.send('loadHistory', question(DANA, RAVI), 'console');
    // The second page is on its way.
    await eventually(() => expect(pagesAsked(seq)).toEqual(['dana 1', 'dana 2']), 5);
    expect(await worker.send('loadHistory', question(RAVI, DANA), 'console')).toEqual(first);
    const second = await worker.send('loadHistory', question(RAVI), 'console');
    expect(second).not.toEqual(first);
    expect(await until(worker, over)).toMatchObject({ id: second.loadId, status: 'done', agentIds: [idOf(RAVI)] });
    // One request at a time, whoever asks.
    const times = tenant.log.since(seq).filter(({ path }) => path === PATH);
    for (const [i, { at }] of times.entries()) {
      const before = times[i - 1];
      if (before) expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(before.at) + (before.ms ?? 1e9) - 20);
    }
    // What was on its way when it ended is kept.
    expect(pagesAsked(seq)).toEqual(['dana 1', 'dana 2', 'ravi 1']);
    await worker.send('loadHistory', question(DANA), 'console');
    await until(worker, ({ id, status }) => id !== second.loadId && status === 'done');
    expect(pagesAsked(seq)).toEqual(['dana 1', 'dana 2', 'ravi 1', 'dana 3']);
  });

  it('is cancelled at once; the same question goes on from there', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'slow', ms: 800, match: PATH });
    const seq = now();
    await worker.send('loadHistory', question(DANA), 'console');
    await until(worker, ({ agents }) => agents[0]?.pages === 1);
    await worker.send('cancelHistory', {}, 'console');
    expect(await worker.view('view.history')).toMatchObject({ status: 'cancelled' });
    const { agents } = await worker.send('history', question(DANA), 'console');
    expect(agents[0]?.records?.length).toBeGreaterThanOrEqual(1000);
    expect(agents[0]?.loadedMs?.toMs).toBeLessThan(range.toMs - HOUR);
    await worker.send('loadHistory', question(DANA), 'console');
    expect((await until(worker, over)).agents).toMatchObject([{ status: 'done', records: 2500 }]);
    expect(pagesAsked(seq)).toEqual(['dana 1', 'dana 2', 'dana 3']);
  });

  it('is not asked for again at once, and what has been added since is', async () => {
    const { worker } = await ready();
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    const seq = now();
    const again = await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, ({ id, status }) => id === again.loadId && status === 'done');
    expect(pagesAsked(seq)).toEqual([]);
    atTime(Date.now() + 90_000);
    const later = await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, ({ id, status }) => id === later.loadId && status === 'done');
    expect(pagesAsked(seq)).toEqual(['ravi 1']);
  });
});

describe('a tenant that does not answer with history', () => {
  it('that takes long to stumble is asked once more, and meanwhile the load is seen to be alive', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'slow', ms: 800, match: PATH });
    arm(tenant, { kind: 'status', status: 503, match: PATH, times: 1 });
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'console');
    await eventually(() => expect(pagesAsked(seq)).toHaveLength(1));
    // A page calls a load that has said nothing for a minute interrupted: the two tries together may take longer.
    const laterMs = Date.now() + 50_000;
    atTime(laterMs);
    await eventually(() => expect(pagesAsked(seq)).toHaveLength(2));
    const going = await worker.view('view.history');
    expect(going?.status).toBe('running');
    expect(going?.updatedMs).toBeGreaterThanOrEqual(laterMs);
    expect((await until(worker, over)).agents).toMatchObject([{ status: 'done', records: 120 }]);
  });

  it('"not so fast" is waited for by an alarm, also by the next worker', async () => {
    const { id } = await ready();
    let worker = await boot();
    arm(tenant, { kind: 'status', status: 429, retryAfter: 90, match: PATH, times: 1 });
    const seq = now();
    const { loadId } = await worker.send('loadHistory', question(RAVI), 'console');
    const waiting = await until(worker, over);
    expect(waiting).toMatchObject({ id: loadId, status: 'waiting', agents: [{ status: 'waiting', problem: null }] });
    expect(waiting.notBeforeMs).toBeGreaterThan(Date.now() + MINUTE);
    expect(fake.alarms.get('history')?.scheduledTime).toBe(waiting.notBeforeMs);
    // The same question has no other answer.
    expect(await worker.send('loadHistory', question(RAVI), 'console')).toEqual({ loadId });
    worker = await boot();
    await worker.send('publish', {});
    expect(pagesAsked(seq)).toEqual(['ravi 1']);
    atTime(waiting.notBeforeMs + 1000);
    await fakeBrowser.alarms.onAlarm.trigger({ name: 'history', scheduledTime: Date.now() });
    expect((await until(worker, ({ status }) => status === 'done')).id).toBe(loadId);
    expect(pagesAsked(seq)).toEqual(['ravi 1', 'ravi 1']);
    // Watching goes on meanwhile.
    const { loadKnown } = await import('../../../src/storage/poll-store.ts');
    expect((await loadKnown(id)).state.notBeforeMs).toBe(0);
  });

  it('a server that says when it will be back is waited for, and one that says "at once" each time is not pestered', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'status', status: 503, retryAfter: 120, match: PATH, times: 1 });
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'console');
    expect((await until(worker, over)).status).toBe('waiting');
    await worker.send('cancelHistory', {}, 'console');
    arm(tenant, { kind: 'status', status: 429, retryAfter: 0, match: PATH });
    await worker.send('loadHistory', question(RAVI), 'console');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(pagesAsked(seq).length).toBeLessThanOrEqual(4);
    await worker.send('cancelHistory', {}, 'console');
  });

  it('said to the poll, it is said to history', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'status', status: 429, retryAfter: 60, match: '/api/v2/agents/states', times: 1 });
    await worker.send('poll', {});
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'console');
    expect((await until(worker, over)).status).toBe('waiting');
    expect(pagesAsked(seq)).toEqual([]);
    await worker.send('cancelHistory', {}, 'console');
    expect(await worker.view('view.history')).toMatchObject({ status: 'cancelled' });
    expect(fake.alarms.has('history')).toBe(false);
  });

  it('waits while a poll runs', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'slow', ms: 800, match: '/api/v2/agents/states' });
    const seq = now();
    const poll = worker.send('poll', {});
    await eventually(() => expect(tenant.log.since(seq).length).toBeGreaterThan(0));
    await worker.send('loadHistory', question(RAVI), 'console');
    await poll;
    await until(worker, over);
    const paths = tenant.log.since(seq).map(({ path }) => path);
    expect(paths.indexOf(PATH)).toBeGreaterThan(paths.indexOf('/api/v2/agents/states'));
    const entries = tenant.log.since(seq);
    const list = entries.find(({ path }) => path === '/api/v2/agents/states');
    const page = entries.find(({ path }) => path === PATH);
    expect(Date.parse(page?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(list?.at ?? '') + (list?.ms ?? 0) - 20);
  });

  it('has its token renewed once when it says 401, and is asked the same again', async () => {
    windowOf('allow');
    const { worker, id } = await ready();
    await worker.send('signIn', {});
    await eventually(async () => expect((await worker.view('view.auth'))?.ledger).toHaveLength(1));
    arm(tenant, { kind: 'status', status: 401, match: PATH, times: 1 });
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'console');
    expect((await until(worker, over)).agents).toMatchObject([{ status: 'done', records: 120 }]);
    expect(pagesAsked(seq)).toEqual(['ravi 1', 'ravi 1']);
    const { authStatusItem } = await import('../../../src/storage/items.ts');
    expect((await authStatusItem(id).get()).ledger).toHaveLength(2);
  });

  it('that goes on saying 401 wants a new sign-in, and nobody else is asked about', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'status', status: 401, match: PATH });
    const seq = now();
    await worker.send('loadHistory', question(DANA, RAVI), 'console');
    const load = await until(worker, over);
    expect(load.agents.map(({ problem }) => problem)).toEqual(['signInNeeded', 'signInNeeded']);
    expect(pagesAsked(seq).length).toBeLessThanOrEqual(2);
  });

  it.each([
    [403, 'scopeMissing', 'The scope reporting is missing.', 1],
    [403, 'forbidden', 'Security permissions prevent access.', 3],
    [404, 'noData', 'No data.', 4],
    [422, 'badRange', 'startTime must be earlier than endTime.', 1],
    [422, 'badRange', 'There is no data of this agent for this date.', 1],
    [422, 'badAgent', 'agentId must be a valid UUID.', 4],
    [500, 'serverError', 'Oops.', 6],
  ])('%i is %s, said in its words; others are asked about as far as it makes sense', async (status, problem, text, requests) => {
    const { worker } = await ready();
    arm(tenant, { kind: 'status', status, text, match: PATH });
    const seq = now();
    const names = [DANA, RAVI, 'Mei Tanaka', 'Omar Haddad'].map(
      (name, i) => tenant.sim.find(name)?.person.name ?? tenant.sim.agents[i + 4]?.person.name ?? name,
    );
    await worker.send('loadHistory', question(...names), 'console');
    const load = await until(worker, over);
    expect(load.status).toBe('done');
    expect(load.agents.map((agent) => agent.problem)).toEqual(names.map(() => problem));
    expect(load.agents[0]).toMatchObject({ status: problem === 'noData' ? 'done' : 'failed' });
    if (problem !== 'noData') expect(load.agents[0]?.detail).toBe(text);
    expect(tenant.log.since(seq).filter(({ path }) => path === PATH)).toHaveLength(requests);
    const { agents } = await worker.send('history', question(DANA), 'console');
    expect(agents[0]).toMatchObject({ problem, records: problem === 'noData' ? [] : null });
  });

  it('is not asked about time that has not been, nor about a range that is none', async () => {
    const { worker } = await ready();
    const seq = now();
    await worker.send('loadHistory', { ...question(RAVI), toMs: range.toMs + 10 * HOUR }, 'console');
    await until(worker, over);
    const asked = tenant.log.since(seq).find(({ path }) => path === PATH)?.query.endTime ?? '';
    expect(Date.parse(asked)).toBeLessThanOrEqual(Date.now() + 1000);
    await worker.send('loadHistory', { ...question(RAVI), toMs: range.fromMs }, 'console');
    expect((await until(worker, ({ toMs, status }) => toMs === range.fromMs && status === 'done')).agents[0]?.problem).toBe(
      'badRange',
    );
    expect(pagesAsked(seq)).toHaveLength(1);
  });
});

describe('the capability', () => {
  it('off means that nobody is asked; one click asks for the scope, and what waited is loaded', async () => {
    const opened = windowOf('allow');
    const { worker, id } = await ready(false, ['view:agent', 'view:interaction']);
    const seq = now();
    await worker.send('loadHistory', question(RAVI), 'console');
    expect((await until(worker, over)).agents).toMatchObject([{ status: 'failed', problem: 'capabilityOff' }]);
    expect((await worker.send('history', question(RAVI), 'console')).agents).toMatchObject([
      { records: null, problem: 'capabilityOff' },
    ]);
    expect(pagesAsked(seq)).toEqual([]);
    await worker.send('useCapability', { capability: 'history', on: true }, 'console');
    expect((await until(worker, (load) => over(load) && load.agents[0]?.records === 120)).status).toBe('done');
    expect(opened[0]?.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining(WITH_REPORTING));
    const { connectionsItem, authStatusItem } = await import('../../../src/storage/items.ts');
    expect((await connectionsItem.get()).list[0]?.capabilities).toEqual(['watch', 'history']);
    expect(await authStatusItem(id).get()).toMatchObject({ phase: 'signedIn', missingScopes: [] });
    expect((await worker.send('history', question(RAVI), 'console')).agents[0]?.problem).toBeNull();
    // Off again: nothing of it is left.
    await worker.send('useCapability', { capability: 'history', on: false }, 'console');
    expect((await connectionsItem.get()).list[0]?.capabilities).toEqual(['watch']);
    expect((await worker.send('history', question(RAVI), 'console')).agents).toMatchObject([
      { records: null, problem: 'capabilityOff' },
    ]);
  });

  it('a window that is closed changes nothing, and the watching goes on', async () => {
    windowOf('allow');
    const { worker, id } = await ready(false, ['view:agent', 'view:interaction']);
    await worker.send('signIn', {});
    await eventually(async () => expect((await worker.view('view.auth'))?.ledger).toHaveLength(1));
    windowOf('deny');
    await worker.send('useCapability', { capability: 'history', on: true }, 'console');
    const { connectionsItem, authStatusItem } = await import('../../../src/storage/items.ts');
    await eventually(async () => expect((await authStatusItem(id).get()).failure).not.toBeNull());
    expect((await connectionsItem.get()).list[0]?.capabilities).toEqual(['watch']);
    expect(await authStatusItem(id).get()).toMatchObject({ missingScopes: [] });
    const { auth } = await import('../../../src/background/credentials.ts');
    const [connection] = (await connectionsItem.get()).list;
    expect(connection && (await auth.accessToken(connection)).ok).toBe(true);
  });

  it('without its scope says so; the watching goes on', async () => {
    const { worker } = await ready(true, ['view:agent', 'view:interaction']);
    await worker.send('loadHistory', question(DANA, RAVI), 'console');
    const load = await until(worker, over);
    expect(load.agents.map(({ problem }) => problem)).toEqual(['scopeMissing', 'scopeMissing']);
    expect(load.agents[0]?.detail).toContain('reporting');
    expect(await worker.send('poll', {})).toEqual({ asked: true });
    expect((await worker.glance()).problem).toBeNull();
  });

  it('on, but not given by the tenant: the watching goes on', async () => {
    windowOf('allow');
    arm(tenant, { kind: 'scopeDroppedAtSignIn', scopes: ['reporting'] });
    const { worker, id } = await ready(false, ['view:agent', 'view:interaction']);
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    await worker.send('useCapability', { capability: 'history', on: true }, 'console');
    await until(worker, (load) => over(load) && load.agents[0]?.problem === 'scopeMissing');
    const { authStatusItem } = await import('../../../src/storage/items.ts');
    expect(await authStatusItem(id).get()).toMatchObject({ phase: 'signedIn', missingScopes: [], failure: null });
    expect((await authStatusItem(id).get()).effectiveScopes).not.toContain('reporting');
    const { auth } = await import('../../../src/background/credentials.ts');
    const { loadConfig } = await import('../../../src/background/config.ts');
    const config = await loadConfig();
    expect(config && (await auth.accessToken(config.connection)).ok).toBe(true);
  });

  it('lost in a renewal is not the watching’s loss', async () => {
    windowOf('allow');
    const { worker, id } = await ready();
    await worker.send('signIn', {});
    await eventually(async () => expect((await worker.view('view.auth'))?.ledger).toHaveLength(1));
    arm(tenant, { kind: 'scopeDroppedOnRefresh', scopes: ['reporting'] });
    arm(tenant, { kind: 'status', status: 401, match: '/api/v2/agents/states', times: 1 });
    atTime(Date.now() + 10_000);
    expect(await worker.send('poll', {})).toEqual({ asked: true });
    const { authStatusItem } = await import('../../../src/storage/items.ts');
    const { phase, effectiveScopes, ledger } = await authStatusItem(id).get();
    expect([phase, effectiveScopes.includes('reporting')]).toEqual(['signedIn', false]);
    // It is written down all the same.
    expect(ledger.at(-1)?.lost).toEqual(['reporting']);
    expect((await worker.glance()).problem).toBeNull();
  });

  it('where the token has the scope already, no window opens', async () => {
    const { worker } = await ready(false);
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    await worker.send('useCapability', { capability: 'history', on: true }, 'popup');
    expect((await until(worker, (load) => over(load) && load.agents[0]?.records === 120)).status).toBe('done');
  });

  it('is the organisation’s to decide where policy names it', async () => {
    const { worker } = await ready(false);
    const { policyItem } = await import('../../../src/storage/items.ts');
    await policyItem.update(() => ({ capabilities: ['watch'] }));
    await expect(worker.send('useCapability', { capability: 'history', on: true }, 'console')).rejects.toThrow(/organisation/);
  });
});

describe('our own record', () => {
  it('is told beside the tenant’s, with the last thing before the range, and is erased on demand', async () => {
    const { worker, id } = await ready(false);
    const { commitPoll, loadKnown } = await import('../../../src/storage/poll-store.ts');
    const known = await loadKnown(id);
    const kind = (stateName: string) => ({ category: 'available' as const, stateName, reason: '', skill: '' });
    for (const [hour, name] of [
      [-30, 'a'],
      [-26, 'b'],
      [-3, 'c'],
      [-1, 'd'],
    ] as const)
      await commitPoll(id, {
        known,
        before: known,
        transitions: [
          { agentId: idOf(DANA), from: null, to: kind(name), atMs: range.toMs + hour * HOUR, gap: false },
          { agentId: 'somebody else', from: null, to: kind('x'), atMs: range.toMs + hour * HOUR, gap: false },
        ],
        alerts: [],
      });
    const { agents, skewMs } = await worker.send('history', question(DANA, RAVI), 'console');
    expect(skewMs).toBe(0);
    expect(agents.map(({ seen }) => seen.map(({ to }) => to.stateName))).toEqual([['b', 'c', 'd'], []]);
    await worker.send('forgetHistory', {}, 'console');
    expect((await worker.send('history', question(DANA), 'console')).agents[0]?.seen).toEqual([]);
    expect((await worker.send('agent', { agentId: idOf(DANA) })).transitions).toEqual([]);
  });
});

describe('what is kept of the tenant', () => {
  const rows = async () => (await (await import('../../../src/storage/database.ts')).database()).count('history');

  it.each(['signOut', 'forgetHistory', 'erase', 'removeConnection'] as const)('goes with %s', async (how) => {
    const { worker, id } = await ready();
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    expect(await rows()).toBe(1);
    if (how === 'removeConnection') await worker.send(how, { id }, 'options');
    else await worker.send(how, {}, how === 'forgetHistory' ? 'console' : 'options');
    expect(await rows()).toBe(0);
    expect((await worker.view('view.history')) ?? null).toBeNull();
  });

  it('is not brought back by an answer that was on its way', async () => {
    const { worker } = await ready();
    arm(tenant, { kind: 'slow', ms: 800, match: PATH });
    const seq = now();
    await worker.send('loadHistory', question(DANA), 'console');
    await eventually(() => expect(pagesAsked(seq)).toHaveLength(1));
    await worker.send('forgetHistory', {}, 'console');
    // The tenant is of this process: its timer is due before this one.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await rows()).toBe(0);
    expect(pagesAsked(seq)).toHaveLength(1);
  });

  it('is not heaped up: of an agent, the ranges of the last few questions', async () => {
    const { worker } = await ready();
    for (let minutes = 5; minutes >= 0; minutes--) {
      const { loadId } = await worker.send('loadHistory', { ...question(RAVI), toMs: range.toMs - minutes * MINUTE }, 'console');
      await until(worker, (load) => load.id === loadId && over(load));
    }
    expect(await rows()).toBe(3);
    const first = { ...question(RAVI), toMs: range.toMs - HOUR };
    const { loadId } = await worker.send('loadHistory', first, 'console');
    await until(worker, (load) => load.id === loadId && over(load));
    expect((await worker.send('history', first, 'console')).agents[0]?.records?.length).toBeGreaterThan(50);
  });

  it('goes after a day', async () => {
    const { worker, id } = await ready();
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    atTime(Date.now() + 25 * HOUR);
    expect((await worker.send('history', question(RAVI), 'console')).agents[0]?.records).toBeNull();
    const { pruneHistory } = await import('../../../src/storage/history-store.ts');
    await pruneHistory(id, Date.now());
    expect(await rows()).toBe(0);
  });

  it('is of the same range from the first page to the last, also where a clock is put right in between', async () => {
    const { worker, id } = await ready();
    tenant.faults.arm({ kind: 'slow', ms: 800, match: PATH });
    const seq = now();
    await worker.send('loadHistory', question(DANA), 'console');
    await until(worker, ({ agents }) => (agents[0]?.pages ?? 0) >= 1);
    const { commitPoll, loadKnown } = await import('../../../src/storage/poll-store.ts');
    const before = await loadKnown(id);
    const known = { ...before, state: { ...before.state, skewMs: 60_000 } };
    await commitPoll(id, { known, before, transitions: [], alerts: [] });
    expect(await until(worker, over)).toMatchObject({ status: 'done', agents: [{ records: 2500, pages: 3 }] });
    const asked = tenant.log.since(seq).filter(({ path }) => path === PATH);
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ query }) => `${query.startTime} ${query.endTime}`)).size).toBe(1);
  });

  it('is told on our clock where the server’s is another', async () => {
    const { worker, id } = await ready();
    await worker.send('loadHistory', question(RAVI), 'console');
    await until(worker, over);
    const before = (await worker.send('history', question(RAVI), 'console')).agents[0]?.records?.[0]?.atMs ?? 0;
    const { commitPoll, loadKnown } = await import('../../../src/storage/poll-store.ts');
    const known = await loadKnown(id);
    await commitPoll(id, {
      known: { ...known, state: { ...known.state, skewMs: 60_000 } },
      before: known,
      transitions: [],
      alerts: [],
    });
    const after = await worker.send('history', question(RAVI), 'console');
    expect(after.skewMs).toBe(60_000);
    expect(after.agents[0]?.records?.[0]?.atMs).toBe(before + 60_000);
    const seq = now();
    const { loadId } = await worker.send('loadHistory', { ...question(RAVI), toMs: range.toMs - 60_000 }, 'console');
    await until(worker, (load) => load.id === loadId && over(load));
    const { startTime = '', endTime = '' } = tenant.log.since(seq).find(({ path }) => path === PATH)?.query ?? {};
    expect([startTime, endTime].map((time) => Date.parse(time))).toEqual([range.fromMs - 60_000, range.toMs - 120_000]);
  });
});

describe('a tenant of the public API', () => {
  let other: Tenant;
  beforeAll(async () => {
    other = await startTenant({
      profile: 'public',
      agents: 6,
      frozen: true,
      accessTokenSeconds: 10_000_000,
      history: [{ agent: '*', records: 2200, seed: 3, irregularities: ['overlappingPages', 'duplicates', 'badRows'] }],
    });
  });
  afterAll(() => other.close());

  it('tells as much, with its own lengths, without any scope', async () => {
    await signedIn(other, [], await scripted(other, ['openid']));
    const worker = await boot();
    await worker.send('poll', {});
    const [agent] = other.sim.agents;
    const agentId = agent?.person.id ?? '';
    const seq = other.log.since(0).at(-1)?.seq ?? 0;
    const asked = { agentIds: [agentId], fromMs: range.toMs - 72 * HOUR, toMs: range.toMs };
    await worker.send('loadHistory', asked, 'console');
    expect((await until(worker, over)).agents[0]?.problem).toBe('capabilityOff');
    await worker.send('useCapability', { capability: 'history', on: true }, 'console');
    const load = await until(worker, (each) => over(each) && each.agents[0]?.problem === null);
    // The present state is none that has ended.
    expect(load.agents).toMatchObject([{ status: 'done', records: 2199, problem: null }]);
    expect(load.agents[0]?.badRows).toBeGreaterThanOrEqual(21);
    const [history] = (await worker.send('history', asked, 'console')).agents;
    const records = history?.records ?? [];
    const real = other.histories.of(agent ?? other.sim.agents[0] ?? raise());
    expect(records.map(({ atMs }) => atMs)).toEqual(real.slice(0, -1).map(({ sinceMs }) => sinceMs));
    expect(records.every(({ atMs, lastsMs }, i) => lastsMs === (real[i]?.untilMs ?? 0) - atMs)).toBe(true);
    const paths = other.log.since(seq).map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith(`/agents/${agentId}/state-history`)).length).toBeGreaterThanOrEqual(3);
    await worker.send('loadHistory', { ...asked, agentIds: ['999999'] }, 'console');
    const unknown = await until(worker, (each) => over(each) && each.agentIds[0] === '999999');
    expect(unknown.agents[0]).toMatchObject({ status: 'failed', problem: 'badAgent' });
  });
});

function raise(): never {
  throw new Error('nobody there');
}
