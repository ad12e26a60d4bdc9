/** Which hosts a connection speaks to, and whether it may be used at all: what the worker holds, whatever a page has checked before. */
import type { Connection, ConnectionDraft } from './connection.ts';
import { ISSUER_PRESETS, type IssuerPreset, presetOf } from './issuer-presets.ts';

/** This computer: spoken to in plain http where that is allowed at all (the demo build). */
export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost'];

/**
 * The origins that need host access: discovery, renewal and API. The sign-in page is not among them: Chrome opens it, not we.
 * What is no web address is left out.
 */
export function connectionHosts({
  issuer,
  tokenEndpoint,
  apiBaseUrl,
}: Pick<Connection, 'issuer' | 'tokenEndpoint' | 'apiBaseUrl'>): string[] {
  const origins = [issuer, tokenEndpoint, apiBaseUrl].flatMap((address) =>
    /^https?:/.test(address) && URL.canParse(address) ? [new URL(address).origin] : [],
  );
  return [...new Set(origins)];
}

/** Of NICE's clouds the one an address belongs to; null for an address that is not CXone's. */
export function cloudOf(address: string): IssuerPreset | null {
  if (!URL.canParse(address)) return null;
  const { origin, hostname } = new URL(address);
  return presetOf(origin) ?? ISSUER_PRESETS.find(({ hostPatterns }) => hostPatterns.some((p) => covers(p, hostname))) ?? null;
}

/**
 * What to ask Chrome for, as match patterns: the exact origins. Where the API is not known before somebody has signed in (profile `public`),
 * the domains of the cloud it will be found in, so that one click is enough.
 */
export function patternsToAsk(connection: Pick<Connection, 'profile' | 'issuer' | 'tokenEndpoint' | 'apiBaseUrl'>): string[] {
  const { profile, issuer, apiBaseUrl } = connection;
  const wide = profile === 'public' && apiBaseUrl === '' ? whereverFrom(issuer) : [];
  const exact = connectionHosts(connection).filter((origin) => !wide.some((p) => covers(p, new URL(origin).hostname)));
  return [...wide, ...exact.map((origin) => `${origin}/*`)];
}

/** Where discovery at this issuer may lead (as `isAllowedApiHost` has it), as far as it can be asked for beforehand. */
function whereverFrom(issuer: string): readonly string[] {
  const { protocol, hostname } = URL.canParse(issuer) ? new URL(issuer) : { protocol: '', hostname: '' };
  // The demo build's tenant is on this computer, its API on another port.
  if (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname)) return [`http://${hostname}/*`];
  return cloudOf(issuer)?.hostPatterns ?? [];
}

/** `https://*.example.com/*` is for the domain itself as well as for what is below it. */
function covers(pattern: string, hostname: string): boolean {
  const host = pattern.replace(/^https?:\/\//, '').slice(0, -'/*'.length);
  const domain = host.startsWith('*.') ? host.slice(2) : null;
  return domain === null ? hostname === host : hostname === domain || hostname.endsWith(`.${domain}`);
}

/** Whether `origin` may be spoken to: https, or this computer where `loopback` allows it. */
export function isAllowedAddress(address: string, loopback: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (loopback && protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
}

/** Everything needed is there and every address may be spoken to. */
export function isUsable(draft: ConnectionDraft, loopback: boolean): boolean {
  const { name, profile, grant, clientId, issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, apiPrefix } = draft;
  if (name === '' || !/^\/[^?#\s]+$/.test(apiPrefix)) return false;
  // An access key stands for a user, without a registered application.
  if (clientId === '' && grant !== 'accessKey') return false;
  if (issuer === '' && needsIssuer(draft)) return false;
  if (apiBaseUrl === '' && profile !== 'public') return false;
  return [issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl].every(
    (address) => address === '' || isAllowedAddress(address, loopback),
  );
}

/** Whether anything has to be looked up at the issuer, or an access key sent there. */
export function needsIssuer({
  grant,
  authorizationEndpoint,
  tokenEndpoint,
  apiBaseUrl,
}: Pick<ConnectionDraft, 'grant' | 'authorizationEndpoint' | 'tokenEndpoint' | 'apiBaseUrl'>): boolean {
  if (grant === 'accessKey' || tokenEndpoint === '' || apiBaseUrl === '') return true;
  return grant === 'authorizationCode' && authorizationEndpoint === '';
}

/** The host of an origin, for people; what is no address stays as it is. */
export function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
