/**
 * The v2 API as the seed documents describe it: agent states, profiles, skill groups, and the user. One route table: a new
 * resource is one more line in it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATE_PERMISSION, seesStates } from './accounts.ts';
import { planted, plantedBody } from './canaries.ts';
import { type Faults, numberOf, textOf } from './faults.ts';
import type { Histories } from './histories.ts';
import { HttpError, readBody, requestIdOf, sendError } from './http.ts';
import { ORG_ID, OTHER_ORG_ID, type Person } from './people.ts';
import type { Bearer, Identity } from './provider.ts';
import { type HistoryPaging, reportingRoutes } from './reporting-v2.ts';
import { RowFaults } from './row-faults.ts';
import type { Agent, Simulation } from './simulation.ts';
import { sendSkillFault } from './skill-answers.ts';
import type { SkillFaults } from './skill-faults.ts';
import type { SkillLedger } from './skill-ledger.ts';
import { skillRoutesV2 } from './skills-v2.ts';
import { sendThroughFaults, transportFault } from './transport-faults.ts';

export interface ApiOptions {
  sim: Simulation;
  faults: Faults;
  identity: Identity;
  histories: Histories;
  paging: () => HistoryPaging;
  ledger: SkillLedger;
  skillFaults: SkillFaults;
  seed: number;
}

/** What a route gets to see. `params`: the variable parts of the path, decoded. */
export interface ApiRequest {
  method: string;
  /** The path under the prefix, normalised to the prefix `/api/v2`. */
  path: string;
  params: string[];
  query: URLSearchParams;
  body: Buffer;
  bearer: Bearer;
  /** As the answer's `X-Request-Id`. */
  requestId: string;
  /** Notes the name of a fault that changed the answer. */
  note(fault: string): void;
}

/** A route answers a value for a JSON body, or ready JSON text. */
export type ApiHandler = (request: ApiRequest) => unknown;

/** JSON that needs no further serialising. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The prefixes the seeds use for the same API. */
const PREFIX = /^\/(?:api\/)?v2(?=\/)/;

/** Whether this path belongs to the API (and not to the provider). */
export function isApiPath(path: string): boolean {
  return path.startsWith('/api/') || PREFIX.test(path);
}

function profileOf(person: Person, orgId: string): object {
  const { id, name, email, extension, externalId, userId, teamName, state } = person;
  return { id, name, email, extension, externalId, userId, orgId, teamName, state };
}

function wholeNumber(text: string | null, otherwise: number, low: number, high: number, name: string): number {
  if (text === null) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new HttpError(400, 'invalid_request', `${name} must be a whole number from ${low} to ${high}.`);
  }
  return value;
}

