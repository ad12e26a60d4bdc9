/** The worker's duties put together: what happens on a wake, a message, a change of policy. */
import browser from 'webextension-polyfill';
import type { CxonePort } from '../cxone/port.ts';
import { publicProfile } from '../cxone/profiles/public.ts';
import { v2Profile } from '../cxone/profiles/v2.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import { NOT_DISCOVERED } from '../domain/discovered.ts';
import { publish, readPublished } from '../messages/published.ts';
import { forgetAudit } from '../storage/audit-store.ts';
import { diagnosesOf, forgetDiagnoses } from '../storage/diagnosis-store.ts';
import { pruneHistory } from '../storage/history-store.ts';
import {
  authStatusItem,
  backgroundRunsItem,
  causesItem,
  connectionsItem,
  discoveredItem,
  itemsOf,
  updateReadyItem,
} from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { refreshPolicy } from '../storage/policy.ts';
import { forgetPolls, prune } from '../storage/poll-store.ts';
import { createActivity, createFigures } from './activity.ts';
import { ALARMS, pollAlarm } from './alarms.ts';
import { type Batcher, createBatcher } from './batch.ts';
import { chaosStep } from './chaos-step.ts';
import { type Config, isOtherTenant, loadConfig, loadConfigs } from './config.ts';
import { typedConnection } from './config-file.ts';
import { auth, exchangeFor, moveVault, turnOut } from './credentials.ts';
import { createDeliverer, type Deliverer } from './delivery.ts';
import { refreshDesk } from './desk.ts';
import { createDiagnoser, type Diagnoser } from './diagnosis.ts';
import { directoryFence, forgetDirectory, refreshDirectory } from './directory.ts';
import { createHistorian, type Historian } from './history.ts';
import { located } from './locate.ts';
import { connectionOfNotification, deliverAlerts, openFromNotification } from './notify.ts';
import { createPoller, type PollReason } from './poll.ts';
import { forgetPulse, readPulse } from './pulse.ts';
import { remembered } from './recent.ts';
import { ruleRequests } from './request-rules.ts';
import { matrixOf } from './skills-matrix.ts';
import { pruneSkills } from './skills-retention.ts';
import { publishView } from './view.ts';

const DAY_MS = 24 * 3_600_000;
const WINDOW_CLOSES_MS = 3_000;

/** A port of the public API learns which version and fields the server takes: one is kept per connection, while it stays as it is. */
const ports = new Map<ConnectionId, { made: string; port: CxonePort }>();

export function portFor(connection: Connection): CxonePort {
  const { id } = connection;
  const made = JSON.stringify(connection);
  const kept = ports.get(id);
  if (kept?.made === made) return kept.port;
  const exchange = exchangeFor(connection);
  const port =
    connection.profile === 'public'
      ? publicProfile(connection, exchange, (found) => void keepVersion(connection, found).catch(() => log('version-not-kept')))
      : v2Profile(connection, exchange);
  ports.set(id, { made, port: remembered(id, port) });
  return portFor(connection);
}

const poller = createPoller(auth, portFor);
export const activityOf = createActivity(auth, portFor);
export const figuresOf = createFigures(auth, portFor);
export const diagnoser: Diagnoser = createDiagnoser(auth, portFor, show);

/** Polls under way: history and batches wait for them. */
const polls = new Map<ConnectionId, Promise<unknown>>();

const asking = {
  auth,
  portOf: portFor,
  afterPoll: async (id: ConnectionId) => void (await polls.get(id)),
  configOf: loadConfig,
};

export const historian: Historian = createHistorian(asking);

export const batcher: Batcher = createBatcher({
  ...asking,
  deliver: (id) => deliverer.deliver(id),
  deliveryOf: ({ target }) => deliverer.statusOf(target.connectionId),
});

export const deliverer: Deliverer = createDeliverer({
  configs: loadConfigs,
  delivered: batcher.delivered,
  changed: batcher.refresh,
});

/** Of a connection that has been changed meanwhile the find is of no use. */
async function keepVersion({ id, issuer, apiPrefix: asked }: Connection, apiPrefix: string): Promise<void> {
  const now = (await loadConfig(id))?.connection;
  if (now?.issuer !== issuer || now.apiPrefix !== asked) return;
  const { apiPrefix: insteadOf } = await typedConnection(now);
  await discoveredItem(id).update((found) => {
    const ofIssuer = found.issuer === issuer ? found : { ...NOT_DISCOVERED, issuer };
    return { ...ofIssuer, apiPrefix, insteadOf, prefixAtMs: Date.now() };
  });
}

