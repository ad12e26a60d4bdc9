/** What is known, made into what is shown: the popup's glance and the badge. Written only when it differs from what is there. */
import browser from 'webextension-polyfill';
import { type AgentId, type AgentProfile, type AgentState, CATEGORIES, type Category } from '../domain/agent-state.ts';
import { type AuthStatus, SIGNED_OUT } from '../domain/auth-status.ts';
import { badge } from '../domain/badge.ts';
import { scopesOf, withCapability } from '../domain/connection.ts';
import { connectionHosts, patternsToAsk } from '../domain/connection-hosts.ts';
import { currentProblem } from '../domain/current-problem.ts';
import type { KnownCause } from '../domain/diagnosis/run.ts';
import type { Flag } from '../domain/emptiness.ts';
import { flagFor } from '../domain/emptiness-first-line.ts';
import type { Problem } from '../domain/problem.ts';
import { limitMinutes } from '../domain/rules.ts';
import { EMPTY_SNAPSHOT, placesOf, type Snapshot, stateAt } from '../domain/snapshot.ts';
import { formatClock } from '../domain/time.ts';
import {
  type AlertLine,
  type Glance,
  type GlanceRow,
  type OtherConnection,
  publish,
  readPublished,
  type SkillsAccess,
} from '../messages/published.ts';
import { t, tCode } from '../messages/words.ts';
import { alertsSeenItem, authStatusItem, causesItem, type Snoozes, snoozesItem, storageFailedItem } from '../storage/items.ts';
import { type AlertRecord, type Known, loadKnown, NEW_POLL_STATE, recentAlerts, transitionsOf } from '../storage/poll-store.ts';
import { type Config, hostsMissing } from './config.ts';
import { namesOf } from './directory.ts';
import { readPulse } from './pulse.ts';

/** How long the alert log is. */
export const ALERT_LINES = 50;
const TITLE_LIMIT = 400;

/** A time of day for people. */
export const clock = (ms: number): string => formatClock(ms, browser.i18n.getUILanguage());

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
  /** What diagnoses have found, by agent; '' = about the whole list. */
  causes: Record<AgentId, KnownCause>;
}

