/** What can be told from a token response without trusting it. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** OpenID Connect Core 2: no longer than 255 characters. */
const MAX_SUBJECT = 255;

/**
 * `expires_in` (RFC 6749 5.1, seconds) as milliseconds, always 1 minute to 24 hours, so that nothing a provider says makes a storm of
 * renewals or a token we never look at again (fault 10). Numbers and strings of digits count; anything else is taken for one hour.
 */
export function expiresInMs(value: unknown): number {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return HOUR;
  return Math.min(Math.max(seconds * 1000, MINUTE), 24 * HOUR);
}

/**
 * The claims of a JWT, or null when it is none. Decoded, not verified: a help for people and diagnosis, never a reason to allow anything
 * (access tokens are opaque to a client, RFC 6749 1.4).
 */
export function jwtClaims(token: string): Record<string, unknown> | null {
  const [, payload, signature, ...rest] = token.split('.');
  if (!payload || signature === undefined || rest.length > 0) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/**
 * The organisation a token belongs to, as text: v2 `org_id`; public `icBUId`, because that is what its agents' records carry too
 * (DESIGN section 7), else `tenantId`. '' when it does not say.
 */
export function organisationOf(claims: Record<string, unknown> | null): string {
  return firstOf(claims, ['org_id', 'orgId', 'icBUId', 'tenantId']);
}

/** The tenant the second discovery document of the public API is asked for (facts/cxone-api.md section 1); '' when it does not say. */
export function tenantOf(claims: Record<string, unknown> | null): string {
  return firstOf(claims, ['tenantId']);
}

/** Whether the token is of another tenant than the one wanted, as far as both are known. CXone spells ids in any case. */
export function isOfAnotherTenant(wanted: string, ofToken: string): boolean {
  return wanted !== '' && ofToken !== '' && wanted.toLowerCase() !== ofToken.toLowerCase();
}

/** Whose token it is (`sub`, RFC 7519 4.1.2), fit to be written down; '' when it does not say. */
export function subjectOf(claims: Record<string, unknown> | null): string {
  const subject = firstOf(claims, ['sub']);
  return subject.length <= MAX_SUBJECT && !/\p{Cc}/u.test(subject) ? subject : '';
}

function firstOf(claims: Record<string, unknown> | null, names: readonly string[]): string {
  for (const name of names) {
    const value = claims?.[name];
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
  }
  return '';
}
