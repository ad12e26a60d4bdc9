/**
 * What polling knows: one record per connection read in one go, the roster of ids apart because it seldom changes,
 * and transitions and alerts beside them. A poll commits all of it in one transaction: killed before, nothing happened;
 * killed after, everything did. That is why no transition is ever missed or doubled.
 */
import type { AgentId } from '../domain/agent-state.ts';
import type { Alert, AlertMemory } from '../domain/alerts.ts';
import type { ConnectionId } from '../domain/connection.ts';
import type { PollOutcome } from '../domain/problem.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '../domain/snapshot.ts';
import type { Transition } from '../domain/transition.ts';
import { type Database, database, STRICT } from './database.ts';

/** How far a server's clock or a late poll may put an alert into the past. */
const DAY_MS = 24 * 3_600_000;

/** An agent that was known or is watched and that the last answers did not mention. */
export interface Missing {
  sinceMs: number;
  /** When the last answer that had it came; 0 = not known. */
  seenMs: number;
  /** How many polls in a row, counted to 3. */
  polls: number;
  /** When it was last asked for singly. */
  askedMs: number;
}

export interface PollState {
  outcome: PollOutcome | null;
  outcomeSinceMs: number;
  /** The failure's HTTP status, own words and origin, for the problem shown. */
  status: number;
  detail: string;
  origin: string;
  /** From 429/`Retry-After`, honoured across wakes. */
  notBeforeMs: number;
  /** Failed polls in a row. */
  failures: number;
  /** Empty answers in a row, counted to 3; reset by any other list. */
  emptyPolls: number;
  emptySinceMs: number;
  /** When the kept list was last confirmed by an answer, as far as it is worth a write (see `Heartbeat` for the exact time). */
  lastListMs: number;
  missing: Record<AgentId, Missing>;
  badRows: number;
  allRows: number;
  /** Our clock minus the server's, 0 when within two seconds. */
  skewMs: number;
  memory: AlertMemory;
}

export const NEW_POLL_STATE: PollState = {
  outcome: null,
  outcomeSinceMs: 0,
  status: 0,
  detail: '',
  origin: '',
  notBeforeMs: 0,
  failures: 0,
  emptyPolls: 0,
  emptySinceMs: 0,
  lastListMs: 0,
  missing: {},
  badRows: 0,
  allRows: 0,
  skewMs: 0,
  memory: { fired: {}, problem: null },
};

export interface PollRecord {
  state: PollState;
  columns: Omit<Snapshot, 'ids'>;
}
export interface RosterRecord {
  /** Ids joined by line breaks: one string clones far quicker than ten thousand. */
  ids: string;
}
/** What one poll saw: a record for all of it, because three hundred single ones cost ten times as much to write. */
export interface TransitionRecord {
  connectionId: ConnectionId;
  /** The newest of its transitions, server time. */
  atMs: number;
  /** `agentKey` of everybody in it, for the index. */
  agents: string[];
  transitions: Transition[];
}

const agentKey = (connectionId: ConnectionId, agentId: AgentId) => `${connectionId}\n${agentId}`;
export interface AlertRecord extends Alert {
  connectionId: ConnectionId;
  /** Shown as a notification, or known not to be needed: an alert whose poll was killed before showing it is shown by the next wake. */
  delivered: boolean;
  /** When the poll found it, on our clock: `atMs` is the server's, and a state may have begun long before a poll finds it. */
  foundMs: number;
}

export interface Known {
  state: PollState;
  snapshot: Snapshot;
}

export async function loadKnown(connectionId: ConnectionId): Promise<Known> {
  const tx = (await database()).transaction(['poll', 'roster']);
  const [record, roster] = await Promise.all([
    tx.objectStore('poll').get(connectionId),
    tx.objectStore('roster').get(connectionId),
  ]);
  // Fields a later version added are new to an older record.
  const state = { ...NEW_POLL_STATE, ...record?.state };
  // Nothing but failures and empty answers so far: there is no roster yet, and how polling stands counts all the same.
  if (!roster) return { state, snapshot: EMPTY_SNAPSHOT };
  const ids = roster.ids === '' ? [] : roster.ids.split('\n');
  // Columns and roster are written together; if they ever disagree the list is not to be trusted.
  const { kinds, sinceMs, known, dictionary }: Partial<PollRecord['columns']> = record?.columns ?? {};
  if (!kinds || !sinceMs || !known || !dictionary) return { state, snapshot: EMPTY_SNAPSHOT };
  if ([kinds, sinceMs, known].some(({ length }) => length !== ids.length)) return { state, snapshot: EMPTY_SNAPSHOT };
  return { state, snapshot: { ids, kinds, sinceMs, known, dictionary } };
}

