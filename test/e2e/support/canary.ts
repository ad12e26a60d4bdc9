/** Real secrets, caught on their way, and everything the extension says: to hold that none of the one is in the other. */
import type { BrowserContext, Route } from '@playwright/test';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Extension } from './extension.ts';

interface Said {
  /** What was said where: `message`, `console`, `url`. */
  where: string;
  text: string;
}

const PIECE = 20;

/** Where the provider of each profile hands out codes and tokens. */
const DOORS = {
  v2: { authorize: '/auth', token: '/token' },
  public: { authorize: '/auth/authorize', token: '/auth/token' },
} as const;
const ACCESS_KEY = '/authentication/v1/token/access-key';

/** A secret in pieces of twenty: forty characters of it anywhere are a leak. A JWT's header is the same in all and no secret. */
function needlesOf(secret: string): string[] {
  const parts = secret.split('.');
  const secretParts = parts.length === 3 ? parts.slice(1) : [secret];
  return secretParts.flatMap((part) =>
    part.length < 2 * PIECE ? [part] : (part.match(new RegExp(`.{${PIECE}}`, 'g')) ?? []).map(String),
  );
}

export class Canary {
  readonly said: Said[] = [];
  /** Requests to the token endpoint. */
  tokenRequests = 0;
  private readonly caught = new Map<string, string>();
  /** Answered in the provider's place, once; made from what was posted. */
  answerNext: ((form: URLSearchParams) => { status: number; json: object }) | null = null;

  private constructor(
    private readonly issuer: string,
    /** Secrets in a message are leaks, but for the one by which a page hands its secret over. */
    private readonly isHandingOver = (text: string) => text.startsWith('[{"type":"setSecret"'),
  ) {}

  /** Before the first page and the first sign-in of this browser. */
  static async watch(extension: Extension, tenant: Pick<Tenant, 'issuer' | 'log' | 'profile' | 'uiBaseUrl'>): Promise<Canary> {
    const { issuer, log, profile, uiBaseUrl } = tenant;
    const doors = DOORS[profile];
    const canary = new Canary(issuer);
    // The request log forgets secrets; the first request of a window and those of a silent sign-in are seen nowhere else.
    const begin = log.begin.bind(log);
    log.begin = (method, url, ...rest) => {
      if (url.pathname === doors.authorize) for (const name of ['state', 'nonce']) canary.keep(name, url.searchParams.get(name));
      return begin(method, url, ...rest);
    };
    const { context } = extension;
    await context.route(`${issuer}${doors.token}`, (route) => canary.tokenRequest(route));
    if (uiBaseUrl) await context.route(`${uiBaseUrl}${ACCESS_KEY}`, (route) => canary.tokenRequest(route));
    await canary.hearPages(context);
    context.on('console', (message) => canary.hear('console', message.text()));
    (await extension.worker()).on('console', (message) => canary.hear('console', message.text()));
    context.on('request', (request) => canary.request(request.url()));
    return canary;
  }

  /** Everything secret seen so far; `only`: of these kinds. */
  secrets(...only: string[]): string[] {
    const chosen = [...this.caught].filter(([, kind]) => only.length === 0 || only.includes(kind));
    return [...new Set(chosen.flatMap(([secret]) => needlesOf(secret)))];
  }

  kinds(): string[] {
    return [...new Set(this.caught.values())].sort();
  }

  /** The newest secret of a kind. */
  latest(kind: string): string {
    return [...this.caught].filter(([, each]) => each === kind).at(-1)?.[0] ?? '';
  }

  /** Where a secret was said, shortened. */
  leaks(): string[] {
    const secrets = this.secrets();
    return this.said.flatMap(({ where, text }) => {
      const found = secrets.find((secret) => text.includes(secret));
      return found ? [`${where}: …${text.slice(Math.max(0, text.indexOf(found) - 60), text.indexOf(found) + 12)}…`] : [];
    });
  }

  /** From now on this is a secret, too. */
  keep(kind: string, secret: unknown): void {
    if (typeof secret === 'string' && secret !== '') this.caught.set(secret, kind);
  }

  private hear(where: string, text: string): void {
    if (this.isHandingOver(text)) return;
    this.said.push({ where, text });
  }

  /** Addresses of the provider's own pages, and its answer to us, are its own affair. */
  private request(address: string): void {
    const url = new URL(address);
    if (url.hostname.endsWith('.chromiumapp.org')) return;
    if (url.origin !== this.issuer || url.pathname.startsWith('/api')) this.hear('url', address);
  }

  private async tokenRequest(route: Route): Promise<void> {
    this.tokenRequests++;
    const form = new URLSearchParams(route.request().postData() ?? '');
    for (const name of ['code', 'code_verifier', 'refresh_token']) this.keep(name, form.get(name));
    const own = this.answerNext;
    this.answerNext = null;
    if (own) return route.fulfill(own(form));
    const response = await route.fetch();
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    for (const name of ['access_token', 'refresh_token', 'id_token']) this.keep(name, answer[name]);
    return route.fulfill({ response });
  }

  /** What pages send, what they are answered, and what is sent to them. */
  private async hearPages(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__heard', (_source, text: string) => this.hear('message', text));
    await context.addInitScript(() => {
      if (location.protocol !== 'chrome-extension:') return;
      type Runtime = {
        sendMessage: (...args: unknown[]) => Promise<unknown>;
        onMessage: { addListener(heard: (message: unknown) => void): void };
      };
      const globals = globalThis as unknown as { chrome?: { runtime?: Runtime }; browser?: { runtime?: Runtime } };
      const heard = (value: unknown) =>
        void (globalThis as unknown as { __heard(text: string): Promise<void> }).__heard(JSON.stringify(value) ?? '');
      for (const runtime of new Set([globals.chrome?.runtime, globals.browser?.runtime])) {
        if (!runtime?.sendMessage) continue;
        const send = runtime.sendMessage;
        runtime.sendMessage = async (...args: unknown[]) => {
          heard(args);
          const answer = await send.apply(runtime, args);
          heard(answer);
          return answer;
        };
        runtime.onMessage.addListener((message) => heard(message));
      }
    });
  }
}
