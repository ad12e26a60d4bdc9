/** Which hosts a connection speaks to, and whether it may be used at all: what the worker holds, whatever a page has checked before. */
import type { Connection, ConnectionDraft } from './connection.ts';

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

/** Whether `origin` may be spoken to: https, or this computer where `loopback` allows it. */
export function isAllowedAddress(address: string, loopback: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (loopback && protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
}

/** Everything needed is there and every address may be spoken to. */
export function isUsable(draft: ConnectionDraft, loopback: boolean): boolean {
  const { name, clientId, issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, apiPrefix } = draft;
  if (name === '' || clientId === '' || apiBaseUrl === '' || !/^\/[^?#\s]+$/.test(apiPrefix)) return false;
  if (issuer === '' && (authorizationEndpoint === '' || tokenEndpoint === '')) return false;
  return [issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl].every(
    (address) => address === '' || isAllowedAddress(address, loopback),
  );
}
