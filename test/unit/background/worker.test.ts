import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { everythingStored } from '../storage/fresh.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { boot, signedIn } from './support/boot.ts';
import { arm, atTime } from './support/world.ts';

const { session, managed } = fakeBrowser.storage;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  [tenant, other] = await Promise.all([
    startTenant({ agents: 12, frozen: true, accessTokenSeconds: 10_000_000 }),
    startTenant({ agents: 7, frozen: true, seed: 9 }),
  ]);
});
afterAll(() => Promise.all([tenant.close(), other.close()]));
afterEach(() => {
  vi.useRealTimers();
  for (const each of [tenant, other]) each.faults.clear();
});
const idOf = (name: string) => tenant.sim.find(name)?.person.id ?? name;

describe('a start', () => {
  it('paints what is stored, sets the alarms and leaves them when they are there', async () => {
    await signedIn(tenant, ['Dana Ortiz']);
    let worker = await boot();
    await worker.send('poll', {});
    const { text, title } = fake.badge;
    const poll = fake.alarms.get('poll');
    // The browser was closed: badge and memory are gone.
    await session.clear();
    Object.assign(fake.badge, { text: '', title: '' });
    worker = await boot();
    await worker.send('publish', {});
    expect(fake.badge).toMatchObject({ title: expect.stringContaining('Agent Watch: Demo') });
    expect((await worker.glance()).total).toBe(12);
    expect(fake.alarms.get('poll')).toEqual(poll);
    expect([text, title]).not.toContain('');
  });

  it('brings back an alarm that was lost', async () => {
    await signedIn(tenant, []);
    await (await boot()).send('publish', {});
    expect([...fake.alarms.keys()].sort()).toEqual(['daily', 'poll']);
    fake.alarms.clear();
    await (await boot()).send('publish', {});
    expect([...fake.alarms.keys()].sort()).toEqual(['daily', 'poll']);
  });

  it('shows what a killed worker had found and not told', async () => {
    const { id } = await signedIn(tenant, ['Dana Ortiz']);
    const { commitPoll, NEW_POLL_STATE } = await import('../../../src/storage/poll-store.ts');
    const { EMPTY_SNAPSHOT } = await import('../../../src/domain/snapshot.ts');
    const known = { state: NEW_POLL_STATE, snapshot: EMPTY_SNAPSHOT };
    const state = { category: 'loggedOut' as const, stateName: 'Logged out', reason: '', skill: '' };
    const alert = { id: 'a|logout', kind: 'unexpectedLogout' as const, ruleId: 'logout', agentId: 'a', atMs: Date.now(), state };
    const record = {
      ...alert,
      minutes: 0,
      problem: null,
      silent: false,
      connectionId: id,
      delivered: false,
      foundMs: Date.now(),
    };
    await commitPoll(id, { known, before: known, transitions: [], alerts: [record] });
    await (await boot()).send('publish', {});
    expect(fake.notified).toHaveLength(1);
    await (await boot()).send('publish', {});
    expect(fake.notified).toHaveLength(1);
  });

  it('survives a database that cannot be opened: it still answers, and says so', async () => {
    await signedIn(tenant, ['Dana Ortiz']);
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('Internal error opening backing store.', 'UnknownError');
    });
    const worker = await boot();
    await expect(worker.send('settings', {}, 'options')).resolves.toMatchObject({ connection: { name: 'Demo' } });
    await worker.send('poll', {}).catch(() => undefined);
    expect((await worker.view('view.glance'))?.problem).toMatchObject({ code: 'storageFailed' });
    expect(fake.badge.text).toBe('!');
  });

  it('survives notifications that cannot be shown', async () => {
    await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    await worker.send('poll', {});
    vi.spyOn(fakeBrowser.notifications, 'create').mockRejectedValue(new Error('Unable to download all specified images.'));
    const { settingsItem, connectionsItem } = await import('../../../src/storage/items.ts');
    const { activeId } = await connectionsItem.get();
    await settingsItem(activeId ?? '').update((settings) => ({
      ...settings,
      rules: [{ id: 'any', kind: 'anyChange', enabled: true, categories: [], reasons: [], minutes: 0 }],
    }));
    const dana = tenant.sim.find('Dana Ortiz');
    if (dana) tenant.sim.set(dana, { state: dana.state === 'READY' ? 'NOT_READY' : 'READY' });
    atTime(Date.now() + 6000);
    await expect(worker.send('poll', {})).resolves.toEqual({ asked: true });
    await expect((await boot()).send('log', {}, 'options')).resolves.toBeDefined();
  });
});

