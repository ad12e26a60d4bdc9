import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { runs } from '../support/runs.ts';
import { type Fate, SkillsWorld, wish } from './support/skills-tenant.ts';

const STEPS = ['batch:sent', 'batch:answered', 'batch:audited', 'batch:settled', 'batch:readBack', 'batch:looked', 'batch:done'];
/** Within bounds: applied before the settle time is over, or never. */
const late = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000 }));
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: late.map((afterMs): Fate => ({ afterMs, answer: 'applied' })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.option(late), fc.constantFrom<Fate['answer'][]>('lost', 500, 503))
      .map(([afterMs, answer]): Fate => ({ afterMs, answer })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000 }).map((afterMs): Fate => ({ afterMs, answer: 'timeout' })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Fate['answer']>(409, 429, 401, 403, 404, 422, 200)
      .map((answer): Fate => ({ afterMs: null, answer })),
  },
);
const miss = fc.constantFrom('offline', 'serverError', 'rateLimited', null, null, null, null, null, null, null);
const schedule = fc.record({
  users: fc.integer({ min: 1, max: 7 }),
  fates: fc.array(fate, { maxLength: 25 }),
  misses: fc.array(miss, { maxLength: 25 }),
  kills: fc.array(fc.constantFrom(...STEPS), { maxLength: 5 }),
  /** Somebody else's hand in it: before which arrival. */
  others: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 2 }),
});

/** However the tenant stumbles and whenever the worker dies: nothing is applied twice, nothing called done that is not, and the log tells all of it. */
it('keeps journal, log and tenant together under any schedule of faults and kills', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async ({ users, fates, misses, kills, others }) => {
      const world = await SkillsWorld.open();
      const { tenant } = world;
      const rows = Array.from({ length: users }, (_, at) => [wish(`u${at}`, 'billing', 4), wish(`u${at}`, 'support', 2)]).flat();
      tenant.fate = (): Fate => fates[tenant.arrived.length - 1] ?? { afterMs: 0, answer: 'applied' };
      let questions = 0;
      try {
        await world.plan(rows);
        await world.until(({ status }) => status === 'ready');
        tenant.miss = () => {
          if (others.includes(tenant.arrived.length)) tenant.set('u0', 'support', { ...tenantsOwn });
          return misses[questions++] ?? null;
        };
        for (let go = 0; go < 40; go++) {
          const { status, counts } = await world.batch();
          if (status === 'done') break;
          if (status === 'ready' || status === 'paused')
            await world.batcher.run(world.config, world.batchId, counts.states.planned);
          const step = kills[go];
          if (step) await world.killAt(step);
          if (step && (await world.untilReached())) await world.restart();
          await world.killAt('');
          await world.until((batch) => batch.status === 'done' || batch.status === 'paused');
        }
        expect((await world.batch()).status).toBe('done');
        expect(await world.mismatches()).toEqual([]);
      } finally {
        await world.kill();
        vi.useRealTimers();
      }
    }),
    runs(150),
  );
}, 240_000);

const tenantsOwn = { level: 1, availableFromAt: '2026-03-01T00:00:00Z', availableToAt: '2026-04-01T00:00:00Z', active: true };
