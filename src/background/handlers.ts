/** What each message does. */
import browser from 'webextension-polyfill';
import type { Connection } from '../domain/connection.ts';
import { isUsable } from '../domain/connection-hosts.ts';
import { matcher, rank } from '../domain/search.ts';
import { LIMITS, type Settings } from '../domain/settings.ts';
import { stateAt } from '../domain/snapshot.ts';
import type { AgentRow } from '../messages/contract.ts';
import { readPublished } from '../messages/published.ts';
import { eraseDatabase } from '../storage/database.ts';
import { alertsSeenItem, connectionsItem, metadataItem, policyItem, settingsItem, snoozesItem } from '../storage/items.ts';
import { log, logLines } from '../storage/log.ts';
import { loadKnown, transitionsOf } from '../storage/poll-store.ts';
import { type Config, isOtherTenant, loadConfig } from './config.ts';
import { testConnection } from './connection-test.ts';
import { forgetDirectory, loadDirectory, namesOf } from './directory.ts';
import { removeOriginHeader } from './origin-rule.ts';
import { type Handlers, Refusal } from './router.ts';
import { applyPolicy, auth, cancelSignIn, cycle, leaveTenant, moveVault, show, signIn } from './services.ts';

const TRANSITIONS = 100;

export const handlers: Handlers = {
  poll: async () => ({ asked: await cycle('page') }),

  async publish() {
    if ((await readPublished('view.glance'))['view.glance'] === undefined) await show();
  },

  async signIn() {
    await required();
    // Not awaited: the window may stay open for minutes, and `view.auth` tells.
    void signIn();
  },

  async cancelSignIn() {
    await cancelSignIn(await required());
  },

  async signOut() {
    const { connection } = await required();
    await forgetDirectory(connection.id);
    await auth.signOut(connection);
    await show();
  },

  async search({ query, offset, limit }) {
    const config = await required();
    const rows = await everyone(config);
    const matches = matcher(query);
    const rankOf = rank(query);
    const found = rows.filter(({ name, agentId, team, skill, stateName, reason }) =>
      matches([name, agentId, team, skill, stateName, reason]),
    );
    if (query.trim() !== '') found.sort((a, b) => rankOf(a.name) - rankOf(b.name) || a.name.localeCompare(b.name));
    return { agents: found.slice(offset, offset + limit), total: found.length };
  },

  async agent({ agentId }) {
    const config = await required();
    const [rows, seen] = await Promise.all([everyone(config), transitionsOf(config.connection.id, agentId, TRANSITIONS)]);
    const transitions = seen.map(({ from, to, atMs, gap }) => ({ agentId, from, to, atMs, gap }));
    return { agent: rows.find((row) => row.agentId === agentId) ?? null, transitions };
  },

  async watch({ agentIds, on }) {
    const { connection } = await required();
    const ids = new Set(agentIds);
    await updateSettings(connection, (settings) => {
      const all = new Set([...settings.watchedAgentIds, ...agentIds]);
      if (on && all.size > LIMITS.watchedAgents) throw new Refusal('invalid', 'error_tooManyWatched');
      const rest = settings.watchedAgentIds.filter((agentId) => !ids.has(agentId));
      return { ...settings, watchedAgentIds: on ? [...all] : rest };
    });
    await show();
    // Newcomers' names, and whoever the last list did not mention.
    if (on) await cycle('page');
  },

  async snooze({ agentId, untilMs }) {
    const { connection } = await required();
    await snoozesItem(connection.id).update((snoozes) => {
      if (agentId === null) return { ...snoozes, allUntilMs: untilMs };
      const agents = Object.fromEntries(
        Object.entries({ ...snoozes.agents, [agentId]: untilMs }).filter(([, until]) => until > Date.now()),
      );
      return { ...snoozes, agents };
    });
    await show();
  },

  async alertsSeen() {
    const { connection } = await required();
    await alertsSeenItem(connection.id).update(() => Date.now());
    await show();
  },

  async settings() {
    const config = await loadConfig();
    const settings = config?.settings ?? (await settingsItem('').get());
    const names = config ? await namesOf(config.connection.id, settings.watchedAgentIds) : new Map();
    return {
      connection: config?.connection ?? null,
      settings,
      locked: config?.locked ?? [],
      redirectUri: browser.identity.getRedirectURL(),
      extensionId: browser.runtime.id,
      version: browser.runtime.getManifest().version,
      names: Object.fromEntries([...names].map(([agentId, { name }]) => [agentId, name])),
    };
  },

  async saveConnection({ draft }) {
    if (!isUsable(draft, __DEMO__)) throw new Refusal('invalid', 'error_connectionInvalid');
    const before = (await loadConfig())?.connection ?? null;
    const id = before?.id ?? crypto.randomUUID();
    const connection: Connection = { id, ...draft };
    await connectionsItem.update(({ list }) => ({
      activeId: id,
      list: [...list.filter((other) => other.id !== id), connection],
    }));
    if (before && isOtherTenant(before, connection)) await leaveTenant(before);
    await metadataItem(id).remove();
    await removeOriginHeader(connection);
    await auth.recheckScopes(connection);
    await log('connection-saved', { connection: id });
    await show();
    return { id };
  },

  async saveSettings({ settings }) {
    const { connection } = await required();
    await updateSettings(connection, ({ watchedAgentIds }) => ({ ...settings, watchedAgentIds }));
    await moveVault(connection.id);
    await show();
  },

  async testConnection() {
    const { connection } = await required();
    void testConnection(connection);
  },

  async hostAccessChanged() {
    await show();
    await cycle('alarm');
  },

  async erase() {
    const config = await loadConfig();
    if (config) await auth.signOut(config.connection);
    const inForce = await policyItem.get();
    // A poll under way would bring back what it knows.
    await navigator.locks.request(`poll:${config?.connection.id ?? ''}`, async () => {
      if (config) await forgetDirectory(config.connection.id);
      await eraseDatabase();
      await Promise.all([
        browser.storage.local.clear(),
        browser.storage.session.clear(),
        browser.notifications.getAll().then(clearAll),
      ]);
      // The organisation's rules are not the user's to erase.
      await policyItem.update(() => inForce);
    });
    await removeOriginHeader(null);
    await applyPolicy(false);
    await show();
  },

  log: async () => ({ lines: await logLines() }),
};

