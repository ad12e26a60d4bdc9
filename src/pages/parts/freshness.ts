import type { Glance, Heartbeat } from '../../messages/published.ts';

/** How old the list on screen is. `never`: no list was received yet. */
export type Freshness = { kind: 'live'; ageMs: number } | { kind: 'stale'; fromMs: number } | { kind: 'never' };

/** A poll may be this late (a slow answer, an alarm's half minute) before the list is called stale. */
const LATE_MS = 60_000;

export function freshness(
  glance: Pick<Glance, 'stale' | 'asOfMs'> | undefined,
  heartbeat: Heartbeat | undefined,
  nowMs: number,
): Freshness {
  if (!glance) return { kind: 'never' };
  const okMs = heartbeat?.okMs ?? 0;
  const fromMs = glance.stale ? glance.asOfMs || okMs : okMs || glance.asOfMs;
  if (fromMs <= 0) return { kind: 'never' };
  const due = Math.max(heartbeat?.nextMs ?? 0, fromMs);
  // The worker cannot publish that it is dead: a poll long overdue says it for it.
  if (glance.stale || nowMs > due + LATE_MS) return { kind: 'stale', fromMs };
  return { kind: 'live', ageMs: Math.max(0, nowMs - fromMs) };
}
