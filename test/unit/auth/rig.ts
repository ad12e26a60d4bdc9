/**
 * `createAuth` with everything real around it (exchange, vault, stored status, the demo tenant's OpenID provider over HTTP), where the
 * test plays the person, the network, and the browser that kills the worker.
 */
import browser from 'webextension-polyfill';
import { type Auth, createAuth } from '../../../src/auth/auth.ts';
import type { AuthDeps } from '../../../src/auth/deps.ts';
import { type Access, type Grant, type Secret, type SecretStore, sessionStore } from '../../../src/auth/vault.ts';
import { createExchange } from '../../../src/cxone/http.ts';
import type { AuthStatus } from '../../../src/domain/auth-status.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { connectionHosts } from '../../../src/domain/connection-hosts.ts';
import type { HttpAnswer } from '../../../src/domain/http.ts';
import { authStatusItem, metadataItem, transactionItem } from '../../../src/storage/items.ts';
import { log } from '../../../src/storage/log.ts';
import { sealed } from '../../../src/storage/sealed.ts';
import { EXTENSION_REDIRECT, type Tenant } from '../../tenant/tenant.ts';
import { fake } from '../support/fake-browser.ts';
import type { FakeLocks } from '../support/fake-locks.ts';
import { Browser } from '../tenant/client.ts';

export const PAGE_FAILED = 'Authorization page could not be loaded.';
export const NEEDS_PERSON = 'User interaction required. Try setting `abortOnLoadForNonInteractive`.';
export const CLOSED = 'The user did not approve access.';
/** What every sign-in of the rig is granted. */
export const FULL = 'openid offline_access view:agent view:interaction';
export const EXTENSION_ORIGIN = 'chrome-extension://lkpmcfmpfdgjhdidmfjfhciimkgibomi';

let serial = 0;

