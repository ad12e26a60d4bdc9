/**
 * A CXone tenant to run against: a real OpenID provider, an API and the control API. Profile `v2` is one server. Profile `public` is three on loopback ports of their
 * own: the issuer (with the control API), the API (`apiBaseUrl`) and the UI (`uiBaseUrl`), or all on one with `onePort`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicApi } from './api-public.ts';
import { createApi, isApiPath } from './api-v2.ts';
import { OWN_BUSINESS_UNIT, PUBLIC_CAST } from './cast-public.ts';
import { type ControlExtras, createControl } from './control.ts';
import { Faults, numberOf } from './faults.ts';
import { Histories, type PastSpec } from './histories.ts';
import { type HistorySettings, historyControl } from './history-control.ts';
import { HttpError, readBody, send, sendError } from './http.ts';
import { V2_DIALECT } from './identity-dialects.ts';
import { innerPath, PUBLIC_DIALECT, PublicIdentity } from './identity-public.ts';
import { page, portalPage } from './pages.ts';
import { createIdentity } from './provider.ts';
import { publicControl, serviceControl } from './public-control.ts';
import { type Handler, type Origins, PublicHosts } from './public-hosts.ts';
import { firstHeldPublic } from './public-skills.ts';
import type { HistoryPaging } from './reporting-v2.ts';
import { type LogEntry, RequestLog } from './request-log.ts';
import { applyScenario, V2_BOOK } from './scenarios.ts';
import { PUBLIC_BOOK } from './scenarios-public.ts';
import { Simulation } from './simulation.ts';
import { skillControl } from './skill-control.ts';
import { SkillFaults } from './skill-faults.ts';
import { SkillLedger } from './skill-ledger.ts';
import { firstHeldV2 } from './skills-v2.ts';

export type { Faults } from './faults.ts';
export type { RequestLog } from './request-log.ts';
export type { Simulation } from './simulation.ts';

/** The redirect address of the extension: its id is fixed by the manifest's `key`. */
export const EXTENSION_REDIRECT = 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/';
/** The public client every tenant knows. */
export const CLIENT_ID = 'agent-watch';

export interface TenantOptions {
  /** 0 (the default): any free port. The API and the UI of profile `public` take the next two. */
  port?: number;
  /** v2. */
  profile?: 'v2' | 'public';
  /** Profile `public`: issuer, API and UI share one port. */
  onePort?: boolean;
  /** How many agents; 30. */
  agents?: number;
  /** Name of a scenario; calm. */
  scenario?: string;
  /** 1. */
  seed?: number;
  /** Simulated seconds per real second; 1. */
  speed?: number;
  /** The simulation does not move by itself. */
  frozen?: boolean;
  /** The extension's own by default. */
  redirectUris?: string[];
  /** For how long a just-rotated refresh token may be presented again; 0: never. */
  refreshGraceSeconds?: number;
  /** 3600. */
  accessTokenSeconds?: number;
  /** false: refresh tokens always, as CXone does; true: only with offline_access and prompt=consent. */
  offlineAccess?: boolean;
  /** Rows carry startDate; true. */
  rowSince?: boolean;
  /** Pasts that agents have from the start. */
  history?: readonly PastSpec[];
  /** Which way the pages of the v2 history go; numbers. */
  historyPaging?: HistoryPaging;
}

export interface Tenant {
  issuer: string;
  apiBaseUrl: string;
  clientId: string;
  profile: 'v2' | 'public';
  /** Profile `public`: the UI host, which is not the API's, and the id the configuration is asked with. */
  uiBaseUrl?: string;
  tenantId?: string;
  /** Address of the control API. */
  control: string;
  close(): Promise<void>;
  readonly sim: Simulation;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly histories: Histories;
  /** Who holds which skill, and everything that was written. */
  readonly ledger: SkillLedger;
}

/** The spellings of the token endpoint in the seeds, besides the provider's own. */
const TOKEN_ALIASES = new Set(['/oauth/token', '/v2/oauth/token', '/api/v2/oauth/token']);
const DISCOVERY = /^\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/;
const HTML = 'text/html; charset=utf-8';

