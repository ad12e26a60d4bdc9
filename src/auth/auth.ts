/** Signed in or not, and a token for whoever may have one: the face of the room (DESIGN section 5). How a grant lives is in `grants.ts`. */
import { type AuthPhase, type AuthStatus, SIGNED_OUT } from '../domain/auth-status.ts';
import { type Connection, type ConnectionId, vitalScopes } from '../domain/connection.ts';
import { lacking } from '../domain/scopes.ts';
import { isOfAnotherTenant, jwtClaims, subjectOf } from '../domain/token-facts.ts';
import { type AuthDeps, callTo } from './deps.ts';
import { asAuthError } from './errors.ts';
import { createFarewell } from './farewell.ts';
import { createGrants, REJECTED_AGAIN_MS, within } from './grants.ts';
import { introspect } from './token-endpoint.ts';
import { NO_TOKEN, type TokenResult } from './token-result.ts';
import { type Access, eraseAccess, type Grant, readAccess, type Secret, type SecretStore } from './vault.ts';
import { newTransaction, TRANSACTION_MS } from './web-flow.ts';

export interface Auth {
  /** A token to use now, renewed first where due. `rejected`: the API said 401 to this one. */
  accessToken(connection: Connection, rejected?: Access): Promise<TokenResult>;
  /** Opens the provider's page, or asks with the secret. Resolves when it ended, well or not: `AuthStatus` tells. */
  signIn(connection: Connection, consentAgain: boolean): Promise<void>;
  cancelSignIn(connection: Connection): Promise<void>;
  /**
   * Wipes tokens and secret; resolves when nothing of them is left here. `told` resolves when the provider has been told as well (the
   * token revoked, the person's session there ended), or after ten seconds; it never rejects. Of another tenant's tokens nobody is told.
   */
  signOut(connection: Connection): Promise<{ told: Promise<void> }>;
  /** Keeps what a connection without a sign-in page asks with, in place of what there was. It is used at the next sign-in. */
  setSecret(connection: Connection, secret: Secret): Promise<void>;
  /** Whether there is one that can be read. */
  hasSecret(connection: Connection): Promise<boolean>;
  /** Whose tokens and secret are kept under the connection's id. `other`: any of them is another tenant's, client's or way of signing in's. */
  holds(connection: Connection): Promise<'nothing' | 'own' | 'other' | 'unmarked'>;
  /** At every start of the worker, before anybody can begin a new one: a sign-in found under way was cut off with the last worker. */
  nameInterrupted(connection: Connection): Promise<void>;
  /** At every start of the worker: a renewal that was cut off is finished. */
  resume(connection: Connection): Promise<void>;
  /** Before anything is looked up for the connection: a token of another tenant than the one it names is not used, and that is said. */
  recheckTenant(connection: Connection): Promise<void>;
  /** After the connection's scopes changed. */
  recheckScopes(connection: Connection): Promise<void>;
  /** What the provider says this token carries (RFC 7662), for a token that does not tell by itself; null where it does not say. */
  tokenScopes(connection: Connection, access: Access): Promise<string[] | null>;
  /**
   * Who is signed in, as the tokens call them: `sub` of the ID token kept, else of an access token that can be read; of a service account its
   * client id. '' when nobody says. A name for the record of who did what, never a reason to allow anything.
   */
  subject(connection: Connection): Promise<string>;
}

