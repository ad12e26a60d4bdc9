/** A minimal client of a tenant of profile `public`: everything it knows it reads from the two discovery documents. */
import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { ERROR_SCHEMA, misfits, SCHEMAS, type Schema } from '../../tenant/public-schema.ts';
import { EXTENSION_REDIRECT, type Tenant } from '../../tenant/tenant.ts';
import { type Browser, control } from './client.ts';

type Json = Record<string, unknown>;

/** The discovery document. */
export async function discovery(tenant: Tenant): Promise<Record<string, string>> {
  return (await (await fetch(`${tenant.issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
}

/** Asks for the tenant's configuration, by the issuer's host or another. */
export function configuration(tenant: Tenant, tenantId = tenant.tenantId ?? '', host = tenant.issuer): Promise<Response> {
  return fetch(`${host}/.well-known/cxone-configuration${tenantId === '' ? '' : `?tenantId=${tenantId}`}`);
}

/** A request to the token endpoint that discovery names. */
export async function publicToken(tenant: Tenant, form: Record<string, string>): Promise<{ status: number; json: Json }> {
  const { token_endpoint = '' } = await discovery(tenant);
  const response = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: tenant.clientId, ...form }),
  });
  return { status: response.status, json: (await response.json()) as Json };
}

/** Signs in with PKCE, filling in the forms. @param more parameters of the authorization request besides */
export async function publicSignIn(
  browser: Browser,
  login = 'demo',
  more: Record<string, string> = {},
): Promise<{ status: number; json: Json; params: URLSearchParams }> {
  const { tenant } = browser;
  const verifier = randomBytes(28).toString('hex');
  const { authorization_endpoint = '' } = await discovery(tenant);
  const query = new URLSearchParams({
    client_id: tenant.clientId,
    response_type: 'code',
    redirect_uri: EXTENSION_REDIRECT,
    scope: 'openid',
    state: 'abc',
    nonce: 'n-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  let response = await browser.request(`${authorization_endpoint}?${query}`);
  for (let step = 0; step < 12; step++) {
    const location = response.headers.get('location');
    if (location?.startsWith(EXTENSION_REDIRECT)) {
      const params = new URL(location).searchParams;
      const code = params.get('code');
      if (code === null) return { status: 0, json: {}, params };
      const answer = await publicToken(tenant, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: EXTENSION_REDIRECT,
        code_verifier: verifier,
      });
      return { ...answer, params };
    }
    if (location) {
      response = await browser.request(location);
      continue;
    }
    const action = /<form method="post" action="([^"]+)"/.exec(await response.text())?.[1] ?? '';
    response = await browser.request(action, action.endsWith('/login') ? { login, password: 'any' } : { answer: 'allow' });
  }
  throw new Error('the sign-in did not come to an end');
}

/** An access token straight from the control API. */
export async function bearer(tenant: Tenant, account = 'demo'): Promise<string> {
  return String((await control(tenant, 'POST', '/token', { scopes: ['openid'], account })).access_token);
}

export interface Called {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like
  json: any;
}

export interface Call {
  method?: string;
  version?: string;
  body?: unknown;
  token?: string;
  /** Instead of the API's own. */
  host?: string;
  /** Do not compare with the schema: a fault makes the answer unlike it. */
  unlike?: boolean;
}

/** A call of the API. Every good answer must fit the schema of its path, every bad one that of an error. */
export class Caller {
  readonly #tenant: Tenant;
  readonly #token: string;

  constructor(tenant: Tenant, token: string) {
    this.#tenant = tenant;
    this.#token = token;
  }

  static async of(tenant: Tenant, account = 'demo'): Promise<Caller> {
    return new Caller(tenant, await bearer(tenant, account));
  }

  async call(path: string, options: Call = {}): Promise<Called> {
    const {
      method = 'GET',
      version = 'v34.0',
      body,
      token = this.#token,
      host = this.#tenant.apiBaseUrl,
      unlike = false,
    } = options;
    const response = await fetch(`${host}/incontactAPI/services/${version}${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    if (isJson && !unlike) expect(misfits(json, response.status === 200 ? schemaOf(method, path) : ERROR_SCHEMA)).toEqual([]);
    return { status: response.status, headers: response.headers, text, json };
  }
}

function schemaOf(method: string, path: string): Schema {
  const [bare = ''] = path.split('?');
  const pattern = `${method} ${bare.replace(/\/(?:\d+|[0-9a-f-]{36})(?=\/|$)/, '/:id')}`;
  const schema = SCHEMAS[pattern] ?? SCHEMAS[pattern.replace('/permissions/:id', '/permissions')];
  if (!schema) throw new Error(`no schema for ${pattern}`);
  return schema;
}
