import { afterEach, describe, expect, it } from 'vitest';
import type { Write } from '../../tenant/skill-ledger.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { control, scripted } from './client.ts';

const running: Tenant[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((tenant) => tenant.close()));
});

interface Setting {
  tenant: Tenant;
  user: string;
  skill: string;
  /** Sets the level; 0: no answer. */
  write(level: number, user?: string): Promise<{ status: number; retryAfter: string | null; text: string }>;
  /** The level as the tenant tells it; null: not assigned. */
  level(user?: string): Promise<number | null>;
  writes(): Promise<Write[]>;
}

/** The same for both profiles: one skill that the first user holds. */
async function start(profile: 'v2' | 'public'): Promise<Setting> {
  const tenant = await startTenant({ agents: 40, frozen: true, profile });
  running.push(tenant);
  const token = await scripted(tenant, ['users:read', 'users:write']);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const [first] = tenant.sim.agents;
  const user = first?.person.id ?? '';
  const skill = first?.person.skills[0]?.id ?? '';
  const isPublic = profile === 'public';
  const urlOf = (id: string) =>
    isPublic
      ? `${tenant.apiBaseUrl}/inContactAPI/services/v34.0/agents/${id}/skills`
      : `${tenant.apiBaseUrl}/api/v2/users/${id}/skill-assignments`;
  return {
    tenant,
    user,
    skill,
    write: async (level, id = user) => {
      const method = !isPublic || tenant.ledger.held(tenant.sim.byId(id) as never, skill) === null ? 'POST' : 'PUT';
      const window = { availableFrom: '2026-03-01T08:00:00Z', availableTo: '2026-03-31T17:00:00Z' };
      const body = isPublic
        ? { skills: [{ skillId: skill, proficiency: level, isActive: true }] }
        : { skillId: skill, level, ...window };
      try {
        const response = await fetch(urlOf(id), { method, headers, body: JSON.stringify(body) });
        return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
      } catch {
        return { status: 0, retryAfter: null, text: '' };
      }
    },
    level: async (id = user) => {
      const json = (await (await fetch(urlOf(id), { headers })).json()) as Record<string, Record<string, unknown>[]>;
      const row = (json.entities ?? json.agentSkillAssignments)?.find((each) => String(each.skillId) === skill);
      return row === undefined ? null : Number(row.level ?? row.agentProficiencyValue);
    },
    writes: () => control<Write[]>(tenant, 'GET', '/writes') as Promise<Write[]>,
  };
}

