import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CANARIES } from '../../tenant/canaries.ts';
import type { Agent, StateRow } from '../../tenant/simulation.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { api, control, scripted } from './client.ts';

let tenant: Tenant;
let access: string;
let dana: Agent;
beforeAll(async () => {
  tenant = await startTenant({ agents: 12, frozen: true });
  access = await scripted(tenant);
  const found = tenant.sim.find('Dana Ortiz');
  if (!found) throw new Error('no Dana');
  dana = found;
});
afterAll(() => tenant.close());
afterEach(() => {
  tenant.faults.clear();
  tenant.sim.moveClock({ skewSeconds: 0 });
});

const get = (path: string, bearer = access) => api(tenant, path, bearer);
const json = async (path: string, bearer = access): Promise<unknown> => (await get(path, bearer)).json();
const rows = async (path = '/agents/states', bearer = access) => (await json(path, bearer)) as StateRow[];
const ids = (list: StateRow[]) => list.map((row) => row.agentId);

describe('states', () => {
  it('answers a bare array of rows, with the headers of an API', async () => {
    const response = await get('/agents/states');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-request-id')).toMatch(/^req-\d{6}$/);
    expect(Date.parse(response.headers.get('date') ?? '')).toBeGreaterThan(0);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const list = (await response.json()) as StateRow[];
    expect(list).toHaveLength(12);
    for (const row of list) {
      expect(row.agentId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(row.loggedIn).toBe(row.state !== 'LOGOUT');
      expect(row.startDate).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      for (const skill of row.skillStates) expect(Object.keys(skill)).toEqual(['skillId', 'skillName', 'state']);
    }
  });

  it('opens to either pair of scopes, and to nothing less', async () => {
    for (const scopes of [
      ['view:agent', 'view:interaction'],
      ['read:agent', 'read:interaction'],
      ['agent:read', 'agent:state:read'],
    ]) {
      expect(await rows('/agents/states', await scripted(tenant, scopes))).toHaveLength(12);
      for (const scope of scopes) expect(await rows('/agents/states', await scripted(tenant, [scope]))).toEqual([]);
    }
    expect(await rows('/agents/states', await scripted(tenant, ['view:agent', 'read:interaction']))).toEqual([]);
    expect(await rows('/agents/states', await scripted(tenant, []))).toEqual([]);
  });

  it('is silently empty for another organisation and without the role', async () => {
    const scopes = ['view:agent', 'view:interaction'];
    expect(await rows('/agents/states', await scripted(tenant, scopes, 'other'))).toEqual([]);
    expect(await rows('/agents/states', await scripted(tenant, scopes, 'norole'))).toEqual([]);
  });

  it('answers one agent, and nothing for the other kinds of id', async () => {
    const { person } = dana;
    expect(ids(await rows(`/agents/states?agentId=${person.id}`))).toEqual([person.id]);
    for (const wrong of [person.email, person.extension, person.externalId, person.userId, person.name, '']) {
      expect(await rows(`/agents/states?agentId=${encodeURIComponent(wrong)}`)).toEqual([]);
    }
  });

  it('refuses a missing, made-up, foreign or recalled token', async () => {
    const elsewhere = await startTenant({ agents: 1 });
    try {
      for (const bad of ['', 'nonsense', `${access}x`, await scripted(elsewhere)]) {
        const response = await get('/agents/states', bad);
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ error: 'invalid_token' });
      }
      const recalled = await scripted(elsewhere);
      await control(elsewhere, 'POST', '/expire');
      expect((await api(elsewhere, '/users/me', recalled)).status).toBe(401);
      expect((await api(elsewhere, '/users/me', await scripted(elsewhere))).status).toBe(200);
    } finally {
      await elsewhere.close();
    }
  });

  it('refuses an expired token', async () => {
    const short = await startTenant({ agents: 1, accessTokenSeconds: 2 });
    try {
      const token = await scripted(short);
      expect((await api(short, '/users/me', token)).status).toBe(200);
      await eventually(async () => expect((await api(short, '/users/me', token)).status).toBe(401));
    } finally {
      await short.close();
    }
  });

  it('can leave startDate out', async () => {
    const bare = await startTenant({ agents: 2, rowSince: false });
    try {
      const list = (await (await api(bare, '/agents/states', await scripted(bare))).json()) as StateRow[];
      expect(list).toHaveLength(2);
      for (const row of list) expect(row).not.toHaveProperty('startDate');
    } finally {
      await bare.close();
    }
  });

  it('answers ten thousand agents whole, and again after a change', async () => {
    const large = await startTenant({ agents: 10_000 });
    try {
      const token = await scripted(large);
      await (await api(large, '/agents/states', token)).text();
      for (let i = 0; i < 5; i++) {
        large.sim.moveClock({ advanceSeconds: 5 });
        const text = await (await api(large, '/agents/states', token)).text();
        expect(text.length).toBeGreaterThan(2_000_000);
        expect(text.length).toBeLessThan(8_000_000);
        expect((JSON.parse(text) as StateRow[]).length).toBe(10_000);
      }
    } finally {
      await large.close();
    }
  });
});

