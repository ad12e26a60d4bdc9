/** Where the time between two marks goes: V8's sampling profiler, by way of a trace of the browser. */
import type { Browser } from '@playwright/test';

interface CallFrame {
  functionName: string;
  url?: string;
  lineNumber?: number;
}
interface ProfileNode {
  id: number;
  parent?: number;
  callFrame: CallFrame;
}
interface ProfileEvent {
  name: string;
  id?: string;
  pid: number;
  tid: number;
  ts: number;
  args: {
    data?: {
      message?: string;
      startTime?: number;
      timeDeltas?: number[];
      cpuProfile?: { nodes?: ProfileNode[]; samples?: number[] };
    };
  };
}

export interface Profiled {
  /** How many times from `from` to `to`. */
  turns: number;
  /** ms a turn by function, the longest first: alone, and with all it calls. */
  self: [string, number][];
  total: [string, number][];
}

const CATEGORIES = ['-*', 'devtools.timeline', 'disabled-by-default-v8.cpu_profiler'];

export async function profiled(browser: Browser, body: () => Promise<void>, from: string, to: string): Promise<Profiled> {
  await browser.startTracing(undefined, { categories: CATEGORIES });
  await body();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: ProfileEvent[] };
  const windows = windowsOf(traceEvents, from, to);
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, ms: number) => to.set(name, (to.get(name) ?? 0) + ms / windows.length);
  const starts = traceEvents.filter(({ name }) => name === 'Profile');
  for (const { id, pid, tid, args } of starts) {
    const own = windows.filter(({ thread }) => thread === `${pid}/${tid}`);
    if (own.length === 0) continue;
    const nodes = new Map<number, ProfileNode>();
    let at = args.data?.startTime ?? 0;
    const chunks = traceEvents
      .filter((event) => event.name === 'ProfileChunk' && event.id === id && event.pid === pid)
      .sort((a, b) => a.ts - b.ts);
    for (const { args: chunk } of chunks) {
      for (const node of chunk.data?.cpuProfile?.nodes ?? []) nodes.set(node.id, node);
      const samples = chunk.data?.cpuProfile?.samples ?? [];
      samples.forEach((sample, index) => {
        const delta = chunk.data?.timeDeltas?.[index] ?? 0;
        at += delta;
        if (!own.some((window) => at > window.from && at <= window.to)) return;
        const names = stackOf(nodes, sample);
        if (names[0]) add(self, names[0], delta / 1000);
        for (const name of new Set(names)) add(total, name, delta / 1000);
      });
    }
  }
  const sorted = (of: Map<string, number>) => [...of].sort((a, b) => b[1] - a[1]);
  return { turns: windows.length, self: sorted(self), total: sorted(total) };
}

function windowsOf(events: readonly ProfileEvent[], from: string, to: string): { thread: string; from: number; to: number }[] {
  const open = new Map<string, number>();
  const stamps = events.filter(({ name }) => name === 'TimeStamp').sort((a, b) => a.ts - b.ts);
  return stamps.flatMap(({ pid, tid, ts, args }) => {
    const thread = `${pid}/${tid}`;
    const began = open.get(thread);
    if (args.data?.message === from && began === undefined) open.set(thread, ts);
    if (args.data?.message !== to || began === undefined) return [];
    open.delete(thread);
    return [{ thread, from: began, to: ts }];
  });
}

/** The function on top and its callers; named by file and line where they have one. */
function stackOf(nodes: ReadonlyMap<number, ProfileNode>, top: number): string[] {
  const names: string[] = [];
  for (let node = nodes.get(top); node; node = node.parent === undefined ? undefined : nodes.get(node.parent)) {
    const { functionName, url = '', lineNumber = 0 } = node.callFrame;
    const file = url.split('/').at(-1);
    names.push(`${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber}` : ''}`);
  }
  return names;
}
