import { beforeEach, describe, expect, it } from 'vitest';
import type { Batch, BatchRow, RowState } from '../../../src/domain/skills/batch.ts';
import { emptyCounts } from '../../../src/domain/skills/counts.ts';
import { emptyMetrics } from '../../../src/domain/skills/metrics.ts';
import { freshStorage, type Storage } from './fresh.ts';

let storage: Storage;
let store: typeof import('../../../src/storage/batch-store.ts');
const life = async () => {
  storage = await freshStorage();
  store = await import('../../../src/storage/batch-store.ts');
};
beforeEach(life);

const batch = (id: string, connectionId = 'one', more: Partial<Batch> = {}): Batch => ({
  id,
  name: '',
  target: { connectionId, profile: 'v2', issuer: '', apiBaseUrl: '', organisationId: '', actor: '' },
  createdMs: 1,
  updatedMs: 1,
  status: 'ready',
  confirmed: false,
  pause: null,
  detail: '',
  notBeforeMs: 0,
  counts: emptyCounts(1),
  undoOf: '',
  ranMs: 0,
  metrics: emptyMetrics(),
  wfmSentMs: 0,
  ...more,
});
const row = (batchId: string, index: number, state: RowState = 'planned'): BatchRow => ({
  batchId,
  index,
  line: index,
  userId: 'u',
  skillId: 's',
  wish: null,
  before: null,
  diff: 'new',
  refusals: [],
  suggestion: null,
  state,
  attempts: 0,
  rounds: 0,
  cutOff: 0,
  sentMs: 0,
  theirs: null,
  problem: null,
  status: 0,
  detail: 'ä',
  requestId: '',
});
const indexes = ({ rows }: { rows: BatchRow[] }) => rows.map(({ index }) => index);

describe('a batch', () => {
  it('comes back with its rows in their order, in the next life, and is nobody else’s', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => row('a', index, index % 3 === 0 ? 'sent' : 'planned'));
    await store.keepBatch(batch('a'), rows, []);
    await store.keepBatch(batch('a-longer'), [row('a-longer', 0)], []);
    await store.keepBatch(batch('b', 'two', { createdMs: 9 }), [row('b', 0)], []);
    await life();
    expect(await store.batchOf('a')).toEqual(batch('a'));
    expect(await store.rowsOf('a')).toEqual({ rows, damaged: 0 });
    expect(indexes(await store.rowsFrom('a', 10, 5))).toEqual([10, 11]);
    expect(indexes(await store.rowsIn('a', ['sent', 'verified']))).toEqual([0, 3, 6, 9]);
    expect(await store.batchOf('nobody')).toBeNull();
    await store.keepBatch(batch('c', 'one', { createdMs: 5 }), [], []);
    expect((await store.batchesOf('one')).map(({ id }) => id)).toEqual(['c', 'a', 'a-longer']);
    await store.dropBatch(batch('a'));
    expect((await store.rowsOf('a')).rows).toEqual([]);
    expect((await store.rowsOf('a-longer')).rows).toHaveLength(1);
    await store.forgetBatches('one');
    expect((await store.allBatches()).map(({ id }) => id)).toEqual(['b']);
    expect((await store.rowsOf('a-longer')).rows).toEqual([]);
    expect((await store.rowsOf('b')).rows).toHaveLength(1);
  });

  it('is written as it was when it was given, whatever becomes of it since', async () => {
    const mine = batch('a');
    const kept = store.keepBatch(mine, [], []);
    mine.status = 'done';
    await kept;
    expect((await store.batchOf('a'))?.status).toBe('ready');
  });

  it('that is not wanted any more is not written', async () => {
    await store.keepBatch(batch('a'), [row('a', 0)], [], () => false);
    expect(await store.batchOf('a')).toBeNull();
    expect((await store.rowsOf('a')).rows).toEqual([]);
  });

  it('tells of every row that is not as it was written', async () => {
    await store.keepBatch(
      batch('a'),
      [0, 1, 2, 3].map((index) => row('a', index)),
      [],
    );
    const db = await storage.database();
    const record = await db.get('batchRows', ['a', 1]);
    if (!record) throw new Error('nothing there');
    await db.put('batchRows', { ...record, row: record.row.replace('"u"', '"v"') }, ['a', 1]);
    await db.put('batchRows', { ...record, state: 'verified' }, ['a', 2]);
    await db.put('batchRows', { ...record, batchId: 'b' }, ['a', 3]);
    expect(await store.rowsOf('a')).toMatchObject({ rows: [{ index: 0 }], damaged: 3 });
    expect(await store.rowsIn('a', ['verified'])).toEqual({ rows: [], damaged: 1 });
  });

  it('of long ago goes, unless it is to stay', async () => {
    await store.keepBatch(batch('old', 'one', { updatedMs: 5 }), [row('old', 0)], []);
    await store.keepBatch(batch('busy', 'one', { updatedMs: 5, status: 'running' }), [], []);
    await store.keepBatch(batch('new', 'one', { updatedMs: 10 }), [], []);
    await store.keepBatch(batch('other', 'two', { updatedMs: 5 }), [], []);
    await store.pruneBatches('one', 10, ({ status }) => status === 'running');
    expect((await store.allBatches()).map(({ id }) => id)).toEqual(['busy', 'new', 'other']);
    expect((await store.rowsOf('old')).rows).toEqual([]);
  });
});
