/**
 * Signed in or not, and a token for whoever may have one: sign-in, renewal, recovery, sign-out (DESIGN section 5).
 * The window between "the provider rotated" and "we have written it down" cannot be closed on the client; so every step leaves a mark
 * from which the next start of the worker goes on (security-reliability.md 1.1: 0 lost sign-ins in 200 kills, against 94 without).
 */

import type { AuthFailure, AuthPhase, AuthStatus, GrantEvent } from '../domain/auth-status.ts';
import { SIGNED_OUT } from '../domain/auth-status.ts';
import { type Connection, type ConnectionId, requiredScopes } from '../domain/connection.ts';
import type { Exchange } from '../domain/http.ts';
import { appendLedger, effectiveScopes, grantEvent, lacking } from '../domain/scopes.ts';
import { organisationOf } from '../domain/token-facts.ts';
import { AuthError } from './errors.ts';
import { type MetadataStore, type Provider, resolveProvider } from './provider.ts';
import { exchangeCode, renew, revoke, type TokenAnswer } from './token-endpoint.ts';
import { type Access, eraseAccess, type Grant, readAccess, type SecretStore, writeAccess } from './vault.ts';
import { authorizeUrl, launch, newTransaction, readRedirect, type Transaction } from './web-flow.ts';

interface Stored<T> {
  get(): Promise<T>;
  update(change: (value: T) => T): Promise<T>;
}

/** What the room needs from outside: it knows neither who fetches nor where non-secrets are kept. */
export interface AuthDeps {
  exchange(connection: Connection): Exchange;
  origins(connection: Connection): string[];
  metadata(id: ConnectionId): MetadataStore;
  status(id: ConnectionId): Stored<AuthStatus>;
  /** The transaction of a sign-in under way; memory only. */
  transaction(id: ConnectionId): Stored<Transaction | null>;
  vault(id: ConnectionId): Promise<SecretStore<Grant>>;
  log(event: string, facts: Record<string, string | number>): Promise<void>;
  /** A named point at which the chaos campaign may kill the worker; nothing in production. */
  step(name: string): Promise<void>;
}

export type TokenResult = { ok: true; access: Access } | { ok: false; failure: AuthFailure | null; transient: boolean };

export interface Auth {
  /** A token to use now, renewed first where due. `rejected`: the API said 401 to this one. */
  accessToken(connection: Connection, rejected?: Access): Promise<TokenResult>;
  /** Opens the provider's page. Resolves when it ended, well or not: `AuthStatus` tells. */
  signIn(connection: Connection, consentAgain: boolean): Promise<void>;
  cancelSignIn(connection: Connection): Promise<void>;
  signOut(connection: Connection): Promise<void>;
  /** At every start of the worker: names what was cut off, finishes what can be finished. */
  resume(connection: Connection): Promise<void>;
  /** After the connection's scopes changed. */
  recheckScopes(connection: Connection): Promise<void>;
}

const RENEW_EARLY_MS = 5 * 60_000;
/** A token the API rejects is renewed at once, but not again and again. */
const REJECTED_AGAIN_MS = 60_000;
/** The OIDC scopes are asked for beside those of the capabilities. */
const OIDC_SCOPES = ['openid', 'offline_access'];

