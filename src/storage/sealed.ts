/**
 * Encrypted records: AES-GCM with a key that no script can export, in IndexedDB with strict durability.
 * It keeps tokens and names out of plain files; it does not stop malware that reads the profile as the user (security-reliability.md 3).
 */
import { database, STRICT } from './database.ts';

/** What `auth/vault.ts` asks of a store. `generation` is a fencing mark: a write that expects another one is refused. */
export interface Sealed<T> {
  read(): Promise<{ value: T; generation: string } | 'absent' | 'unreadable'>;
  /** @returns false when the record no longer carries the generation expected (`null` expects nothing) */
  write(value: T, generation: string, expected: string | null): Promise<boolean>;
  erase(): Promise<void>;
}

const KEY = 'sealed';

async function sealingKey(): Promise<CryptoKey> {
  const db = await database();
  const known = await db.get('keys', KEY);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const tx = db.transaction('keys', 'readwrite', STRICT);
  // Another turn may have made one meanwhile: the first one stays.
  const first = await tx.store.get(KEY);
  if (!first) await tx.store.put(made, KEY);
  await tx.done;
  return first ?? made;
}

/** @param name what the record is and whose; bound to the ciphertext, so that records cannot be swapped */
export function sealed<T>(name: string): Sealed<T> {
  const bound = (generation: string) => new TextEncoder().encode(`${name}\n${generation}`);
  return {
    async read() {
      const record = await (await database()).get('sealed', name);
      if (!record) return 'absent';
      try {
        const { iv, data, generation } = record;
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv, additionalData: bound(generation) },
          await sealingKey(),
          data,
        );
        return { value: JSON.parse(new TextDecoder().decode(plain)) as T, generation };
      } catch {
        return 'unreadable';
      }
    },
    async write(value, generation, expected) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const data = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: bound(generation) },
        await sealingKey(),
        plain,
      );
      const tx = (await database()).transaction('sealed', 'readwrite', STRICT);
      const current = await tx.store.get(name);
      const allowed = expected === null || current?.generation === expected;
      if (allowed) await tx.store.put({ generation, iv, data }, name);
      await tx.done;
      return allowed;
    },
    async erase() {
      const tx = (await database()).transaction('sealed', 'readwrite', STRICT);
      await tx.store.delete(name);
      await tx.done;
    },
  };
}
