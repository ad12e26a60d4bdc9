/** Faults of the token endpoint: before the provider acts, on the token it makes, and on the answer it gives. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessTokenModel, KoaContext } from 'oidc-provider';
import { planted } from './canaries.ts';
import { type Fault, type FaultKind, type Faults, listOf, numberOf, textOf } from './faults.ts';
import { send, sendError, sleep } from './http.ts';
import { portalPage } from './pages.ts';

/** Kinds that act on refreshes only, unless `on` says otherwise: a new sign-in would hardly fail for the same reason. */
const REFRESH_ONLY = new Set<FaultKind>([
  'invalidGrant',
  'refusedBare',
  'noRefreshTokenInAnswer',
  'tokenDropAfterRotate',
  'tokenSlowAfterRotate',
]);

const GRANT_NAMES: Record<string, string> = { authorization_code: 'code', refresh_token: 'refresh' };

export class TokenFaults {
  readonly #faults: Faults;
  /** Scopes lost at sign-in, by grant: they stay lost for the refreshes that follow, fault or no fault. */
  readonly #lost = new Map<string, Set<string>>();
  /** Names of the faults that changed the answer at hand, for the request log. */
  readonly #note: (req: IncomingMessage, name: string) => void;

  constructor(faults: Faults, note: (req: IncomingMessage, name: string) => void) {
    this.#faults = faults;
    this.#note = note;
  }

  /** Answers in the provider's place, if a fault says so; true: answered. `grantType` is the requested one. */
  async before(req: IncomingMessage, res: ServerResponse, grantType: string): Promise<boolean> {
    const slow = this.#take('tokenSlow', req, grantType);
    if (slow) await sleep(numberOf(slow, 'ms', 2000));
    // A browser without host permission could not read the error otherwise.
    if (req.headers.origin) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
    const html = this.#take('tokenHtml', req, grantType);
    if (html) {
      send(res, 200, 'text/html; charset=utf-8', portalPage());
      return true;
    }
    const status = this.#take('tokenStatus', req, grantType);
    if (status) {
      const retryAfter = status.spec.retryAfter;
      if (retryAfter !== undefined) res.setHeader('Retry-After', String(retryAfter));
      sendError(
        res,
        numberOf(status, 'status', 503),
        'temporarily_unavailable',
        planted(this.#faults, '', 'the token service is not available'),
      );
      return true;
    }
    const bare = this.#take('refusedBare', req, grantType);
    if (bare) {
      res.writeHead(numberOf(bare, 'status', 400), { 'content-length': 0 });
      res.end();
      return true;
    }
    if (this.#take('invalidGrant', req, grantType)) {
      sendError(res, 400, 'invalid_grant', planted(this.#faults, '', 'grant request is invalid'));
      return true;
    }
    // The provider sets its own CORS headers, but only if there are none yet.
    res.removeHeader('Access-Control-Allow-Origin');
    return false;
  }

  /** The scope an access token shall really carry, given what the provider would put in. `ctx`: the token request. */
  scopeFor(ctx: KoaContext, token: AccessTokenModel): string {
    const grantType = ctx.oidc?.params?.grant_type ?? '';
    let scopes = (token.scope ?? '').split(' ').filter(Boolean);
    const lose = (lost: Iterable<string>) => {
      const gone = new Set(lost);
      scopes = scopes.filter((scope) => !gone.has(scope));
    };
    const grant = token.grantId ?? '';
    if (grantType === 'authorization_code') {
      this.#lost.delete(grant);
      const fault = this.#take('scopeDroppedAtSignIn', ctx.req, grantType);
      if (fault) this.#lost.set(grant, new Set(listOf(fault, 'scopes')));
    }
    lose(this.#lost.get(grant) ?? []);
    if (grantType === 'refresh_token') {
      for (const fault of this.#faults.active('scopeDroppedOnRefresh', ctx.path)) {
        if (++fault.seen < numberOf(fault, 'nth', 1)) continue;
        this.#used(fault, ctx.req);
        lose(listOf(fault, 'scopes'));
      }
    }
    const widened = this.#take('scopeWidened', ctx.req, grantType);
    if (widened) scopes = [...new Set([...scopes, ...listOf(widened, 'scopes')])];
    if (this.#take('scopeReordered', ctx.req, grantType)) scopes.reverse();
    if (this.#take('scopeEmpty', ctx.req, grantType)) scopes = [];
    return scopes.join(' ');
  }

  /** Whether access tokens are made that only the provider can read. */
  makesOpaque(): boolean {
    return this.#faults.active('opaqueToken').length > 0;
  }

  /** Whether refresh tokens are replaced at this request. */
  rotates(ctx: KoaContext): boolean {
    return this.#active('noRefreshTokenInAnswer', ctx.path, 'refresh_token') === undefined;
  }

  /** Whether the provider refuses this origin. */
  refusesOrigin(ctx: KoaContext, origin: string): boolean {
    return origin.startsWith('chrome-extension://') && this.#take('refuseOrigin', ctx.req, 'any') !== undefined;
  }

  /** Changes the provider's good answer: `ctx.body` is the token response. */
  async after(ctx: KoaContext): Promise<void> {
    const grantType = ctx.oidc?.params?.grant_type ?? '';
    const body = ctx.body as Record<string, unknown>;
    if (this.#take('noRefreshTokenInAnswer', ctx.req, grantType)) delete body.refresh_token;
    if (this.#take('scopeAbsentInResponse', ctx.req, grantType)) delete body.scope;
    if (this.makesOpaque()) this.#note(ctx.req, 'opaqueToken');
    const patch = this.#take('tokenFields', ctx.req, grantType);
    if (patch && typeof patch.spec.patch === 'object') {
      for (const [name, value] of Object.entries(patch.spec.patch ?? {})) {
        if (value === '__delete__') delete body[name];
        else body[name] = value;
      }
    }
    const late = this.#take('tokenSlowAfterRotate', ctx.req, grantType);
    if (late) await sleep(numberOf(late, 'ms', 2000));
    const cut = this.#take('tokenCut', ctx.req, grantType);
    if (cut) {
      const bytes = Buffer.from(JSON.stringify(body));
      ctx.respond = false;
      ctx.res.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      ctx.res.write(bytes.subarray(0, numberOf(cut, 'bytes', 20)), () => ctx.req.socket.destroy());
    } else if (this.#take('tokenDropAfterRotate', ctx.req, grantType)) {
      ctx.respond = false;
      ctx.req.socket.destroy();
    }
  }

  #active(kind: FaultKind, path: string, grantType: string): Fault | undefined {
    const name = GRANT_NAMES[grantType] ?? grantType;
    return this.#faults.active(kind, path).find((fault) => {
      const on = textOf(fault, 'on') ?? (REFRESH_ONLY.has(kind) ? 'refresh' : 'any');
      return on === 'any' || on === name;
    });
  }

  #take(kind: FaultKind, req: IncomingMessage, grantType: string): Fault | undefined {
    const fault = this.#active(kind, '', grantType);
    if (fault) this.#used(fault, req);
    return fault;
  }

  #used(fault: Fault, req: IncomingMessage): void {
    this.#faults.use(fault);
    this.#note(req, fault.spec.kind);
  }
}
