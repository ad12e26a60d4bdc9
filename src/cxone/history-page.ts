/** What pages of history have in common, whoever the tenant is. */
import type { HistoryRecord } from '../domain/history/history.ts';
import type { HistoryPage } from './port.ts';

/** Rows of a page: as many as seed 001 allows. */
export const HISTORY_PAGE = 1000;
const MAX_FIELDS = 10;

/** A row read: the record, and what in it could not be read; a record that is null is a bad row. */
export interface ReadRecord {
  record: HistoryRecord | null;
  bad: string[];
}

/** Reads rows one by one: a bad one is counted and named, the rest survives. */
export function readRows(rows: readonly unknown[], read: (row: unknown) => ReadRecord): Omit<HistoryPage, 'next' | 'total'> {
  const records: HistoryRecord[] = [];
  const fields = new Set<string>();
  let badRows = 0;
  for (const row of rows) {
    const { record, bad } = read(row);
    for (const field of bad) if (fields.size < MAX_FIELDS) fields.add(field);
    if (record) records.push(record);
    else badRows++;
  }
  return { records, badRows, badFields: [...fields] };
}

/** A row in a few characters, to know it again when the next page comes. */
export function markOf(row: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(row)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** A moment as the APIs want it: UTC, whole seconds, a literal `Z` (seed 001; facts/cxone-api.md section 2). */
export function secondsIso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

const SECOND_MS = 1000;
/** The range in whole seconds that holds the one given. */
export function wholeSeconds(fromMs: number, toMs: number): { from: string; to: string } {
  const floor = Math.floor(fromMs / SECOND_MS) * SECOND_MS;
  return { from: secondsIso(floor), to: secondsIso(Math.ceil(toMs / SECOND_MS) * SECOND_MS) };
}
