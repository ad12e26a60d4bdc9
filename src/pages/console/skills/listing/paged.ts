/** A list too long to be held whole: read page by page as it is looked at, and read again when it may have changed. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { same } from '../../../parts/keep.ts';

export interface Page<R> {
  rows: R[];
  /** How many there are in all. */
  total: number;
}
/** Asks for one page: `offset` from 0. */
export type ReadPage<R> = (offset: number, limit: number) => Promise<Page<R>>;

export interface PagedList<R> {
  /** Null until the first answer. */
  readonly total: ReadonlySignal<number | null>;
  /** Grows with every page that arrives: what draws rows reads it to be drawn again. */
  readonly version: ReadonlySignal<number>;
  /** Why the last page could not be read; empty when it could. */
  readonly error: ReadonlySignal<string>;
  /** Undefined while its page has not come. */
  rowAt(index: number): R | undefined;
  /** These are in sight: what is missing of them is read. */
  look(first: number, end: number): void;
  /** What is known may be old: what is in sight is read again, at most once in `everyMs`. */
  refresh(): void;
  /** Nothing is asked any more. */
  stop(): void;
}

const PAGE = 200;

/** @param everyMs the shortest time between two readings of the same rows, ms */
export function pagedList<R>(read: ReadPage<R>, everyMs = 1000): PagedList<R> {
  const total = signal<number | null>(null);
  const version = signal(0);
  const error = signal('');
  const pages = new Map<number, { rows: R[]; round: number }>();
  /** Of reading: a page of an earlier one is old. */
  let round = 0;
  let refreshedMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sight = { first: 0, end: PAGE };
  let reading = false;
  let stopped = false;

  const missing = (): number | undefined => {
    const last = Math.floor(Math.max(0, Math.min(sight.end, total.peek() ?? sight.end) - 1) / PAGE);
    // What was looked at may not be there any more: then the end is.
    for (let page = Math.min(last, Math.floor(sight.first / PAGE)); page <= last; page++)
      if (pages.get(page)?.round !== round) return page;
    return undefined;
  };
  const take = (page: number, answer: Page<R>, at: number) => {
    const before = pages.get(page)?.rows ?? [];
    // What is drawn once stays drawn.
    const rows = answer.rows.map((row, index) => {
      const old = before[index];
      return old !== undefined && same(old, row) ? old : row;
    });
    pages.set(page, { rows, round: at });
    for (const known of pages.keys()) if (known > 0 && known * PAGE >= answer.total) pages.delete(known);
    batch(() => {
      total.value = answer.total;
      version.value += 1;
      error.value = '';
    });
  };
  async function catchUp(): Promise<void> {
    if (reading || stopped) return;
    reading = true;
    try {
      for (let page = missing(); page !== undefined && !stopped; page = missing()) {
        const at = round;
        const answer = await read(page * PAGE, PAGE);
        if (stopped) return;
        take(page, answer, at);
      }
    } catch (failed) {
      error.value = failed instanceof Error ? failed.message : String(failed);
    } finally {
      reading = false;
    }
  }
  const renew = () => {
    timer = undefined;
    refreshedMs = Date.now();
    round += 1;
    void catchUp();
  };

  return {
    total,
    version,
    error,
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.rows[index % PAGE],
    look(from, end) {
      sight = { first: from, end: Math.max(end, from + 1) };
      void catchUp();
    },
    refresh() {
      if (timer !== undefined || stopped) return;
      const waitMs = refreshedMs + everyMs - Date.now();
      if (waitMs <= 0) renew();
      else timer = setTimeout(renew, Math.min(waitMs, everyMs));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