export interface Commit {
  known: Known;
  before: Known;
  transitions: Transition[];
  alerts: AlertRecord[];
}

/** Writes what changed, in one transaction; nothing at all when nothing did. */
export async function commitPoll(connectionId: ConnectionId, { known, before, transitions, alerts }: Commit): Promise<void> {
  const { ids, ...columns } = known.snapshot;
  const snapshotChanged = known.snapshot !== before.snapshot;
  if (
    !snapshotChanged &&
    transitions.length === 0 &&
    alerts.length === 0 &&
    JSON.stringify(known.state) === JSON.stringify(before.state)
  )
    return;
  const tx = (await database()).transaction(['poll', 'roster', 'transitions', 'alerts'], 'readwrite', STRICT);
  // Each is waited for: of an aborted transaction every request fails, and a failure nobody waits for is an error of the worker.
  const writes: Promise<unknown>[] = [tx.objectStore('poll').put({ state: known.state, columns }, connectionId)];
  if (ids !== before.snapshot.ids) writes.push(tx.objectStore('roster').put({ ids: ids.join('\n') }, connectionId));
  if (transitions.length > 0) {
    const atMs = Math.max(...transitions.map((transition) => transition.atMs));
    const agents = [...new Set(transitions.map(({ agentId }) => agentKey(connectionId, agentId)))];
    writes.push(tx.objectStore('transitions').add({ connectionId, atMs, agents, transitions }));
  }
  for (const alert of alerts) writes.push(tx.objectStore('alerts').add(alert));
  await Promise.all([...writes, tx.done]);
}

/** What we saw of one agent, the newest first. */
export async function transitionsOf(connectionId: ConnectionId, agentId: AgentId, limit: number): Promise<Transition[]> {
  const index = (await database()).transaction('transitions').store.index('byAgent');
  const found: Transition[] = [];
  const range = IDBKeyRange.only(agentKey(connectionId, agentId));
  for (let cursor = await index.openCursor(range, 'prev'); cursor && found.length < limit; cursor = await cursor.continue())
    found.push(...cursor.value.transitions.filter((transition) => transition.agentId === agentId));
  return found.sort((a, b) => b.atMs - a.atMs).slice(0, limit);
}

/** A state found so long after it began belongs to the time it began all the same: a browser may have been closed over a weekend. */
const FOUND_LATE_MS = 3 * DAY_MS;

/**
 * What we saw of some agents in a range of server time, and the last thing before it, in order of time. An agent nothing was seen of has an
 * empty list.
 */
export async function transitionsBetween(
  connectionId: ConnectionId,
  agentIds: readonly AgentId[],
  fromMs: number,
  toMs: number,
): Promise<Map<AgentId, Transition[]>> {
  const { store } = (await database()).transaction('transitions');
  const byTime = store.index('byTime');
  const byAgent = store.index('byAgent');
  // Keys first: the records of thousands of agents are not to be read for the sake of a few.
  const range = IDBKeyRange.bound([connectionId, fromMs], [connectionId, Math.max(fromMs, toMs) + FOUND_LATE_MS]);
  const older = IDBKeyRange.bound([connectionId, Number.NEGATIVE_INFINITY], [connectionId, fromMs], false, true);
  const within = new Set(await byTime.getAllKeys(range));
  const newestOlder = (await byTime.openKeyCursor(older, 'prev'))?.primaryKey ?? 0;
  const ofAgents = await Promise.all(agentIds.map((agentId) => byAgent.getAllKeys(agentKey(connectionId, agentId))));
  const wanted = new Set<number>();
  for (const keys of ofAgents) {
    // Keys are numbers in the order of writing.
    const before = keys.findLast((key) => key <= newestOlder && !within.has(key));
    for (const key of keys) if (key === before || within.has(key)) wanted.add(key);
  }
  const records = await Promise.all([...wanted].sort((a, b) => a - b).map((key) => store.get(key)));
  const found = new Map<AgentId, Transition[]>(agentIds.map((agentId) => [agentId, []]));
  for (const transition of records.flatMap((record) => record?.transitions ?? []))
    found.get(transition.agentId)?.push(transition);
  return new Map([...found].map(([agentId, seen]) => [agentId, cut(seen, fromMs, toMs)]));
}

