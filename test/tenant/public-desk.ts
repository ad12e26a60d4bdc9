/**
 * What the routes of the public API share: who may see whom, how a list is cut and wrapped, what the armed faults make of it.
 */
import { STATE_PERMISSION } from './accounts.ts';
import type { ApiRequest } from './api-v2.ts';
import { OWN_BUSINESS_UNIT, type Team, teamsOf } from './cast-public.ts';
import { type Faults, numberOf } from './faults.ts';
import type { Histories } from './histories.ts';
import { HttpError } from './http.ts';
import { ORG_ID } from './people.ts';
import type { Bearer } from './provider.ts';
import { Changes } from './public-changes.ts';
import { PublicFaults, Refusal } from './public-faults.ts';
import { isRow, type ListRules, paged, type Row } from './public-query.ts';
import { type Setting, shownTime } from './public-records.ts';
import { recordNames } from './public-schema.ts';
import { PublicSkills } from './public-skills.ts';
import type { Agent, Simulation } from './simulation.ts';
import type { SkillFaults } from './skill-faults.ts';
import type { SkillLedger } from './skill-ledger.ts';

/** A call of the public API. `path`: under the version, without a slash at the end. */
export interface PublicRequest extends ApiRequest {
  version: string;
}

/** A route answers a value for a JSON body, or nothing; undefined: there is no such path in this version. */
export type PublicHandler = (request: PublicRequest) => unknown;

/** Method, path under the version (`:x` matches one part), handler. First match wins. */
export type Route = readonly [method: string, pattern: string, handler: PublicHandler];

/** An answer without a body. */
export class Nothing {
  readonly status: 204 | 304;

  constructor(status: 204 | 304) {
    this.status = status;
  }
}

export interface DeskOptions {
  sim: Simulation;
  faults: Faults;
  histories: Histories;
  ledger: SkillLedger;
  skillFaults: SkillFaults;
  /** Where the API is, for links: origin without a slash. */
  origin(): string;
}

export type Desk = ReturnType<typeof createDesk>;

/** Makes the shared part. */
export function createDesk({ sim, faults, histories, ledger, skillFaults, origin }: DeskOptions) {
  const special = new PublicFaults(faults, sim);
  const changes = new Changes(sim);
  const skills = new PublicSkills(ledger, faults, skillFaults);
  const teams = teamsOf(sim.agents);
  const teamOf = new Map<Agent, Team>(teams.flatMap((team) => team.agents.map((agent) => [agent, team] as const)));
  changes.look();

  /** A time as clients are shown it. @param ms server time, unskewed */
  const shown = (ms: number) => shownTime(ms, sim.clock.skew);
  const isActive = (agent: Agent, path: string) =>
    agent.person.state === 'active' && !special.about('agentInactive', agent, path);

  /** What every record says in the same way. */
  function setting(path: string): Setting {
    const mismatch = special.armed('businessUnitMismatch', path);
    const { businessUnitId } = OWN_BUSINESS_UNIT;
    return {
      businessUnitId: mismatch ? numberOf(mismatch, 'businessUnitId', 4600987) : businessUnitId,
      skewMs: sim.clock.skew,
      teamIdOf: (agent) => teamOf.get(agent)?.id ?? 0,
    };
  }

  function restricts(agent: Agent, path: string): boolean {
    return special.restricts(agent.person.teamName, teamOf.get(agent)?.id ?? 0, path);
  }

  /** The agents the caller may see, and how many are kept back. */
  function visible({ bearer, path, note }: PublicRequest): { agents: Agent[]; hidden: number } {
    const own = bearer.account.orgId === ORG_ID ? sim.agents : [];
    const agents = own.filter((agent) => !restricts(agent, path));
    if (agents.length < own.length) note('restrictedTeams');
    return { agents, hidden: own.length - agents.length };
  }

  /** The agent of the path; by userId, too, where the documents say so. */
  function agentOf(request: PublicRequest, complaint = 'Invalid Agent Id', byUserId = false): Agent {
    const [id = ''] = request.params;
    const agent = sim.byId(id) ?? (byUserId ? sim.agents.find(({ person }) => person.userId === id) : undefined);
    const unknown = agent && special.about('agentUnknown', agent, request.path);
    if (unknown) request.note('agentUnknown');
    if (!agent || unknown || request.bearer.account.orgId !== ORG_ID) throw new HttpError(404, 'not_found', complaint);
    if (restricts(agent, request.path)) {
      request.note('restrictedTeams');
      throw new Refusal(`Agent - '${agent.person.id}' is restricted`);
    }
    return agent;
  }

  function permissionsOf({ account }: Bearer, path: string): string[] {
    const robbed = faults.active('roleWithoutPermission', path).length > 0;
    return robbed ? account.permissions.filter((permission) => permission !== STATE_PERMISSION) : account.permissions;
  }

  /** Refuses whoever has not the permission. */
  function demand(permission: string, { bearer, path, note }: PublicRequest): void {
    if (permissionsOf(bearer, path).includes(permission)) return;
    if (faults.active('roleWithoutPermission', path).length > 0) note('roleWithoutPermission');
    throw new Refusal('Security permissions prevent access to data');
  }

  /** A list in its envelope. @param beside what stands beside rows, counts and links */
  function list(
    name: string,
    rows: readonly unknown[],
    request: PublicRequest,
    beside: Row,
    limits: Partial<ListRules> = {},
  ): unknown {
    const { path, query, version, note } = request;
    const cut = paged(rows, query, `${origin()}/inContactAPI/services/${version}${path}`, {
      known: recordNames(name),
      defaultTop: special.defaultTop(path, null),
      overlap: special.overlap(path, note),
      ...limits,
    });
    const drift = special.drift(path);
    const time = beside.lastPollTime;
    const marked = drift.has('pollTimeInRows')
      ? cut.rows.map((row) => (isRow(row) ? { ...row, lastPollTime: time } : row))
      : cut.rows;
    const { lastPollTime: _, ...others } = beside;
    const body: Row = {
      totalRecords: cut.totalRecords,
      _links: cut._links,
      ...(drift.has('pollTimeInRows') ? others : beside),
      [name]: special.spelled(marked, path, note),
    };
    const broken = special.envelope(body, name, path, note);
    if (broken !== undefined) return broken;
    return drift.has('resultSet') ? { resultSet: body } : body;
  }

  /** Whether the caller belongs to the business unit whose agents these are. */
  const isOwn = ({ bearer }: PublicRequest) => bearer.account.orgId === ORG_ID;

  return {
    sim,
    faults,
    special,
    changes,
    histories,
    skills,
    teams,
    shown,
    isActive,
    isOwn,
    setting,
    visible,
    agentOf,
    permissionsOf,
    demand,
    list,
  };
}
