/** A minimal client of the tenant for its own tests: signs in with PKCE over fetch, cookies kept by hand. */
import { createHash, randomBytes } from 'node:crypto';
import { EXTENSION_REDIRECT, type Tenant } from '../../tenant/tenant.ts';

export const WATCH = 'openid view:agent view:interaction';

/** A token response, or an error answer. `status` is the HTTP status, 0: the connection died. */
export interface TokenAnswer {
  status: number;
  text: string;
  json: Record<string, unknown>;
}

/** A browser's worth of cookies for one tenant. */
export class Browser {
  readonly tenant: Tenant;
  readonly #cookies = new Map<string, string>();

  constructor(tenant: Tenant) {
    this.tenant = tenant;
  }

  /** One request without following redirects. */
  async request(url: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(new URL(url, this.tenant.issuer), {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '), accept: 'text/html' },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const value = pair.slice(at + 1);
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /**
   * Goes through authorization, filling in forms, until the redirect to the extension. Returns its parameters, or the page or
   * error answer it got stuck at.
   */
  async authorize(
    options: { scope?: string; prompt?: string; login?: string; password?: string; answer?: 'allow' | 'deny' } = {},
  ): Promise<{ params: URLSearchParams; verifier: string; pages: string[]; status: number }> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: this.tenant.clientId,
      response_type: 'code',
      redirect_uri: EXTENSION_REDIRECT,
      scope: options.scope ?? WATCH,
      state: 'abc',
      nonce: 'n-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
    });
    const pages: string[] = [];
    let response = await this.request(`/auth?${query}`);
    for (let step = 0; step < 12; step++) {
      const location = response.headers.get('location');
      if (location?.startsWith(EXTENSION_REDIRECT)) {
        return { params: new URL(location).searchParams, verifier, pages, status: response.status };
      }
      if (location) {
        response = await this.request(location);
        continue;
      }
      const html = await response.text();
      pages.push(html);
      const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
      if (!action || response.status !== 200 || pages.filter((page) => page.includes('role="alert"')).length > 1) break;
      response = await this.request(
        action,
        action.endsWith('/login')
          ? { login: options.login ?? 'demo', password: options.password ?? 'any' }
          : { answer: options.answer ?? 'allow' },
      );
    }
    return { params: new URLSearchParams(), verifier, pages, status: response.status };
  }

  /** The whole sign-in: authorization and the exchange of the code. */
  async signIn(options: Parameters<Browser['authorize']>[0] = {}): Promise<TokenAnswer> {
    const { params, verifier } = await this.authorize(options);
    return token(this.tenant, {
      grant_type: 'authorization_code',
      code: params.get('code') ?? '',
      redirect_uri: EXTENSION_REDIRECT,
      code_verifier: verifier,
    });
  }
}

/** A request to the token endpoint. */
export async function token(
  tenant: Tenant,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  try {
    const response = await fetch(`${tenant.issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ client_id: tenant.clientId, ...form }),
    });
    const text = await response.text();
    return { status: response.status, text, json: parse(text) };
  } catch {
    return { status: 0, text: '', json: {} };
  }
}

/** A refresh. */
export function refresh(tenant: Tenant, refreshToken: unknown, scope?: string): Promise<TokenAnswer> {
  return token(tenant, {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
    ...(scope === undefined ? {} : { scope }),
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What the provider says of a token (RFC 7662), asked as the public client. */
export async function introspect(tenant: Tenant, value: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${tenant.issuer}/token/introspection`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: tenant.clientId, token: String(value) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** A request to the API with a bearer token. */
export function api(tenant: Tenant, path: string, accessToken: unknown): Promise<Response> {
  return fetch(`${tenant.apiBaseUrl}/api/v2${path}`, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${accessToken}` },
  });
}

/** A request to the control API; JSON in, JSON out. */
export async function control<T = Record<string, unknown>>(
  tenant: Tenant,
  method: string,
  path: string,
  body?: unknown,
): Promise<T & { error?: string; error_description?: string }> {
  const response = await fetch(`${tenant.control}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T & { error?: string; error_description?: string };
}

/** An access token with these scopes, straight from the control API. */
export async function scripted(tenant: Tenant, scopes = ['view:agent', 'view:interaction'], account = 'demo'): Promise<string> {
  return String((await control(tenant, 'POST', '/token', { scopes, account })).access_token);
}

/** The payload of a JWT, unchecked. */
export function claims(jwt: unknown): Record<string, unknown> {
  return parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString('utf8'));
}
