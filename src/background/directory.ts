/**
 * Names and teams of agents. They are personal data: on disk only encrypted, in memory for the watched ones.
 * Asked for once a day, and again when somebody unknown is watched; one by one only where the tenant has no list.
 */
import browser from 'webextension-polyfill';
import type { CxonePort } from '../cxone/port.ts';
import type { AgentId, AgentProfile } from '../domain/agent-state.ts';
import type { ConnectionId } from '../domain/connection.ts';
import { sealed } from '../storage/sealed.ts';
import { forgetDesk } from './desk.ts';

interface Directory {
  askedMs: number;
  profiles: AgentProfile[];
}

const DAY_MS = 24 * 3_600_000;
const UNKNOWN_AGAIN_MS = 15 * 60_000;
const RETRY_MS = 5 * 60_000;
const MAX_PAGES = 100;
const SINGLES = 20;
/** One record per connection; nothing races for it, so one generation does. */
const GENERATION = 'directory';

const store = (id: ConnectionId) => sealed<Directory>(`${id}/directory`);
const namesKey = (id: ConnectionId) => `${id}/names`;
const retryKeyOf = (id: ConnectionId) => `${id}/directoryRetryMs`;

let cache: { id: ConnectionId; directory: Directory } | null = null;
/** How often names were forgotten in this life of the worker. What is under way dies with the worker, so memory will do. */
const epochs = new Map<ConnectionId, number>();

/** @returns whether nothing has been forgotten since: names asked for before a sign-out are those of somebody who is gone */
export function directoryFence(id: ConnectionId): () => boolean {
  const epoch = epochs.get(id);
  return () => epochs.get(id) === epoch;
}

/** Writing and forgetting take turns: a write that has begun is over when the record is erased. */
const inTurn = <T>(id: ConnectionId, work: () => Promise<T>) => navigator.locks.request(`directory:${id}`, work) as Promise<T>;

/** Everyone the tenant told us of; decrypted once per worker life. */
export async function loadDirectory(id: ConnectionId): Promise<Directory> {
  if (cache?.id === id) return cache.directory;
  const isCurrent = directoryFence(id);
  const read = await store(id)
    .read()
    .catch(() => null);
  // Not kept: a database that cannot be opened now may open later.
  if (read === null) return { askedMs: 0, profiles: [] };
  if (!isCurrent()) return loadDirectory(id);
  const directory = typeof read === 'string' ? { askedMs: 0, profiles: [] } : read.value;
  cache = { id, directory };
  return directory;
}

/** Names of the watched agents, from memory where possible: a poll must not decrypt ten thousand names to show thirty. */
export async function namesOf(id: ConnectionId, agentIds: readonly AgentId[]): Promise<Map<AgentId, AgentProfile>> {
  const key = namesKey(id);
  const isCurrent = directoryFence(id);
  const kept = ((await browser.storage.session.get(key))[key] ?? {}) as Record<AgentId, AgentProfile | null>;
  if (agentIds.every((agentId) => Object.hasOwn(kept, agentId))) return pick(kept, agentIds);
  const { profiles } = await loadDirectory(id);
  const byId = new Map(profiles.map((profile) => [profile.agentId, profile]));
  const names = Object.fromEntries(agentIds.map((agentId) => [agentId, byId.get(agentId) ?? null]));
  if (!isCurrent()) return new Map();
  await browser.storage.session.set({ [key]: names });
  return pick(names, agentIds);
}

function pick(names: Record<AgentId, AgentProfile | null>, agentIds: readonly AgentId[]): Map<AgentId, AgentProfile> {
  return new Map(
    agentIds.flatMap((agentId) => {
      const profile = Object.hasOwn(names, agentId) ? names[agentId] : null;
      return profile ? [[agentId, profile] as const] : [];
    }),
  );
}

/**
 * Asks the tenant where that is due.
 * @param isCurrent a fence from before the connection and its token were looked up
 * @returns whether any name changed
 */
export async function refreshDirectory(
  id: ConnectionId,
  port: CxonePort,
  accessToken: string,
  watched: readonly AgentId[],
  isCurrent: () => boolean = directoryFence(id),
): Promise<boolean> {
  const directory = await loadDirectory(id);
  const ageMs = Date.now() - directory.askedMs;
  const known = new Set(directory.profiles.map(({ agentId }) => agentId));
  const unknown = watched.filter((agentId) => !known.has(agentId));
  if (ageMs >= 0 && ageMs < (unknown.length > 0 ? UNKNOWN_AGAIN_MS : DAY_MS)) return false;
  const retryKey = retryKeyOf(id);
  const retryMs = Number((await browser.storage.session.get(retryKey))[retryKey] ?? 0);
  if (Date.now() < retryMs && retryMs - Date.now() <= UNKNOWN_AGAIN_MS) return false;
  const profiles = await listed(port, accessToken);
  if (profiles === null) {
    if (isCurrent()) await browser.storage.session.set({ [retryKey]: Date.now() + RETRY_MS });
    return false;
  }
  const byId = new Map(directory.profiles.map((profile) => [profile.agentId, profile]));
  for (const profile of profiles) byId.set(profile.agentId, profile);
  for (const agentId of watched.filter((watchedId) => !byId.has(watchedId)).slice(0, SINGLES)) {
    const answer = await port.agent(accessToken, agentId);
    if (answer.outcome === 'ok') byId.set(agentId, { ...answer.person.profile, agentId });
  }
  const next = { askedMs: Date.now(), profiles: [...byId.values()] };
  const changed = JSON.stringify(next.profiles) !== JSON.stringify(directory.profiles);
  const written = await inTurn(id, async () => {
    if (!isCurrent()) return false;
    await store(id).write(next, GENERATION, null);
    if (isCurrent()) cache = { id, directory: next };
    if (changed) await browser.storage.session.remove(namesKey(id));
    return true;
  });
  return written && changed;
}

/** All pages; empty where the tenant has no such list (404, 403); null when the answer decides nothing and we ask again next time. */
async function listed(port: CxonePort, accessToken: string): Promise<AgentProfile[] | null> {
  const profiles: AgentProfile[] = [];
  const known = new Set<AgentId>();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await port.directory(accessToken, page);
    if (answer.outcome === 'ok') {
      const news = answer.people.flatMap(({ profile }) => (known.has(profile.agentId) ? [] : [profile]));
      for (const { agentId } of news) known.add(agentId);
      profiles.push(...news);
      // A tenant that does not know pages gives the same one for ever.
      if (!answer.more || news.length === 0) break;
    } else if (answer.status === 404 || answer.outcome === 'forbidden') return profiles;
    else return null;
  }
  return profiles;
}

/** After signing out (never before it: names could be asked for in between) or erasing: names of one tenant never stay for the next. */
export async function forgetDirectory(id: ConnectionId): Promise<void> {
  epochs.set(id, (epochs.get(id) ?? 0) + 1);
  cache = null;
  await inTurn(id, () => Promise.all([store(id).erase(), browser.storage.session.remove([namesKey(id), retryKeyOf(id)])]));
  await forgetDesk(id);
}