/** Starts a tenant on 127.0.0.1. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const isPublic = options.profile === 'public';
  const book = isPublic ? PUBLIC_BOOK : V2_BOOK;
  const sim = new Simulation({ ...options, ...(isPublic ? { cast: PUBLIC_CAST } : {}) });
  const faults = new Faults();
  const log = new RequestLog();
  const entries = new WeakMap<IncomingMessage, LogEntry>();
  const note = (req: IncomingMessage, fault: string) => {
    const entry = entries.get(req);
    if (entry) entry.faults = [...(entry.faults ?? []), fault];
  };
  const scenario = options.scenario ?? 'calm';
  applyScenario(scenario, sim, faults, book);
  const histories = new Histories(sim);
  for (const past of options.history ?? []) histories.plant(past);
  const historySettings: HistorySettings = { paging: options.historyPaging ?? 'numbers' };

  const ledger = new SkillLedger(sim, isPublic ? firstHeldPublic : firstHeldV2);
  const skillFaults = new SkillFaults(faults, ledger);

  // The issuer needs the port, so that the server listens before there is anything to serve.
  const starting: Handler = async (_req, res) => sendError(res, 503, 'starting', 'the tenant is starting');
  const handlers: Record<'issuer' | 'api' | 'ui', Handler> = { issuer: starting, api: starting, ui: starting };
  const servers: Server[] = [];
  const closeServers = async () => {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  };
  const newServer = (host: 'issuer' | 'api' | 'ui') =>
    createServer((req, res) => {
      const url = parseUrl(req);
      if (!url) {
        sendError(res, 400, 'invalid_request', 'the address is not valid');
        return;
      }
      sim.clock.faultSkewSeconds = faults.active('clockSkew').reduce((sum, fault) => sum + numberOf(fault, 'seconds', 300), 0);
      const control = host === 'issuer' && (url.pathname === '/control' || url.pathname.startsWith('/control/'));
      if (!control) prepare(req, res, url, host);
      handlers[host](req, res, url).catch((error: unknown) => {
        // A client that is gone before it has said what it wants is no failure of the tenant's.
        const isGone = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
        if (!(error instanceof HttpError) && !isGone) console.error(`tenant: ${req.method} ${url.pathname}:`, error);
        if (res.headersSent || res.destroyed) res.destroy();
        else if (error instanceof HttpError) sendError(res, error.status, error.code, error.message);
        else sendError(res, 500, 'server_error', 'the demo tenant failed; see its standard error');
      });
    });

  function prepare(req: IncomingMessage, res: ServerResponse, url: URL, host: 'issuer' | 'api' | 'ui'): void {
    const started = performance.now();
    const { origin, authorization } = req.headers;
    const entry = log.begin(req.method ?? 'GET', url, sim.clock.now(), { origin, authorization });
    if (isPublic) entry.host = host;
    entries.set(req, entry);
    if (/\/agents\/states\/?$/.test(url.pathname)) log.counts.statesRequests++;
    res.setHeader('Date', new Date(sim.clock.shown()).toUTCString());
    res.setHeader('X-Request-Id', entry.requestId);
    res.on('close', () => {
      entry.ms = Math.round((performance.now() - started) * 10) / 10;
      entry.status = res.writableFinished ? res.statusCode : 0;
    });
  }

  /** Starts the server of a host; answers its origin. */
  async function open(host: 'issuer' | 'api' | 'ui', offset: number): Promise<string> {
    const server = newServer(host);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ? options.port + offset : 0, '127.0.0.1', resolve);
    });
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** What the tenant cannot start without: if it fails, nothing is left listening. */
  async function needed<T>(thing: Promise<T>): Promise<T> {
    return thing.catch(async (error: unknown) => {
      await closeServers();
      throw error;
    });
  }

  const issuer = await needed(open('issuer', 0));
  const several = isPublic && !options.onePort;
  const identity = await needed(
    createIdentity({
      issuer,
      clientId: CLIENT_ID,
      redirectUris: options.redirectUris ?? [EXTENSION_REDIRECT],
      refreshGraceSeconds: options.refreshGraceSeconds ?? 0,
      accessTokenSeconds: options.accessTokenSeconds ?? 3600,
      offlineAccess: options.offlineAccess ?? false,
      dialect: isPublic ? PUBLIC_DIALECT : V2_DIALECT,
      faults,
      log,
      note,
    }),
  );
  const origins: Origins = {
    issuer,
    api: several ? await needed(open('api', 1)) : issuer,
    ui: several ? await needed(open('ui', 2)) : issuer,
  };
  const { hosts, extras } = isPublic ? publicSide() : { hosts: undefined, extras: serviceControl(identity) };
  const api = createApi({
    sim,
    faults,
    identity,
    histories,
    paging: () => historySettings.paging,
    ledger,
    skillFaults,
    seed: options.seed ?? 1,
  });
  const parts = [extras, historyControl(sim, histories, historySettings), skillControl(sim, ledger)];
  const all = {
    help: Object.assign({}, ...parts.map(({ help }) => help)) as ControlExtras['help'],
    routes: Object.assign({}, ...parts.map(({ routes }) => routes)) as ControlExtras['routes'],
  };
  const control = createControl({ sim, faults, log, identity, book, extras: all }, scenario);

  /** What profile `public` has besides the provider. */
  function publicSide(): { hosts: PublicHosts; extras: ControlExtras } {
    const publicApi = createPublicApi({ sim, faults, histories, ledger, skillFaults, identity, origin: () => origins.api });
    const publicIdentity = new PublicIdentity({ identity, log });
    const side = new PublicHosts({ origins, api: publicApi, identity: publicIdentity, faults, note });
    handlers.api = side.api;
    handlers.ui = side.ui;
    const extra = publicControl({ origins, clientId: CLIENT_ID, identity: publicIdentity });
    return { hosts: side, extras: extra };
  }

  handlers.issuer = async (req, res, url) => {
    if (url.pathname === '/control' || url.pathname.startsWith('/control/')) return control(req, res, url);
    if (await hosts?.issuer(req, res, url)) return;
    const path = hosts ? innerPath(url.pathname) : url.pathname;
    if (path === null) {
      sendError(res, 404, 'not_found', 'there is nothing here');
      return;
    }
    if (path !== url.pathname) req.url = `${path}${url.search}`;
    if (path === '/token' || (!hosts && TOKEN_ALIASES.has(path))) await tokenEndpoint(req, res, url);
    else if (!hosts && isApiPath(path)) await api(req, res, url, (fault) => note(req, fault));
    else if (!providerFault(req, res, path)) {
      if (path === '/' || path === '/elsewhere') send(res, 200, HTML, page('Demo tenant', '<p>Nothing to see here.</p>'));
      else await identity.handle(req, res, null);
    }
  };

  async function tokenEndpoint(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    req.url = `/token${url.search}`;
    if (req.method !== 'POST') return identity.handle(req, res, null);
    const body = await readBody(req);
    const form = new URLSearchParams(body.toString('utf8'));
    const grantType = form.get('grant_type') ?? '';
    const entry = entries.get(req);
    if (entry) {
      entry.grantType = grantType;
      entry.scope = form.get('scope');
    }
    if (grantType === 'refresh_token') log.counts.refreshes++;
    if (grantType === 'authorization_code') log.counts.codeExchanges++;
    if (await identity.tokenFaults.before(req, res, grantType)) return;
    await identity.handle(req, res, body);
  }

  /** Faults of the provider's other pages. */
  function providerFault(req: IncomingMessage, res: ServerResponse, path: string): boolean {
    const discovery = DISCOVERY.test(path);
    const status = discovery
      ? faults.take('discoveryStatus', path)
      : path === '/auth'
        ? faults.take('authorizeStatus', path)
        : undefined;
    if (status) {
      note(req, status.spec.kind);
      const code = numberOf(status, 'status', discovery ? 404 : 500);
      if (discovery) sendError(res, code, 'not_found', 'there is no such document');
      else send(res, code, HTML, page('Sign-in is not available', '<p>Please try again later.</p>'));
      return true;
    }
    if (!discovery || !faults.take('discoveryHtml', path)) return false;
    note(req, 'discoveryHtml');
    send(res, 200, HTML, portalPage());
    return true;
  }

  return {
    issuer,
    apiBaseUrl: origins.api,
    clientId: CLIENT_ID,
    profile: options.profile ?? 'v2',
    ...(isPublic ? { uiBaseUrl: origins.ui, tenantId: OWN_BUSINESS_UNIT.tenantId } : {}),
    control: `${issuer}/control`,
    sim,
    faults,
    log,
    histories,
    ledger,
    close: closeServers,
  };
}

function parseUrl(req: IncomingMessage): URL | null {
  try {
    return new URL(req.url ?? '/', 'http://127.0.0.1');
  } catch {
    return null;
  }
}
