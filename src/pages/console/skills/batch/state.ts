/** The batches of the connection shown: those that are kept, and the one under way as it stands now. */
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Batch, BatchRow, Diff, RowState } from '../../../../domain/skills/batch.ts';
import type { DeliveryStatus, Figures } from '../../../../messages/published.ts';
import { send } from '../../../../messages/send.ts';
import { t } from '../../../../messages/words.ts';
import { batchView } from '../../../parts/store.ts';
import { connectionId } from '../access.ts';
import type { ReadPage } from '../listing/paged.ts';

const kept = signal<Batch[] | null>(null);
/** Why they could not be read; empty when they could. */
export const batchesError = signal('');

/** The newest first; null until the first answer. */
export const batches = computed((): Batch[] | null => {
  const live = batchView.value?.batch;
  const known = kept.value;
  if (!known || !live) return known;
  return known.map((each) => (each.id === live.id ? newer(each, live) : each));
});

const newer = (a: Batch, b: Batch) => (a.updatedMs > b.updatedMs ? a : b);

/** Undefined while nobody has said; null when there is none of that id (any more). */
export function batchOf(id: string): Batch | null | undefined {
  const live = batchView.value?.batch;
  const found = batches.value?.find((each) => each.id === id);
  if (found) return found;
  if (live?.id === id) return live;
  return batches.value ? null : undefined;
}

/** How sending on stands for the connection shown; null: nobody has said. */
export function deliveryNow(): DeliveryStatus | null {
  const view = batchView.value;
  return view && view.batch.target.connectionId === connectionId.value ? view.delivery : null;
}

/** How far asking for a batch's figures has come; null: nobody asks. */
export const figuresOf = (id: string): Figures | null => {
  const view = batchView.value;
  return view?.batch.id === id ? (view.figures ?? null) : null;
};

let reading: Promise<void> | null = null;
let again = false;

/** Reads them from the worker; a wish that comes while reading is served once, afterwards. */
export function readBatches(): Promise<void> {
  again = true;
  reading ??= readAll().finally(() => {
    reading = null;
  });
  return reading;
}

async function readAll(): Promise<void> {
  while (again) {
    again = false;
    try {
      kept.value = (await send('batches', {})).batches;
      batchesError.value = '';
    } catch (error) {
      batchesError.value = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Keeps the list as fresh as what the worker publishes. */
export function useBatches(): void {
  useEffect(() => {
    let last: string | undefined;
    return effect(() => {
      const live = batchView.value?.batch;
      const now = JSON.stringify([connectionId.value, live?.id, live?.status]);
      if (now === last) return;
      last = now;
      void readBatches();
    });
  }, []);
}

/** Which rows of a batch are shown; empty lists are all. */
export interface Narrowed {
  diffs: Diff[];
  states: RowState[];
}
export const EVERY: Narrowed = { diffs: [], states: [] };

export const rowsOf =
  (batchId: string, { diffs, states }: Narrowed): ReadPage<BatchRow> =>
  (offset, limit) =>
    send('batchRows', { batchId, diffs, states, offset, limit });

/** More than a batch can have: all of them in one answer, as they were at one moment. */
const WHOLE = 20_000;

export async function allRows(batchId: string, { diffs, states }: Narrowed): Promise<BatchRow[]> {
  const { rows, damaged } = await send('batchRows', { batchId, diffs, states, offset: 0, limit: WHOLE });
  // A file or a decision that lacks some unseen is worse than none.
  if (damaged > 0) throw new Error(t('error_batchDamaged'));
  return rows;
}

/** Does something to a batch, then shows how it stands: one that is not under way is not published. */
export async function act(job: () => Promise<unknown>): Promise<void> {
  try {
    await job();
  } finally {
    await readBatches();
  }
}
