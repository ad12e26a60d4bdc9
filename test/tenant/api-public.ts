/**
 * The documented CXone API (`/inContactAPI/services/v34.0/…`), as the facts have it: agent states with `updatedSince`, agents, their skills, history and
 * performance, teams, codes, skill activity. It is the same simulation as behind the v2 API. One route table: a new resource is one more line in it.
 *
 * Where the facts leave something open, the answer taken here is: a full poll lists logged-out agents; states come in one page unless `top` is given; a
 * state that still lasts is not in the history; an unknown path or version is 404 with HTML.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { planted, plantedBody } from './canaries.ts';
import { HttpError, readBody, requestIdOf, send, sendError } from './http.ts';
import { page } from './pages.ts';
import type { Identity } from './provider.ts';
import { agentRoutes } from './public-agents.ts';
import { createDesk, type DeskOptions, Nothing, type PublicHandler } from './public-desk.ts';
import { Refusal } from './public-faults.ts';
import { reportRoutes } from './public-reports.ts';
import { sendSkillFault } from './skill-answers.ts';
import { sendThroughFaults, transportFault } from './transport-faults.ts';

/** The versions that answer; of 34 to be had, those the product asks for. */
const VERSIONS = ['v34.0', 'v30.0', 'v28.0'];
/** The prefix in any case, the version, the rest. */
const SERVICE = /^\/incontactapi\/services\/(v\d+\.\d+)(\/.*)$/i;
const HTML = 'text/html; charset=utf-8';

export interface PublicApiOptions extends DeskOptions {
  identity: Identity;
}

/** The public API. */
export interface PublicApi {
  handle(req: IncomingMessage, res: ServerResponse, url: URL, note: (fault: string) => void): Promise<void>;
}

/** Whether this path belongs to the API. */
export function isPublicApiPath(path: string): boolean {
  return /^\/incontactapi(\/|$)/i.test(path);
}

/** What a host without the API says to a call of it. */
export function sendNoSuchPage(res: ServerResponse): void {
  send(res, 404, HTML, page('404', '<p>The page you are looking for was not found.</p>'));
}

/** Makes the API. */
export function createPublicApi({ identity, ...options }: PublicApiOptions): PublicApi {
  const { faults } = options;
  const desk = createDesk(options);
  const { special } = desk;
  // What is fixed goes before what is an id: `/agents/states`, then `/agents/:id`.
  const fixedFirst = (pattern: string) => (pattern.includes(':') ? 1 : 0);
  const routes = [...agentRoutes(desk), ...reportRoutes(desk)]
    .sort(([, a], [, b]) => fixedFirst(a) - fixedFirst(b))
    .map(([method, pattern, handler]): [string, RegExp, PublicHandler] => [
      method,
      new RegExp(`^${pattern.replace(/:\w+/g, '([^/]+)')}$`),
      handler,
    ]);

  /** The answer; undefined: nothing is there. */
  async function answer(
    req: IncomingMessage,
    requestId: string,
    version: string,
    path: string,
    url: URL,
    note: (fault: string) => void,
  ): Promise<unknown> {
    // "No known way to render data" is what a call without this header got (facts, section 5); the status is a guess.
    if (!req.headers.accept) throw new HttpError(406, 'not_acceptable', 'No known way to render data');
    const bearer = await identity.verify(req.headers.authorization);
    if (!bearer) throw new HttpError(401, 'invalid_token', 'The access token is missing, expired or not valid here.');
    special.refuse(path, note);
    const method = req.method ?? 'GET';
    const matching = routes.filter(([, pattern]) => pattern.test(path));
    if (matching.length === 0) return undefined;
    const [, pattern, handler] = matching.find(([routeMethod]) => routeMethod === method) ?? [];
    if (!pattern || !handler) throw new HttpError(405, 'method_not_allowed', `${method} is not possible here.`);
    const body = method === 'GET' ? Buffer.alloc(0) : await readBody(req);
    const params = (pattern.exec(path) ?? []).slice(1).map(decodePart);
    return handler({ method, path, params, query: url.searchParams, body, bearer, requestId, note, version });
  }

  function sendRefusal(res: ServerResponse, error: Refusal, path: string): void {
    const text = planted(faults, path, error.message);
    if (error.form === 'description') {
      sendError(res, 403, 'forbidden', text);
      return;
    }
    if (error.form === 'header') res.setHeader('icStatusDescription', text);
    res.writeHead(403, { 'content-length': 0 });
    res.end();
  }

  async function handle(req: IncomingMessage, res: ServerResponse, url: URL, note: (fault: string) => void): Promise<void> {
    const [, spelled = '', rest = ''] = SERVICE.exec(url.pathname) ?? [];
    const path = rest.replace(/\/$/, '');
    const version = spelled.toLowerCase();
    if (await transportFault(faults, req, res, path, note)) return;
    const versions = special.versions(VERSIONS, path);
    if (!versions.includes(version)) {
      if (VERSIONS.includes(version)) note('oldVersionsOnly');
      sendNoSuchPage(res);
      return;
    }
    try {
      const result = await answer(req, requestIdOf(res), version, path, url, note);
      if (result === undefined) {
        sendNoSuchPage(res);
      } else if (result instanceof Nothing) {
        res.writeHead(result.status);
        res.end();
      } else {
        await sendThroughFaults(faults, req, res, path, plantedBody(faults, path, JSON.stringify(result)), note);
      }
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (await sendSkillFault(req, res, error)) return;
      if (error instanceof Refusal) {
        sendRefusal(res, error, path);
        return;
      }
      if (error.status === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      sendError(res, error.status, error.code, planted(faults, path, error.message));
    }
  }

  return { handle };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, 'invalid_request', 'The path is not properly encoded.');
  }
}
