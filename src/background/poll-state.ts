/** What one answer makes of what was known: the bookkeeping of a poll as functions from data to data. */
import type { Failure } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { PollOutcome } from '../domain/problem.ts';
import { rateLimitBackoffMs } from '../domain/retry-after.ts';
import { type Comparison, placesOf, without } from '../domain/snapshot.ts';
import type { Known, Missing, PollState } from '../storage/poll-store.ts';

/** A watched agent the list does not mention is asked for singly: three times in a row, then once a minute, 20 a poll (DESIGN section 6). */
const SINGLES = 20;
const SINGLES_EAGER = 3;
const SINGLES_AGAIN_MS = 60_000;
/** Past this share of unreadable rows it is not the rows that are wrong (security-reliability.md 6.1). */
const BAD_SHARE = 0.2;
const FORGET_MISSING_MS = 24 * 3_600_000;
/** The `Date` header counts whole seconds. */
const SKEW_MS = 2_000;
const MAX_FAILURES = 20;
/** Polls in a row after which an agent that comes back was not watched in between. */
const MISSED_POLLS = 2;

interface After {
  known: Known;
  outcome: PollOutcome;
}

export interface AnswerTimes {
  nowMs: number;
  /** When a usable list was last received; 0 = not since the browser started. */
  lastOkMs: number;
  /** Server time of the answer. */
  atMs: number;
  /** Agents asked for singly in this poll. */
  askedFor: readonly AgentId[];
  /** A question about one agent was answered with "not so fast". */
  notBeforeMs?: number;
}

export function isUnreadable({ badRows }: Pick<Comparison, 'badRows'>, allRows: number): boolean {
  return badRows > allRows * BAD_SHARE;
}

/** Agents whose state, when they come back, was found and not seen. */
export function wasMissing({ missing }: PollState): Set<AgentId> {
  return new Set(Object.entries(missing).flatMap(([agentId, { polls }]) => (polls >= MISSED_POLLS ? [agentId] : [])));
}

/** Whom the answer does not mention: those known before, and those watched that nobody ever mentioned. */
export function absentNow({ absent, next }: Comparison, watched: readonly AgentId[]): Set<AgentId> {
  const places = placesOf(next, watched);
  return new Set([...absent, ...watched.filter((agentId) => !places.has(agentId))]);
}

/** Watched agents to ask for singly now, those not asked for the longest first. */
export function singlesToAsk(
  { missing }: PollState,
  watched: readonly AgentId[],
  absent: ReadonlySet<AgentId>,
  nowMs: number,
): AgentId[] {
  const askedMs = (agentId: AgentId) => missing[agentId]?.askedMs ?? 0;
  return watched
    .filter(
      (agentId) =>
        absent.has(agentId) && ((missing[agentId]?.polls ?? 0) < SINGLES_EAGER || nowMs - askedMs(agentId) >= SINGLES_AGAIN_MS),
    )
    .sort((a, b) => askedMs(a) - askedMs(b))
    .slice(0, SINGLES);
}

/** No usable answer: the list stays as it is, marked with what went wrong. */
export function afterFailure(before: Known, failure: Failure, lastOkMs: number, rows = { badRows: 0, allRows: 0 }): After {
  const nowMs = Date.now();
  if (failure.outcome === 'unchanged')
    return {
      known: {
        ...before,
        state: {
          ...standing(before.state, before.state.outcome === 'partial' ? 'partial' : 'ok', nowMs),
          failures: 0,
          notBeforeMs: 0,
        },
      },
      outcome: 'unchanged',
    };
  const failures = Math.min(before.state.failures + 1, MAX_FAILURES);
  const unsaid = failure.outcome === 'rateLimited' && failure.notBeforeMs === 0;
  const notBeforeMs = unsaid ? nowMs + rateLimitBackoffMs(failures, Math.random()) : failure.notBeforeMs;
  const { outcome, status, detail, origin } = failure;
  const state = {
    ...standing(before.state, outcome, nowMs),
    ...keptList(before.state, lastOkMs),
    ...rows,
    status,
    detail,
    origin,
    failures,
    notBeforeMs,
  };
  return { known: { ...before, state }, outcome };
}

