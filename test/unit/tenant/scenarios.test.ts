import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CAUSES } from '../../../src/domain/diagnosis/causes.ts';
import { NOT_HERE, SCENARIOS } from '../../tenant/scenarios.ts';
import type { StateRow } from '../../tenant/simulation.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { api, Browser, control, introspect, refresh, scripted, WATCH } from './client.ts';

const tenant: Tenant = await startTenant({ agents: 12, frozen: true });
const access = await scripted(tenant);
const dana = tenant.sim.find('Dana Ortiz')?.person;
if (!dana) throw new Error('no Dana');
afterAll(() => tenant.close());
beforeEach(() => scenario('calm'));

function scenario(name: string) {
  return control(tenant, 'POST', '/scenario', { name });
}

const ask = (path: string, bearer: unknown = access) => api(tenant, path, bearer);
const rows = async (bearer: unknown = access) => (await (await ask('/agents/states', bearer)).json()) as StateRow[];
const single = async () => (await (await ask(`/agents/states?agentId=${dana.id}`)).json()) as StateRow[];
const listed = async () => (await rows()).some((row) => row.agentId === dana.id);
const profile = () => ask(`/agents/${dana.id}`);
const me = async () => (await (await ask('/users/me')).json()) as Record<string, unknown>;
const groups = async () => (await (await ask(`/agents/${dana.id}/skillGroups`)).json()) as { active: boolean }[];

/** Missing for no reason to be found: the profile is good and so are the skill groups. */
async function isHidden() {
  expect(await listed()).toBe(false);
  expect(await single()).toEqual([]);
  expect(await (await profile()).json()).toMatchObject({ orgId: 'org-demo-7f3a', state: 'active' });
  expect((await groups()).length).toBeGreaterThan(0);
}

