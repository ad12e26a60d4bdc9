/** The one IndexedDB of the product. Every record belongs to a connection id. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { HistoryLoad } from '../domain/history/history.ts';
import type { AuditHead } from '../domain/skills/audit.ts';
import type { Batch, RowState } from '../domain/skills/batch.ts';
import type { KeptPage } from './history-store.ts';
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
  /** Pages of the tenants' history. */
  history: { key: PageKey; value: KeptPage; indexes: { byTime: [string, number] } };
  /** The last load of history, by connection. */
  historyLoad: { key: string; value: HistoryLoad };
  /** Batches of skills, by their id, without their rows. */
  batches: { key: string; value: Batch };
  batchRows: { key: RowKey; value: RowRecord; indexes: { byState: [string, RowState] } };
  /** Entries of the audit log, as canonical JSON. */
  audit: { key: AuditKey; value: string };
  /** Where the log of a connection stands. */
  auditHead: { key: string; value: AuditHead };
}

/** Connection, agent, range asked for, number of the page from 0. */
export type PageKey = [connectionId: string, agentId: string, fromMs: number, toMs: number, index: number];

/** Number of the row from 0. */
export type RowKey = [batchId: string, index: number];
/** Number of the entry from 1. */
export type AuditKey = [connectionId: string, seq: number];

/** A row of a batch: one string clones far quicker than an object of twenty. */
export interface RowRecord {
  batchId: string;
  state: RowState;
  /** The row as JSON. */
  row: string;
  /** Over batch, state and row: a journal that was damaged must not be written from. */
  sum: string;
}

export interface SealedRecord {
  generation: string;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export type Database = IDBPDatabase<Schema>;

const NAME = 'agent-watch';
/** 2: history. 3: batches of skills and the audit log. */
const VERSION = 3;
/** Writes that must outlive a power cut (security-reliability.md section 3): a millisecond each. */
export const STRICT = { durability: 'strict' } as const;

let opened: Promise<Database> | null = null;

/** Opens once per worker life; opens again after the browser closed the database under us. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db, oldVersion) {
      if (oldVersion < 1) createFirst(db);
      if (oldVersion < 2) createHistory(db);
      if (oldVersion < 3) createBatches(db);
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

function createFirst(db: Database): void {
  db.createObjectStore('keys');
  db.createObjectStore('sealed');
  db.createObjectStore('poll');
  db.createObjectStore('roster');
  const transitions = db.createObjectStore('transitions', { autoIncrement: true });
  transitions.createIndex('byAgent', 'agents', { multiEntry: true });
  transitions.createIndex('byTime', ['connectionId', 'atMs']);
  db.createObjectStore('alerts', { autoIncrement: true }).createIndex('byTime', ['connectionId', 'atMs']);
  db.createObjectStore('log', { autoIncrement: true });
}

function createHistory(db: Database): void {
  db.createObjectStore('history').createIndex('byTime', ['connectionId', 'keptMs']);
  db.createObjectStore('historyLoad');
}

function createBatches(db: Database): void {
  db.createObjectStore('batches');
  db.createObjectStore('batchRows').createIndex('byState', ['batchId', 'state']);
  db.createObjectStore('audit');
  db.createObjectStore('auditHead');
}

/** Empties every store: "erase everything". */
export async function eraseDatabase(): Promise<void> {
  const db = await database();
  const names = [...db.objectStoreNames];
  const tx = db.transaction(names, 'readwrite', STRICT);
  await Promise.all(names.map((name) => tx.objectStore(name).clear()));
  await tx.done;
}
