import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { gate, Rig } from '../auth/rig.ts';
import { everythingStored } from '../storage/fresh.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { arm, atTime } from './support/world.ts';

const { session, managed } = fakeBrowser.storage;
let acme: Tenant;
let bolt: Tenant;
beforeAll(async () => {
  // The same seed: the same agents, with the same ids, at two tenants.
  [acme, bolt] = await Promise.all([startTenant({ agents: 12, frozen: true }), startTenant({ agents: 12, frozen: true })]);
});
afterAll(() => Promise.all([acme.close(), bolt.close()]));
afterEach(() => {
  vi.useRealTimers();
  for (const tenant of [acme, bolt]) {
    tenant.faults.clear();
    for (const agent of tenant.sim.agents) tenant.sim.release(agent);
  }
});

const idOf = (name: string) => acme.sim.find(name)?.person.id ?? name;
const ring = async (id?: string) => {
  await fakeBrowser.alarms.onAlarm.trigger({ name: id === undefined ? 'poll' : `poll:${id}`, scheduledTime: 0 });
};
const later = (ms: number) => atTime(Date.now() + ms);
const set = (tenant: Tenant, name: string, state: 'READY' | 'NOT_READY' | 'LOGOUT', subState: string | null = null) => {
  const agent = tenant.sim.find(name);
  if (agent) tenant.sim.set(agent, { state, subState });
};

/** All that is stored but the redacted log, which tells that there was a connection. */
const traces = async () => {
  const disk = (await everythingStored()).split('\n').filter((line) => !line.startsWith('["log"'));
  return [...disk, JSON.stringify(await session.get(null))].join('\n');
};

async function two(): Promise<{ worker: Worker; first: string; second: string }> {
  const { id: first } = await signedIn(acme, ['Dana Ortiz', 'Ravi Menon'], undefined, 'Acme');
  const { id: second } = await signedIn(bolt, ['Dana Ortiz'], undefined, 'Bolt');
  const worker = await boot();
  await worker.send('publish', {});
  return { worker, first, second };
}

const statesAsked = () => [acme, bolt].map(({ log }) => log.counts.statesRequests);

/** Waits for the sign-in window. @returns what lets the person in it sign in */
async function theWindow(tenant: Tenant): Promise<() => void> {
  const [opened, answered] = [gate(), gate()];
  const rig = new Rig(tenant);
  rig.window = async (url, interactive) => {
    opened.open();
    await answered.passed;
    return rig.visit(url, interactive);
  };
  await opened.passed;
  return () => answered.open();
}

