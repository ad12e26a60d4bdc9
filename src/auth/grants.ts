/**
 * What a sign-in leaves and how it is kept alive: adopt, renew, silently begin anew (DESIGN section 5).
 * The window between "the provider rotated" and "we have written it down" cannot be closed on the client; so every step leaves a mark
 * from which the next start of the worker goes on (security-reliability.md 1.1: 0 lost sign-ins in 200 kills, against 94 without).
 */
import type { AuthFailure, AuthPhase, AuthStatus, GrantEvent } from '../domain/auth-status.ts';
import { type Connection, type ConnectionId, requiredScopes } from '../domain/connection.ts';
import type { Exchange } from '../domain/http.ts';
import { appendLedger, effectiveScopes, grantEvent, lacking } from '../domain/scopes.ts';
import { organisationOf } from '../domain/token-facts.ts';
import { AuthError } from './errors.ts';
import { type MetadataStore, type Provider, resolveProvider } from './provider.ts';
import { exchangeCode, renew, type TokenAnswer } from './token-endpoint.ts';
import { type Access, eraseAccess, type Grant, type SecretStore, writeAccess } from './vault.ts';
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

/** What a silent sign-in takes the place of; `forced`: it comes of a 401. */
interface Silent {
  replaces: string | null;
  idTokenHint: string | null;
  forced: boolean;
}

export interface Grants {
  /** One task at a time per connection, over all of the worker's turns. */
  locked<T>(id: ConnectionId, task: () => Promise<T>): Promise<T>;
  setPhase(id: ConnectionId, phase: AuthPhase, failure: AuthFailure | null): Promise<AuthStatus>;
  /** One trip through the provider's page, up to tokens in the vault. `silent` null: the user is at it. */
  webSignIn(connection: Connection, transaction: Transaction, silent: Silent | null, consent: boolean): Promise<TokenResult>;
  /** Within the lock: renew by refresh token, else silently, else the user has to sign in. */
  renewLocked(connection: Connection, current: Access | null, forced: boolean): Promise<TokenResult>;
}

const RENEW_EARLY_MS = 5 * 60_000;
/** A token the API rejects is renewed at once, but not again and again. */
export const REJECTED_AGAIN_MS = 60_000;
const LOST_AGAIN_MS = 2_000;
/** The OIDC scopes are asked for beside those of the capabilities. */
const OIDC_SCOPES = ['openid', 'offline_access'];
/** Only these end a sign-in; whatever else goes wrong with a renewal has decided nothing (security-reliability.md 2.3, rule 5). */
const REFUSALS = new Set<AuthFailure>(['refused', 'invalidClient', 'invalidScope']);

/** False also when the clock was set back meanwhile. */
export const within = (atMs: number, ms: number): boolean => Date.now() >= atMs && Date.now() - atMs < ms;

