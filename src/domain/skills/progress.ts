/** How far a batch has come, how fast, and how long it will take. */
import type { Batch } from './batch.ts';

export interface Progress {
  /** Rows checked, while the dry run is not through; else rows that have ended. */
  done: number;
  /** Of how many: in the run only those there is something to do for. */
  of: number;
  /** Null: too early to say, or nothing moves. */
  perMinute: number | null;
  leftMs: number | null;
}

const MINUTE_MS = 60_000;
/** Sooner than this a rate says nothing. */
const TELLING_MS = 3_000;

/** @param nowMs epoch ms, our clock */
export function progressOf(batch: Batch, nowMs: number): Progress {
  const { counts, status, confirmed, createdMs, updatedMs, ranMs } = batch;
  const checking = !confirmed;
  const { planned, sent, verified, conflict, failed, unknown } = counts.states;
  const done = checking ? counts.checked : verified + conflict + failed + unknown;
  const of = checking ? counts.total : done + planned + sent;
  // `ranMs` is of the last time anything was noted.
  const tookMs = checking ? nowMs - createdMs : ranMs + Math.max(0, nowMs - updatedMs);
  const moves = status === (checking ? 'checking' : 'running');
  if (!moves || done === 0 || tookMs < TELLING_MS) return { done, of, perMinute: null, leftMs: null };
  const perMinute = (done * MINUTE_MS) / tookMs;
  return { done, of, perMinute, leftMs: ((of - done) / perMinute) * MINUTE_MS };
}
