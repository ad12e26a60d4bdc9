/**
 * The audit log: a chain of entries per connection, written together with what they tell of. Entries that come while others are being
 * written go into one transaction: the chain never forks, and a strict write is paid for once.
 */
import type { IDBPTransaction } from 'idb';
import type { ConnectionId } from '../domain/connection.ts';
import type { AuditDraft, AuditEntry, AuditHead } from '../domain/skills/audit.ts';
import { canonicalJson, chained, emptyHead, verifyChain } from '../domain/skills/audit-chain.ts';
import { database, type Schema, STRICT } from './database.ts';

const JOURNAL = ['batches', 'batchRows', 'audit', 'auditHead'] as const;
export type JournalTx = IDBPTransaction<Schema, typeof JOURNAL, 'readwrite'>;

/** Read at a time: entries are numbered without a gap, so that no cursor is needed. */
const CHUNK = 1000;

/** What is written as one: entries, and what they tell of. */
export interface Write {
  drafts: readonly AuditDraft[];
  /** Every request it makes. */
  put(tx: JournalTx): Promise<unknown>[];
  /** Asked in the last moment: what was forgotten does not come back. */
  wanted(): boolean;
}
interface Pending extends Write {
  resolve(): void;
  reject(error: unknown): void;
}

/** What is waiting to be written, by connection; absent: nothing is. */
const queues = new Map<ConnectionId, Pending[]>();
/** Where the chain stood after our last write: read again where another worker has written since. */
const known = new Map<ConnectionId, AuditHead>();

/** Nothing else is written to a connection's journal meanwhile. */
export const alone = <T>(id: ConnectionId, work: () => Promise<T>) => navigator.locks.request(`audit:${id}`, work) as Promise<T>;

/** Resolves when it is on disk. Writes are kept in the order of the calls. */
export function append(id: ConnectionId, write: Write): Promise<void> {
  return new Promise((resolve, reject) => {
    const pending: Pending = { ...write, resolve, reject };
    const queue = queues.get(id);
    if (queue) queue.push(pending);
    else {
      queues.set(id, [pending]);
      void drain(id);
    }
  });
}

async function drain(id: ConnectionId): Promise<void> {
  for (;;) {
    const group = queues.get(id) ?? [];
    if (group.length === 0) break;
    queues.set(id, []);
    try {
      await alone(id, () => writeGroup(id, group));
      for (const { resolve } of group) resolve();
    } catch (error) {
      known.delete(id);
      for (const { reject } of group) reject(error);
    }
  }
  queues.delete(id);
}

async function writeGroup(id: ConnectionId, group: readonly Pending[]): Promise<void> {
  const head = known.get(id) ?? (await headOf(id));
  const wanted = group.filter((write) => write.wanted());
  if (wanted.length === 0 || (await tryWrite(id, wanted, head))) return;
  // Another worker wrote meanwhile: an old one whose last transaction was on its way.
  if (!(await tryWrite(id, wanted, await headOf(id)))) throw new Error('audit');
}

/** @returns false: the chain stands elsewhere, and nothing was written */
async function tryWrite(id: ConnectionId, group: readonly Write[], head: AuditHead): Promise<boolean> {
  let next = head;
  const entries: AuditEntry[] = [];
  for (const draft of group.flatMap(({ drafts }) => drafts)) {
    const entry = await chained(next, draft, sha256);
    entries.push(entry);
    next = { ...next, seq: entry.seq, hash: entry.hash };
  }
  const tx = (await database()).transaction(JOURNAL, 'readwrite', STRICT);
  const stored = (await tx.objectStore('auditHead').get(id)) ?? emptyHead();
  if (stored.seq !== head.seq || stored.hash !== head.hash) {
    await tx.done;
    return false;
  }
  const written = { ...stored, seq: next.seq, hash: next.hash };
  const writes: Promise<unknown>[] = entries.map((entry) => tx.objectStore('audit').put(canonicalJson(entry), [id, entry.seq]));
  if (entries.length > 0) writes.push(tx.objectStore('auditHead').put(written, id));
  // Each is waited for: of an aborted transaction every request fails, and a failure nobody waits for is an error of the worker.
  await Promise.all([...writes, ...group.flatMap(({ put }) => put(tx)), tx.done]);
  known.set(id, written);
  return true;
}

/** SHA-256 of the text in UTF-8, as hex. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function headOf(id: ConnectionId): Promise<AuditHead> {
  return (await (await database()).get('auditHead', id)) ?? emptyHead();
}

/** Those from one number to another, in order. One that nobody can read is in its place, without a hash. */
export async function entriesBetween(id: ConnectionId, fromSeq: number, toSeq: number): Promise<AuditEntry[]> {
  if (toSeq < fromSeq) return [];
  const range = IDBKeyRange.bound([id, fromSeq], [id, toSeq]);
  const { store } = (await database()).transaction('audit');
  const [keys, texts] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
  return texts.map((text, at) => ({ ...UNREADABLE, seq: keys[at]?.[1] ?? 0, ...parsed(text) }));
}

