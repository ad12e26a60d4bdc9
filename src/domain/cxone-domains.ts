/** Which hosts a discovered address may lead to: tokens are sent nowhere else (facts/cxone-api.md section 5). */
import { LOOPBACK_HOSTS } from './connection-hosts.ts';

/** The domains CXone is served from: sign-in and data, UserHub and clusters, applications, FedRAMP, the sovereign clouds. */
export const CXONE_DOMAINS = [
  'niceincontact.com',
  'nice-incontact.com',
  'nicecxone.com',
  'nicecxone-gov.com',
  'nicecxone-sov1.au',
  'nicecxone-sov1.eu',
] as const;

/** Whether `hostname` is a CXone domain or below one. A name with a trailing dot is another spelling nobody uses, and is none. */
export function isCxoneHost(hostname: string): boolean {
  return CXONE_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

/**
 * Whether a discovered address may be spoken to. Allowed: CXone's own domains where the issuer is on one of them, the issuer's own host,
 * and the hosts the admin typed; always https, without a user name. Loopback leads to loopback on any port, in the demo build alone.
 *
 * @param issuer the OpenID provider's address, as configured
 * @param typedHosts addresses or bare hosts, with the port where it is not 443
 * @param url the address found
 */
export function isAllowedApiHost(issuer: string, typedHosts: readonly string[], url: string, demo: boolean): boolean {
  const from = parsed(issuer);
  const to = parsed(url);
  if (from === null || to === null || to.username !== '' || to.password !== '') return false;
  const loopback = [from, to].every(({ protocol, hostname }) => /^https?:$/.test(protocol) && LOOPBACK_HOSTS.includes(hostname));
  if (loopback && demo) return true;
  if (to.protocol !== 'https:') return false;
  if (from.protocol === 'https:' && to.host === from.host) return true;
  if (typedHosts.some((typed) => hostIn(typed) === to.host)) return true;
  return from.protocol === 'https:' && to.port === '' && isCxoneHost(from.hostname) && isCxoneHost(to.hostname);
}

function hostIn(typed: string): string | null {
  return parsed(typed.includes('://') ? typed : `https://${typed}`)?.host || null;
}

function parsed(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
