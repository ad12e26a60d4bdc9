/** CPU time of a thread between two `console.timeStamp`s, and how long its tasks took, from a trace of the browser. */
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Wall clock and the thread's CPU clock, microseconds. */
  ts: number;
  tts?: number;
  /** How long by the wall clock, microseconds, where it has a length. */
  dur?: number;
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
/** One turn of a thread's loop; what its promises do comes after it, and belongs to it (a "long task" is both). */
const MICROTASKS = 'BlinkScheduler_PerformMicrotaskCheckpoint';
const TASK_PARTS = new Set(['ThreadControllerImpl::RunTask', MICROTASKS]);
const HERE = 'bench:here';
const COLLECTIONS = new Set(['MinorGC', 'MajorGC']);

async function eventsOf(browser: Browser, categories: string[], body: () => Promise<void>): Promise<TraceEvent[]> {
  await browser.startTracing(undefined, { categories: ['-*', ...categories] });
  try {
    await body();
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  return (JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents;
}

/** Runs `body` under a trace and returns the stamps of all threads, in order of time. */
export async function traced(browser: Browser, body: () => Promise<void>): Promise<Stamp[]> {
  const events = await eventsOf(browser, ['devtools.timeline'], body);
  return events
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

/** Of all tasks in a stretch of time, the longest by either clock. */
export interface Longest {
  wallMs: number;
  /** What the thread really ran: on a machine with other work to do the clock on the wall says little. */
  cpuMs: number;
}

/** @returns how long a task of the page's thread took at most while `body` ran: for so long nobody could click */
export async function longestTask(browser: Browser, page: Page, body: () => Promise<void>): Promise<Longest> {
  const events = await eventsOf(browser, ['devtools.timeline', 'toplevel', 'scheduler'], async () => {
    await body();
    await page.evaluate((name) => console.timeStamp(name), HERE);
  });
  const here = events.find(({ name, args }) => name === 'TimeStamp' && args.data?.message === HERE);
  const parts = events.filter(({ name, pid, tid }) => TASK_PARTS.has(name) && pid === here?.pid && tid === here.tid);
  if (!parts.some(({ name, tdur }) => name === MICROTASKS && tdur !== undefined)) throw new Error('a trace without tasks');
  const longest: Longest = { wallMs: 0, cpuMs: 0 };
  let [wallUs, cpuUs, endUs] = [0, 0, 0];
  for (const { name, ts, dur = 0, tdur = 0 } of parts.sort((a, b) => a.ts - b.ts)) {
    // What lies within another is counted with it.
    if (ts < endUs) continue;
    endUs = ts + dur;
    if (name !== MICROTASKS) [wallUs, cpuUs] = [0, 0];
    wallUs += dur;
    cpuUs += tdur;
    longest.wallMs = Math.max(longest.wallMs, wallUs / 1000);
    longest.cpuMs = Math.max(longest.cpuMs, cpuUs / 1000);
  }
  return longest;
}
