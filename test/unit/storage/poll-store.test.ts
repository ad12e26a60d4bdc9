import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StateKind } from '../../../src/domain/agent-state.ts';
import type { HistoryLoad } from '../../../src/domain/history/history.ts';
import { emptyHead } from '../../../src/domain/skills/audit-chain.ts';
import type { Batch } from '../../../src/domain/skills/batch.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/domain/snapshot.ts';
import type { KeptPage } from '../../../src/storage/history-store.ts';
import type { AlertRecord, Known, PollState } from '../../../src/storage/poll-store.ts';
import { freshStorage, type Storage } from './fresh.ts';

let storage: Storage;
beforeEach(async () => {
  storage = await freshStorage();
});
const READY: StateKind = { category: 'available', stateName: 'Available', reason: '', skill: '' };
const snapshotOf = (...ids: string[]): Snapshot => ({
  ids,
  kinds: Uint32Array.from(ids, () => 0),
  sinceMs: Float64Array.from(ids, (_, index) => 1000 + index),
  known: Uint8Array.from(ids, () => 1),
  dictionary: [READY],
});
const nothing = (): Known => ({ state: storage.NEW_POLL_STATE, snapshot: EMPTY_SNAPSHOT });
const state = (more: Partial<PollState>): PollState => ({ ...storage.NEW_POLL_STATE, outcome: 'ok', ...more });
const transition = (agentId: string, atMs: number) => ({ agentId, from: null, to: READY, atMs, gap: false });
const PAGE: KeptPage = {
  connectionId: 'one',
  agentId: 'a',
  fromMs: 1,
  toMs: 2,
  index: 0,
  asked: { fromMs: 1, toMs: 2 },
  next: null,
  total: null,
  badRows: 0,
  badFields: [],
  count: 0,
  records: '[]',
  keptMs: 1,
  problem: null,
};
const LOAD: HistoryLoad = {
  id: 'l',
  connectionId: 'one',
  agentIds: ['a'],
  fromMs: 1,
  toMs: 2,
  status: 'done',
  notBeforeMs: 0,
  startedMs: 1,
  updatedMs: 1,
  agents: [],
};
const alert = (connectionId: string, atMs: number, more: Partial<AlertRecord> = {}): AlertRecord => ({
  connectionId,
  id: `a|${atMs}`,
  kind: 'enters',
  ruleId: 'r',
  agentId: 'a',
  atMs,
  state: READY,
  minutes: 0,
  problem: null,
  silent: false,
  delivered: false,
  ...{ foundMs: atMs },
  ...more,
});
const commit = (id: string, known: Known, before = nothing(), more: { transitions?: number[]; alerts?: AlertRecord[] } = {}) =>
  storage.commitPoll(id, {
    known,
    before,
    transitions: (more.transitions ?? []).map((atMs) => transition('a', atMs)),
    alerts: more.alerts ?? [],
  });

describe('what polling knows', () => {
  it('comes back as it was, also in the next life, and is nobody else’s', async () => {
    const known = {
      state: state({ failures: 2, missing: { b: { sinceMs: 1, polls: 2, askedMs: 3, ...{ seenMs: 0 } } } }),
      snapshot: snapshotOf('a', '😀', '__proto__'),
    };
    await commit('one', known);
    storage = await freshStorage();
    expect(await storage.loadKnown('one')).toEqual(known);
    expect(await storage.loadKnown('two')).toEqual(nothing());
  });

  it('is kept also while no list with agents has ever come: that is when it counts most', async () => {
    const known = { state: state({ outcome: 'empty', emptyPolls: 1, notBeforeMs: 77 }), snapshot: EMPTY_SNAPSHOT };
    await commit('one', known);
    expect(await storage.loadKnown('one')).toEqual(known);
  });

  it('trusts no list whose roster and columns disagree, and still knows how polling stands', async () => {
    const known = { state: state({ notBeforeMs: 77 }), snapshot: snapshotOf('a', 'b') };
    for (const ids of ['a', 'a\nb\nc', '']) {
      await commit('one', known);
      await (await storage.database()).put('roster', { ids }, 'one');
      expect(await storage.loadKnown('one')).toEqual({ state: known.state, snapshot: EMPTY_SNAPSHOT });
    }
    await (await storage.database()).delete('roster', 'one');
    expect(await storage.loadKnown('one')).toEqual({ state: known.state, snapshot: EMPTY_SNAPSHOT });
  });

  it.each([{}, { state: null }, { state: {}, columns: {} }, { columns: { kinds: new Uint32Array(2) } }, 7])(
    'reads the damaged record %j as nothing known, so that the worker can start',
    async (damaged) => {
      await commit('one', { state: state({}), snapshot: snapshotOf('a', 'b') });
      await (await storage.database()).put('poll', damaged as never, 'one');
      expect(await storage.loadKnown('one')).toEqual(nothing());
    },
  );

  it('finds what came after the database was closed under it', async () => {
    await commit('one', { state: state({}), snapshot: snapshotOf('a') });
    (await storage.database()).close();
    storage = await freshStorage();
    expect((await storage.loadKnown('one')).snapshot.ids).toEqual(['a']);
  });
});