describe('policy', () => {
  it.each(['api.example.com', 'not an address', ''])('with the address %j does not stop the worker', async (apiBaseUrl) => {
    managed.put({ apiBaseUrl, clientId: 'c', issuer: 'https://login.example.com' });
    await (await boot()).send('publish', {}).catch(() => undefined);
    await fakeBrowser.runtime.onInstalled.trigger({ reason: 'install' }).catch(() => undefined);
    const worker = await boot();
    await expect(worker.send('settings', {}, 'options')).resolves.toMatchObject({ version: expect.any(String) });
  });

  it.each([
    [undefined, [-29, -8, -6]],
    [7, [-6]],
  ])('that keeps records for %j days has older ones deleted once a day', async (retentionDays, kept) => {
    const { id } = await signedIn(tenant, []);
    if (retentionDays !== undefined) managed.put({ retentionDays });
    const worker = await boot();
    const { commitPoll, loadKnown, transitionsBetween } = await import('../../../src/storage/poll-store.ts');
    const known = await loadKnown(id);
    const day = 86_400_000;
    const nowMs = Date.now();
    const to = { category: 'available' as const, stateName: 'READY', reason: '', skill: '' };
    const days = [-31, -29, -8, -6];
    // One poll each: what a poll saw is kept and deleted together.
    for (const each of days) {
      const transitions = [{ agentId: 'a', from: null, to, atMs: nowMs + each * day, gap: false }];
      await commitPoll(id, { known, before: known, transitions, alerts: [] });
    }
    const there = async () => {
      const found = await transitionsBetween(id, ['a'], nowMs - 400 * day, nowMs);
      return (found.get('a') ?? []).map(({ atMs }) => (atMs - nowMs) / day);
    };
    expect(await there()).toEqual(days);
    await fakeBrowser.alarms.onAlarm.trigger({ name: 'daily', scheduledTime: nowMs });
    await eventually(async () => expect(await there()).toEqual(kept));
    expect((await worker.send('agent', { agentId: 'a' })).transitions).toHaveLength(kept.length);
  });

  it('stays in force when the user erases everything, before the browser has answered again', async () => {
    await signedIn(tenant, []);
    managed.put({ persistSession: false, showNamesInNotifications: false });
    const worker = await boot();
    await fakeBrowser.runtime.onInstalled.trigger({ reason: 'install' });
    // A read that comes late looks like no policy at all.
    vi.spyOn(managed, 'get').mockResolvedValue({});
    await worker.send('erase', {}, 'options');
    const { policy } = await import('../../../src/storage/policy.ts');
    expect(await policy()).toMatchObject({ persistSession: false, showNamesInNotifications: false });
  });

  it('that names another API does not get the token of the one before', async () => {
    await signedIn(tenant, []);
    const worker = await boot();
    await worker.send('poll', {});
    fake.granted.add(`${other.issuer}/*`);
    managed.put({ issuer: other.issuer, apiBaseUrl: other.apiBaseUrl });
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    atTime(Date.now() + 60_000);
    await worker.send('poll', {});
    expect(other.log.since(0).filter(({ authorization }) => authorization)).toEqual([]);
  });
});

describe('another tenant', () => {
  it('never shows what was known of the one before', async () => {
    const { id } = await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    await worker.send('poll', {});
    expect((await worker.send('search', { query: '', offset: 0, limit: 50 })).total).toBe(12);
    const draft = { ...EMPTY_DRAFT, name: 'Other', issuer: other.issuer, apiBaseUrl: other.apiBaseUrl, clientId: other.clientId };
    await worker.send('saveConnection', { id, draft }, 'options');
    expect((await worker.send('search', { query: '', offset: 0, limit: 50 })).agents).toEqual([]);
    expect(await worker.glance()).toMatchObject({ connection: { name: 'Other' }, total: 0, alerts: [] });
    expect((await worker.send('agent', { agentId: idOf('Dana Ortiz') })).agent).toBeNull();
  });
});

