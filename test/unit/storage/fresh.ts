import { vi } from 'vitest';

/** The storage room as a newly started worker finds it: no database opened, no module remembering anything. What is stored stays. */
export async function freshStorage() {
  vi.resetModules();
  const [item, items, sealed, log, policy, pollStore, database] = await Promise.all([
    import('../../../src/storage/item.ts'),
    import('../../../src/storage/items.ts'),
    import('../../../src/storage/sealed.ts'),
    import('../../../src/storage/log.ts'),
    import('../../../src/storage/policy.ts'),
    import('../../../src/storage/poll-store.ts'),
    import('../../../src/storage/database.ts'),
  ]);
  return { ...item, ...items, ...sealed, ...log, ...policy, ...pollStore, ...database };
}
export type Storage = Awaited<ReturnType<typeof freshStorage>>;

/** Everything on disk and in memory as one text, the way somebody with the profile's files would search it. */
export async function everythingStored(): Promise<string> {
  const { database } = await import('../../../src/storage/database.ts');
  const db = await database();
  const stores = await Promise.all(
    [...db.objectStoreNames].map(async (name) => [name, await db.getAllKeys(name), await db.getAll(name)] as const),
  );
  const browser = (await import('webextension-polyfill')).default;
  return [await browser.storage.local.get(null), ...stores].map((part) => JSON.stringify(part, replacer)).join('\n');
}

/** Typed arrays and buffers as the text in them, so that a name hidden in bytes is found. */
function replacer(_key: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('latin1');
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1') : value;
}
