import { describe, expect, it } from 'vitest';
import type { BatchRow } from '../../../../src/domain/skills/batch.ts';
import { progressOf } from '../../../../src/domain/skills/progress.ts';
import { batch as made, row, T } from './made.ts';

const MINUTE = 60_000;
/** One whose number was confirmed. */
const batch: typeof made = (of, over) => made(of, { confirmed: true, ...over });
const rows = (...states: [BatchRow['state'], number][]) =>
  states.flatMap(([state, count]) => Array.from({ length: count }, (_, index) => row(index, { state })));
const unchecked = (count: number) => Array.from({ length: count }, (_, index) => row(index, { diff: 'unchecked' }));

describe('how far a batch has come', () => {
  it('in the run: of those there is something to do for', () => {
    const half = batch(
      rows(['planned', 38], ['sent', 2], ['verified', 30], ['conflict', 4], ['failed', 5], ['unknown', 1], ['skipped', 20]),
      {
        status: 'running',
        ranMs: MINUTE,
      },
    );
    expect(progressOf(half, T)).toEqual({ done: 40, of: 80, perMinute: 40, leftMs: MINUTE });
  });

  it('counts on from when something was last noted, and a clock set back does no harm', () => {
    const one = batch(rows(['planned', 10], ['verified', 10]), { status: 'running', ranMs: MINUTE });
    expect(progressOf(one, T + MINUTE)).toMatchObject({ perMinute: 5, leftMs: 2 * MINUTE });
    expect(progressOf(one, T - MINUTE)).toMatchObject({ perMinute: 10, leftMs: MINUTE });
  });

  it('in the dry run: of all', () => {
    const checking = batch([...unchecked(75), ...rows(['planned', 20], ['skipped', 5])], {
      status: 'checking',
      confirmed: false,
    });
    expect(progressOf(checking, T + MINUTE)).toEqual({ done: 25, of: 100, perMinute: 25, leftMs: 3 * MINUTE });
  });

  it('says no rate while nothing moves, or too early', () => {
    const still = { perMinute: null, leftMs: null };
    const some = rows(['planned', 10], ['verified', 10]);
    for (const status of ['paused', 'waiting', 'ready', 'cancelled'] as const)
      expect(progressOf(batch(some, { status, ranMs: MINUTE }), T)).toEqual({ done: 10, of: 20, ...still });
    expect(progressOf(batch(some, { status: 'running', ranMs: 2_999 }), T)).toMatchObject(still);
    expect(progressOf(batch(rows(['planned', 10]), { status: 'running', ranMs: MINUTE }), T)).toMatchObject({
      done: 0,
      of: 10,
      ...still,
    });
    expect(progressOf(made(unchecked(5), { status: 'paused' }), T)).toEqual({ done: 0, of: 5, ...still });
  });

  it('at its end has nothing left', () => {
    expect(progressOf(batch(rows(['verified', 10], ['skipped', 3]), { status: 'done', ranMs: MINUTE }), T)).toMatchObject({
      done: 10,
      of: 10,
    });
    expect(progressOf(batch(rows(['verified', 10]), { status: 'running', ranMs: MINUTE }), T)).toMatchObject({ leftMs: 0 });
    expect(progressOf(batch(rows(['skipped', 3]), { status: 'done' }), T)).toEqual({
      done: 0,
      of: 0,
      perMinute: null,
      leftMs: null,
    });
  });
});