/** Makes the API's request handler. */
export function createApi(
  options: ApiOptions,
): (req: IncomingMessage, res: ServerResponse, url: URL, note: (fault: string) => void) => Promise<void> {
  const { sim, faults, identity, histories, paging, ledger, skillFaults, seed } = options;
  const rows = new RowFaults(faults, sim);

  function forbiddenPartition(path: string, agent: Agent | undefined, note: (fault: string) => void): void {
    for (const fault of faults.active('partitionRestricted', path)) {
      const general = fault.spec.agentId === undefined;
      if (!general && !(agent && rows.about('partitionRestricted', agent, path) === fault)) continue;
      faults.use(fault);
      note('partitionRestricted');
      throw new HttpError(
        403,
        'forbidden',
        `Access to this ${general ? 'resource' : 'agent'} is restricted by partition "EMEA-Secure".`,
      );
    }
  }

  function visibleAgent(request: ApiRequest): Agent {
    const id = request.params[0] ?? '';
    const agent = sim.byId(id);
    const unknown = agent && rows.about('agentUnknown', agent, request.path);
    if (unknown) {
      faults.use(unknown);
      request.note('agentUnknown');
    }
    if (!agent || unknown) throw new HttpError(404, 'not_found', `Agent ${id} was not found.`);
    forbiddenPartition(request.path, agent, request.note);
    return agent;
  }

  function hasPermission(request: ApiRequest): boolean {
    const fault = faults.take('roleWithoutPermission', request.path);
    if (fault) request.note('roleWithoutPermission');
    if (fault && numberOf(fault, 'status', 200) === 403) {
      throw new HttpError(403, 'forbidden', textOf(fault, 'text') ?? 'Security permissions prevent access to agent states.');
    }
    return !fault && request.bearer.account.permissions.includes(STATE_PERMISSION);
  }

  function states(request: ApiRequest): JsonText {
    const { bearer, path, query, note } = request;
    const nothing = new JsonText('[]');
    sim.advance();
    const asked = query.get('agentId');
    const only = asked === null ? undefined : sim.byId(asked);
    forbiddenPartition(path, only, note);
    // The silent failures: no error, no hint, an empty list.
    if (!seesStates(bearer.scopes)) return nothing;
    if (bearer.account.orgId !== ORG_ID) return nothing;
    if (!hasPermission(request)) return nothing;
    if (asked !== null && !only) return nothing;
    return new JsonText(rows.states(path, only, note));
  }

  function agentList({ query, bearer, path }: ApiRequest): object {
    const pageSize = wholeNumber(query.get('pageSize'), 25, 1, 1000, 'pageSize');
    const pageNumber = wholeNumber(query.get('pageNumber'), 1, 1, 1_000_000, 'pageNumber');
    const own = bearer.account.orgId === ORG_ID ? sim.agents : [];
    const known = own.filter((agent) => !rows.about('agentUnknown', agent, path));
    const from = (pageNumber - 1) * pageSize;
    return {
      entities: known.slice(from, from + pageSize).map((agent) => agentProfile(agent, path)),
      pageSize,
      pageNumber,
      total: known.length,
    };
  }

  function agentProfile(agent: Agent, path: string): object {
    const state = rows.about('agentInactive', agent, path) ? 'inactive' : agent.person.state;
    return profileOf({ ...agent.person, state }, rows.about('agentOtherOrganisation', agent, path) ? OTHER_ORG_ID : ORG_ID);
  }

  function skillGroups(request: ApiRequest): object[] {
    const agent = visibleAgent(request);
    if (rows.about('noSkillGroups', agent, request.path)) return [];
    const fault = rows.about('skillInactive', agent, request.path);
    const paused = fault ? numberOf(fault, 'paused', agent.person.skills.length) : 0;
    return agent.person.skills.map(({ id, name, active }, index) => ({ id, name, active: active && index >= paused }));
  }

  function me(request: ApiRequest): object {
    const { id, name, orgId, roles, permissions } = request.bearer.account;
    if (faults.active('silentMe', request.path).length > 0) return { id, name, orgId };
    const robbed = faults.active('roleWithoutPermission', request.path).length > 0;
    return {
      id,
      name,
      orgId,
      roles: robbed ? ['Agent'] : roles,
      permissions: robbed ? permissions.filter((permission) => permission !== STATE_PERMISSION) : permissions,
    };
  }

  /** Method, path (whole, or under the prefix), handler. `:x` matches one part of a path. First match wins. */
  const routes: [string, RegExp, ApiHandler][] = (
    [
      ['GET', '/agents/states', states],
      ['GET', '/agents', agentList],
      ['GET', '/agents/:id', (request) => agentProfile(visibleAgent(request), request.path)],
      ['GET', '/agents/:id/skillGroups', skillGroups],
      ['GET', '/users/me', me],
      ...reportingRoutes({ sim, histories, rows, paging }),
      ...skillRoutesV2({
        sim,
        seed,
        ledger,
        skillFaults,
        rows,
        visibleAgent,
        armed: (kind, path) => faults.active(kind, path).length > 0,
      }),
    ] as [string, string, ApiHandler][]
  ).map(([method, pattern, handler]) => {
    const whole = pattern.startsWith('/api/') ? pattern : `/api/v2${pattern}`;
    return [method, new RegExp(`^${whole.replace(/:\w+/g, '([^/]+)')}/?$`), handler];
  });

  async function answer(req: IncomingMessage, requestId: string, url: URL, note: (fault: string) => void): Promise<string> {
    const path = url.pathname.replace(PREFIX, '/api/v2');
    const bearer = await identity.verify(req.headers.authorization);
    if (!bearer) throw new HttpError(401, 'invalid_token', 'The access token is missing, expired or not valid here.');
    const method = req.method ?? 'GET';
    let wrongMethod = false;
    for (const [routeMethod, pattern, handler] of routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      if (routeMethod !== method) {
        wrongMethod = true;
        continue;
      }
      const body = method === 'GET' ? Buffer.alloc(0) : await readBody(req);
      const params = match.slice(1).map(decodePart);
      const result = await handler({ method, path, params, query: url.searchParams, body, bearer, requestId, note });
      return result instanceof JsonText ? result.text : JSON.stringify(result);
    }
    if (wrongMethod) throw new HttpError(405, 'method_not_allowed', `${method} is not possible here.`);
    throw new HttpError(404, 'not_found', `No resource was found for ${path}.`);
  }

  return async (req, res, url, note) => {
    const path = url.pathname.replace(PREFIX, '/api/v2');
    if (await transportFault(faults, req, res, path, note)) return;
    try {
      const text = await answer(req, requestIdOf(res), url, note);
      await sendThroughFaults(faults, req, res, path, plantedBody(faults, path, text), note);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (await sendSkillFault(req, res, error)) return;
      if (error.status === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      sendError(res, error.status, error.code, planted(faults, path, error.message));
    }
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, 'invalid_request', 'The path is not properly encoded.');
  }
}