export function createAuth(deps: AuthDeps): Auth {
  const locked = <T>(id: ConnectionId, task: () => Promise<T>): Promise<T> =>
    navigator.locks.request(`token:${id}`, task) as Promise<T>;

  const setPhase = (id: ConnectionId, phase: AuthPhase, failure: AuthFailure | null) =>
    deps.status(id).update((status) => {
      if (status.phase === phase && status.failure === failure) return status;
      return { ...status, phase, failure, sinceMs: status.phase === phase ? status.sinceMs : Date.now() };
    });

  /** Where we stand when nothing is under way: read off what is stored, so that an interrupted step leaves no wrong phase behind. */
  async function restingPhase(connection: Connection): Promise<AuthPhase> {
    const grant = await (await deps.vault(connection.id)).read();
    if (grant === 'absent') return 'signedOut';
    if (grant === 'unreadable' || grant.value.refused) return 'needsSignIn';
    return (await deps.status(connection.id).get()).missingScopes.length > 0 ? 'scopeLost' : 'signedIn';
  }

  function scopesToAsk(connection: Connection, provider: Provider): string[] {
    const offered = provider.scopes_supported ?? [];
    const oidc = connection.issuer === '' ? [] : OIDC_SCOPES.filter((scope) => scope === 'openid' || offered.includes(scope));
    return [...new Set([...oidc, ...requiredScopes(connection)])];
  }

  /** Writes down what a grant or renewal brought. Status before token: a token that lacks a scope must never be found without its mark. */
  async function adopt(
    connection: Connection,
    generation: string,
    kind: GrantEvent['kind'],
    grant: Grant,
    requested: string[],
    answer: TokenAnswer,
  ): Promise<TokenResult> {
    const { id } = connection;
    const nowMs = Date.now();
    const received = effectiveScopes({ responseScope: answer.scopes?.join(' '), requested });
    const required = requiredScopes(connection);
    const missingScopes = lacking(required, received);
    await deps.step('token:kept');
    await deps.status(id).update((status) => {
      const previous = status.ledger.at(-1);
      const event = grantEvent({ atMs: nowMs, kind, nth: grant.renewals, requested, received, required, previous });
      const phase = missingScopes.length > 0 ? 'scopeLost' : 'signedIn';
      return {
        phase,
        failure: null,
        sinceMs: status.phase === phase ? status.sinceMs : nowMs,
        grantedScopes: grant.grantedScopes,
        effectiveScopes: received,
        missingScopes,
        organisationId: organisationOf(answer.claims) || status.organisationId,
        ledger: appendLedger(status.ledger, event),
      };
    });
    await deps.step('token:status');
    const early = Math.min(RENEW_EARLY_MS, answer.expiresInMs / 4) * (0.8 + 0.4 * Math.random());
    const access = {
      token: answer.accessToken,
      receivedMs: nowMs,
      expiresMs: nowMs + answer.expiresInMs,
      renewMs: nowMs + answer.expiresInMs - early,
      generation,
      forced: false,
    };
    await writeAccess(id, access);
    // Signed out while we were writing: the token goes again.
    const stored = await (await deps.vault(id)).read();
    if (typeof stored === 'string' || stored.generation !== generation) {
      await eraseAccess(id);
      return { ok: false, failure: 'cancelled', transient: false };
    }
    if (missingScopes.length === 0) return { ok: true, access };
    await deps.log('scope-lost', { connection: id, scopes: missingScopes.join(' ') });
    return { ok: false, failure: null, transient: false };
  }

  /** One trip through the provider's page, up to tokens in the vault. */
  async function webSignIn(
    connection: Connection,
    silent: boolean,
    consent: boolean,
    idTokenHint: string | null,
  ): Promise<TokenResult> {
    const { id } = connection;
    const exchange = deps.exchange(connection);
    const provider = await resolveProvider(connection, exchange, deps.metadata(id), deps.origins(connection));
    const requested = scopesToAsk(connection, provider);
    const transaction = newTransaction(Date.now());
    if (!silent) await deps.transaction(id).update(() => transaction);
    await deps.step('signIn:opening');
    const redirect = await launch(
      await authorizeUrl(provider, connection, transaction, { scopes: requested, silent, consent, idTokenHint }),
      silent,
    );
    await deps.step('signIn:redirected');
    if (!silent) {
      // Single use: taken out before the code is spent. Another one, or none, means that this sign-in was cancelled.
      let mine = false;
      await deps.transaction(id).update((current) => {
        mine = current?.state === transaction.state;
        return mine ? null : current;
      });
      if (!mine) throw new AuthError('cancelled');
    }
    const params = readRedirect(redirect, provider, connection, transaction, Date.now());
    const nonce = requested.includes('openid') ? transaction.nonce : null;
    const answer = await exchangeCode(
      { provider, connection, exchange },
      params,
      transaction.redirectUri,
      transaction.verifier,
      nonce,
    );
    await deps.step('signIn:exchanged');
    const generation = crypto.randomUUID();
    const grant: Grant = {
      refreshToken: answer.refreshToken,
      idToken: answer.idToken,
      grantedScopes: effectiveScopes({ responseScope: answer.scopes?.join(' '), requested }),
      epoch: 1,
      renewals: 0,
      pending: null,
      refused: false,
    };
    const write = async () => {
      await (await deps.vault(id)).write(grant, generation, null);
      return adopt(connection, generation, silent ? 'silentSignIn' : 'signIn', grant, requested, answer);
    };
    // A silent sign-in is part of a renewal and already has the lock.
    return silent ? write() : locked(id, write);
  }

  /** Within the lock: renew by refresh token, else silently, else the user has to sign in. */
  async function renewLocked(connection: Connection, current: Access | null): Promise<TokenResult> {
    const { id } = connection;
    const vault = await deps.vault(id);
    const stored = await vault.read();
    if (stored === 'absent' && (await deps.status(id).get()).phase === 'signedOut')
      return { ok: false, failure: null, transient: false };
    if (typeof stored === 'string') return silently(connection, stored === 'unreadable' ? 'vaultUnreadable' : 'expired', null);
    const { value: grant, generation } = stored;
    if (grant.refreshToken === null || grant.refused) return silently(connection, grant.refused ? 'refused' : 'expired', grant);
    try {
      return await renewByToken(connection, vault, grant, grant.refreshToken, generation);
    } catch (thrown) {
      const error = asAuthError(thrown);
      await deps.log('renewal-failed', {
        connection: id,
        failure: error.failure,
        ...(error.detail ? { field: error.detail } : {}),
      });
      if (error.failure === 'cancelled') return { ok: false, failure: 'cancelled', transient: false };
      if (!error.transient) {
        await vault.write({ ...grant, pending: null, refused: true }, generation, generation);
        return silently(connection, error.failure, grant);
      }
      if (current && current.expiresMs > Date.now() && current.generation === generation) return { ok: true, access: current };
      await setPhase(id, 'recovering', error.failure);
      return { ok: false, failure: error.failure, transient: true };
    }
  }

  async function renewByToken(
    connection: Connection,
    vault: SecretStore<Grant>,
    grant: Grant,
    refreshToken: string,
    generation: string,
  ): Promise<TokenResult> {
    const { id } = connection;
    const exchange = deps.exchange(connection);
    const provider = await resolveProvider(connection, exchange, deps.metadata(id), deps.origins(connection));
    const marked = { ...grant, pending: { epoch: grant.epoch + 1, atMs: Date.now() } };
    if (!(await vault.write(marked, generation, generation))) throw new AuthError('cancelled');
    await deps.step('refresh:pending');
    let kept = grant;
    const keep = async (rotated: string | null, idToken: string | null) => {
      kept = {
        ...grant,
        refreshToken: rotated ?? refreshToken,
        idToken: idToken ?? grant.idToken,
        epoch: grant.epoch + 1,
        renewals: grant.renewals + 1,
        pending: null,
      };
      await deps.step('refresh:answered');
      if (!(await vault.write(kept, generation, generation))) throw new AuthError('cancelled');
    };
    const call = { provider, connection, exchange };
    // Always the full granted set, never more and never less (security-reliability.md 2.2).
    const scope = grant.grantedScopes.join(' ');
    let answer: TokenAnswer;
    try {
      answer = await renew(call, refreshToken, scope === '' ? null : scope, keep);
    } catch (error) {
      // A provider that has narrowed the grant for ever refuses the full set; without a scope it tells what is left.
      if (!(error instanceof AuthError && error.failure === 'invalidScope')) throw error;
      answer = await renew(call, refreshToken, null, keep);
    }
    return adopt(connection, generation, 'renewal', kept, grant.grantedScopes, answer);
  }

  async function silently(connection: Connection, reason: AuthFailure, grant: Grant | null): Promise<TokenResult> {
    const { id } = connection;
    await setPhase(id, 'recovering', reason);
    await deps.step('silent:opening');
    try {
      return await webSignIn(connection, true, false, grant?.idToken ?? null);
    } catch (thrown) {
      const error = asAuthError(thrown);
      await deps.log('silent-sign-in-failed', { connection: id, failure: error.failure });
      // A page that does not load decides nothing while we are offline; online it is the provider's way to say no.
      const transient = ['network', 'providerError', 'pageTimedOut', 'alreadyOpen'].includes(error.failure) || !navigator.onLine;
      if (!transient) await eraseAccess(id);
      await setPhase(id, transient ? 'recovering' : 'needsSignIn', transient ? error.failure : reason);
      return { ok: false, failure: error.failure, transient };
    }
  }

  return {
    async accessToken(connection, rejected) {
      const { id } = connection;
      const { phase } = await deps.status(id).get();
      if (phase === 'signedOut' || phase === 'needsSignIn' || phase === 'scopeLost')
        return { ok: false, failure: null, transient: false };
      const usable = (access: Access) => access.token !== rejected?.token && Date.now() < access.renewMs;
      const known = await readAccess(id);
      if (known && usable(known)) return { ok: true, access: known };
      // The user is at it: a renewal now would only get in the way.
      if (phase === 'signingIn') return { ok: false, failure: null, transient: true };
      return locked(id, async () => {
        // Read again: whoever had the lock before us may have done it already.
        const access = await readAccess(id);
        if (access && usable(access)) return { ok: true, access };
        if (rejected && access?.forced && access.token === rejected.token && Date.now() - access.receivedMs < REJECTED_AGAIN_MS)
          return { ok: false, failure: 'refused', transient: false };
        const renewed = await renewLocked(connection, access?.token === rejected?.token ? null : access);
        if (rejected && renewed.ok) await writeAccess(id, { ...renewed.access, forced: true });
        return renewed;
      });
    },

    async signIn(connection, consentAgain) {
      const { id } = connection;
      await setPhase(id, 'signingIn', null);
      try {
        await webSignIn(connection, false, consentAgain, null);
        await deps.log('signed-in', { connection: id });
      } catch (thrown) {
        const error = asAuthError(thrown);
        await deps.log('sign-in-failed', { connection: id, failure: error.failure });
        if (error.failure === 'cancelled') return;
        await deps.transaction(id).update(() => null);
        await setPhase(id, await restingPhase(connection), error.failure);
      }
    },

    async cancelSignIn(connection) {
      await deps.transaction(connection.id).update(() => null);
      await setPhase(connection.id, await restingPhase(connection), 'cancelled');
    },

    async signOut(connection) {
      const { id } = connection;
      const vault = await deps.vault(id);
      const stored = await vault.read();
      await vault.erase();
      await eraseAccess(id);
      await deps.transaction(id).update(() => null);
      await deps.status(id).update(() => ({ ...SIGNED_OUT, sinceMs: Date.now() }));
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

    async resume(connection) {
      const { id } = connection;
      const { phase } = await deps.status(id).get();
      if (phase === 'signingIn') {
        // The window's answer went to a worker that is gone: nothing will come of it.
        await deps.transaction(id).update(() => null);
        await setPhase(id, await restingPhase(connection), 'interrupted');
        return;
      }
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
    await renewLocked(connection, await readAccess(connection.id));
  }
}

function asAuthError(thrown: unknown): AuthError {
  return thrown instanceof AuthError ? thrown : new AuthError('badResponse', { transient: true });
}
