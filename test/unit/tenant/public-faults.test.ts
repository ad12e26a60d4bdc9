import { afterEach, describe, expect, it } from 'vitest';
import { CANARIES } from '../../tenant/canaries.ts';
import { PUBLIC_FAULT_KINDS } from '../../tenant/public-fault-kinds.ts';
import { PUBLIC_BOOK } from '../../tenant/scenarios-public.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { control } from './client.ts';
import { Caller, configuration } from './public-client.ts';

const open: Tenant[] = [];
async function start(options: TenantOptions = {}): Promise<{ tenant: Tenant; caller: Caller; id: string }> {
  const tenant = await startTenant({ profile: 'public', agents: 30, frozen: true, ...options });
  open.push(tenant);
  return { tenant, caller: await Caller.of(tenant), id: tenant.sim.agents[0]?.person.id ?? '' };
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((tenant) => tenant.close()));
});

type Row = Record<string, unknown>;
const STATES = '/agents/states';

async function delta(caller: Caller, before?: () => void) {
  const { json } = await caller.call(STATES);
  before?.();
  return caller.call(`${STATES}?updatedSince=${json.lastPollTime}`);
}

describe('faults of the public API', () => {
  it.each([
    [{}, 200],
    [{ as: '204' }, 204],
    [{ as: '304' }, 304],
  ])('noChangeSince %j: a delta without a change is %d', async (more, status) => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'noChangeSince', ...more });
    const quiet = await delta(caller);
    expect([quiet.status, quiet.json?.agentStates ?? []]).toEqual([status, []]);
    if (status !== 200) expect(quiet.text).toBe('');
    const [first] = tenant.sim.agents;
    const moved = await delta(
      caller,
      () => first && tenant.sim.set(first, { state: first.state === 'READY' ? 'WRAP_UP' : 'READY' }),
    );
    expect(moved.json.agentStates).toHaveLength(1);
  });

  it('noChangeSince always: also when everybody moved, but never for a full poll', async () => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'noChangeSince', always: true });
    expect((await delta(caller, () => tenant.sim.moveClock({ advanceSeconds: 3600 }))).json.agentStates).toEqual([]);
    expect((await caller.call(STATES)).json.agentStates).toHaveLength(30);
    expect((await caller.call(`${STATES}?updatedSince=1970-01-01T00:00:00Z`)).json.agentStates).toHaveLength(30);
    expect(tenant.log.since(0).filter(({ faults }) => faults?.includes('noChangeSince'))).toHaveLength(1);
  });

  it('restrictedTeams: left out of lists, counted, 403 singly; others are untouched', async () => {
    const { tenant, caller, id } = await start();
    tenant.faults.arm({ kind: 'restrictedTeams', teams: ['Billing North', 702] });
    const { json } = await caller.call(STATES);
    expect(new Set(json.agentStates.map(({ teamId }: Row) => teamId))).toEqual(new Set([703, 704, 705]));
    expect((await caller.call('/agents')).json).toMatchObject({ totalRecords: 18, hiddenAgents: 12 });
    for (const path of [`/agents/${id}`, `/agents/${id}/states`, `/agents/${id}/skills`, `/agents/${id}/state-history`]) {
      const refused = await caller.call(path);
      expect([refused.status, refused.json.error_description]).toEqual([403, `Agent - '${id}' is restricted`]);
    }
    expect((await caller.call(`/agents/${tenant.sim.agents[2]?.person.id}`)).status).toBe(200);
    expect((await caller.call('/teams')).json.teams).toHaveLength(3);
  });

  it('restrictedTeams without teams: nobody, with 200', async () => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'restrictedTeams' });
    expect((await caller.call(STATES)).json).toMatchObject({ agentStates: [], totalRecords: 0 });
    expect((await caller.call('/agents')).json).toMatchObject({ agents: [], totalRecords: 0, hiddenAgents: 30 });
  });

  it.each([
    ['description', 'no such right', null],
    ['header', '', 'no such right'],
    ['bare', '', null],
  ])('forbidden as %s', async (as, body, header) => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'forbidden', as, text: 'no such right', match: STATES });
    const { status, text, json, headers } = await caller.call(STATES);
    expect([status, json?.error_description ?? text, headers.get('icStatusDescription')]).toEqual([403, body, header]);
    expect((await caller.call('/server-time')).status).toBe(200);
  });

  it('businessUnitMismatch: every record names another business unit than the token', async () => {
    const { tenant, caller, id } = await start();
    tenant.faults.arm({ kind: 'businessUnitMismatch', businessUnitId: 5 });
    for (const { businessUnitId } of (await caller.call(STATES)).json.agentStates) expect(businessUnitId).toBe(5);
    expect((await caller.call(`/agents/${id}/skills`)).json.businessUnitId).toBe(5);
    expect((await caller.call('/permissions')).json.permissions[0].BusinessUnitId).toBe(4600123);
  });

  it('oldVersionsOnly', async () => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'oldVersionsOnly' });
    const statuses = await Promise.all(['v34.0', 'v30.0', 'v28.0'].map((version) => caller.call(STATES, { version })));
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 200]);
  });

  it('configurationFields and configurationStatus', async () => {
    const { tenant } = await start();
    tenant.faults.arm({
      kind: 'configurationFields',
      times: 1,
      patch: { api_endpoint: '__ui__', area: '__delete__', cluster: 'C1' },
    });
    const document = (await (await configuration(tenant)).json()) as Row;
    expect(document).toMatchObject({ api_endpoint: tenant.uiBaseUrl, cluster: 'C1' });
    expect(document).not.toHaveProperty('area');
    expect(await (await configuration(tenant)).json()).toMatchObject({ api_endpoint: tenant.apiBaseUrl });
    tenant.faults.arm({ kind: 'configurationStatus', status: 500, html: true });
    expect((await configuration(tenant)).headers.get('content-type')).toContain('html');
  });

  const firstRow = async (caller: Caller, path = STATES, list = 'agentStates') =>
    (await caller.call(path, { unlike: true })).json[list][0] as Row;

  it.each([
    ['isAcw', STATES, 'agentStates', 'isACW', 'isAcw'],
    ['media', STATES, 'agentStates', 'mediaTypeId', 'mediaType'],
    ['outStateCode', STATES, 'agentStates', 'outStateId', 'outStateCode'],
    ['agentNo', STATES, 'agentStates', 'agentId', 'agentNo'],
    ['agentIdAlt', STATES, 'agentStates', 'agentId', 'agentID_alt'],
    ['outStateName', '/teams/701/unavailable-codes', 'unavailableCodes', 'outstateName', 'outStateName'],
  ])('fieldDrift %s renames a member', async (spell, path, list, from, to) => {
    const { tenant, caller } = await start();
    const before = await firstRow(caller, path, list);
    tenant.faults.arm({ kind: 'fieldDrift', spell: [spell] });
    const after = await firstRow(caller, path, list);
    expect(after[to]).toEqual(before[from]);
    expect(after).not.toHaveProperty(from);
  });

  it('fieldDrift: ids and flags as texts, poll time elsewhere, lengths in seconds, an unknown state', async () => {
    const { tenant, caller, id } = await start();
    const arm = (...spell: string[]) => {
      tenant.faults.clear();
      tenant.faults.arm({ kind: 'fieldDrift', spell });
    };
    arm('stringIds', 'stringBooleans');
    expect(await firstRow(caller)).toMatchObject({ agentId: id, isACW: expect.stringMatching(/^(true|false)$/) });
    arm('resultSet');
    expect((await caller.call(STATES, { unlike: true })).json).toMatchObject({
      resultSet: { lastPollTime: expect.any(String), agentStates: expect.any(Array) },
    });
    arm('pollTimeInRows');
    const { json } = await caller.call(STATES, { unlike: true });
    expect(json.lastPollTime).toBeUndefined();
    expect(json.agentStates[0].lastPollTime).toEqual(expect.any(String));
    arm('unknownState');
    const [first] = tenant.sim.agents;
    if (first) tenant.sim.set(first, { state: 'READY' });
    expect(await firstRow(caller)).toMatchObject({ agentStateId: 77, agentStateName: 'OnStandby' });
    tenant.sim.moveClock({ advanceSeconds: 3600 });
    arm('durationSeconds');
    expect(Number((await firstRow(caller, '/agents/state-history', 'agentStateHistory')).duration)).toBeGreaterThan(0);
    arm('durationNumber');
    expect((await firstRow(caller, '/agents/state-history', 'agentStateHistory')).duration).toEqual(expect.any(Number));
    arm('bareSkillResults');
    const body = { skills: [{ skillId: '4101', isActive: true }] };
    const written = await caller.call(`/agents/${id}/skills`, { method: 'PUT', body, unlike: true });
    expect(written.json).toMatchObject({ errorCount: expect.any(Number), skillResults: [{ skillId: 4101 }] });
    tenant.faults.clear();
    tenant.faults.arm({ kind: 'fieldDrift' });
    const all = (await caller.call(STATES, { unlike: true })).json.resultSet.agentStates[0];
    expect(all).toMatchObject({ agentID_alt: id, isAcw: expect.any(String) });
  });

  it('skillItemsFail: the items named fail inside a 200, nothing is written for them', async () => {
    const { tenant, caller, id } = await start();
    const own: Row[] = (await caller.call(`/agents/${id}/skills`)).json.agentSkillAssignments;
    const [{ skillId, skillName } = { skillId: 0, skillName: '' }] = own;
    tenant.faults.arm({ kind: 'skillItemsFail', skills: [skillName], error: 'Busy' });
    const body = { skills: [{ skillId: String(skillId), proficiency: 9, isActive: true }] };
    const { status, json } = await caller.call(`/agents/${id}/skills`, { method: 'PUT', body });
    expect(status).toBe(200);
    expect(json.resultSet).toEqual({ errorCount: 1, skillResults: [{ skillId, success: false, error: 'Busy' }] });
    expect((await caller.call(`/agents/${id}/skills`)).json.agentSkillAssignments).toEqual(own);
  });

  it('pagedByDefault and pagesOverlap: rows come twice, none is lost', async () => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'pagedByDefault', rows: 10 });
    tenant.faults.arm({ kind: 'pagesOverlap', rows: 3 });
    const ids: number[] = [];
    for (let path: string | undefined = STATES; path !== undefined; ) {
      const { json } = await caller.call(path);
      ids.push(...json.agentStates.map(({ agentId }: Row) => agentId));
      const next: string | undefined = json._links.next;
      path = next?.slice(next.indexOf(STATES));
    }
    expect(ids).toHaveLength(36);
    expect(new Set(ids).size).toBe(30);
  });

  it('loggedOutUnlisted: logged-out agents are in no list', async () => {
    const { tenant, caller, id } = await start();
    const [first] = tenant.sim.agents;
    if (first) tenant.sim.set(first, { state: 'LOGOUT' });
    const listed = async () => (await caller.call(STATES)).json.agentStates.some(({ agentId }: Row) => String(agentId) === id);
    expect(await listed()).toBe(true);
    tenant.faults.arm({ kind: 'loggedOutUnlisted' });
    expect(await listed()).toBe(false);
    expect((await caller.call(`/agents/${id}/states`)).json.agentStates).toMatchObject([{ agentStateId: 0 }]);
  });

  it('datesWithTime', async () => {
    const { tenant, caller, id } = await start();
    expect((await firstRow(caller, `/agents/${id}/states`)).startDate).toMatch(/^\d{4}-\d\d-\d\d$/);
    tenant.faults.arm({ kind: 'datesWithTime' });
    expect((await firstRow(caller, `/agents/${id}/states`)).startDate).toMatch(/T.*Z$/);
  });

  it('malformedRows, duplicateRows and malformedEnvelope break what they say', async () => {
    const { tenant, caller } = await start();
    tenant.faults.arm({ kind: 'malformedRows', count: 10, times: 1 });
    const broken = (await caller.call(STATES, { unlike: true })).json.agentStates;
    expect(broken).toHaveLength(30);
    expect(broken.filter((row: unknown) => row === null || typeof row !== 'object' || Array.isArray(row))).toHaveLength(4);
    tenant.faults.arm({ kind: 'duplicateRows', times: 1 });
    expect((await caller.call(STATES)).json.agentStates).toHaveLength(40);
    tenant.faults.arm({ kind: 'malformedEnvelope', shape: 'null', times: 1 });
    expect((await caller.call(STATES, { unlike: true })).text).toBe('null');
  });

  it('canaries are in names, texts and errors', async () => {
    const { tenant, caller, id } = await start();
    tenant.faults.arm({ kind: 'canaries' });
    expect((await caller.call(STATES, { unlike: true })).text).toContain(CANARIES.person);
    tenant.faults.arm({ kind: 'restrictedTeams' });
    expect((await caller.call(`/agents/${id}`)).text).toContain(CANARIES.jwt);
  });

  it('of the transport act on paths under the version', async () => {
    const { tenant, caller, id } = await start();
    tenant.faults.arm({ kind: 'status', status: 503, retryAfter: 7, match: '/agents/*/skills', times: 1 });
    expect((await caller.call(STATES)).status).toBe(200);
    const { status, headers } = await caller.call(`/agents/${id}/skills`);
    expect([status, headers.get('retry-after')]).toEqual([503, '7']);
    expect((await caller.call(`/agents/${id}/skills`)).status).toBe(200);
  });

  it('are all known to the control API', async () => {
    const { tenant } = await start();
    const { kinds } = await control<{ kinds: Row }>(tenant, 'GET', '/faults');
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining(Object.keys(PUBLIC_FAULT_KINDS)));
    const { control: help } = await control<{ control: Row }>(tenant, 'GET', '');
    expect(Object.keys(help)).toEqual(expect.arrayContaining(['GET /control/connection', 'GET /control/writes?since=SEQ']));
  });
});

