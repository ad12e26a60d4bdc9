import { afterEach, describe, expect, it } from 'vitest';
import type { Write } from '../../tenant/skill-ledger.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { control, scripted } from './client.ts';

const running: Tenant[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((tenant) => tenant.close()));
});

const SCOPES = ['users:read', 'users:write', 'routing:read', 'analytics:read'];
const FROM = '2026-03-01T08:00:00Z';
const TO = '2026-03-31T17:00:00Z';

interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like
  json: any;
}

interface Setting {
  tenant: Tenant;
  call(method: string, path: string, body?: unknown): Promise<Answered>;
  skill(name: string): string;
  user(index: number): string;
}

async function start(options: TenantOptions = {}, scopes = SCOPES, account = 'demo'): Promise<Setting> {
  const tenant = await startTenant({ agents: 60, frozen: true, ...options });
  running.push(tenant);
  const token = await scripted(tenant, scopes, account);
  return {
    tenant,
    call: async (method, path, body) => {
      const response = await fetch(`${tenant.apiBaseUrl}/api/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, json: await response.json() };
    },
    skill: (name) => tenant.sim.skills.find((skill) => skill.name === name)?.id ?? '',
    user: (index) => tenant.sim.agents[index]?.person.id ?? '',
  };
}

const writes = (tenant: Tenant) => control<Write[]>(tenant, 'GET', '/writes') as Promise<Write[]>;

describe('routing strategies', () => {
  it('come in pages, and some are inactive, so that some skills are not routed', async () => {
    const { tenant, call } = await start();
    const seen: { status: string; skills: { id: string; name: string }[] }[] = [];
    for (let page = 1; page <= 3; page++) {
      const { json } = await call('GET', `/routing/strategies?pageSize=2&pageNumber=${page}`);
      expect(json).toMatchObject({ pageSize: 2, pageNumber: page, total: 5 });
      seen.push(...json.entities);
    }
    expect(seen).toHaveLength(5);
    const named = (status: string) =>
      new Set(seen.filter((each) => each.status === status).flatMap(({ skills }) => skills.map(({ name }) => name)));
    expect(named('active')).toEqual(new Set(['Billing', 'Tier 1', 'Tier 2', 'Español', 'Retention', 'Chat']));
    expect(named('inactive')).toEqual(new Set(['Billing', 'Back office', 'Sales']));
    expect(new Set(seen.flatMap(({ skills }) => skills.map(({ id }) => id)))).toEqual(
      new Set(tenant.sim.skills.map(({ id }) => id)),
    );
    expect((await call('GET', '/routing/strategies?pageSize=0')).status).toBe(400);
  });

  it('name their skills by id alone when they are told to', async () => {
    const { tenant, call, skill } = await start();
    tenant.faults.arm({ kind: 'skillsAsIds' });
    const { json } = await call('GET', '/routing/strategies');
    expect(json.entities[3]).toMatchObject({ status: 'inactive', skills: [skill('Sales')] });
  });
});

describe('licences', () => {
  it('are those of routing for most, another for some, none for a few', async () => {
    const { call, user } = await start();
    const types = async (index: number) =>
      (await call('GET', `/users/${user(index)}/licenses`)).json.licenses.map(
        ({ licenseType }: { licenseType: string }) => licenseType,
      );
    expect(await types(0)).toEqual(['agent', 'recording']);
    expect(await types(2)).toEqual(['routing', 'recording']);
    expect(await types(9)).toEqual(['recording']);
    expect(await types(20)).toEqual([]);
    expect((await call('GET', '/users/nobody/licenses')).status).toBe(404);
  });

  it('are others when told so', async () => {
    const { tenant, call, user } = await start();
    const licenses = [{ licenseType: 'agent', status: 'inactive' }];
    tenant.faults.arm({ kind: 'licences', agentId: user(0), licenses });
    expect((await call('GET', `/users/${user(0)}/licenses`)).json).toEqual({ licenses });
    expect((await call('GET', `/users/${user(1)}/licenses`)).json).not.toEqual({ licenses });
  });
});

describe('assignments', () => {
  it('are given and changed, and every write is on record with what it replaced', async () => {
    const { tenant, call, user, skill } = await start();
    const path = `/users/${user(3)}/skill-assignments`;
    const { json: first } = await call('GET', path);
    const held = first.entities[0];
    expect(held).toMatchObject({ userId: user(3), level: expect.any(Number), availableTo: '2027-12-31T23:59:59.000Z' });
    const free = tenant.sim.skills.find(({ id }) => !first.entities.some((each: { skillId: string }) => each.skillId === id));
    const given = { skillId: free?.id ?? '', level: 5, availableFrom: FROM, availableTo: TO };
    const answer = await call('POST', path, given);
    expect(answer).toMatchObject({
      status: 200,
      json: { id: expect.any(String), ...iso(given), lastModified: expect.any(String) },
    });
    // Without a zone, as the seed sends it.
    const changed = {
      skillId: held.skillId,
      level: 2,
      availableFrom: '2026-03-01T08:00:00',
      availableTo: '2026-03-31T18:00:00+01:00',
    };
    expect((await call('POST', path, changed)).json).toMatchObject(iso({ ...changed, availableFrom: FROM, availableTo: TO }));
    const { json: after } = await call('GET', path);
    expect(after.entities).toHaveLength(first.entities.length + 1);
    const [one, two] = await writes(tenant);
    expect(one).toMatchObject({
      seq: 1,
      by: 'client',
      method: 'POST',
      agentId: user(3),
      skillId: free?.id,
      success: true,
      before: null,
    });
    expect(one?.requestId).toMatch(/^req-\d+$/);
    expect(two).toMatchObject({ seq: 2, value: { level: 2 }, before: { level: held.level }, appliedAt: expect.any(String) });
    expect(skill('Billing')).not.toBe('');
  });

  it.each([
    [{ skillId: 'nothing' }, 'skillId'],
    [{ level: 0 }, 'level'],
    [{ level: 6 }, 'level'],
    [{ level: '3' }, 'level'],
    [{ availableFrom: 'soon' }, 'availableFrom'],
    [{ availableTo: undefined }, 'availableTo'],
    [{ availableTo: FROM }, 'after'],
  ])('refuse %j', async (wrong, complaint) => {
    const { tenant, call, user, skill } = await start();
    const path = `/users/${user(0)}/skill-assignments`;
    const before = (await call('GET', path)).json;
    const body = { skillId: skill('Billing'), level: 3, availableFrom: FROM, availableTo: TO, ...wrong };
    const { status, json } = await call('POST', path, body);
    expect([status, json.error_description]).toEqual([400, expect.stringContaining(complaint)]);
    expect((await call('GET', path)).json).toEqual(before);
    for (const write of await writes(tenant)) expect(write).toMatchObject({ success: false, value: null, appliedAt: null });
  });

  it('refuse a body that is no object, and users who are not there', async () => {
    const { call, user } = await start();
    expect((await call('POST', `/users/${user(0)}/skill-assignments`, '[]')).status).toBe(400);
    expect((await call('POST', `/users/${user(0)}/skill-assignments`, '{')).status).toBe(400);
    expect((await call('GET', '/users/nobody/skill-assignments')).status).toBe(404);
    expect((await call('POST', '/users/nobody/skill-assignments', {})).status).toBe(404);
  });
});

describe('figures', () => {
  const query = (filters: unknown[], metrics = ['talkTime', 'handleTime', 'resolutionRate']) => ({
    interval: 'P7D',
    groupBy: ['userId'],
    metrics,
    filters,
  });

  it('are there for most, the same each time, and in pages', async () => {
    const { call, user } = await start();
    const one = await call(
      'POST',
      '/analytics/users/details/query',
      query([{ dimension: 'userId', operator: 'eq', value: user(0) }]),
    );
    expect(one.json.data).toEqual([
      { userId: user(0), talkTime: expect.any(Number), handleTime: expect.any(Number), resolutionRate: expect.any(Number) },
    ]);
    const again = await (await start()).call(
      'POST',
      '/analytics/users/details/query',
      query([{ dimension: 'userId', operator: 'eq', value: user(0) }]),
    );
    expect(again.json.data).toEqual(one.json.data);
    const several = query(
      [{ dimension: 'userId', operator: 'in', value: [user(5), user(6), user(7)] }],
      ['talkTime', 'resolutionRate'],
    );
    const { json } = await call('POST', '/analytics/users/details/query', several);
    expect(json.data.map((row: object) => Object.keys(row))).toEqual([
      ['userId', 'talkTime'],
      ['userId', 'talkTime', 'resolutionRate'],
    ]);
    const page = await call('POST', '/analytics/users/details/query?pageSize=10&pageNumber=6', query([]));
    expect(page.json).toMatchObject({ total: 55, data: { length: 5 } });
  });

  it('are enough to bring about every level of the rule', async () => {
    const { call } = await start();
    const { json } = await call('POST', '/analytics/users/details/query?pageSize=100', query([]));
    const levels = json.data.map(({ talkTime, handleTime, resolutionRate = 0.5 }: Record<string, number>) => {
      const efficiency = (talkTime ?? 0) / (handleTime ?? 1);
      if (efficiency > 0.85 && resolutionRate > 0.75) return 5;
      if (efficiency > 0.7 && resolutionRate > 0.6) return 4;
      return efficiency > 0.55 ? 3 : 2;
    });
    expect(new Set(levels)).toEqual(new Set([2, 3, 4, 5]));
  });

  it.each([
    { ...query([]), interval: 'a week' },
    query([{ dimension: 'teamId', operator: 'eq', value: '1' }]),
    query([{ dimension: 'userId', operator: 'eq', value: ['1', '2'] }]),
    { ...query([]), metrics: 'all' },
  ])('refuse %j', async (body) => {
    const { call } = await start();
    expect((await call('POST', '/analytics/users/details/query', body)).status).toBe(400);
  });
});

describe('scopes and rights', () => {
  const CALLS: [scope: string, method: string, path: string, body?: unknown][] = [
    ['routing:read', 'GET', '/routing/strategies'],
    ['users:read', 'GET', '/users/USER/licenses'],
    ['users:read', 'GET', '/users/USER/skill-assignments'],
    [
      'users:write',
      'POST',
      '/users/USER/skill-assignments',
      { skillId: 'SKILL', level: 3, availableFrom: FROM, availableTo: TO },
    ],
    ['analytics:read', 'POST', '/analytics/users/details/query', { interval: 'P7D' }],
  ];

  it.each(CALLS)('%s is what %s %s needs, and it alone', async (scope, method, path, body) => {
    for (const scopes of [[scope], SCOPES.filter((each) => each !== scope)]) {
      const { call, user, skill } = await start({}, scopes);
      const filled = JSON.parse(JSON.stringify(body ?? null).replace('SKILL', skill('Chat'))) as unknown;
      const { status, json } = await call(method, path.replace('USER', user(1)), filled ?? undefined);
      if (scopes.includes(scope)) expect(status).toBe(200);
      else expect([status, json.error]).toEqual([403, 'insufficient_scope']);
    }
  });

  it('without the permission nothing is read or written', async () => {
    const { tenant, call, user } = await start({}, SCOPES, 'norole');
    for (const [, method, path, body] of CALLS) {
      expect(await call(method, path.replace('USER', user(1)), body)).toMatchObject({
        status: 403,
        json: { error: 'forbidden' },
      });
    }
    expect(await writes(tenant)).toEqual([]);
  });
});

const iso = <T extends { availableFrom: string; availableTo: string }>(held: T) => ({
  ...held,
  availableFrom: new Date(held.availableFrom).toISOString(),
  availableTo: new Date(held.availableTo).toISOString(),
});
