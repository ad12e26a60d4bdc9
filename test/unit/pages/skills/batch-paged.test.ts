import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pagedList } from '../../../../src/pages/console/skills/listing/paged.ts';

interface Row {
  id: number;
  text: string;
}

/** A list of rows somewhere else: what was asked for, and an answer that can be held back. */
function elsewhere(count: number) {
  let rows: Row[] = Array.from({ length: count }, (_, id) => ({ id, text: 'a' }));
  const asked: number[] = [];
  let fail = '';
  return {
    asked,
    set(next: Row[]) {
      rows = next;
    },
    failWith(words: string) {
      fail = words;
    },
    rows: () => rows,
    read: async (offset: number, limit: number) => {
      asked.push(offset);
      if (fail) throw new Error(fail);
      return { rows: rows.slice(offset, offset + limit).map((row) => ({ ...row })), total: rows.length };
    },
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a list that is read as it is looked at', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  it('asks for the pages in sight, each once', async () => {
    const there = elsewhere(10_000);
    const list = pagedList(there.read);
    list.look(0, 30);
    await settle();
    list.look(0, 40);
    await settle();
    expect(there.asked).toEqual([0]);
    list.look(390, 430);
    await settle();
    expect(there.asked).toEqual([0, 200, 400]);
    expect(list.total.value).toBe(10_000);
    expect(list.rowAt(429)?.id).toBe(429);
    expect(list.rowAt(5000)).toBeUndefined();
  });

  it('of rows that flew by while it waited asks for none', async () => {
    const there = elsewhere(10_000);
    const list = pagedList(there.read);
    list.look(0, 30);
    list.look(2000, 2030);
    list.look(6000, 6030);
    await settle();
    expect(there.asked).toEqual([0, 6000]);
  });

  it('reads what is in sight again, at most once a second, and keeps what is the same', async () => {
    const there = elsewhere(500);
    const list = pagedList(there.read);
    list.look(0, 30);
    await settle();
    const [kept, changed] = [list.rowAt(0), list.rowAt(1)];
    there.set(there.rows().map((row) => (row.id === 1 ? { ...row, text: 'b' } : row)));
    list.refresh();
    await settle();
    expect(there.asked).toEqual([0, 0]);
    expect(list.rowAt(0)).toBe(kept);
    expect(list.rowAt(1)).not.toBe(changed);
    for (let turn = 0; turn < 10; turn++) {
      list.refresh();
      await vi.advanceTimersByTimeAsync(90);
    }
    expect(there.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(there.asked).toHaveLength(3);
  });

  it('ends with the last change, although changes come quicker than it reads', async () => {
    const there = elsewhere(3);
    const list = pagedList(there.read);
    list.look(0, 3);
    await settle();
    list.refresh();
    await settle();
    list.refresh();
    there.set([{ id: 0, text: 'last' }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(list.total.value).toBe(1);
    expect(list.rowAt(0)?.text).toBe('last');
    expect(list.rowAt(1)).toBeUndefined();
  });

  it('comes to rest where what was looked at is gone, and where there is nothing', async () => {
    const there = elsewhere(1000);
    const list = pagedList(there.read);
    list.look(900, 930);
    await settle();
    there.set([{ id: 7, text: 'a' }]);
    list.refresh();
    await vi.advanceTimersByTimeAsync(5000);
    expect(list.total.value).toBe(1);
    expect(list.rowAt(0)?.id).toBe(7);
    expect(list.rowAt(900)).toBeUndefined();
    there.set([]);
    list.refresh();
    await vi.advanceTimersByTimeAsync(5000);
    expect(list.total.value).toBe(0);
    const asked = there.asked.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(there.asked).toHaveLength(asked);
  });

  it('says why it could not be read, and that it can again', async () => {
    const there = elsewhere(5);
    const list = pagedList(there.read);
    there.failWith('no answer');
    list.look(0, 5);
    await settle();
    expect(list.error.value).toBe('no answer');
    there.failWith('');
    list.refresh();
    await settle();
    expect(list.error.value).toBe('');
    expect(list.rowAt(4)?.id).toBe(4);
  });

  it('asks for nothing once it has been stopped', async () => {
    const there = elsewhere(5);
    const list = pagedList(there.read);
    list.look(0, 5);
    await settle();
    list.refresh();
    list.refresh();
    list.stop();
    await vi.advanceTimersByTimeAsync(5000);
    list.look(0, 5);
    expect(there.asked.length).toBeLessThanOrEqual(2);
    expect(list.rowAt(0)?.id).toBe(0);
  });
});