describe('agents and the user', () => {
  it('pages through profiles', async () => {
    const page = (await json('/agents?pageSize=5&pageNumber=3')) as { entities: { name: string }[]; total: number };
    expect(page).toMatchObject({ pageSize: 5, pageNumber: 3, total: 12 });
    expect(page.entities).toHaveLength(2);
    expect((await get('/agents?pageSize=0')).status).toBe(400);
  });

  it('answers a profile, its skill groups, 404 and 405', async () => {
    expect(await json(`/agents/${dana.person.id}`)).toMatchObject({
      id: dana.person.id,
      name: 'Dana Ortiz',
      email: 'agent0001@example.com',
      orgId: 'org-demo-7f3a',
      state: 'active',
    });
    const groups = (await json(`/agents/${dana.person.id}/skillGroups`)) as object[];
    expect(groups[0]).toEqual({ id: expect.any(String), name: expect.any(String), active: true });
    for (const path of ['/agents/nobody', `/agents/${dana.person.email}`, '/agents/nobody/skillGroups', '/nothing']) {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: 'not_found' });
    }
    const posted = await fetch(`${tenant.apiBaseUrl}/api/v2/users/me`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}` },
    });
    expect(posted.status).toBe(405);
  });

  it('knows who asks, under both prefixes', async () => {
    expect(await json('/users/me')).toMatchObject({ id: 'demo', orgId: 'org-demo-7f3a', roles: ['Supervisor'] });
    const other = await fetch(`${tenant.apiBaseUrl}/v2/users/me`, { headers: { authorization: `Bearer ${access}` } });
    expect(await other.json()).toMatchObject({ id: 'demo' });
  });
});

describe('faults of transport', () => {
  it('answers errors with a JSON body and Retry-After', async () => {
    for (const status of [401, 403, 404, 429, 500, 502, 503]) {
      tenant.faults.arm({ kind: 'status', status, retryAfter: 9, times: 1 });
      const response = await get('/agents/states');
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('9');
      expect(await response.json()).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
    }
    expect((await get('/agents/states')).status).toBe(200);
  });

  it('obeys match, times and afterSeconds', async () => {
    tenant.faults.arm({ kind: 'status', status: 500, match: '/api/v2/users', times: 2 });
    expect((await get('/agents/states')).status).toBe(200);
    expect((await get('/users/me')).status).toBe(500);
    expect((await get('/users/me')).status).toBe(500);
    expect((await get('/users/me')).status).toBe(200);
    tenant.faults.arm({ kind: 'status', status: 500, afterSeconds: 2 });
    expect((await get('/users/me')).status).toBe(200);
    await eventually(async () => expect((await get('/users/me')).status).toBe(500));
  });

  it('takes one part of a path for another where match says so', async () => {
    tenant.faults.arm({ kind: 'status', status: 500, match: '/api/v2/agents/*/skillGroups' });
    expect((await get('/agents/any/skillGroups')).status).toBe(500);
    expect((await get(`/agents/${dana.person.id}/skillGroups`)).status).toBe(500);
    for (const path of [`/agents/${dana.person.id}`, '/agents/states', '/agents', '/users/me']) {
      expect((await get(path)).status, path).toBe(200);
    }
    tenant.faults.clear();
    tenant.faults.arm({ kind: 'status', status: 500, match: '/api/v2/agents/*' });
    expect((await get('/agents/states')).status).toBe(500);
    expect((await get('/agents')).status).toBe(200);
  });

  it('is a captive portal, redirects, says nothing, mislabels', async () => {
    tenant.faults.arm({ kind: 'html200', times: 1 });
    expect(await (await get('/agents/states')).text()).toContain('Guest Wi-Fi');
    tenant.faults.arm({ kind: 'redirect', times: 1 });
    const moved = await get('/agents/states');
    expect(moved.status).toBe(302);
    expect(new URL(moved.headers.get('location') ?? '').hostname).toBe('localhost');
    tenant.faults.arm({ kind: 'noContent', times: 1 });
    expect((await get('/agents/states')).status).toBe(204);
    tenant.faults.arm({ kind: 'empty', times: 1 });
    expect(await rows()).toEqual([]);
    tenant.faults.arm({ kind: 'wrongContentType', times: 1 });
    expect((await get('/agents/states')).headers.get('content-type')).toBe('text/plain');
  });

  it('breaks connections and bodies', async () => {
    tenant.faults.arm({ kind: 'reset', times: 1 });
    await expect(get('/agents/states')).rejects.toThrow();
    tenant.faults.arm({ kind: 'cut', bytes: 40, times: 1 });
    await expect(get('/agents/states').then((response) => response.text())).rejects.toThrow();
    tenant.faults.arm({ kind: 'cut', bytes: 40, clean: true, times: 1 });
    expect(await (await get('/agents/states')).text()).toHaveLength(40);
    tenant.faults.arm({ kind: 'drip', bytes: 2000, ms: 5, times: 1 });
    expect(await rows()).toHaveLength(12);
    tenant.faults.arm({ kind: 'slow', ms: 120, times: 1 });
    const from = performance.now();
    await rows();
    expect(performance.now() - from).toBeGreaterThan(110);
    tenant.faults.arm({ kind: 'huge', megabytes: 3, times: 1 });
    expect((await (await get('/agents/states')).text()).length).toBeGreaterThan(3 * 1024 * 1024);
    const log = tenant.log.since(0).filter((entry) => entry.faults?.includes('reset'));
    expect(log.at(-1)).toMatchObject({ status: 0 });
  });
});

describe('canaries', () => {
  const texts = async (path: string) => (await get(path)).text();

  it('are in every free text, and change nothing a client goes by', async () => {
    const plain = await rows();
    tenant.faults.arm({ kind: 'canaries' });
    const planted = await rows();
    expect(planted.map(({ agentId, state, loggedIn }) => [agentId, state, loggedIn])).toEqual(
      plain.map(({ agentId, state, loggedIn }) => [agentId, state, loggedIn]),
    );
    const { id } = dana.person;
    const carries: [string, (keyof typeof CANARIES)[]][] = [
      ['/agents/states', ['jwt', 'opaque', 'person', 'skill', 'email']],
      [`/agents/states?agentId=${id}`, ['jwt', 'opaque', 'person', 'skill', 'email']],
      [`/agents/${id}`, ['jwt', 'opaque', 'person', 'email']],
      ['/agents', ['jwt', 'opaque', 'person', 'email']],
      [`/agents/${id}/skillGroups`, ['jwt', 'opaque', 'skill']],
      ['/users/me', ['jwt', 'opaque', 'person', 'email']],
      ['/agents/nobody', ['jwt', 'opaque', 'email']],
    ];
    for (const [path, kinds] of carries) {
      const text = await texts(path);
      for (const kind of kinds) expect(text, `${path}: ${kind}`).toContain(CANARIES[kind]);
    }
    expect(await json(`/agents/${id}`)).toMatchObject({ id, name: 'Dana Ortiz Canaryfeather', orgId: 'org-demo-7f3a' });
    expect(await json('/users/me')).toMatchObject({ permissions: expect.arrayContaining(['AgentState:View']) });
    tenant.faults.arm({ kind: 'status', status: 403 });
    expect(await texts('/agents/states')).toContain(CANARIES.jwt);
    expect((await get('/agents/states')).headers.get('x-request-id')).toMatch(/^req-\d{6}$/);
    tenant.faults.clear();
    expect(await texts('/agents/states')).not.toContain(CANARIES.person);
  });
});

describe('faults of rows', () => {
  it('breaks some rows and leaves the others', async () => {
    tenant.faults.arm({ kind: 'malformedRows', count: 4, times: 1 });
    const some = (await json('/agents/states')) as unknown[];
    const good = (row: unknown) =>
      typeof row === 'object' &&
      row !== null &&
      typeof Reflect.get(row, 'agentId') === 'string' &&
      typeof Reflect.get(row, 'state') === 'string';
    expect(some).toHaveLength(12);
    expect(some.filter(good)).toHaveLength(8);
    tenant.faults.arm({ kind: 'malformedRows', share: 1, times: 1 });
    expect(((await json('/agents/states')) as unknown[])[11]).toBe(42);
  });

  it('wraps and spoils the envelope', async () => {
    const shapes: [string, unknown][] = [
      ['object', { status: 'ok' }],
      ['null', null],
      ['number', 0],
      ['string', 'no agents'],
      ['wrapped', { agentStates: expect.any(Array) }],
      ['nested', [expect.any(Array)]],
    ];
    for (const [shape, expected] of shapes) {
      tenant.faults.arm({ kind: 'malformedEnvelope', shape, times: 1 });
      expect(await json('/agents/states')).toEqual(expected);
    }
  });

  it('doubles rows, makes ids numbers, takes states away', async () => {
    tenant.faults.arm({ kind: 'duplicateRows', times: 1 });
    expect(await rows()).toHaveLength(16);
    tenant.faults.arm({ kind: 'numericIds', times: 1 });
    expect((await rows()).map((row) => typeof row.agentId)).toEqual(Array(12).fill('number'));
    tenant.faults.arm({ kind: 'stateAbsent', agentId: dana.person.id, times: 1 });
    expect((await rows()).find((row) => row.agentId === dana.person.id)).toMatchObject({ state: null, loggedIn: true });
  });

  it('hides an agent only where it says', async () => {
    tenant.faults.arm({ kind: 'hidden', agentId: dana.person.id });
    expect(ids(await rows())).not.toContain(dana.person.id);
    expect(await rows(`/agents/states?agentId=${dana.person.id}`)).toEqual([]);
    expect((await get(`/agents/${dana.person.id}`)).status).toBe(200);
  });

  it('pauses all skill groups of an agent, who is gone then, or some, which hides nobody', async () => {
    const groups = async () => (await json(`/agents/${dana.person.id}/skillGroups`)) as { active: boolean }[];
    tenant.faults.arm({ kind: 'skillInactive', agentId: dana.person.id, paused: 1 });
    expect((await groups()).map(({ active }) => active)).toEqual([false, true]);
    expect(ids(await rows())).toContain(dana.person.id);
    tenant.faults.clear();
    tenant.faults.arm({ kind: 'skillInactive', agentId: dana.person.id });
    expect((await groups()).map(({ active }) => active)).toEqual([false, false]);
    expect(ids(await rows())).not.toContain(dana.person.id);
  });

  it('lets a state appear after so many questions about the agent alone', async () => {
    const path = `/agents/states?agentId=${dana.person.id}`;
    tenant.faults.arm({ kind: 'stateAfterSeconds', agentId: dana.person.id, tries: 1 });
    for (const other of tenant.sim.agents.slice(1, 4)) await rows(`/agents/states?agentId=${other.person.id}`);
    for (let turn = 0; turn < 3; turn++) expect(ids(await rows())).not.toContain(dana.person.id);
    expect(await rows(path)).toEqual([]);
    expect(ids(await rows())).not.toContain(dana.person.id);
    expect(ids(await rows(path))).toEqual([dana.person.id]);
    expect(ids(await rows())).toContain(dana.person.id);
  });

  it('shifts Date and startDate together', async () => {
    const before = await get('/agents/states');
    const [first] = (await before.json()) as StateRow[];
    tenant.faults.arm({ kind: 'clockSkew', seconds: 600 });
    const after = await get('/agents/states');
    const [shifted] = (await after.json()) as StateRow[];
    expect(Date.parse(shifted?.startDate ?? '') - Date.parse(first?.startDate ?? '')).toBe(600_000);
    const moved = Date.parse(after.headers.get('date') ?? '') - Date.parse(before.headers.get('date') ?? '');
    expect(moved).toBeGreaterThanOrEqual(600_000);
    expect(moved).toBeLessThan(605_000);
  });
});
