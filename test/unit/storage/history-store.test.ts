import { beforeEach, describe, expect, it } from 'vitest';
import type { HistoryLoad } from '../../../src/domain/history/history.ts';
import type { KeptPage } from '../../../src/storage/history-store.ts';
import { freshStorage, type Storage } from './fresh.ts';

let storage: Storage;
let store: typeof import('../../../src/storage/history-store.ts');
const life = async () => {
  storage = await freshStorage();
  store = await import('../../../src/storage/history-store.ts');
};
beforeEach(life);

const page = (agentId: string, index: number, more: Partial<KeptPage> = {}): KeptPage => ({
  connectionId: 'one',
  agentId,
  fromMs: 1,
  toMs: 2,
  index,
  asked: { fromMs: 1, toMs: 2 },
  next: null,
  total: null,
  badRows: 0,
  badFields: [],
  count: 0,
  records: '[]',
  keptMs: Date.now(),
  problem: null,
  ...more,
});
const load = (connectionId: string): HistoryLoad => ({
  id: 'l',
  connectionId,
  agentIds: [],
  fromMs: 1,
  toMs: 2,
  status: 'running',
  notBeforeMs: 0,
  startedMs: 0,
  updatedMs: 0,
  agents: [],
});
const always = () => true;

describe('pages of history', () => {
  it('come back in their order, in the next life, and are nobody else’s', async () => {
    for (const index of [1, 0, 10, 2]) await store.keepPage(page('a', index), null, always);
    // Neighbours of every kind.
    await store.keepPage(page('b', 0), null, always);
    await store.keepPage(page('a', 0, { connectionId: 'two' }), null, always);
    await store.keepPage(page('a', 0, { toMs: 3 }), null, always);
    await life();
    const part = { connectionId: 'one', agentId: 'a', fromMs: 1, toMs: 2 };
    expect((await store.pagesOf(part)).map(({ index }) => index)).toEqual([0, 1, 2, 10]);
    expect((await store.partsOf('one', 'a')).map((pages) => pages.length)).toEqual([4, 1]);
    expect(await store.rangesOf('one', 'a')).toEqual([part, { ...part, toMs: 3 }]);
    await store.dropPart(part);
    expect((await store.partsOf('one', 'a')).map((pages) => pages.length)).toEqual([1]);
    await store.forgetPages('one');
    expect(await store.partsOf('one', 'a')).toEqual([]);
    expect(await store.partsOf('two', 'a')).toHaveLength(1);
  });

  it('are written with the load, or not at all', async () => {
    await store.keepPage(page('a', 0), load('one'), () => false);
    expect(await store.loadOf('one')).toBeNull();
    expect(await store.partsOf('one', 'a')).toEqual([]);
    await store.keepPage(page('a', 0), load('one'), always);
    expect(await store.loadOf('one')).toEqual(load('one'));
    expect(await store.loadOf('two')).toBeNull();
    await store.writeLoad({ ...load('one'), status: 'done' }, () => false);
    expect((await store.loadOf('one'))?.status).toBe('running');
  });

  it('older than a day go, and so do those of a clock that was put back', async () => {
    const day = 24 * 3_600_000;
    const nowMs = Date.now();
    for (const [index, keptMs] of [nowMs - day - 1, nowMs - day + 60_000, nowMs + 2 * day].entries())
      await store.keepPage(page('a', 0, { toMs: 10 + index, keptMs }), null, always);
    expect((await store.partsOf('one', 'a')).map(([first]) => first?.toMs)).toEqual([11]);
    await store.pruneHistory('one', nowMs);
    expect(await (await storage.database()).count('history')).toBe(1);
  });
});

