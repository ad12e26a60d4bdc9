/**
 * One typed thing in `browser.storage`: a key, a schema (made when it is first needed), a default. What does not fit the schema (an older version, a damaged record)
 * reads as the default: settings may be lost that way, never the worker's start.
 */
import browser from 'webextension-polyfill';
import * as z from 'zod/mini';

export interface Item<T> {
  get(): Promise<T>;
  /** Read, change, write as one step; other writers of the item wait. Writes nothing when `change` returns the same object. */
  update(change: (value: T) => T): Promise<T>;
  remove(): Promise<void>;
}

export function item<T>(area: 'local' | 'session', key: string, schema: () => z.ZodMiniType<T>, fallback: T): Item<T> {
  const store = browser.storage[area];
  const get = async (): Promise<T> => {
    const parsed = z.safeParse(schema(), (await store.get(key))[key]);
    return parsed.success ? parsed.data : fallback;
  };
  return {
    get,
    update: (change) =>
      navigator.locks.request(`item:${area}:${key}`, async () => {
        const value = await get();
        const next = change(value);
        if (next === value) return next;
        // What does not fit would read as the default next time: everything would be lost instead of one change.
        if (!z.safeParse(schema(), next).success) throw new TypeError(`${key} does not fit its schema`);
        await store.set({ [key]: next });
        return next;
      }) as Promise<T>,
    remove: () => store.remove(key),
  };
}
