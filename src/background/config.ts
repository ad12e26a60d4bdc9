/** The connection in use with its settings, policy laid over both. Everything else in the worker starts from here. */
import browser from 'webextension-polyfill';
import { type Connection, EMPTY_DRAFT } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import type { Settings } from '../domain/settings.ts';
import { connectionsItem, settingsItem } from '../storage/items.ts';
import { type Policy, policy } from '../storage/policy.ts';

export interface Config {
  connection: Connection;
  settings: Settings;
  /** Policy keys in force. */
  locked: string[];
}

const CONNECTION_KEYS = [
  'profile',
  'issuer',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBaseUrl',
  'apiPrefix',
  'clientId',
  'tenantId',
  'capabilities',
] as const;
const SETTINGS_KEYS = ['watchedAgentIds', 'pollSeconds', 'persistSession', 'showNamesInNotifications', 'retentionDays'] as const;
const POLICY_ID = 'policy';

/** Null when nothing is configured yet, by hand or by policy. */
export async function loadConfig(): Promise<Config | null> {
  const [{ activeId, list }, inForce] = await Promise.all([connectionsItem.get(), policy()]);
  const own = list.find(({ id }) => id === activeId) ?? policyConnection(inForce);
  if (!own) return null;
  const connection = {
    ...own,
    ...pick(inForce, CONNECTION_KEYS),
    ...(inForce.scopes ? { vocabulary: 'custom' as const, scopes: inForce.scopes } : {}),
  };
  connection.apiBaseUrl = connection.apiBaseUrl.replace(/\/+$/, '');
  const settings = { ...(await settingsItem(own.id).get()), ...pick(inForce, SETTINGS_KEYS) };
  return { connection, settings, locked: Object.keys(inForce) };
}

/** A policy that names provider, API and client is a connection by itself: nobody has to fill in a form. */
function policyConnection({ issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, clientId }: Policy): Connection | null {
  if (!apiBaseUrl || !URL.canParse(apiBaseUrl) || !clientId || !(issuer || (authorizationEndpoint && tokenEndpoint))) return null;
  return { ...EMPTY_DRAFT, id: POLICY_ID, name: new URL(apiBaseUrl).hostname };
}

/** Tokens and lists of the one are of no use, and none of its business, at the other. */
export function isOtherTenant(a: Connection, b: Connection): boolean {
  const keys = ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'apiBaseUrl', 'clientId', 'tenantId'] as const;
  return keys.some((key) => a[key] !== b[key]);
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
