import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditDraft } from '../../../src/domain/skills/audit.ts';
import { auditDraft as draft } from '../support/audit-draft.ts';
import { freshStorage, type Storage } from './fresh.ts';

type Store = typeof import('../../../src/storage/audit-store.ts');
let storage: Storage;
let store: Store;
const life = async (): Promise<Store> => {
  storage = await freshStorage();
  store = await import('../../../src/storage/audit-store.ts');
  return store;
};
beforeEach(life);

const write = (id: string, drafts: AuditDraft[], by = store) => by.append(id, { drafts, put: () => [], wanted: () => true });
const rows = async (id = 'one') => {
  const { entries } = await store.auditPage(id, { contains: '', offset: 0, limit: 99 });
  return entries.map(({ row }) => row);
};

describe('the audit log', () => {
  it('is one chain, however many write at once, and goes on in the next life', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, row) => write('one', [draft(row)])));
    await life();
    await write('one', [draft(30), draft(31)]);
    expect(await store.verifyAudit('one')).toEqual({ count: 32, brokenSeq: 0 });
    expect(await rows()).toEqual(Array.from({ length: 32 }, (_, at) => 31 - at));
  });

  it('does not fork when a worker that is dying writes its last beside a new one', async () => {
    await write('one', [draft(0)]);
    const old = store;
    await life();
    await Promise.all([
      write('one', [draft(1)], old),
      write('one', [draft(2)]),
      write('one', [draft(3)], old),
      write('one', [draft(4)]),
    ]);
    await write('one', [draft(5)], old);
    expect(await store.verifyAudit('one')).toEqual({ count: 6, brokenSeq: 0 });
    expect((await rows()).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is nobody else’s', async () => {
    await write('one', [draft(0)]);
    await write('two', [draft(1)]);
    expect(await rows('one')).toEqual([0]);
    await store.forgetAudit('one');
    expect(await rows('one')).toEqual([]);
    expect(await rows('two')).toEqual([1]);
    await write('one', [draft(2)]);
    expect(await store.verifyAudit('one')).toEqual({ count: 1, brokenSeq: 0 });
  });

  it('has entries and what they tell of together, or neither', async () => {
    const failing = store.append('one', {
      drafts: [draft(0)],
      put: (tx) => {
        tx.abort();
        return [];
      },
      wanted: () => true,
    });
    await expect(failing).rejects.toThrow();
    expect((await store.headOf('one')).seq).toBe(0);
    // What could not be written holds up nobody.
    await write('one', [draft(1)]);
    expect(await store.verifyAudit('one')).toEqual({ count: 1, brokenSeq: 0 });
  });

  it('leaves out what nobody wants any more in the last moment', async () => {
    await Promise.all([
      write('one', [draft(0)]),
      store.append('one', { drafts: [draft(1)], put: () => [], wanted: () => false }),
      write('one', [draft(2)]),
    ]);
    expect(await rows()).toEqual([2, 0]);
  });

  it('shows an edit, a removal and a change of order at the very entry', async () => {
    await write(
      'one',
      [0, 1, 2, 3, 4].map((row) => draft(row)),
    );
    const db = await storage.database();
    const texts = await db.getAll('audit');
    const [, second = '', third = ''] = texts;
    await db.put('audit', second.replace('anna', 'otto'), ['one', 2]);
    expect(await store.verifyAudit('one')).toMatchObject({ brokenSeq: 2 });
    await db.put('audit', second, ['one', 2]);
    await db.delete('audit', ['one', 3]);
    expect(await store.verifyAudit('one')).toMatchObject({ brokenSeq: 3 });
    await db.put('audit', second, ['one', 3]);
    await db.put('audit', third, ['one', 2]);
    expect((await store.verifyAudit('one')).brokenSeq).toBe(2);
  });

  it('names an entry that nobody can read, and goes on showing, narrowing, keeping and letting go of the rest', async () => {
    const on = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    for (let day = 1; day <= 6; day++) await write('one', [draft(day, { at: on(day) })]);
    const db = await storage.database();
    for (const seq of [2, 5]) await db.put('audit', '{"seq":2,"actor":"an', ['one', seq]);
    expect(await store.verifyAudit('one')).toEqual({ count: 1, brokenSeq: 2 });
    const page = await store.auditPage('one', { contains: '', offset: 0, limit: 9 });
    expect(page.entries.map(({ seq, result }) => `${seq} ${result}`)).toEqual([
      '6 sent',
      '5 unreadable',
      '4 sent',
      '3 sent',
      '2 unreadable',
      '1 sent',
    ]);
    expect((await store.auditPage('one', { contains: 'anna', offset: 0, limit: 9 })).total).toBe(4);
    await write('one', [draft(7, { at: on(7) })]);
    // The rest begins with the hash of one that can be read.
    await store.pruneAudit('one', Date.parse(on(6)), Number.POSITIVE_INFINITY);
    expect(await store.headOf('one')).toMatchObject({ prunedSeq: 4 });
    expect(await store.verifyAudit('one')).toEqual({ count: 0, brokenSeq: 5 });
    await store.pruneAudit('one', Date.parse(on(7)), Number.POSITIVE_INFINITY);
    expect(await store.verifyAudit('one')).toEqual({ count: 1, brokenSeq: 0 });
  });

  it.each(['null', '7', '[]', '{}', '"text"', '{"seq":2}'])('names an entry that is %s now', async (text) => {
    await write('one', [draft(0), draft(1), draft(2)]);
    await (await storage.database()).put('audit', text, ['one', 2]);
    expect((await store.verifyAudit('one')).brokenSeq).toBe(2);
    expect((await store.auditPage('one', { contains: 'u', offset: 0, limit: 9 })).entries.length).toBeGreaterThan(0);
  });

  it('comes in pages, the newest first, and narrowed', async () => {
    await write(
      'one',
      Array.from({ length: 50 }, (_, row) => draft(row, { batchId: row % 2 ? 'odd' : 'even' })),
    );
    const page = (contains: string, offset: number, limit: number, batchId?: string) =>
      store
        .auditPage('one', { contains, offset, limit, batchId })
        .then(({ entries, total }) => ({ rows: entries.map(({ row }) => row), total }));
    expect(await page('', 0, 3)).toEqual({ rows: [49, 48, 47], total: 50 });
    expect(await page('', 48, 3)).toEqual({ rows: [1, 0], total: 50 });
    expect(await page('', 60, 3)).toEqual({ rows: [], total: 50 });
    expect(await page('U4', 0, 3)).toEqual({ rows: [49, 48, 47], total: 11 });
    expect(await page('u4', 9, 3)).toEqual({ rows: [40, 4], total: 11 });
    expect(await page('', 0, 2, 'even')).toEqual({ rows: [48, 46], total: 25 });
    expect(await page('u4', 0, 9, 'even')).toEqual({ rows: [48, 46, 44, 42, 40, 4], total: 6 });
    expect(await page('nothing', 0, 9)).toEqual({ rows: [], total: 0 });
  });

  it('lets go of the oldest, and what is left still proves itself', async () => {
    const on = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    for (let day = 1; day <= 9; day++) await write('one', [draft(day, { at: on(day) })]);
    await store.pruneAudit('one', Date.parse(on(4)), Number.POSITIVE_INFINITY);
    expect(await rows()).toEqual([9, 8, 7, 6, 5, 4]);
    expect(await store.verifyAudit('one')).toEqual({ count: 6, brokenSeq: 0 });
    expect((await store.auditPage('one', { contains: '', offset: 0, limit: 9 })).total).toBe(6);
    // Not delivered yet.
    await store.pruneAudit('one', Date.parse(on(9)), 6);
    expect(await rows()).toEqual([9, 8, 7, 6]);
    await store.pruneAudit('one', Date.parse(on(31)), Number.POSITIVE_INFINITY);
    expect(await rows()).toEqual([]);
    expect(await store.verifyAudit('one')).toEqual({ count: 0, brokenSeq: 0 });
    await life();
    await write('one', [draft(10, { at: on(10) })]);
    expect(await store.verifyAudit('one')).toEqual({ count: 1, brokenSeq: 0 });
    expect(await store.headOf('one')).toMatchObject({ seq: 10, prunedSeq: 9 });
  });

  it('remembers what was delivered while others write', async () => {
    await write('one', [draft(0), draft(1)]);
    await Promise.all([store.markDelivered('one', 2, 77), write('one', [draft(2)])]);
    expect(await store.headOf('one')).toMatchObject({ seq: 3, deliveredSeq: 2, deliveredMs: 77 });
    expect(await store.verifyAudit('one')).toEqual({ count: 3, brokenSeq: 0 });
  });
});
