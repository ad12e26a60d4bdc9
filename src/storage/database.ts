/** The one IndexedDB of the product. Every record belongs to a connection id. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AlertRecord, PollRecord, RosterRecord, TransitionRecord } from './poll-store.ts';

export interface Schema extends DBSchema {
  /** Non-extractable keys, by use. */
  keys: { key: string; value: CryptoKey };
  /** Encrypted records (sealed.ts). */
  sealed: { key: string; value: SealedRecord };
  poll: { key: string; value: PollRecord };
  roster: { key: string; value: RosterRecord };
  transitions: { key: number; value: TransitionRecord; indexes: { byAgent: string; byTime: [string, number] } };
  alerts: { key: number; value: AlertRecord; indexes: { byTime: [string, number] } };
  log: { key: number; value: string };
}

export interface SealedRecord {
  generation: string;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export type Database = IDBPDatabase<Schema>;

const NAME = 'agent-watch';
const VERSION = 1;
/** Writes that must outlive a power cut (security-reliability.md section 3): a millisecond each. */
export const STRICT = { durability: 'strict' } as const;

let opened: Promise<Database> | null = null;

/** Opens once per worker life; opens again after the browser closed the database under us. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('keys');
      db.createObjectStore('sealed');
      db.createObjectStore('poll');
      db.createObjectStore('roster');
      const transitions = db.createObjectStore('transitions', { autoIncrement: true });
      transitions.createIndex('byAgent', 'agents', { multiEntry: true });
      transitions.createIndex('byTime', ['connectionId', 'atMs']);
      db.createObjectStore('alerts', { autoIncrement: true }).createIndex('byTime', ['connectionId', 'atMs']);
      db.createObjectStore('log', { autoIncrement: true });
    },
    terminated() {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Empties every store: "erase everything". */
export async function eraseDatabase(): Promise<void> {
  const db = await database();
  const names = [...db.objectStoreNames];
  const tx = db.transaction(names, 'readwrite', STRICT);
  await Promise.all(names.map((name) => tx.objectStore(name).clear()));
  await tx.done;
}
