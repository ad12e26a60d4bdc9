/** The tenant's history laid over our own record. What differs is also evidence for state that arrives late. */
import type { StateKind } from '../agent-state.ts';
import type { Segment } from './history.ts';

/** Words in `_locales`: `history_difference_<kind>`, `$1` how long. */
export const DIFFERENCES = [
  /** We heard of the tenant's state only at the end: so much late. */
  'late',
  /** We had it before the tenant's record says it began. */
  'early',
  /** It lay between two of our polls. */
  'missed',
  /** None of these. */
  'differs',
] as const;

export interface Difference {
  kind: (typeof DIFFERENCES)[number];
  fromMs: number;
  toMs: number;
  tenant: StateKind;
  seen: StateKind;
}

/** Less is rounding, and the time a poll takes. */
const DIFFERENT_MS = 5_000;

/** Where both know, and do not agree for more than 5 s, in order of time. Reasons are spelt differently here and there and are not compared. */
export function overlay(tenant: readonly Segment[], seen: readonly Segment[]): Difference[] {
  const differences: Difference[] = [];
  const theirs = tenant.filter(lasts);
  const ours = seen.filter(lasts);
  for (let i = 0, j = 0; i < theirs.length && j < ours.length; ) {
    const a = theirs[i] as Segment;
    const b = ours[j] as Segment;
    const fromMs = Math.max(a.fromMs, b.fromMs);
    const toMs = Math.min(a.toMs, b.toMs);
    if (toMs - fromMs > DIFFERENT_MS && isKnown(a) && isKnown(b) && !agree(a, b)) {
      const within = b.fromMs < a.fromMs && a.toMs < b.toMs;
      const late = a.fromMs === fromMs && b.toMs === toMs && agree(a, ours[j + 1]);
      const early = b.fromMs === fromMs && a.toMs === toMs && agree(b, theirs[i + 1]);
      const kind = late ? 'late' : early ? 'early' : within ? 'missed' : 'differs';
      differences.push({ kind, fromMs, toMs, tenant: kindOf(a), seen: kindOf(b) });
    }
    if (a.toMs <= b.toMs) i++;
    if (b.toMs <= a.toMs) j++;
  }
  return differences;
}

/** The tenant's segments, and ours where the tenant's are unknown: for a tenant whose history does not reach back so far, or has holes. */
export function filledWithOurs(tenant: readonly Segment[], seen: readonly Segment[]): Segment[] {
  const filled: Segment[] = [];
  let place = 0;
  for (const segment of tenant) {
    if (isKnown(segment)) {
      filled.push(segment);
      continue;
    }
    while (place < seen.length && (seen[place]?.toMs ?? 0) < segment.fromMs) place++;
    let coveredMs = segment.fromMs;
    for (let at = place; at < seen.length; at++) {
      const ours = seen[at] as Segment;
      if (ours.fromMs >= segment.toMs) break;
      const fromMs = Math.max(ours.fromMs, coveredMs);
      const toMs = Math.min(ours.toMs, segment.toMs);
      if (toMs < fromMs || (toMs === fromMs && lasts(ours))) continue;
      if (fromMs > coveredMs) filled.push({ ...segment, fromMs: coveredMs, toMs: fromMs });
      const cut = ours.cut || (isKnown(ours) && (fromMs > ours.fromMs || toMs < ours.toMs));
      filled.push({ ...ours, fromMs, toMs, running: ours.running && toMs === ours.toMs, cut });
      coveredMs = toMs;
    }
    if (coveredMs < segment.toMs) filled.push({ ...segment, fromMs: coveredMs });
  }
  return filled;
}

const isKnown = ({ source }: Segment) => source !== 'unknown';
const lasts = ({ fromMs, toMs }: Segment) => toMs > fromMs;

function agree(a: Segment, b: Segment | undefined): boolean {
  if (!b || !isKnown(b) || a.category !== b.category) return false;
  return a.category !== 'unknown' || a.stateName.toUpperCase() === b.stateName.toUpperCase();
}

const kindOf = ({ category, stateName, reason, skill }: Segment): StateKind => ({ category, stateName, reason, skill });
