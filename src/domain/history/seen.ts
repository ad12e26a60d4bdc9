/** Our own record as segments: what we saw while polling, and nothing across a gap (DESIGN section 6). */
import type { AgentHistory, Segment } from './history.ts';
import { Lane, type SegmentsRange, sameKind } from './lane.ts';

export type SeenTransition = AgentHistory['seen'][number];

/** Polls are up to so far apart while nothing is wrong: the last answer still counts. */
const FRESH_MS = 90_000;

/**
 * @param seen our transitions in the range and the last one before it
 * @param lastOkMs when we last had a usable answer about this agent, server time; 0: not known
 */
export function segmentsSeen(
  seen: readonly SeenTransition[],
  { lastOkMs, ...range }: SegmentsRange & { lastOkMs: number },
): Segment[] {
  const lane = new Lane(range, 'seen');
  const watchedMs = lastOkMs >= lane.endMs - FRESH_MS ? lane.endMs : lastOkMs;
  // A state may turn out to have begun earlier than one we heard of before it.
  const inOrder = [...seen].sort((a, b) => a.atMs - b.atMs);
  for (const [index, { atMs, to }] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (!next) lane.add(to, atMs, Math.max(atMs, watchedMs), { open: true, cut: watchedMs < lane.endMs });
    // Seen at its beginning; for how long after it we watched, nobody wrote down.
    else if (missedBefore(next, to)) lane.add(to, atMs, atMs, { cut: true });
    else lane.add(to, atMs, next.atMs);
  }
  return lane.done();
}

/** We were not watching, or something of our record is gone: it does not begin where the last one ended. */
function missedBefore({ gap, from }: SeenTransition, to: SeenTransition['to']): boolean {
  return gap || from === null || !sameKind(from, to);
}
