import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { publishView } from '../../../src/background/view.ts';
import type { Glance } from '../../../src/messages/published.ts';
import { alertsSeenItem, authStatusItem, causesItem, snoozesItem } from '../../../src/storage/items.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { arm, atTime, type World, world } from './support/world.ts';

const { session } = fakeBrowser.storage;
const MIN = 60_000;
let tenant: Tenant;
let here: World;
beforeAll(async () => {
  tenant = await startTenant({ agents: 10, frozen: true, accessTokenSeconds: 10_000_000 });
});
afterAll(() => tenant.close());
beforeEach(async () => {
  here = await world(tenant, ['Dana Ortiz', 'Jonas Weber', 'nobody-knows-me']);
  for (const agent of tenant.sim.agents) tenant.sim.set(agent, { state: 'READY' });
});
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
  tenant.sim.moveClock({ skewSeconds: 0 });
});

async function published(): Promise<Glance> {
  const text = (await session.get('view.glance'))['view.glance'];
  if (typeof text !== 'string') throw new Error('nothing was published');
  return JSON.parse(text) as Glance;
}

async function shown(): Promise<Glance> {
  await publishView(here.config);
  return published();
}
const row = (glance: Glance, name: string) =>
  glance.rows.find(({ agentId }) => agentId === (tenant.sim.find(name)?.person.id ?? name));

