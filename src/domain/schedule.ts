/** When to poll next, and whether we looked away in between (DESIGN section 6). Epoch ms unless named otherwise. */
import { MAX_RETRY_AFTER_MS } from './retry-after.ts';

/** Chrome's floor for alarms. */
const FLOOR_MS = 30_000;
const LOCKED_FACTOR = 4;
const LOCKED_MIN_MS = 120_000;
const BACKOFF_MAX_MS = 10 * 60_000;
const GAP_MIN_MS = 5 * 60_000;

const intervalMs = (pollSeconds: number, locked: boolean) =>
  locked ? Math.max(pollSeconds * 1000 * LOCKED_FACTOR, LOCKED_MIN_MS) : pollSeconds * 1000;

/**
 * The time of the next poll: the interval, four times as long (2 min at least) with the screen locked, doubled for each failure in a row
 * up to 10 min, ± 10 % by `random` in [0, 1); never under 30 s from now, nor sooner than the interval after a failure, nor before `notBeforeMs`
 * (0 = none). A `notBeforeMs` further off than any `Retry-After` we accept comes from a clock that was changed, and is cut to that.
 */
export function nextPollMs(input: {
  nowMs: number;
  pollSeconds: number;
  notBeforeMs: number;
  failures: number;
  locked: boolean;
  random: number;
}): number {
  const { nowMs, pollSeconds, notBeforeMs, failures, locked, random } = input;
  const interval = intervalMs(pollSeconds, locked);
  const delay = Math.max(interval, Math.min(interval * 2 ** failures, BACKOFF_MAX_MS)) * (0.9 + 0.2 * random);
  const due = nowMs + Math.max(delay, FLOOR_MS, failures > 0 ? interval : 0);
  return Math.max(due, Math.min(notBeforeMs, nowMs + MAX_RETRY_AFTER_MS));
}

/**
 * Whether what changed since the last good poll was not watched: no such poll (`lastOkMs` 0), or it is more than three intervals and
 * five minutes away, in either direction (a clock set back tells nothing about how long we slept).
 * `locked`: the screen is locked, or was at the last poll.
 */
export function isGap(input: { lastOkMs: number; nowMs: number; pollSeconds: number; locked: boolean }): boolean {
  const { lastOkMs, nowMs, pollSeconds, locked } = input;
  return Math.abs(nowMs - lastOkMs) > Math.max(3 * intervalMs(pollSeconds, locked), GAP_MIN_MS);
}