export const matrix = (config: Config, userIds: readonly AgentId[]) => matrixOf(asking, config, userIds);

/** A load of history that waited, or was cut off, goes on. */
export async function wakeHistory(): Promise<void> {
  const config = await loadConfig();
  if (config) await historian.wake(config);
}

/** One poll with all that follows: shown, told of, names filled in. @returns whether CXone was asked */
export async function cycle(reason: PollReason, id?: ConnectionId): Promise<boolean> {
  const found = await loadConfig(id);
  if (found) await auth.recheckTenant(found.connection);
  const config = found && (await located(found, exchangeFor(found.connection)));
  if (!config) {
    // Its alarm outlived it.
    if (id === undefined) await publishView(null);
    else await browser.alarms.clear(pollAlarm(id, false));
    return false;
  }
  const shownBefore = shows;
  const { asked, known, around } = await noted(config.connection.id, poller.poll(config, reason));
  const namesHold = directoryFence(config.connection.id);
  const now = await loadConfig(config.connection.id);
  // Erased, removed or led to another tenant meanwhile: nothing of it is shown or told any more.
  if (!now || isOtherTenant(now.connection, config.connection)) return asked;
  // Whoever changed something meanwhile has shown it already; what the poll read before is not to undo that.
  await publishView(now, known, shows === shownBefore ? around : null);
  await chaosStep('poll:published');
  await deliverAlerts(now);
  if (known && known.snapshot.ids.length > 0) await fillInNames(now, namesHold);
  if (!known) return asked;
  // Names take their time, and another one may be shown by now.
  const still = await loadConfig(now.connection.id);
  if (still) await diagnoser.byItself(still, known);
  return asked;
}

async function noted<T>(id: ConnectionId, poll: Promise<T>): Promise<T> {
  const all = Promise.allSettled([polls.get(id), poll]);
  polls.set(id, all);
  try {
    return await poll;
  } finally {
    if (polls.get(id) === all) polls.delete(id);
  }
}

async function fillInNames({ connection, settings }: Config, isCurrent: () => boolean): Promise<void> {
  const { id } = connection;
  const port = portFor(connection);
  const answer = await auth.accessToken(connection);
  if (!answer.ok) return;
  const { token } = answer.access;
  // What could not be kept is asked for again.
  const desk = refreshDesk(id, port, token, isCurrent).catch(() => undefined);
  if (await refreshDirectory(id, port, token, settings.watchedAgentIds, isCurrent)) await show();
  await desk;
}

let shows = 0;

/** Paints what is stored of all connections, without asking anybody. */
export async function show(configs?: readonly Config[]): Promise<void> {
  shows++;
  const [active, ...others] = configs ?? (await loadConfigs());
  await publishView(active ?? null);
  const { 'view.others': before = [] } = await readPublished('view.others');
  const kept = before.filter(({ id }) => others.some(({ connection }) => connection.id === id));
  if (kept.length < before.length) await publish({ 'view.others': kept });
  for (const config of others) await publishView(config);
}

/**
 * At every start of the worker: what a start of the browser, an update or a kill may have taken away is put back
 * (badge, alarms, session rule), and what was cut off is finished.
 */
export async function start(): Promise<void> {
  const configs = await loadConfigs();
  const interrupted = configs.map(({ connection }) => auth.nameInterrupted(connection));
  await Promise.all([ensureAlarms(configs), ...interrupted]);
  await show(configs);
  const [active] = configs;
  if (!active) return;
  await ruleRequests(configs.map(({ connection }) => connection));
  await Promise.all(configs.map(deliverAlerts));
  void diagnoser.resume(active).catch(() => log('resume-failed'));
  void historian.wake(active).catch(() => log('resume-failed'));
  void batcher.wake().catch(() => log('resume-failed'));
  void deliverer.deliver().catch(() => log('resume-failed'));
  // Not awaited: a renewal that was cut off asks the provider again, and nobody is to wait for that.
  for (const { connection } of configs)
    void moveVault(connection.id)
      .then(() => turnOut(connection))
      .then(() => auth.resume(connection))
      .then(() => show())
      .catch(() => log('resume-failed'));
}

