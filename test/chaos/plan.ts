/** Which kill comes when: half of them at the named steps in turn, half at random moments, in an order the seed decides. */
import type { Random } from '../tenant/random.ts';

/** @returns for each of `kills` the step to kill at, or null for a random moment */
export function planKills(kills: number, steps: readonly string[], random: Random): (string | null)[] {
  const plan = Array.from({ length: kills }, (_, index) =>
    index % 2 === 0 ? (steps[(index / 2) % steps.length] ?? null) : null,
  );
  for (let last = plan.length - 1; last > 0; last--) {
    const other = random.int(last + 1);
    [plan[last], plan[other]] = [plan[other] ?? null, plan[last] ?? null];
  }
  return plan;
}

/** A moment within something that usually takes `usualMs`: mostly inside, now and then just after. */
export function momentIn(usualMs: number, random: Random): number {
  return random.between(0, usualMs * 1.2);
}
