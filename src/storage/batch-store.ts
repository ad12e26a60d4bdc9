/**
 * Batches and their rows: the journal. A row, how its batch stands with it, and what the audit log says of it are on disk together or not at
 * all. Ids of users and skills, no names.
 */
import type { ConnectionId } from '../domain/connection.ts';
import type { AuditDraft } from '../domain/skills/audit.ts';
import type { Batch, BatchRow, RowState } from '../domain/skills/batch.ts';
import { alone, append, type JournalTx } from './audit-store.ts';
import { database, type RowRecord, STRICT } from './database.ts';

const always = () => true;

/** All rows of a batch; an empty array sorts after every number. */
const allRows = (batchId: string) => IDBKeyRange.bound([batchId], [batchId, []]);

/** Two FNV-1a of 32 bits side by side: quick, and enough to find what a disk has damaged. It keeps no secret. */
function checksum(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x2f0b4c47;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x01000197);
  }
  return (a >>> 0).toString(16) + (b >>> 0).toString(16);
}

const sumOf = ({ batchId, state, row }: Omit<RowRecord, 'sum'>) => checksum(`${batchId}\n${state}\n${row}`);

function recordOf(row: BatchRow): RowRecord {
  const record = { batchId: row.batchId, state: row.state, row: JSON.stringify(row) };
  return { ...record, sum: sumOf(record) };
}

/** Null: it is not as it was written. */
function rowIn(record: RowRecord): BatchRow | null {
  return record.sum === sumOf(record) ? (JSON.parse(record.row) as BatchRow) : null;
}

/**
 * Writes rows, their batch and audit entries as one, so that they outlive a power cut.
 * @param wanted asked in the last moment: what was forgotten does not come back
 */
export function keepBatch(
  batch: Batch,
  rows: readonly BatchRow[],
  drafts: readonly AuditDraft[],
  wanted: () => boolean = always,
): Promise<void> {
  // As they are now: whoever calls goes on changing them.
  const records = rows.map((row) => [recordOf(row), row.index] as const);
  const copy = structuredClone(batch);
  const put = (tx: JournalTx) => [
    tx.objectStore('batches').put(copy, copy.id),
    ...records.map(([record, index]) => tx.objectStore('batchRows').put(record, [copy.id, index])),
  ];
  return append(batch.target.connectionId, { drafts, put, wanted });
}

export async function batchOf(id: string): Promise<Batch | null> {
  return (await (await database()).get('batches', id)) ?? null;
}

/** Of all connections. */
export async function allBatches(): Promise<Batch[]> {
  return (await database()).getAll('batches');
}

/** Of a connection, the newest first. */
export async function batchesOf(connectionId: ConnectionId): Promise<Batch[]> {
  const all = await allBatches();
  return all.filter(({ target }) => target.connectionId === connectionId).sort((a, b) => b.createdMs - a.createdMs);
}

/** Rows in their order, and how many of those asked for are damaged. */
interface Rows {
  rows: BatchRow[];
  damaged: number;
}

export async function rowsOf(batchId: string): Promise<Rows> {
  return read(await (await database()).getAll('batchRows', allRows(batchId)));
}

/** Those from a place on. */
export async function rowsFrom(batchId: string, offset: number, limit: number): Promise<Rows> {
  const range = IDBKeyRange.bound([batchId, offset], [batchId, offset + limit - 1]);
  return read(await (await database()).getAll('batchRows', range));
}

/** Those in these states. */
export async function rowsIn(batchId: string, states: readonly RowState[]): Promise<Rows> {
  const index = (await database()).transaction('batchRows').store.index('byState');
  const found = await Promise.all(states.map((state) => index.getAll([batchId, state])));
  const { rows, damaged } = read(found.flat());
  return { rows: rows.sort((a, b) => a.index - b.index), damaged };
}

function read(records: readonly RowRecord[]): Rows {
  const rows = records.flatMap((record) => rowIn(record) ?? []);
  return { rows, damaged: records.length - rows.length };
}

export async function dropBatch({ id, target }: Batch): Promise<void> {
  await alone(target.connectionId, () => drop([id]));
}

/** Lets go of batches that have not been touched since. @param keep those that stay all the same */
export async function pruneBatches(connectionId: ConnectionId, beforeMs: number, keep: (batch: Batch) => boolean): Promise<void> {
  await alone(connectionId, async () => {
    const old = (await batchesOf(connectionId)).filter((batch) => batch.updatedMs < beforeMs && !keep(batch));
    await drop(old.map(({ id }) => id));
  });
}

/** All batches of a connection. */
export async function forgetBatches(connectionId: ConnectionId): Promise<void> {
  await alone(connectionId, async () => drop((await batchesOf(connectionId)).map(({ id }) => id)));
}

async function drop(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const tx = (await database()).transaction(['batches', 'batchRows'], 'readwrite', STRICT);
  const writes = ids.flatMap((id) => [tx.objectStore('batches').delete(id), tx.objectStore('batchRows').delete(allRows(id))]);
  await Promise.all([...writes, tx.done]);
}
