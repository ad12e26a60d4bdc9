/** CPU time of a thread between two `console.timeStamp`s, from a trace of the browser. */
import type { Browser } from '@playwright/test';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Wall clock and the thread's CPU clock, microseconds. */
  ts: number;
  tts?: number;
  /** How long by the CPU clock, where it has a length. */
  tdur?: number;
  args: { data?: { message?: string } };
}

export interface Stamp {
  name: string;
  thread: string;
  wallMs: number;
  cpuMs: number;
}

/** A garbage collection, as a stamp of its end: `cpuMs` is how long it took. */
const COLLECTED = 'collected';
const COLLECTIONS = new Set(['MinorGC', 'MajorGC']);

/** Runs `body` under a trace and returns the stamps of all threads, in order of time. */
export async function traced(browser: Browser, body: () => Promise<void>): Promise<Stamp[]> {
  await browser.startTracing(undefined, { categories: ['-*', 'devtools.timeline'] });
  try {
    await body();
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  return traceEvents
    .flatMap(({ name, pid, tid, ts, tts, tdur, args }) => {
      const thread = `${pid}/${tid}`;
      if (COLLECTIONS.has(name) && tdur !== undefined)
        return [{ name: COLLECTED, thread, wallMs: ts / 1000, cpuMs: tdur / 1000 }];
      return name === 'TimeStamp' && tts !== undefined && args.data?.message
        ? [{ name: args.data.message, thread, wallMs: ts / 1000, cpuMs: tts / 1000 }]
        : [];
    })
    .sort((a, b) => a.wallMs - b.wallMs);
}

export interface Span {
  /** All of the thread's CPU time, and how much of it was garbage collection. */
  cpuMs: number;
  collectingMs: number;
}

/** From each first `from` to the next `to` of the same thread; what lies between is other `from`s at most. */
export function spans(stamps: readonly Stamp[], from: string, to: string): Span[] {
  const open = new Map<string, { fromMs: number; collectingMs: number }>();
  const found: Span[] = [];
  for (const { name, thread, cpuMs } of stamps) {
    const began = open.get(thread);
    if (name === from && !began) open.set(thread, { fromMs: cpuMs, collectingMs: 0 });
    if (!began) continue;
    if (name === COLLECTED) began.collectingMs += cpuMs;
    if (name !== to) continue;
    open.delete(thread);
    found.push({ cpuMs: cpuMs - began.fromMs, collectingMs: began.collectingMs });
  }
  return found;
}
