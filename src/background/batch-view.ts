/** What the pages see of a batch: often enough to watch it, seldom enough to cost nothing. */
import type { Batch } from '../domain/skills/batch.ts';
import { type DeliveryStatus, type Figures, publish, readPublished } from '../messages/published.ts';
import { log } from '../storage/log.ts';

const SPACING_MS = 250;
/** A worker that calls no API of Chrome for 30 s is stopped, however much it waits for. */
const ALIVE_MS = 20_000;

export interface BatchView {
  /** Soon. */
  touch(batch: Batch): void;
  /** Now. */
  show(batch: Batch): Promise<void>;
  /** Nothing is shown any more. */
  forget(): void;
  /** Shows what is shown already, as sending on stands now. */
  refresh(): Promise<void>;
  /** Shows it again and again until the returned function is called. `batch` null: there is nothing to show any more. */
  keepAlive(batch: () => Batch | null): () => void;
}

/**
 * @param deliveryOf how sending on stands for the batch's connection
 * @param figuresOf how far asking for its figures has come
 * @param isShown whether the pages show its connection: others are none of their business
 */
export function createBatchView(
  deliveryOf: (batch: Batch) => Promise<DeliveryStatus>,
  figuresOf: (batch: Batch) => Figures | null,
  isShown: (batch: Batch) => Promise<boolean>,
): BatchView {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownMs = 0;
  /** Of this life of the worker. */
  let last: Batch | null = null;

  async function show(batch: Batch): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    shownMs = Date.now();
    last = batch;
    // As it is now: it goes on changing.
    const copy = structuredClone(batch);
    const [delivery, shown] = await Promise.all([deliveryOf(copy), isShown(copy)]);
    if (shown) await publish({ 'view.batch': { batch: copy, delivery, figures: figuresOf(copy) } });
  }

  function touch(batch: Batch): void {
    if (timer !== undefined) return;
    const inMs = Math.min(SPACING_MS, Math.max(0, shownMs + SPACING_MS - Date.now()));
    timer = setTimeout(() => void show(batch).catch(() => log('batch-failed', { connection: batch.target.connectionId })), inMs);
  }

  return {
    touch,
    show,
    async refresh() {
      const batch = last ?? (await readPublished('view.batch'))['view.batch']?.batch;
      if (batch) await show(batch);
    },
    forget() {
      clearTimeout(timer);
      timer = undefined;
      last = null;
    },
    keepAlive(batch) {
      const tick = () => {
        const shown = batch();
        if (shown) touch(shown);
      };
      const ticking = setInterval(tick, ALIVE_MS);
      return () => clearInterval(ticking);
    },
  };
}
