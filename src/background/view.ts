/** What is known, made into what is shown: the popup's glance and the badge. Written only when it differs from what is there. */
import browser from 'webextension-polyfill';
import { type AgentId, type AgentProfile, type AgentState, CATEGORIES, type Category } from '../domain/agent-state.ts';
import { type AuthStatus, SIGNED_OUT } from '../domain/auth-status.ts';
import { badge } from '../domain/badge.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import { currentProblem } from '../domain/current-problem.ts';
import type { Flag } from '../domain/emptiness.ts';
import { flagFor } from '../domain/emptiness-first-line.ts';
import type { Problem } from '../domain/problem.ts';
import { limitMinutes } from '../domain/rules.ts';
import { EMPTY_SNAPSHOT, placesOf, type Snapshot, stateAt } from '../domain/snapshot.ts';
import { formatClock } from '../domain/time.ts';
import { type AlertLine, type Glance, type GlanceRow, publish, readPublished } from '../messages/published.ts';
import { t, tCode } from '../messages/words.ts';
import { alertsSeenItem, authStatusItem, type Snoozes, snoozesItem, storageFailedItem } from '../storage/items.ts';
import { type AlertRecord, type Known, loadKnown, NEW_POLL_STATE, recentAlerts, transitionsOf } from '../storage/poll-store.ts';
import { type Config, hostsMissing } from './config.ts';
import { namesOf } from './directory.ts';

/** How long the alert log is. */
export const ALERT_LINES = 50;
const TITLE_LIMIT = 400;

const clock = (ms: number) => formatClock(ms, browser.i18n.getUILanguage());

/** States of the watched agents the snapshot knows. */
export function watchedStates(snapshot: Snapshot, watched: readonly AgentId[]): AgentState[] {
  if (watched.length === 0) return [];
  return [...placesOf(snapshot, watched).values()].flatMap((place) => stateAt(snapshot, place) ?? []);
}

/** What decides about the view besides the list and the sign-in. None of it hangs on CXone's answer: a poll reads it while CXone is thinking. */
export interface Surroundings {
  names: Map<AgentId, AgentProfile>;
  snoozes: Snoozes;
  missingHosts: string[];
  storageFailedSinceMs: number;
  alertsSeenMs: number;
  /** The newest first. */
  alerts: AlertRecord[];
}

export async function surroundingsOf({ connection: { id }, connection, settings }: Config): Promise<Surroundings> {
  const [names, snoozes, missingHosts, storageFailedSinceMs, alertsSeenMs, alerts] = await Promise.all([
    namesOf(id, settings.watchedAgentIds),
    snoozesItem(id).get(),
    hostsMissing(connection),
    storageFailedItem.get(),
    alertsSeenItem(id).get(),
    recentAlerts(id, ALERT_LINES).catch(() => []),
  ]);
  return { names, snoozes, missingHosts, storageFailedSinceMs, alertsSeenMs, alerts };
}

/** The one problem to show, or null. */
export function problemOf(
  { settings }: Config,
  { state, snapshot }: Known,
  auth: AuthStatus,
  around: Surroundings,
): Problem | null {
  const lost = settings.watchedAgentIds.filter((agentId) => Object.hasOwn(state.missing, agentId));
  const loggedOut = new Set(
    watchedStates(snapshot, settings.watchedAgentIds).flatMap(({ agentId, category }) =>
      category === 'loggedOut' ? [agentId] : [],
    ),
  );
  const unexplained = lost.filter((agentId) => !loggedOut.has(agentId));
  return currentProblem({
    ...state,
    auth,
    hostsMissing: around.missingHosts,
    hadAgents: snapshot.ids.length > 0,
    missingAgents: unexplained.length,
    missingSinceMs: Math.min(...unexplained.map((agentId) => state.missing[agentId]?.sinceMs ?? 0)),
    storageFailedSinceMs: around.storageFailedSinceMs,
    nowMs: Date.now(),
    clock,
  });
}

/** Publishes glance and auth status and paints the badge. `known`, `around`: what the caller has just read. */
export async function publishView(config: Config | null, known?: Known | null, around?: Surroundings | null): Promise<void> {
  const pulse = (await readPublished('view.heartbeat'))['view.heartbeat'];
  const auth = config ? await authStatusItem(config.connection.id).get() : SIGNED_OUT;
  const glance = config
    ? await glanceOf(
        config,
        known ?? (await loadedOrSaid(config.connection.id)),
        auth,
        around ?? (await surroundingsOf(config)),
        pulse?.okMs ?? 0,
      )
    : EMPTY_GLANCE;
  await publish({ 'view.auth': auth, 'view.glance': glance });
  await paintBadge(glance);
  performance.mark('poll:badge');
}

/** A database that cannot be read must not leave the screen blank: it is a problem to be shown like any other. */
async function loadedOrSaid(id: string): Promise<Known> {
  try {
    return await loadKnown(id);
  } catch {
    await storageFailedItem.update((since) => since || Date.now());
    return { state: NEW_POLL_STATE, snapshot: EMPTY_SNAPSHOT };
  }
}

const zeroCounts = () => Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<Category, number>;

const EMPTY_GLANCE: Glance = {
  connection: null,
  problem: { code: 'notConfigured', severity: 'warning', params: [], fix: 'openOptions', sinceMs: 0 },
  rows: [],
  counts: zeroCounts(),
  total: 0,
  alerts: [],
  snoozedUntilMs: 0,
  stale: false,
  asOfMs: 0,
};

