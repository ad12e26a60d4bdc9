import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fate, SkillsWorld, wish } from './support/skills-tenant.ts';

/** Every step the chaos campaign stops the worker at. */
const STEPS = [
  'batch:planned',
  'batch:checking',
  'batch:began',
  'batch:looked',
  'batch:sent',
  'batch:answered',
  'batch:audited',
  'batch:verified',
  'batch:settled',
  'batch:readBack',
  'batch:done',
];

let world: SkillsWorld;
beforeEach(async () => {
  world = await SkillsWorld.open();
});
afterEach(async () => {
  await world.kill();
  vi.useRealTimers();
});

const users = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7'];
const rows = users.flatMap((user) => [wish(user, 'billing', 4), wish(user, 'support', 2)]);

/** Applies late, and now and then the answer is lost, on the way back or before anything was done. */
const troubled = (): Fate => {
  const nth = world.tenant.arrived.length;
  if (nth % 3 === 0) return { afterMs: 15_000, answer: 'lost' };
  if (nth % 5 === 0) return { afterMs: null, answer: 'lost' };
  return { afterMs: nth % 2 === 0 ? 10_000 : 0, answer: 'applied' };
};

describe('a worker killed', () => {
  it.each(STEPS)('at %s goes on where it was: nothing twice, nothing missing, and the log tells all of it', async (step) => {
    world.tenant.fate = troubled;
    await world.killAt(step);
    const planning = world.plan(rows);
    if (step !== 'batch:planned') await planning;
    // The dry run stops at some; others are met when it runs.
    let killed = await world.untilReached();
    if (killed) await world.restart();
    await world.until(({ status }) => status === 'ready');
    if (!killed || step === 'batch:looked') {
      await world.killAt(step);
      const going = world.go();
      if (step !== 'batch:began') await going;
      killed = await world.untilReached();
      if (killed) await world.restart();
    } else await world.go();
    expect(killed).toBe(true);
    const done = await world.until(({ status }) => status === 'done');
    expect(await world.mismatches()).toEqual([]);
    expect(done.counts.states).toMatchObject({ verified: rows.length });
  });

  it('when the last row has been looked at asks for the number again: nothing is written that nobody has confirmed', async () => {
    await world.killAt('batch:checked');
    await world.plan(rows);
    expect(await world.untilReached()).toBe(true);
    await world.restart();
    const { counts, confirmed } = await world.until(({ status }) => status === 'ready');
    expect({ planned: counts.states.planned, confirmed }).toEqual({ planned: rows.length, confirmed: false });
    expect(world.tenant.arrived).toEqual([]);
  });

  it('and started with a dry run that was paused when its last row came in comes to the confirmation, not to writing', async () => {
    await world.killAt('batch:checked');
    await world.plan(rows);
    expect(await world.untilReached()).toBe(true);
    await world.batcher.pause(world.config, world.batchId);
    await world.restart();
    expect((await world.batch()).status).toBe('paused');
    await world.go();
    await world.until(({ status }) => status === 'ready');
    expect(world.tenant.arrived).toEqual([]);
    await world.go();
    await world.until(({ status }) => status === 'done');
    expect(await world.mismatches()).toEqual([]);
    expect((await world.entries()).filter(({ action }) => action === 'batch').map(({ result }) => result)).toEqual([
      'planned',
      'paused',
      'resumed',
      'run',
      'done',
    ]);
  });

  it('again and again at the same step still comes to an end', async () => {
    world.tenant.fate = troubled;
    await world.runAll(rows);
    for (let kill = 0; kill < 12; kill++) {
      await world.killAt(kill % 2 === 0 ? 'batch:sent' : 'batch:answered');
      if (!(await world.untilReached())) break;
      await world.restart();
    }
    await world.until(({ status }) => status === 'done');
    expect(await world.mismatches()).toEqual([]);
  });
});