async function clearAll(shown: Record<string, unknown>): Promise<void> {
  await Promise.all(Object.keys(shown).map((id) => browser.notifications.clear(id)));
}

async function required(): Promise<Config> {
  const config = await loadConfig();
  if (!config) throw new Refusal('noConnection', 'error_noConnection');
  return config;
}

async function updateSettings({ id }: Connection, change: (settings: Settings) => Settings): Promise<void> {
  await settingsItem(id).update(change);
}

/** All agents of the tenant with their names; the watched ones CXone has not mentioned come last. */
async function everyone({ connection, settings }: Config): Promise<AgentRow[]> {
  const [{ snapshot, state }, { profiles }] = await Promise.all([loadKnown(connection.id), loadDirectory(connection.id)]);
  const people = new Map(profiles.map((profile) => [profile.agentId, profile]));
  const watched = new Set(settings.watchedAgentIds);
  return snapshot.ids.flatMap((agentId, index) => {
    const agent = stateAt(snapshot, index);
    if (!agent) return [];
    const person = people.get(agentId);
    const missing = agentId in state.missing && agent.category !== 'loggedOut';
    return [
      {
        ...agent,
        category: missing ? ('unknown' as const) : agent.category,
        sinceMs: agent.sinceMs + state.skewMs,
        name: person?.name || agentId,
        team: person?.team ?? '',
        watched: watched.has(agentId),
      },
    ];
  });
}
