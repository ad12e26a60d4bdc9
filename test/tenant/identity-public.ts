/**
 * CXone's identity side (facts, section 1): one scope, its own claims, endpoints under `/auth`, no revocation and no introspection; and the access-key grant of
 * UserHub. The tokens are made by the same provider as those of v2: only the doors have other numbers.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ACCOUNTS, type Account } from './accounts.ts';
import { businessUnitOf, nameParts } from './cast-public.ts';
import { HttpError, readJson, sendError, sendJson } from './http.ts';
import type { Dialect } from './identity-dialects.ts';
import type { Identity } from './provider.ts';
import type { RequestLog } from './request-log.ts';

/** The paths CXone has, and what the provider calls the same door. */
const DOORS: Readonly<Record<string, string>> = {
  '/auth/authorize': '/auth',
  '/auth/token': '/token',
  '/auth/jwks': '/jwks',
  '/auth/authorize/logout': '/session/end',
};
const HIDDEN_DOORS = new Set(Object.values(DOORS));
export const USERINFO = '/auth/userinfo';
export const ACCESS_KEY = '/authentication/v1/token/access-key';

/** The path the provider knows a request under; null: CXone has nothing there. */
export function innerPath(path: string): string | null {
  return DOORS[path] ?? (HIDDEN_DOORS.has(path) ? null : path);
}

/** Each account's place among them, for ids that are always the same. */
function placeOf({ id }: Account): number {
  return [...ACCOUNTS.keys()].indexOf(id) + 1;
}

/** The agent a user is in the ACD; supervisors are agents, too, but take no contacts here. */
export function agentIdOf(account: Account): number {
  return 9_000_000 + placeOf(account);
}

/** The UserHub id of a user. */
export function userIdOf(account: Account): string {
  return `11ee0000-0000-4000-8000-${String(placeOf(account)).padStart(12, '0')}`;
}

function personClaims(account: Account, shownName: string): Record<string, unknown> {
  const { tenantId, tenant, businessUnitId } = businessUnitOf(account.orgId);
  const { firstName, lastName } = nameParts(shownName);
  return {
    name: shownName,
    given_name: firstName,
    family_name: lastName,
    tenantId,
    tenant,
    icBUId: businessUnitId,
    icAgentId: String(agentIdOf(account)),
    icClusterId: 'C99',
    userId: userIdOf(account),
    teamId: '700',
    role: { legacyId: account.roles[0] ?? '' },
  };
}

/** The members of CXone's discovery document; the provider's own has more. */
const DISCOVERED = [
  'issuer',
  'end_session_endpoint',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
  'code_challenge_methods_supported',
];

export const PUBLIC_DIALECT: Dialect = {
  oidcScopes: ['openid'],
  apiScopes: [],
  claims: ['sub', ...Object.keys(personClaims({ id: '', name: '', orgId: '', roles: [], permissions: [] }, ''))],
  revocation: false,
  introspection: false,
  clientCredentials: false,
  subjectOf: (account) => `user:${userIdOf(account)}`,
  accountOf: (subject) => [...ACCOUNTS.values()].find((account) => subject === `user:${userIdOf(account)}`),
  claimsOf: (account, name) => ({ sub: `user:${userIdOf(account)}`, ...personClaims(account, name) }),
  tokenClaims: (account, name) => (account ? personClaims(account, name ?? account.name) : {}),
  discovery: (document, issuer) => ({
    ...Object.fromEntries(DISCOVERED.map((name) => [name, document[name]])),
    authorization_endpoint: `${issuer}/auth/authorize`,
    token_endpoint: `${issuer}/auth/token`,
    // Says nothing of public clients, although they are served (facts, section 10: discovery leaves out what works).
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    jwks_uri: `${issuer}/auth/jwks`,
    userinfo_endpoint: `${issuer}${USERINFO}`,
    end_session_endpoint: `${issuer}/auth/authorize/logout`,
    scopes_supported: ['openid'],
    display_values_supported: ['page', 'popup'],
    claim_types_supported: ['normal'],
  }),
};

/** An access key of a user, as UserHub makes them. */
export interface AccessKey {
  account: string;
  accessKeyId: string;
  accessKeySecret: string;
}

export interface PublicIdentityOptions {
  identity: Identity;
  log: RequestLog;
}

/** What CXone's identity side has that OpenID Connect has not, and userinfo. */
export class PublicIdentity {
  /** One access key for each account. */
  readonly accessKeys: readonly AccessKey[] = [...ACCOUNTS.keys()].map((account) => ({
    account,
    accessKeyId: randomBytes(20).toString('hex').toUpperCase(),
    accessKeySecret: randomBytes(32).toString('base64url'),
  }));
  readonly #identity: Identity;
  readonly #log: RequestLog;

  constructor({ identity, log }: PublicIdentityOptions) {
    this.#identity = identity;
    this.#log = log;
  }

  /** `GET|POST /auth/userinfo`. */
  async userinfo(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const bearer = await this.#identity.verify(req.headers.authorization);
    if (!bearer) {
      res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      sendError(res, 401, 'invalid_token', 'The access token is missing, expired or not valid here.');
      return;
    }
    const { account } = bearer;
    const { firstName, lastName } = nameParts(account.name);
    sendJson(res, 200, {
      sub: PUBLIC_DIALECT.subjectOf(account),
      name: account.name,
      given_name: firstName,
      family_name: lastName,
      email: `${account.id}@example.com`,
    });
  }

  /** `POST /authentication/v1/token/access-key`: the tokens of the user the key belongs to. */
  async accessKey(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new HttpError(405, 'method_not_allowed', 'only POST is possible here');
    this.#log.counts.accessKeyGrants++;
    const { accessKeyId, accessKeySecret } = await readJson(req);
    if (await this.#identity.tokenFaults.before(req, res, 'access_key')) return;
    if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string') {
      throw new HttpError(400, 'invalid_request', 'accessKeyId and accessKeySecret are required');
    }
    const key = this.accessKeys.find((each) => each.accessKeyId === accessKeyId && each.accessKeySecret === accessKeySecret);
    if (!key) throw new HttpError(401, 'invalid_client', 'The access key is not valid.');
    res.setHeader('Cache-Control', 'no-store');
    sendJson(res, 200, await this.#identity.grant(key.account));
  }
}
