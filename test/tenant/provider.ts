/**
 * The tenant's OpenID provider: oidc-provider with our own login and consent pages, JWT access tokens as CXone has them, and
 * refresh tokens that rotate. Code flow with PKCE S256 and a public client only.
 */
import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import type { AccessTokenModel, KoaContext } from 'oidc-provider';
import { ACCOUNTS, type Account, API_SCOPES, OIDC_SCOPES } from './accounts.ts';
import { Store } from './adapter.ts';
import type { Faults } from './faults.ts';
import { HttpError } from './http.ts';
import { interactionRoutes } from './interactions.ts';
import { loadProvider } from './load-provider.ts';
import { escapeHtml, page } from './pages.ts';
import type { RequestLog } from './request-log.ts';
import { TokenFaults } from './token-faults.ts';

/** The one resource all access tokens are for. Being a URN it cannot be mistaken for an address. */
export const RESOURCE = 'urn:demo-tenant:api';
const DAYS = 24 * 60 * 60;

export interface IdentityOptions {
  issuer: string;
  clientId: string;
  redirectUris: string[];
  refreshGraceSeconds: number;
  accessTokenSeconds: number;
  offlineAccess: boolean;
  faults: Faults;
  log: RequestLog;
  /** Notes the name of a fault at a request, for the log. */
  note(req: IncomingMessage, fault: string): void;
}

/** Who a bearer token speaks for. */
export interface Bearer {
  account: Account;
  scopes: ReadonlySet<string>;
}

/** The identity side of the tenant. */
export interface Identity {
  /** Handles a request to any path of the provider. */
  handle(req: IncomingMessage, res: ServerResponse, body: Buffer | null): Promise<void>;
  /** Checks an `Authorization` header; undefined: missing, wrong or expired. */
  verify(authorization: string | undefined): Promise<Bearer | undefined>;
  /** Makes an access token for scripts, with exactly these scopes. */
  issue(
    scopes: string[],
    accountId: string,
  ): Promise<{ access_token: string; token_type: string; scope: string; expires_in: number }>;
  /** Ends all single sign-on sessions. */
  endSessions(): number;
  /** Revokes all grants with their refresh tokens. */
  revokeGrants(): number;
  /** Makes the API refuse every access token issued so far. */
  expireAccessTokens(): number;
  readonly tokenFaults: TokenFaults;
}

let keys: { keys: JsonWebKey[]; publicKeys: JsonWebKey[] } | undefined;

/** Signing keys, made once per process: two RSA keys a test would be the slowest part of it. */
function signingKeys(): { keys: JsonWebKey[]; publicKeys: JsonWebKey[] } {
  if (!keys) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const members = { kid: 'demo-1', use: 'sig', alg: 'RS256' };
    keys = {
      keys: [{ ...pair.privateKey.export({ format: 'jwk' }), ...members }],
      publicKeys: [{ ...pair.publicKey.export({ format: 'jwk' }), ...members }],
    };
  }
  return keys;
}

/** Signs the person out without asking: the request proved with the ID token that it comes from the client. */
function logoutSource(provider: () => Provider) {
  return async (ctx: KoaContext, form: string): Promise<void> => {
    const { oidc } = ctx;
    if (!oidc?.entities.IdTokenHint || !oidc.session) {
      ctx.body = page('Sign out?', `${form}<button form="op.logoutForm" id="logout" name="logout" value="yes">Sign out</button>`);
      return;
    }
    for (const { grantId } of Object.values(oidc.session.authorizations ?? {})) {
      if (!grantId) continue;
      await provider().RefreshToken.revokeByGrantId(grantId);
      await provider().AccessToken.revokeByGrantId(grantId);
    }
    await oidc.session.destroy();
    ctx.cookies.set(provider().cookieName('session'), null);
    const target = oidc.params?.post_logout_redirect_uri;
    const url = new URL(target ?? oidc.urlFor('end_session_success'));
    if (target && oidc.params?.state !== undefined) url.searchParams.set('state', oidc.params.state);
    ctx.status = 303;
    ctx.redirect(url.href);
  };
}

function claimsOf(account: Account): Record<string, unknown> {
  return { sub: account.id, name: account.name, org_id: account.orgId };
}

