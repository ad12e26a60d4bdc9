import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliverAlerts, openFromNotification } from '../../../src/background/notify.ts';
import type { StateKind } from '../../../src/domain/agent-state.ts';
import type { ProblemCode } from '../../../src/domain/problem.ts';
import type { Rule } from '../../../src/domain/settings.ts';
import { EMPTY_SNAPSHOT } from '../../../src/domain/snapshot.ts';
import { type AlertRecord, commitPoll, NEW_POLL_STATE, recentAlerts } from '../../../src/storage/poll-store.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { atTime, type World, world } from './support/world.ts';

let tenant: Tenant;
let here: World;
const NAMES = [
  'Dana Ortiz',
  'Jonas Weber',
  'Mei Lin Tan',
  'Ravi Menon',
  'Amara Okafor',
  'Sofía Reyes',
  'Priya Nair',
  'Tom Baker',
];
const ANY: Rule = { id: 'any', kind: 'anyChange', enabled: true, categories: [], reasons: [], minutes: 0 };
const LUNCH: StateKind = { category: 'unavailable', stateName: 'Unavailable', reason: 'Lunch', skill: 'Chat' };
beforeAll(async () => {
  tenant = await startTenant({ agents: 200, frozen: true });
});
afterAll(() => tenant.close());
beforeEach(async () => {
  here = await world(tenant, NAMES);
  here.config.settings = { ...here.settings, rules: [ANY] };
  await nameThem(NAMES);
});
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
  tenant.sim.moveClock({ skewSeconds: 0 });
  for (const agent of tenant.sim.agents) tenant.sim.release(agent);
});

async function nameThem(names: string[]): Promise<void> {
  const profiles = names.map((name) => [here.agent(name).person.id, { agentId: here.agent(name).person.id, name, team: '' }]);
  await fakeBrowser.storage.session.set({ [`${here.connection.id}/names`]: Object.fromEntries(profiles) });
}
const toLunch = (name: string, more = {}) => tenant.sim.set(here.agent(name), { state: 'NOT_READY', subState: 'Lunch', ...more });
const away = (name: string) => tenant.sim.set(here.agent(name), { state: 'NOT_READY', subState: 'Break' });
const titles = () => fake.notified.map(({ options }) => String(options.title));
const record = (agentId: string, more: Partial<AlertRecord> = {}): AlertRecord => ({
  connectionId: here.connection.id,
  id: `${agentId}|any`,
  kind: 'anyChange',
  ruleId: 'any',
  agentId,
  atMs: Date.now(),
  state: LUNCH,
  minutes: 0,
  problem: null,
  silent: false,
  delivered: false,
  // When it was found, on our own clock.
  ...{ foundMs: Date.now() },
  ...more,
});
const stored = (...alerts: AlertRecord[]) => {
  const known = { state: NEW_POLL_STATE, snapshot: EMPTY_SNAPSHOT };
  return commitPoll(here.connection.id, { known, before: known, transitions: [], alerts });
};
const problem = (code: ProblemCode, params: string[] = []) =>
  record('', {
    agentId: null,
    id: '|data',
    kind: 'dataProblem',
    state: null,
    problem: { code, severity: 'error', params, fix: null, sinceMs: 0 },
  });

describe('a storm', () => {
  it('is three notifications and one that counts the others', async () => {
    for (const name of NAMES) away(name);
    await here.poll();
    for (const name of NAMES) toLunch(name);
    await here.poll();
    await deliverAlerts(here.config);
    expect(fake.notified).toHaveLength(4);
    expect(titles().filter((title) => title.includes(': Unavailable · Lunch · '))).toHaveLength(3);
    expect(titles()[3]).toBe('5 more alerts');
    expect(await recentAlerts(here.connection.id, 50)).toHaveLength(8);
    await deliverAlerts(here.config);
    expect(fake.notified).toHaveLength(4);
  });

  it('of two hundred agents is just as many', async () => {
    here.config.settings = { ...here.config.settings, watchedAgentIds: tenant.sim.agents.map(({ person }) => person.id) };
    for (const agent of tenant.sim.agents) tenant.sim.set(agent, { state: 'NOT_READY', subState: 'Break' });
    await here.poll();
    for (const agent of tenant.sim.agents) tenant.sim.set(agent, { state: 'READY' });
    await here.poll();
    await deliverAlerts(here.config);
    expect(fake.notified).toHaveLength(4);
    expect(titles()[3]).toBe('197 more alerts');
  });

  it('in quiet hours is none', async () => {
    here.config.settings = {
      ...here.config.settings,
      quietHours: { enabled: true, from: '00:00', to: '00:00', days: [0, 1, 2, 3, 4, 5, 6] },
    };
    for (const name of NAMES) away(name);
    await here.poll();
    for (const name of NAMES) toLunch(name);
    await here.poll();
    await deliverAlerts(here.config);
    expect(fake.notified).toEqual([]);
    expect(await recentAlerts(here.connection.id, 50)).toHaveLength(8);
  });
});

