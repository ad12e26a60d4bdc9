import type { AuthFailure } from '../domain/auth-status.ts';

/**
 * Why sign-in or renewal failed. `transient`: nothing was decided, the tokens stay and it is tried again later;
 * only a refusal ends a sign-in (security-reliability.md 2.3, rule 5).
 */
export class AuthError extends Error {
  readonly failure: AuthFailure;
  readonly transient: boolean;
  /** A status or host, fit for the log. Never a token, body or URL with a query. */
  readonly detail: string;
  constructor(failure: AuthFailure, { transient = false, detail = '' } = {}) {
    super(failure);
    this.name = 'AuthError';
    this.failure = failure;
    this.transient = transient;
    this.detail = detail;
  }
}