export function createGrants(deps: AuthDeps): Grants {
  const locked = <T>(id: ConnectionId, task: () => Promise<T>): Promise<T> =>
    navigator.locks.request(`token:${id}`, task) as Promise<T>;

  const setPhase = (id: ConnectionId, phase: AuthPhase, failure: AuthFailure | null) =>
    deps.status(id).update((status) => {
      if (status.phase === phase && status.failure === failure) return status;
      // Sign-out is the last word: only a new sign-in leads on from it.
      if (status.phase === 'signedOut' && phase !== 'signingIn' && phase !== 'signedOut') return status;
      // Nor does a renewal say anything while the window is open: when it closes, it is read off the vault.
      if (status.phase === 'signingIn' && phase === 'recovering') return status;
      return { ...status, phase, failure, sinceMs: status.phase === phase ? status.sinceMs : Date.now() };
    });

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
    forced: boolean,
  ): Promise<TokenResult> {
    const { id } = connection;
    const nowMs = Date.now();
    const received = effectiveScopes({ responseScope: answer.scopes?.join(' '), requested });
    const required = requiredScopes(connection);
    const missingScopes = lacking(required, received);
    await deps.step('token:kept');
    const vault = await deps.vault(id);
    const { phase: adopted } = await deps.status(id).update((status) => {
      if (status.phase === 'signedOut') return status;
      const previous = status.ledger.at(-1);
      const event = grantEvent({ atMs: nowMs, kind, nth: grant.renewals, requested, received, required, previous });
      const settled = missingScopes.length > 0 ? 'scopeLost' : 'signedIn';
      // The window is still open: a renewal that comes home meanwhile does not close it.
      const phase = status.phase === 'signingIn' && kind !== 'signIn' ? 'signingIn' : settled;
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
    if (adopted === 'signedOut') {
      // Signed out meanwhile. We have the lock, so that what is there of this generation is ours.
      const own = await vault.read();
      if (typeof own !== 'string' && own.generation === generation) await vault.erase();
      return { ok: false, failure: 'cancelled', transient: false };
    }
    await deps.step('token:status');
    const early = Math.min(RENEW_EARLY_MS, answer.expiresInMs / 4) * (0.8 + 0.4 * Math.random());
    const access = {
      token: answer.accessToken,
      receivedMs: nowMs,
      expiresMs: nowMs + answer.expiresInMs,
      renewMs: nowMs + answer.expiresInMs - early,
      generation,
      forced,
    };
    await writeAccess(id, access);
    // Signed out while we were writing: the token goes again.
    const stored = await vault.read();
    if (typeof stored === 'string' || stored.generation !== generation) {
      await eraseAccess(id);
      return { ok: false, failure: 'cancelled', transient: false };
    }
    if (missingScopes.length === 0) return { ok: true, access };
    await deps.log('scope-lost', { connection: id, scopes: missingScopes.join(' ') });
    return { ok: false, failure: null, transient: false };
  }

  async function webSignIn(
    connection: Connection,
    transaction: Transaction,
    silent: Silent | null,
    consent: boolean,
  ): Promise<TokenResult> {
    const { id } = connection;
    const exchange = deps.exchange(connection);
    const origins = deps.origins(connection);
    const provider = await resolveProvider(connection, exchange, deps.metadata(id), origins);
    const requested = scopesToAsk(connection, provider);
    // Another one, or none, means that this sign-in was cancelled.
    const stillWanted = async () => {
      if (!silent && (await deps.transaction(id).get())?.state !== transaction.state) throw new AuthError('cancelled');
    };
    await deps.step('signIn:opening');
    await stillWanted();
    // An ID token is a token: it goes to hosts of the connection only.
    const idTokenHint = origins.includes(new URL(provider.authorization_endpoint).origin) ? (silent?.idTokenHint ?? null) : null;
    const redirect = await launch(
      await authorizeUrl(provider, connection, transaction, { scopes: requested, silent: silent !== null, consent, idTokenHint }),
      silent !== null,
    );
    await deps.step('signIn:redirected');
    await stillWanted();
    const params = readRedirect(redirect, provider, connection, transaction, Date.now());
    const nonce = connection.issuer !== '' && requested.includes('openid') ? transaction.nonce : null;
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
      await stillWanted();
      if (!silent) await deps.transaction(id).update(() => null);
      // The token of who was signed in before must not outlive the change.
      await eraseAccess(id);
      if (!(await (await deps.vault(id)).write(grant, generation, silent?.replaces ?? null))) throw new AuthError('cancelled');
      return adopt(connection, generation, silent ? 'silentSignIn' : 'signIn', grant, requested, answer, silent?.forced ?? false);
    };
    // A silent sign-in is part of a renewal and already has the lock.
    return silent ? write() : locked(id, write);
  }

  async function renewLocked(connection: Connection, current: Access | null, forced: boolean): Promise<TokenResult> {
    const { id } = connection;
    const vault = await deps.vault(id);
    const stored = await vault.read();
    if (stored === 'absent' && (await deps.status(id).get()).phase === 'signedOut')
      return { ok: false, failure: null, transient: false };
    if (typeof stored === 'string') {
      const reason = stored === 'unreadable' ? 'vaultUnreadable' : 'loginRequired';
      return silently(connection, reason, { replaces: null, idTokenHint: null, forced });
    }
    const { value: grant, generation } = stored;
    const silent = { replaces: generation, idTokenHint: grant.idToken, forced };
    if (grant.refreshToken === null || grant.refused)
      return silently(connection, grant.refused ? 'refused' : 'loginRequired', silent);
    // An answer was lost a moment ago. Again soon, while a grace may cover it, but not in a loop.
    if (forced && grant.pending && within(grant.pending.atMs, LOST_AGAIN_MS))
      return { ok: false, failure: 'providerError', transient: true };
    try {
      return await renewByToken(connection, vault, grant, grant.refreshToken, generation, forced);
    } catch (thrown) {
      const error = asAuthError(thrown);
      await deps.log('renewal-failed', {
        connection: id,
        failure: error.failure,
        ...(error.detail ? { field: error.detail } : {}),
      });
      if (error.failure === 'cancelled') return { ok: false, failure: 'cancelled', transient: false };
      if (!error.transient && REFUSALS.has(error.failure)) {
        if (!(await vault.write({ ...grant, pending: null, refused: true }, generation, generation)))
          return { ok: false, failure: 'cancelled', transient: false };
        return silently(connection, error.failure, silent);
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
    forced: boolean,
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
    return adopt(connection, generation, 'renewal', kept, grant.grantedScopes, answer, forced);
  }

  async function silently(connection: Connection, reason: AuthFailure, silent: Silent): Promise<TokenResult> {
    const { id } = connection;
    const { phase } = await setPhase(id, 'recovering', reason);
    if (phase === 'signedOut') return { ok: false, failure: 'cancelled', transient: false };
    await deps.step('silent:opening');
    try {
      return await webSignIn(connection, newTransaction(Date.now()), silent, false);
    } catch (thrown) {
      const error = asAuthError(thrown);
      if (error.failure === 'cancelled') return { ok: false, failure: 'cancelled', transient: false };
      await deps.log('silent-sign-in-failed', { connection: id, failure: error.failure });
      // A page that does not load decides nothing while we are offline; online it is the provider's way to say no.
      const transient = ['network', 'providerError', 'pageTimedOut', 'alreadyOpen'].includes(error.failure) || !navigator.onLine;
      if (!transient) await eraseAccess(id);
      await setPhase(id, transient ? 'recovering' : 'needsSignIn', transient ? error.failure : reason);
      return { ok: false, failure: error.failure, transient };
    }
  }

  return { locked, setPhase, webSignIn, renewLocked };
}

export function asAuthError(thrown: unknown): AuthError {
  return thrown instanceof AuthError ? thrown : new AuthError('badResponse', { transient: true });
}