describe.each(['v2', 'public'] as const)('writing skills at %s', (profile) => {
  it('takes effect late, after an answer that came at once', async () => {
    const { tenant, write, level, writes } = await start(profile);
    const before = await level();
    tenant.faults.arm({ kind: 'applyLate', lowMs: 30_000, highMs: 30_000, scale: 0.1 });
    expect((await write(4)).status).toBe(200);
    expect(await level()).toBe(before);
    expect(await writes()).toMatchObject([{ success: true, value: { level: 4 }, appliedAt: null }]);
    expect(tenant.ledger.pending).toBe(1);
    await eventually(async () => expect(await level()).toBe(4));
    expect(await writes()).toMatchObject([{ before: { level: before }, appliedAt: expect.any(String) }]);
  });

  it('or answers only when it has', async () => {
    const { tenant, write, level } = await start(profile);
    tenant.faults.arm({ kind: 'applyLate', lowMs: 100, highMs: 100, answer: 'after', times: 1 });
    const startedMs = Date.now();
    expect((await write(4)).status).toBe(200);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(99);
    expect(await level()).toBe(4);
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('loses the answer %s it was accepted', async (when, done) => {
    const { tenant, write, level, writes } = await start(profile);
    const before = await level();
    tenant.faults.arm({ kind: 'writeLost', when, times: 1 });
    expect((await write(4)).status).toBe(0);
    expect(await level()).toBe(done ? 4 : before);
    expect((await writes()).map(({ success }) => success)).toEqual([done]);
    expect((await write(5)).status).toBe(200);
  });

  it('cuts the answer short after its first byte', async () => {
    const { tenant, write, level } = await start(profile);
    tenant.faults.arm({ kind: 'writeLost', as: 'cut', times: 1 });
    expect((await write(4)).status).toBe(0);
    expect(await level()).toBe(4);
    expect(tenant.log.since(0).find(({ faults }) => faults?.includes('writeLost'))).toMatchObject({ status: 0 });
  });

  it('falls silent for a while before the connection dies', async () => {
    const { tenant, write } = await start(profile);
    tenant.faults.arm({ kind: 'writeLost', as: 'silence', ms: 150, times: 1 });
    const startedMs = Date.now();
    expect((await write(4)).status).toBe(0);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(149);
  });

  it.each([
    [{ status: 429, retryAfter: 7 }, 429, '7', false],
    [{ status: 429 }, 429, null, false],
    [{ status: 503, when: 'after' }, 503, null, true],
    [{ status: 500 }, 500, null, false],
    [{ status: 422, text: 'no such window' }, 422, null, false],
  ])('answers %j', async (spec, status, retryAfter, done) => {
    const { tenant, write, level } = await start(profile);
    const before = await level();
    tenant.faults.arm({ kind: 'writeStatus', ...spec, times: 1 });
    expect(await write(4)).toMatchObject({ status, retryAfter, text: expect.stringContaining('text' in spec ? spec.text : '') });
    expect(await level()).toBe(done ? 4 : before);
    expect((await write(5)).status).toBe(200);
  });

  it('says 409 once, or so often for each skill, with nothing changed', async () => {
    const { tenant, write, level, writes } = await start(profile);
    const before = await level();
    tenant.faults.arm({ kind: 'writeConflict', times: 1 });
    expect((await write(4)).status).toBe(409);
    expect(await level()).toBe(before);
    expect(await writes()).toMatchObject([{ by: 'client', success: false, value: null, appliedAt: null }]);
    expect((await write(4)).status).toBe(200);
    tenant.faults.arm({ kind: 'writeConflict', each: 2 });
    const other = tenant.sim.agents[1]?.person.id ?? '';
    const statuses = [];
    for (const who of [undefined, undefined, other, undefined, other, other]) statuses.push((await write(3, who)).status);
    expect(statuses).toEqual([409, 409, 409, 200, 409, 200]);
  });

  it('says 409 because somebody else was quicker, or will be', async () => {
    const { tenant, write, level, writes, user, skill } = await start(profile);
    const before = await level();
    tenant.faults.arm({ kind: 'writeConflict', theirs: 'other', times: 1 });
    expect((await write(4)).status).toBe(409);
    const theirs = await level();
    expect([before, 4]).not.toContain(theirs);
    expect(await writes()).toMatchObject([
      { by: 'other', agentId: user, skillId: skill, value: { level: theirs } },
      { by: 'client', success: false },
    ]);
    tenant.faults.arm({ kind: 'writeConflict', theirs: 5, times: 1 });
    expect((await write(4)).status).toBe(409);
    expect(await level()).toBe(5);
  });

  it('strikes at a share of all, the same ones for the same seed in whatever order they come', async () => {
    const outcomes = async (reverse: boolean) => {
      const { tenant, write } = await start(profile);
      tenant.faults.arm({ kind: 'writeStatus', status: 500, share: 0.4, seed: 9 });
      const users = tenant.sim.agents.map(({ person }) => person.id);
      const result = new Map<string, number>();
      for (const id of reverse ? users.reverse() : users) result.set(id, (await write(3, id)).status);
      return [...result].sort().map(([, status]) => status);
    };
    const first = await outcomes(false);
    expect(await outcomes(true)).toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(6);
    expect(struck).toBeLessThan(27);
  });

  it('counts the same thing twice when it is done twice', async () => {
    const { write, writes, user, skill } = await start(profile);
    await write(4);
    await write(4);
    const same = (await writes()).filter(({ success, value }) => success && value?.level === 4);
    expect(same.map(({ agentId, skillId }) => [agentId, skillId])).toEqual([
      [user, skill],
      [user, skill],
    ]);
  });

  it('is seen by a third party, whose hand is on record as another’s', async () => {
    const { tenant, level, writes, user, skill } = await start(profile);
    await control(tenant, 'POST', '/skills', { agent: user, skill, level: 2 });
    expect(await level()).toBe(2);
    const { skills, pending } = await control<{ skills: { skillId: string; level: number }[]; pending: number }>(
      tenant,
      'GET',
      `/skills?agent=${user}`,
    );
    expect([skills.find(({ skillId }) => skillId === skill)?.level, pending]).toEqual([2, 0]);
    await control(tenant, 'POST', '/skills', { agent: user, skill, removed: true });
    expect(await level()).toBeNull();
    expect((await writes()).map(({ by, method, value }) => [by, method, value?.level])).toEqual([
      ['other', 'POST', 2],
      ['other', 'DELETE', undefined],
    ]);
  });

  it.each([{ agent: 'nobody', skill: 'Chat' }, { skill: 'nothing' }, { level: 'high' }, { isActive: 1 }, { availableTo: 5 }])(
    'the control refuses %j',
    async (wrong) => {
      const { tenant, user, skill, writes } = await start(profile);
      expect((await control(tenant, 'POST', '/skills', { agent: user, skill, ...wrong })).error).toBeTruthy();
      expect(await writes()).toEqual([]);
    },
  );
});
