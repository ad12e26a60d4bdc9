import { afterEach, describe, expect, it } from 'vitest';
import { misfits, SCHEMAS } from '../../tenant/public-schema.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { control } from './client.ts';
import { Caller } from './public-client.ts';

const open: Tenant[] = [];
async function start(options: TenantOptions = {}): Promise<{ tenant: Tenant; caller: Caller }> {
  const tenant = await startTenant({ profile: 'public', agents: 30, frozen: true, ...options });
  open.push(tenant);
  return { tenant, caller: await Caller.of(tenant) };
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((tenant) => tenant.close()));
});

type Row = Record<string, unknown>;
const idsOf = (rows: Row[]) => rows.map(({ agentId }) => String(agentId));
const person = (tenant: Tenant, index = 0) => tenant.sim.agents[index]?.person ?? { id: '', userId: '', name: '', email: '' };

describe('what every path answers', () => {
  const range = 'startDate=2020-01-01T00:00:00Z&endDate=2099-01-01T00:00:00.000Z';

  it('fits the documents, on each of them', async () => {
    const { tenant, caller } = await start();
    tenant.sim.moveClock({ advanceSeconds: 1800 });
    const { id, userId } = person(tenant);
    const asked = [
      '/agents/states',
      `/agents/${id}/states`,
      '/agents?top=3',
      `/agents/${id}`,
      `/agents/${userId}`,
      `/agents/${id}/skills`,
      `/agents/${userId}/skills`,
      `/agents/${id}/state-history?${range}`,
      '/agents/state-history',
      `/agents/${id}/performance?${range}`,
      `/agents/performance?${range}`,
      '/permissions',
      '/server-time',
      '/teams',
      '/teams/701/unavailable-codes',
      '/unavailable-codes',
      '/skills/activity',
      '/business-unit',
    ];
    for (const path of asked) expect([path, (await caller.call(path)).status]).toEqual([path, 200]);
    expect((await caller.call('/skills', { version: 'v28.0' })).json.skills).toHaveLength(8);
    const seen = new Set(asked.map((path) => `GET ${path.split('?')[0]?.replace(/\/(\d+|[0-9a-f-]{36})/, '/:id')}`));
    const rest = Object.keys(SCHEMAS).filter((each) => !seen.has(each) && each.startsWith('GET'));
    expect(rest).toEqual(['GET /skills']);
  });

  it('is found wanting by the schema when a member is missing, unknown or of another type', () => {
    const schema = SCHEMAS['GET /server-time'];
    if (!schema) throw new Error('no schema');
    expect(misfits({ ServerTime: '2026-01-02T03:04:05.678Z' }, schema)).toEqual([]);
    for (const wrong of [{}, { ServerTime: 7 }, { ServerTime: 'noon' }, { ServerTime: '2026-01-02T03:04:05Z', x: 1 }, [], null]) {
      expect(misfits(wrong, schema)).not.toEqual([]);
    }
  });

  it('is there under any spelling of the prefix, in three versions', async () => {
    const { tenant, caller } = await start();
    const headers = { authorization: `Bearer ${(await control(tenant, 'POST', '/token', { scopes: ['openid'] })).access_token}` };
    for (const prefix of ['incontactAPI', 'inContactAPI', 'InContactAPI', 'incontactapi']) {
      expect((await fetch(`${tenant.apiBaseUrl}/${prefix}/services/v34.0/server-time`, { headers })).status).toBe(200);
    }
    for (const version of ['v34.0', 'v30.0', 'v28.0'])
      expect((await caller.call('/agents/states', { version })).status).toBe(200);
    for (const version of ['v35.0', 'v27.0', 'v34']) {
      const { status, headers: sent } = await caller.call('/agents/states', { version });
      expect([status, sent.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    }
    expect((await caller.call('/skills')).status).toBe(404);
    expect((await caller.call('/nothing')).status).toBe(404);
    expect((await caller.call('/server-time', { method: 'POST', body: {} })).status).toBe(405);
  });

  it('is refused without a good token, and without an Accept header', async () => {
    const { tenant, caller } = await start();
    const { status, json } = await caller.call('/agents/states', { token: 'an-access-key-instead' });
    expect([status, json.error]).toEqual([401, 'invalid_token']);
    await control(tenant, 'POST', '/expire');
    expect((await caller.call('/agents/states')).status).toBe(401);
    const { request } = await import('node:http');
    const code = await new Promise((resolve) => {
      request(`${tenant.apiBaseUrl}/incontactAPI/services/v34.0/server-time`, (res) => {
        res.resume();
        resolve(res.statusCode);
      }).end();
    });
    expect(code).toBe(406);
  });
});

describe('agent states', () => {
  it('lists everybody, logged out or not, as the ACD says it', async () => {
    const { tenant, caller } = await start();
    const setTo = async (index: number, state: string, subState?: string) =>
      control(tenant, 'POST', `/agents/${person(tenant, index).id}`, { state, ...(subState === undefined ? {} : { subState }) });
    await setTo(0, 'READY');
    await setTo(1, 'NOT_READY', 'Lunch');
    await setTo(2, 'WRAP_UP');
    await setTo(3, 'ON_CONTACT');
    await setTo(4, 'LOGIN');
    await setTo(5, 'LOGOUT');
    await setTo(6, 'NOT_READY', 'Refused');
    const { json } = await caller.call('/agents/states');
    expect(json.totalRecords).toBe(30);
    expect(idsOf(json.agentStates)).toEqual(tenant.sim.agents.map((agent) => agent.person.id));
    expect(json.agentStates.slice(0, 7)).toMatchObject([
      {
        agentStateId: 1,
        agentStateName: 'Available',
        isACW: false,
        outStateId: null,
        firstName: 'Dana',
        lastName: 'Ortiz',
        teamId: 701,
      },
      { agentStateId: 2, agentStateName: 'Unavailable', isACW: false, outStateId: 11, outStateDescription: 'Lunch' },
      { agentStateId: 2, agentStateName: 'Unavailable', isACW: true, outStateDescription: 'Wrap Up' },
      { openContacts: 1, contactId: expect.any(Number), skillName: expect.any(String), mediaTypeName: expect.any(String) },
      { agentStateId: 8, agentStateName: 'LoggedIn' },
      { agentStateId: 0, agentStateName: 'LoggedOut', sessionStartTime: null },
      { agentStateId: 2, outStateId: -1, outStateDescription: 'Refused' },
    ]);
    expect(tenant.log.counts.statesRequests).toBe(1);
  });

  it('says after updatedSince who changed, each once, and nobody when nobody did', async () => {
    const { tenant, caller } = await start();
    let { lastPollTime } = (await caller.call('/agents/states')).json;
    const poll = async (): Promise<string[]> => {
      const { json } = await caller.call(`/agents/states?updatedSince=${lastPollTime}`);
      expect(Date.parse(json.lastPollTime)).toBeGreaterThan(Date.parse(lastPollTime));
      lastPollTime = json.lastPollTime;
      return idsOf(json.agentStates);
    };
    expect(await poll()).toEqual([]);
    const [first, second] = tenant.sim.agents;
    if (!first || !second) throw new Error('no agents');
    tenant.sim.set(first, { state: first.state === 'READY' ? 'WRAP_UP' : 'READY' });
    tenant.sim.set(second, { state: 'NOT_READY', subState: 'Lunch', startDate: new Date(Date.now() - 3_600_000).toISOString() });
    expect(await poll()).toEqual([first.person.id, second.person.id]);
    expect(await poll()).toEqual([]);
    // A whole afternoon of deltas is the same as what really happened.
    for (let step = 0; step < 40; step++) {
      const before = tenant.sim.truth.length;
      tenant.sim.moveClock({ advanceSeconds: 20 });
      const changed = new Set(tenant.sim.truth.slice(before).map(({ agentId }) => agentId));
      expect(new Set(await poll())).toEqual(changed);
    }
  });

  it('starts over from the epoch, and from one of its own answers under a wrong clock', async () => {
    const { tenant, caller } = await start();
    expect((await caller.call('/agents/states?updatedSince=1970-01-01T00:00:00.000Z')).json.agentStates).toHaveLength(30);
    tenant.faults.arm({ kind: 'clockSkew', seconds: 3600 });
    const { json } = await caller.call('/agents/states');
    expect(Date.parse(json.lastPollTime)).toBeGreaterThan(Date.now() + 3_500_000);
    expect(Date.parse((await caller.call('/server-time')).json.ServerTime)).toBeGreaterThan(Date.now() + 3_500_000);
    expect((await caller.call(`/agents/states?updatedSince=${json.lastPollTime}`)).json.agentStates).toEqual([]);
  });

  it.each(['0', 'yesterday', '2026-01-02', '2026-01-02T03:04:05%2B00:00', '2026-01-02T03:04:05+00:00', '2026-13-40T00:00:00Z'])(
    'refuses updatedSince=%s',
    async (text) => {
      const { caller } = await start();
      const { status, json } = await caller.call(`/agents/states?updatedSince=${text}`);
      expect([status, json.error_description]).toEqual([400, 'Invalid Updated Since']);
    },
  );

  it('comes in pages when asked, with links that lead to the end', async () => {
    const { tenant, caller } = await start();
    const seen: string[] = [];
    let path = '/agents/states?top=12';
    for (let pages = 0; pages < 5; pages++) {
      const { json } = await caller.call(path);
      expect(json.totalRecords).toBe(30);
      seen.push(...idsOf(json.agentStates));
      const next: string | undefined = json._links.next;
      if (next === undefined) break;
      expect(next.startsWith(`${tenant.apiBaseUrl}/inContactAPI/services/v34.0/agents/states?`)).toBe(true);
      path = next.slice(next.indexOf('/agents/states'));
    }
    expect(seen).toEqual(tenant.sim.agents.map((agent) => agent.person.id));
    expect((await caller.call('/agents/states?skip=28')).json.agentStates).toHaveLength(2);
    expect((await caller.call('/agents/states?top=12&skip=24')).json._links.previous).toContain('skip=12');
    for (const query of ['top=0', 'top=x', 'skip=-1']) expect((await caller.call(`/agents/states?${query}`)).status).toBe(400);
  });

  it('gives the fields asked for, in the order asked for', async () => {
    const { caller } = await start();
    const fields = 'agentId,agentStateId,startDate,isACW';
    const { json } = await caller.call(`/agents/states?fields=${fields}&orderBy=agentId%20desc`);
    for (const row of json.agentStates) expect(Object.keys(row).join()).toBe(fields);
    const ids = json.agentStates.map(({ agentId }: Row) => agentId);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect((await caller.call('/agents/states?fields=agentId,colour')).json.error_description).toBe('Invalid Fields List');
    expect((await caller.call('/agents/states?orderBy=colour')).status).toBe(400);
  });

  it('has another record for one agent', async () => {
    const { tenant, caller } = await start();
    const { id, userId, email } = person(tenant);
    const { json } = await caller.call(`/agents/${id}/states`);
    expect(json.agentStates).toHaveLength(1);
    const [row] = json.agentStates;
    expect(row).toMatchObject({ agentId: Number(id), lastPollTime: expect.stringContaining('Z') });
    for (const absent of ['userName', 'isActive', 'mediaTypeId', 'mediaTypeName']) expect(row).not.toHaveProperty(absent);
    for (const other of ['1', userId, email]) {
      const { status, json: error } = await caller.call(`/agents/${encodeURIComponent(other)}/states`, { unlike: true });
      expect([status, error.error_description]).toEqual([404, 'Invalid Agent Id']);
    }
  });
});

describe('agents', () => {
  it('come in pages of fifty, a hundred at most', async () => {
    const { caller } = await start({ agents: 230 });
    expect((await caller.call('/agents')).json.agents).toHaveLength(50);
    const { json } = await caller.call('/agents?top=500&skip=0');
    expect(json.agents).toHaveLength(100);
    expect(json).toMatchObject({ totalRecords: 230, hiddenAgents: 0 });
    expect(json._links.next).toContain('skip=100');
    expect((await caller.call('/agents?top=100&skip=200')).json._links.next).toBeUndefined();
  });

  it('are searched, and 204 where there is nothing new', async () => {
    const { tenant, caller } = await start();
    expect((await caller.call('/agents?searchString=ortiz')).json.agents).toMatchObject([
      { lastName: 'Ortiz', teamName: 'Billing North' },
    ]);
    expect((await caller.call('/agents?isActive=false')).status).toBe(204);
    expect((await caller.call(`/agents?updateSince=${new Date(Date.now() + 1000).toISOString()}`)).status).toBe(204);
    const [first] = tenant.sim.agents;
    expect((await caller.call(`/agents/${first?.person.id}`)).json.agents).toMatchObject([{ userID: first?.person.userId }]);
  });

  it('of two tenants of one seed have the same ids, of another seed others', async () => {
    const ids = async (seed: number) => (await start({ agents: 3, seed })).tenant.sim.agents.map((agent) => agent.person.id);
    expect(await ids(1)).toEqual(await ids(1));
    expect(await ids(2)).not.toEqual(await ids(1));
  });
});

describe('history and performance', () => {
  it('tells every state that ended, with its length', async () => {
    const { tenant, caller } = await start();
    const [first] = tenant.sim.agents;
    if (!first) throw new Error('no agents');
    tenant.sim.set(first, { state: 'READY' });
    const from = new Date(tenant.sim.clock.now()).toISOString();
    for (const state of ['ON_CONTACT', 'WRAP_UP', 'NOT_READY', 'READY'] as const) {
      tenant.sim.moveClock({ advanceSeconds: 90 });
      tenant.sim.set(first, { state, ...(state === 'NOT_READY' ? { subState: 'Lunch' } : {}) });
    }
    const { json } = await caller.call(`/agents/${first.person.id}/state-history?startDate=${from}`);
    expect(json.agentStateHistory).toMatchObject([
      { agentStateName: expect.stringContaining('Contact'), contactId: expect.any(Number) },
      { agentStateName: 'Unavailable', outStateDescription: 'Wrap Up' },
      { agentStateName: 'Unavailable', outStateId: 11, outStateDescription: 'Lunch' },
    ]);
    for (const { duration } of json.agentStateHistory) expect(duration).toMatch(/^PT1M30(\.\d+)?S$/);
    const past = await caller.call(
      `/agents/${first.person.id}/state-history?startDate=2020-01-01T00:00:00Z&endDate=2020-01-02T00:00:00Z`,
    );
    expect(past.json).toMatchObject({ agentStateHistory: [], totalRecords: 0 });
  });

  it('refuses a range that ends before it begins, and unknown agents', async () => {
    const { tenant, caller } = await start();
    const { id } = person(tenant);
    const backwards = await caller.call(
      `/agents/${id}/state-history?startDate=2026-01-02T00:00:00Z&endDate=2026-01-01T00:00:00Z`,
    );
    expect([backwards.status, backwards.json.error_description]).toEqual([400, 'Invalid Date Range']);
    expect((await caller.call('/agents/1/state-history')).json.error_description).toBe('Agent not found for BU');
  });

  it('adds the same times up for performance, and is 204 where there are none', async () => {
    const { tenant, caller } = await start();
    tenant.sim.moveClock({ advanceSeconds: 7200 });
    const { id } = person(tenant);
    const span = `startDate=${new Date(Date.now()).toISOString()}&endDate=${new Date(Date.now() + 7_200_000).toISOString()}`;
    const { json } = await caller.call(`/agents/performance?${span}`);
    const seconds = (text: string) => {
      const [, h = 0, m = 0, s = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text) ?? [];
      return Number(h) * 3600 + Number(m) * 60 + Number(s);
    };
    for (const row of json.agentPerformance) {
      const parts = seconds(row.availableTime) + seconds(row.unavailableTime) + seconds(row.inboundTime);
      expect(parts).toBeLessThanOrEqual(seconds(row.loginTime) + 0.01);
      expect(seconds(row.loginTime)).toBeLessThanOrEqual(7200);
    }
    expect(
      (await caller.call(`/agents/${id}/performance?startDate=2020-01-01T00:00:00Z&endDate=2020-01-02T00:00:00Z`)).status,
    ).toBe(204);
    expect((await caller.call(`/agents/${id}/performance`)).status).toBe(400);
  });
});

describe('skills', () => {
  it('activity counts the agents a skill has, and what waits', async () => {
    const { tenant, caller } = await start();
    for (const agent of tenant.sim.agents) tenant.sim.set(agent, { state: 'READY' });
    const [quiet] = (await caller.call('/skills/activity')).json.skillActivity;
    const assigned = tenant.sim.agents.filter(({ person: { skills } }) =>
      skills.some(({ id }) => Number(id) === quiet.skillId),
    ).length;
    expect(quiet).toMatchObject({ agentsAvailable: assigned, agentsLoggedIn: assigned, queueCount: 0, earliestQueueTime: null });
    tenant.faults.arm({ kind: 'queue', skill: quiet.skillName, count: 9, waitSeconds: 300 });
    const [busy] = (await caller.call('/skills/activity')).json.skillActivity;
    expect(busy.queueCount).toBe(9);
    expect(Date.parse(busy.serverTime) - Date.parse(busy.earliestQueueTime)).toBe(300_000);
    expect(busy.serviceLevel).toBe(Math.round((100 * busy.inSLA) / (busy.inSLA + busy.outSLA)));
  });

  const skillsOf = async (caller: Caller, id: string): Promise<Row[]> =>
    (await caller.call(`/agents/${id}/skills`)).json.agentSkillAssignments;

  it('are assigned, modified and taken away, item by item', async () => {
    const { tenant, caller } = await start();
    const { id } = person(tenant);
    const before = await skillsOf(caller, id);
    const had = String(before[0]?.skillId);
    const free = tenant.sim.skills.find((skill) => !before.some(({ skillId }) => String(skillId) === skill.id))?.id ?? '';
    const write = (method: string, skills: unknown) => caller.call(`/agents/${id}/skills`, { method, body: { skills } });
    expect(
      (await write('POST', [{ skillId: free, proficiency: 20 }, { skillId: had }, { skillId: '1' }])).json.resultSet,
    ).toMatchObject({
      errorCount: 2,
      skillResults: [
        { skillId: Number(free), success: true },
        { skillId: Number(had), success: false, error: expect.stringContaining('already') },
        { skillId: 1, success: false, error: 'Invalid skillId' },
      ],
    });
    expect((await write('PUT', [{ skillId: had, proficiency: 7, isActive: false }])).json.resultSet.errorCount).toBe(0);
    expect((await write('PUT', [{ skillId: had, proficiency: 21, isActive: true }])).json.resultSet.errorCount).toBe(1);
    const after = await skillsOf(caller, id);
    expect(after.find(({ skillId }) => skillId === Number(free))).toMatchObject({ agentProficiencyValue: 20, isActive: true });
    expect(after.find(({ skillId }) => skillId === Number(had))).toMatchObject({ agentProficiencyValue: 7, isActive: false });
    expect((await write('DELETE', [{ skillId: free }])).json.resultSet.errorCount).toBe(0);
    expect((await write('DELETE', [{ skillId: free }])).json.resultSet.errorCount).toBe(1);
    expect(await skillsOf(caller, id)).toHaveLength(before.length);
    const writes = await control<{ method: string; success: boolean }[]>(tenant, 'GET', '/writes');
    expect(writes.map(({ method, success }) => `${method} ${success}`)).toEqual([
      'POST true',
      'POST false',
      'POST false',
      'PUT true',
      'PUT false',
      'DELETE true',
      'DELETE false',
    ]);
  });

  it.each([
    ['PUT', { skills: [{ skillId: '4101', proficiency: 1 }] }, 'isActive is required'],
    ['POST', { skills: [{ skillId: 4101 }] }, 'skillId must be a string'],
    ['POST', {}, 'skills is required'],
    ['POST', { skills: Array.from({ length: 10_001 }, () => ({ skillId: '4101' })) }, 'more than 10,000 records'],
  ])('%s refuses a body that is not right', async (method, body, complaint) => {
    const { tenant, caller } = await start();
    const { status, json } = await caller.call(`/agents/${person(tenant).id}/skills`, { method, body });
    expect(status).toBe(400);
    expect(json.error_description).toContain(complaint);
    expect(await control(tenant, 'GET', '/writes')).toEqual([]);
  });
});

describe('rights', () => {
  it('are the role’s: who has none is refused, and /permissions tells why', async () => {
    const { tenant } = await start();
    const caller = await Caller.of(tenant, 'norole');
    const { status, json } = await caller.call('/agents/states');
    expect([status, json.error_description]).toEqual([403, 'Security permissions prevent access to data']);
    expect((await caller.call('/agents')).status).toBe(200);
    const { id } = person(tenant);
    const body = { skills: [{ skillId: '4101', isActive: true }] };
    expect((await caller.call(`/agents/${id}/skills`, { method: 'PUT', body })).status).toBe(403);
    expect((await caller.call('/permissions')).json.permissions).toEqual([
      { BusinessUnitId: 4600123, Key: 'Agent', Value: 'View' },
    ]);
  });
});
