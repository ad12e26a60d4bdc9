/**
 * The redacted log: the last 500 lines of what happened, for the admin to copy. A line is a code and short facts from an allow-list;
 * neither token nor name nor URL nor body can stand in it (security-reliability.md section 7).
 */
import { database } from './database.ts';

const LINES = 500;

export interface LogFacts {
  connection?: string;
  outcome?: string;
  status?: number;
  phase?: string;
  failure?: string;
  count?: number;
  scopes?: string;
  field?: string;
}

export async function log(event: string, facts: LogFacts = {}): Promise<void> {
  const words = Object.entries(facts).map(
    ([name, value]) =>
      `${name}=${String(value)
        .replace(/[^\w:.,@ -]/g, '_')
        .slice(0, 120)}`,
  );
  try {
    const tx = (await database()).transaction('log', 'readwrite');
    const key = await tx.store.add([new Date().toISOString(), event, ...words].join(' '));
    if (key % 50 === 0) void tx.store.delete(IDBKeyRange.upperBound(key - LINES));
    await tx.done;
  } catch {
    // A log that cannot be written must not stop what it was to tell of.
  }
}

export async function logLines(): Promise<string[]> {
  return (await (await database()).getAll('log')).slice(-LINES);
}