describe('one notification', () => {
  it('takes the place of the older one about the same agent and rule', async () => {
    const { id } = here.agent('Dana Ortiz').person;
    await stored(record(id));
    await deliverAlerts(here.config);
    await stored(record(id, { state: { ...LUNCH, reason: 'Break' } }));
    await deliverAlerts(here.config);
    expect(fake.notified.map((each) => each.id)).toEqual(Array(2).fill(`alert|${here.connection.id}|${id}|any`));
    expect(fake.notifications.size).toBe(1);
  });

  it('names the agent, the state and the connection; stays when told to', async () => {
    here.config.settings = { ...here.config.settings, stayUntilDismissed: true };
    await stored(record(here.agent('Dana Ortiz').person.id));
    await deliverAlerts(here.config);
    expect(fake.notified[0]?.options).toMatchObject({
      title: 'Dana Ortiz: Unavailable · Lunch · Chat',
      contextMessage: 'Demo',
      requireInteraction: true,
    });
  });

  it('tells no name anywhere when names are hidden, in the summary neither', async () => {
    here.config.settings = { ...here.config.settings, showNamesInNotifications: false };
    for (const name of NAMES) await stored(record(here.agent(name).person.id, { silent: name > 'R' }));
    await stored(record(here.agent('Dana Ortiz').person.id, { kind: 'longerThan', minutes: 5 }));
    await stored(record(here.agent('Dana Ortiz').person.id, { kind: 'unexpectedLogout' }));
    await deliverAlerts(here.config);
    const shown = JSON.stringify(fake.notified.map(({ options }) => options));
    for (const name of NAMES) {
      expect(shown).not.toContain(name);
      expect(shown).not.toContain(here.agent(name).person.id);
    }
    expect(titles()).toContain('An agent you watch: Unavailable · Lunch · Chat');
  });

  it('of a data problem says what it is, without a hole or a nought in its text', async () => {
    await stored(problem('malformed', ['0', '0']), problem('serverError', ['0']), problem('portal', ['']));
    await deliverAlerts(here.config);
    expect(fake.notified).toHaveLength(3);
    for (const { options } of fake.notified) expect(String(options.message)).not.toMatch(/\b0\b|^ |\(HTTP \)| {2}/);
  });

  it('opens the agent, and the diagnosis for what is wrong with the data', async () => {
    await stored(record('a/b?c'), problem('offline'));
    await deliverAlerts(here.config);
    for (const { id } of [...fake.notified]) await openFromNotification(id);
    await openFromNotification('somebody else’s');
    expect(fake.tabs.map(({ url }) => url.replace(/^.*src/, '')).sort()).toEqual([
      '/pages/console/index.html#agent=a%2Fb%3Fc',
      '/pages/console/index.html#room=diagnosis',
    ]);
    expect(fake.notifications.size).toBe(0);
  });
});

describe('what a killed worker left undone', () => {
  it('is shown by the next one, once', async () => {
    await stored(record('a'), record('b', { delivered: true }));
    await deliverAlerts(here.config);
    await deliverAlerts(here.config);
    expect(fake.notified.map(({ id }) => id)).toEqual([`alert|${here.connection.id}|a|any`]);
  });

  it('is not shown when it is old', async () => {
    await stored(record('a'));
    atTime(Date.now() + 10 * 60_000);
    await deliverAlerts(here.config);
    expect(fake.notified).toEqual([]);
  });

  it('is another connection’s business when it is', async () => {
    await stored(record('a', { connectionId: 'other' }));
    await deliverAlerts(here.config);
    expect(fake.notified).toEqual([]);
  });
});

describe('an alert found just now is shown', () => {
  it('though CXone’s clock is five minutes behind ours', async () => {
    tenant.sim.moveClock({ skewSeconds: -300 });
    away('Dana Ortiz');
    await here.poll();
    toLunch('Dana Ortiz');
    await here.poll();
    expect(await recentAlerts(here.connection.id, 9)).toHaveLength(1);
    await deliverAlerts(here.config);
    expect(titles()).toHaveLength(1);
  });

  it('though the state began minutes ago: polls may be fifteen minutes apart', async () => {
    here.config.settings = { ...here.config.settings, pollSeconds: 300 };
    const startMs = Date.now();
    away('Dana Ortiz');
    atTime(startMs);
    await here.poll();
    toLunch('Dana Ortiz', { startDate: new Date(startMs + 60_000).toISOString() });
    atTime(startMs + 300_000);
    await here.poll();
    expect(await recentAlerts(here.connection.id, 9)).toHaveLength(1);
    await deliverAlerts(here.config);
    expect(titles()).toHaveLength(1);
  });
});
