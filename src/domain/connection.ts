/** A connection: tenant + profile + OAuth client + scopes (DESIGN section 2). Nothing in it is secret. */

export type ConnectionId = string;
export const PROFILES = ['v2'] as const;
export type Profile = (typeof PROFILES)[number];
export const CAPABILITIES = ['watch'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface Connection {
  id: ConnectionId;
  name: string;
  profile: Profile;
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

/**
 * Tenants name the same rights differently: the three ways the seeds (000, 002, 004) spell them.
 * `custom` uses the connection's own list.
 */
export const SCOPE_VOCABULARIES = {
  view: { watch: ['view:agent', 'view:interaction'] },
  read: { watch: ['read:agent', 'read:interaction'] },
  agent: { watch: ['agent:read', 'agent:state:read'] },
} as const satisfies Record<string, Record<Capability, readonly string[]>>;
export type Vocabulary = keyof typeof SCOPE_VOCABULARIES | 'custom';
export const VOCABULARIES: readonly Vocabulary[] = ['view', 'read', 'agent', 'custom'];

/** The ways the seeds spell the path before `/agents/states`. */
export const API_PREFIXES = ['/api/v2', '/v2'] as const;
/** The ways the seeds spell the token endpoint, below the API's origin; discovery is tried first. */
export const TOKEN_PATHS = ['/oauth/token', '/v2/oauth/token', '/api/v2/oauth/token'] as const;

export const EMPTY_DRAFT: ConnectionDraft = {
  name: '',
  profile: 'v2',
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

/** The scopes that the switched-on capabilities need, without OIDC's own. */
export function requiredScopes(connection: Pick<Connection, 'vocabulary' | 'scopes' | 'capabilities'>): string[] {
  const { vocabulary } = connection;
  if (vocabulary === 'custom') return [...connection.scopes];
  return connection.capabilities.flatMap((capability) => [...SCOPE_VOCABULARIES[vocabulary][capability]]);
}
