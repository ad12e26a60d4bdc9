/** Where sign-in stands, without any secret: safe to store in the clear and to show. */

export const AUTH_PHASES = ['signedOut', 'signingIn', 'signedIn', 'recovering', 'scopeLost', 'needsSignIn'] as const;
/**
 * `recovering`: a renewal was cut off or refused and the worker is still trying without the user.
 * `scopeLost`: signed in, but the token lacks a scope that watching needs.
 * `needsSignIn`: every way without the user has failed.
 */
export type AuthPhase = (typeof AUTH_PHASES)[number];

/** Why the last sign-in or renewal did not work; each has its words in `_locales` (`auth_<code>`). security-reliability.md 2.4. */
export const AUTH_FAILURES = [
  'userClosed',
  'pageFailed',
  'pageTimedOut',
  'wrongRedirect',
  'alreadyOpen',
  'incognito',
  'interactionRequired',
  'denied',
  'loginRequired',
  'badResponse',
  'stateMismatch',
  'expired',
  'interrupted',
  'refused',
  'network',
  'providerError',
  'originRefused',
  'invalidClient',
  'invalidScope',
  'discoveryFailed',
  'hostRefused',
  'vaultUnreadable',
  'secretMissing',
  'keyRefused',
  'scopeNeeded',
  'grantForbidden',
  'wrongTenant',
  'cancelled',
] as const;
export type AuthFailure = (typeof AUTH_FAILURES)[number];

/**
 * Where we know from what a token may do: the token answer, its own claim (a diagnostic only), the server asked afterwards (RFC 7662),
 * or nobody: then what was asked for is assumed (RFC 6749 5.1).
 */
export const SCOPE_SOURCES = ['response', 'jwt', 'introspection', 'requested'] as const;
export type ScopeSource = (typeof SCOPE_SOURCES)[number];

/** One line of the scope ledger: what a grant or renewal asked for and got. Never a token. */
export interface GrantEvent {
  atMs: number;
  kind: 'signIn' | 'silentSignIn' | 'renewal';
  /** Renewals are counted from the last sign-in; 0 for a sign-in. */
  nth: number;
  requested: string[];
  received: string[];
  /** Required scopes this grant lacks that an earlier one had, or that were asked for and not given. */
  lost: string[];
  /** Absent in lines of earlier versions. */
  source?: ScopeSource | undefined;
}

export interface AuthStatus {
  phase: AuthPhase;
  sinceMs: number;
  failure: AuthFailure | null;
  /** What the user consented to at sign-in. */
  grantedScopes: string[];
  /** What the current access token carries. */
  effectiveScopes: string[];
  /** Scopes without which nothing goes (`vitalScopes`) that the current access token lacks. */
  missingScopes: string[];
  organisationId: string;
  /** Of the public API: for discovery. */
  tenantId: string;
  /** The newest last; at most 50. */
  ledger: GrantEvent[];
}

export const SIGNED_OUT: AuthStatus = {
  phase: 'signedOut',
  sinceMs: 0,
  failure: null,
  grantedScopes: [],
  effectiveScopes: [],
  missingScopes: [],
  organisationId: '',
  tenantId: '',
  ledger: [],
};