describe('two connections with the same agents', () => {
  it('are polled by alarms of their own, spread in time, each with its own token', async () => {
    const { second } = await two();
    expect([...fake.alarms.keys()].sort()).toEqual(['daily', 'poll', `poll:${second}`]);
    const times = [...fake.alarms].filter(([name]) => name !== 'daily').map(([, alarm]) => alarm.scheduledTime);
    expect(Math.abs((times[0] ?? 0) - (times[1] ?? 0))).toBeGreaterThanOrEqual(10_000);
    const before = [acme, bolt].map((tenant) => tenant.log.counts.statesRequests);
    await ring();
    await ring(second);
    expect([acme, bolt].map((tenant, at) => tenant.log.counts.statesRequests - (before[at] ?? 0))).toEqual([1, 1]);
  });

  it('never show one’s states, names or alerts under the other', async () => {
    set(acme, 'Dana Ortiz', 'NOT_READY', 'Lunch');
    set(bolt, 'Dana Ortiz', 'READY');
    const { worker, first, second } = await two();
    await ring();
    await ring(second);
    expect((await worker.glance()).rows).toMatchObject([
      { agentId: idOf('Dana Ortiz'), reason: 'Lunch' },
      { agentId: idOf('Ravi Menon') },
    ]);
    set(bolt, 'Dana Ortiz', 'LOGOUT');
    later(31_000);
    await ring();
    await ring(second);
    expect((await worker.glance()).alerts).toEqual([]);
    expect(await worker.view('view.others')).toMatchObject([{ id: second, name: 'Bolt', unseenAlerts: 1 }]);
    expect(fake.badge.text).toBe('1!');
    expect(fake.badge.title).toContain('Bolt: new alerts: 1');
    expect(fake.notified.at(-1)).toMatchObject({ options: { contextMessage: 'Bolt' } });
    await worker.send('switchConnection', { id: second });
    const shown = await worker.glance();
    expect(shown).toMatchObject({ connection: { id: second, name: 'Bolt' }, rows: [{ category: 'loggedOut' }] });
    expect(shown.alerts).toHaveLength(1);
    expect(await worker.view('view.others')).toMatchObject([{ id: first, name: 'Acme', unseenAlerts: 0 }]);
    expect([...fake.alarms.keys()].sort()).toEqual(['daily', 'poll', `poll:${first}`]);
  });

  it('fail apart: one without a network is said, and the other goes on', async () => {
    const { worker, second } = await two();
    await ring();
    arm(bolt, { kind: 'status', status: 403, text: 'No right.' });
    await ring(second);
    expect((await worker.glance()).problem).toBeNull();
    expect(await worker.view('view.others')).toMatchObject([{ problem: { code: 'forbidden' } }]);
    expect(fake.badge).toMatchObject({ text: '!', title: expect.stringContaining('Bolt: data problem') });
  });

  it('a click on an alert shows the connection it is about', async () => {
    set(bolt, 'Dana Ortiz', 'READY');
    const { worker, second } = await two();
    await ring();
    await ring(second);
    set(bolt, 'Dana Ortiz', 'LOGOUT');
    later(31_000);
    await ring(second);
    await fakeBrowser.notifications.onClicked.trigger(fake.notified.at(-1)?.id ?? '');
    expect((await worker.glance()).connection?.name).toBe('Bolt');
    expect(fake.tabs.at(-1)?.url).toContain(`#agent=${idOf('Dana Ortiz')}`);
  });

  it('one signed in to while another is shown is the one that is polled, and no diagnosis of it is shown', async () => {
    const { worker, first, second } = await two();
    await ring();
    await worker.send('diagnose', { agentIds: [idOf('Dana Ortiz')] });
    const run = await eventually(async () => {
      const shown = await worker.view('view.diagnosis');
      if (shown?.status !== 'done') throw new Error('not yet');
      return shown;
    });
    const { signIn } = await import('../../../src/background/services.ts');
    const flow = signIn(run.id);
    const answer = await theWindow(acme);
    await worker.send('switchConnection', { id: second });
    const before = statesAsked();
    answer();
    await flow;
    expect(statesAsked().map((count, at) => count - (before[at] ?? 0))).toEqual([1, 0]);
    const { authStatusItem } = await import('../../../src/storage/items.ts');
    expect((await authStatusItem(first).get()).ledger).toHaveLength(1);
    expect(await worker.view('view.diagnosis')).toBeNull();
    expect((await worker.glance()).connection?.id).toBe(second);
  });

  it('one that a use is switched on for while another is shown is the one that is polled', async () => {
    const { worker, first, second } = await two();
    await ring();
    const { readPulse } = await import('../../../src/background/pulse.ts');
    const { askedMs } = await readPulse(first);
    await worker.send('useCapability', { capability: 'history', on: true }, 'options');
    const answer = await theWindow(acme);
    await worker.send('switchConnection', { id: second });
    const before = statesAsked();
    answer();
    // To the end of the poll, so that nothing of it meets the next test.
    await eventually(async () => expect((await readPulse(first)).askedMs).toBeGreaterThan(askedMs));
    expect(statesAsked().map((count, at) => count - (before[at] ?? 0))).toEqual([1, 0]);
  });

  it('one removed leaves nothing behind, the other stays', async () => {
    const { worker, first, second } = await two();
    await ring();
    await ring(second);
    await worker.send('removeConnection', { id: first }, 'options');
    expect((await worker.glance()).connection?.name).toBe('Bolt');
    expect(await traces()).not.toContain(first);
    expect([...fake.alarms.keys()].sort()).toEqual(['daily', 'poll']);
    await worker.send('removeConnection', { id: second }, 'options');
    expect(await worker.glance()).toMatchObject({ connection: null });
    expect(await traces()).not.toContain(second);
  });

  it('one is changed without touching the other, and a third may be added, up to ten', async () => {
    const { worker, first, second } = await two();
    const draft = { ...EMPTY_DRAFT, issuer: bolt.issuer, apiBaseUrl: bolt.apiBaseUrl, clientId: bolt.clientId };
    await worker.send('saveConnection', { id: second, draft: { ...draft, name: 'Bolt West' } }, 'options');
    const names = async () => (await worker.send('settings', {}, 'options')).connections.map(({ name }) => name);
    expect(await names()).toEqual(['Bolt West', 'Acme']);
    await worker.send('switchConnection', { id: first });
    for (let nth = 3; nth <= 10; nth++)
      await worker.send('saveConnection', { id: null, draft: { ...draft, name: `Nth ${nth}` } }, 'options');
    expect(await names()).toHaveLength(10);
    await expect(worker.send('saveConnection', { id: null, draft }, 'options')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('a policy that names the tenant leaves one, and no other can be added', async () => {
    const { worker } = await two();
    managed.put({ clientId: 'fixed' });
    await fakeBrowser.runtime.onInstalled.trigger({ reason: 'install' });
    const { connections } = await worker.send('settings', {}, 'options');
    expect(connections.map(({ name }) => name)).toEqual(['Acme']);
    const draft = { ...EMPTY_DRAFT, name: 'X', issuer: bolt.issuer, apiBaseUrl: bolt.apiBaseUrl, clientId: 'x' };
    await expect(worker.send('saveConnection', { id: null, draft }, 'options')).rejects.toMatchObject({ code: 'invalid' });
  });
});
