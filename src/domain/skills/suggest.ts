/** Seed 003's rule for a level, and the figures it rests on. */
import type { LevelRule } from '../settings.ts';

/** Seven days of one user's work (seed 003: `talkTime`, `handleTime`, `resolutionRate`). */
export interface Performance {
  /** In one unit, whichever the tenant uses: only their ratio counts. */
  talkTime: number;
  handleTime: number;
  /** 0–1; null: the tenant does not say. */
  resolutionRate: number | null;
}

export interface Suggestion {
  level: number;
  /** Null: the tenant has no figures, and `level` is the usual one. */
  basis: Performance | null;
  /** talk time / handle time, 0–1; 0 without figures. */
  efficiency: number;
}

/** Seed 003 takes it so where the tenant says none: never enough for 4 or 5 with the usual thresholds. */
const RESOLUTION_UNSAID = 0.5;

/** Seed 003's rule with the thresholds of the settings: all of them are to be exceeded, not only reached. */
export function suggestedLevel(performance: Performance | null, rule: LevelRule): Suggestion {
  if (!performance) return { level: rule.none, basis: null, efficiency: 0 };
  const { talkTime, handleTime, resolutionRate } = performance;
  const efficiency = handleTime > 0 ? talkTime / handleTime : 0;
  return { level: levelFor(efficiency, resolutionRate ?? RESOLUTION_UNSAID, rule), basis: performance, efficiency };
}

function levelFor(efficiency: number, resolution: number, { five, four, three }: LevelRule): number {
  if (efficiency > five.efficiency && resolution > five.resolution) return 5;
  if (efficiency > four.efficiency && resolution > four.resolution) return 4;
  return efficiency > three.efficiency ? 3 : 2;
}
