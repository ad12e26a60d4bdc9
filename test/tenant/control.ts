/** The control API: how tests and demonstrations move the tenant. JSON, on the same port, without any protection. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FAULT_KINDS, type Faults } from './faults.ts';
import { HttpError, readJson, sendError, sendJson } from './http.ts';
import type { Identity } from './provider.ts';
import type { RequestLog } from './request-log.ts';
import { applyScenario, type ScenarioBook, SUBJECT } from './scenarios.ts';
import { type Agent, type AgentSetting, type Simulation, STATE_NAMES, type StateCode } from './simulation.ts';

export interface ControlOptions {
  sim: Simulation;
  faults: Faults;
  log: RequestLog;
  identity: Identity;
  book: ScenarioBook;
  extras: ControlExtras;
}

/** What there is besides: lines of help by call (`GET /control/…`), and answers by call (`GET …`). */
export interface ControlExtras {
  help: Readonly<Record<string, string>>;
  routes: Readonly<Record<string, (query: URLSearchParams, body: Record<string, unknown>) => unknown>>;
}

const HELP = {
  'GET /control': 'this list',
  'GET /control/log?since=SEQ':
    'requests after SEQ: seq, requestId (as in X-Request-Id), at, method, path, query, status, ms, origin, authorization, grantType, scope, faults',
  'DELETE /control/log': 'empties the log',
  'GET /control/counts':
    'refreshes, refreshesOk, reuseDetected, interactiveLogins, silentLogins, codeExchanges, statesRequests, signOuts, clientCredentials, accessKeyGrants',
  'GET /control/truth?since=SEQ': 'every transition after SEQ: seq, agentId, from, to, subState, at',
  'GET /control/agents': 'every agent with all ids, present state, and whether it is held',
  'POST /control/agents/{id or name}': '{state?, subState?, startDate?, skills?}: sets an agent by hand and holds it',
  'POST /control/agents/{id or name}/release': 'lets it live on',
  'GET /control/clock': 'server time, speed, frozen, skewSeconds',
  'POST /control/clock': '{advanceSeconds?, speed?, frozen?, skewSeconds?}',
  'POST /control/token': '{scopes: [...], account?}: an access token for scripts',
  'POST /control/expire': 'every access token issued so far is refused with 401, so that clients must refresh',
  'POST /control/sessions/end': 'ends all single sign-on sessions: silent sign-in fails',
  'POST /control/revoke': 'revokes all grants and refresh tokens',
  'GET /control/faults': 'armed faults, and all kinds there are',
  'POST /control/faults': '{kind, times?, match?, afterSeconds?, …}: arms a fault',
  'DELETE /control/faults?kind=KIND': 'disarms all, or those of a kind',
  'GET /control/scenario': 'the present scenario, and all there are',
  'POST /control/scenario': '{name}: clears faults, releases agents, then sets the scene',
};

function agentView(sim: Simulation, agent: Agent): object {
  const { skills, ...person } = agent.person;
  const row = sim.row(agent);
  return {
    index: agent.index,
    ...person,
    profileState: person.state,
    skills: skills.map((skill) => skill.name),
    state: agent.state,
    stateName: row.stateName,
    subState: agent.subState,
    loggedIn: row.loggedIn,
    since: new Date(agent.since).toISOString(),
    held: agent.held,
  };
}

function settingFrom(body: Record<string, unknown>): AgentSetting {
  const { state, subState, startDate, skills } = body;
  if (state !== undefined && (typeof state !== 'string' || !Object.hasOwn(STATE_NAMES, state))) {
    throw new HttpError(400, 'bad_state', `state must be one of ${Object.keys(STATE_NAMES).join(', ')}`);
  }
  if (startDate !== undefined && (typeof startDate !== 'string' || Number.isNaN(Date.parse(startDate)))) {
    throw new HttpError(400, 'bad_date', 'startDate must be an ISO date');
  }
  if (subState !== undefined && subState !== null && typeof subState !== 'string') {
    throw new HttpError(400, 'bad_sub_state', 'subState must be a text or null');
  }
  if (skills !== undefined && !(Array.isArray(skills) && skills.every((name) => typeof name === 'string'))) {
    throw new HttpError(400, 'bad_skills', 'skills must be a list of skill names');
  }
  return {
    ...(state === undefined ? {} : { state: state as StateCode }),
    ...(subState === undefined ? {} : { subState }),
    ...(startDate === undefined ? {} : { startDate }),
    ...(skills === undefined ? {} : { skills: skills as string[] }),
  };
}

function optionalNumber(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new HttpError(400, 'bad_number', `${name} must be a number`);
  return value;
}

