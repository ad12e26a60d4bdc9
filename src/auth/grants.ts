/**
 * What a sign-in leaves and how it is kept alive: renew, silently begin anew, ask again with the secret (DESIGN section 5).
 * The window between "the provider rotated" and "we have written it down" cannot be closed on the client; so every step leaves a mark
 * from which the next start of the worker goes on (security-reliability.md 1.1: 0 lost sign-ins in 200 kills, against 94 without).
 */
import type { AuthFailure, AuthPhase, AuthStatus } from '../domain/auth-status.ts';
import { type Connection, type ConnectionId, requiredScopes } from '../domain/connection.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import { effectiveScopes } from '../domain/scopes.ts';
import { createAdopt } from './adopt.ts';
import { type AuthDeps, callTo } from './deps.ts';
import { askWithSecret } from './direct.ts';
import { AuthError, asAuthError } from './errors.ts';
import type { Farewell } from './farewell.ts';
import { type Provider, signInPage, speaksOpenId } from './provider.ts';
import type { TokenAnswer } from './token-answer.ts';
import { exchangeCode, renew } from './token-endpoint.ts';
import { CANCELLED, NO_TOKEN, type TokenResult } from './token-result.ts';
import { type Access, eraseAccess, type Grant, readHold, type SecretStore, writeHold } from './vault.ts';
import { authorizeUrl, launch, newTransaction, readRedirect, type Transaction } from './web-flow.ts';

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
  /** A sign-in by the user, up to tokens in the vault. */
  signIn(connection: Connection, transaction: Transaction, consent: boolean): Promise<TokenResult>;
  /** Within the lock: renew without the user, by whatever way there is; else the user has to sign in. */
  renewLocked(connection: Connection, current: Access | null, forced: boolean): Promise<TokenResult>;
}

/** What the vault has of the connection; null: nothing that can be read. */
type Held = { value: Grant; generation: string } | null;

/** A token the API rejects is renewed at once, but not again and again. */
export const REJECTED_AGAIN_MS = 60_000;
const LOST_AGAIN_MS = 2_000;
/** The OIDC scopes are asked for beside those of the capabilities. */
const OIDC_SCOPES = ['openid', 'offline_access'];
/** Only these end a sign-in; whatever else goes wrong with a renewal has decided nothing (security-reliability.md 2.3, rule 5). */
const REFUSALS = new Set<AuthFailure>([
  'refused',
  'invalidClient',
  'invalidScope',
  'keyRefused',
  'secretMissing',
  'scopeNeeded',
  'grantForbidden',
]);

/** False also when the clock was set back meanwhile. */
export const within = (atMs: number, ms: number): boolean => Date.now() >= atMs && Date.now() - atMs < ms;