/** Created only if absent: setting an alarm again at each start would push it ahead for ever (anchors.md, fact 6). */
async function ensureAlarms(configs: readonly Config[]): Promise<void> {
  const names = configs.map(({ connection, active }) => pollAlarm(connection.id, active));
  // The plain one also where nothing is configured: a policy may arrive at any time.
  for (const [index, name] of [...new Set([ALARMS.poll, ...names])].entries())
    if (!(await browser.alarms.get(name)))
      // Spread over the half minute, so that five tenants are not all asked in the same second.
      await browser.alarms.create(name, { delayInMinutes: 0.5 + (0.5 * index) / (names.length || 1), periodInMinutes: 0.5 });
  if (!(await browser.alarms.get(ALARMS.daily)))
    await browser.alarms.create(ALARMS.daily, { delayInMinutes: 5, periodInMinutes: 24 * 60 });
}

/** Lets go of what is older than the retention allows, and of a policy that is gone for good. */
export async function daily(): Promise<void> {
  await applyPolicy(false);
  for (const { connection, settings } of await loadConfigs()) {
    await prune(connection.id, Date.now() - settings.retentionDays * DAY_MS);
    await pruneHistory(connection.id, Date.now());
    await pruneSkills(connection.id, settings);
  }
}

/**
 * The connection is about to lead to another tenant: nothing of the one before may be used, sent or shown there. Before it does, so that no
 * poll finds the new address beside the old sign-in; where policy was quicker, the mark on every token keeps it from going there.
 */
export async function leaveTenant(connection: Connection): Promise<void> {
  const { id } = connection;
  await batcher.halt(id, 'otherTenant');
  await auth.signOut(connection);
  // Where the API of the one before is, is no place for a token of the next.
  await discoveredItem(id).remove();
  await forgetDirectory(id);
  await forgetDiagnosis(id);
  await historian.forget(id);
  await navigator.locks.request(`poll:${id}`, () => forgetPolls(id));
  await forgetPulse(id);
  await browser.storage.session.remove('view.heartbeat');
}

/** The pages show another connection from now on. */
export async function switchTo(id: ConnectionId): Promise<void> {
  const before = await loadConfig();
  const next = await loadConfig(id);
  if (!next || !before || before.connection.id === id) return;
  await diagnoser.giveWay();
  await historian.cancel();
  await batcher.halt(before.connection.id, 'otherConnection');
  await connectionsItem.update((connections) => ({ ...connections, activeId: id }));
  await browser.alarms.clear(pollAlarm(id, false));
  await ensureAlarms(await loadConfigs());
  const { 'view.others': others = [] } = await readPublished('view.others');
  await publish({
    'view.heartbeat': await readPulse(id),
    'view.diagnosis': null,
    'view.history': null,
    'view.batch': null,
    'view.others': others.filter((other) => other.id !== id),
  });
  await show();
}

/** The pages show whose alert was clicked. */
export async function openNotification(notificationId: string): Promise<void> {
  const id = connectionOfNotification(notificationId);
  if (id === '') return;
  await switchTo(id);
  await openFromNotification(notificationId);
}

/** Everything of a connection goes: tokens, names, history. */
export async function removeConnection(id: ConnectionId): Promise<void> {
  const config = await loadConfig(id);
  if (!config) return;
  const rest = (await loadConfigs()).find(({ connection }) => connection.id !== id);
  if (config.active && rest) await switchTo(rest.connection.id);
  await leaveTenant(config.connection);
  await batcher.forget(id);
  await forgetAudit(id);
  await connectionsItem.update(({ activeId, list }) => ({
    activeId: activeId === id ? null : activeId,
    list: list.filter((connection) => connection.id !== id),
  }));
  await browser.alarms.clear(pollAlarm(id, false));
  await Promise.all(itemsOf(id).map((each) => each.remove()));
  const left = await loadConfigs();
  await ruleRequests(left.map(({ connection }) => connection));
  await show();
}

/** Whoever signs in next may be somebody else, with other rights: what was found holds no longer. */
export async function forgetDiagnosis(id: ConnectionId): Promise<void> {
  await diagnoser.cancel();
  await Promise.all([
    causesItem(id).remove(),
    backgroundRunsItem(id).remove(),
    publish({ 'view.diagnosis': null }),
    forgetDiagnoses(id),
  ]);
}

