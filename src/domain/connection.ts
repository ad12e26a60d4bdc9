/** A connection: tenant + profile + OAuth client + scopes (DESIGN section 2). Nothing in it is secret. */

export type ConnectionId = string;
/** Which CXone API a tenant speaks: the seeds' `/api/v2/…`, or the documented inContactAPI services. */
export const PROFILES = ['v2', 'public'] as const;
export type Profile = (typeof PROFILES)[number];
/**
 * How a connection gets its tokens: a person at the provider's page (RFC 6749 4.1), a service account with its secret (4.4), or a user's
 * access key (facts/cxone-api.md section 4). The secret of the last two is no part of the connection.
 */
export const GRANTS = ['authorizationCode', 'clientCredentials', 'accessKey'] as const;
export type GrantType = (typeof GRANTS)[number];
/** What a connection is used for. Each needs its scopes; without those of `watch` nothing goes, without others they alone do not. */
export const CAPABILITIES = ['watch', 'history', 'skills'] as const;
export type Capability = (typeof CAPABILITIES)[number];
/** Those a person may switch on and off. */
export const SWITCHABLE = ['history', 'skills'] as const satisfies readonly Capability[];
export type Switchable = (typeof SWITCHABLE)[number];

export interface Connection {
  id: ConnectionId;
  name: string;
  profile: Profile;
  grant: GrantType;
  /** The OpenID provider, as its discovery document spells it. Empty when both endpoints are given by hand. */
  issuer: string;
  /** Empty: taken from discovery. */
  authorizationEndpoint: string;
  /** Empty: taken from discovery. */
  tokenEndpoint: string;
  /** Origin of the API, no trailing slash. */
  apiBaseUrl: string;
  /** Path before `/agents/states`, e.g. `/api/v2`. */
  apiPrefix: string;
  clientId: string;
  /** Sent as `tenantId` at sign-in where given. */
  tenantId: string;
  vocabulary: Vocabulary;
  /** The scopes asked for when the vocabulary is `custom`. */
  scopes: string[];
  capabilities: Capability[];
}

/** What the form holds: a connection that need not be right yet and has no id of its own. */
export type ConnectionDraft = Omit<Connection, 'id'>;

/** Seed 003. */
const SKILLS_SCOPES = ['users:read', 'users:write', 'routing:read', 'analytics:read', 'audit:read'] as const;

/**
 * Tenants name the same rights differently: the three ways the seeds (000, 002, 004) spell them.
 * `custom` uses the connection's own list.
 */
export const SCOPE_VOCABULARIES = {
  view: { watch: ['view:agent', 'view:interaction'], history: ['reporting'], skills: SKILLS_SCOPES },
  read: { watch: ['read:agent', 'read:interaction'], history: ['reporting'], skills: SKILLS_SCOPES },
  agent: { watch: ['agent:read', 'agent:state:read'], history: ['reporting'], skills: SKILLS_SCOPES },
} as const satisfies Record<string, Record<Capability, readonly string[]>>;
export type Vocabulary = keyof typeof SCOPE_VOCABULARIES | 'custom';
export const VOCABULARIES: readonly Vocabulary[] = ['view', 'read', 'agent', 'custom'];

/** How a scope of the tenant's own is known to be a capability's. */
const OWN_NAMES: Record<Switchable, RegExp> = { history: /report/i, skills: /^(users?|routing|analytics|audit)(?![a-z])|skill/i };

/** The ways the seeds spell the path before `/agents/states`. */
export const API_PREFIXES = ['/api/v2', '/v2'] as const;
/** The ways the seeds spell the token endpoint, below the API's origin; discovery is tried first. */
export const TOKEN_PATHS = ['/oauth/token', '/v2/oauth/token', '/api/v2/oauth/token'] as const;

export const EMPTY_DRAFT: ConnectionDraft = {
  name: '',
  profile: 'v2',
  grant: 'authorizationCode',
  issuer: '',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  apiBaseUrl: '',
  apiPrefix: '/api/v2',
  clientId: '',
  tenantId: '',
  vocabulary: 'view',
  scopes: [],
  capabilities: ['watch'],
};

/**
 * The scopes that the switched-on capabilities need, without OIDC's own. The public API has none: rights are those of the user's role there,
 * and a missing one is a 403 (facts/cxone-api.md section 4).
 */
export function requiredScopes(connection: Pick<Connection, 'profile' | 'vocabulary' | 'scopes' | 'capabilities'>): string[] {
  const { profile, vocabulary } = connection;
  if (profile === 'public') return [];
  if (vocabulary === 'custom') return [...connection.scopes];
  return connection.capabilities.flatMap((capability) => [...SCOPE_VOCABULARIES[vocabulary][capability]]);
}

/**
 * Those of them without which nothing goes: the scopes of `watch`. A tenant that does not give the scope of another capability is watched
 * all the same, and that capability says what it lacks.
 */
export function vitalScopes(connection: Pick<Connection, 'profile' | 'vocabulary' | 'scopes' | 'capabilities'>): string[] {
  // The names of skills' scopes are common words: while that is off, they are what the tenant watches with.
  const others = SWITCHABLE.filter((capability) => capability !== 'skills' || connection.capabilities.includes('skills'));
  const theirs = others.flatMap((capability) => scopesOf(connection, capability));
  const required = requiredScopes(connection);
  const vital = required.filter((scope) => !theirs.includes(scope));
  return vital.length > 0 ? vital : required;
}

/** The scopes a capability needs. Of a vocabulary of the tenant's own: those of its list that are named after it. */
export function scopesOf(
  { profile, vocabulary, scopes }: Pick<Connection, 'profile' | 'vocabulary' | 'scopes'>,
  capability: Switchable,
): string[] {
  if (profile === 'public') return [];
  if (vocabulary !== 'custom') return [...SCOPE_VOCABULARIES[vocabulary][capability]];
  return scopes.filter((scope) => OWN_NAMES[capability].test(scope));
}

/**
 * The connection with a capability switched on or off. A tenant's own list of scopes gets those of the usual ones that it lacks, unless it
 * names the capability's in a way of its own; and loses them again.
 * @param addScopes false: the organisation has decided which scopes there are
 */
export function withCapability<T extends ConnectionDraft>(draft: T, capability: Switchable, on: boolean, addScopes: boolean): T {
  const rest = draft.capabilities.filter((each) => each !== capability);
  const next = { ...draft, capabilities: on ? [...rest, capability] : rest };
  if (draft.profile === 'public' || draft.vocabulary !== 'custom' || !addScopes) return next;
  const usual: readonly string[] = SCOPE_VOCABULARIES.view[capability];
  const ownWay = scopesOf(draft, capability).some((scope) => !usual.includes(scope));
  if (on && !ownWay) next.scopes = [...draft.scopes, ...usual.filter((scope) => !draft.scopes.includes(scope))];
  if (!on) next.scopes = draft.scopes.filter((scope) => !usual.includes(scope));
  return next;
}

/** The grants a profile has, the one to prefer first. */
export function grantsFor(profile: Profile): readonly GrantType[] {
  return profile === 'public' ? ['authorizationCode', 'accessKey'] : ['authorizationCode', 'clientCredentials'];
}
