/**
 * Pages of the tenants' history as they arrived, and how the last load stood: what makes a load go on where it was cut off, without any page
 * being asked for twice. Ids and states, no names; a day at most.
 */
import type { AgentId } from '../domain/agent-state.ts';
import type { ConnectionId } from '../domain/connection.ts';
import type { HistoryLoad, HistoryProblem, HistoryRecord } from '../domain/history/history.ts';
import type { TimeRange } from '../domain/history/ranges.ts';
import { database, type PageKey } from './database.ts';

/** What happened does not change, but it is the tenant's to keep, not ours. */
export const KEPT_MS = 24 * 3_600_000;

/** One agent's history in one range: what pages belong to. Times as they were asked for, on our clock. */
export interface Part {
  connectionId: ConnectionId;
  agentId: AgentId;
  fromMs: number;
  toMs: number;
}

export interface KeptPage extends Part {
  index: number;
  /** The range as the tenant was asked, server time: the same for all pages of a part, or their numbers would mean other records. */
  asked: TimeRange;
  /** What to ask the next page with; null: there is none. */
  next: string | null;
  total: number | null;
  badRows: number;
  badFields: string[];
  /** Those no earlier page had. */
  count: number;
  /** The records, server time, as JSON: one string clones far quicker than a thousand objects. */
  records: string;
  keptMs: number;
  /** Why there is no page after this one although there should be. */
  problem: HistoryProblem | null;
}

export function recordsIn(pages: readonly KeptPage[]): HistoryRecord[] {
  return pages.flatMap(({ records }) => JSON.parse(records) as HistoryRecord[]);
}

const keyOf = ({ connectionId, agentId, fromMs, toMs, index }: KeptPage): PageKey => [connectionId, agentId, fromMs, toMs, index];

/** Every key that begins so: an array sorts after anything that may stand in its place. */
const beginning = (...start: (string | number)[]) => IDBKeyRange.bound(start, [...start, []]);

/**
 * Writes a page, and how the load stands with it, as one.
 * @param load null: another one has begun meanwhile
 * @param wanted asked in the last moment: what was forgotten does not come back
 */
export async function keepPage(page: KeptPage, load: HistoryLoad | null, wanted: () => boolean): Promise<void> {
  const db = await database();
  if (!wanted()) return;
  const tx = db.transaction(['history', 'historyLoad'], 'readwrite');
  const writes: Promise<unknown>[] = [tx.objectStore('history').put(page, keyOf(page))];
  if (load) writes.push(tx.objectStore('historyLoad').put(load, load.connectionId));
  await Promise.all([...writes, tx.done]);
}

/** The pages of a part, in their order. */
export async function pagesOf({ connectionId, agentId, fromMs, toMs }: Part): Promise<KeptPage[]> {
  return recent(await (await database()).getAll('history', beginning(connectionId, agentId, fromMs, toMs)));
}

/** All pages kept of an agent, part by part. */
export async function partsOf(connectionId: ConnectionId, agentId: AgentId): Promise<KeptPage[][]> {
  const pages = recent(await (await database()).getAll('history', beginning(connectionId, agentId)));
  const parts = new Map<string, KeptPage[]>();
  for (const page of pages) {
    const key = `${page.fromMs} ${page.toMs}`;
    const part = parts.get(key);
    if (part) part.push(page);
    else parts.set(key, [page]);
  }
  return [...parts.values()];
}

/** The ranges an agent's pages belong to, each once. */
export async function rangesOf(connectionId: ConnectionId, agentId: AgentId): Promise<Part[]> {
  const keys = await (await database()).getAllKeys('history', beginning(connectionId, agentId));
  const first = keys.filter(([, , , , index]) => index === 0);
  return first.map(([, , fromMs, toMs]) => ({ connectionId, agentId, fromMs, toMs }));
}

const recent = (pages: KeptPage[]) => pages.filter(({ keptMs }) => Math.abs(Date.now() - keptMs) < KEPT_MS);

export async function dropPart({ connectionId, agentId, fromMs, toMs }: Part): Promise<void> {
  await (await database()).delete('history', beginning(connectionId, agentId, fromMs, toMs));
}

/** The last load of a connection; null: none, or erased. */
export async function loadOf(connectionId: ConnectionId): Promise<HistoryLoad | null> {
  return (await (await database()).get('historyLoad', connectionId)) ?? null;
}

/** @param wanted as in `keepPage` */
export async function writeLoad(load: HistoryLoad, wanted: () => boolean): Promise<void> {
  const db = await database();
  if (wanted()) await db.put('historyLoad', load, load.connectionId);
}

/** Lets go of pages kept longer than a day. */
export async function pruneHistory(connectionId: ConnectionId, nowMs: number): Promise<void> {
  const tx = (await database()).transaction('history', 'readwrite');
  const old = IDBKeyRange.bound([connectionId, 0], [connectionId, nowMs - KEPT_MS]);
  // A clock that was put back leaves pages of the future.
  const ahead = IDBKeyRange.bound([connectionId, nowMs + KEPT_MS], [connectionId, Number.POSITIVE_INFINITY]);
  const byTime = tx.store.index('byTime');
  const keys = (await Promise.all([byTime.getAllKeys(old), byTime.getAllKeys(ahead)])).flat();
  await Promise.all([...keys.map((key) => tx.store.delete(key)), tx.done]);
}

/** Everything kept of a connection's history from its tenant. */
export async function forgetPages(connectionId: ConnectionId): Promise<void> {
  const tx = (await database()).transaction(['history', 'historyLoad'], 'readwrite');
  await Promise.all([
    tx.objectStore('history').delete(beginning(connectionId)),
    tx.objectStore('historyLoad').delete(connectionId),
    tx.done,
  ]);
}