describe('our own record', () => {
  const kind = { category: 'available', stateName: 'Available', reason: '', skill: '' } as const;
  const saw = async (connectionId: string, ...seen: [agentId: string, atMs: number][]) => {
    const known = await storage.loadKnown(connectionId);
    await storage.commitPoll(connectionId, {
      known,
      before: known,
      transitions: seen.map(([agentId, atMs]) => ({ agentId, from: null, to: kind, atMs, gap: false })),
      alerts: [],
    });
  };
  const between = async (fromMs: number, toMs: number, ...agentIds: string[]) =>
    Object.fromEntries(
      [...(await storage.transitionsBetween('one', agentIds, fromMs, toMs))].map(([id, seen]) => [
        id,
        seen.map(({ atMs }) => atMs),
      ]),
    );

  it('is told for a range, with the last thing before it', async () => {
    await saw('one', ['a', 10], ['b', 10]);
    await saw('one', ['a', 20]);
    await saw('one', ['b', 30]);
    await saw('two', ['a', 35]);
    await saw('one', ['a', 40], ['c', 40]);
    await saw('one', ['a', 50]);
    expect(await between(25, 45, 'a', 'b', 'nobody')).toEqual({ a: [20, 40], b: [10, 30], nobody: [] });
    // Nothing in the range, and something after it, soon or long after.
    await saw('one', ['a', 9e9], ['b', 9e9]);
    expect(await between(41, 49, 'a', 'b')).toEqual({ a: [40], b: [30] });
    expect(await between(21, 29, 'a')).toEqual({ a: [20] });
    expect(await between(0, 5, 'a')).toEqual({ a: [] });
    expect(await between(45, 25, 'a')).toEqual({ a: [] });
    expect(await between(20, 20, 'a')).toEqual({ a: [10, 20] });
    expect(await between(60, 99, 'a', 'c')).toEqual({ a: [50], c: [40] });
  });

  it('has what was found late where it belongs', async () => {
    await saw('one', ['a', 10]);
    // Found together: what began long ago, and what has just begun.
    await saw('one', ['a', 30], ['b', 500]);
    expect(await between(20, 40, 'a')).toEqual({ a: [10, 30] });
  });

  it('is forgotten alone: what is known of now stays, and others’ too', async () => {
    await saw('one', ['a', 10]);
    await saw('two', ['a', 10]);
    await storage.forgetTransitions('one');
    expect(await storage.transitionsOf('one', 'a', 9)).toEqual([]);
    expect(await storage.transitionsOf('two', 'a', 9)).toHaveLength(1);
  });
});

/** The database as versions 1 and 2 made it, with something in it. */
function madeBy(version: 1 | 2): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('agent-watch', version);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => {
      const db = opening.result;
      for (const name of ['keys', 'sealed', 'poll', 'roster']) db.createObjectStore(name);
      const transitions = db.createObjectStore('transitions', { autoIncrement: true });
      transitions.createIndex('byAgent', 'agents', { multiEntry: true });
      transitions.createIndex('byTime', ['connectionId', 'atMs']);
      db.createObjectStore('alerts', { autoIncrement: true }).createIndex('byTime', ['connectionId', 'atMs']);
      db.createObjectStore('log', { autoIncrement: true });
      if (version < 2) return;
      db.createObjectStore('history').createIndex('byTime', ['connectionId', 'keptMs']);
      db.createObjectStore('historyLoad');
    };
    opening.onsuccess = () => {
      const db = opening.result;
      const names = ['transitions', 'log', 'sealed', ...(version === 2 ? ['historyLoad'] : [])];
      const tx = db.transaction(names, 'readwrite');
      const to = { category: 'available', stateName: 'Available', reason: '', skill: '' };
      tx.objectStore('transitions').add({
        connectionId: 'one',
        atMs: 5,
        agents: ['one\na'],
        transitions: [{ agentId: 'a', from: null, to, atMs: 5, gap: false }],
      });
      tx.objectStore('log').add('a line');
      tx.objectStore('sealed').put({ generation: 'g' }, 'one/grant');
      if (version === 2) tx.objectStore('historyLoad').put(load('one'), 'one');
      tx.oncomplete = () => {
        db.close();
        resolve();
      };
    };
  });
}

describe.each([1, 2] as const)('a database of version %i', (version) => {
  it('is brought up to date, and keeps what is in it', async () => {
    await madeBy(version);
    await life();
    expect(await storage.transitionsOf('one', 'a', 9)).toHaveLength(1);
    expect(await storage.logLines()).toEqual(['a line']);
    expect(await store.loadOf('one')).toEqual(version === 2 ? load('one') : null);
    const db = await storage.database();
    expect(await db.get('sealed', 'one/grant')).toEqual({ generation: 'g' });
    await store.keepPage(page('a', 0), load('one'), always);
    expect(await store.partsOf('one', 'a')).toHaveLength(1);
    const { allBatches } = await import('../../../src/storage/batch-store.ts');
    const { headOf } = await import('../../../src/storage/audit-store.ts');
    expect(await allBatches()).toEqual([]);
    expect((await headOf('one')).seq).toBe(0);
    expect([...db.transaction('batchRows').store.indexNames]).toEqual(['byState']);
    expect(db.version).toBe(3);
    await storage.eraseDatabase();
    expect(await store.loadOf('one')).toBeNull();
  });
});
