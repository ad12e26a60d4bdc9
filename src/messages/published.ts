/**
 * Views the worker publishes for the pages, in `storage.session`: memory only, trusted contexts only, so names may stand in them.
 * Pages paint from these before they send any message. The worker is the one writer.
 */
import browser from 'webextension-polyfill';
import type { AgentId, Category, StateKind } from '../domain/agent-state.ts';
import type { AuthStatus } from '../domain/auth-status.ts';
import type { Profile } from '../domain/connection.ts';
import type { DiagnosisRun, KnownCause } from '../domain/diagnosis/run.ts';
import type { Flag } from '../domain/emptiness.ts';
import type { HistoryLoad } from '../domain/history/history.ts';
import type { PollOutcome, Problem } from '../domain/problem.ts';
import type { RuleKind } from '../domain/settings.ts';
import type { Batch } from '../domain/skills/batch.ts';

/** One watched agent as the popup shows it. */
export interface GlanceRow extends StateKind {
  agentId: AgentId;
  /** The id when the name is not known. */
  name: string;
  team: string;
  sinceMs: number;
  sinceKnown: boolean;
  /** From the `longerThan` rules: past this the row needs attention. 0 = no limit. */
  limitMinutes: number;
  /** Set when CXone gave no state for this agent in the last good answer. */
  flag: Flag | null;
  /** What a diagnosis of this agent, or of one that went missing with it, has found since it went missing. Only beside a flag. */
  cause: KnownCause | null;
  /** Alerts of this agent are silent until then; 0 = not snoozed. */
  snoozedUntilMs: number;
}

export interface AlertLine {
  id: string;
  atMs: number;
  kind: RuleKind;
  agentId: AgentId | null;
  name: string;
  /** The state gone to (or the one that lasts too long); null for a data problem. */
  state: StateKind | null;
  minutes: number;
  problem: Problem | null;
  /** Logged but not shown: quiet hours, snooze, or beyond the cap of one poll. */
  silent: boolean;
  seen: boolean;
}

/** What the Skills room has to know before it asks for anything. */
export interface SkillsAccess {
  /** The capability is switched on. */
  on: boolean;
  /** The organisation has decided which capabilities there are. */
  fixed: boolean;
  /** Scopes it needs, or would ask for; none where the API has no scopes. */
  scopes: string[];
  /** False: the organisation allows no writes. */
  writes: boolean;
  /** Most rows of one batch. */
  batchRows: number;
  /** Whether there is an endpoint that audit entries, or verified rows for the WFM system, are sent on to. */
  sendsAudit: boolean;
  sendsWfm: boolean;
}

/** What the popup paints. Rewritten only when its content changes. */
export interface Glance {
  /** `hosts`: the origins needed now. `ask`: the patterns a sign-in click asks Chrome's leave for, where it is not given yet. */
  connection: { id: string; name: string; hosts: string[]; ask: string[]; profile: Profile; skills: SkillsAccess } | null;
  problem: Problem | null;
  /** What a diagnosis has found about this problem; null when there is none, or none since it began. */
  cause: KnownCause | null;
  rows: GlanceRow[];
  /** All agents of the tenant by category, from the last good list. */
  counts: Record<Category, number>;
  total: number;
  /** The newest first, at most 50. */
  alerts: AlertLine[];
  snoozedUntilMs: number;
  /** The list is older than it should be: polling is paused or failing. */
  stale: boolean;
  /** When the list was last right (server answered), for `stale` lists. Live ones read the heartbeat. */
  asOfMs: number;
}

/** A connection that is not the one shown: enough to see that it needs a look. */
export interface OtherConnection {
  id: string;
  name: string;
  problem: Problem | null;
  unseenAlerts: number;
}

/** The pulse of polling: apart from the glance so that a poll that changes nothing rewrites nothing else. */
export interface Heartbeat {
  /** Last time a list was received that could be used; 0 = never. */
  okMs: number;
  /** Last time we asked. */
  askedMs: number;
  /** When the next poll is due. */
  nextMs: number;
  /** What the last poll turned out to be; null before the first. */
  outcome: PollOutcome | null;
  /** From the last good answer: what has changed since is all that is asked for next; '' = everybody. */
  watermark: string;
  /** When everybody was last asked for. */
  fullMs: number;
}

