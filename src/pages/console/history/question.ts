/** What the History room is asked: whose history, and of which time. Decided from the address, the clock, and the load there is. */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentHistory, HistoryLoad, HistoryProblem } from '../../../domain/history/history.ts';
import { presetRange, RANGE_PRESETS, type RangePreset, type TimeRange } from '../../../domain/history/ranges.ts';
import { LIMITS } from '../../../domain/settings.ts';
import type { Route } from '../../parts/where.ts';

export type RangeName = RangePreset | 'own';
export const RANGES: readonly RangeName[] = [...RANGE_PRESETS, 'own'];

export interface Question extends TimeRange {
  agentIds: AgentId[];
  range: RangeName;
}

/** Long ranges are a request for each thousand records of each agent; 31 days are more than any tenant is asked about at a glance. */
export const LONGEST_MS = 31 * 86_400_000;
/** A load's time and ours were read a moment apart. */
const SAME_MS = 10_000;
/** What was loaded this lately is not asked for again on coming back to it. */
const FRESH_MS = 120_000;

/** The agents an address names, each once, at most as many as can be compared. */
export function agentsOf({ agent, agents = [] }: Pick<Route, 'agent' | 'agents'>): AgentId[] {
  return [...new Set([...(agent === null ? [] : [agent]), ...agents])].slice(0, LIMITS.historyAgents);
}

/** A range of one's own that makes no sense is the last 24 hours. */
export function rangeOf({ range, fromMs, toMs }: Pick<Route, 'range' | 'fromMs' | 'toMs'>): RangeName {
  if (range === 'own') return fromMs !== undefined && toMs !== undefined && ownRangeFault(fromMs, toMs) === null ? 'own' : '24h';
  return RANGES.find((known) => known === range) ?? '24h';
}

/** Why a range of one's own cannot be asked for; null when it can. */
export function ownRangeFault(fromMs: number, toMs: number): 'order' | 'long' | null {
  if (!(fromMs < toMs)) return 'order';
  return toMs - fromMs > LONGEST_MS ? 'long' : null;
}

/** What has not been yet has no history. An address may say so all the same: what it asks for will have been one day. */
export const isToCome = ({ fromMs }: Pick<TimeRange, 'fromMs'>, nowMs: number): boolean => fromMs >= nowMs;

/** Tenants keep histories for 30 to 90 days (seed 001). */
const RETENTION_MS = 30 * 86_400_000;
/** It may begin before the tenant's histories do. */
export const isOld = ({ fromMs }: Pick<TimeRange, 'fromMs'>, nowMs: number): boolean => fromMs < nowMs - RETENTION_MS;

/** The address as a question at `nowMs`; null when it names nobody. To the second, as tenants are asked. */
export function questionAt(route: Route, nowMs: number, zone: string): Question | null {
  const agentIds = agentsOf(route);
  if (agentIds.length === 0) return null;
  const range = rangeOf(route);
  const at = Math.floor(nowMs / 1000) * 1000;
  const { fromMs, toMs } = range === 'own' ? { fromMs: route.fromMs ?? 0, toMs: route.toMs ?? 0 } : presetRange(range, at, zone);
  return { agentIds, range, fromMs, toMs };
}

const near = (a: number, b: number) => Math.abs(a - b) <= SAME_MS;

export function sameAgents(a: readonly AgentId[], b: readonly AgentId[]): boolean {
  const ids = new Set(a);
  return ids.size === new Set(b).size && b.every((id) => ids.has(id));
}

/** The load is the answer to exactly this question. */
export function answers(load: Pick<HistoryLoad, 'agentIds' | 'fromMs' | 'toMs'>, question: Question): boolean {
  return sameAgents(load.agentIds, question.agentIds) && load.fromMs === question.fromMs && load.toMs === question.toMs;
}

/**
 * "The last 24 hours" is another question each second. Where the same was asked a moment ago, or is being loaded, it is that question which
 * goes on: a page opened again in the middle of a load joins it.
 */
export function questionNow(
  route: Route,
  load: Pick<HistoryLoad, 'agentIds' | 'fromMs' | 'toMs' | 'status' | 'startedMs' | 'updatedMs'> | null,
  nowMs: number,
  zone: string,
): Question | null {
  const fresh = questionAt(route, nowMs, zone);
  if (!fresh || !load || !sameAgents(fresh.agentIds, load.agentIds)) return fresh;
  const goesOn = load.status === 'running' || load.status === 'waiting' || load.status === 'interrupted';
  if (!goesOn && nowMs - load.updatedMs > FRESH_MS) return fresh;
  const then = questionAt(route, load.startedMs, zone);
  if (!then || !near(then.fromMs, load.fromMs) || !near(then.toMs, load.toMs)) return fresh;
  return { ...fresh, fromMs: load.fromMs, toMs: load.toMs };
}

/** What a tenant has said for good: asked for again by a click only. */
const REFUSED: readonly HistoryProblem[] = ['scopeMissing', 'forbidden', 'unsupported', 'badAgent', 'badRange', 'tooMuch'];

/** Something of the question is not kept yet, and the tenant may be asked for it. */
export function wantsLoad(histories: readonly AgentHistory[], { fromMs, toMs }: TimeRange, nowMs: number): boolean {
  const untilMs = Math.min(toMs, nowMs) - SAME_MS;
  return histories.some(({ loadedMs, problem }) => {
    if (problem !== null && REFUSED.includes(problem)) return false;
    return loadedMs === null || loadedMs.fromMs > fromMs + SAME_MS || loadedMs.toMs < untilMs;
  });
}