describe('transitions', () => {
  it('come the newest first, of one agent of one connection, as many as asked for', async () => {
    await commit('one', { state: state({}), snapshot: snapshotOf('a') }, nothing(), { transitions: [30, 10, 20] });
    await commit('two', { state: state({}), snapshot: snapshotOf('a') }, nothing(), { transitions: [40] });
    expect((await storage.transitionsOf('one', 'a', 10)).map(({ atMs }) => atMs)).toEqual([30, 20, 10]);
    expect((await storage.transitionsOf('one', 'a', 2)).map(({ atMs }) => atMs)).toEqual([30, 20]);
    expect(await storage.transitionsOf('one', 'b', 10)).toEqual([]);
  });

  it('and alerts older than the retention go, of this connection alone', async () => {
    for (const id of ['one', 'two'])
      for (const atMs of [10, 20, 30])
        await commit(id, { state: state({}), snapshot: snapshotOf('a') }, nothing(), {
          transitions: [atMs],
          alerts: atMs < 30 ? [alert(id, atMs)] : [],
        });
    await storage.prune('one', 20);
    expect((await storage.transitionsOf('one', 'a', 9)).map(({ atMs }) => atMs)).toEqual([30, 20]);
    expect((await storage.recentAlerts('one', 9)).map(({ atMs }) => atMs)).toEqual([20]);
    expect(await storage.transitionsOf('two', 'a', 9)).toHaveLength(3);
    expect(await storage.recentAlerts('two', 9)).toHaveLength(2);
  });
});

describe('alerts', () => {
  it('are undelivered until marked, and each is marked by itself', async () => {
    const alerts = [alert('one', 10), alert('one', 20), alert('one', 30, { delivered: true }), alert('one', 1)];
    await commit('one', { state: state({}), snapshot: snapshotOf('a') }, nothing(), { alerts });
    const found = await storage.undelivered('one', 5);
    expect(found.map(({ alert: { atMs } }) => atMs)).toEqual([10, 20]);
    await storage.markDelivered(found.slice(0, 1));
    expect((await storage.undelivered('one', 5)).map(({ alert: { atMs } }) => atMs)).toEqual([20]);
    expect((await storage.recentAlerts('one', 9)).map(({ atMs }) => atMs)).toEqual([30, 20, 10, 1]);
    expect(await storage.undelivered('two', 0)).toEqual([]);
  });
});

describe('a commit', () => {
  it('is all or nothing', async () => {
    const before = { state: state({}), snapshot: snapshotOf('a') };
    await commit('one', before);
    // The disk says no after the first writes were taken.
    const { add } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value) {
      const request = add.call(this, value);
      if (this.name === 'alerts') this.transaction.abort();
      return request;
    });
    const known = { state: state({ failures: 3 }), snapshot: snapshotOf('a', 'b') };
    await expect(commit('one', known, before, { transitions: [10], alerts: [alert('one', 10)] })).rejects.toThrow();
    vi.restoreAllMocks();
    storage = await freshStorage();
    expect(await storage.loadKnown('one')).toEqual(before);
    expect(await storage.transitionsOf('one', 'a', 9)).toEqual([]);
    expect(await storage.recentAlerts('one', 9)).toEqual([]);
  });

  it('writes the roster only when who is on it changed', async () => {
    const before = { state: state({}), snapshot: snapshotOf('a', 'b') };
    await commit('one', before);
    const db = await storage.database();
    await db.put('roster', { ids: 'a\nX' }, 'one');
    const moved = { ...before, snapshot: { ...before.snapshot, sinceMs: new Float64Array([5, 6]) } };
    await commit('one', moved, before);
    expect(await db.get('roster', 'one')).toEqual({ ids: 'a\nX' });
    await commit('one', { ...moved, snapshot: snapshotOf('b', 'a') }, moved);
    expect(await db.get('roster', 'one')).toEqual({ ids: 'b\na' });
  });
});

describe('erasing', () => {
  it('leaves nothing in any store', async () => {
    await commit('one', { state: state({}), snapshot: snapshotOf('a') }, nothing(), {
      transitions: [1],
      alerts: [alert('one', 1)],
    });
    await storage.sealed('one/grant').write('secret', 'g', null);
    await storage.log('event');
    const db = await storage.database();
    await db.put('history', PAGE, ['one', 'a', 1, 2, 0]);
    await db.put('historyLoad', LOAD, 'one');
    await db.put('batches', {} as Batch, 'b');
    await db.put('batchRows', { batchId: 'b', state: 'planned', row: '', sum: '' }, ['b', 0]);
    await db.put('audit', '{}', ['one', 1]);
    await db.put('auditHead', emptyHead(), 'one');
    const counts = () => Promise.all([...db.objectStoreNames].map((name) => db.count(name)));
    expect(await counts()).not.toContain(0);
    await storage.eraseDatabase();
    expect(new Set(await counts())).toEqual(new Set([0]));
  });
});