/** Policy arrived or changed. `removed`: the browser told of a change, so an empty policy is meant. */
export async function applyPolicy(removed: boolean): Promise<void> {
  const before = (await loadConfigs()).map(({ connection }) => connection);
  if (!(await refreshPolicy(removed))) return;
  await log('policy-changed');
  const configs = await loadConfigs();
  const [active] = configs;
  for (const { connection } of configs) {
    const was = before.find(({ id }) => id === connection.id);
    // First: what is signed out of is looked for where it may be kept from now on.
    await moveVault(connection.id);
    if (was && isOtherTenant(was, connection)) await leaveTenant(was);
    // A way of signing in that is forbidden from now on leaves neither token nor secret behind.
    await turnOut(connection, was);
    await auth.recheckScopes(connection);
  }
  // Nor does a connection that policy hides.
  for (const was of before) if (!configs.some(({ connection }) => connection.id === was.id)) await turnOut(was);
  if (active) await ruleRequests(configs.map(({ connection }) => connection));
  if (active && !active.connection.capabilities.includes('history')) await historian.cancel();
  for (const { connection, writes } of configs) {
    if (!connection.capabilities.includes('skills')) await batcher.halt(connection.id, 'capabilityOff');
    else if (!writes.enabled) await batcher.halt(connection.id, 'writesDisabled');
  }
  await show();
}

/**
 * Chrome installs an update only while the extension is idle, and one that polls every half minute hardly ever is. So the worker restarts
 * itself, between polls and renewals, and never under an open page.
 */
export async function updateWhenIdle(): Promise<void> {
  const pages = await chrome.runtime.getContexts({ contextTypes: ['POPUP', 'TAB', 'SIDE_PANEL'] });
  // A batch would go on after it; but whoever waits for one is not to wait for a settled row as well.
  if (pages.length > 0 || batcher.isBusy()) return updateReadyItem.update(() => true).then(() => undefined);
  const ids = (await loadConfigs()).map(({ connection }) => connection.id);
  const locks = ids.flatMap((id) => [`poll:${id}`, `token:${id}`]);
  await locks.reduceRight<() => Promise<unknown>>(
    (inner, name) => () => navigator.locks.request(name, inner),
    async () => browser.runtime.reload(),
  )();
}

/** The sign-in this worker is waiting for, if any. */
let underWay: Promise<void> = Promise.resolve();

/** Sign-in from start to first list. `thenDiagnose`: the diagnosis whose remedy it is, made again when it went well. */
export async function signIn(thenDiagnose?: string): Promise<void> {
  const config = await loadConfig();
  if (!config) return;
  const { connection } = config;
  const { phase } = await authStatusItem(connection.id).get();
  const run = thenDiagnose === undefined ? null : (await diagnosesOf(connection.id)).find(({ id }) => id === thenDiagnose);
  await throughSignIn(connection, phase === 'scopeLost');
  // Another one may be shown by now: it is this one that has a new token.
  await cycle('alarm', connection.id);
  if (!run || (await authStatusItem(connection.id).get()).failure !== null) return;
  const now = await loadConfig(connection.id);
  // What is found out about this one would be shown under that.
  if (now?.active)
    await diagnoser.begin(
      now,
      run.agents.flatMap(({ agentId }) => agentId || []),
      'user',
      run.id,
    );
}

/** Opens the window and waits until it has led somewhere: `AuthStatus` tells where. */
export async function throughSignIn(connection: Connection, consentAgain: boolean): Promise<void> {
  const { id } = connection;
  const before = await auth.subject(connection);
  const flow = auth.signIn(connection, consentAgain);
  underWay = Promise.all([underWay, flow]).then(() => undefined);
  await show();
  await flow;
  // Another person, other rights: a cause found before is to be found anew.
  await Promise.all([causesItem(id).remove(), backgroundRunsItem(id).remove()]);
  if ((await auth.subject(connection)) !== before) await forgetDiagnoses(id);
}

/** Chrome allows one window at a time, and one left open would refuse the next sign-in: it is closed, and gone before anybody can click again. */
export async function cancelSignIn({ connection }: Config): Promise<void> {
  const url = connectionHosts(connection).map((origin) => `${origin}/*`);
  const tabs = await browser.tabs.query({ windowType: 'popup', url });
  await auth.cancelSignIn(connection);
  await browser.tabs.remove(tabs.flatMap(({ id }) => id ?? []));
  if (tabs.length > 0) await Promise.race([underWay, new Promise((resolve) => setTimeout(resolve, WINDOW_CLOSES_MS))]);
  await show();
}