/** What somebody sees who asks for everybody, for the agent the scenario is about, for all agents, and for the delta after that. */
async function look(tenant: Tenant, caller: Caller) {
  const id = tenant.sim.find('Dana Ortiz')?.person.id ?? '';
  const json = async (path: string) =>
    caller.call(path, { unlike: true }).catch(() => ({ status: 0, json: undefined, text: '' }));
  const all = await json(STATES);
  const rows: Row[] | undefined = all.json?.agentStates ?? all.json?.resultSet?.agentStates;
  const one = await json(`/agents/${id}/states`);
  const agent = await json(`/agents/${id}`);
  const skills = await json(`/agents/${id}/skills`);
  const own = rows?.find((row) => String(row.agentId ?? row.agentID_alt) === id);
  return {
    states: all.status,
    listed: rows?.length,
    dana: own !== undefined,
    danaState: own?.agentStateName,
    one: one.status,
    oneRows: one.json?.agentStates?.length,
    agent: agent.status,
    active: agent.json?.agents?.[0]?.isActive,
    skills: skills.status,
    skillRows: skills.json?.agentSkillAssignments?.length,
    skillsOn: skills.json?.agentSkillAssignments?.every(({ isSkillActive }: Row) => isSkillActive),
  };
}

const FINE = { states: 200, listed: 30, dana: true, one: 200, oneRows: 1, agent: 200, active: true, skills: 200, skillsOn: true };

