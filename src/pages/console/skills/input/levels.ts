/** A profile's scale of levels, as the page draws it. */
import type { SkillTraits } from '../../../../domain/skills/assignment.ts';

type Levels = SkillTraits['levels'];

export const levelsOf = ({ min, max }: Levels): number[] => Array.from({ length: max - min + 1 }, (_, index) => min + index);

/** From 0.15, the lowest, to 1, the best: an assignment is never drawn as nothing. */
export function meritOf(level: number, { min, max, best }: Levels): number {
  const part = (Math.min(max, Math.max(min, level)) - min) / Math.max(1, max - min);
  return Math.round((0.15 + 0.85 * (best === 'high' ? part : 1 - part)) * 100) / 100;
}
