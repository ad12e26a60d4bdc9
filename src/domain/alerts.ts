/** Which alerts come of one poll. Alerting too often is the commonest complaint about tools like this (anchors.md section 4). */
import type { AgentId, AgentState, StateKind } from './agent-state.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { isUnexpectedLogout, matches } from './rules.ts';
import type { Rule, RuleKind } from './settings.ts';
import type { Transition } from './transition.ts';

const MINUTE = 60_000;
const COOLDOWN_MS = 5 * MINUTE;
const FORGET_MS = 24 * 60 * MINUTE;
const PROBLEM_LASTS_MS = MINUTE;
const PROBLEM_AGAIN_MS = 15 * MINUTE;
const MAX_SINGLES = 3;

/** The most telling first: the order on screen, and which rule speaks when one change hits several. */
const ORDER: readonly RuleKind[] = ['dataProblem', 'unexpectedLogout', 'longerThan', 'enters', 'leaves', 'anyChange'];

/** These the user knows of or has brought about. */
const OWN_DOING: readonly ProblemCode[] = ['notConfigured', 'signedOut', 'signingIn'];

/** What has been said already; stored between polls, plain JSON. */
export interface AlertMemory {
  /** By `agentId|ruleId`: when it last fired, and for which stay (the start of the state). */
  fired: Record<string, { atMs: number; stayMs: number }>;
  /** The data problem last told of; kept for a while after it went, so that one that comes and goes is told of once. */
  problem: { code: ProblemCode; sinceMs: number; notifiedMs: number } | null;
}
export const NO_MEMORY: AlertMemory = { fired: {}, problem: null };

export interface Alert {
  /** Stable: a newer alert of the same agent and rule takes the older one's place. */
  id: string;
  kind: RuleKind;
  ruleId: string;
  /** Null for a data problem. */
  agentId: AgentId | null;
  /** A change: when it happened (server time). Else: now. */
  atMs: number;
  /** The state gone to, or the one that lasts too long; null for a data problem. */
  state: StateKind | null;
  /** The limit, for `longerThan`; else 0. */
  minutes: number;
  problem: Problem | null;
  /** Recorded but not shown by itself: quiet hours, snooze, or beyond three in one poll (then it is in the summary). */
  silent: boolean;
}

export interface AlertInput {
  /** New in this poll. Those across a gap, and of agents not watched, never alert. */
  transitions: readonly Transition[];
  /** States CXone answered with in this poll, of watched agents; empty when the poll failed, as an old state is no reason for an alert. */
  watched: readonly AgentState[];
  /** Everyone watched, answered for or not. */
  watchedIds: readonly AgentId[];
  rules: readonly Rule[];
  snoozedUntilMs: number;
  snoozedAgents: Readonly<Record<AgentId, number>>;
  memory: AlertMemory;
  problem: Problem | null;
  /** On the clock of `sinceMs`, as near as it is known. */
  nowMs: number;
  quietNow: boolean;
}

export interface AlertPlan {
  /** All to be recorded, the most telling first. */
  alerts: Alert[];
  /** The very object passed in when nothing changed, so that nothing need be written. */
  memory: AlertMemory;
  show: { singles: Alert[]; summary: { count: number; alerts: Alert[] } | null };
}

/** A time in the future (the clock was set back) is not recent. */
const isRecent = (atMs: number, nowMs: number, spanMs: number) => nowMs >= atMs && nowMs - atMs < spanMs;

/** A rule that names no state is about every one: then each change enters one and leaves one. */
function hits(rule: Rule, { from, to }: Transition): boolean {
  const every = rule.categories.length === 0 && rule.reasons.length === 0;
  switch (rule.kind) {
    case 'unexpectedLogout':
      return isUnexpectedLogout(from, to);
    case 'enters':
      return every || (matches(rule, to) && !(from && matches(rule, from)));
    case 'leaves':
      return from !== null && (every || (matches(rule, from) && !matches(rule, to)));
    case 'anyChange':
      return true;
    default:
      return false;
  }
}

/**
 * The alerts of one poll, what to show of them, and what to remember. The same poll again (a worker killed before its writes were done) gives nothing new.
 *
 * A change gives one alert, of the most telling rule it hits, at most one in 5 minutes per agent and rule. `longerThan` fires once per stay; where several
 * limits are newly passed, the longest speaks. A data problem that is an error and not the user's own doing is told of after a minute, and again
 * for another code or after 15 minutes; a repeat that nobody would see is not even recorded.
 */
