/** Requests to the provider's own endpoints: tokens for a code, a refresh token or a secret; revocation; introspection. */
import * as oauth from 'oauth4webapi';
import type { Connection } from '../domain/connection.ts';
import type { Exchange, HttpAnswer } from '../domain/http.ts';
import { parseScope } from '../domain/scopes.ts';
import { AuthError } from './errors.ts';
import { type Provider, speaksOpenId } from './provider.ts';
import {
  type Body,
  bodyOf,
  CAP_BYTES,
  checked,
  type Refusal,
  refusal,
  scopeText,
  type TokenAnswer,
  tokenText,
  unanswered,
} from './token-answer.ts';

/** Providers' clocks run off; NICE's own SDK allows as much (facts/cxone-api.md section 1). */
const CLOCK_TOLERANCE_SECONDS = 300;

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

/**
 * Exchanges the code (RFC 6749 4.1.3, RFC 7636 4.5).
 * @param nonce what an ID token has to repeat; null: `openid` was not asked for
 */
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
  const due = nonce !== null && idTokenIsDue(provider, raw.scope);
  if (!due && tokenText(raw.id_token) === null) delete raw.id_token;
  const wanted = nonce !== null && (due || raw.id_token !== undefined);
  return checked(raw, (response) =>
    oauth.processAuthorizationCodeResponse(
      provider,
      client,
      response,
      wanted ? { expectedNonce: nonce, requireIdToken: true } : {},
    ),
  );
}

/** A plain OAuth server, or one that did not grant `openid`, gives no ID token; PKCE and state bind the answer to us there as well. */
function idTokenIsDue(provider: Provider, scope: unknown): boolean {
  const granted = scopeText(scope);
  return speaksOpenId(provider) === 'yes' && (granted === null || parseScope(granted).includes('openid'));
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

/** Asks as a service account (RFC 6749 4.4). A refresh token has no place in the answer (4.4.3): with the secret one asks again. */
export async function askAsClient(call: TokenCall, secret: string, scope: string): Promise<TokenAnswer> {
  const { provider, connection, exchange } = call;
  const client = clientOf(connection);
  const proof = proofOf(secret, provider.token_endpoint_auth_methods_supported);
  const raw = await post(
    exchange,
    (fetcher) => oauth.clientCredentialsGrantRequest(provider, client, proof, { scope }, options(fetcher)),
    refusesClient,
  );
  delete raw.id_token;
  const answer = await checked(raw, (response) => oauth.processClientCredentialsResponse(provider, client, response));
  return { ...answer, refreshToken: null };
}

/** The client's secret, in the body as a rule; in a header where the server takes nothing else (RFC 6749 2.3.1). */
function proofOf(secret: string, methods: readonly string[] = []): oauth.ClientAuth {
  const basic = methods.includes('client_secret_basic') && !methods.includes('client_secret_post');
  return basic ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

/** There is nothing but the client that could be refused here, and a provider may do so with a bare 401 (RFC 6749 5.2). */
const refusesClient: Refusal = (answer, status, body) => {
  const error = refusal(answer, status, body);
  return error.failure === 'refused' ? new AuthError('invalidClient', { detail: error.detail }) : error;
};

/** What is to be revoked; `secret`: of a client that has one, which has to prove itself here as well (RFC 7009 2.1). */
export interface Revocable {
  token: string;
  kind: 'refresh_token' | 'access_token';
  secret: string | null;
}

/** RFC 7009, best effort: what cannot be revoked expires by itself. */
export async function revoke({ provider, connection, exchange }: TokenCall, { token, kind, secret }: Revocable): Promise<void> {
  if (typeof provider.revocation_endpoint !== 'string') return;
  const { revocation_endpoint_auth_methods_supported, token_endpoint_auth_methods_supported } = provider;
  // Where nothing is said of it, as at the token endpoint.
  const methods = revocation_endpoint_auth_methods_supported ?? token_endpoint_auth_methods_supported;
  const proof = secret === null ? oauth.None() : proofOf(secret, methods);
  await oauth.revocationRequest(provider, clientOf(connection), proof, token, {
    additionalParameters: { token_type_hint: kind },
    ...options(fetcherOf(exchange, () => undefined)),
  });
}

/**
 * What the server says the access token carries (RFC 7662), for a diagnosis of a token that does not tell by itself.
 * Null: it does not say. Many servers answer no public client.
 */
export async function introspect({ provider, connection, exchange }: TokenCall, accessToken: string): Promise<string[] | null> {
  if (typeof provider.introspection_endpoint !== 'string') return null;
  const client = clientOf(connection);
  const fetcher = options(fetcherOf(exchange, () => undefined));
  try {
    const response = await oauth.introspectionRequest(provider, client, oauth.None(), accessToken, fetcher);
    const { active, scope } = await oauth.processIntrospectionResponse(provider, client, response);
    return active && typeof scope === 'string' ? parseScope(scope) : null;
  } catch {
    return null;
  }
}

function fetcherOf(exchange: Exchange, seen: (answer: HttpAnswer) => void) {
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
  refused: Refusal = refusal,
): Promise<Body> {
  let answer: HttpAnswer | undefined;
  try {
    await request(
      fetcherOf(exchange, (seen) => {
        answer = seen;
      }),
    );
  } catch (error) {
    throw unanswered(error);
  }
  if (!answer) throw unanswered(null);
  return bodyOf(answer, refused);
}