async function glanceOf(config: Config, known: Known, auth: AuthStatus, around: Surroundings, okMs: number): Promise<Glance> {
  const { connection, settings } = config;
  const { state, snapshot } = known;
  const { id } = connection;
  const { names, snoozes, alerts: records, alertsSeenMs } = around;
  const problem = problemOf(config, known, auth, around);
  const nameOf = (agentId: AgentId) => names.get(agentId)?.name || agentId;
  const flags = await flagsOf(config, known, auth);
  const states = new Map(watchedStates(snapshot, settings.watchedAgentIds).map((agent) => [agent.agentId, agent]));
  const rows = settings.watchedAgentIds.map((agentId): GlanceRow => {
    const agent = states.get(agentId) ?? {
      category: 'unknown' as const,
      stateName: '',
      reason: '',
      skill: '',
      sinceMs: 0,
      sinceKnown: false,
    };
    return {
      agentId,
      name: nameOf(agentId),
      team: names.get(agentId)?.team ?? '',
      category: agent.category,
      stateName: agent.stateName,
      reason: agent.reason,
      skill: agent.skill,
      // Shown on our clock.
      sinceMs: agent.sinceMs === 0 ? 0 : agent.sinceMs + state.skewMs,
      sinceKnown: agent.sinceKnown,
      limitMinutes: limitMinutes(settings.rules, agent),
      flag: flags.get(agentId) ?? null,
      snoozedUntilMs: Object.hasOwn(snoozes.agents, agentId) ? (snoozes.agents[agentId] ?? 0) : 0,
    };
  });
  const alerts = records.map((record): AlertLine => {
    const { agentId, atMs, kind, state: to, minutes, problem: cause, silent } = record;
    const line = {
      atMs: atMs + state.skewMs,
      kind,
      agentId,
      name: agentId === null ? '' : nameOf(agentId),
      state: to,
      minutes,
      problem: cause,
      silent,
    };
    return { id: `${record.id}|${atMs}`, ...line, seen: atMs + state.skewMs <= alertsSeenMs };
  });
  const live =
    okMs > 0 &&
    auth.phase === 'signedIn' &&
    (state.outcome === 'ok' || state.outcome === 'unchanged' || state.outcome === 'partial');
  return {
    connection: { id, name: connection.name, hosts: connectionHosts(connection) },
    problem,
    rows,
    ...countsOf(known),
    alerts,
    snoozedUntilMs: snoozes.allUntilMs,
    stale: !live && state.outcome !== null,
    asOfMs: live ? 0 : okMs || state.lastListMs,
  };
}

/** Everyone of the tenant; those CXone no longer answers for count as not known. */
function countsOf({ snapshot, state }: Known): { counts: Record<Category, number>; total: number } {
  const perKind = new Uint32Array(snapshot.dictionary.length);
  for (const code of snapshot.kinds) perKind[code] = (perKind[code] ?? 0) + 1;
  const counts = zeroCounts();
  snapshot.dictionary.forEach(({ category }, code) => {
    counts[category] += perKind[code] ?? 0;
  });
  for (const { category } of watchedStates(snapshot, Object.keys(state.missing))) {
    if (category === 'loggedOut') continue;
    counts[category]--;
    counts.unknown++;
  }
  return { counts, total: snapshot.ids.length };
}

async function flagsOf(
  { connection, settings }: Config,
  { state, snapshot }: Known,
  auth: AuthStatus,
): Promise<Map<AgentId, Flag>> {
  const lost = settings.watchedAgentIds.filter((agentId) => Object.hasOwn(state.missing, agentId));
  const states = new Map(watchedStates(snapshot, settings.watchedAgentIds).map((agent) => [agent.agentId, agent]));
  const flags = lost.map(async (agentId): Promise<[AgentId, Flag]> => {
    const missing = state.missing[agentId] ?? { sinceMs: 0, seenMs: 0, polls: 0 };
    const [last] = await transitionsOf(connection.id, agentId, 1).catch(() => []);
    const lastSeen = states.get(agentId) ?? null;
    return [
      agentId,
      flagFor({
        agentId,
        missing,
        lastSeen,
        lastSeenMs: missing.seenMs || missing.sinceMs,
        nowMs: Date.now(),
        auth,
        lastTransition: last ?? null,
        clock,
      }),
    ];
  });
  return new Map(await Promise.all(flags));
}

async function paintBadge(glance: Glance): Promise<void> {
  const counts = zeroCounts();
  for (const { category, flag } of glance.rows) if (!flag || flag.kind === 'loggedOut') counts[category]++;
  const { text, color, title } = badge({
    configured: glance.connection !== null,
    problem: glance.problem,
    unseenAlerts: glance.alerts.filter(({ seen, silent }) => !seen && !silent).length,
    counts,
    watchedCount: glance.rows.length,
    snoozed: glance.snoozedUntilMs > Date.now(),
    connectionName: glance.connection?.name ?? '',
    stale: glance.stale,
  });
  const words = title.map(({ key, params }) => tCode(key, params)).filter((line) => line !== '');
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title: [t('extensionName'), ...words].join('\n').slice(0, TITLE_LIMIT) }),
  ]);
}
