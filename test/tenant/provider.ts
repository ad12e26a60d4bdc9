/**
 * The tenant's OpenID provider: oidc-provider with our own login and consent pages, JWT access tokens as CXone has them, and
 * refresh tokens that rotate. Code flow with PKCE S256 and a public client only.
 */
import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import type Provider from 'oidc-provider';
import type { AccessTokenModel, KoaContext } from 'oidc-provider';
import { ACCOUNTS, type Account } from './accounts.ts';
import { Store } from './adapter.ts';
import { CANARIES } from './canaries.ts';
import type { Faults } from './faults.ts';
import { HttpError } from './http.ts';
import { type Dialect, SERVICE_CLIENT_ID, V2_DIALECT } from './identity-dialects.ts';
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
  /** Scopes, claims and endpoints; those of v2 by default. */
  dialect?: Dialect;
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
  /** Tokens of a user without a sign-in: what an access key is exchanged for. */
  grant(accountId: string): Promise<{
    access_token: string;
    token_type: string;
    refresh_token: string;
    id_token: string;
    expires_in: number;
  }>;
  /** The service account's client; null where there is none. */
  readonly service: { clientId: string; clientSecret: string } | null;
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
function logoutSource(provider: () => Provider, log: RequestLog) {
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
    log.counts.signOuts++;
    ctx.cookies.set(provider().cookieName('session'), null);
    const target = oidc.params?.post_logout_redirect_uri;
    const url = new URL(target ?? oidc.urlFor('end_session_success'));
    if (target && oidc.params?.state !== undefined) url.searchParams.set('state', oidc.params.state);
    ctx.status = 303;
    ctx.redirect(url.href);
  };
}