const UNREADABLE: Omit<AuditEntry, 'seq'> = {
  prev: '',
  at: '',
  actor: '',
  tenant: '',
  batchId: '',
  row: -1,
  userId: '',
  skillId: '',
  action: 'batch',
  before: null,
  after: null,
  result: 'unreadable',
  status: 0,
  requestId: '',
  version: '',
  hash: '',
};

function parsed(text: string): Partial<AuditEntry> {
  try {
    return JSON.parse(text) as AuditEntry;
  } catch {
    return {};
  }
}

export interface AuditQuestion {
  /** Part of user, skill, batch, result or actor, whatever the case; '' = all. */
  contains: string;
  batchId?: string | undefined;
  offset: number;
  limit: number;
}

/** A page of the log, the newest first, and how many there are that match. */
export async function auditPage(
  id: ConnectionId,
  { contains, batchId, offset, limit }: AuditQuestion,
): Promise<{ entries: AuditEntry[]; total: number; head: AuditHead }> {
  const head = await headOf(id);
  if (contains === '' && batchId === undefined) {
    const newest = head.seq - offset;
    const entries = await entriesBetween(id, Math.max(head.prunedSeq, newest - limit) + 1, newest);
    return { entries: entries.reverse(), total: head.seq - head.prunedSeq, head };
  }
  const needle = contains.toLowerCase();
  const matches = (entry: AuditEntry) =>
    (batchId === undefined || entry.batchId === batchId) &&
    [entry.userId, entry.skillId, entry.batchId, entry.result, entry.actor].some((text) =>
      String(text).toLowerCase().includes(needle),
    );
  const entries: AuditEntry[] = [];
  let total = 0;
  for (let to = head.seq; to > head.prunedSeq; to -= CHUNK) {
    const chunk = await entriesBetween(id, Math.max(head.prunedSeq + 1, to - CHUNK + 1), to);
    for (const entry of chunk.reverse()) {
      if (!matches(entry)) continue;
      if (total >= offset && entries.length < limit) entries.push(entry);
      total++;
    }
  }
  return { entries, total, head };
}

/** Lets go of the oldest, up to the first that is as old or older than it may be, or not delivered yet. The rest still proves itself. */
export async function pruneAudit(id: ConnectionId, beforeMs: number, keepFromSeq: number): Promise<void> {
  await alone(id, async () => {
    const head = await headOf(id);
    const before = new Date(beforeMs).toISOString();
    let last: AuditEntry | undefined;
    for (let from = head.prunedSeq + 1; from <= head.seq; from += CHUNK) {
      const chunk = await entriesBetween(id, from, Math.min(head.seq, from + CHUNK - 1));
      const kept = chunk.findIndex(({ at, seq }) => at >= before || seq >= keepFromSeq);
      // The rest begins with a hash.
      last = (kept === -1 ? chunk : chunk.slice(0, kept)).findLast(({ hash }) => hash !== '') ?? last;
      if (kept !== -1 || chunk.length === 0) break;
    }
    if (!last) return;
    const { seq, hash } = last;
    await changeHead(id, (stored) => ({ ...stored, prunedSeq: seq, prunedHash: hash }), IDBKeyRange.bound([id, 0], [id, seq]));
  });
}

/** What the SIEM has had, up to this entry. */
export async function markDelivered(id: ConnectionId, deliveredSeq: number, deliveredMs: number): Promise<void> {
  await alone(id, () => changeHead(id, (stored) => ({ ...stored, deliveredSeq, deliveredMs })));
}

async function changeHead(id: ConnectionId, change: (head: AuditHead) => AuditHead, gone?: IDBKeyRange): Promise<void> {
  const tx = (await database()).transaction(['audit', 'auditHead'], 'readwrite', STRICT);
  const stored = await tx.objectStore('auditHead').get(id);
  const writes: Promise<unknown>[] = stored ? [tx.objectStore('auditHead').put(change(stored), id)] : [];
  if (gone) writes.push(tx.objectStore('audit').delete(gone));
  await Promise.all([...writes, tx.done]);
}

/** The log goes with its connection. */
export async function forgetAudit(id: ConnectionId): Promise<void> {
  await alone(id, async () => {
    known.delete(id);
    const tx = (await database()).transaction(['audit', 'auditHead'], 'readwrite', STRICT);
    const all = IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);
    await Promise.all([tx.objectStore('audit').delete(all), tx.objectStore('auditHead').delete(id), tx.done]);
  });
}

/** Recomputes the whole chain. `brokenSeq`: the first entry that is not as it was written, or is missing; 0 = none. */
export async function verifyAudit(id: ConnectionId): Promise<{ count: number; brokenSeq: number }> {
  const head = await headOf(id);
  return verifyChain(everyEntry(id, head), head, sha256);
}

async function* everyEntry(id: ConnectionId, { prunedSeq, seq }: AuditHead): AsyncGenerator<AuditEntry> {
  for (let from = prunedSeq + 1; from <= seq; from += CHUNK)
    yield* await entriesBetween(id, from, Math.min(seq, from + CHUNK - 1));
}