/** Makes the control API's request handler. `scenario` is the one the tenant was started with. */
export function createControl(
  options: ControlOptions,
  scenario: string,
): (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void> {
  const { sim, faults, log, identity, book, extras } = options;
  let present = scenario;

  function agentOf(part: string): Agent {
    const agent = sim.find(decodeURIComponent(part));
    if (!agent) throw new HttpError(404, 'not_found', 'no such agent');
    return agent;
  }

  function clock(): object {
    const { speed, frozen, skewSeconds } = sim.clock;
    return {
      now: new Date(sim.clock.now()).toISOString(),
      shown: new Date(sim.clock.shown()).toISOString(),
      speed,
      frozen,
      skewSeconds,
    };
  }

  function moveClock(body: Record<string, unknown>): object {
    const advanceSeconds = optionalNumber(body, 'advanceSeconds');
    const speed = optionalNumber(body, 'speed');
    const skewSeconds = optionalNumber(body, 'skewSeconds');
    if ((advanceSeconds ?? 0) < 0 || (speed ?? 0) < 0) throw new HttpError(400, 'bad_number', 'time does not run backwards');
    if (body.frozen !== undefined && typeof body.frozen !== 'boolean')
      throw new HttpError(400, 'bad_frozen', 'frozen must be true or false');
    sim.moveClock({
      ...(advanceSeconds === undefined ? {} : { advanceSeconds }),
      ...(speed === undefined ? {} : { speed }),
      ...(skewSeconds === undefined ? {} : { skewSeconds }),
      ...(body.frozen === undefined ? {} : { frozen: body.frozen }),
    });
    return clock();
  }

  function armed(): object {
    return {
      armed: faults.list(),
      kinds: Object.fromEntries(Object.entries(FAULT_KINDS).map(([kind, [side, text]]) => [kind, `${side}: ${text}`])),
    };
  }

  function setScenario(body: Record<string, unknown>): object {
    const name = String(body.name ?? '');
    const { description } = applyScenario(name, sim, faults, book);
    present = name;
    const subject = sim.find(SUBJECT);
    return { name, description, faults: faults.list(), subject: subject ? agentView(sim, subject) : null };
  }

  async function route(req: IncomingMessage, url: URL): Promise<unknown> {
    const since = Number(url.searchParams.get('since') ?? 0) || 0;
    const path = url.pathname.replace(/^\/control\/?/, '').replace(/\/$/, '');
    const call = `${req.method} ${path}`;
    const [first, second, third] = path.split('/');
    if (first === 'agents' && second && req.method === 'POST') {
      const agent = agentOf(second);
      if (third === 'release') sim.release(agent);
      else if (third === undefined) sim.set(agent, settingFrom(await readJson(req)));
      else throw new HttpError(404, 'not_found', `nothing at /control/${path}`);
      return agentView(sim, agent);
    }
    switch (call) {
      case 'GET ':
        return { control: { ...HELP, ...extras.help }, scenario: present };
      case 'GET log':
        return log.since(since);
      case 'DELETE log':
        log.clear();
        return { cleared: true };
      case 'GET counts':
        return log.counts;
      case 'GET truth':
        return sim.truthSince(since);
      case 'GET agents':
        sim.advance();
        return sim.agents.map((agent) => agentView(sim, agent));
      case 'GET clock':
        return clock();
      case 'POST clock':
        return moveClock(await readJson(req));
      case 'POST token': {
        const body = await readJson(req);
        const scopes = typeof body.scopes === 'string' ? body.scopes.split(' ') : body.scopes;
        if (!Array.isArray(scopes)) throw new HttpError(400, 'bad_scopes', 'scopes must be a list');
        return identity.issue(scopes.map(String), typeof body.account === 'string' ? body.account : 'demo');
      }
      case 'POST expire':
        return { refused: identity.expireAccessTokens() };
      case 'POST sessions/end':
        return { ended: identity.endSessions() };
      case 'POST revoke':
        return { revoked: identity.revokeGrants() };
      case 'GET faults':
        return armed();
      case 'POST faults': {
        const body = await readJson(req);
        return faults.arm(body);
      }
      case 'DELETE faults':
        faults.clear(url.searchParams.get('kind') ?? undefined);
        return { armed: faults.list() };
      case 'GET scenario':
        return {
          name: present,
          scenarios: Object.fromEntries(Object.entries(book.scenarios).map(([name, each]) => [name, each.description])),
        };
      case 'POST scenario':
        return setScenario(await readJson(req));
      default: {
        const extra = extras.routes[call];
        if (extra) return extra(url.searchParams, req.method === 'POST' ? await readJson(req) : {});
        throw new HttpError(404, 'not_found', `nothing at ${req.method} /control/${path}; see GET /control`);
      }
    }
  }

  return async (req, res, url) => {
    try {
      sendJson(res, 200, await route(req, url));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      sendError(res, error.status, error.code, error.message);
    }
  };
}
