/**
 * What the provider is told when a sign-in is over: best effort, and always after everything here is wiped. A token that nobody has any
 * more expires by itself; a session that stays open is closed with the browser.
 */
import * as oauth from 'oauth4webapi';
import browser from 'webextension-polyfill';
import type { Connection } from '../domain/connection.ts';
import { isAllowedAddress } from '../domain/connection-hosts.ts';
import { type AuthDeps, callTo } from './deps.ts';
import { AuthError } from './errors.ts';
import { unanswered } from './token-answer.ts';
import { type Revocable, revoke, type TokenCall } from './token-endpoint.ts';
import { launch } from './web-flow.ts';

/** Nobody waits longer for it. */
const FAREWELL_MS = 10_000;

export interface Farewell {
  /** Revokes the token (RFC 7009) and ends the person's session at the provider, where it can do either. Never throws. */
  say(connection: Connection, revocable: Revocable | null, idToken: string | null): Promise<void>;
  /**
   * A refresh token that came home after the sign-out: nobody will ever use it. Not once a new sign-in has begun, because many providers
   * end with it every grant of the person. Never throws.
   */
  discard(connection: Connection, refreshToken: string | null): Promise<void>;
}

export function createFarewell(deps: AuthDeps): Farewell {
  async function quietly(connection: Connection, event: string, work: (call: TokenCall) => Promise<void>): Promise<void> {
    try {
      await work(await callTo(deps, connection));
    } catch (thrown) {
      const { failure } = thrown instanceof AuthError ? thrown : unanswered(thrown);
      await deps.log(event, { connection: connection.id, failure });
    }
  }

  const revokeIt = (connection: Connection, revocable: Revocable) =>
    quietly(connection, 'revocation-failed', (call) => revoke(call, revocable));

  const endSession = (connection: Connection, idToken: string) =>
    quietly(connection, 'end-session-failed', async ({ provider }) => {
      const url = endSessionUrl(provider.end_session_endpoint, connection, idToken, deps.origins(connection));
      if (url !== null) await launch(url, true);
    });

  return {
    async say(connection, revocable, idToken) {
      await inTime(
        Promise.all([
          revocable === null ? null : revokeIt(connection, revocable),
          idToken === null ? null : endSession(connection, idToken),
        ]),
      );
    },

    async discard(connection, refreshToken) {
      if (refreshToken === null || (await deps.status(connection.id).get()).phase !== 'signedOut') return;
      await inTime(revokeIt(connection, { token: refreshToken, kind: 'refresh_token', secret: null }));
    },
  };
}

/**
 * The logout request (OpenID Connect RP-Initiated Logout 1.0, section 2). Null: the provider has no such page, or has it on a host that
 * is none of the connection's: the ID token in it is a token.
 */
function endSessionUrl(endpoint: unknown, connection: Connection, idToken: string, origins: readonly string[]): string | null {
  if (typeof endpoint !== 'string' || !isAllowedAddress(endpoint, __DEMO__)) return null;
  const url = new URL(endpoint);
  if (!origins.includes(url.origin)) return null;
  const params = {
    id_token_hint: idToken,
    client_id: connection.clientId,
    post_logout_redirect_uri: browser.identity.getRedirectURL(),
    state: oauth.generateRandomState(),
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

/** Resolves when the work is done, or the time is up. */
async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, FAREWELL_MS);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