/** A promise and what settles it. */
export function gate<T = void>(): { open: (value: T) => void; passed: Promise<T> } {
  let open: (value: T) => void = () => undefined;
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** An answer made up by a test. */
export const answered = (
  status: number,
  body: unknown = '',
  contentType = 'application/json',
  headers: Record<string, string> = {},
): HttpAnswer => ({
  status,
  contentType,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  headers: new Headers({ 'content-type': contentType, ...headers }),
});

const SECRET_MEMBERS = ['code_verifier', 'refresh_token', 'client_secret', 'accessKeySecret'];

/** What a request for a token says; null: it is none. */
function formOf(init: RequestInit | undefined): URLSearchParams | null {
  if (init?.body instanceof URLSearchParams) return new URLSearchParams(init.body);
  return typeof init?.body === 'string' ? new URLSearchParams(JSON.parse(init.body)) : null;
}

export class Rig {
  readonly tenant: Tenant;
  readonly connection: Connection;
  readonly person = { login: 'demo', answer: 'allow' as 'allow' | 'deny' };
  readonly launches: { url: URL; interactive: boolean }[] = [];
  /** What the provider's sign-out page was opened with. */
  readonly logouts: { url: URL; interactive: boolean }[] = [];
  /** Every token that was revoked. */
  readonly revoked: string[] = [];
  /** What was sent with each of them. */
  readonly revocations: { form: URLSearchParams; headers: Headers }[] = [];
  /** Every request for a token: what was sent (of an access key, the members of its JSON), and what came back. */
  readonly asked: { url: string; form: URLSearchParams; headers: Headers; answer: HttpAnswer | null }[] = [];
  /** Whatever a provider or we ourselves handed around that must stay secret. */
  readonly secrets = new Set<string>();
  readonly errors: string[] = [];
  auth: Auth;
  user: Browser;
  /** Session-only mode, by policy. */
  persist = true;
  /** Whose tokens of the connection are; another text for another tenant under the same id. */
  owner = (connection: Connection): string => JSON.stringify([connection.issuer, connection.apiBaseUrl, connection.grant]);
  /** Whether policy allows the connection's grant. */
  allowed = true;
  /** The sign-in window. */
  window: (url: string, interactive: boolean) => Promise<string>;
  /** The provider's sign-out page. */
  goodbye: (url: string) => Promise<string> = (url) => this.visit(url, false);
  /** Runs before a request for a token; what it returns is the answer, and nothing is sent. */
  instead: (form: URLSearchParams) => Promise<HttpAnswer | null> = async () => null;
  /** Runs between the provider's answer and us. */
  late: (form: URLSearchParams) => Promise<void> = async () => undefined;
  /** Runs at each named step. */
  atStep: (name: string) => Promise<void> = async () => undefined;
  /** Sent as the `Origin` header, as a browser does. */
  origin: string | null = null;

  constructor(tenant: Tenant, over: Partial<Connection> = {}) {
    this.tenant = tenant;
    this.user = new Browser(tenant);
    const { issuer, apiBaseUrl, clientId } = tenant;
    this.connection = { ...EMPTY_DRAFT, id: `c${++serial}`, name: 'Demo', issuer, apiBaseUrl, clientId, ...over };
    this.window = (url, interactive) => this.visit(url, interactive);
    fake.launchWebAuthFlow = async ({ url, interactive = false }) => {
      if (new URL(url).searchParams.has('post_logout_redirect_uri')) {
        this.logouts.push({ url: new URL(url), interactive });
        return this.goodbye(url);
      }
      this.launches.push({ url: new URL(url), interactive });
      const redirect = await this.window(url, interactive);
      const code = URL.canParse(redirect) ? new URL(redirect).searchParams.get('code') : null;
      if (code) this.secrets.add(code);
      return redirect;
    };
    this.auth = this.boot();
  }

  get id(): string {
    return this.connection.id;
  }

  private boot(): Auth {
    const real = createExchange(() => connectionHosts(this.connection));
    const deps: AuthDeps = {
      exchange: () => async (url, init, cap) => {
        const form = formOf(init);
        if (!form) return real(url, init, cap);
        if (form.has('token')) {
          if (url.endsWith('/revocation')) {
            this.revoked.push(form.get('token') ?? '');
            this.revocations.push({ form, headers: new Headers(init?.headers) });
          }
          return real(url, init, cap);
        }
        for (const name of SECRET_MEMBERS) if (form.has(name)) this.secrets.add(form.get(name) ?? '');
        const headers = new Headers(init?.headers);
        if (this.origin) headers.set('origin', this.origin);
        const record = { url, form, headers, answer: null as HttpAnswer | null };
        this.asked.push(record);
        const answer = (await this.instead(form)) ?? (await real(url, { ...init, headers }, cap));
        record.answer = answer;
        this.remember(answer.text);
        await this.late(form);
        return answer;
      },
      origins: connectionHosts,
      metadata: metadataItem,
      status: authStatusItem,
      transaction: transactionItem,
      vault: async () => this.vault(),
      secret: async () => this.secretStore(),
      allows: async () => this.allowed,
      owner: async (connection) => this.owner(connection),
      log,
      step: (name) => this.atStep(name),
    };
    const auth = createAuth(deps);
    return {
      ...auth,
      accessToken: (...args) => this.watched(auth.accessToken(...args)),
      signIn: (...args) => this.watched(auth.signIn(...args)),
      signOut: (...args) => this.watched(this.farewell(auth, ...args)),
      nameInterrupted: (...args) => this.watched(auth.nameInterrupted(...args)),
      resume: (...args) => this.watched(auth.resume(...args)),
    };
  }

  /** Sign-out up to the end, so that what follows finds the provider told. */
  private async farewell(auth: Auth, connection: Connection) {
    const { told } = await auth.signOut(connection);
    await told;
    return { told };
  }

  private async watched<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.errors.push(error instanceof Error ? `${error.name} ${error.message} ${error.stack} ${error.cause}` : String(error));
      throw error;
    }
  }

  private remember(text: string): void {
    try {
      const body: unknown = JSON.parse(text);
      if (typeof body !== 'object' || body === null) return;
      for (const [name, value] of Object.entries(body))
        if (/_token$/.test(name) && typeof value === 'string' && value !== '') this.secrets.add(value);
    } catch {
      // No JSON, no tokens.
    }
  }

  /** The person's browser at the provider's pages: follows redirects, fills in forms, until it comes back to us. */
  async visit(url: string, interactive: boolean): Promise<string> {
    let target = url;
    let form: Record<string, string> | undefined;
    for (let hop = 0; hop < 15; hop++) {
      const response = await this.user.request(target, form);
      const location = response.headers.get('location');
      if (location?.startsWith(EXTENSION_REDIRECT)) return location;
      const html = await response.text();
      form = undefined;
      if (location) {
        target = location;
        continue;
      }
      const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
      if (response.status >= 400 || !action) throw new Error(PAGE_FAILED);
      if (!interactive) throw new Error(NEEDS_PERSON);
      const { login, answer } = this.person;
      target = action;
      form = action.endsWith('/login') ? { login, password: 'any' } : { answer };
    }
    throw new Error(PAGE_FAILED);
  }

  vault(): SecretStore<Grant> {
    return this.persist ? sealed<Grant>(`${this.id}/grant`) : sessionStore<Grant>(`${this.id}/grant`);
  }

  secretStore(): SecretStore<Secret> {
    return this.persist ? sealed<Secret>(`${this.id}/secret`) : sessionStore<Secret>(`${this.id}/secret`);
  }

  async grant(): Promise<Grant> {
    const stored = await this.vault().read();
    if (typeof stored === 'string') throw new Error(`the vault is ${stored}`);
    return stored.value;
  }

  status(): Promise<AuthStatus> {
    return authStatusItem(this.id).get();
  }

  async access(): Promise<Access | null> {
    const key = `${this.id}/access`;
    return ((await browser.storage.session.get(key))[key] as Access | undefined) ?? null;
  }

  /** Signs the demo supervisor in; the tests that follow start from there. */
  async signedIn(): Promise<this> {
    await this.auth.signIn(this.connection, false);
    const { phase, failure } = await this.status();
    if (phase !== 'signedIn') throw new Error(`the rig did not get signed in: ${phase} ${failure}`);
    return this;
  }

  /** Time passes: the access token is to be renewed, or is past use altogether. */
  async due(how: 'due' | 'expired' = 'expired'): Promise<void> {
    const access = await this.access();
    if (!access) throw new Error('there is no access token');
    const past = Date.now() - 1;
    const changed = { ...access, renewMs: past, ...(how === 'expired' ? { expiresMs: past } : {}) };
    await browser.storage.session.set({ [`${this.id}/access`]: changed });
  }

  token() {
    return this.auth.accessToken(this.connection);
  }

  /** How often the token endpoint was asked. */
  count(grantType: 'refresh_token' | 'authorization_code' | 'client_credentials'): number {
    return this.asked.filter(({ form }) => form.get('grant_type') === grantType).length;
  }

  silentLaunches(): number {
    return this.launches.filter(({ interactive }) => !interactive).length;
  }

  /** The person is signed out at the provider: no single sign-on any more. */
  forgetSession(): void {
    this.user = new Browser(this.tenant);
  }

  /** Runs `work` until the named step, where the worker dies; then the next worker starts over the same storage. */
  async killAt(step: string, work: () => Promise<unknown>, browserToo = false): Promise<void> {
    const dead = gate();
    this.atStep = async (name) => {
      if (name !== step) return;
      dead.open();
      await new Promise(() => undefined);
    };
    await Promise.race([dead.passed, work().then(() => Promise.reject(new Error(`${step} was never reached`)))]);
    await this.restart(browserToo);
  }

  /** The next worker; the locks of the one before are freed, as Chrome does. */
  async restart(browserToo = false): Promise<void> {
    (navigator.locks as unknown as FakeLocks).reset();
    this.atStep = async () => undefined;
    this.instead = async () => null;
    this.late = async () => undefined;
    this.window = (url, interactive) => this.visit(url, interactive);
    if (browserToo) await browser.storage.session.clear();
    this.auth = this.boot();
  }
}
