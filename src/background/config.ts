/** The connection in use with its settings, policy laid over both. Everything else in the worker starts from here. */
import browser from 'webextension-polyfill';
import type { Refused } from '../domain/config-file.ts';
import { type Connection, type ConnectionDraft, type ConnectionId, EMPTY_DRAFT } from '../domain/connection.ts';
import { connectionHosts, isUsable } from '../domain/connection-hosts.ts';
import { withProfile } from '../domain/connection-profile.ts';
import { NOT_DISCOVERED, prefixInUse } from '../domain/discovered.ts';
import { LIMITS, type Settings } from '../domain/settings.ts';
import { connectionsItem, discoveredItem, settingsItem } from '../storage/items.ts';
import { type Policy, wholePolicy } from '../storage/policy.ts';

export interface Writes {
  enabled: boolean;
  maxRows: number;
}

export interface Config {
  connection: Connection;
  settings: Settings;
  /** Policy keys in force. */
  locked: string[];
  /** Whether anything may be written into CXone, and how many rows a batch may have: the organisation's to say. */
  writes: Writes;
  /** The one the pages show. */
  active: boolean;
}

/** What makes a tenant. A policy that sets any of them means one connection, and that one. */
export const TENANT_KEYS = [
  'profile',
  'issuer',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBaseUrl',
  'clientId',
  'tenantId',
] as const;
const CONNECTION_KEYS = [...TENANT_KEYS, 'apiPrefix', 'capabilities'] as const;
const SETTINGS_KEYS = [
  'watchedAgentIds',
  'pollSeconds',
  'persistSession',
  'showNamesInNotifications',
  'retentionDays',
  'auditUrl',
  'wfmUrl',
] as const;
const POLICY_ID = 'policy';

/** The connection shown, or the one with this id. Null when there is none: nothing is configured yet, by hand or by policy. */
export async function loadConfig(id?: ConnectionId): Promise<Config | null> {
  const configs = await loadConfigs();
  return (id === undefined ? configs[0] : configs.find(({ connection }) => connection.id === id)) ?? null;
}

/** All connections in use, the one shown first. */
export async function loadConfigs(): Promise<Config[]> {
  const [{ activeId, list }, { policy: inForce, refused }] = await Promise.all([connectionsItem.get(), wholePolicy()]);
  const active = list.find(({ id }) => id === activeId) ?? list[0] ?? policyConnection(inForce);
  if (!active) return [];
  const others = isTenantFixed(inForce, refused) ? [] : list.filter(({ id }) => id !== active.id);
  const writes = allowedWrites(inForce);
  return Promise.all([active, ...others].map((own) => withPolicy(own, inForce, writes, own === active)));
}

/** Whether the organisation has decided which tenant this is, be it in a way nobody can read: then there is no other beside it. */
export function isTenantFixed(inForce: Policy, refused: readonly Refused[]): boolean {
  return TENANT_KEYS.some((tenantKey) => inForce[tenantKey] !== undefined || refused.some(({ key }) => key === tenantKey));
}

async function withPolicy(own: Connection, inForce: Policy, writes: Writes, active: boolean): Promise<Config> {
  const connection = underPolicy(own, inForce);
  connection.apiBaseUrl = connection.apiBaseUrl.replace(/\/+$/, '');
  const discovered = connection.profile === 'public' ? await discoveredItem(own.id).get() : NOT_DISCOVERED;
  // What was typed stands; what was left open is what CXone told of this issuer.
  if (discovered.issuer === connection.issuer) {
    connection.apiBaseUrl ||= discovered.apiBaseUrl;
    connection.apiPrefix = prefixInUse(discovered, connection.apiPrefix, Date.now());
  }
  const settings = { ...(await settingsItem(own.id).get()), ...pick(inForce, SETTINGS_KEYS) };
  return { connection, settings, locked: Object.keys(inForce), writes, active };
}

export function allowedWrites({ writesEnabled, maxBatchSize }: Policy): Writes {
  return { enabled: writesEnabled ?? true, maxRows: maxBatchSize ?? LIMITS.batchRows.usual };
}

/** The connection with what the organisation sets in it. */
export function underPolicy<T extends ConnectionDraft>(own: T, inForce: Policy): T {
  const [grant, ...otherGrants] = inForce.grants ?? [];
  return {
    ...withProfile(own, inForce.profile ?? own.profile),
    ...pick(inForce, CONNECTION_KEYS),
    ...(inForce.scopes ? { vocabulary: 'custom' as const, scopes: inForce.scopes } : {}),
    // With one way of signing in allowed, that is the way.
    ...(grant && otherGrants.length === 0 ? { grant } : {}),
  };
}

/** A policy that names provider and client, and what of the API cannot be found, is a connection by itself: nobody has to fill in a form. */
function policyConnection(inForce: Policy): Connection | null {
  const draft = underPolicy(EMPTY_DRAFT, inForce);
  const address = draft.apiBaseUrl || draft.issuer;
  const name = URL.canParse(address) ? new URL(address).hostname : '';
  return isUsable({ ...draft, name }, __DEMO__) ? { ...draft, name, id: POLICY_ID } : null;
}

/** Tokens and lists of the one are of no use, and none of its business, at the other. */
export function isOtherTenant(a: Connection, b: Connection): boolean {
  return TENANT_KEYS.some((key) => a[key] !== b[key]);
}

function pick<K extends keyof Policy>(from: Policy, keys: readonly K[]): Pick<Policy, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<Policy, K>;
}

/** The origins of the connection that Chrome does not let us reach. */
export async function hostsMissing(connection: Connection): Promise<string[]> {
  const origins = connectionHosts(connection);
  const allowed = await Promise.all(origins.map((origin) => browser.permissions.contains({ origins: [`${origin}/*`] })));
  return origins.filter((_, index) => !allowed[index]);
}
