/** Long work in small pieces: the page draws and answers between them. */
import { type Signal, signal } from '@preact/signals';

/** Taken before the page gets its turn, ms. Well below the 50 at which a page begins to feel stuck. */
export const TURN_MS = 12;

/** The page's turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export interface Work {
  kind: 'reading' | 'checking';
  /** 0 to 1. */
  part: number;
}

/** One piece of work at a time: what begins ends what was under way. */
export interface Bench {
  /** Null when nothing is under way. */
  readonly now: Signal<Work | null>;
  /** Ends what is under way. */
  stop(): void;
  /** Runs it; null when it was ended. `stopped` is asked between pieces. */
  run<T>(
    kind: Work['kind'],
    job: (progress: (part: number) => void, stopped: () => boolean) => Promise<T | null>,
  ): Promise<T | null>;
}

export function createBench(): Bench {
  const now = signal<Work | null>(null);
  let turn = 0;
  return {
    now,
    stop() {
      turn++;
      now.value = null;
    },
    async run(kind, job) {
      const mine = ++turn;
      const stopped = () => turn !== mine;
      now.value = { kind, part: 0 };
      try {
        const result = await job((part) => {
          if (!stopped()) now.value = { kind, part };
        }, stopped);
        return stopped() ? null : result;
      } finally {
        if (!stopped()) now.value = null;
      }
    },
  };
}

/** Does something with each, a few milliseconds at a time. False when it was stopped. */
export async function eachInTurns<T>(
  items: readonly T[],
  use: (item: T) => void,
  progress: (part: number) => void,
  stopped: () => boolean,
): Promise<boolean> {
  let beganMs = performance.now();
  for (const [index, item] of items.entries()) {
    use(item);
    if (index % 64 !== 63 || performance.now() - beganMs < TURN_MS) continue;
    progress((index + 1) / items.length);
    await breathe();
    if (stopped()) return false;
    beganMs = performance.now();
  }
  return true;
}
