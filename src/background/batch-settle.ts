/** How long what was written may take to show, and for whom something was written a moment ago. */
import browser from 'webextension-polyfill';
import type { AgentId } from '../domain/agent-state.ts';
import type { Batch } from '../domain/skills/batch.ts';
import { plain } from '../domain/skills/twice.ts';
import { batchesOf, rowsIn } from '../storage/batch-store.ts';

/** The client's own patience (20 s) and some more (security-reliability.md 6.2). */
const SETTLE_MS = 30_000;

/** A test tenant may be quicker. */
export async function settleMs(): Promise<number> {
  if (!__DEMO__) return SETTLE_MS;
  const { 'demo.settleMs': shorter } = await browser.storage.session.get('demo.settleMs');
  return typeof shorter === 'number' ? shorter : SETTLE_MS;
}

/** By user (`plain`), in how many ms what other batches of the connection have sent for him can be seen; those long ago are left out. */
export async function settling({ id, target }: Batch, settle: number): Promise<Map<AgentId, number>> {
  const nowMs = Date.now();
  const lately = (await batchesOf(target.connectionId)).filter((other) => other.id !== id && other.updatedMs > nowMs - settle);
  const found = await Promise.all(lately.map((other) => rowsIn(other.id, ['sent', 'verified', 'unknown'])));
  const waits = new Map<AgentId, number>();
  for (const { userId, sentMs } of found.flatMap(({ rows }) => rows)) {
    // A time further ahead than it can have been set comes from a clock that was put back.
    const waitMs = Math.min(sentMs, nowMs) + settle - nowMs;
    const user = plain(userId);
    if (sentMs > 0 && waitMs > (waits.get(user) ?? 0)) waits.set(user, waitMs);
  }
  return waits;
}
