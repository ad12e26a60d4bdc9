/**
 * Views the worker publishes for the pages, in `storage.session`: memory only, trusted contexts only, so names may stand in them.
 * Pages paint from these before they send any message. The worker is the one writer.
 */
import browser from 'webextension-polyfill';
import type { AgentId, Category, StateKind } from '../domain/agent-state.ts';
import type { AuthStatus } from '../domain/auth-status.ts';
import type { Flag } from '../domain/emptiness.ts';
import type { PollOutcome, Problem } from '../domain/problem.ts';
import type { RuleKind } from '../domain/settings.ts';

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

/** What the popup paints. Rewritten only when its content changes. */
export interface Glance {
  /** `hosts`: the origins a sign-in click asks Chrome's leave for, where it is not given yet. */
  connection: { id: string; name: string; hosts: string[] } | null;
  problem: Problem | null;
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
  startedMs: number;
  running: boolean;
  lines: TestLine[];
}

export interface Published {
  'view.glance': Glance;
  'view.heartbeat': Heartbeat;
  'view.auth': AuthStatus;
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
