/** What the second discovery document of CXone told about a tenant (facts/cxone-api.md section 1), or why it did not. */

/**
 * The likely mistake. `wrongArea`: the host of an area the tenant is not in. `uiHost`: an address of pages for people. `notJson`, `wrongShape`:
 * something answers there, but not this service. `hostRefused`: it leads, or was typed, to hosts that are not allowed.
 */
export const DISCOVERY_MISTAKES = [
  'wrongArea',
  'uiHost',
  'notJson',
  'wrongShape',
  'unknownTenant',
  'unreachable',
  'hostRefused',
] as const;
export type DiscoveryMistake = (typeof DISCOVERY_MISTAKES)[number];

/** Begins the detail of a poll that had nowhere to go: `apiNotFound:<mistake>:<where>`. */
export const NOT_FOUND = 'apiNotFound';

export interface Discovered {
  issuer: string;
  tenantId: string;
  atMs: number;
  /** Origin of the API; '' = not found. */
  apiBaseUrl: string;
  /** The pages for people; '' when not said. */
  uiUrl: string;
  /** The version that answers where the one that is set (`insteadOf`) does not; '' = as set. */
  apiPrefix: string;
  insteadOf: string;
  /** When that was found out, epoch ms. */
  prefixAtMs: number;
  /** The address or host the mistake is about. */
  notFound: { mistake: DiscoveryMistake; where: string } | null;
}

const DAY_MS = 24 * 3_600_000;

/** What was found out is looked up again after a day: a tenant moves, or gains the version it did not have. */
export const isOfToday = (atMs: number, nowMs: number): boolean => nowMs >= atMs && nowMs - atMs < DAY_MS;

/** The path to use in place of the one that is set: another one chosen meanwhile stands, by a person or by policy. */
export function prefixInUse({ apiPrefix, insteadOf, prefixAtMs }: Discovered, set: string, nowMs: number): string {
  return apiPrefix !== '' && insteadOf === set && isOfToday(prefixAtMs, nowMs) ? apiPrefix : set;
}

export const NOT_DISCOVERED: Discovered = {
  issuer: '',
  tenantId: '',
  atMs: 0,
  apiBaseUrl: '',
  uiUrl: '',
  apiPrefix: '',
  insteadOf: '',
  prefixAtMs: 0,
  notFound: null,
};