describe('the glance', () => {
  it('holds everybody watched, in their order, known or not, and counts the whole tenant', async () => {
    tenant.sim.set(here.agent('Jonas Weber'), { state: 'NOT_READY', subState: 'Lunch' });
    await here.poll();
    const glance = await shown();
    expect(glance.rows.map(({ agentId }) => agentId)).toEqual(here.settings.watchedAgentIds);
    expect(row(glance, 'Jonas Weber')).toMatchObject({ category: 'unavailable', reason: 'Lunch', limitMinutes: 60, flag: null });
    expect(row(glance, 'nobody-knows-me')).toMatchObject({ category: 'unknown', name: 'nobody-knows-me', sinceMs: 0 });
    expect(glance).toMatchObject({ total: 10, stale: false, asOfMs: 0, connection: { name: 'Demo' } });
    expect(glance.counts).toMatchObject({ available: 9, unavailable: 1, unknown: 0 });
  });

  it('says why nobody is listed beside those who are not, while nobody is, and not beside one who alone is not', async () => {
    await here.poll();
    const cause = 'roleLacksPermission' as const;
    const about = { runId: 'r', agentId: '', cause, confidence: 'certain' as const, params: [], atMs: Date.now() + MIN };
    await causesItem(here.connection.id).update(() => ({ '': about }));
    expect(row(await shown(), 'nobody-knows-me')).toMatchObject({ flag: {}, cause: null });
    arm(tenant, { kind: 'empty', match: '/api/v2/agents/states' });
    await here.poll();
    expect(row(await shown(), 'nobody-knows-me')?.cause).toMatchObject({ cause });
  });

  it('tells the Skills room whether it is open, and what it needs', async () => {
    const { config } = here;
    const { connection } = config;
    const access = async (change: Partial<typeof config>) => {
      await publishView({ ...config, ...change });
      const shownNow = (await published()).connection;
      return { ...shownNow?.skills, profile: shownNow?.profile };
    };
    const scopes = ['users:read', 'users:write', 'routing:read', 'analytics:read', 'audit:read'];
    expect(await access({})).toMatchObject({ profile: 'v2', on: false, fixed: false, scopes, writes: true, batchRows: 5000 });
    const on = { ...connection, capabilities: [...connection.capabilities, 'skills' as const] };
    const policy = { locked: ['capabilities'], writes: { enabled: false, maxRows: 20 } };
    expect(await access({ connection: on, ...policy })).toMatchObject({ on: true, fixed: true, writes: false, batchRows: 20 });
    // A tenant's own list: the usual scopes are added to it, unless the organisation has decided which there are.
    const own = { ...connection, vocabulary: 'custom' as const, scopes: ['agents'] };
    expect(await access({ connection: own })).toMatchObject({ scopes });
    expect(await access({ connection: own, locked: ['scopes'] })).toMatchObject({ scopes: [] });
    expect(await access({ connection: { ...connection, profile: 'public' } })).toMatchObject({ profile: 'public', scopes: [] });
  });

  it('flags whom CXone gives no state for, and never says more than is known', async () => {
    const startMs = Date.now();
    await here.poll();
    expect(row(await shown(), 'nobody-knows-me')?.flag).toMatchObject({ kind: 'mayLag' });
    arm(tenant, { kind: 'hidden', agentId: 'Dana Ortiz' });
    for (const seconds of [60, 120]) {
      atTime(startMs + seconds * 1000);
      await here.poll();
    }
    const glance = await shown();
    expect(row(glance, 'nobody-knows-me')?.flag).toMatchObject({ kind: 'neverSeen' });
    expect(row(glance, 'Dana Ortiz')?.flag).toMatchObject({ kind: 'confirmedMissing', missingSinceMs: startMs + 60_000 });
    expect(glance.problem).toMatchObject({ code: 'agentsMissing', severity: 'warning', params: ['2'] });
    expect(glance.counts).toMatchObject({ available: 9, unknown: 1 });
  });

  it('dates an agent’s last state from the answer that had it, not from the first that had not', async () => {
    const startMs = Date.parse('2026-11-20T18:00:00Z');
    atTime(startMs);
    await here.poll();
    arm(tenant, { kind: 'hidden', agentId: 'Dana Ortiz' });
    // The lid was closed overnight.
    atTime(startMs + 14 * 60 * MIN);
    await here.poll();
    atTime(startMs + 14 * 60 * MIN + MIN);
    const flag = row(await shown(), 'Dana Ortiz')?.flag;
    expect(flag?.kind).toBe('seenUntil');
    expect(flag?.params[0]).toBe(new Date(startMs).toTimeString().slice(0, 5));
  });

  it('says that a list is stale and from when, in each way it can be', async () => {
    const startMs = Date.now();
    await here.poll();
    arm(tenant, { kind: 'reset' });
    atTime(startMs + MIN);
    await here.poll();
    const offline = await shown();
    expect(offline).toMatchObject({ stale: true, problem: { code: 'offline' } });
    expect(Math.abs(offline.asOfMs - startMs)).toBeLessThan(2000);
    expect(offline.rows.some(({ category }) => category === 'available')).toBe(true);
    tenant.faults.clear();
    await here.poll();
    expect(await shown()).toMatchObject({ stale: false, problem: { code: 'agentsMissing' } });
    await authStatusItem(here.connection.id).update((status) => ({ ...status, phase: 'needsSignIn' }));
    expect(await shown()).toMatchObject({ stale: true, problem: { code: 'needsSignIn' } });
  });

  it('knows from when the list is also after the browser was started again', async () => {
    const startMs = Date.now();
    await here.poll();
    await session.clear();
    arm(tenant, { kind: 'reset' });
    atTime(startMs + 60 * MIN);
    await here.poll();
    const glance = await shown();
    expect(glance).toMatchObject({ stale: true, total: 10 });
    expect(Math.abs(glance.asOfMs - startMs)).toBeLessThan(5 * MIN);
  });

  it('never gives midnight of 1970 as the time of the last list', async () => {
    const startMs = Date.parse('2026-11-20T09:41:00Z');
    atTime(startMs);
    await here.poll();
    await session.clear();
    arm(tenant, { kind: 'empty' });
    for (const minutes of [60, 61, 62]) {
      atTime(startMs + minutes * MIN);
      await here.poll();
    }
    const { problem } = await shown();
    expect(problem?.code).toBe('emptyConfirmed');
    expect(problem?.params[0]).not.toBe(new Date(0).toTimeString().slice(0, 5));
  });

  it('shows times on our clock', async () => {
    tenant.sim.moveClock({ skewSeconds: -600 });
    const now = Date.now();
    tenant.sim.set(here.agent('Dana Ortiz'), { state: 'NOT_READY' });
    await here.poll();
    const sinceMs = row(await shown(), 'Dana Ortiz')?.sinceMs ?? 0;
    expect(Math.abs(sinceMs - now)).toBeLessThan(3000);
  });

  it('shows what is snoozed', async () => {
    const until = Date.now() + MIN;
    await snoozesItem(here.connection.id).update(() => ({ allUntilMs: until, agents: { 'nobody-knows-me': until } }));
    const glance = await shown();
    expect(glance.snoozedUntilMs).toBe(until);
    expect(row(glance, 'nobody-knows-me')?.snoozedUntilMs).toBe(until);
  });

  it('is empty and says so when nothing is configured', async () => {
    await publishView(null);
    expect(await published()).toMatchObject({ connection: null, rows: [], total: 0 });
    expect(fake.badge.text).toBe('');
  });
});

