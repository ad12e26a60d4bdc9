/** What the OpenID provider of a connection offers: by discovery (OpenID Connect Discovery 1.0, RFC 8414) or by hand. */
import * as oauth from 'oauth4webapi';
import type { Connection } from '../domain/connection.ts';
import { isAllowedAddress } from '../domain/connection-hosts.ts';
import { type Exchange, type HttpAnswer, HttpError } from '../domain/http.ts';
import { AuthError } from './errors.ts';

/** Kept between browser starts, so that a renewal works while discovery is down. */
export interface MetadataStore {
  get(): Promise<{ atMs: number; issuer: string; metadata: Record<string, unknown> | null }>;
  update(change: () => { atMs: number; issuer: string; metadata: Record<string, unknown> | null }): Promise<unknown>;
}

const FRESH_MS = 24 * 3_600_000;
const CAP_BYTES = 1024 * 1024;
const MAX_ISSUER = 200;
/** Some providers answer only with a trailing slash (facts/cxone-api.md section 10); plain OAuth servers use the RFC 8414 name. */
const WELL_KNOWN = ['openid-configuration', 'openid-configuration/', 'oauth-authorization-server'];

export type Provider = oauth.AuthorizationServer & { token_endpoint: string };

/**
 * @returns the provider's metadata, endpoints given by hand taking precedence
 * @throws AuthError `discoveryFailed`, `network`, or `hostRefused` when the token endpoint is on a host the connection does not name
 */
export async function resolveProvider(
  connection: Connection,
  exchange: Exchange,
  store: MetadataStore,
  origins: readonly string[],
): Promise<Provider> {
  const { issuer, authorizationEndpoint, tokenEndpoint, grant } = connection;
  // Where no page is opened, its address is not needed.
  const byHand = tokenEndpoint !== '' && (authorizationEndpoint !== '' || grant !== 'authorizationCode');
  let metadata: oauth.AuthorizationServer;
  if (issuer === '') metadata = { issuer: new URL(authorizationEndpoint || tokenEndpoint).origin };
  else {
    const kept = await store.get();
    const known = kept.issuer === issuer ? (kept.metadata as oauth.AuthorizationServer | null) : null;
    if (known && Date.now() - kept.atMs < FRESH_MS) metadata = known;
    else {
      try {
        metadata = await discover(issuer, exchange);
        await store.update(() => ({ atMs: Date.now(), issuer, metadata: metadata as Record<string, unknown> }));
      } catch (error) {
        if (known) metadata = known;
        else if (byHand) metadata = { issuer };
        else throw error;
      }
    }
  }
  const { token_endpoint } = byHand ? { token_endpoint: tokenEndpoint } : metadata;
  if (typeof token_endpoint !== 'string' || !URL.canParse(token_endpoint)) throw new AuthError('discoveryFailed');
  if (!origins.includes(new URL(token_endpoint).origin))
    throw new AuthError('hostRefused', { detail: new URL(token_endpoint).origin });
  return {
    ...metadata,
    ...(byHand && authorizationEndpoint && { authorization_endpoint: authorizationEndpoint }),
    token_endpoint,
  };
}

/**
 * The provider's sign-in page. It may be on any host: Chrome opens it, and no token goes there.
 * @throws AuthError `discoveryFailed`, or `hostRefused` when it is no address that may be opened
 */
export function signInPage({ authorization_endpoint }: Provider): string {
  if (typeof authorization_endpoint !== 'string' || !URL.canParse(authorization_endpoint)) throw new AuthError('discoveryFailed');
  if (!isAllowedAddress(authorization_endpoint, __DEMO__))
    throw new AuthError('hostRefused', { detail: new URL(authorization_endpoint).origin });
  return authorization_endpoint;
}

/** Members that only OpenID Connect Discovery 1.0 (section 3) knows: a plain OAuth server has none of them. */
const OPENID_MEMBERS = ['userinfo_endpoint', 'subject_types_supported', 'id_token_signing_alg_values_supported'];

/** Whether the provider says that it gives ID tokens. `unknown`: there is no document, the endpoints were given by hand. */
export function speaksOpenId(provider: Provider): 'yes' | 'no' | 'unknown' {
  if (provider.scopes_supported?.includes('openid') || OPENID_MEMBERS.some((name) => name in provider)) return 'yes';
  // RFC 8414 section 2 and OpenID Connect Discovery both require it: whatever has it came out of a document.
  return 'response_types_supported' in provider ? 'no' : 'unknown';
}

/**
 * Fetches and checks the metadata: JSON, and speaking for the issuer asked (RFC 8414 section 3.3).
 * @throws AuthError of all the names tried, the failure that says most: detail `issuer`, `json`, or a status
 */
export async function discover(issuer: string, exchange: Exchange): Promise<oauth.AuthorizationServer> {
  const base = issuer.replace(/\/$/, '');
  let most: AuthError | null = null;
  for (const name of WELL_KNOWN) {
    try {
      return await metadataAt(`${base}/.well-known/${name}`, base, exchange);
    } catch (thrown) {
      const error = thrown instanceof AuthError ? thrown : new AuthError('discoveryFailed', { detail: 'json' });
      // Trouble decides nothing (a portal's page may come before it); but a document that was read stays read.
      if (error.failure !== 'discoveryFailed' && most?.detail !== 'issuer') throw error;
      if (most === null || tells(error) > tells(most)) most = error;
    }
  }
  throw most ?? new AuthError('discoveryFailed');
}

/** A document of another issuer tells which one to use, one that is none tells that something is there; a name not found, nothing. */
function tells({ failure, detail }: AuthError): number {
  if (failure !== 'discoveryFailed' || detail === '404') return 0;
  return detail === 'issuer' ? 2 : 1;
}

async function metadataAt(url: string, base: string, exchange: Exchange): Promise<oauth.AuthorizationServer> {
  let answer: HttpAnswer;
  try {
    answer = await exchange(url, { headers: { accept: 'application/json' } }, CAP_BYTES);
  } catch (error) {
    if (!(error instanceof HttpError) || error.code === 'redirect') throw new AuthError('discoveryFailed', { detail: 'json' });
    if (error.code === 'hostRefused') throw new AuthError('hostRefused', { detail: new URL(url).origin });
    throw new AuthError('network', { transient: true });
  }
  const { status, text } = answer;
  if (status >= 500 || status === 429) throw new AuthError('providerError', { transient: true, detail: String(status) });
  if (status !== 200) throw new AuthError('discoveryFailed', { detail: String(status) });
  const check = (spelling: string) =>
    oauth.processDiscoveryResponse(new URL(spelling), new Response(text, { headers: { 'content-type': 'application/json' } }));
  try {
    // The slash at the end of an issuer is a matter of taste, but the ID token repeats it.
    return await check(base).catch(() => check(`${base}/`));
  } catch {
    const named = issuerIn(text);
    const other = named !== '' && named.replace(/\/$/, '') !== base;
    throw new AuthError('discoveryFailed', other ? { detail: 'issuer', issuer: named } : { detail: 'json' });
  }
}

/** The issuer a document names, where it is an address that may be typed as one; '' else. */
function issuerIn(text: string): string {
  try {
    const { issuer } = JSON.parse(text) as { issuer?: unknown };
    if (typeof issuer !== 'string' || issuer.length > MAX_ISSUER || !isAllowedAddress(issuer, __DEMO__)) return '';
    const { search, hash } = new URL(issuer);
    return search === '' && hash === '' ? issuer : '';
  } catch {
    return '';
  }
}
