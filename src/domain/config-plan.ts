/** What a connection looks like in the keys of a set-up file, and what such a file would change. */
import { CONFIG_KEYS, type ConfigKey, type ConfigValues, IDLE_KEYS, POLICY_KEYS } from './config-file.ts';
import { type ConnectionDraft, requiredScopes, SCOPE_VOCABULARIES, type Vocabulary } from './connection.ts';
import { hostOf } from './connection-hosts.ts';
import { withProfile } from './connection-profile.ts';
import type { Settings } from './settings.ts';

/** A connection and its settings in the keys of a file. No secret is among them, and no name. */
export function configOf(draft: ConnectionDraft, settings: Settings): ConfigValues {
  const { profile, issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, apiPrefix, clientId, tenantId } = draft;
  const { watchedAgentIds, pollSeconds, persistSession, showNamesInNotifications, retentionDays, auditUrl, wfmUrl } = settings;
  const texts = { issuer, authorizationEndpoint, tokenEndpoint, apiBaseUrl, apiPrefix, clientId, tenantId };
  const endpoints = { auditUrl, wfmUrl };
  const scopes = requiredScopes(draft);
  return {
    profile,
    ...filled(texts),
    ...(scopes.length > 0 ? { scopes } : {}),
    capabilities: [...draft.capabilities],
    grants: [draft.grant],
    ...(watchedAgentIds.length > 0 ? { watchedAgentIds: [...watchedAgentIds] } : {}),
    pollSeconds,
    persistSession,
    showNamesInNotifications,
    retentionDays,
    ...filled(endpoints),
  };
}

function filled(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
}

export interface Change {
  key: ConfigKey;
  /** Undefined: nothing is set. */
  before: ConfigValues[ConfigKey];
  after: ConfigValues[ConfigKey];
}

export interface ImportPlan {
  draft: ConnectionDraft;
  settings: Settings;
  /** In the order of the keys. */
  changes: Change[];
  /** In the file and different, but set by the organisation: they stay as they are. */
  locked: ConfigKey[];
  /** In the file, without effect: nothing in this version goes by them, or only policy may set them. */
  idle: ConfigKey[];
}

/**
 * What taking over `values` would do to a connection. What the file does not name stays as it is in the form; what was typed there and not
 * saved is saved along with it, and so is a change like any other.
 */
export function planImport(
  values: ConfigValues,
  now: { saved: ConnectionDraft; draft: ConnectionDraft; settings: Settings; locked: ReadonlySet<string> },
): ImportPlan {
  const open = without(values, now.locked);
  const draft = draftWith(now.draft, open);
  const settings = { ...now.settings, ...pick(open, SETTINGS_KEYS) };
  const before = configOf(now.saved, now.settings);
  const after = configOf(draft, settings);
  const changes = CONFIG_KEYS.filter((key) => !same(before[key], after[key]));
  const whole = configOf(draftWith(now.draft, values), { ...now.settings, ...pick(values, SETTINGS_KEYS) });
  return {
    draft,
    settings,
    changes: changes.map((key) => ({ key, before: before[key], after: after[key] })),
    locked: CONFIG_KEYS.filter((key) => now.locked.has(key) && key in values && !same(before[key], whole[key])),
    idle: CONFIG_KEYS.filter((key) => key in values && isIdle(key, values)),
  };
}

const TEXT_KEYS = [
  'issuer',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBaseUrl',
  'apiPrefix',
  'clientId',
  'tenantId',
  'capabilities',
] as const;
const SETTINGS_KEYS = [
  'watchedAgentIds',
  'pollSeconds',
  'persistSession',
  'showNamesInNotifications',
  'retentionDays',
  'auditUrl',
  'wfmUrl',
] as const;
const WITHOUT_EFFECT: readonly ConfigKey[] = [...IDLE_KEYS, ...POLICY_KEYS];

function draftWith(draft: ConnectionDraft, values: ConfigValues): ConnectionDraft {
  const moved = { ...withProfile(draft, values.profile ?? draft.profile), ...pick(values, TEXT_KEYS) };
  const [grant, ...others] = values.grants ?? [];
  if (grant !== undefined && others.length === 0) moved.grant = grant;
  if (values.scopes) {
    moved.vocabulary = vocabularyOf(moved, values.scopes);
    if (moved.vocabulary === 'custom') moved.scopes = [...values.scopes];
  }
  // A file names no connection; the host does until somebody gives it a better one.
  if (moved.name === '') moved.name = hostOf(moved.apiBaseUrl || moved.issuer);
  return moved;
}

/** The preset that asks for exactly these scopes, with the capabilities there are. */
function vocabularyOf({ capabilities }: ConnectionDraft, scopes: readonly string[]): Vocabulary {
  const wanted = [...scopes].sort().join(' ');
  const names = Object.keys(SCOPE_VOCABULARIES) as Exclude<Vocabulary, 'custom'>[];
  const asked = (name: (typeof names)[number]) => capabilities.flatMap((each) => [...SCOPE_VOCABULARIES[name][each]]);
  return names.find((name) => asked(name).sort().join(' ') === wanted) ?? 'custom';
}

function isIdle(key: ConfigKey, { grants = [] }: ConfigValues): boolean {
  return WITHOUT_EFFECT.includes(key) || (key === 'grants' && grants.length !== 1);
}

function pick<K extends ConfigKey>(from: ConfigValues, keys: readonly K[]): Pick<ConfigValues, K> {
  const there = keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]);
  return Object.fromEntries(there) as Pick<ConfigValues, K>;
}

function without(values: ConfigValues, keys: ReadonlySet<string>): ConfigValues {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.has(key))) as ConfigValues;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
