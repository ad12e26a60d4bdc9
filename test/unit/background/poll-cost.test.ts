import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { failure, ok, stubPort } from './support/stub-port.ts';
import { arm, atTime, type World, world } from './support/world.ts';

let tenant: Tenant;
let here: World;
const LIST = '/api/v2/agents/states';
const MIN = 60_000;
beforeAll(async () => {
  tenant = await startTenant({ agents: 40, frozen: true });
});
afterAll(() => tenant.close());
beforeEach(async () => {
  here = await world(tenant, ['Dana Ortiz', 'Jonas Weber']);
});
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
  tenant.sim.moveClock({ skewSeconds: 0 });
  for (const agent of tenant.sim.agents) tenant.sim.release(agent);
});

/** Every write to IndexedDB, by store. */
function databaseWrites(): string[] {
  const writes: string[] = [];
  for (const method of ['put', 'add', 'delete', 'clear'] as const) {
    const original = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
      writes.push(`${method} ${this.name}`);
      return original.apply(this, args) as never;
    });
  }
  return writes;
}

describe('requests', () => {
  it('are one a poll when nobody is missing, however many are watched', async () => {
    here = await world(
      tenant,
      tenant.sim.agents.map(({ person }) => person.id),
    );
    for (let turn = 0; turn < 3; turn++) {
      await here.poll();
      expect(here.asked()).toEqual([LIST]);
    }
  });

  it('are none while another poll runs', async () => {
    arm(tenant, { kind: 'slow', ms: 50, times: 1 });
    const results = await Promise.all([here.poll(), here.poll('page'), here.poll()]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(here.asked()).toEqual([LIST]);
  });

  it('ask for a missing watched agent singly, three polls in a row and then once a minute', async () => {
    const dana = here.agent('Dana Ortiz').person.id;
    const startMs = Date.now();
    await here.poll();
    here.asked();
    arm(tenant, { kind: 'hidden', agentId: dana });
    const singles: number[] = [];
    for (let second = 10; second <= 200; second += 10) {
      atTime(startMs + second * 1000);
      await here.poll();
      if (here.asked().includes(`${LIST}?agentId=${dana}`)) singles.push(second);
    }
    expect(singles).toEqual([10, 20, 30, 90, 150]);
    expect((await here.known()).state.missing[dana]).toMatchObject({ polls: 3, askedMs: startMs + 150_000 });
  });

  it('ask for at most 20 a poll, and for everybody in turn', async () => {
    const watched = tenant.sim.agents.slice(0, 35).map(({ person }) => person.id);
    const port = stubPort({ list: () => ok([{ agentId: 'other', state: 'READY' }]) });
    here = await world(tenant, watched, port);
    const startMs = Date.now();
    const turns: string[][] = [];
    for (let turn = 0; turn < 3; turn++) {
      atTime(startMs + turn * 30_000);
      port.counts.single = [];
      await here.poll();
      turns.push(port.counts.single);
    }
    expect(turns.map(({ length }) => length)).toEqual([20, 20, 20]);
    expect(new Set(turns.slice(0, 2).flat())).toEqual(new Set(watched));
  });

  it('find an agent that only answers when asked for alone', async () => {
    arm(tenant, { kind: 'notLoggedInToASkill', agentId: 'Dana Ortiz' });
    await here.poll();
    const { state, snapshot } = await here.known();
    expect(state).toMatchObject({ outcome: 'ok', missing: {} });
    expect(snapshot.ids).toContain(here.agent('Dana Ortiz').person.id);
  });

  it('stop for as long as a 429 to a single question says', async () => {
    const wait = Date.now() + 5 * MIN;
    const port = stubPort({
      list: () => ok([{ agentId: 'other', state: 'READY' }]),
      single: () => failure('rateLimited', { status: 429, notBeforeMs: wait }),
    });
    here = await world(tenant, ['x'], port);
    await here.poll();
    atTime(Date.now() + MIN);
    await here.poll();
    expect(port.counts.list).toBe(1);
  });

  it('are at most five at a time', async () => {
    let running = 0;
    let most = 0;
    const port = stubPort({
      list: () => ok([{ agentId: 'other', state: 'READY' }]),
      async single() {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return ok([]);
      },
    });
    here = await world(
      tenant,
      Array.from({ length: 20 }, (_, index) => `x${index}`),
      port,
    );
    await here.poll();
    expect(port.counts.single).toHaveLength(20);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('are none without access to the host, and that is told', async () => {
    fake.granted.clear();
    await here.poll();
    expect(here.asked()).toEqual([]);
    expect(await here.heartbeat()).toMatchObject({ outcome: 'offline', okMs: 0 });
  });
});

describe('writes', () => {
  it('are none when nothing changed', async () => {
    await here.poll();
    await here.poll();
    const writes = databaseWrites();
    const before = fakeBrowser.storage.local.writes.length;
    for (let turn = 1; turn <= 5; turn++) {
      here.restart();
      expect(await here.poll()).toBe(true);
    }
    expect(writes).toEqual([]);
    expect(fakeBrowser.storage.local.writes.length - before).toBe(0);
    expect(await here.heartbeat()).toMatchObject({ outcome: 'unchanged' });
  });

  it('are one record and what happened when one agent changed', async () => {
    await here.poll();
    const writes = databaseWrites();
    tenant.sim.set(here.agent('Mei Lin Tan'), { state: 'NOT_READY', subState: 'Lunch' });
    await here.poll();
    expect(writes).toEqual(['put poll', 'add transitions']);
  });
});

describe('waiting', () => {
  it('is honoured across lives of the worker, by alarm and by page, and no longer than said', async () => {
    await here.poll();
    const startMs = Date.now() + MIN;
    atTime(startMs);
    arm(tenant, { kind: 'status', status: 429, retryAfter: 120 });
    await here.poll();
    here.asked();
    tenant.faults.clear();
    for (const seconds of [5, 60, 119]) {
      atTime(startMs + seconds * 1000);
      here.restart();
      expect([await here.poll('alarm'), await here.poll('page')]).toEqual([false, false]);
    }
    expect(here.asked()).toEqual([]);
    expect(fake.alarms.get('poll')?.scheduledTime).toBeGreaterThanOrEqual(startMs + 120_000);
    atTime(startMs + 121_000);
    expect(await here.poll()).toBe(true);
    expect((await here.known()).state).toMatchObject({ outcome: 'ok', notBeforeMs: 0, failures: 0 });
  });

  it('is honoured also when no list has ever come', async () => {
    arm(tenant, { kind: 'status', status: 429, retryAfter: 120 });
    await here.poll();
    here.restart();
    expect(await here.poll()).toBe(false);
    expect(here.asked()).toEqual([LIST]);
  });

  it('has a floor of its own where a 429 does not say', async () => {
    await here.poll();
    arm(tenant, { kind: 'status', status: 429 });
    atTime(Date.now() + MIN);
    await here.poll();
    const { state } = await here.known();
    expect(state.notBeforeMs).toBeGreaterThanOrEqual(Date.now() + 500);
    expect(state.notBeforeMs).toBeLessThanOrEqual(Date.now() + MIN);
  });

  it('of a page is 5 s, and longer with each failure', async () => {
    const startMs = Date.now() + MIN;
    const times = async (fault: boolean) => {
      here = await world(tenant);
      atTime(startMs - MIN);
      await here.poll();
      if (fault) arm(tenant, { kind: 'status', status: 500 });
      atTime(startMs);
      await here.poll();
      here.asked();
      const asked: number[] = [];
      for (let second = 1; second <= 100; second++) {
        atTime(startMs + second * 1000);
        if (await here.poll('page')) asked.push(second);
      }
      return asked;
    };
    expect((await times(false)).slice(0, 3)).toEqual([5, 10, 15]);
    await fakeBrowser.storage.session.clear();
    expect(await times(true)).toEqual([9, 27, 63]);
  });

  it('does not outlast a clock that was set back', async () => {
    await here.poll();
    const startMs = Date.now();
    atTime(startMs - 60 * MIN);
    expect(await here.poll('alarm')).toBe(true);
    arm(tenant, { kind: 'status', status: 429, retryAfter: 60, times: 1 });
    atTime(startMs + MIN);
    await here.poll('alarm');
    atTime(startMs - 24 * 60 * MIN);
    expect(await here.poll('alarm')).toBe(true);
  });
});

describe('the alarm', () => {
  it('has a period behind it, and is left alone when it is near enough', async () => {
    const startMs = Date.now();
    atTime(startMs);
    await here.poll();
    const first = fake.alarms.get('poll');
    expect(first?.periodInMinutes).toBe(0.5);
    expect(first?.scheduledTime).toBeGreaterThanOrEqual(startMs + 30_000);
    const create = vi.spyOn(fakeBrowser.alarms, 'create');
    atTime(startMs + 1000);
    await here.poll();
    expect(create).not.toHaveBeenCalled();
    here.config.settings = { ...here.settings, pollSeconds: 120 };
    await here.poll();
    expect(fake.alarms.get('poll')?.periodInMinutes).toBe(2);
  });

  it('comes later with the screen locked', async () => {
    fake.idle = 'locked';
    atTime(Date.now());
    await here.poll();
    expect(fake.alarms.get('poll')?.scheduledTime).toBeGreaterThanOrEqual(Date.now() + 108_000);
  });
});

describe('the two clocks', () => {
  it('are compared, and a difference within two seconds is none', async () => {
    await here.poll();
    expect((await here.known()).state.skewMs).toBe(0);
    tenant.sim.moveClock({ skewSeconds: -300 });
    await here.poll();
    const { skewMs } = (await here.known()).state;
    expect(Math.abs(skewMs - 300_000)).toBeLessThan(2000);
    await here.poll();
    expect((await here.known()).state.skewMs).toBe(skewMs);
    tenant.sim.moveClock({ skewSeconds: 0 });
    await here.poll();
    expect((await here.known()).state.skewMs).toBe(0);
  });

  it('do not drift apart because single questions took their time', async () => {
    const nowMs = Date.now();
    const port = stubPort({
      list: () => ok([{ agentId: 'other', state: 'READY' }], nowMs),
      single: () => {
        atTime(nowMs + 12_000);
        return ok([]);
      },
    });
    here = await world(tenant, ['x'], port);
    atTime(nowMs);
    await here.poll();
    expect((await here.known()).state.skewMs).toBe(0);
  });
});
