/** What a batch of the campaign wants, and what goes wrong at the tenant while it runs: all of it as the seed decides. */
import type { Profile } from '../../src/domain/connection.ts';
import { type Held, sameHeld } from '../../src/domain/skills/assignment.ts';
import type { Request } from '../../src/messages/contract.ts';
import type { FaultSpec } from '../tenant/faults.ts';
import type { Random } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { heldOf } from './batch-oracle.ts';

export type WishedRow = Request<'planBatch'>['rows'][number];

/** Usually few, now and then many. */
export function rowCount(random: Random): number {
  return 40 + Math.floor(random.next() ** 2 * 461);
}

function wanted(profile: Profile, had: Held | null, random: Random): Held | null {
  if (profile === 'public') {
    if (had && random.chance(0.1)) return null;
    return { level: 1 + random.int(20), availableFromAt: '', availableToAt: '', active: !random.chance(0.1) };
  }
  const month = String(1 + random.int(9)).padStart(2, '0');
  return {
    level: 1 + random.int(5),
    availableFromAt: `2026-${month}-01T08:00:00Z`,
    availableToAt: `2027-${month}-28T17:00:00Z`,
    active: true,
  };
}

/** So many rows, one to eight of each user, in no order. */
export function wishes(tenant: Tenant, count: number, random: Random): WishedRow[] {
  const { sim, ledger, profile } = tenant;
  const rows: WishedRow[] = [];
  const seen = new Set<string>();
  while (rows.length < count) {
    const agent = random.pick(sim.agents);
    const { id: userId } = agent.person;
    for (let left = 1 + random.int(6); left > 0 && rows.length < count; left--) {
      const { id: skillId } = random.pick(sim.skills);
      if (seen.has(`${userId}/${skillId}`)) continue;
      seen.add(`${userId}/${skillId}`);
      const had = heldOf(ledger.held(agent, skillId));
      const held = random.chance(0.04) && had ? had : wanted(profile, had, random);
      rows.push({ line: 0, userId, skillId, held });
    }
  }
  for (let at = rows.length - 1; at > 0; at--) {
    const other = random.int(at + 1);
    [rows[at], rows[other]] = [rows[other] as WishedRow, rows[at] as WishedRow];
  }
  return rows.map((row, index) => ({ ...row, line: index + 2 }));
}

/** What the tenant does to writes: late by 0–20 s times `scale` always, and a little of everything else. */
export function troubles({ profile, sim }: Tenant, random: Random, scale: number): FaultSpec[] {
  const common = () => ({ seed: random.int(1e9) });
  const often = random.chance(0.3) ? 2 : 1;
  const all: FaultSpec[] = [
    { kind: 'applyLate', lowMs: 0, highMs: 20_000, scale, answer: random.pick(['before', 'after', 'either']), ...common() },
    { kind: 'writeConflict', share: 0.03 * often, each: 1 + random.int(4), ...common() },
    { kind: 'writeConflict', share: 0.02 * often, each: 1, theirs: 'other', ...common() },
    { kind: 'writeStatus', status: 500, when: 'before', share: 0.02 * often, each: 2, ...common() },
    { kind: 'writeStatus', status: 503, when: 'after', share: 0.02 * often, each: 2, ...common() },
    { kind: 'writeStatus', status: 422, when: 'before', share: 0.01, ...common() },
    { kind: 'writeStatus', status: 429, retryAfter: 1, share: 0.05, times: random.int(3), each: 1, ...common() },
    { kind: 'writeLost', when: 'before', as: 'cut', share: 0.02 * often, each: 2, ...common() },
    // On a connection used before, Chromium itself would send these once more.
    { kind: 'writeLost', when: 'after', as: 'reset', share: 0.04 * often, each: 2, ...common() },
    { kind: 'writeLost', when: 'after', as: 'silence', ms: 300, share: 0.01, each: 1, ...common() },
  ];
  // The request succeeds as a whole, and what it was made for fails inside.
  if (profile === 'public')
    all.push({
      kind: 'skillItemsFail',
      skills: [random.pick(sim.skills).id],
      error: 'Skill is locked',
      times: 1 + random.int(5),
    });
  return all.filter(({ times }) => times !== 0);
}

/** Somebody else sets a few of them between the dry run and the run. */
export function meddle(tenant: Tenant, rows: readonly WishedRow[], share: number, random: Random): number {
  const { sim, ledger } = tenant;
  let times = 0;
  for (const { userId, skillId, held } of rows) {
    const agent = sim.byId(userId);
    if (!agent || !random.chance(share)) continue;
    const had = ledger.held(agent, skillId);
    const level = [1, 2, 3, 4, 5].find((each) => each !== had?.level && each !== held?.level) ?? 1;
    const theirs = { isActive: true, availableFrom: '', availableTo: '', ...had, level };
    if (sameHeld(heldOf(theirs), held)) continue;
    ledger.accept({ requestId: '', by: 'other', method: 'POST' }, agent, skillId, theirs);
    times++;
  }
  return times;
}