/** What each scenario must look like from outside. One entry for every scenario: a new one without a check fails below. */
const CHECKS: Record<string, () => Promise<void>> = {
  async calm() {
    expect(await rows()).toHaveLength(12);
    expect(await single()).toHaveLength(1);
  },
  async day() {
    expect(await listed()).toBe(true);
    const list = await rows();
    const of = (name: string) => list.find((row) => row.agentId === tenant.sim.find(name)?.person.id);
    const minutes = (row?: StateRow) => (tenant.sim.clock.now() - Date.parse(row?.startDate ?? '')) / 60_000;
    expect(of('Jonas Weber')).toMatchObject({ state: 'NOT_READY', subState: 'Lunch' });
    expect(minutes(of('Jonas Weber'))).toBeGreaterThan(70);
    expect(of('Mei Lin Tan')).toMatchObject({ state: 'WRAP_UP' });
    expect(minutes(of('Mei Lin Tan'))).toBeGreaterThan(20);
    const hidden = tenant.faults.list().find((fault) => fault.spec.kind === 'hidden');
    expect(hidden?.spec.afterSeconds).toBe(20);
    if (hidden) hidden.spec.afterSeconds = 0;
    expect(await listed()).toBe(false);
    expect((await profile()).status).toBe(200);
    expect((await groups()).every((group) => group.active)).toBe(true);
  },
  async scopeMissing() {
    const { json } = await new Browser(tenant).signIn();
    expect(json.scope).toBe('openid view:agent');
    expect(await rows(json.access_token)).toEqual([]);
  },
  async scopeMissing_opaque() {
    const { json } = await new Browser(tenant).signIn();
    expect(json).not.toHaveProperty('scope');
    expect(String(json.access_token).split('.')).toHaveLength(1);
    expect(await introspect(tenant, json.access_token)).toMatchObject({ active: true, scope: 'openid view:agent' });
    expect(await rows(json.access_token)).toEqual([]);
  },
  async scopeMissing_nearMissOpaque() {
    const { json } = await new Browser(tenant).signIn();
    expect(json).not.toHaveProperty('scope');
    expect(await introspect(tenant, json.access_token)).toMatchObject({ active: true, scope: WATCH });
    expect(await rows(json.access_token)).toHaveLength(11);
    await isHidden();
  },
  async scopeDroppedOnRefresh() {
    const { json } = await new Browser(tenant).signIn();
    expect(await rows(json.access_token)).toHaveLength(12);
    const second = await refresh(tenant, json.refresh_token, WATCH);
    expect(second.json.scope).toBe('openid view:agent');
    expect(await rows(second.json.access_token)).toEqual([]);
  },
  async scopeDroppedOnRefresh_second() {
    const { json } = await new Browser(tenant).signIn();
    const first = await refresh(tenant, json.refresh_token, WATCH);
    expect(first.json.scope).toBe(WATCH);
    expect((await refresh(tenant, first.json.refresh_token, WATCH)).json.scope).toBe('openid view:agent');
  },
  async scopeDroppedOnRefresh_nearMissReordered() {
    const { json } = await new Browser(tenant).signIn();
    const { scope } = (await refresh(tenant, json.refresh_token, WATCH)).json;
    expect(scope).not.toBe(WATCH);
    expect(String(scope).split(' ').sort()).toEqual(WATCH.split(' ').sort());
    await isHidden();
  },
  async scopeEmpty() {
    const { json } = await new Browser(tenant).signIn();
    expect(json.scope).toBe('');
    expect(await rows(json.access_token)).toEqual([]);
  },
  async scopeEmpty_nearMissUnsaid() {
    const { json } = await new Browser(tenant).signIn();
    expect(json).not.toHaveProperty('scope');
    expect(await rows(json.access_token)).toHaveLength(11);
    await isHidden();
  },
  async tokenRejected() {
    const { json } = await new Browser(tenant).signIn();
    expect((await ask('/agents/states', json.access_token)).status).toBe(401);
    const second = await refresh(tenant, json.refresh_token, WATCH);
    expect(second.status).toBe(200);
    expect((await ask('/users/me', second.json.access_token)).status).toBe(401);
  },
  async tokenRejected_nearMissOnce() {
    expect((await ask('/agents/states')).status).toBe(401);
    expect(await rows()).toHaveLength(11);
    await isHidden();
  },
  async roleLacksPermission() {
    expect(await rows()).toEqual([]);
    expect((await me()).permissions).not.toContain('AgentState:View');
  },
  async roleLacksPermission_forbidden() {
    const response = await ask('/agents/states');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error_description: expect.stringContaining('permissions') });
    expect((await me()).permissions).not.toContain('AgentState:View');
  },
  async roleLacksPermission_nearMissUnsaid() {
    expect(await rows()).toEqual([]);
    expect(Object.keys(await me())).toEqual(['id', 'name', 'orgId']);
    expect((await profile()).status).toBe(200);
  },
  async partitionRestricted() {
    expect(await listed()).toBe(false);
    for (const path of [`/agents/states?agentId=${dana.id}`, `/agents/${dana.id}`, `/agents/${dana.id}/skillGroups`]) {
      const response = await ask(path);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error_description: expect.stringContaining('partition') });
    }
  },
  async partitionRestricted_everything() {
    for (const path of ['/agents/states', `/agents/${dana.id}`]) {
      const response = await ask(path);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error_description: expect.stringContaining('partition') });
    }
    expect((await me()).permissions).toContain('AgentState:View');
  },
  async organisationMismatch() {
    expect(await listed()).toBe(false);
    expect(await (await profile()).json()).toMatchObject({ orgId: 'org-other-51c0' });
    expect(await (await ask('/users/me')).json()).toMatchObject({ orgId: 'org-demo-7f3a' });
  },
  async agentNotFound() {
    expect(await listed()).toBe(false);
    expect(await single()).toEqual([]);
    expect((await profile()).status).toBe(404);
    const list = (await (await ask('/agents')).json()) as { total: number };
    expect(list.total).toBe(11);
  },
  async agentNotFound_nearMissLoggedOut() {
    await isHidden();
    expect(tenant.sim.find('Dana Ortiz')?.state).toBe('LOGOUT');
  },
  async agentNotFound_nearMissInactive() {
    expect(await single()).toEqual([]);
    expect(await (await profile()).json()).toMatchObject({ state: 'inactive', orgId: 'org-demo-7f3a' });
  },
  async wrongKindOfId() {
    const skill = dana.skills[0]?.id ?? '';
    for (const id of [dana.email, dana.extension, dana.externalId, dana.userId, skill]) {
      expect((await ask(`/agents/${id}`)).status).toBe(404);
      expect(await (await ask(`/agents/states?agentId=${id}`)).json()).toEqual([]);
    }
    expect(await single()).toHaveLength(1);
  },
  async noSkillGroups() {
    expect(await listed()).toBe(false);
    expect(await single()).toEqual([]);
    expect(await groups()).toEqual([]);
  },
  async noSkillGroups_nearMissNoLogin() {
    await isHidden();
  },
  async notLoggedInToASkill() {
    expect(await listed()).toBe(false);
    expect(await single()).toMatchObject([{ loggedIn: true, skillStates: [] }]);
    expect((await groups()).length).toBeGreaterThan(0);
  },
  async skillInactive() {
    expect(await single()).toEqual([]);
    expect((await groups()).map((group) => group.active)).not.toContain(true);
  },
  async skillInactive_nearMissOneOfTwo() {
    expect((await groups()).map((group) => group.active)).toEqual([false, true]);
    await isHidden();
  },
  async propagationDelay() {
    expect(await single()).toEqual([]);
    const fault = tenant.faults.list()[0];
    if (fault) fault.spec.seconds = 0;
    expect(await single()).toHaveLength(1);
  },
  async propagationDelay_secondRetry() {
    expect(await listed()).toBe(false);
    expect(await listed()).toBe(false);
    expect(await single()).toEqual([]);
    expect(await single()).toEqual([]);
    expect(await listed()).toBe(false);
    expect(await single()).toHaveLength(1);
    expect(await listed()).toBe(true);
  },
  propagationDelay_nearMissHidden: isHidden,
  async loggedOut() {
    expect(await single()).toMatchObject([{ state: 'LOGOUT', loggedIn: false, skillStates: [] }]);
  },
  async noStateSet() {
    expect(await single()).toMatchObject([{ state: 'LOGIN', loggedIn: true }]);
  },
  async noStateSet_null() {
    expect(await single()).toMatchObject([{ state: null, loggedIn: true, skillStates: [{}, {}] }]);
  },
  async wrongHostOrVersion() {
    const response = await ask('/users/me');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
  },
  async wrongHostOrVersion_nearMissNoMe() {
    const response = await ask('/users/me');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
    await isHidden();
  },
  async captivePortal() {
    for (const path of ['/api/v2/agents/states', '/.well-known/openid-configuration']) {
      const response = await fetch(`${tenant.issuer}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
    }
    expect((await refresh(tenant, 'any')).text).toContain('Guest Wi-Fi');
  },
  async rateLimited() {
    const response = await ask('/agents/states');
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('30');
  },
  async rateLimited_midway() {
    expect(await single()).toEqual([]);
    expect((await profile()).status).toBe(200);
    const response = await ask(`/agents/${dana.id}/skillGroups`);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('30');
  },
  async malformed() {
    expect(await (await ask('/agents/states')).json()).toEqual({ status: 'ok' });
  },
  async malformed_nearMissWrapped() {
    const { agentStates } = (await (await ask('/agents/states')).json()) as { agentStates: StateRow[] };
    expect(agentStates).toHaveLength(11);
    expect(agentStates.some((row) => row.agentId === dana.id)).toBe(false);
  },
  async unreachable() {
    await expect(ask('/agents/states')).rejects.toThrow();
    expect((await refresh(tenant, 'any')).status).toBe(400);
  },
  async unreachable_unavailable() {
    const response = await ask('/users/me');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
  },
};

describe('scenarios', () => {
  it('have a check each', () => {
    expect(Object.keys(CHECKS).sort()).toEqual(Object.keys(SCENARIOS).sort());
  });

  it('have the name of every cause, or say why there is none', () => {
    expect(CAUSES.filter((cause) => !Object.hasOwn(SCENARIOS, cause) && !Object.hasOwn(NOT_HERE, cause))).toEqual([]);
    const named = Object.keys(SCENARIOS).map((name) => name.split('_')[0]);
    expect(named.filter((cause) => !(CAUSES as readonly unknown[]).includes(cause))).toEqual(['calm', 'day']);
  });

  it.each(Object.keys(CHECKS))('%s', async (name) => {
    const answer = await scenario(name);
    expect(answer).toMatchObject({ name, description: expect.any(String) });
    await CHECKS[name]?.();
  });

  it('leave nothing behind', async () => {
    for (const name of Object.keys(SCENARIOS)) await scenario(name);
    await scenario('calm');
    expect(tenant.faults.list()).toEqual([]);
    expect(tenant.sim.agents.some((agent) => agent.held)).toBe(false);
    await CHECKS.calm?.();
  });

  it('names those there are when asked for another', async () => {
    expect((await scenario('nope')).error_description).toContain('rateLimited');
    expect((await scenario('noChangeSince')).error_description).toContain('public profile');
    expect((await scenario('hostAccessMissing')).error_description).toContain('browser');
    expect((await scenario('toString')).error).toBe('unknown_scenario');
  });
});
