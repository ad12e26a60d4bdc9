/** What the OpenID provider of a connection offers: by discovery (OpenID Connect Discovery 1.0, RFC 8414) or by hand. */
import * as oauth from 'oauth4webapi';
import type { Connection } from '../domain/connection.ts';
import { isAllowedAddress } from '../domain/connection-hosts.ts';
import { type Exchange, HttpError } from '../domain/http.ts';
import { AuthError } from './errors.ts';

/** Kept between browser starts, so that a renewal works while discovery is down. */
export interface MetadataStore {
  get(): Promise<{ atMs: number; issuer: string; metadata: Record<string, unknown> | null }>;
  update(change: () => { atMs: number; issuer: string; metadata: Record<string, unknown> | null }): Promise<unknown>;
}

const FRESH_MS = 24 * 3_600_000;
const CAP_BYTES = 1024 * 1024;
/** Some providers answer only with a trailing slash (facts/cxone-api.md section 10); plain OAuth servers use the RFC 8414 name. */
const WELL_KNOWN = ['openid-configuration', 'openid-configuration/', 'oauth-authorization-server'];

export type Provider = oauth.AuthorizationServer & { authorization_endpoint: string; token_endpoint: string };

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
  const { issuer, authorizationEndpoint, tokenEndpoint } = connection;
  const byHand = authorizationEndpoint !== '' && tokenEndpoint !== '';
  let metadata: oauth.AuthorizationServer;
  if (issuer === '') metadata = { issuer: new URL(authorizationEndpoint).origin };
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
  const provider = byHand
    ? { ...metadata, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint }
    : metadata;
  const { authorization_endpoint, token_endpoint } = provider;
  if (typeof authorization_endpoint !== 'string' || typeof token_endpoint !== 'string') throw new AuthError('discoveryFailed');
  if (!URL.canParse(authorization_endpoint) || !URL.canParse(token_endpoint)) throw new AuthError('discoveryFailed');
  if (!isAllowedAddress(authorization_endpoint, __DEMO__))
    throw new AuthError('hostRefused', { detail: new URL(authorization_endpoint).origin });
  if (!origins.includes(new URL(token_endpoint).origin))
    throw new AuthError('hostRefused', { detail: new URL(token_endpoint).origin });
  return { ...provider, authorization_endpoint, token_endpoint };
}

/** Fetches and checks the metadata: JSON, and speaking for the issuer asked (RFC 8414 section 3.3). */
export async function discover(issuer: string, exchange: Exchange): Promise<oauth.AuthorizationServer> {
  const base = issuer.replace(/\/$/, '');
  let last = new AuthError('discoveryFailed');
  for (const name of WELL_KNOWN) {
    const url = `${base}/.well-known/${name}`;
    try {
      const answer = await exchange(url, { headers: { accept: 'application/json' } }, CAP_BYTES);
      if (answer.status >= 500 || answer.status === 429)
        throw new AuthError('providerError', { transient: true, detail: String(answer.status) });
      if (answer.status !== 200) {
        last = new AuthError('discoveryFailed', { detail: String(answer.status) });
        continue;
      }
      const check = (spelling: string) =>
        oauth.processDiscoveryResponse(
          new URL(spelling),
          new Response(answer.text, { headers: { 'content-type': 'application/json' } }),
        );
      // The slash at the end of an issuer is a matter of taste, but the ID token repeats it.
      return await check(base).catch(() => check(`${base}/`));
    } catch (error) {
      if (error instanceof AuthError) throw error;
      if (error instanceof HttpError) {
        if (error.code === 'hostRefused') throw new AuthError('hostRefused', { detail: new URL(url).origin });
        if (error.code !== 'redirect') throw new AuthError('network', { transient: true });
      }
      last = new AuthError('discoveryFailed', { detail: 'json' });
    }
  }
  throw last;
}