export async function surroundingsOf({ connection: { id }, connection, settings }: Config): Promise<Surroundings> {
  const [names, snoozes, missingHosts, storageFailedSinceMs, alertsSeenMs, alerts, causes] = await Promise.all([
    namesOf(id, settings.watchedAgentIds),
    snoozesItem(id).get(),
    hostsMissing(connection),
    storageFailedItem.get(),
    alertsSeenItem(id).get(),
    recentAlerts(id, ALERT_LINES).catch(() => []),
    causesItem(id).get(),
  ]);
  return { names, snoozes, missingHosts, storageFailedSinceMs, alertsSeenMs, alerts, causes };
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

/** Publishes what is shown of a connection and paints the badge. `known`, `around`: what the caller has just read. */
export async function publishView(config: Config | null, known?: Known | null, around?: Surroundings | null): Promise<void> {
  if (config && !config.active) return publishOther(config, known, around);
  const auth = config ? await authStatusItem(config.connection.id).get() : SIGNED_OUT;
  const glance = config
    ? await glanceOf(
        config,
        known ?? (await loadedOrSaid(config.connection.id)),
        auth,
        around ?? (await surroundingsOf(config)),
        (await readPulse(config.connection.id)).okMs,
      )
    : EMPTY_GLANCE;
  const others = (await readPublished('view.others'))['view.others'] ?? [];
  await publish({ 'view.auth': auth, 'view.glance': glance });
  await paintBadge(glance, others);
  performance.mark('poll:badge');
}

/** Of a connection that is not shown: whether it needs a look, and the badge says whose alert it is. */
async function publishOther(config: Config, known?: Known | null, around?: Surroundings | null): Promise<void> {
  const { id, name } = config.connection;
  const auth = await authStatusItem(id).get();
  const surroundings = around ?? (await surroundingsOf(config));
  const loaded = known ?? (await loadedOrSaid(id));
  const unseenAlerts = surroundings.alerts.filter(
    ({ silent, atMs }) => !silent && atMs + loaded.state.skewMs > surroundings.alertsSeenMs,
  ).length;
  const mine: OtherConnection = { id, name, problem: problemOf(config, loaded, auth, surroundings), unseenAlerts };
  const { 'view.others': before = [], 'view.glance': glance } = await readPublished('view.others', 'view.glance');
  const others = before.some((other) => other.id === id)
    ? before.map((other) => (other.id === id ? mine : other))
    : [...before, mine];
  await publish({ 'view.others': others });
  if (glance) await paintBadge(glance, others);
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
  cause: null,
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
  const { names, snoozes, alerts: records, alertsSeenMs, causes } = around;
  const problem = problemOf(config, known, auth, around);
  const nameOf = (agentId: AgentId) => names.get(agentId)?.name || agentId;
  const flags = await flagsOf(config, known, auth);
  const states = new Map(watchedStates(snapshot, settings.watchedAgentIds).map((agent) => [agent.agentId, agent]));
  const isListed = state.outcome === 'ok' || state.outcome === 'unchanged' || state.outcome === 'partial';
  const rows = settings.watchedAgentIds.map((agentId): GlanceRow => {
    const flag = flags.get(agentId) ?? null;
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
      flag,
      // Why nobody is listed says nothing of one who alone is not.
      cause: flag && since(causes[agentId] ?? (isListed ? undefined : causes['']), flag.missingSinceMs),
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
  const live = okMs > 0 && auth.phase === 'signedIn' && isListed;
  return {
    connection: {
      id,
      name: connection.name,
      hosts: connectionHosts(connection),
      ask: patternsToAsk(connection),
      profile: connection.profile,
      skills: skillsAccess(config),
    },
    problem,
    cause: problem && causeOfProblem(problem, rows, causes),
    rows,
    ...countsOf(known),
    alerts,
    snoozedUntilMs: snoozes.allUntilMs,
    stale: !live && state.outcome !== null,
    asOfMs: live ? 0 : okMs || state.lastListMs,
  };
}

function skillsAccess({ connection, settings, locked, writes }: Config): SkillsAccess {
  const asked = withCapability(connection, 'skills', true, !locked.includes('scopes'));
  return {
    on: connection.capabilities.includes('skills'),
    fixed: locked.includes('capabilities'),
    scopes: scopesOf(asked, 'skills'),
    writes: writes.enabled,
    batchRows: writes.maxRows,
    sendsAudit: settings.auditUrl !== '',
    sendsWfm: settings.wfmUrl !== '',
  };
}

/** What a diagnosis has found since it began; what it found before is not known to hold. */
function since(cause: KnownCause | undefined, sinceMs: number): KnownCause | null {
  return cause && cause.atMs >= sinceMs ? cause : null;
}

/** Why the list is empty, or the first of the missing agents is missing; of every other problem its words say all. */
function causeOfProblem(
  { code, sinceMs }: Problem,
  rows: readonly GlanceRow[],
  causes: Record<AgentId, KnownCause>,
): KnownCause | null {
  if (code === 'emptyMayLag' || code === 'emptyUnconfirmed' || code === 'emptyConfirmed') return since(causes[''], sinceMs);
  if (code !== 'agentsMissing') return null;
  return rows.find(({ cause, flag }) => cause && flag?.kind !== 'loggedOut')?.cause ?? null;
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

async function paintBadge(glance: Glance, others: readonly OtherConnection[]): Promise<void> {
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
    others,
  });
  const words = title.map(({ key, params }) => tCode(key, params)).filter((line) => line !== '');
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title: [t('extensionName'), ...words].join('\n').slice(0, TITLE_LIMIT) }),
  ]);
}