export const TEST_STEPS = ['hosts', 'discovery', 'api', 'signIn', 'scopes', 'states'] as const;
export type TestStep = (typeof TEST_STEPS)[number];
/** One line of "Test connection". `key`/`params` are a text in `_locales` starting with `test_`. */
export interface TestLine {
  step: TestStep;
  result: 'running' | 'ok' | 'failed' | 'waiting' | 'skipped';
  key: string;
  params: string[];
  tookMs: number;
}
export interface TestRun {
  /** Which connection was tested: another may be shown by now. */
  connectionId: string;
  startedMs: number;
  running: boolean;
  lines: TestLine[];
}

export interface BatchView {
  batch: Batch;
  delivery: DeliveryStatus;
  /** Of asking for figures; null: nobody does, and it did not fail. */
  figures: Figures | null;
}

/** How far asking CXone for figures has come, in users. */
export interface Figures {
  done: number;
  of: number;
  failed: boolean;
}

/** How sending on stands (seed 003: SIEM and WFM). */
export interface DeliveryStatus {
  /** Entries and batches that wait to be sent; 0 also where no endpoint is set. */
  auditWaiting: number;
  wfmWaiting: number;
  /** When something was last delivered; 0 = never. */
  deliveredMs: number;
  /** Why the last attempt failed, as a text of `_locales`; null: it did not. */
  problem: { key: string; params: string[] } | null;
  /** When it is tried again; 0 = nothing waits. */
  nextMs: number;
}

export interface Published {
  /** The diagnosis under way, or the last one since the browser started; null before the first. */
  'view.diagnosis': DiagnosisRun | null;
  'view.glance': Glance;
  'view.heartbeat': Heartbeat;
  /** The load of history under way, or the last one since the browser started; null before the first. */
  'view.history': HistoryLoad | null;
  'view.auth': AuthStatus;
  /** The batch under way, or the last one since the browser started, and how sending on stands; null before the first. */
  'view.batch': BatchView | null;
  /** Beside the one shown, in the order they were added. */
  'view.others': OtherConnection[];
  'view.test': TestRun;
}
export type PublishedKey = keyof Published;

/** Reads several views in one go; a view the worker has not published since the browser started is undefined. */
export async function readPublished<K extends PublishedKey>(...keys: K[]): Promise<{ [P in K]?: Published[P] }> {
  return parsed(await browser.storage.session.get(keys)) as { [P in K]?: Published[P] };
}

/**
 * Worker only. Writes the views that differ from what is there. As text: it crosses to the browser several times quicker than objects,
 * and Chrome gives objects back with their keys sorted, so that they could not be compared.
 */
export async function publish(views: Partial<Published>): Promise<void> {
  const texts = Object.entries(views).map(([key, view]) => [key, JSON.stringify(view)] as const);
  const shown = await browser.storage.session.get(Object.keys(views));
  const changed = texts.filter(([key, text]) => shown[key] !== text);
  if (changed.length > 0) await browser.storage.session.set(Object.fromEntries(changed));
}

/** Calls back with every view that changes, until the returned function is called. */
export function onPublished(changed: (views: Partial<Published>) => void): () => void {
  const listener = (changes: Record<string, browser.Storage.StorageChange>, area: string) => {
    if (area !== 'session') return;
    const views = Object.entries(changes).filter(([key]) => key.startsWith('view.'));
    if (views.length > 0) changed(parsed(Object.fromEntries(views.map(([key, change]) => [key, change.newValue]))));
  };
  browser.storage.onChanged.addListener(listener);
  return () => browser.storage.onChanged.removeListener(listener);
}

function parsed(texts: Record<string, unknown>): Partial<Published> {
  const views = Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? JSON.parse(text) : undefined]);
  return Object.fromEntries(views) as Partial<Published>;
}
