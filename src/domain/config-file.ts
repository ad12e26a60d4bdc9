/**
 * The keys an organisation or a file may set (DESIGN section 8), and what each must be. Enterprise policy and import are checked by the same
 * rules; each key on its own, so that one wrong value undoes no other.
 */
import { CAPABILITIES, type Capability, type ConnectionDraft, GRANTS, PROFILES } from './connection.ts';
import { isAllowedAddress } from './connection-hosts.ts';
import { looksSecret } from './looks-secret.ts';
import type { Phrase } from './problem-words.ts';
import { LIMITS } from './settings.ts';

export interface ConfigValues {
  profile?: ConnectionDraft['profile'];
  issuer?: string;
  authorizationEndpoint?: string;
  tokenEndpoint?: string;
  apiBaseUrl?: string;
  apiPrefix?: string;
  clientId?: string;
  tenantId?: string;
  scopes?: string[];
  capabilities?: ConnectionDraft['capabilities'];
  /** Policy: which ways of signing in are allowed. File: the way this connection takes. */
  grants?: ConnectionDraft['grant'][];
  watchedAgentIds?: string[];
  pollSeconds?: number;
  persistSession?: boolean;
  showNamesInNotifications?: boolean;
  retentionDays?: number;
  writesEnabled?: boolean;
  maxBatchSize?: number;
  auditUrl?: string;
  wfmUrl?: string;
  locale?: string;
}
export type ConfigKey = keyof ConfigValues;

/** Why a value is refused, as a text of `_locales`; null when it is right. */
type Check = (value: unknown, loopback: boolean) => Phrase | null;

const MAX_TEXT = 500;
const MAX_SCOPES = 50;
const must = (what: string, ...params: (string | number)[]): Phrase => ({
  key: `options_must_${what}`,
  params: params.map(String),
});

const text: Check = (value) => {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_TEXT) return must('text', MAX_TEXT);
  return looksSecret(value) ? must('notSecret') : null;
};
const address: Check = (value, loopback) =>
  text(value, loopback) ?? (isAllowedAddress(String(value), loopback) ? null : must('address'));
const path: Check = (value, loopback) => text(value, loopback) ?? (/^\/[^?#\s]+$/.test(String(value)) ? null : must('path'));
const flag: Check = (value) => (typeof value === 'boolean' ? null : must('flag'));
const oneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string) ? null : must('oneOf', choices.join(', '));
const someOf =
  (choices: readonly string[]): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => choices.includes(item)) ? null : must('someOf', choices.join(', '));
const texts =
  (min: number, max: number): Check =>
  (value, loopback) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return must('texts', min, max);
    const wrong = value.map((item) => text(item, loopback)).find((why) => why !== null);
    return wrong?.key === 'options_must_notSecret' ? wrong : wrong ? must('texts', min, max) : null;
  };
const whole =
  ({ min, max }: { min: number; max: number }): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max ? null : must('whole', min, max);

const KEYS: Record<ConfigKey, Check> = {
  profile: oneOf(PROFILES),
  issuer: address,
  authorizationEndpoint: address,
  tokenEndpoint: address,
  apiBaseUrl: address,
  apiPrefix: path,
  clientId: text,
  tenantId: text,
  scopes: texts(1, MAX_SCOPES),
  capabilities: someOf(CAPABILITIES),
  grants: someOf(GRANTS),
  watchedAgentIds: texts(0, LIMITS.watchedAgents),
  pollSeconds: whole(LIMITS.pollSeconds),
  persistSession: flag,
  showNamesInNotifications: flag,
  retentionDays: whole(LIMITS.retentionDays),
  writesEnabled: flag,
  maxBatchSize: whole(LIMITS.batchRows),
  auditUrl: address,
  wfmUrl: address,
  locale: text,
};
export const CONFIG_KEYS = Object.keys(KEYS) as ConfigKey[];

/** Known, and checked, but nothing in this version goes by them. */
export const IDLE_KEYS = ['locale'] as const satisfies readonly ConfigKey[];

/** What an organisation decides and a person cannot: a file that names them changes nothing. */
export const POLICY_KEYS = ['writesEnabled', 'maxBatchSize'] as const satisfies readonly ConfigKey[];

/** The entries of a list that can be read; none of what is no list. */
const readable = <T extends string>(given: unknown, choices: readonly T[]): T[] =>
  choices.filter((choice) => Array.isArray(given) && given.includes(choice));
const orElse = <T>(list: T[], usual: T[]): T[] => (list.length > 0 ? list : usual);

/**
 * What stands in place of a value of the organisation's that cannot be read, where taking it for "not set" would allow more than was meant:
 * the strictest there is. Of a list, what can be read of it. How long records are kept is none of these: both less and more would do harm.
 */
const STRICTEST: { [K in ConfigKey]?: (given: unknown) => ConfigValues[K] } = {
  grants: (given) => orElse(readable(given, GRANTS), ['authorizationCode']),
  capabilities: (given) => [...new Set<Capability>(['watch', ...readable(given, CAPABILITIES)])],
  scopes: (given) => {
    const scopes = Array.isArray(given) ? given.filter((item) => text(item, false) === null) : [];
    return scopes.length > 0 ? scopes.slice(0, MAX_SCOPES) : undefined;
  },
  persistSession: () => false,
  showNamesInNotifications: () => false,
  writesEnabled: () => false,
  maxBatchSize: () => LIMITS.batchRows.min,
  // Nothing is sent on to wherever a person has chosen.
  auditUrl: () => '',
  wfmUrl: () => '',
};

/** What the values that were refused forbid all the same. Of a policy alone: what a file says wrongly changes nothing. */
export function forbiddenBy(given: Record<string, unknown>, refused: readonly Refused[]): ConfigValues {
  const values = refused.map(({ key }) => [key, STRICTEST[key as ConfigKey]?.(given[key])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

export interface Refused {
  key: string;
  /** Never holds the value: it may be a secret. */
  why: Phrase;
}
export interface CheckedConfig {
  values: ConfigValues;
  refused: Refused[];
  /** Keys nobody knows. */
  unknown: string[];
}

/** Sorts what was given into what may be used and what is refused, and why. `loopback`: plain http to this computer is allowed. */
export function checkConfig(given: Record<string, unknown>, loopback: boolean): CheckedConfig {
  const values: Record<string, unknown> = {};
  const refused: Refused[] = [];
  for (const key of CONFIG_KEYS) {
    if (!Object.hasOwn(given, key)) continue;
    const why = KEYS[key](given[key], loopback);
    if (why === null) values[key] = given[key];
    else refused.push({ key, why });
  }
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(KEYS, key));
  return { values: values as ConfigValues, refused, unknown };
}