/** `[]`: the list stays, and the question why begins (DESIGN section 7). */
export function afterEmpty(before: Known, watched: readonly AgentId[], { nowMs, lastOkMs, askedFor }: AnswerTimes): After {
  const { state } = before;
  const next = {
    ...standing(state, 'empty', nowMs),
    ...keptList(state, lastOkMs),
    ...CLEAN,
    emptyPolls: Math.min(state.emptyPolls + 1, SINGLES_EAGER),
    emptySinceMs: state.emptyPolls > 0 ? state.emptySinceMs : nowMs,
    missing: missingNow(state.missing, watched, askedFor, nowMs, lastOkMs || state.lastListMs),
  };
  return { known: { ...before, state: next }, outcome: 'empty' };
}

export function afterList(
  before: Known,
  comparison: Comparison,
  times: AnswerTimes & { watched: readonly AgentId[]; absent: ReadonlySet<AgentId>; allRows: number },
): After {
  const { nowMs, lastOkMs, atMs, askedFor, watched, absent, allRows, notBeforeMs = 0 } = times;
  const { badRows, badFields, changed, next } = comparison;
  const missing = missingNow(before.state.missing, absent, askedFor, nowMs, lastOkMs || before.state.lastListMs);
  const keep = new Set(watched);
  const gone = new Set(
    [...absent].filter((agentId) => !keep.has(agentId) && nowMs - (missing[agentId]?.sinceMs ?? nowMs) > FORGET_MISSING_MS),
  );
  for (const agentId of gone) delete missing[agentId];
  const skew = nowMs - atMs;
  const sameSkew = Math.abs(skew - before.state.skewMs) <= SKEW_MS;
  const partial = badRows > 0;
  const state = {
    ...standing(before.state, partial ? 'partial' : 'ok', nowMs),
    ...CLEAN,
    ...(partial ? { badRows, allRows, detail: badFields.join(',') } : {}),
    notBeforeMs,
    emptyPolls: 0,
    emptySinceMs: 0,
    // Written where the list is written anyway; else the next failure takes it from the heartbeat.
    lastListMs: changed ? nowMs : before.state.lastListMs,
    missing,
    skewMs: sameSkew ? before.state.skewMs : Math.abs(skew) <= SKEW_MS ? 0 : skew,
  };
  const snapshot = gone.size > 0 ? without(next, gone) : next;
  return { known: { state, snapshot }, outcome: partial ? 'partial' : changed ? 'ok' : 'unchanged' };
}

const CLEAN = { failures: 0, notBeforeMs: 0, status: 200, detail: '', origin: '', badRows: 0, allRows: 0 };

function standing(state: PollState, outcome: PollOutcome, nowMs: number): PollState {
  return { ...state, outcome, outcomeSinceMs: state.outcome === outcome ? state.outcomeSinceMs : nowMs };
}

function keptList(state: PollState, lastOkMs: number): { lastListMs: number } {
  return { lastListMs: lastOkMs || state.lastListMs };
}

function missingNow(
  before: Record<AgentId, Missing>,
  absent: Iterable<AgentId>,
  askedFor: readonly AgentId[],
  nowMs: number,
  seenMs: number,
): Record<AgentId, Missing> {
  const asked = new Set(askedFor);
  const next: [AgentId, Missing][] = [];
  for (const agentId of absent) {
    const old = Object.hasOwn(before, agentId) ? before[agentId] : undefined;
    const record = {
      sinceMs: old?.sinceMs ?? nowMs,
      seenMs: old?.seenMs ?? seenMs,
      polls: Math.min((old?.polls ?? 0) + 1, SINGLES_EAGER),
      askedMs: asked.has(agentId) ? nowMs : (old?.askedMs ?? 0),
    };
    next.push([agentId, record]);
  }
  // By entries: an id may be the name of something every object has.
  return Object.fromEntries(next);
}