export function createAuth(deps: AuthDeps): Auth {
  const farewell = createFarewell(deps);
  const { locked, setPhase, signIn, renewLocked } = createGrants(deps, farewell);
  /** What the provider is being told: a sign-in waits for it, because the end of a session would take the new one along. */
  const farewells = new Map<ConnectionId, Promise<void>>();

  /** Where we stand when nothing is under way: read off what is stored, so that an interrupted step leaves no wrong phase behind. */
  async function restingPhase(connection: Connection): Promise<AuthPhase> {
    let grant: Awaited<ReturnType<SecretStore<Grant>['read']>>;
    try {
      grant = await (await deps.vault(connection.id)).read();
    } catch {
      return 'needsSignIn';
    }
    if (grant === 'absent') return 'signedOut';
    if (grant === 'unreadable' || grant.value.refused) return 'needsSignIn';
    return (await deps.status(connection.id).get()).missingScopes.length > 0 ? 'scopeLost' : 'signedIn';
  }

  return {
    async accessToken(connection, rejected) {
      const { id } = connection;
      const usable = (access: Access) => access.token !== rejected?.token && Date.now() < access.renewMs;
      // The token first: its status is written before it, so that whoever finds the token finds the mark too.
      const look = async (): Promise<{ access: Access | null; phase: AuthPhase; settled: TokenResult | null }> => {
        const [access, owner] = await Promise.all([readAccess(id), deps.owner(connection)]);
        const { phase, missingScopes, tenantId } = await deps.status(id).get();
        // A scope stays lost while the window for the new consent is open.
        const foreign = (access !== null && access.owner !== owner) || isOfAnotherTenant(connection.tenantId, tenantId);
        const barred = foreign || phase === 'signedOut' || phase === 'needsSignIn' || missingScopes.length > 0;
        if (barred) return { access, phase, settled: NO_TOKEN };
        return { access, phase, settled: access && usable(access) ? { ok: true, access } : null };
      };
      const first = await look();
      if (first.settled) return first.settled;
      // The user is at it: a renewal now would only get in the way.
      if (first.phase === 'signingIn') return { ok: false, failure: null, transient: true };
      return locked(id, async () => {
        // Look again: whoever had the lock before us may have done it already, or found out that it cannot be done.
        const { access, settled } = await look();
        if (settled) return settled;
        const mine = access !== null && access.token === rejected?.token;
        if (mine && access.forced && within(access.receivedMs, REJECTED_AGAIN_MS))
          return { ok: false, failure: 'refused', transient: false };
        return renewLocked(connection, mine ? null : access, rejected !== undefined);
      });
    },

    async signIn(connection, consentAgain) {
      const { id } = connection;
      const transaction = newTransaction(Date.now());
      const open = await deps
        .transaction(id)
        .update((current) => (current && within(current.atMs, TRANSACTION_MS) ? current : transaction));
      // A window is open already: that one goes on.
      if (open?.state !== transaction.state) return;
      await setPhase(id, 'signingIn', null);
      try {
        await farewells.get(id);
        await signIn(connection, transaction, consentAgain);
        await deps.log('signed-in', { connection: id });
      } catch (thrown) {
        const error = asAuthError(thrown);
        await deps.log('sign-in-failed', { connection: id, failure: error.failure });
        if (error.failure === 'cancelled') return;
        // Cancelled, and its window gone only afterwards: what there is now belongs to the next sign-in.
        let other = false;
        await deps.transaction(id).update((current) => {
          other = current !== null && current.state !== transaction.state;
          return other ? current : null;
        });
        if (!other && (await deps.status(id).get()).phase === 'signingIn')
          await setPhase(id, await restingPhase(connection), error.failure);
      }
    },

    async cancelSignIn(connection) {
      await deps.transaction(connection.id).update(() => null);
      await setPhase(connection.id, await restingPhase(connection), 'cancelled');
    },

    async signOut(connection) {
      const { id } = connection;
      // The mark first: whatever is under way sees it before, or erases after, it writes anything down.
      await deps.status(id).update(() => ({ ...SIGNED_OUT, sinceMs: Date.now() }));
      await deps.transaction(id).update(() => null);
      const access = await readAccess(id);
      await eraseAccess(id);
      const [vault, secrets] = await Promise.all([deps.vault(id), deps.secret(id)]);
      const [grant, secret] = await Promise.all([readable(vault), readable(secrets)]);
      await Promise.all([vault.erase(), secrets.erase()]);
      // Again: a renewal may have written between the two.
      await eraseAccess(id);
      await deps.log('signed-out', { connection: id });
      const own = await deps.owner(connection);
      const mine = <T extends { owner?: string | undefined }>(kept: T | null) =>
        kept && (kept.owner ?? own) === own ? kept : null;
      const [left, idToken] = [revocable(connection, mine(grant), mine(access), mine(secret)), mine(grant)?.idToken ?? null];
      if (left === null && idToken === null) return { told: Promise.resolve() };
      const told = farewell.say(connection, left, idToken).finally(() => {
        if (farewells.get(id) === told) farewells.delete(id);
      });
      farewells.set(id, told);
      return { told };
    },

    async setSecret(connection, secret) {
      const kept = { ...secret, owner: await deps.owner(connection) };
      await (await deps.secret(connection.id)).write(kept, crypto.randomUUID(), null);
    },

    async hasSecret({ id }) {
      const stored = await deps
        .secret(id)
        .then((secret) => secret.read())
        .catch(() => 'unreadable' as const);
      return typeof stored !== 'string';
    },

    async holds(connection) {
      const { id } = connection;
      const own = await deps.owner(connection);
      const [grant, secret, access] = await Promise.all([
        deps.vault(id).then((vault) => vault.read()),
        deps.secret(id).then((vault) => vault.read()),
        readAccess(id),
      ]);
      const kept = [grant, secret].flatMap((stored) => (typeof stored === 'string' ? [] : [stored.value.owner]));
      if (access) kept.push(access.owner);
      if (kept.length === 0) return 'nothing';
      if (kept.some((owner) => owner !== undefined && owner !== own)) return 'other';
      return kept.includes(own) ? 'own' : 'unmarked';
    },

    async nameInterrupted(connection) {
      const { id } = connection;
      // The window's answer went to a worker that is gone: nothing will come of it.
      await deps.transaction(id).update(() => null);
      if ((await deps.status(id).get()).phase !== 'signingIn') return;
      await setPhase(id, await restingPhase(connection), 'interrupted');
    },

    async resume(connection) {
      const { id } = connection;
      const { phase } = await deps.status(id).get();
      if (phase !== 'signedIn' && phase !== 'recovering') return;
      const stored = await (await deps.vault(id)).read();
      if (typeof stored !== 'string' && stored.value.pending) await locked(id, () => renewPending(connection));
    },

    async recheckTenant({ id, tenantId: wanted }) {
      const { phase, tenantId } = await deps.status(id).get();
      if (phase === 'signedOut' || phase === 'signingIn' || phase === 'needsSignIn') return;
      if (!isOfAnotherTenant(wanted, tenantId)) return;
      await eraseAccess(id);
      await setPhase(id, 'needsSignIn', 'wrongTenant');
      await deps.log('wrong-tenant', { connection: id });
    },

    async recheckScopes(connection) {
      const missingScopes = (status: AuthStatus) => lacking(vitalScopes(connection), status.effectiveScopes);
      await deps.status(connection.id).update((status) => {
        if (status.phase !== 'signedIn' && status.phase !== 'scopeLost') return status;
        const missing = missingScopes(status);
        const phase = missing.length > 0 ? 'scopeLost' : 'signedIn';
        return { ...status, phase, missingScopes: missing, sinceMs: phase === status.phase ? status.sinceMs : Date.now() };
      });
    },

    tokenScopes: (connection, { token }) =>
      callTo(deps, connection)
        .then((call) => introspect(call, token))
        .catch(() => null),

    async subject({ id, grant, clientId }) {
      if (grant === 'clientCredentials') return clientId;
      const stored = await deps
        .vault(id)
        .then((vault) => vault.read())
        .catch(() => 'unreadable' as const);
      const idToken = typeof stored === 'string' ? null : stored.value.idToken;
      const access = await readAccess(id);
      return subjectOf(jwtClaims(idToken ?? '')) || subjectOf(jwtClaims(access?.token ?? ''));
    },
  };

  async function readable<T>(store: SecretStore<T>): Promise<T | null> {
    const stored = await store.read().catch(() => 'unreadable' as const);
    return typeof stored === 'string' ? null : stored.value;
  }

  /** The refresh token takes the others along (RFC 7009 2.1); where there is none, the access token is all there is to revoke. */
  function revocable({ grant: way, clientId }: Connection, grant: Grant | null, access: Access | null, secret: Secret | null) {
    if (grant?.refreshToken) return { token: grant.refreshToken, kind: 'refresh_token', secret: null } as const;
    // Without a client nobody is listened to.
    if (access === null || clientId === '') return null;
    return {
      token: access.token,
      kind: 'access_token',
      secret: way === 'clientCredentials' ? (secret?.secret ?? null) : null,
    } as const;
  }

  /** A renewal was cut off: the same token once more, at once, while a provider's grace may still cover it. */
  async function renewPending(connection: Connection): Promise<void> {
    const stored = await (await deps.vault(connection.id)).read();
    if (typeof stored === 'string' || !stored.value.pending) return;
    await renewLocked(connection, await readAccess(connection.id), false);
  }
}
