/** One trip through the provider's sign-in page: authorization code + PKCE S256 (RFC 7636) by `identity.launchWebAuthFlow`. */
import * as oauth from 'oauth4webapi';
import browser from 'webextension-polyfill';
import type { AuthFailure } from '../domain/auth-status.ts';
import type { Connection } from '../domain/connection.ts';
import { AuthError } from './errors.ts';
import type { Provider } from './provider.ts';

/** Single use, ten minutes; in `storage.session` so that a start of the worker can tell that a sign-in was cut off. */
export interface Transaction {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
  atMs: number;
}

export const TRANSACTION_MS = 10 * 60_000;
const SILENT_TIMEOUT_MS = 10_000;

/** Every way Chrome's flow can fail and what it means (security-reliability.md 2.4). Chrome gives words only, no code. */
const FLOW_FAILURES: [RegExp, AuthFailure, boolean][] = [
  [/did not approve/i, 'userClosed', false],
  [/could not be loaded/i, 'pageFailed', true],
  [/interaction required/i, 'interactionRequired', false],
  [/timed out/i, 'pageTimedOut', true],
  [/did not redirect to the right url/i, 'wrongRedirect', false],
  [/only one web auth flow/i, 'alreadyOpen', true],
  [/incognito/i, 'incognito', false],
];

/** What the provider itself may answer (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const PROVIDER_ERRORS = new Map<string, AuthFailure>([
  ['access_denied', 'denied'],
  ['login_required', 'loginRequired'],
  ['interaction_required', 'loginRequired'],
  ['consent_required', 'loginRequired'],
  ['account_selection_required', 'loginRequired'],
  ['invalid_scope', 'invalidScope'],
  ['unauthorized_client', 'invalidClient'],
  ['invalid_client', 'invalidClient'],
  ['server_error', 'providerError'],
  ['temporarily_unavailable', 'providerError'],
]);

export function newTransaction(nowMs: number): Transaction {
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    redirectUri: browser.identity.getRedirectURL(),
    atMs: nowMs,
  };
}

export interface AuthorizeOptions {
  scopes: string[];
  silent: boolean;
  /** Ask for consent again although it was given before. */
  consent: boolean;
  idTokenHint: string | null;
}

/** The authorization request (RFC 6749 4.1.1, RFC 7636 4.3) to the provider's sign-in page. */
export async function authorizeUrl(
  page: string,
  connection: Connection,
  transaction: Transaction,
  options: AuthorizeOptions,
): Promise<string> {
  const url = new URL(page);
  const { scopes, silent, consent, idTokenHint } = options;
  const params: Record<string, string> = {
    client_id: connection.clientId,
    redirect_uri: transaction.redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    state: transaction.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(transaction.verifier),
    code_challenge_method: 'S256',
  };
  if (scopes.includes('openid')) params.nonce = transaction.nonce;
  if (connection.tenantId !== '') params.tenantId = connection.tenantId;
  // Some providers refuse a silent sign-in that does not say whose (facts/cxone-api.md section 10).
  if (silent) Object.assign(params, { prompt: 'none' }, idTokenHint ? { id_token_hint: idTokenHint } : {});
  // OpenID Connect Core 11: offline_access is only given after consent.
  else if (consent || scopes.includes('offline_access')) params.prompt = 'consent';
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

/** Opens the page (or, silently, none) and waits for the redirect. */
export async function launch(url: string, silent: boolean): Promise<string> {
  const details = silent
    ? // By default Chrome gives up at the first page that loads, even one that would redirect by script.
      { url, interactive: false, abortOnLoadForNonInteractive: false, timeoutMsForNonInteractive: SILENT_TIMEOUT_MS }
    : { url, interactive: true };
  try {
    return await browser.identity.launchWebAuthFlow(details);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, failure, transient] = FLOW_FAILURES.find(([pattern]) => pattern.test(message)) ?? [
      null,
      'pageFailed' as const,
      true,
    ];
    throw new AuthError(failure, { transient });
  }
}

/**
 * Takes the redirect apart. What the library leaves open is checked here: origin and path of the redirect, one value for each
 * parameter, nothing in the fragment, age of the transaction (security-reliability.md 2.1).
 * @returns parameters fit for the code exchange
 */
export function readRedirect(
  answer: string,
  provider: Provider,
  connection: Connection,
  transaction: Transaction,
  nowMs: number,
): URLSearchParams {
  const expected = new URL(transaction.redirectUri);
  if (!URL.canParse(answer)) throw new AuthError('wrongRedirect');
  const url = new URL(answer);
  if (url.origin !== expected.origin || url.pathname !== expected.pathname) throw new AuthError('wrongRedirect');
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw new AuthError('badResponse');
  const names = [...url.searchParams.keys()];
  if (new Set(names).size !== names.length) throw new AuthError('badResponse');
  if (url.searchParams.get('iss') === '') throw new AuthError('badResponse');
  if (nowMs - transaction.atMs > TRANSACTION_MS || nowMs < transaction.atMs) throw new AuthError('expired');
  // Endpoints by hand without an issuer: there is nothing to compare `iss` with.
  if (connection.issuer === '') url.searchParams.delete('iss');
  let params: URLSearchParams;
  try {
    params = oauth.validateAuthResponse(provider, { client_id: connection.clientId }, url, transaction.state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      const failure = PROVIDER_ERRORS.get(error.error) ?? 'refused';
      throw new AuthError(failure, { transient: failure === 'providerError' });
    }
    throw new AuthError('stateMismatch');
  }
  if (!params.get('code')) throw new AuthError('badResponse');
  return params;
}
