/** CPU time of a thread between two `console.timeStamp`s, from a trace of the browser. */
import type { Browser } from '@playwright/test';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Wall clock and the thread's CPU clock, microseconds. */
  ts: number;
  tts?: number;
  args: { data?: { message?: string } };
}

export interface Stamp {
  name: string;
  thread: string;
  wallMs: number;
  cpuMs: number;
}

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
    .flatMap(({ name, pid, tid, ts, tts, args }) =>
      name === 'TimeStamp' && tts !== undefined && args.data?.message
        ? [{ name: args.data.message, thread: `${pid}/${tid}`, wallMs: ts / 1000, cpuMs: tts / 1000 }]
        : [],
    )
    .sort((a, b) => a.wallMs - b.wallMs);
}

/** CPU ms from each first `from` to the next `to` of the same thread; what lies between is other `from`s at most. */
export function cpuBetween(stamps: readonly Stamp[], from: string, to: string): number[] {
  const open = new Map<string, number>();
  const took: number[] = [];
  for (const { name, thread, cpuMs } of stamps) {
    const began = open.get(thread);
    if (name === from && began === undefined) open.set(thread, cpuMs);
    if (name !== to || began === undefined) continue;
    open.delete(thread);
    took.push(cpuMs - began);
  }
  return took;
}
