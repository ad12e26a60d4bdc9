/** oidc-provider 9.13 ships no types. Declared here: only what the tenant uses. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** The parts of a Koa context that hooks and middleware look at. */
  export interface KoaContext {
    path: string;
    method: string;
    status: number;
    body: unknown;
    type: string;
    respond?: boolean;
    req: IncomingMessage;
    res: ServerResponse;
    cookies: { set(name: string, value: string | null, options?: object): void };
    redirect(url: string): void;
    oidc?: OidcContext;
  }

  export interface OidcContext {
    route: string;
    params?: Record<string, string | undefined>;
    session?: {
      accountId?: string;
      authorizations?: Record<string, { grantId?: string }>;
      destroy(): Promise<void>;
    };
    entities: {
      Client?: { clientId: string };
      RotatedRefreshToken?: { jti: string };
      IdTokenHint?: unknown;
    };
    urlFor(name: string): string;
  }

  export interface Interaction {
    uid: string;
    prompt: { name: string; details: Record<string, unknown> };
    params: Record<string, string | undefined>;
    session?: { accountId: string };
    grantId?: string;
  }

  export interface AccessTokenModel {
    jti: string;
    scope?: string;
    accountId?: string;
    clientId?: string;
    grantId?: string;
    resourceServer?: unknown;
    readonly expiration: number;
    save(): Promise<string>;
  }

  export interface GrantModel {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  interface GrantableModel {
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    static readonly ctx: KoaContext | undefined;
    readonly Client: { find(id: string): Promise<object | undefined> };
    readonly Grant: { new (input: { accountId: string; clientId: string }): GrantModel };
    readonly AccessToken: {
      new (input: object): AccessTokenModel;
      find(value: string): Promise<AccessTokenModel | undefined>;
    } & GrantableModel;
    readonly RefreshToken: { new (input: object): { save(): Promise<string> } } & GrantableModel;
    readonly ClientCredentials: { find(value: string): Promise<AccessTokenModel | undefined> };
    readonly ResourceServer: new (
      identifier: string,
      info: object,
    ) => object;
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
    use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): this;
    on(event: string, listener: (ctx: KoaContext, error?: Error & { error_detail?: string }) => void): this;
    cookieName(type: 'session' | 'interaction'): string;
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>;
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: object,
      options?: { mergeWithLastSubmission?: boolean },
    ): Promise<void>;
  }
}