describe('an id that is the name of something every object has', () => {
  it('is an agent like any other', async () => {
    const watched = ['constructor', 'toString', '__proto__'];
    here.config.settings = { ...here.settings, watchedAgentIds: watched };
    await here.poll();
    // Answered for, so that nobody is missing.
    const known = await here.known();
    const { publishView: publish } = await import('../../../src/background/view.ts');
    await publish(here.config, { ...known, state: { ...known.state, missing: {} } });
    const glance = await published();
    expect(glance.rows.map(({ agentId, name, flag, snoozedUntilMs }) => [agentId, name, flag, snoozedUntilMs])).toEqual(
      watched.map((id) => [id, id, null, 0]),
    );
  });
});

describe('publishing', () => {
  it('writes only what changed', async () => {
    await here.poll();
    await shown();
    const before = session.writes.length;
    await shown();
    await shown();
    expect(session.writes.length).toBe(before);
    tenant.sim.set(here.agent('Dana Ortiz'), { state: 'ON_CONTACT' });
    await here.poll();
    session.writes.length = 0;
    await shown();
    expect(session.writes).toEqual([['view.glance']]);
    await authStatusItem(here.connection.id).update((status) => ({ ...status, grantedScopes: ['view:agent'] }));
    session.writes.length = 0;
    await shown();
    expect(session.writes).toEqual([['view.auth']]);
  });
});

describe('the badge', () => {
  const badge = async () => {
    await shown();
    const { text, color, title, textColor } = fake.badge;
    expect(textColor).toBe('#ffffff');
    return { text, color, title: title.split('\n') };
  };

  it('changes its text, colour and title together', async () => {
    here.config.settings = { ...here.settings, watchedAgentIds: here.settings.watchedAgentIds.slice(0, 2) };
    await here.poll();
    expect(await badge()).toEqual({
      text: '2',
      color: '#14804a',
      title: ['Agent Watch for CXone', 'Agent Watch: Demo', '2 available, 0 on a contact, 0 unavailable'],
    });
    arm(tenant, { kind: 'reset' });
    await here.poll();
    const offline = await badge();
    expect(offline).toMatchObject({ text: '!', color: '#c0264b' });
    expect(offline.title).toContain('CXone cannot be reached');
    expect(offline.title).toContain('This list is older than it should be');
    await publishView(null);
    expect(fake.badge).toMatchObject({ text: '', color: '#636b78', title: expect.stringContaining('not set up') });
  });

  it('counts new alerts until they were seen', async () => {
    here.config.settings = {
      ...here.settings,
      watchedAgentIds: here.settings.watchedAgentIds.slice(0, 2),
      rules: [{ id: 'any', kind: 'anyChange', enabled: true, categories: [], reasons: [], minutes: 0 }],
    };
    await here.poll();
    tenant.sim.set(here.agent('Dana Ortiz'), { state: 'NOT_READY', subState: 'Lunch' });
    await here.poll();
    expect(await badge()).toMatchObject({ text: '1!', color: '#1f5fd0' });
    expect((await shown()).alerts).toMatchObject([{ kind: 'anyChange', seen: false, state: { reason: 'Lunch' } }]);
    await alertsSeenItem(here.connection.id).update(() => Date.now() + 1000);
    expect(await badge()).toMatchObject({ text: '1', color: '#14804a' });
  });

  it('is never taken for a count of an agent CXone gave no state for', async () => {
    const startMs = Date.now();
    await here.poll();
    arm(tenant, { kind: 'hidden', agentId: 'Dana Ortiz' });
    atTime(startMs + MIN);
    await here.poll();
    const { text, title } = await badge();
    expect(text).toBe('?');
    expect(title).toContain('1 available, 0 on a contact, 0 unavailable');
    expect(title).toContain('No answer from CXone for 2 of those you watch');
  });
});