describe('watching', () => {
  it('more than there may be is refused, and loses nobody who was watched', async () => {
    await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    const many = (from: number) => Array.from({ length: 1500 }, (_, index) => `agent-${from + index}`);
    await worker.send('watch', { agentIds: many(0), on: true });
    await worker.send('watch', { agentIds: many(5000), on: true }).catch(() => undefined);
    const watched = (await worker.glance()).rows.map(({ agentId }) => agentId);
    expect(watched).toContain(idOf('Dana Ortiz'));
    expect(watched.length).toBeGreaterThanOrEqual(1501);
    expect(watched.length).toBeLessThanOrEqual(2000);
  });
});

describe('names', () => {
  const CANARY = 'Zwischenahner Canary';

  it('are on screen, and nowhere on disk in the clear, after polls, alerts and a search', async () => {
    const people = tenant.sim.agents.slice(0, 3).map(({ person }) => person);
    const names = people.map(({ name }) => name);
    const token = await (await import('../tenant/client.ts')).scripted(tenant);
    people.forEach((person, index) => {
      Object.assign(person, { name: `${CANARY} ${index}` });
    });
    await signedIn(
      tenant,
      people.map(({ id }) => id),
      token,
    );
    const worker = await boot();
    await worker.send('poll', {});
    for (const agent of tenant.sim.agents.slice(0, 3)) tenant.sim.set(agent, { state: 'READY' });
    atTime(Date.now() + 6000);
    await worker.send('poll', {});
    expect((await worker.send('search', { query: CANARY, offset: 0, limit: 9 })).total).toBe(3);
    expect((await worker.glance()).rows.map(({ name }) => name)).toEqual(people.map(({ name }) => name));
    const disk = await everythingStored();
    expect(disk).toContain(people[0]?.id);
    expect(disk).not.toContain('Canary');
    expect(disk).not.toContain(token);
    people.forEach((person, index) => {
      Object.assign(person, { name: names[index] });
    });
  });

  it('and tokens in the server’s own words reach neither log nor database', async () => {
    await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    arm(tenant, { kind: 'status', status: 403, text: `${CANARY} may not be seen with eyJhbGciOi.Canary.Canary` });
    await worker.send('poll', {});
    expect((await worker.glance()).problem?.code).toBe('forbidden');
    expect((await worker.send('log', {}, 'options')).lines.join('\n')).not.toContain('Canary');
    expect(await everythingStored()).not.toContain('eyJhbGciOi');
  });
});

describe('erasing everything', () => {
  it('leaves nothing of the connection, its agents or its names', async () => {
    const { id } = await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    await worker.send('poll', {});
    await worker.send('snooze', { agentId: idOf('Dana Ortiz'), untilMs: Date.now() + 60_000 });
    await worker.send('erase', {}, 'options');
    const left = `${await everythingStored()}\n${JSON.stringify(await session.get(null))}`;
    for (const trace of [id, idOf('Dana Ortiz'), 'Dana', 'Demo', tenant.issuer]) expect(left).not.toContain(trace);
    expect(fake.notifications.size).toBe(0);
    expect(fake.sessionRules).toEqual([]);
    expect(await worker.glance()).toMatchObject({ connection: null, total: 0 });
  });

  it('also when a poll is under way', async () => {
    const { id } = await signedIn(tenant, ['Dana Ortiz']);
    const worker = await boot();
    arm(tenant, { kind: 'slow', ms: 800, times: 1 });
    const polling = worker.send('poll', {}).catch(() => undefined);
    await eventually(() => expect(tenant.log.since(0).at(-1)?.path).toBe('/api/v2/agents/states'));
    await worker.send('erase', {}, 'options');
    await polling;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const left = `${await everythingStored()}\n${JSON.stringify(await session.get(null))}`;
    for (const trace of [id, idOf('Dana Ortiz')]) expect(left).not.toContain(trace);
  });
});
