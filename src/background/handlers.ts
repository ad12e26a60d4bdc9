/** What each message does. */
import browser from 'webextension-polyfill';
import { type Connection, EMPTY_DRAFT } from '../domain/connection.ts';
import { isUsable } from '../domain/connection-hosts.ts';
import { looksToken } from '../domain/looks-secret.ts';
import { matcher, rank } from '../domain/search.ts';
import { LIMITS, type Settings } from '../domain/settings.ts';
import { checkEndpoint } from '../domain/settings-check.ts';
import { stateAt } from '../domain/snapshot.ts';
import type { AgentRow } from '../messages/contract.ts';
import { readPublished } from '../messages/published.ts';
import { eraseDatabase } from '../storage/database.ts';
import { diagnosesOf } from '../storage/diagnosis-store.ts';
import { alertsSeenItem, connectionsItem, metadataItem, policyItem, settingsItem, snoozesItem } from '../storage/items.ts';
import { log, logLines } from '../storage/log.ts';
import { wholePolicy } from '../storage/policy.ts';
import { forgetTransitions, loadKnown, transitionsOf } from '../storage/poll-store.ts';
import { pollAlarm } from './alarms.ts';
import { useCapability } from './capability.ts';
import { allowedWrites, type Config, isOtherTenant, isTenantFixed, loadConfigs, underPolicy } from './config.ts';
import { foundApi, typedConnection } from './config-file.ts';
import { testConnection } from './connection-test.ts';
import { auth, moveVault } from './credentials.ts';
import { loadDesk } from './desk.ts';
import { forgetDirectory, loadDirectory, namesOf } from './directory.ts';
import { historyOf } from './history-view.ts';
import { ruleRequests } from './request-rules.ts';
import { required } from './required.ts';
import { type Handlers, Refusal } from './router.ts';
import {
  activityOf,
  applyPolicy,
  batcher,
  cancelSignIn,
  cycle,
  deliverer,
  diagnoser,
  figuresOf,
  forgetDiagnosis,
  historian,
  leaveTenant,
  removeConnection,
  show,
  signIn,
  switchTo,
} from './services.ts';
import { skillsHandlers } from './skills-handlers.ts';

const TRANSITIONS = 100;

