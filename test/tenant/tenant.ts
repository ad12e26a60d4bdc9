/** A CXone tenant to run against: one HTTP server with a real OpenID provider, the v2 API and the control API. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, isApiPath } from './api-v2.ts';
import { createControl } from './control.ts';
import { Faults, numberOf } from './faults.ts';
import { HttpError, readBody, send, sendError } from './http.ts';
import { page, portalPage } from './pages.ts';
import { createIdentity } from './provider.ts';
import { type LogEntry, RequestLog } from './request-log.ts';
import { applyScenario } from './scenarios.ts';
import { Simulation } from './simulation.ts';

export type { Faults } from './faults.ts';
export type { RequestLog } from './request-log.ts';
export type { Simulation } from './simulation.ts';

/** The redirect address of the extension: its id is fixed by the manifest's `key`. */
export const EXTENSION_REDIRECT = 'https://lkpmcfmpfdgjhdidmfjfhciimkgibomi.chromiumapp.org/';
/** The public client every tenant knows. */
export const CLIENT_ID = 'agent-watch';

export interface TenantOptions {
  /** 0 (the default): any free port. */
  port?: number;
  profile?: 'v2';
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
}

export interface Tenant {
  issuer: string;
  apiBaseUrl: string;
  clientId: string;
  profile: 'v2';
  /** Address of the control API. */
  control: string;
  close(): Promise<void>;
  readonly sim: Simulation;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** The spellings of the token endpoint in the seeds, besides the provider's own. */
const TOKEN_ALIASES = new Set(['/oauth/token', '/v2/oauth/token', '/api/v2/oauth/token']);
const DISCOVERY = /^\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/;
const HTML = 'text/html; charset=utf-8';

/** Starts a tenant on 127.0.0.1. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const sim = new Simulation(options);
  const faults = new Faults();
  const log = new RequestLog();
  const entries = new WeakMap<IncomingMessage, LogEntry>();
  const note = (req: IncomingMessage, fault: string) => {
    const entry = entries.get(req);
    if (entry) entry.faults = [...(entry.faults ?? []), fault];
  };
  const scenario = options.scenario ?? 'calm';
  applyScenario(scenario, sim, faults);

  // The issuer needs the port, so that the server listens before there is anything to serve.
  let handle: (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void> = async (_req, res) => {
    sendError(res, 503, 'starting', 'the tenant is starting');
  };
  const server = createServer((req, res) => {
    const url = parseUrl(req);
    if (!url) {
      sendError(res, 400, 'invalid_request', 'the address is not valid');
      return;
    }
    sim.clock.faultSkewSeconds = faults.active('clockSkew').reduce((sum, fault) => sum + numberOf(fault, 'seconds', 300), 0);
    const control = url.pathname === '/control' || url.pathname.startsWith('/control/');
    if (!control) prepare(req, res, url);
    handle(req, res, url).catch((error: unknown) => {
      if (!(error instanceof HttpError)) console.error(`tenant: ${req.method} ${url.pathname}:`, error);
      if (res.headersSent || res.destroyed) res.destroy();
      else if (error instanceof HttpError) sendError(res, error.status, error.code, error.message);
      else sendError(res, 500, 'server_error', 'the demo tenant failed; see its standard error');
    });
  });

  function prepare(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const started = performance.now();
    const { origin, authorization } = req.headers;
    const entry = log.begin(req.method ?? 'GET', url, sim.clock.now(), { origin, authorization });
    entries.set(req, entry);
    if (/\/agents\/states\/?$/.test(url.pathname)) log.counts.statesRequests++;
    res.setHeader('Date', new Date(sim.clock.shown()).toUTCString());
    res.setHeader('X-Request-Id', randomUUID());
    res.on('close', () => {
      entry.ms = Math.round((performance.now() - started) * 10) / 10;
      entry.status = res.writableFinished ? res.statusCode : 0;
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = await createIdentity({
    issuer,
    clientId: CLIENT_ID,
    redirectUris: options.redirectUris ?? [EXTENSION_REDIRECT],
    refreshGraceSeconds: options.refreshGraceSeconds ?? 0,
    accessTokenSeconds: options.accessTokenSeconds ?? 3600,
    offlineAccess: options.offlineAccess ?? false,
    faults,
    log,
    note,
  }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  const api = createApi({ sim, faults, identity });
  const control = createControl({ sim, faults, log, identity }, scenario);

  handle = async (req, res, url) => {
    const path = url.pathname;
    if (path === '/control' || path.startsWith('/control/')) await control(req, res, url);
    else if (path === '/token' || TOKEN_ALIASES.has(path)) await tokenEndpoint(req, res, url);
    else if (isApiPath(path)) await api(req, res, url, (fault) => note(req, fault));
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
    apiBaseUrl: issuer,
    clientId: CLIENT_ID,
    profile: 'v2',
    control: `${issuer}/control`,
    sim,
    faults,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parseUrl(req: IncomingMessage): URL | null {
  try {
    return new URL(req.url ?? '/', 'http://127.0.0.1');
  } catch {
    return null;
  }
}
