/** Signed in or not, and a token for whoever may have one: the face of the room (DESIGN section 5). How a grant lives is in `grants.ts`. */
import { type AuthPhase, type AuthStatus, SIGNED_OUT } from '../domain/auth-status.ts';
import { type Connection, requiredScopes } from '../domain/connection.ts';
import { lacking } from '../domain/scopes.ts';
import { type AuthDeps, asAuthError, createGrants, REJECTED_AGAIN_MS, type TokenResult, within } from './grants.ts';
import { resolveProvider } from './provider.ts';
import { revoke } from './token-endpoint.ts';
import { type Access, eraseAccess, type Grant, readAccess, type SecretStore } from './vault.ts';
import { newTransaction, TRANSACTION_MS } from './web-flow.ts';

export interface Auth {
  /** A token to use now, renewed first where due. `rejected`: the API said 401 to this one. */
  accessToken(connection: Connection, rejected?: Access): Promise<TokenResult>;
  /** Opens the provider's page. Resolves when it ended, well or not: `AuthStatus` tells. */
  signIn(connection: Connection, consentAgain: boolean): Promise<void>;
  cancelSignIn(connection: Connection): Promise<void>;
  signOut(connection: Connection): Promise<void>;
  /** At every start of the worker, before anybody can begin a new one: a sign-in found under way was cut off with the last worker. */
  nameInterrupted(connection: Connection): Promise<void>;
  /** At every start of the worker: a renewal that was cut off is finished. */
  resume(connection: Connection): Promise<void>;
  /** After the connection's scopes changed. */
  recheckScopes(connection: Connection): Promise<void>;
}

export function createAuth(deps: AuthDeps): Auth {
  const { locked, setPhase, webSignIn, renewLocked } = createGrants(deps);

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
        const access = await readAccess(id);
        const { phase, missingScopes } = await deps.status(id).get();
        // A scope stays lost while the window for the new consent is open.
        const barred = phase === 'signedOut' || phase === 'needsSignIn' || missingScopes.length > 0;
        if (barred) return { access, phase, settled: { ok: false, failure: null, transient: false } };
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
        await webSignIn(connection, transaction, null, consentAgain);
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
      await eraseAccess(id);
      const vault = await deps.vault(id);
      const stored = await vault.read().catch(() => 'unreadable' as const);
      await vault.erase();
      // Again: a renewal may have written between the two.
      await eraseAccess(id);
      await deps.log('signed-out', { connection: id });
      if (typeof stored === 'string' || stored.value.refreshToken === null) return;
      try {
        const exchange = deps.exchange(connection);
        const provider = await resolveProvider(connection, exchange, deps.metadata(id), deps.origins(connection));
        await revoke({ provider, connection, exchange }, stored.value.refreshToken);
      } catch {
        await deps.log('revocation-failed', { connection: id });
      }
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

    async recheckScopes(connection) {
      const missingScopes = (status: AuthStatus) => lacking(requiredScopes(connection), status.effectiveScopes);
      await deps.status(connection.id).update((status) => {
        if (status.phase !== 'signedIn' && status.phase !== 'scopeLost') return status;
        const missing = missingScopes(status);
        const phase = missing.length > 0 ? 'scopeLost' : 'signedIn';
        return { ...status, phase, missingScopes: missing, sinceMs: phase === status.phase ? status.sinceMs : Date.now() };
      });
    },
  };

  /** A renewal was cut off: the same token once more, at once, while a provider's grace may still cover it. */
  async function renewPending(connection: Connection): Promise<void> {
    const stored = await (await deps.vault(connection.id)).read();
    if (typeof stored === 'string' || !stored.value.pending) return;
    await renewLocked(connection, await readAccess(connection.id), false);
  }
}
