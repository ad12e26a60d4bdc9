/**
 * The grants without a sign-in page: a service account and a user's access key. No window opens, neither at the sign-in nor later: a
 * renewal asks again with the secret, and a secret that was refused is not sent again before somebody signs in.
 */
import { type Connection, grantsFor, requiredScopes } from '../domain/connection.ts';
import { effectiveScopes } from '../domain/scopes.ts';
import { askByAccessKey } from './access-key.ts';
import type { Brought } from './adopt.ts';
import { type AuthDeps, callTo } from './deps.ts';
import { AuthError } from './errors.ts';
import type { TokenAnswer } from './token-answer.ts';
import { askAsClient } from './token-endpoint.ts';
import type { Grant, Secret } from './vault.ts';

/**
 * Asks with the secret of the connection.
 * @param before what there is; null at a sign-in
 * @throws AuthError `grantForbidden`, `scopeNeeded` or `secretMissing` before anything is sent; else what the answer amounts to
 */
export async function askWithSecret(deps: AuthDeps, connection: Connection, before: Grant | null): Promise<Brought> {
  const requested = requiredScopes(connection);
  const answer = await ask(deps, connection, await secretFor(deps, connection, requested), requested);
  const received = effectiveScopes({ responseScope: answer.scopes?.join(' '), requested });
  const grant: Grant = {
    refreshToken: answer.refreshToken,
    // No session in this browser came of it, so that there is none to end or to go on from.
    idToken: null,
    grantedScopes: before?.grantedScopes ?? received,
    epoch: (before?.epoch ?? 0) + 1,
    renewals: before ? before.renewals + 1 : 0,
    pending: null,
    refused: false,
    owner: await deps.owner(connection),
  };
  return { grant, requested, answer };
}

async function secretFor(deps: AuthDeps, connection: Connection, requested: string[]): Promise<Secret> {
  const { id, profile, grant } = connection;
  if (!grantsFor(profile).includes(grant) || !(await deps.allows(connection))) throw new AuthError('grantForbidden');
  // Some servers answer an empty scope with a token that may do nothing, and then every list is empty (seed 002).
  if (grant === 'clientCredentials' && requested.length === 0) throw new AuthError('scopeNeeded');
  const stored = await (await deps.secret(id)).read();
  if (typeof stored === 'string') throw new AuthError('secretMissing');
  // Another tenant's, or another client's: it is not sent to this one.
  const { owner = null } = stored.value;
  if (owner !== null && owner !== (await deps.owner(connection))) throw new AuthError('secretMissing');
  return stored.value;
}

async function ask(deps: AuthDeps, connection: Connection, secret: Secret, requested: string[]): Promise<TokenAnswer> {
  if (connection.grant === 'accessKey') return askByAccessKey(deps.exchange(connection), connection, secret);
  return askAsClient(await callTo(deps, connection), secret.secret, requested.join(' '));
}
