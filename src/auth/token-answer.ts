/**
 * What an answer with tokens amounts to, or with which failure it ends. The library checks a good answer; what it lets through, or throws
 * on after the provider has already rotated, is handled here (security-reliability.md 2.1 and 2.3).
 */
import * as oauth from 'oauth4webapi';
import type { AuthFailure, ScopeSource } from '../domain/auth-status.ts';
import { type HttpAnswer, HttpError } from '../domain/http.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import { parseScope } from '../domain/scopes.ts';
import { expiresInMs, jwtClaims } from '../domain/token-facts.ts';
import { AuthError } from './errors.ts';

/** Of an answer with tokens. */
export const CAP_BYTES = 2 * 1024 * 1024;
/** The only words of a provider's that may stand in the log (RFC 6749 5.2 and 4.1.2.1). */
const KNOWN_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
]);
/** Visible ASCII: anything else would travel in a header. */
const TOKEN = /^[\x21-\x7e]+$/;

export interface TokenAnswer {
  accessToken: string;
  expiresInMs: number;
  /** Null: the provider sent none (or nonsense), the old one stays. */
  refreshToken: string | null;
  idToken: string | null;
  /** What the token carries as far as the answer tells: its `scope`, else the JWT's own claim (a diagnostic), else null. */
  scopes: string[] | null;
  scopeSource: Exclude<ScopeSource, 'introspection'>;
  /** Claims of the ID token (checked) over those of the access token (a diagnostic only: it is opaque by right). */
  claims: Record<string, unknown>;
}

export type Body = Record<string, unknown>;
/** What a refusal of a kind of request means. */
export type Refusal = (answer: HttpAnswer, status: number, body: Body | null) => AuthError;

/** The body of a good answer; an answer 200 that says `error` and brings nothing ends like the same error with 400. */
export function bodyOf(answer: HttpAnswer, refusal: Refusal): Body {
  const body = jsonObject(answer.text);
  if (answer.status !== 200 || !body) throw refusal(answer, answer.status, body);
  const brings = tokenText(body.access_token) !== null || tokenText(body.refresh_token) !== null;
  if (typeof body.error === 'string' && body.error !== '' && !brings) throw refusal(answer, 400, body);
  return body;
}

/** No answer at all. */
export function unanswered(thrown: unknown): AuthError {
  if (thrown instanceof HttpError && thrown.code === 'hostRefused') return new AuthError('hostRefused');
  return new AuthError('network', { transient: true, detail: thrown instanceof HttpError ? thrown.code : '' });
}

const FAILURES = new Map<string, AuthFailure>([
  ['invalid_client', 'invalidClient'],
  ['unauthorized_client', 'invalidClient'],
  ['invalid_scope', 'invalidScope'],
]);

/** Real providers differ (facts/cxone-api.md section 10): a refusal may be `invalid_grant`, or a bare 400, 401 or 403 with nothing in it. */
export function refusal(answer: HttpAnswer, status: number, body: Body | null): AuthError {
  const error = typeof body?.error === 'string' ? body.error : '';
  const description = typeof body?.error_description === 'string' ? body.error_description : '';
  const detail = `${answer.status} ${KNOWN_ERRORS.has(error) ? error : ''}`.trim();
  const refused = status === 400 || status === 401 || status === 403;
  // Words without an error code, whatever the status, are those of a portal, proxy or gateway and decide nothing.
  const undecided = error === '' ? answer.text.trim() !== '' : error === 'server_error' || error === 'temporarily_unavailable';
  if (!refused || undecided) return providerError(answer, detail);
  if (error !== 'invalid_grant' && /\borigin\b/i.test(description))
    return new AuthError('originRefused', { transient: true, detail });
  return new AuthError(FAILURES.get(error) ?? 'refused', { detail });
}

/** The provider's own trouble: it may say how long it wants to be left alone (RFC 9110 10.2.3). */
export function providerError({ headers }: HttpAnswer, detail: string): AuthError {
  const nowMs = Date.now();
  const waitMs = retryAfterMs(headers.get('retry-after'), headers.get('date'), nowMs);
  return new AuthError('providerError', { transient: true, detail, notBeforeMs: waitMs ? nowMs + waitMs : 0 });
}

/** @param process the library's look at a good answer */
export async function checked(
  raw: Body,
  process: (response: Response) => Promise<oauth.TokenEndpointResponse>,
): Promise<TokenAnswer> {
  const accessToken = tokenText(raw.access_token);
  const refreshToken = tokenText(raw.refresh_token);
  const scope = scopeText(raw.scope);
  const { refresh_token: _, expires_in, scope: __, ...rest } = raw;
  const clean = { ...rest, ...(scope === null ? {} : { scope }), token_type: rest.token_type ?? 'Bearer' };
  let answer: oauth.TokenEndpointResponse;
  try {
    answer = await process(new Response(JSON.stringify(clean), { headers: { 'content-type': 'application/json' } }));
  } catch {
    throw new AuthError('badResponse', { transient: true });
  }
  if (accessToken === null || answer.token_type !== 'bearer') throw new AuthError('badResponse', { transient: true });
  const accessClaims = jwtClaims(accessToken) ?? {};
  const idClaims = oauth.getValidatedIdTokenClaims(answer) ?? {};
  const told = scope ?? scopeText(accessClaims.scope ?? accessClaims.scp);
  return {
    accessToken,
    expiresInMs: expiresInMs(expires_in),
    refreshToken,
    idToken: tokenText(raw.id_token),
    scopes: told === null ? null : parseScope(told),
    scopeSource: scope !== null ? 'response' : told !== null ? 'jwt' : 'requested',
    claims: { ...accessClaims, ...idClaims },
  };
}

function jsonObject(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
}

export function tokenText(value: unknown): string | null {
  return typeof value === 'string' && TOKEN.test(value) ? value : null;
}

/** A scope as text; some providers send a list. */
export function scopeText(value: unknown): string | null {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(' ');
  return typeof value === 'string' ? value : null;
}