/** Starts the provider. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { issuer, clientId, faults, log, dialect = V2_DIALECT } = options;
  const scopes = [...dialect.oidcScopes, ...dialect.apiScopes];
  const service = dialect.clientCredentials
    ? { clientId: SERVICE_CLIENT_ID, clientSecret: randomBytes(32).toString('base64url') }
    : null;
  const ProviderClass = await loadProvider();
  const tokenFaults = new TokenFaults(faults, options.note);
  const store = new Store({
    graceSeconds: () => options.refreshGraceSeconds,
    rotating: () => ProviderClass.ctx?.oidc?.entities.RotatedRefreshToken?.jti,
    carried(id) {
      const scope = carried.get(id);
      carried.delete(id);
      return scope;
    },
  });
  const nameOf = ({ name }: Account) => (faults.active('canaries').length > 0 ? `${name} ${CANARIES.person}` : name);
  const issued = new Set<string>();
  /** Scope by id of an opaque access token about to be written, as the faults of the token endpoint left it. */
  const carried = new Map<string, string>();
  const refused = new Set<string>();
  const port = new URL(issuer).port;
  const resourceInfo = {
    scope: scopes.join(' '),
    audience: RESOURCE,
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
      ...(service
        ? [
            {
              client_id: service.clientId,
              client_secret: service.clientSecret,
              client_name: 'Agent Watch service',
              token_endpoint_auth_method: 'client_secret_post',
              grant_types: ['client_credentials'],
              response_types: [],
              redirect_uris: [],
            },
          ]
        : []),
    ],
    jwks: { keys: signingKeys().keys },
    cookies: {
      keys: [randomBytes(24).toString('base64url')],
      // Cookies ignore the port: two tenants in one browser would overwrite each other's.
      names: { session: `session_${port}`, interaction: `interaction_${port}`, resume: `resume_${port}` },
    },
    pkce: { required: () => true },
    responseTypes: ['code'],
    clientAuthMethods: service ? ['none', 'client_secret_post'] : ['none'],
    scopes: dialect.oidcScopes,
    claims: { openid: dialect.claims },
    conformIdTokenClaims: false,
    clientBasedCORS: (ctx: KoaContext, origin: string) => !tokenFaults.refusesOrigin(ctx, origin),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // Every access token is for the API, so that the userinfo endpoint would refuse them all.
      userinfo: { enabled: false },
      introspection: { enabled: dialect.introspection, allowedPolicy: () => true },
      revocation: { enabled: dialect.revocation, allowedPolicy: () => true },
      clientCredentials: { enabled: dialect.clientCredentials },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: logoutSource(() => provider, log),
        postLogoutSuccessSource: (ctx: KoaContext) => {
          ctx.body = page('Signed out', '<p>You are signed out of the demo tenant.</p>');
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ ...resourceInfo, accessTokenFormat: tokenFaults.makesOpaque() ? 'opaque' : 'jwt' }),
      },
    },
    formats: {
      customizers: {
        jwt: (_ctx: unknown, token: AccessTokenModel, parts: { payload: Record<string, unknown> }) => {
          parts.payload.scope = token.scope === '' ? undefined : token.scope;
        },
      },
    },
    // Called for tokens of either format before they are written.
    extraTokenClaims: (ctx: KoaContext | undefined, token: AccessTokenModel) => {
      issued.add(token.jti);
      if (ctx?.oidc) {
        // The answer's `scope` is read from the token after this, so that token and answer agree.
        token.scope = tokenFaults.scopeFor(ctx, token);
        if (tokenFaults.makesOpaque()) carried.set(token.jti, token.scope);
      }
      const account = dialect.accountOf(token.accountId ?? token.clientId ?? '');
      return dialect.tokenClaims(account, account && nameOf(account));
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
      ClientCredentials: options.accessTokenSeconds,
      Grant: 14 * DAYS,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 14 * DAYS,
      Session: 14 * DAYS,
    },
    findAccount: (_ctx: KoaContext, id: string) => {
      const account = dialect.accountOf(id);
      if (!account) return undefined;
      return { accountId: id, claims: async () => dialect.claimsOf(account, nameOf(account)) };
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
    if (ctx.path.startsWith('/.well-known/') && ctx.status === 200 && ctx.body !== null && typeof ctx.body === 'object') {
      ctx.body = dialect.discovery(ctx.body as Record<string, unknown>, issuer);
    }
    if (ctx.path !== '/token' || ctx.method !== 'POST' || ctx.status !== 200 || ctx.body === null || typeof ctx.body !== 'object')
      return;
    const refresh = ctx.oidc?.params?.grant_type === 'refresh_token';
    if (refresh) log.counts.refreshesOk++;
    if (ctx.oidc?.params?.grant_type === 'client_credentials') log.counts.clientCredentials++;
    await tokenFaults.after(ctx);
  });
  provider.on('grant.error', (_ctx, error) => {
    if (error?.error_detail === 'refresh token already used') log.counts.reuseDetected++;
  });
  provider.on('authorization.success', (ctx) => {
    if (ctx.oidc?.params?.prompt?.split(' ').includes('none')) log.counts.silentLogins++;
  });
  provider.on('end_session.success', () => {
    log.counts.signOuts++;
  });
  provider.on('server_error', (ctx, error) => console.error(`provider: ${ctx.method} ${ctx.path}:`, error));

  const callback = provider.callback();
  const interactions = interactionRoutes({ provider, clientId, resource: RESOURCE, dialect, faults, log, note: options.note });
  const keySet = createLocalJWKSet({ keys: signingKeys().publicKeys as { kty: string }[] });

  interface Read {
    id: string;
    accountId: string;
    scope: string;
  }

  async function jwtRead(token: string): Promise<Read | undefined> {
    try {
      const { payload } = await jwtVerify(token, keySet, { issuer, audience: RESOURCE, algorithms: ['RS256'] });
      const { jti = '', sub = '', scope } = payload;
      return { id: jti, accountId: sub, scope: typeof scope === 'string' ? scope : '' };
    } catch {
      return undefined;
    }
  }

  async function opaqueRead(token: string): Promise<Read | undefined> {
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    return found && { id: found.jti, accountId: found.accountId ?? found.clientId ?? '', scope: found.scope ?? '' };
  }

  /** An ID token without a sign-in: signed here, because the provider makes them for its own answers only. */
  async function idToken(subject: string): Promise<string> {
    const account = dialect.accountOf(subject);
    const [key] = signingKeys().keys;
    if (!account || !key) throw new Error('no account or no key');
    return new SignJWT(dialect.claimsOf(account, nameOf(account)))
      .setProtectedHeader({ alg: 'RS256', kid: String(key.kid) })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await importJWK(key as { kty: string }, 'RS256'));
  }

  /** The subject of an account, for tokens made without a sign-in. */
  function subjectOf(accountId: string): string {
    const account = ACCOUNTS.get(accountId);
    if (!account) throw new HttpError(400, 'unknown_account', `known accounts: ${[...ACCOUNTS.keys()].join(', ')}`);
    return dialect.subjectOf(account);
  }

  return {
    tokenFaults,
    service,
    async handle(req, res, body) {
      if (await interactions(req, res)) return;
      await callback(body ? withBody(req, body) : req, res);
    },
    async verify(authorization) {
      const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
      if (!token) return undefined;
      const read = (await jwtRead(token)) ?? (await opaqueRead(token));
      const account = dialect.accountOf(read?.accountId ?? '');
      if (!read || !account || refused.has(read.id)) return undefined;
      return { account, scopes: new Set(read.scope.split(' ').filter(Boolean)) };
    },
    async issue(scopes, accountId) {
      const client = await provider.Client.find(clientId);
      const token = new provider.AccessToken({ accountId: subjectOf(accountId), client, gty: 'control' });
      token.resourceServer = new provider.ResourceServer(RESOURCE, { ...resourceInfo, accessTokenFormat: 'jwt' });
      token.scope = scopes.join(' ');
      const value = await token.save();
      return { access_token: value, token_type: 'Bearer', scope: token.scope, expires_in: options.accessTokenSeconds };
    },
    async grant(accountId) {
      const subject = subjectOf(accountId);
      const client = await provider.Client.find(clientId);
      const consent = new provider.Grant({ accountId: subject, clientId });
      consent.addOIDCScope(dialect.oidcScopes.join(' '));
      consent.addResourceScope(RESOURCE, scopes.join(' '));
      const shared = { accountId: subject, client, grantId: await consent.save(), gty: 'access_key' };
      const access = new provider.AccessToken(shared);
      access.resourceServer = new provider.ResourceServer(RESOURCE, { ...resourceInfo, accessTokenFormat: 'jwt' });
      access.scope = scopes.join(' ');
      const refresh = new provider.RefreshToken({ ...shared, scope: access.scope, resource: RESOURCE });
      return {
        access_token: await access.save(),
        token_type: 'Bearer',
        refresh_token: await refresh.save(),
        id_token: await idToken(subject),
        expires_in: options.accessTokenSeconds,
      };
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
