import { beforeEach, describe, expect, it } from 'vitest';
import { everythingStored, freshStorage, type Storage } from './fresh.ts';

let storage: Storage;
beforeEach(async () => {
  storage = await freshStorage();
});
const secret = { token: 'canary-refresh-token', names: ['Dana Ortiz', 'ليلى'] };

describe('a sealed record', () => {
  it('comes back whole, also in the next life of the worker', async () => {
    expect(await storage.sealed('a/grant').read()).toBe('absent');
    expect(await storage.sealed('a/grant').write(secret, 'g1', null)).toBe(true);
    expect(await storage.sealed('a/grant').read()).toEqual({ value: secret, generation: 'g1' });
    storage = await freshStorage();
    expect(await storage.sealed('a/grant').read()).toEqual({ value: secret, generation: 'g1' });
    await storage.sealed('a/grant').erase();
    expect(await storage.sealed('a/grant').read()).toBe('absent');
  });

  it('refuses a write that expects another generation', async () => {
    const store = storage.sealed<number>('a/grant');
    expect(await store.write(1, 'g1', 'g0')).toBe(false);
    expect(await store.read()).toBe('absent');
    await store.write(1, 'g1', null);
    expect(await store.write(2, 'g1', 'g0')).toBe(false);
    expect(await store.write(2, 'g2', 'g1')).toBe(true);
    expect(await store.write(3, 'g1', 'g1')).toBe(false);
    expect(await store.read()).toEqual({ value: 2, generation: 'g2' });
    await store.erase();
    expect(await store.write(4, 'g2', 'g2')).toBe(false);
    expect(await store.read()).toBe('absent');
  });

  it('lets one of several that expect the same generation win', async () => {
    const store = storage.sealed<number>('a/grant');
    await store.write(0, 'g0', null);
    const won = await Promise.all(Array.from({ length: 10 }, (_, index) => store.write(index + 1, `g${index + 1}`, 'g0')));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.read()).toMatchObject({ value: won.indexOf(true) + 1 });
  });

  it('cannot be read under another name or generation, or after a bit was turned', async () => {
    await storage.sealed('a/grant').write(secret, 'g1', null);
    await storage.sealed('b/grant').write({ token: 'b' }, 'g1', null);
    const db = await storage.database();
    const record = await db.get('sealed', 'a/grant');
    if (!record) throw new Error('nothing was stored');
    await db.put('sealed', record, 'b/grant');
    expect(await storage.sealed('b/grant').read()).toBe('unreadable');
    await db.put('sealed', { ...record, generation: 'g2' }, 'a/grant');
    expect(await storage.sealed('a/grant').read()).toBe('unreadable');
    const data = record.data.slice(0);
    const bytes = new Uint8Array(data);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await db.put('sealed', { ...record, data }, 'a/grant');
    expect(await storage.sealed('a/grant').read()).toBe('unreadable');
    await db.put('sealed', {} as typeof record, 'a/grant');
    expect(await storage.sealed('a/grant').read()).toBe('unreadable');
    await db.put('sealed', record, 'a/grant');
    await db.clear('keys');
    expect(await storage.sealed('a/grant').read()).toBe('unreadable');
  });

  it('stands nowhere in the clear, its key cannot be exported, and no two records look alike', async () => {
    await storage.sealed('a/grant').write(secret, 'g1', null);
    const db = await storage.database();
    const first = await db.get('sealed', 'a/grant');
    const key = await db.get('keys', 'sealed');
    if (!first || !key) throw new Error('nothing was stored');
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    await storage.sealed('a/grant').write(secret, 'g1', null);
    const second = await db.get('sealed', 'a/grant');
    expect(Buffer.from(first.iv)).not.toEqual(Buffer.from(second?.iv ?? first.iv));
    expect(Buffer.from(first.data)).not.toEqual(Buffer.from(second?.data ?? first.data));
    const stored = await everythingStored();
    expect(stored).not.toContain('canary');
    expect(stored).not.toContain('Dana');
  });

  it('is made with one key by however many write first at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => storage.sealed(`${index}/grant`).write(index, 'g', null)));
    const read = await Promise.all(Array.from({ length: 8 }, (_, index) => storage.sealed(`${index}/grant`).read()));
    expect(read).toEqual(Array.from({ length: 8 }, (_, value) => ({ value, generation: 'g' })));
    expect(await (await storage.database()).count('keys')).toBe(1);
  });
});
