/**
 * One request to the token endpoint and what its answer amounts to. The library checks a good answer; what it lets through, or throws on
 * after the provider has already rotated, is handled here (security-reliability.md 2.1 and 2.3).
 */
import * as oauth from 'oauth4webapi';
import type { AuthFailure } from '../domain/auth-status.ts';
import type { Connection } from '../domain/connection.ts';
import { type Exchange, HttpError } from '../domain/http.ts';
import { parseScope } from '../domain/scopes.ts';
import { expiresInMs, jwtClaims } from '../domain/token-facts.ts';
import { AuthError } from './errors.ts';
import type { Provider } from './provider.ts';

const CAP_BYTES = 2 * 1024 * 1024;
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
/** Providers' clocks run off; NICE's own SDK allows as much (facts/cxone-api.md section 1). */
const CLOCK_TOLERANCE_SECONDS = 300;

export interface TokenAnswer {
  accessToken: string;
  expiresInMs: number;
  /** Null: the provider sent none (or nonsense), the old one stays. */
  refreshToken: string | null;
  idToken: string | null;
  /** What the token carries as far as the answer tells: its `scope`, else the JWT's own claim (a diagnostic), else null. */
  scopes: string[] | null;
  /** Claims of the ID token (checked) over those of the access token (a diagnostic only: it is opaque by right). */
  claims: Record<string, unknown>;
}

export interface TokenCall {
  provider: Provider;
  connection: Connection;
  exchange: Exchange;
}

const options = (fetcher: (url: string, init: RequestInit) => Promise<Response>) => ({
  [oauth.customFetch]: fetcher as never,
  [oauth.allowInsecureRequests]: __DEMO__,
});

function clientOf(connection: Connection): oauth.Client {
  return { client_id: connection.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
}

/** Exchanges the code (RFC 6749 4.1.3, RFC 7636 4.5). */
export async function exchangeCode(
  call: TokenCall,
  params: URLSearchParams,
  redirectUri: string,
  verifier: string,
  nonce: string | null,
): Promise<TokenAnswer> {
  const { provider, connection, exchange } = call;
  const client = clientOf(connection);
  const raw = await post(exchange, (fetcher) =>
    oauth.authorizationCodeGrantRequest(provider, client, oauth.None(), params, redirectUri, verifier, options(fetcher)),
  );
  if (connection.issuer === '') delete raw.id_token;
  return checked(raw, (response) =>
    oauth.processAuthorizationCodeResponse(
      provider,
      client,
      response,
      nonce === null ? {} : { expectedNonce: nonce, requireIdToken: connection.issuer !== '' },
    ),
  );
}

/**
 * Renews (RFC 6749 section 6), always naming the scopes in full.
 * @param keep called with the rotated refresh token before anything else of the answer is looked at: the old one is spent by now
 */
export async function renew(
  call: TokenCall,
  refreshToken: string,
  scope: string | null,
  keep: (refreshToken: string | null, idToken: string | null) => Promise<void>,
): Promise<TokenAnswer> {
  const { provider, connection, exchange } = call;
  const client = clientOf(connection);
  const additionalParameters: Record<string, string> = scope === null ? {} : { scope };
  const raw = await post(exchange, (fetcher) =>
    oauth.refreshTokenGrantRequest(provider, client, oauth.None(), refreshToken, { additionalParameters, ...options(fetcher) }),
  );
  await keep(tokenText(raw.refresh_token), connection.issuer === '' ? null : tokenText(raw.id_token));
  // A renewal does not need the ID token: null, or one that our clock takes for expired, must not spoil a good access token.
  delete raw.id_token;
  return checked(raw, (response) => oauth.processRefreshTokenResponse(provider, client, response));
}

/** RFC 7009, best effort: what cannot be revoked expires by itself. */
export async function revoke({ provider, connection, exchange }: TokenCall, refreshToken: string): Promise<void> {
  if (typeof provider.revocation_endpoint !== 'string') return;
  const parameters = { additionalParameters: { token_type_hint: 'refresh_token' } };
  const fetcher = fetcherOf(exchange, () => undefined);
  await oauth.revocationRequest(provider, clientOf(connection), oauth.None(), refreshToken, {
    ...parameters,
    ...options(fetcher),
  });
}

function fetcherOf(exchange: Exchange, seen: (answer: { status: number; text: string; contentType: string }) => void) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const answer = await exchange(url, init, CAP_BYTES);
    seen(answer);
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : answer.text, { status: answer.status, headers: answer.headers });
  };
}

async function post(
  exchange: Exchange,
  request: (fetcher: ReturnType<typeof fetcherOf>) => Promise<Response>,
): Promise<Record<string, unknown>> {
  let answer = { status: 0, text: '', contentType: '' };
  try {
    await request(
      fetcherOf(exchange, (seen) => {
        answer = seen;
      }),
    );
  } catch (error) {
    if (error instanceof HttpError && error.code === 'hostRefused') throw new AuthError('hostRefused');
    throw new AuthError('network', { transient: true, detail: error instanceof HttpError ? error.code : '' });
  }
  const body = jsonObject(answer.text);
  if (answer.status === 200 && body) return body;
  throw refusal(answer.status, answer.text, body);
}

/** Real providers differ (facts/cxone-api.md section 10): a refusal may be `invalid_grant`, or a bare 400, 401 or 403 with nothing in it. */
function refusal(status: number, text: string, body: Record<string, unknown> | null): AuthError {
  const error = typeof body?.error === 'string' ? body.error : '';
  const description = typeof body?.error_description === 'string' ? body.error_description : '';
  const detail = `${status} ${KNOWN_ERRORS.has(error) ? error : ''}`.trim();
  const refused = status === 400 || status === 401 || status === 403;
  // Words without an error code, whatever the status, are those of a portal, proxy or gateway and decide nothing.
  const undecided = error === '' ? text.trim() !== '' : error === 'server_error' || error === 'temporarily_unavailable';
  if (!refused || undecided) return new AuthError('providerError', { transient: true, detail });
  if (error !== 'invalid_grant' && /\borigin\b/i.test(description))
    return new AuthError('originRefused', { transient: true, detail });
  const failures: Record<string, AuthFailure> = {
    invalid_client: 'invalidClient',
    unauthorized_client: 'invalidClient',
    invalid_scope: 'invalidScope',
  };
  return new AuthError(failures[error] ?? 'refused', { detail });
}

async function checked(
  raw: Record<string, unknown>,
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
    claims: { ...accessClaims, ...idClaims },
  };
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function tokenText(value: unknown): string | null {
  return typeof value === 'string' && TOKEN.test(value) ? value : null;
}

/** A scope as text; some providers send a list. */
function scopeText(value: unknown): string | null {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(' ');
  return typeof value === 'string' ? value : null;
}
