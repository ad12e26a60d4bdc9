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
  /** The provider asked not to be asked again before (`Retry-After`), epoch ms; 0: it did not say. */
  readonly notBeforeMs: number;
  /** Beside the detail `issuer`: the one that a discovery document names in place of the one asked. Fit to be shown; '' else. */
  readonly issuer: string;
  constructor(failure: AuthFailure, { transient = false, detail = '', notBeforeMs = 0, issuer = '' } = {}) {
    super(failure);
    this.name = 'AuthError';
    this.failure = failure;
    this.transient = transient;
    this.detail = detail;
    this.notBeforeMs = notBeforeMs;
    this.issuer = issuer;
  }
}

export function asAuthError(thrown: unknown): AuthError {
  return thrown instanceof AuthError ? thrown : new AuthError('badResponse', { transient: true });
}