/** Starts the provider. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { issuer, clientId, faults, log } = options;
  const ProviderClass = await loadProvider();
  const tokenFaults = new TokenFaults(faults, options.note);
  const store = new Store({
    graceSeconds: () => options.refreshGraceSeconds,
    rotating: () => ProviderClass.ctx?.oidc?.entities.RotatedRefreshToken?.jti,
  });
  const issued = new Set<string>();
  const refused = new Set<string>();
  const port = new URL(issuer).port;
  const resourceInfo = {
    scope: [...OIDC_SCOPES, ...API_SCOPES].join(' '),
    audience: RESOURCE,
    accessTokenFormat: 'jwt',
    accessTokenTTL: options.accessTokenSeconds,
    jwt: { sign: { alg: 'RS256' } },
  };
  const provider: Provider = new ProviderClass(issuer, {
    adapter: (model: string) => store.adapter(model),
    clients: [
      {
        client_id: clientId,
        client_name: 'Agent Watch',
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: options.redirectUris,
        post_logout_redirect_uris: options.redirectUris.flatMap((uri) => [uri, new URL('signed-out', uri).href]),
      },
    ],
    jwks: { keys: signingKeys().keys },
    cookies: {
      keys: [randomBytes(24).toString('base64url')],
      // Cookies ignore the port: two tenants in one browser would overwrite each other's.
      names: { session: `session_${port}`, interaction: `interaction_${port}`, resume: `resume_${port}` },
    },
    pkce: { required: () => true },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    scopes: OIDC_SCOPES,
    claims: { openid: ['sub', 'name', 'org_id'] },
    conformIdTokenClaims: false,
    clientBasedCORS: (ctx: KoaContext, origin: string) => !tokenFaults.refusesOrigin(ctx, origin),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // Every access token is for the API, so that the userinfo endpoint would refuse them all.
      userinfo: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: logoutSource(() => provider),
        postLogoutSuccessSource: (ctx: KoaContext) => {
          ctx.body = page('Signed out', '<p>You are signed out of the demo tenant.</p>');
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => resourceInfo,
      },
    },
    formats: {
      customizers: {
        jwt: (ctx: KoaContext | undefined, token: AccessTokenModel, parts: { payload: Record<string, unknown> }) => {
          issued.add(token.jti);
          const accountId = token.accountId ?? '';
          parts.payload.org_id = ACCOUNTS.get(accountId)?.orgId;
          if (!ctx?.oidc) return;
          // The answer's `scope` is read from the token after this, so that token and answer agree.
          const scope = tokenFaults.scopeFor(ctx, token);
          token.scope = scope;
          parts.payload.scope = scope === '' ? undefined : scope;
        },
      },
    },
    issueRefreshToken: (_ctx: KoaContext, _client: unknown, code: { scopes: Set<string> }) =>
      !options.offlineAccess || code.scopes.has('offline_access'),
    // CXone's refresh tokens outlive the browser session.
    expiresWithSession: () => false,
    // A refresh token presented twice ends its whole family, as it must; the consent once given stays, as with most providers, so that a
    // silent sign-in is possible while the session lives.
    revokeGrantPolicy: (ctx: KoaContext) => ctx.oidc?.route !== 'token',
    rotateRefreshToken: (ctx: KoaContext) => tokenFaults.rotates(ctx),
    ttl: {
      AccessToken: options.accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 14 * DAYS,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 14 * DAYS,
      Session: 14 * DAYS,
    },
    findAccount: (_ctx: KoaContext, id: string) => {
      const account = ACCOUNTS.get(id);
      return account ? { accountId: id, claims: async () => claimsOf(account) } : undefined;
    },
    interactions: { url: (_ctx: KoaContext, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    renderError: (ctx: KoaContext, out: Record<string, string>) => {
      ctx.type = 'html';
      ctx.body = page(
        'That did not work',
        `<p><b>${escapeHtml(out.error ?? '')}</b></p><p>${escapeHtml(out.error_description ?? '')}</p>`,
      );
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== '/token' || ctx.method !== 'POST' || ctx.status !== 200 || ctx.body === null || typeof ctx.body !== 'object')
      return;
    const refresh = ctx.oidc?.params?.grant_type === 'refresh_token';
    if (refresh) log.counts.refreshesOk++;
    await tokenFaults.after(ctx);
  });
  provider.on('grant.error', (_ctx, error) => {
    if (error?.error_detail === 'refresh token already used') log.counts.reuseDetected++;
  });
  provider.on('authorization.success', (ctx) => {
    if (ctx.oidc?.params?.prompt?.split(' ').includes('none')) log.counts.silentLogins++;
  });
  provider.on('server_error', (ctx, error) => console.error(`provider: ${ctx.method} ${ctx.path}:`, error));

  const callback = provider.callback();
  const interactions = interactionRoutes({ provider, clientId, resource: RESOURCE, faults, log, note: options.note });
  const keySet = createLocalJWKSet({ keys: signingKeys().publicKeys as { kty: string }[] });

  return {
    tokenFaults,
    async handle(req, res, body) {
      if (await interactions(req, res)) return;
      await callback(body ? withBody(req, body) : req, res);
    },
    async verify(authorization) {
      const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
      if (!token) return undefined;
      try {
        const { payload } = await jwtVerify(token, keySet, { issuer, audience: RESOURCE, algorithms: ['RS256'] });
        const account = ACCOUNTS.get(payload.sub ?? '');
        if (!account || (payload.jti && refused.has(payload.jti))) return undefined;
        return { account, scopes: new Set(typeof payload.scope === 'string' ? payload.scope.split(' ') : []) };
      } catch {
        return undefined;
      }
    },
    async issue(scopes, accountId) {
      if (!ACCOUNTS.has(accountId))
        throw new HttpError(400, 'unknown_account', `known accounts: ${[...ACCOUNTS.keys()].join(', ')}`);
      const client = await provider.Client.find(clientId);
      const token = new provider.AccessToken({ accountId, client, gty: 'control' });
      token.resourceServer = new provider.ResourceServer(RESOURCE, resourceInfo);
      token.scope = scopes.join(' ');
      const value = await token.save();
      return { access_token: value, token_type: 'Bearer', scope: token.scope, expires_in: options.accessTokenSeconds };
    },
    endSessions: () => store.forget('Session'),
    revokeGrants: () => store.forget('Grant', 'RefreshToken', 'AuthorizationCode'),
    expireAccessTokens() {
      const count = issued.size;
      for (const id of issued) refused.add(id);
      issued.clear();
      return count;
    },
  };
}

/** The request once more, with a body that was already read: the provider wants to read it itself. */
function withBody(req: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = Object.create(req) as IncomingMessage;
  async function* iterator() {
    yield body;
  }
  Object.defineProperties(copy, { readable: { value: true }, iterator: { value: iterator } });
  return copy;
}