/** Each scenario, by what can be seen of it. */
const SEEN: Record<string, Record<string, unknown>> = {
  calm: FINE,
  day: FINE,
  tokenRejected: { states: 401, one: 401, agent: 401 },
  tokenRejected_nearMissOnce: { states: 401, one: 200, oneRows: 0, agent: 200 },
  agentNotFound: { states: 200, listed: 29, dana: false, one: 404, agent: 404 },
  agentNotFound_nearMissLoggedOut: { states: 200, listed: 29, dana: false, one: 200, oneRows: 0, agent: 200 },
  agentNotFound_nearMissInactive: { states: 200, listed: 29, dana: false, one: 200, oneRows: 0, agent: 200, active: false },
  propagationDelay: { states: 200, listed: 29, dana: false, one: 200, oneRows: 0, agent: 200 },
  propagationDelay_nearMissHidden: { states: 200, listed: 29, dana: false, one: 200, oneRows: 0, agent: 200 },
  loggedOut: { ...FINE, danaState: 'LoggedOut' },
  noStateSet: { ...FINE, danaState: 'LoggedIn' },
  captivePortal: { states: 200, listed: undefined, agent: 200, active: undefined },
  unreachable: { states: 0, one: 0, agent: 0 },
  unreachable_unavailable: { states: 503, one: 503, agent: 503 },
  noChangeSince: FINE,
  noChangeSince_noContent: FINE,
  noChangeSince_notModified: FINE,
  noChangeSince_nearMissNobody: { states: 200, listed: 0, one: 403, agent: 403 },
  partitionRestricted: { states: 200, listed: 24, dana: false, one: 403, agent: 403, skills: 403 },
  partitionRestricted_everything: { states: 200, listed: 0, one: 403, agent: 403 },
  roleLacksPermission: { states: 403, one: 403, agent: 200 },
  roleLacksPermission_header: { states: 403, one: 200, agent: 200 },
  roleLacksPermission_bare: { states: 403, one: 200, agent: 200 },
  organisationMismatch: FINE,
  wrongHostOrVersion: { states: 404, one: 404, agent: 404 },
  wrongHostOrVersion_uiHost: FINE,
  wrongHostOrVersion_foreignHost: FINE,
  wrongHostOrVersion_noConfiguration: FINE,
  wrongHostOrVersion_nearMissOldOnly: { states: 404, one: 404, agent: 404 },
  rateLimited: { states: 429, one: 200, agent: 200 },
  rateLimited_silent: { states: 429, one: 200, agent: 200 },
  rateLimited_midway: { states: 200, dana: false, agent: 200, skills: 429 },
  malformed: { states: 200, listed: undefined, agent: 200 },
  malformed_nearMissDrift: { states: 200, listed: 30, dana: true, agent: 200 },
  malformed_nearMissOverlap: { states: 200, listed: 20, dana: true },
  wrongKindOfId: FINE,
  noSkillGroups: { ...FINE, skillRows: 0 },
  skillInactive: { ...FINE, skillsOn: false },
};