export function createGrants(deps: AuthDeps, farewell: Farewell): Grants {
  const { settle, adopt } = createAdopt(deps, farewell);

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

  async function signIn(connection: Connection, transaction: Transaction, consent: boolean): Promise<TokenResult> {
    // Another one, or none, means that this sign-in was cancelled.
    const stillWanted = async () => {
      if ((await deps.transaction(connection.id).get())?.state !== transaction.state) throw new AuthError('cancelled');
    };
    const brought =
      connection.grant === 'authorizationCode'
        ? await throughThePage(connection, transaction, null, consent, stillWanted)
        : await askWithSecret(deps, connection, null);
    const origin = { kind: 'signIn', forced: false } as const;
    return locked(connection.id, () => settle(connection, brought, origin, null, stillWanted));
  }

  /** One trip through the provider's page; `silent` null: the user is at it. */
  async function throughThePage(
    connection: Connection,
    transaction: Transaction,
    silent: Silent | null,
    consent: boolean,
    stillWanted: () => Promise<void>,
  ) {
    if (!(await deps.allows(connection))) throw new AuthError('grantForbidden');
    const call = await callTo(deps, connection);
    const { provider } = call;
    const page = signInPage(provider);
    const requested = scopesToAsk(connection, provider);
    await deps.step('signIn:opening');
    await stillWanted();
    // An ID token is a token: it goes to hosts of the connection only.
    const idTokenHint = deps.origins(connection).includes(new URL(page).origin) ? (silent?.idTokenHint ?? null) : null;
    const redirect = await launch(
      await authorizeUrl(page, connection, transaction, { scopes: requested, silent: silent !== null, consent, idTokenHint }),
      silent !== null,
    );
    await deps.step('signIn:redirected');
    await stillWanted();
    const params = readRedirect(redirect, provider, connection, transaction, Date.now());
    const nonce = connection.issuer !== '' && requested.includes('openid') ? transaction.nonce : null;
    const answer = await exchangeCode(call, params, transaction.redirectUri, transaction.verifier, nonce);
    await deps.step('signIn:exchanged');
    const grant: Grant = {
      refreshToken: answer.refreshToken,
      idToken: answer.idToken,
      grantedScopes: effectiveScopes({ responseScope: answer.scopes?.join(' '), requested }),
      epoch: 1,
      renewals: 0,
      pending: null,
      refused: false,
    };
    return { grant, requested, answer };
  }

  async function renewLocked(connection: Connection, current: Access | null, forced: boolean): Promise<TokenResult> {
    const { id } = connection;
    const vault = await deps.vault(id);
    const stored = await vault.read();
    if (stored === 'absent' && (await deps.status(id).get()).phase === 'signedOut') return NO_TOKEN;
    const held: Held = typeof stored === 'string' ? null : stored;
    // The connection leads elsewhere by now: nothing of the one before is sent there, and nothing is decided about it either.
    const { owner = null } = held?.value ?? {};
    if (owner !== null && owner !== (await deps.owner(connection))) return NO_TOKEN;
    const notBeforeMs = await readHold(id);
    if (notBeforeMs > Date.now() && notBeforeMs <= Date.now() + MAX_RETRY_AFTER_MS)
      return later(connection, held, current, new AuthError('providerError', { transient: true, notBeforeMs }));
    if (connection.grant !== 'authorizationCode') return renewWithSecret(connection, vault, held, current, forced);
    if (held === null) {
      const reason = stored === 'unreadable' ? 'vaultUnreadable' : 'loginRequired';
      return silently(connection, reason, { replaces: null, idTokenHint: null, forced });
    }
    return renewByPage(connection, vault, held, current, forced);
  }

  async function renewByPage(
    connection: Connection,
    vault: SecretStore<Grant>,
    held: NonNullable<Held>,
    current: Access | null,
    forced: boolean,
  ): Promise<TokenResult> {
    const { value: grant, generation } = held;
    const silent = { replaces: generation, idTokenHint: grant.idToken, forced };
    if (grant.refreshToken === null || grant.refused)
      return silently(connection, grant.refused ? 'refused' : 'loginRequired', silent);
    if (forced && justLost(grant)) return { ok: false, failure: 'providerError', transient: true };
    try {
      return await renewByToken(connection, vault, held, grant.refreshToken, forced);
    } catch (thrown) {
      const error = await failedRenewal(connection, thrown);
      if (error.failure === 'cancelled') return CANCELLED;
      if (error.transient || !REFUSALS.has(error.failure)) return later(connection, held, current, error);
      if (!(await vault.write({ ...grant, pending: null, refused: true }, generation, generation))) return CANCELLED;
      return silently(connection, error.failure, silent);
    }
  }

  /** An access key may come with a refresh token: that one first. Else, and when it is refused, the secret is all it takes. */
  async function renewWithSecret(
    connection: Connection,
    vault: SecretStore<Grant>,
    held: Held,
    current: Access | null,
    forced: boolean,
  ): Promise<TokenResult> {
    if (held?.value.refused) return needsUser(connection, 'refused');
    if (forced && held && justLost(held.value)) return { ok: false, failure: 'providerError', transient: true };
    let grant = held?.value ?? null;
    /** False: signed out meanwhile. */
    const keep = async (next: Grant) => {
      grant = next;
      return held === null || vault.write(next, held.generation, held.generation);
    };
    try {
      if (held && grant?.refreshToken && connection.clientId !== '') {
        try {
          return await renewByToken(connection, vault, held, grant.refreshToken, forced);
        } catch (thrown) {
          const error = asAuthError(thrown);
          if (error.failure === 'cancelled' || error.transient) throw error;
          await failedRenewal(connection, error);
          grant = { ...grant, refreshToken: null };
        }
      }
      if (grant && !(await keep({ ...grant, pending: { epoch: grant.epoch + 1, atMs: Date.now() } }))) return CANCELLED;
      const brought = await askWithSecret(deps, connection, grant);
      await deps.step('secret:answered');
      if (held === null) return await settle(connection, brought, { kind: 'silentSignIn', forced }, null, async () => undefined);
      if (await keep(brought.grant)) return await adopt(connection, held.generation, brought, { kind: 'renewal', forced });
      await farewell.discard(connection, brought.grant.refreshToken);
      return CANCELLED;
    } catch (thrown) {
      const error = await failedRenewal(connection, thrown);
      if (error.failure === 'cancelled') return CANCELLED;
      if (error.transient || !REFUSALS.has(error.failure)) return later(connection, held, current, error);
      if (grant && !(await keep({ ...grant, pending: null, refused: true }))) return CANCELLED;
      return needsUser(connection, error.failure);
    }
  }

  /** Every way without the user has failed. */
  async function needsUser(connection: Connection, failure: AuthFailure): Promise<TokenResult> {
    await eraseAccess(connection.id);
    await setPhase(connection.id, 'needsSignIn', failure);
    return { ok: false, failure, transient: false };
  }

  /** An answer was lost a moment ago. Again soon, while a grace may cover it, but not in a loop. */
  const justLost = ({ pending }: Grant) => pending !== null && within(pending.atMs, LOST_AGAIN_MS);

  /** Written to the log, and what the provider said about asking again is remembered. */
  async function failedRenewal(connection: Connection, thrown: unknown): Promise<AuthError> {
    const error = asAuthError(thrown);
    const { failure, detail, notBeforeMs } = error;
    await deps.log('renewal-failed', { connection: connection.id, failure, ...(detail && { field: detail }) });
    if (notBeforeMs > 0) await writeHold(connection.id, notBeforeMs);
    return error;
  }

  /** Nothing was decided: the token at hand goes on for as long as it lasts, and a renewal is tried again later. */
  async function later(connection: Connection, held: Held, current: Access | null, error: AuthError): Promise<TokenResult> {
    const { failure, notBeforeMs } = error;
    if (current && current.expiresMs > Date.now() && current.generation === held?.generation)
      return { ok: true, access: current };
    await setPhase(connection.id, 'recovering', failure);
    return { ok: false, failure, transient: true, ...(notBeforeMs > 0 && { notBeforeMs }) };
  }

  async function renewByToken(
    connection: Connection,
    vault: SecretStore<Grant>,
    { value: grant, generation }: NonNullable<Held>,
    refreshToken: string,
    forced: boolean,
  ): Promise<TokenResult> {
    const call = await callTo(deps, connection);
    const marked = { ...grant, pending: { epoch: grant.epoch + 1, atMs: Date.now() } };
    if (!(await vault.write(marked, generation, generation))) throw new AuthError('cancelled');
    await deps.step('refresh:pending');
    const owner = await deps.owner(connection);
    let kept = grant;
    const keep = async (rotated: string | null, idToken: string | null) => {
      kept = {
        ...grant,
        refreshToken: rotated ?? refreshToken,
        // An access key's has no session in this browser behind it.
        idToken: connection.grant === 'authorizationCode' ? (idToken ?? grant.idToken) : null,
        epoch: grant.epoch + 1,
        renewals: grant.renewals + 1,
        pending: null,
        owner,
      };
      await deps.step('refresh:answered');
      if (await vault.write(kept, generation, generation)) return;
      await farewell.discard(connection, rotated);
      throw new AuthError('cancelled');
    };
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
    return adopt(connection, generation, { grant: kept, requested: grant.grantedScopes, answer }, { kind: 'renewal', forced });
  }

  async function silently(connection: Connection, reason: AuthFailure, silent: Silent): Promise<TokenResult> {
    const { id } = connection;
    const { phase } = await setPhase(id, 'recovering', reason);
    if (phase === 'signedOut') return CANCELLED;
    await deps.step('silent:opening');
    const wanted = async () => undefined;
    try {
      const brought = await throughThePage(connection, newTransaction(Date.now()), silent, false, wanted);
      // A silent sign-in is part of a renewal and already has the lock.
      return await settle(connection, brought, { kind: 'silentSignIn', forced: silent.forced }, silent.replaces, wanted);
    } catch (thrown) {
      const error = asAuthError(thrown);
      if (error.failure === 'cancelled') return CANCELLED;
      await deps.log('silent-sign-in-failed', { connection: id, failure: error.failure });
      if (error.notBeforeMs > 0) await writeHold(id, error.notBeforeMs);
      // A page that does not load decides nothing while we are offline; online it is the provider's way to say no.
      const transient = ['network', 'providerError', 'pageTimedOut', 'alreadyOpen'].includes(error.failure) || !navigator.onLine;
      if (!transient) await eraseAccess(id);
      const said = transient || error.failure === 'wrongTenant' ? error.failure : reason;
      await setPhase(id, transient ? 'recovering' : 'needsSignIn', said);
      return { ok: false, failure: error.failure, transient };
    }
  }

  return { locked, setPhase, signIn, renewLocked };
}

/** What a sign-in asks for. A plain OAuth server may refuse a scope it does not know: `openid` only where it may be understood. */
function scopesToAsk(connection: Connection, provider: Provider): string[] {
  const offered = provider.scopes_supported ?? [];
  const plain = connection.issuer === '' || speaksOpenId(provider) === 'no';
  const oidc = OIDC_SCOPES.filter((scope) => (scope === 'openid' ? !plain : connection.issuer !== '' && offered.includes(scope)));
  return [...new Set([...oidc, ...requiredScopes(connection)])];
}
