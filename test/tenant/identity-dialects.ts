/** What the identity sides of the two profiles do differently: scopes, claims, subjects, and which endpoints there are. */
import { ACCOUNTS, type Account, API_SCOPES, OIDC_SCOPES } from './accounts.ts';
import { ORG_ID } from './people.ts';

/** The confidential client of a service account (seeds 000, 001, 003); its secret is made at the start. */
export const SERVICE_CLIENT_ID = 'agent-watch-service';

/** Whom a service account's token speaks for: nobody can sign in as it. */
const SERVICE_ACCOUNT: Account = {
  id: SERVICE_CLIENT_ID,
  name: 'Agent Watch service',
  orgId: ORG_ID,
  roles: ['Service'],
  permissions: ACCOUNTS.get('demo')?.permissions ?? [],
};

export interface Dialect {
  /** The scopes of OpenID Connect the provider knows. */
  oidcScopes: readonly string[];
  /** Those of the API. */
  apiScopes: readonly string[];
  /** Names of the claims behind the scope `openid`. */
  claims: readonly string[];
  revocation: boolean;
  introspection: boolean;
  /** Whether a service account gets tokens by `client_credentials`. */
  clientCredentials: boolean;
  /** The `sub` of an account. */
  subjectOf(account: Account): string;
  /** The account behind a `sub`. */
  accountOf(subject: string): Account | undefined;
  /** What an ID token says. @param name as it shall be shown */
  claimsOf(account: Account, name: string): Record<string, unknown>;
  /** What an access token says besides. */
  tokenClaims(account: Account | undefined, name: string | undefined): Record<string, unknown>;
  /** The discovery document, given the provider's own. */
  discovery(document: Record<string, unknown>, issuer: string): Record<string, unknown>;
}

/** The seeds' identity side. */
export const V2_DIALECT: Dialect = {
  oidcScopes: OIDC_SCOPES,
  apiScopes: API_SCOPES,
  claims: ['sub', 'name', 'org_id'],
  revocation: true,
  introspection: true,
  clientCredentials: true,
  subjectOf: ({ id }) => id,
  accountOf: (subject) => ACCOUNTS.get(subject) ?? (subject === SERVICE_CLIENT_ID ? SERVICE_ACCOUNT : undefined),
  claimsOf: (account, name) => ({ sub: account.id, name, org_id: account.orgId }),
  // What the introspection answers besides (RFC 7662 2.2), and what a JWT says.
  tokenClaims: (account, name) => ({ org_id: account?.orgId, username: name }),
  discovery: (document) => document,
};
