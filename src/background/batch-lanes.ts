/**
 * Several users at once, one thing at a time for each; a user whose turn is later keeps nobody waiting. Waits are counted by a clock that only goes
 * on: whoever puts the computer's forward or back makes none shorter or longer.
 */
import type { AgentId } from '../domain/agent-state.ts';

export interface Lane {
  userId: AgentId;
  /** Not sooner than in so many ms. */
  waitMs: number;
  /** How often it could not be read. */
  tries: number;
}

/** What comes of a turn: in how many ms the lane wants the next one; 0 = it is through. */
export type Turn = (lane: Lane) => Promise<number>;

export interface Lanes {
  /** Resolves when all are through, or, once `over` holds, when the turns that were begun have ended. Rejects as the first turn that does. */
  work(concurrency: number, turn: Turn, over: () => boolean): Promise<void>;
  /** `over` may hold now. */
  nudge(): void;
}

export function createLanes(lanes: Lane[]): Lanes {
  const queue = lanes.map((lane) => ({ lane, dueMs: performance.now() + lane.waitMs }));
  let atWork = 0;
  let failed = false;
  let changed = deferred();

  const nudge = () => {
    changed.resolve();
    changed = deferred();
  };

  /** The first that is due; with none, in how many ms the next one is. */
  function next(): Lane | number {
    const nowMs = performance.now();
    const at = queue.findIndex(({ dueMs }) => dueMs <= nowMs);
    const [due] = at === -1 ? [] : queue.splice(at, 1);
    return due?.lane ?? Math.min(...queue.map(({ dueMs }) => dueMs)) - nowMs;
  }

  async function worker(turn: Turn, over: () => boolean): Promise<void> {
    while (!failed && !over() && queue.length + atWork > 0) {
      const lane = next();
      if (typeof lane === 'number') {
        await until(lane, changed.promise);
        continue;
      }
      atWork++;
      try {
        const waitMs = await turn(lane);
        if (waitMs > 0) queue.push({ lane, dueMs: performance.now() + waitMs });
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        atWork--;
        nudge();
      }
    }
  }

  return {
    nudge,
    async work(concurrency, turn, over) {
      const ends = await Promise.allSettled(Array.from({ length: concurrency }, () => worker(turn, over)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** @param waitMs may be for ever */
async function until(waitMs: number, sooner: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const due = new Promise<void>((resolve) => {
    // A timer knows no parts of a millisecond, and would ring too early.
    if (Number.isFinite(waitMs)) timer = setTimeout(resolve, Math.ceil(waitMs));
  });
  await Promise.race([due, sooner]);
  clearTimeout(timer);
}
