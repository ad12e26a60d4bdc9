/**
 * The first answer to "why is it empty?", from what is already known and without a further request (DESIGN section 7).
 * The full diagnosis asks CXone; this only must never say more than it knows.
 */
import type { AgentId, AgentState } from './agent-state.ts';
import type { AuthStatus } from './auth-status.ts';
import type { Flag, FlagKind } from './emptiness.ts';
import type { Problem } from './problem.ts';
import { scopeLoss } from './scopes.ts';
import type { Transition } from './transition.ts';

/** A state can take this long to show up (DESIGN section 7, `propagationDelay`; seed 000). */
const LAG_SECONDS = 30;
const CONFIRMING_POLLS = 2;

const mayLag = (sinceMs: number, nowMs: number) => nowMs - sinceMs < LAG_SECONDS * 1000;

/**
 * When the token lacks a required scope. `scopeLost`: it had it, and a renewal (or silent sign-in) lost it; params: the scopes lost so, time
 * of the first such renewal, its number ('' for a silent sign-in). `scopeMissing`: never given; params: the scopes, time of the sign-in or '', ''.
 */
function scopeReason(
  auth: AuthStatus,
  clock: (ms: number) => string,
): (Pick<Flag, 'params'> & { kind: 'scopeLost' | 'scopeMissing' }) | null {
  const loss = scopeLoss(auth.missingScopes, auth.ledger);
  if (!loss) return null;
  const scopes = loss.scopes.join(', ');
  if (loss.kind === 'neverGiven') return { kind: 'scopeMissing', params: [scopes, loss.at ? clock(loss.at.atMs) : '', ''] };
  const { atMs, nth } = loss.at;
  return { kind: 'scopeLost', params: [scopes, clock(atMs), nth > 0 ? String(nth) : ''] };
}

/**
 * Why a watched agent has no state in an answer that had others. `missing`: since when and in how many good polls in a row CXone has not
 * answered for this agent. `lastSeen`: the last state known, `lastSeenMs` when it was last confirmed. `clock` makes a time of day.
 * Params by kind: scope kinds as above; `loggedOut` [time of the logout]; `mayLag` [seconds a state may take, "30"];
 * `seenUntil`, `confirmedMissing` [time last seen]; `neverSeen` none.
 */
export function flagFor(input: {
  agentId: AgentId;
  missing: { sinceMs: number; polls: number };
  lastSeen: AgentState | null;
  lastSeenMs: number;
  nowMs: number;
  auth: AuthStatus;
  lastTransition: Transition | null;
  clock: (ms: number) => string;
}): Flag {
  const { agentId, missing, lastSeen, lastSeenMs, nowMs, auth, lastTransition, clock } = input;
  const flag = (kind: FlagKind, ...params: string[]): Flag => ({
    agentId,
    kind,
    params,
    missingSinceMs: missing.sinceMs,
    organisationId: auth.organisationId,
  });
  const scope = scopeReason(auth, clock);
  if (scope) return flag(scope.kind, ...scope.params);
  if (lastTransition?.to.category === 'loggedOut') return flag('loggedOut', clock(lastTransition.atMs));
  // Already logged out when we first looked: there was no transition to see.
  if (!lastTransition && lastSeen?.category === 'loggedOut') return flag('loggedOut', clock(lastSeen.sinceMs));
  if (mayLag(missing.sinceMs, nowMs)) return flag('mayLag', String(LAG_SECONDS));
  if (!lastSeen) return flag('neverSeen');
  return flag(missing.polls < CONFIRMING_POLLS ? 'seenUntil' : 'confirmedMissing', clock(lastSeenMs));
}

/**
 * What an answer without any agent means: `200 []` is "nobody is there" only after two polls with a good scope (fault 22).
 * `emptyPolls`: empty answers in a row, this one counted. `lastListMs`: when a list with agents was last received, read only where `hadAgents`.
 * Params: scope codes as above; `emptyMayLag` [seconds a state may take, "30"]; the other two [time of the last list or '', organisation or ''].
 */
export function emptyProblem(input: {
  emptySinceMs: number;
  emptyPolls: number;
  hadAgents: boolean;
  lastListMs: number;
  auth: AuthStatus;
  nowMs: number;
  clock: (ms: number) => string;
}): Problem {
  const { emptySinceMs: sinceMs, emptyPolls, hadAgents, lastListMs, auth, nowMs, clock } = input;
  const scope = scopeReason(auth, clock);
  if (scope) return { code: scope.kind, severity: 'error', params: scope.params, fix: 'signIn', sinceMs };
  if (mayLag(sinceMs, nowMs)) {
    return { code: 'emptyMayLag', severity: 'warning', params: [String(LAG_SECONDS)], fix: 'retry', sinceMs };
  }
  const params = [hadAgents && lastListMs > 0 ? clock(lastListMs) : '', auth.organisationId];
  return emptyPolls < CONFIRMING_POLLS
    ? { code: 'emptyUnconfirmed', severity: 'warning', params, fix: 'retry', sinceMs }
    : { code: 'emptyConfirmed', severity: 'error', params, fix: 'retry', sinceMs };
}
