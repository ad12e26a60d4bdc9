/** What one poll turned out to be (DESIGN section 2). */
export const POLL_OUTCOMES = [
  'ok',
  'unchanged',
  'empty',
  'partial',
  'unauthorized',
  'forbidden',
  'rateLimited',
  'offline',
  'portal',
  'malformed',
  'serverError',
] as const;
export type PollOutcome = (typeof POLL_OUTCOMES)[number];

/**
 * Everything that can keep a supervisor from seeing the truth. Each has a title and a text in `_locales`
 * (`problem_<code>_title`, `problem_<code>_text`), and at most one button.
 */
export const PROBLEM_CODES = [
  'notConfigured',
  'signedOut',
  'signingIn',
  'signInInterrupted',
  'signInFailed',
  'needsSignIn',
  'recovering',
  'scopeMissing',
  'scopeLost',
  'hostAccessMissing',
  'apiNotFound',
  'unauthorized',
  'forbidden',
  'rateLimited',
  'offline',
  'portal',
  'malformed',
  'partial',
  'serverError',
  'emptyMayLag',
  'emptyUnconfirmed',
  'emptyConfirmed',
  'agentsMissing',
  'storageFailed',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** The one thing a button beside a problem does. */
export const FIXES = ['openOptions', 'signIn', 'cancelSignIn', 'grantHosts', 'retry'] as const;
export type Fix = (typeof FIXES)[number];

/** The one most important problem of a connection, as data; pages and notifications put it into words. */
export interface Problem {
  code: ProblemCode;
  /** `error`: what is on screen may be wrong. `warning`: it is right but incomplete, or will mend itself. */
  severity: 'error' | 'warning';
  /** Placeholders of the text, already fit for people: scope names, times of day, host names, counts. Never a token or an agent's name. */
  params: string[];
  fix: Fix | null;
  /** Since when, epoch ms. */
  sinceMs: number;
}
