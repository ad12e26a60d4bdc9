import type { Problem, ProblemCode } from './problem.ts';

/** What must be mended first comes first: a later one is often only the earlier one's consequence. */
export const IMPORTANCE: readonly ProblemCode[] = [
  'notConfigured',
  'signingIn',
  'signInInterrupted',
  'signInFailed',
  'needsSignIn',
  'signedOut',
  'recovering',
  'scopeLost',
  'scopeMissing',
  'hostAccessMissing',
  'apiNotFound',
  'unauthorized',
  'forbidden',
  // Unlike those below it does not mend itself.
  'storageFailed',
  'portal',
  'malformed',
  'serverError',
  'offline',
  'rateLimited',
  'emptyConfirmed',
  'emptyUnconfirmed',
  'emptyMayLag',
  'agentsMissing',
  'partial',
];

/** The one problem to show: by importance, then errors first, then the older; null when there is none. The order of candidates does not matter. */
export function topProblem(candidates: readonly (Problem | null)[]): Problem | null {
  return candidates.reduce((top, next) => (next && (!top || before(next, top)) ? next : top), null);
}

function before(a: Problem, b: Problem): boolean {
  const key = (problem: Problem) =>
    [IMPORTANCE.indexOf(problem.code), problem.severity === 'error' ? 0 : 1, problem.sinceMs] as const;
  const [x, y] = [key(a), key(b)];
  const i = x.findIndex((value, at) => value !== y[at]);
  if (i >= 0) return (x[i] ?? 0) < (y[i] ?? 0);
  return JSON.stringify([a.fix, a.params]) < JSON.stringify([b.fix, b.params]);
}
