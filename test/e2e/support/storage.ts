/** Everything the extension keeps, as text: to look for what must not be there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Extension } from './extension.ts';

/** Text of each record by the place it lies in: `local/<key>`, `session/<key>`, `database/<store>/<key>`, `localStorage/<key>`, `caches/<name>`. */
export type Kept = Record<string, string>;

/** Bytes are turned into characters one by one, so that plain text in them stays readable. */
export async function everythingKept(extension: Extension): Promise<Kept> {
  return extension.outside(async () => {
    const text = (value: unknown): string =>
      JSON.stringify(value, (_key, part: unknown) => {
        if (part instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(part));
        if (ArrayBuffer.isView(part))
          return String.fromCharCode(...new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
        return part instanceof CryptoKey ? `CryptoKey extractable=${part.extractable}` : part;
      }) ?? '';
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const kept: Record<string, string> = {};
    for (const area of ['local', 'session', 'sync'] as const)
      for (const [key, value] of Object.entries(await chrome.storage[area].get())) kept[`${area}/${key}`] = text(value);
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await answer(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const records = db.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([answer(records.getAllKeys()), answer(records.getAll())]);
        for (const [index, value] of values.entries()) kept[`database/${store}/${String(keys[index])}`] = text(value);
      }
      db.close();
    }
    for (const [key, value] of Object.entries(localStorage)) kept[`localStorage/${key}`] = String(value);
    for (const name of await caches.keys()) kept[`caches/${name}`] = name;
    return kept;
  }, null);
}

/** Where any of the words stands in what is kept. */
export function placesOf(kept: Kept, words: readonly string[]): string[] {
  return Object.entries(kept).flatMap(([place, text]) =>
    words.some((word) => text.includes(word) || place.includes(word)) ? [place] : [],
  );
}

/** Files of the browser's profile that hold any of the words, in one byte a character or in two. */
export function filesWith(profileDir: string, words: readonly string[]): string[] {
  const needles = words.flatMap((word) => [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')]);
  const found: string[] = [];
  for (const entry of readdirSync(profileDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = read(path);
    if (bytes && needles.some((needle) => bytes.includes(needle))) found.push(path.slice(profileDir.length + 1));
  }
  return found;
}

/** Null for a file that the running browser has just taken away. */
function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** As if the hour of the access token were over: the next poll renews it. */
export async function dropAccessToken(extension: Pick<Extension, 'outside'>): Promise<void> {
  await extension.outside(async () => {
    const keys = Object.keys(await chrome.storage.session.get()).filter((name) => name.endsWith('/access'));
    await chrome.storage.session.remove(keys);
  }, null);
}
