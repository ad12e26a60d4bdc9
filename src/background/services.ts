/** The worker's duties put together: what happens on a wake, a message, a change of policy. */
import browser from 'webextension-polyfill';
import { type Auth, createAuth } from '../auth/auth.ts';
import { type Grant, type SecretStore, sessionStore } from '../auth/vault.ts';
import { createExchange } from '../cxone/http.ts';
import type { CxonePort } from '../cxone/port.ts';
import { v2Profile } from '../cxone/profiles/v2.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import type { Exchange } from '../domain/http.ts';
import { authStatusItem, metadataItem, settingsItem, transactionItem, updateReadyItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { policy, refreshPolicy } from '../storage/policy.ts';
import { forgetPolls, prune } from '../storage/poll-store.ts';
import { sealed } from '../storage/sealed.ts';
import { ALARMS } from './alarms.ts';
import { chaosStep } from './chaos-step.ts';
import { type Config, isOtherTenant, loadConfig } from './config.ts';
import { forgetDirectory, refreshDirectory } from './directory.ts';
import { deliverAlerts } from './notify.ts';
import { removeOriginHeader } from './origin-rule.ts';
import { createPoller, type PollReason } from './poll.ts';
import { publishView } from './view.ts';

const DAY_MS = 24 * 3_600_000;
const WINDOW_CLOSES_MS = 3_000;

export const exchangeFor = (connection: Connection): Exchange => createExchange(() => connectionHosts(connection));
export const portFor = (connection: Connection): CxonePort => v2Profile(connection, exchangeFor(connection));

const onDisk = (id: ConnectionId): SecretStore<Grant> => sealed<Grant>(`${id}/grant`);
const inMemory = (id: ConnectionId): SecretStore<Grant> => sessionStore<Grant>(`${id}/grant`);

async function persists(id: ConnectionId): Promise<boolean> {
  return (await policy()).persistSession ?? (await settingsItem(id).get()).persistSession;
}

/** On disk, encrypted; or in memory only, where policy or the user wants every browser start to begin with a sign-in. */
async function vaultFor(id: ConnectionId): Promise<SecretStore<Grant>> {
  return (await persists(id)) ? onDisk(id) : inMemory(id);
}

/** After the choice changed: the grant moves, and nothing of it stays where it may not be. */
export async function moveVault(id: ConnectionId): Promise<void> {
  const [from, to] = (await persists(id)) ? [inMemory(id), onDisk(id)] : [onDisk(id), inMemory(id)];
  const kept = await from.read();
  if (kept === 'absent') return;
  if (kept !== 'unreadable' && (await to.read()) === 'absent') await to.write(kept.value, kept.generation, null);
  await from.erase();
}

export const auth: Auth = createAuth({
  exchange: exchangeFor,
  origins: connectionHosts,
  metadata: metadataItem,
  status: authStatusItem,
  transaction: transactionItem,
  vault: vaultFor,
  log,
  step: chaosStep,
});

const poller = createPoller(auth, portFor);

/** One poll with all that follows: shown, told of, names filled in. @returns whether CXone was asked */
export async function cycle(reason: PollReason): Promise<boolean> {
  const config = await loadConfig();
  if (!config) {
    await publishView(null);
    return false;
  }
  const shownBefore = shows;
  const { asked, known, around } = await poller.poll(config, reason);
  const now = await loadConfig();
  // Erased, or another connection, meanwhile: nothing of this one is shown or told any more.
  if (now?.connection.id !== config.connection.id) return asked;
  // Whoever changed something meanwhile has shown it already; what the poll read before is not to undo that.
  await publishView(now, known, shows === shownBefore ? around : null);
  await chaosStep('poll:published');
  await deliverAlerts(now);
  if (known && known.snapshot.ids.length > 0) await fillInNames(now);
  return asked;
}

async function fillInNames(config: Config): Promise<void> {
  const { connection, settings } = config;
  const token = await auth.accessToken(connection);
  if (token.ok && (await refreshDirectory(connection.id, portFor(connection), token.access.token, settings.watchedAgentIds)))
    await show();
}

let shows = 0;

/** Paints what is stored, without asking anybody. */
export async function show(): Promise<void> {
  shows++;
  await publishView(await loadConfig());
}

/**
 * At every start of the worker: what a start of the browser, an update or a kill may have taken away is put back
 * (badge, alarms, session rule), and what was cut off is finished.
 */
export async function start(): Promise<void> {
  const config = await loadConfig();
  await ensureAlarms();
  if (config) await auth.nameInterrupted(config.connection);
  await publishView(config);
  if (!config) return;
  await removeOriginHeader(config.connection);
  await deliverAlerts(config);
  // Not awaited: a renewal that was cut off asks the provider again, and nobody is to wait for that.
  void auth
    .resume(config.connection)
    .then(show)
    .catch(() => log('resume-failed'));
}

/** Created only if absent: setting an alarm again at each start would push it ahead for ever (anchors.md, fact 6). */
async function ensureAlarms(): Promise<void> {
  if (!(await browser.alarms.get(ALARMS.poll)))
    await browser.alarms.create(ALARMS.poll, { delayInMinutes: 0.5, periodInMinutes: 0.5 });
  if (!(await browser.alarms.get(ALARMS.daily)))
    await browser.alarms.create(ALARMS.daily, { delayInMinutes: 5, periodInMinutes: 24 * 60 });
}

/** Lets go of what is older than the retention allows, and of a policy that is gone for good. */
export async function daily(): Promise<void> {
  await applyPolicy(false);
  const config = await loadConfig();
  if (config) await prune(config.connection.id, Date.now() - config.settings.retentionDays * DAY_MS);
}

/** The connection leads to another tenant from now on: nothing of the one before may be used, sent or shown there. */
export async function leaveTenant(connection: Connection): Promise<void> {
  const { id } = connection;
  await auth.signOut(connection);
  await forgetDirectory(id);
  await navigator.locks.request(`poll:${id}`, () => forgetPolls(id));
  await browser.storage.session.remove('view.heartbeat');
}

/** Policy arrived or changed. `removed`: the browser told of a change, so an empty policy is meant. */
export async function applyPolicy(removed: boolean): Promise<void> {
  const before = await loadConfig();
  if (!(await refreshPolicy(removed))) return;
  await log('policy-changed');
  const config = await loadConfig();
  if (config) {
    if (before && isOtherTenant(before.connection, config.connection)) await leaveTenant(before.connection);
    await moveVault(config.connection.id);
    await auth.recheckScopes(config.connection);
    await removeOriginHeader(config.connection);
  }
  await show();
}

/**
 * Chrome installs an update only while the extension is idle, and one that polls every half minute hardly ever is. So the worker restarts
 * itself, between polls and renewals, and never under an open page.
 */
export async function updateWhenIdle(): Promise<void> {
  const pages = await chrome.runtime.getContexts({ contextTypes: ['POPUP', 'TAB', 'SIDE_PANEL'] });
  if (pages.length > 0) return updateReadyItem.update(() => true).then(() => undefined);
  const id = (await loadConfig())?.connection.id ?? '';
  await navigator.locks.request(`poll:${id}`, () => navigator.locks.request(`token:${id}`, () => browser.runtime.reload()));
}

/** The sign-in this worker is waiting for, if any. */
let underWay: Promise<void> = Promise.resolve();

/** Sign-in from start to first list. */
export async function signIn(): Promise<void> {
  const config = await loadConfig();
  if (!config) return;
  const { connection } = config;
  const { phase } = await authStatusItem(connection.id).get();
  const flow = auth.signIn(connection, phase === 'scopeLost');
  underWay = Promise.all([underWay, flow]).then(() => undefined);
  await show();
  await flow;
  await cycle('alarm');
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
