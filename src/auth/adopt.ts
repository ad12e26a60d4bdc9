/** What a sign-in or renewal brought is written down: the refresh token first, then the status, then the access token. */
import type { GrantEvent } from '../domain/auth-status.ts';
import { type Connection, requiredScopes, vitalScopes } from '../domain/connection.ts';
import { appendLedger, effectiveScopes, grantEvent, lacking } from '../domain/scopes.ts';
import { isOfAnotherTenant, organisationOf, tenantOf } from '../domain/token-facts.ts';
import type { AuthDeps } from './deps.ts';
import { AuthError, asAuthError } from './errors.ts';
import type { Farewell } from './farewell.ts';
import type { TokenAnswer } from './token-answer.ts';
import { CANCELLED, NO_TOKEN, type TokenResult } from './token-result.ts';
import { eraseAccess, type Grant, writeAccess } from './vault.ts';

const RENEW_EARLY_MS = 5 * 60_000;

/** What came home, before it is written down. */
export interface Brought {
  grant: Grant;
  requested: string[];
  answer: TokenAnswer;
}

/** How it came: `forced`, in answer to a 401. */
export interface Origin {
  kind: GrantEvent['kind'];
  forced: boolean;
}

export interface Adopt {
  /** A new grant goes into the vault in place of `replaces` (null: of whatever there is), unless `stillWanted` throws. */
  settle(
    connection: Connection,
    brought: Brought,
    origin: Origin,
    replaces: string | null,
    stillWanted: () => Promise<void>,
  ): Promise<TokenResult>;
  /** The vault has it already: status and access token follow. */
  adopt(connection: Connection, generation: string, brought: Brought, origin: Origin): Promise<TokenResult>;
}

export function createAdopt(deps: AuthDeps, farewell: Farewell): Adopt {
  async function settle(
    connection: Connection,
    brought: Brought,
    origin: Origin,
    replaces: string | null,
    stillWanted: () => Promise<void>,
  ): Promise<TokenResult> {
    const { id } = connection;
    const generation = crypto.randomUUID();
    try {
      await stillWanted();
      // Nothing is kept of it, and what there is stays.
      if (isOfAnotherTenant(connection.tenantId, tenantOf(brought.answer.claims))) throw new AuthError('wrongTenant');
      if (origin.kind === 'signIn') await deps.transaction(id).update(() => null);
      // The token of who was signed in before must not outlive the change.
      await eraseAccess(id);
      const grant = { ...brought.grant, owner: await deps.owner(connection) };
      if (!(await (await deps.vault(id)).write(grant, generation, replaces))) throw new AuthError('cancelled');
    } catch (thrown) {
      if (asAuthError(thrown).failure === 'cancelled') await farewell.discard(connection, brought.grant.refreshToken);
      throw thrown;
    }
    return adopt(connection, generation, brought, origin);
  }

  /** Status before token: a token that lacks a scope must never be found without its mark. */
  async function adopt(connection: Connection, generation: string, brought: Brought, origin: Origin): Promise<TokenResult> {
    const { id } = connection;
    const { grant, requested, answer } = brought;
    const { kind, forced } = origin;
    const nowMs = Date.now();
    const received = effectiveScopes({ responseScope: answer.scopes?.join(' '), requested });
    const required = requiredScopes(connection);
    const missingScopes = lacking(vitalScopes(connection), received);
    await deps.step('token:kept');
    const vault = await deps.vault(id);
    const { phase: adopted } = await deps.status(id).update((status) => {
      if (status.phase === 'signedOut') return status;
      const previous = status.ledger.at(-1);
      const { scopeSource: source } = answer;
      const event = grantEvent({ atMs: nowMs, kind, nth: grant.renewals, requested, received, required, previous, source });
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
        tenantId: tenantOf(answer.claims) || status.tenantId,
        ledger: appendLedger(status.ledger, event),
      };
    });
    if (adopted === 'signedOut') {
      // Signed out meanwhile. We have the lock, so that what is there of this generation is ours.
      const own = await vault.read();
      if (typeof own !== 'string' && own.generation === generation) await vault.erase();
      await farewell.discard(connection, grant.refreshToken);
      return CANCELLED;
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
      owner: await deps.owner(connection),
    };
    await writeAccess(id, access);
    // Signed out while we were writing: the token goes again.
    const stored = await vault.read();
    if (typeof stored === 'string' || stored.generation !== generation) {
      await eraseAccess(id);
      await farewell.discard(connection, grant.refreshToken);
      return CANCELLED;
    }
    if (missingScopes.length === 0) return { ok: true, access };
    await deps.log('scope-lost', { connection: id, scopes: missingScopes.join(' ') });
    return NO_TOKEN;
  }

  return { settle, adopt };
}
