/** What is written in polls that bring nothing new, counted from outside. */
import type { Extension } from '../../e2e/support/extension.ts';
import type { Lab } from '../support/lab.ts';
import { onePoll, prepare } from '../support/probe.ts';
import type { Row } from '../support/report.ts';

const POLLS = 20;

interface Counts {
  database: number;
  durable: number;
  session: number;
  alarms: number;
}
interface Counting {
  counts?: Counts;
  changes?: string[];
}

export async function writes(lab: Lab): Promise<Row[]> {
  const { extension } = lab;
  await lab.watch(lab.agentIds(30));
  // What the choice of agents and the last changes bring about is written before we count.
  for (let poll = 0; poll < 3; poll++) {
    await onePoll(extension);
    await lab.settle();
  }
  const { boots } = extension;
  await countInWorker(extension);
  await countOutside(extension);
  for (let poll = 0; poll < POLLS; poll++) {
    await onePoll(extension);
    await lab.settle();
  }
  if (extension.boots !== boots) throw new Error('the worker was restarted: its writes were not all counted');
  const { database, durable, session, alarms } = await extension.inWorker(
    () => (globalThis as unknown as { bench: { counts: Counts } }).bench.counts,
    null,
  );
  const changes = await extension.outside(() => (globalThis as unknown as Required<Counting>).changes, null);
  const row = (name: string, value: number, goal: number | null): Row => ({ name, unit: '', value, baseline: null, goal });
  return [
    row(`durable writes in ${POLLS} unchanged polls`, database + Math.max(durable, changes.length), 0),
    row('  of storage.session, in memory', session, null),
    row('  of alarms', alarms, null),
  ];
}

/** Calls in the worker, whether or not they changed anything. */
async function countInWorker(extension: Extension): Promise<void> {
  await prepare(extension);
  await extension.inWorker(() => {
    const counts: Counts = { database: 0, durable: 0, session: 0, alarms: 0 };
    (globalThis as unknown as { bench: { counts: Counts } }).bench = { counts };
    const spy = (owner: object, methods: readonly string[], kind: keyof Counts) => {
      const target = owner as Record<string, (...args: unknown[]) => unknown>;
      for (const method of methods) {
        const real = target[method];
        if (!real) continue;
        target[method] = function counted(this: unknown, ...args: unknown[]) {
          counts[kind]++;
          return real.apply(this, args);
        };
      }
    };
    spy(IDBObjectStore.prototype, ['put', 'add', 'delete', 'clear'], 'database');
    spy(IDBCursor.prototype, ['update', 'delete'], 'database');
    // Chromium has both names, and they need not share an object.
    const { chrome: one, browser: other } = globalThis as unknown as { chrome: typeof chrome; browser?: typeof chrome };
    for (const area of ['local', 'sync', 'session'] as const) {
      const kind = area === 'session' ? 'session' : 'durable';
      for (const store of new Set([one.storage[area], other?.storage[area]]))
        if (store) spy(store, ['set', 'remove', 'clear'], kind);
    }
    for (const alarms of new Set([one.alarms, other?.alarms])) if (alarms) spy(alarms, ['create', 'clear'], 'alarms');
  }, null);
}

/** Changes as everybody is told of them. */
async function countOutside(extension: Extension): Promise<void> {
  await extension.outside(() => {
    const changes: string[] = [];
    (globalThis as unknown as Counting).changes = changes;
    chrome.storage.onChanged.addListener((_changed, area) => {
      if (area !== 'session') changes.push(area);
    });
  }, null);
}
