/** Which kill comes where: half of them at the named steps in turn, half at random moments, as the seed decides. */
import type { Random } from '../tenant/random.ts';

export class Plan {
  private readonly turns: Map<string, number>;

  constructor(
    steps: readonly string[],
    private readonly random: Random,
  ) {
    this.turns = new Map(steps.map((step) => [step, 0]));
  }

  /** @returns the step to kill at (one that has had the fewest turns), or null for a random moment */
  next(): string | null {
    if (this.random.chance(0.5)) return null;
    const fewest = Math.min(...this.turns.values());
    const step = this.random.pick([...this.turns].flatMap(([name, turns]) => (turns === fewest ? [name] : [])));
    this.turns.set(step, fewest + 1);
    return step;
  }
}

/** A moment within something that usually takes `usualMs`: mostly inside, now and then just after. */
export function momentIn(usualMs: number, random: Random): number {
  return random.between(0, usualMs * 1.2);
}
