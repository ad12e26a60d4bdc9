/** The one most important problem of a connection, from everything that is known about it. */
import type { AuthStatus } from './auth-status.ts';
import { hostOf } from './connection-hosts.ts';
import { NOT_FOUND } from './discovered.ts';
import { emptyProblem } from './emptiness-first-line.ts';
import type { PollOutcome, Problem, ProblemCode } from './problem.ts';
import { topProblem } from './top-problem.ts';

export interface Standing {
  auth: AuthStatus;
  /** Origins the browser was not allowed to reach; empty when all are. */
  hostsMissing: readonly string[];
  outcome: PollOutcome | null;
  outcomeSinceMs: number;
  status: number;
  detail: string;
  origin: string;
  notBeforeMs: number;
  emptyPolls: number;
  emptySinceMs: number;
  lastListMs: number;
  hadAgents: boolean;
  badRows: number;
  allRows: number;
  /** Watched agents that the last good answer did not mention and that are not known to have logged out. */
  missingAgents: number;
  missingSinceMs: number;
  /** The worker could not write: what is on screen is not kept. */
  storageFailedSinceMs: number;
  nowMs: number;
  /** Epoch ms to a time of day. */
  clock: (ms: number) => string;
}

export function currentProblem(standing: Standing): Problem | null {
  const { auth, outcome, outcomeSinceMs, clock } = standing;
  const problem = (
    code: ProblemCode,
    severity: Problem['severity'],
    fix: Problem['fix'],
    sinceMs: number,
    ...params: (string | number)[]
  ): Problem => ({
    code,
    severity,
    params: params.map(String),
    fix,
    sinceMs,
  });
  const candidates: (Problem | null)[] = [signInProblem(auth, problem)];
  if (standing.hostsMissing.length > 0)
    candidates.push(problem('hostAccessMissing', 'error', 'grantHosts', outcomeSinceMs, ...standing.hostsMissing));
  if (standing.storageFailedSinceMs > 0)
    candidates.push(problem('storageFailed', 'error', 'retry', standing.storageFailedSinceMs));
  // Who is not signed in has no use for what the last poll was like.
  if (auth.phase === 'signedIn' || auth.phase === 'recovering') {
    if (outcome === 'unauthorized') candidates.push(problem('unauthorized', 'error', 'signIn', outcomeSinceMs));
    if (outcome === 'forbidden') candidates.push(problem('forbidden', 'error', 'retry', outcomeSinceMs, standing.detail));
    if (outcome === 'portal') candidates.push(problem('portal', 'error', 'retry', outcomeSinceMs, hostOf(standing.origin)));
    if (outcome === 'malformed')
      candidates.push(problem('malformed', 'error', 'retry', outcomeSinceMs, standing.badRows, standing.allRows));
    if (outcome === 'serverError') candidates.push(problem('serverError', 'error', 'retry', outcomeSinceMs, standing.status));
    const [nowhere, mistake = '', ...where] = standing.detail.split(':');
    if (outcome === 'offline' && nowhere === NOT_FOUND)
      candidates.push(problem('apiNotFound', 'error', 'openOptions', outcomeSinceMs, mistake, where.join(':')));
    else if (outcome === 'offline') candidates.push(problem('offline', 'error', 'retry', outcomeSinceMs));
    if (outcome === 'rateLimited')
      candidates.push(problem('rateLimited', 'warning', null, outcomeSinceMs, clock(standing.notBeforeMs)));
    if (outcome === 'partial')
      candidates.push(problem('partial', 'warning', 'retry', outcomeSinceMs, standing.badRows, standing.allRows));
    if (standing.missingAgents > 0)
      candidates.push(problem('agentsMissing', 'warning', 'retry', standing.missingSinceMs, standing.missingAgents));
  }
  if (auth.phase === 'scopeLost') candidates.push(emptyProblem({ ...standing, emptySinceMs: auth.sinceMs }));
  else if (outcome === 'empty' && auth.phase === 'signedIn') candidates.push(emptyProblem(standing));
  return topProblem(candidates);
}

function signInProblem(
  auth: AuthStatus,
  problem: (code: ProblemCode, severity: Problem['severity'], fix: Problem['fix'], sinceMs: number) => Problem,
): Problem | null {
  const { phase, failure, sinceMs } = auth;
  if (phase === 'signingIn') return problem('signingIn', 'warning', 'cancelSignIn', sinceMs);
  if (phase === 'recovering') return problem('recovering', 'warning', 'signIn', sinceMs);
  if (phase === 'needsSignIn') return problem('needsSignIn', 'error', 'signIn', sinceMs);
  if (phase === 'signedIn') return null;
  if (failure === 'interrupted') return problem('signInInterrupted', 'error', 'signIn', sinceMs);
  if (failure !== null && failure !== 'cancelled' && failure !== 'userClosed')
    return problem('signInFailed', 'error', 'signIn', sinceMs);
  return phase === 'signedOut' ? problem('signedOut', 'warning', 'signIn', sinceMs) : null;
}