function cut(seen: Transition[], fromMs: number, toMs: number): Transition[] {
  const upTo = seen.sort((a, b) => a.atMs - b.atMs).filter(({ atMs }) => atMs <= toMs);
  const first = upTo.findIndex(({ atMs }) => atMs >= fromMs);
  return upTo.slice(Math.max(0, (first === -1 ? upTo.length : first) - 1));
}

/** Our own record of a connection goes; what is known of now stays. */
export async function forgetTransitions(connectionId: ConnectionId): Promise<void> {
  await pruneStore(await database(), 'transitions', connectionId, Number.POSITIVE_INFINITY);
}

/** Our clock minus the server's, as the last poll found it. */
export async function skewOf(connectionId: ConnectionId): Promise<{ skewMs: number; notBeforeMs: number }> {
  const record = await (await database()).get('poll', connectionId);
  return { skewMs: record?.state.skewMs ?? 0, notBeforeMs: record?.state.notBeforeMs ?? 0 };
}

/** "Not so fast" was said to another duty of ours: polls wait as well. */
export async function holdBack(connectionId: ConnectionId, notBeforeMs: number): Promise<void> {
  const { store, done } = (await database()).transaction('poll', 'readwrite');
  const record = await store.get(connectionId);
  if (record && record.state.notBeforeMs < notBeforeMs)
    await store.put({ ...record, state: { ...record.state, notBeforeMs } }, connectionId);
  await done;
}

/** The alert log, the newest first. */
export async function recentAlerts(connectionId: ConnectionId, limit: number): Promise<AlertRecord[]> {
  const index = (await database()).transaction('alerts').store.index('byTime');
  const found: AlertRecord[] = [];
  for (
    let cursor = await index.openCursor(ofConnection(connectionId), 'prev');
    cursor && found.length < limit;
    cursor = await cursor.continue()
  )
    found.push(cursor.value);
  return found;
}

/** Alerts of the last minutes that no notification was shown for yet, and their keys for `markDelivered`. */
export async function undelivered(connectionId: ConnectionId, sinceMs: number): Promise<{ key: number; alert: AlertRecord }[]> {
  const store = (await database()).transaction('alerts').store;
  const range = IDBKeyRange.bound([connectionId, sinceMs - DAY_MS], [connectionId, Number.POSITIVE_INFINITY]);
  const found: { key: number; alert: AlertRecord }[] = [];
  for (let cursor = await store.index('byTime').openCursor(range); cursor; cursor = await cursor.continue())
    if (!cursor.value.delivered && cursor.value.foundMs >= sinceMs) found.push({ key: cursor.primaryKey, alert: cursor.value });
  return found;
}

export async function markDelivered(entries: { key: number; alert: AlertRecord }[]): Promise<void> {
  const tx = (await database()).transaction('alerts', 'readwrite');
  await Promise.all([...entries.map(({ key, alert }) => tx.store.put({ ...alert, delivered: true }, key)), tx.done]);
}

/** Lets go of what is older than the retention allows. */
export async function prune(connectionId: ConnectionId, beforeMs: number): Promise<void> {
  const db = await database();
  await Promise.all([pruneStore(db, 'transitions', connectionId, beforeMs), pruneStore(db, 'alerts', connectionId, beforeMs)]);
}

/** Everything known of a connection: its tenant is another one now. */
export async function forgetPolls(connectionId: ConnectionId): Promise<void> {
  const tx = (await database()).transaction(['poll', 'roster'], 'readwrite', STRICT);
  await Promise.all([tx.objectStore('poll').delete(connectionId), tx.objectStore('roster').delete(connectionId), tx.done]);
  await prune(connectionId, Number.POSITIVE_INFINITY);
}

async function pruneStore(
  db: Database,
  name: 'transitions' | 'alerts',
  connectionId: ConnectionId,
  beforeMs: number,
): Promise<void> {
  const tx = db.transaction(name, 'readwrite');
  const range = IDBKeyRange.bound([connectionId, 0], [connectionId, beforeMs], false, true);
  const keys = await tx.store.index('byTime').getAllKeys(range);
  await Promise.all([...keys.map((key) => tx.store.delete(key)), tx.done]);
}

function ofConnection(connectionId: ConnectionId): IDBKeyRange {
  return IDBKeyRange.bound([connectionId, 0], [connectionId, Number.POSITIVE_INFINITY]);
}
