/** What a batch of the kill campaign wants and meets: the same for the same seed, and never what the judge could not tell apart. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SKILL_TRAITS, sameHeld } from '../../src/domain/skills/assignment.ts';
import { heldOf } from '../chaos/batch-oracle.ts';
import { meddle, rowCount, troubles, wishes } from '../chaos/batch-plan.ts';
import { Random } from '../tenant/random.ts';
import { startTenant, type Tenant } from '../tenant/tenant.ts';

describe.each(['v2', 'public'] as const)('a batch at %s', (profile) => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant({ agents: 120, frozen: true, profile });
  });
  afterAll(() => tenant.close());

  it('has as many rows as it says, each for another skill of a user, the same for the same seed', () => {
    const rows = wishes(tenant, 300, new Random(3));
    expect(rows).toHaveLength(300);
    expect(new Set(rows.map(({ userId, skillId }) => `${userId}/${skillId}`)).size).toBe(300);
    expect(wishes(tenant, 300, new Random(3))).toEqual(rows);
    expect(wishes(tenant, 300, new Random(4))).not.toEqual(rows);
  });

  it('wants what this API can do', () => {
    const { levels, window, removal, activity } = SKILL_TRAITS[profile];
    const rows = wishes(tenant, 400, new Random(5));
    for (const { held } of rows) {
      if (held === null) continue;
      expect(held.level).toBeGreaterThanOrEqual(levels.min);
      expect(held.level).toBeLessThanOrEqual(levels.max);
      expect(held.availableFromAt < held.availableToAt).toBe(window);
    }
    expect(rows.some(({ held }) => held === null)).toBe(removal);
    expect(rows.some(({ held }) => held?.active === false)).toBe(activity);
  });

  it('is met by others, who want neither what was there nor what we want', () => {
    const rows = wishes(tenant, 200, new Random(6));
    const before = new Map(
      rows.map(({ userId, skillId }) => [
        `${userId}/${skillId}`,
        heldOf(tenant.ledger.held(tenant.sim.byId(userId) as never, skillId)),
      ]),
    );
    const start = tenant.ledger.writesSince(0).length;
    const times = meddle(tenant, rows, 0.2, new Random(7));
    const theirs = tenant.ledger.writesSince(0).slice(start);
    expect(theirs).toHaveLength(times);
    expect(times).toBeGreaterThan(15);
    for (const { agentId, skillId, value, by } of theirs) {
      const wish = rows.find((row) => row.userId === agentId && row.skillId === skillId)?.held ?? null;
      expect(by).toBe('other');
      expect(sameHeld(heldOf(value), wish)).toBe(false);
      expect(sameHeld(heldOf(value), before.get(`${agentId}/${skillId}`) ?? null)).toBe(false);
    }
  });

  it('meets troubles that the tenant knows, the same for the same seed', () => {
    const specs = troubles(tenant, new Random(8), 0.01);
    expect(troubles(tenant, new Random(8), 0.01)).toEqual(specs);
    expect(specs.some(({ kind }) => kind === 'skillItemsFail')).toBe(profile === 'public');
    for (const spec of specs) expect(() => tenant.faults.arm(spec)).not.toThrow();
    tenant.faults.clear();
  });
});

it('a batch is mostly short, and now and then long', () => {
  const random = new Random(1);
  const counts = Array.from({ length: 500 }, () => rowCount(random)).sort((a, b) => a - b);
  expect(counts[0]).toBeGreaterThanOrEqual(40);
  expect(counts.at(-1)).toBeLessThanOrEqual(500);
  expect(counts[250]).toBeLessThan(200);
  expect(counts.at(-1)).toBeGreaterThan(400);
});
