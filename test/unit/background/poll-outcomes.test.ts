import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaultSpec } from '../../tenant/faults.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { ok, stubPort } from './support/stub-port.ts';
import { arm, atTime, fetchAsInABrowser, type World, world } from './support/world.ts';

let tenant: Tenant;
let here: World;
const AGENTS = 30;
beforeAll(async () => {
  tenant = await startTenant({ agents: AGENTS, frozen: true });
});
afterAll(() => tenant.close());
beforeEach(async () => {
  fetchAsInABrowser();
  here = await world(tenant, ['Dana Ortiz', 'Jonas Weber']);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  tenant.faults.clear();
  for (const agent of tenant.sim.agents) tenant.sim.release(agent);
});

interface Expected {
  outcome: string;
  status?: number;
  detail?: string;
}
const TABLE: [FaultSpec, Expected][] = [
  [
    { kind: 'status', status: 400 },
    { outcome: 'serverError', status: 400 },
  ],
  [
    { kind: 'status', status: 401 },
    { outcome: 'unauthorized', status: 401 },
  ],
  [
    { kind: 'status', status: 403, text: 'No right.' },
    { outcome: 'forbidden', status: 403, detail: 'No right.' },
  ],
  [
    { kind: 'status', status: 404 },
    { outcome: 'serverError', status: 404 },
  ],
  [
    { kind: 'status', status: 404, html: true },
    { outcome: 'serverError', status: 404 },
  ],
  [
    { kind: 'status', status: 403, html: true },
    { outcome: 'portal', status: 403 },
  ],
  [
    { kind: 'status', status: 429, retryAfter: 30 },
    { outcome: 'rateLimited', status: 429 },
  ],
  [
    { kind: 'status', status: 429 },
    { outcome: 'rateLimited', status: 429 },
  ],
  [
    { kind: 'status', status: 500 },
    { outcome: 'serverError', status: 500 },
  ],
  [
    { kind: 'status', status: 503, html: true },
    { outcome: 'serverError', status: 503 },
  ],
  [{ kind: 'partitionRestricted' }, { outcome: 'forbidden', status: 403 }],
  [{ kind: 'html200' }, { outcome: 'portal', status: 200 }],
  [{ kind: 'redirect' }, { outcome: 'portal', status: 0, detail: 'redirect' }],
  [{ kind: 'reset' }, { outcome: 'offline', status: 0, detail: 'network' }],
  [{ kind: 'cut' }, { outcome: 'malformed', status: 0, detail: 'cut' }],
  [
    { kind: 'cut', clean: true },
    { outcome: 'malformed', status: 200, detail: 'json' },
  ],
  [{ kind: 'wrongContentType' }, { outcome: 'malformed', status: 200, detail: 'content-type' }],
  [
    { kind: 'huge', megabytes: 21 },
    { outcome: 'malformed', status: 0, detail: 'tooLarge' },
  ],
  [
    { kind: 'malformedEnvelope', shape: 'object' },
    { outcome: 'malformed', detail: 'envelope' },
  ],
  [
    { kind: 'malformedEnvelope', shape: 'null' },
    { outcome: 'malformed', detail: 'envelope' },
  ],
  [
    { kind: 'malformedEnvelope', shape: 'number' },
    { outcome: 'malformed', detail: 'envelope' },
  ],
  [
    { kind: 'malformedEnvelope', shape: 'string' },
    { outcome: 'malformed', detail: 'envelope' },
  ],
  [
    { kind: 'malformedEnvelope', shape: 'nested' },
    { outcome: 'malformed', detail: 'row' },
  ],
  [{ kind: 'malformedRows', share: 0.5 }, { outcome: 'malformed' }],
];

describe('each fault has its name, and none costs the list', () => {
  it.each(TABLE)('%j is %j', async (fault, expected) => {
    await here.poll();
    const before = await here.known();
    arm(tenant, fault);
    const nowMs = Date.now() + 40_000;
    atTime(nowMs);
    expect(await here.poll()).toBe(true);
    const { state, snapshot } = await here.known();
    expect(state).toMatchObject({ ...expected, failures: 1, outcomeSinceMs: nowMs });
    expect(snapshot).toEqual(before.snapshot);
    expect(await here.heartbeat()).toMatchObject({ outcome: expected.outcome, askedMs: nowMs });
    expect((await here.heartbeat())?.okMs).toBeLessThan(nowMs);
    // When it is over everything is as it was.
    tenant.faults.clear();
    atTime(nowMs + 16 * 60_000);
    here.restart();
    await here.poll();
    expect((await here.known()).state).toMatchObject({ outcome: 'ok', failures: 0, notBeforeMs: 0, detail: '', badRows: 0 });
  });

  it.each<[FaultSpec, string]>([
    [{ kind: 'empty' }, 'empty'],
    [{ kind: 'noContent' }, 'empty'],
    [{ kind: 'roleWithoutPermission' }, 'empty'],
    [{ kind: 'malformedEnvelope', shape: 'wrapped' }, 'ok'],
    [{ kind: 'slow', ms: 20 }, 'ok'],
    [{ kind: 'drip', bytes: 4000, ms: 1 }, 'ok'],
    [{ kind: 'duplicateRows' }, 'ok'],
    [{ kind: 'stateAbsent', agentId: 'Dana Ortiz' }, 'ok'],
    [{ kind: 'malformedRows', count: 3 }, 'partial'],
  ])('%j is %s', async (fault, outcome) => {
    await here.poll();
    arm(tenant, fault);
    atTime(Date.now() + 40_000);
    here.restart();
    await here.poll();
    const { state, snapshot } = await here.known();
    expect(state).toMatchObject({ outcome, failures: 0 });
    expect(snapshot.ids).toHaveLength(AGENTS);
  });
});