export const handlers: Handlers = {
  poll: async () => ({ asked: await cycle('page') }),

  async publish() {
    if ((await readPublished('view.glance'))['view.glance'] === undefined) await show();
  },

  async signIn({ thenDiagnose }) {
    await required();
    // Not awaited: the window may stay open for minutes, and `view.auth` tells.
    void signIn(thenDiagnose);
  },

  async cancelSignIn() {
    await cancelSignIn(await required());
  },

  async signOut() {
    const { connection } = await required();
    await batcher.halt(connection.id, 'signedOut');
    await auth.signOut(connection);
    // Afterwards: names that are on their way were asked for before, and are not kept any more.
    await forgetDirectory(connection.id);
    await forgetDiagnosis(connection.id);
    // Whoever signs in next may not be allowed to see it.
    await historian.forget(connection.id);
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

  async diagnose({ agentIds, before }) {
    return { runId: await diagnoser.begin(await required(), agentIds, 'user', before) };
  },

  async cancelDiagnosis() {
    await diagnoser.cancel();
  },

  async diagnoses() {
    const { connection } = await required();
    return { runs: await diagnosesOf(connection.id) };
  },

  activity: async () => activityOf(await required()),

  async desk() {
    const { id } = (await required()).connection;
    return { ...(await loadDesk(id)), seen: (await loadKnown(id)).snapshot.dictionary };
  },

  async figures({ agentId }) {
    const { figures, ...told } = await figuresOf(await required());
    return { ...told, figures: figures.get(agentId) ?? null };
  },

  async loadHistory(question) {
    return { loadId: await historian.load(await required(), question) };
  },

  async cancelHistory() {
    await historian.cancel();
  },

  async history(question) {
    return historyOf(await required(), question);
  },

  async useCapability({ capability, on }) {
    await useCapability(await required(), capability, on);
  },

  async forgetHistory() {
    const { connection } = await required();
    await historian.forget(connection.id);
    await forgetTransitions(connection.id);
    await log('history-forgotten', { connection: connection.id });
  },

  ...skillsHandlers,

  async alertsSeen() {
    const { connection } = await required();
    await alertsSeenItem(connection.id).update(() => Date.now());
    await show();
  },

  async settings() {
    const configs = await loadConfigs();
    const config = configs[0] ?? null;
    const settings = config?.settings ?? (await settingsItem('').get());
    const names = config ? await namesOf(config.connection.id, settings.watchedAgentIds) : new Map();
    const { policy: inForce, refused } = await wholePolicy();
    return {
      connection: config && (await typedConnection(config.connection)),
      blank: underPolicy(EMPTY_DRAFT, inForce),
      connections: configs.map(({ connection: { id, name } }) => ({ id, name })),
      settings,
      locked: config?.locked ?? [],
      redirectUri: browser.identity.getRedirectURL(),
      extensionId: browser.runtime.id,
      version: browser.runtime.getManifest().version,
      names: Object.fromEntries([...names].map(([agentId, { name }]) => [agentId, name])),
      grants: inForce.grants ?? null,
      secretKept: config !== null && config.connection.grant !== 'authorizationCode' && (await auth.hasSecret(config.connection)),
      foundApi: config ? await foundApi(config.connection) : '',
      tenantFixed: isTenantFixed(inForce, refused),
      writes: allowedWrites(inForce),
      refused,
    };
  },

  async saveConnection({ draft, id: given }) {
    if (!isUsable(draft, __DEMO__)) throw new Refusal('invalid', 'error_connectionInvalid');
    const configs = await loadConfigs();
    const known = configs.find(({ connection }) => connection.id === given)?.connection;
    const before = known ? await typedConnection(known) : null;
    const { policy: inForce, refused } = await wholePolicy();
    if (!before && configs.length > 0 && isTenantFixed(inForce, refused)) throw new Refusal('invalid', 'error_connectionFixed');
    if (!before && configs.length >= LIMITS.connections) throw new Refusal('invalid', 'error_tooManyConnections');
    const id = before?.id ?? crypto.randomUUID();
    const connection: Connection = { id, ...draft };
    if (before && isOtherTenant(before, connection)) await leaveTenant(before);
    // Another way in is another identity: nothing of the one before is to go on.
    else if (before && before.grant !== draft.grant) await auth.signOut(before);
    await connectionsItem.update(({ activeId, list }) => ({
      activeId: activeId ?? id,
      list: list.some((other) => other.id === id)
        ? list.map((other) => (other.id === id ? connection : other))
        : [...list, connection],
    }));
    await metadataItem(id).remove();
    const inUse = await loadConfigs();
    await ruleRequests(inUse.map((config) => config.connection));
    await auth.recheckScopes(connection);
    await log('connection-saved', { connection: id });
    // What has just been added is what one wants to see: there it is signed in to next.
    await switchTo(id);
    await show();
    return { id };
  },

  async switchConnection({ id }) {
    await switchTo(id);
  },

  async removeConnection({ id }) {
    await removeConnection(id);
  },

  async saveSettings({ settings, id }) {
    const { connection } = await required(id);
    const endpoints = [settings.auditUrl, settings.wfmUrl];
    if (endpoints.some((url) => checkEndpoint(url, __DEMO__) !== null)) throw new Refusal('invalid', 'error_invalid');
    await updateSettings(connection, ({ watchedAgentIds }) => ({ ...settings, watchedAgentIds }));
    await moveVault(connection.id);
    await show();
    void deliverer.again().catch(() => log('not-delivered'));
  },

  async setSecret({ id, keyId, secret }) {
    const { connection } = await required(id);
    if (connection.grant === 'authorizationCode' || looksToken(secret)) throw new Refusal('invalid', 'error_invalid');
    await auth.setSecret(connection, { secret, ...(keyId !== undefined && { id: keyId }) });
    await log('secret-kept', { connection: id });
  },

  async testConnection() {
    const { connection } = await required();
    void testConnection(connection);
  },

  async hostAccessChanged() {
    await show();
    await cycle('alarm');
    void deliverer.again().catch(() => log('not-delivered'));
  },

  async erase() {
    const configs = await loadConfigs();
    await diagnoser.cancel();
    for (const { connection } of configs) {
      await historian.forget(connection.id);
      await batcher.forget(connection.id);
      const { told } = await auth.signOut(connection);
      // Its last line belongs to the log that is erased.
      await told;
      await browser.alarms.clear(pollAlarm(connection.id, false));
    }
    const inForce = await policyItem.get();
    const everything = async () => {
      for (const { connection } of configs) await forgetDirectory(connection.id);
      await eraseDatabase();
      await Promise.all([
        browser.storage.local.clear(),
        browser.storage.session.clear(),
        browser.notifications.getAll().then(clearAll),
      ]);
      // The organisation's rules are not the user's to erase.
      await policyItem.update(() => inForce);
    };
    // A poll under way would bring back what it knows.
    await configs.reduceRight<() => Promise<unknown>>(
      (inner, { connection }) =>
        () =>
          navigator.locks.request(`poll:${connection.id}`, inner),
      everything,
    )();
    await ruleRequests([]);
    await applyPolicy(false);
    await show();
  },

  log: async () => ({ lines: await logLines() }),
};

async function clearAll(shown: Record<string, unknown>): Promise<void> {
  await Promise.all(Object.keys(shown).map((id) => browser.notifications.clear(id)));
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
    // Gone home is no riddle: whoever logged out is left out of CXone's list.
    const isMissing = Object.hasOwn(state.missing, agentId) && agent.category !== 'loggedOut';
    return [
      {
        ...agent,
        category: isMissing ? ('unknown' as const) : agent.category,
        sinceMs: agent.sinceMs + state.skewMs,
        name: person?.name || agentId,
        team: person?.team ?? '',
        watched: watched.has(agentId),
        missingSinceMs: isMissing ? (state.missing[agentId]?.sinceMs ?? 0) : 0,
      },
    ];
  });
}