export function planAlerts(input: AlertInput): AlertPlan {
  const { nowMs, memory } = input;
  const rules = input.rules.filter(({ enabled }) => enabled).sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const watchedIds = new Set(input.watchedIds);
  const quiet = input.quietNow || nowMs < input.snoozedUntilMs;
  const { fired, pruned } = prune(input, watchedIds);
  let changed = pruned;
  const alerts: Alert[] = [];

  const add = (rule: Rule, agentId: AgentId | null, atMs: number, what: Partial<Alert>) =>
    alerts.push({
      id: `${agentId ?? ''}|${rule.id}`,
      kind: rule.kind,
      ruleId: rule.id,
      agentId,
      atMs,
      state: null,
      minutes: 0,
      problem: null,
      silent: quiet || (agentId !== null && nowMs < (input.snoozedAgents[agentId] ?? 0)),
      ...what,
    });

  for (const transition of input.transitions) {
    const { agentId, to, atMs } = transition;
    if (transition.gap || !watchedIds.has(agentId)) continue;
    const rule = rules.find((candidate) => hits(candidate, transition));
    if (!rule) continue;
    const key = `${agentId}|${rule.id}`;
    const last = fired[key];
    if (last && atMs <= last.stayMs) continue;
    const cooling = last && isRecent(last.atMs, nowMs, COOLDOWN_MS);
    // A change kept back is done with, too: it must not come up later when the same poll is run again.
    fired[key] = { atMs: cooling ? last.atMs : nowMs, stayMs: atMs };
    changed = true;
    if (!cooling) add(rule, agentId, atMs, { state: kindOf(to) });
  }

  const limits = rules.filter(({ kind }) => kind === 'longerThan');
  for (const state of input.watched) {
    const { agentId, sinceMs } = state;
    let longest: Rule | null = null;
    for (const rule of limits) {
      if (nowMs - sinceMs < rule.minutes * MINUTE || !watchedIds.has(agentId) || !matches(rule, state)) continue;
      const key = `${agentId}|${rule.id}`;
      if (fired[key]?.stayMs === sinceMs) continue;
      fired[key] = { atMs: nowMs, stayMs: sinceMs };
      changed = true;
      if (!longest || rule.minutes > longest.minutes) longest = rule;
    }
    if (longest) add(longest, agentId, nowMs, { state: kindOf(state), minutes: longest.minutes });
  }

  const { problem } = input;
  const rule = rules.find(({ kind }) => kind === 'dataProblem');
  let told = memory.problem;
  if (told && told.code !== problem?.code && !isRecent(told.notifiedMs, nowMs, PROBLEM_AGAIN_MS)) told = null;
  if (rule && problem?.severity === 'error' && !OWN_DOING.includes(problem.code) && nowMs - problem.sinceMs >= PROBLEM_LASTS_MS) {
    const again = told?.code === problem.code;
    const recent = again && told && isRecent(told.notifiedMs, nowMs, PROBLEM_AGAIN_MS);
    if (!recent && !(quiet && again && told?.sinceMs === problem.sinceMs)) {
      told = { code: problem.code, sinceMs: problem.sinceMs, notifiedMs: nowMs };
      add(rule, null, nowMs, { problem });
    }
  }

  alerts.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.atMs - a.atMs || (a.id < b.id ? -1 : 1));
  const loud = alerts.filter(({ silent }) => !silent);
  const rest = loud.slice(MAX_SINGLES);
  for (const alert of rest) alert.silent = true;
  return {
    alerts,
    memory: changed || told !== memory.problem ? { fired, problem: told } : memory,
    show: { singles: loud.slice(0, MAX_SINGLES), summary: rest.length > 0 ? { count: rest.length, alerts: rest } : null },
  };
}

const kindOf = ({ category, stateName, reason, skill }: StateKind): StateKind => ({ category, stateName, reason, skill });

/**
 * A copy of what fired, of agents still watched and rules still there, forgotten after a day. A stay that still lasts, or may
 * (CXone did not answer for the agent), is kept for longer: else `longerThan` would fire for it every day.
 */
function prune({ memory, rules, watched, nowMs }: AlertInput, watchedIds: ReadonlySet<AgentId>) {
  const sinceOf = new Map(watched.map(({ agentId, sinceMs }) => [agentId, sinceMs]));
  const entries = Object.entries(memory.fired);
  const kept = entries.filter(([key, { atMs, stayMs }]) =>
    rules.some(({ id }) => {
      const agentId = key.endsWith(`|${id}`) ? key.slice(0, -id.length - 1) : null;
      if (agentId === null || !watchedIds.has(agentId)) return false;
      return isRecent(atMs, nowMs, FORGET_MS) || (sinceOf.get(agentId) ?? stayMs) === stayMs;
    }),
  );
  return { fired: Object.fromEntries(kept), pruned: kept.length < entries.length };
}