describe('rows that cannot be read', () => {
  it('cost only themselves, and are counted by field', async () => {
    here = await world(tenant);
    await here.poll();
    arm(tenant, { kind: 'malformedRows', count: 5 });
    tenant.sim.set(here.agent('Jonas Weber'), { state: 'NOT_READY', subState: 'Lunch' });
    await here.poll();
    const { state, snapshot } = await here.known();
    expect(state).toMatchObject({ outcome: 'partial', badRows: 5, allRows: AGENTS, detail: 'row,agentId,state,loggedIn' });
    const code = snapshot.kinds[snapshot.ids.indexOf(here.agent('Jonas Weber').person.id)] ?? 0;
    expect(snapshot.dictionary[code]).toMatchObject({ reason: 'Lunch' });
  });

  it('in more than a fifth of the list leave the last good one standing, with how many there were', async () => {
    here = await world(tenant);
    await here.poll();
    const { snapshot } = await here.known();
    arm(tenant, { kind: 'malformedRows', share: 0.3 });
    await here.poll();
    const { state, snapshot: kept } = await here.known();
    expect(state).toMatchObject({ outcome: 'malformed', badRows: 7, allRows: AGENTS });
    expect(kept).toEqual(snapshot);
  });

  it('in the answer about one agent alone do not cost the list', async () => {
    const rows = [
      { agentId: 'a', state: 'READY' },
      { agentId: 'b', state: 'READY' },
    ];
    const port = stubPort({ list: () => ok(rows), single: () => ok([null, null, null]) });
    here = await world(tenant, [], port);
    await here.poll();
    here.config.settings = { ...here.settings, watchedAgentIds: ['a', 'missing'] };
    await here.poll();
    expect((await here.known()).state).toMatchObject({ outcome: 'ok' });
    expect((await here.known()).snapshot.ids).toEqual(['a', 'b']);
  });
});

describe('an empty answer', () => {
  it('is counted, dated from its first, and keeps the list', async () => {
    await here.poll();
    const { snapshot } = await here.known();
    arm(tenant, { kind: 'empty' });
    const startMs = Date.now() + 60_000;
    for (const turn of [1, 2, 3, 4]) {
      atTime(startMs + turn * 30_000);
      here.restart();
      await here.poll();
      const { state, snapshot: kept } = await here.known();
      expect(state).toMatchObject({
        outcome: 'empty',
        emptyPolls: Math.min(turn, 3),
        emptySinceMs: startMs + 30_000,
        failures: 0,
      });
      expect(kept).toEqual(snapshot);
    }
    tenant.faults.clear();
    await here.poll();
    expect((await here.known()).state).toMatchObject({ outcome: 'ok', emptyPolls: 0, emptySinceMs: 0, missing: {} });
  });

  it('is counted just so when no list has ever come', async () => {
    arm(tenant, { kind: 'empty' });
    const startMs = Date.now();
    for (const turn of [1, 2, 3]) {
      atTime(startMs + turn * 30_000);
      here.restart();
      await here.poll();
      expect((await here.known()).state).toMatchObject({ outcome: 'empty', emptyPolls: turn, emptySinceMs: startMs + 30_000 });
    }
  });

  it('is not ended by a failure in between', async () => {
    here = await world(tenant);
    await here.poll();
    arm(tenant, { kind: 'empty', times: 1 });
    await here.poll();
    arm(tenant, { kind: 'reset', times: 1 });
    await here.poll();
    arm(tenant, { kind: 'empty', times: 1 });
    await here.poll();
    expect((await here.known()).state).toMatchObject({ outcome: 'empty', emptyPolls: 2 });
  });
});

describe('401', () => {
  it('is worth one renewal and one more try', async () => {
    arm(tenant, { kind: 'status', status: 401, times: 1 });
    await here.poll();
    expect(here.renewals).toBe(1);
    expect(here.asked()).toHaveLength(2);
    expect((await here.known()).state.outcome).toBe('ok');
  });

  it('again after that is told, and not tried a third time', async () => {
    await here.poll();
    here.asked();
    arm(tenant, { kind: 'status', status: 401 });
    await here.poll();
    expect(here.renewals).toBe(1);
    expect(here.asked()).toHaveLength(2);
    expect((await here.known()).state.outcome).toBe('unauthorized');
  });
});

describe('304, which nobody asked for', () => {
  it('does not leave the problem of before standing', async () => {
    await here.poll();
    arm(tenant, { kind: 'reset', times: 1 });
    await here.poll();
    expect((await here.known()).state.outcome).toBe('offline');
    arm(tenant, { kind: 'status', status: 304, times: 1 });
    await here.poll();
    expect(await here.heartbeat()).toMatchObject({ outcome: 'unchanged' });
    expect((await here.known()).state.outcome).not.toBe('offline');
  });
});
