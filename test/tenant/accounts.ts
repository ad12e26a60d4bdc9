/** The people who can sign in, and the scopes the tenant knows. */
import { ORG_ID, OTHER_ORG_ID } from './people.ts';

/** A user of the tenant: `id` is the login name and the `sub` of the tokens. */
export interface Account {
  id: string;
  name: string;
  orgId: string;
  roles: string[];
  permissions: string[];
}

/** The permission without which the states endpoint answers an empty list (seed 004). */
export const STATE_PERMISSION = 'AgentState:View';

const SUPERVISOR = ['Agent:View', STATE_PERMISSION, 'Reporting:View', 'Skills:View', 'Skills:Edit', 'Audit:View'];

/** Login name to account. Any password but `wrong` is accepted. */
export const ACCOUNTS: ReadonlyMap<string, Account> = new Map(
  [
    { id: 'demo', name: 'Robin Demo', orgId: ORG_ID, roles: ['Supervisor'], permissions: SUPERVISOR },
    { id: 'other', name: 'Kim Elsewhere', orgId: OTHER_ORG_ID, roles: ['Supervisor'], permissions: SUPERVISOR },
    { id: 'norole', name: 'Lee Norole', orgId: ORG_ID, roles: ['Agent'], permissions: ['Agent:View'] },
  ].map((account) => [account.id, account]),
);

/** Every API scope of the tenant, in the vocabularies the seeds use. */
export const API_SCOPES = [
  'view:agent',
  'view:interaction',
  'reporting',
  'users:read',
  'users:write',
  'routing:read',
  'analytics:read',
  'audit:read',
  'read:agent',
  'read:interaction',
  'agent:read',
  'agent:state:read',
];

/** Scopes of OpenID Connect itself. They are part of the token's scope too, so that "scope" in an answer is the whole of it. */
export const OIDC_SCOPES = ['openid', 'offline_access'];

/** Either pair opens the states endpoint (seeds 002, 000, 004); half a pair does not. */
const STATE_SCOPES = [
  ['view:agent', 'view:interaction'],
  ['read:agent', 'read:interaction'],
  ['agent:read', 'agent:state:read'],
];

/** Whether a token with these scopes sees agent states. */
export function seesStates(scopes: ReadonlySet<string>): boolean {
  return STATE_SCOPES.some((pair) => pair.every((scope) => scopes.has(scope)));
}