describe('scenarios of profile public', () => {
  it('are all looked at', () => {
    expect(Object.keys(PUBLIC_BOOK.scenarios).sort()).toEqual(Object.keys(SEEN).sort());
    for (const each of Object.values(PUBLIC_BOOK.scenarios)) expect(each.description).not.toMatch(/skill groups|\/users\/me/);
  });

  it.each(Object.entries(SEEN))('%s', async (name, seen) => {
    const { tenant } = await start({ scenario: name });
    const caller = await Caller.of(tenant);
    expect(await look(tenant, caller)).toMatchObject(seen);
  });

  it('change by the control API, and say what is not to be had', async () => {
    const { tenant, caller } = await start();
    expect(await control(tenant, 'POST', '/scenario', { name: 'roleLacksPermission' })).toMatchObject({
      name: 'roleLacksPermission',
    });
    expect((await caller.call(STATES)).status).toBe(403);
    const refused = await control(tenant, 'POST', '/scenario', { name: 'scopeMissing' });
    expect(refused.error_description).toContain('the only scope is openid');
    await control(tenant, 'POST', '/scenario', { name: 'calm' });
    expect((await caller.call(STATES)).status).toBe(200);
  });

  it('noChangeSince is seen by deltas only', async () => {
    const { tenant, caller } = await start({ scenario: 'noChangeSince' });
    expect((await delta(caller, () => tenant.sim.moveClock({ advanceSeconds: 3600 }))).json.agentStates).toEqual([]);
  });
});
