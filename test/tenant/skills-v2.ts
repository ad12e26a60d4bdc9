/**
 * Skills as seed 003 has them: routing strategies, a user's licences and skill assignments, and the figures a level is suggested from. There is
 * no call for many users at once, and none that takes a skill away.
 */
import type { ApiHandler, ApiRequest } from './api-v2.ts';
import { HttpError } from './http.ts';
import { ORG_ID } from './people.ts';
import type { Row } from './public-query.ts';
import { Random } from './random.ts';
import type { RowFaults } from './row-faults.ts';
import type { Agent, Simulation } from './simulation.ts';
import type { SkillFaults } from './skill-faults.ts';
import type { HeldSkill, SkillLedger } from './skill-ledger.ts';

export interface SkillsV2Options {
  sim: Simulation;
  seed: number;
  ledger: SkillLedger;
  skillFaults: SkillFaults;
  rows: RowFaults;
  /** The agent of the path; throws where there is none, or it may not be seen. */
  visibleAgent(request: ApiRequest): Agent;
  /** Whether a fault of this kind is armed. */
  armed(kind: 'skillsAsIds', path: string): boolean;
}

/** Skills by the strategy that uses them. Sales and Back office are used by inactive ones alone, Billing by one of each. */
const STRATEGIES: readonly (readonly [name: string, status: 'active' | 'inactive', skills: readonly string[]])[] = [
  ['Voice', 'active', ['Billing', 'Tier 1', 'Tier 2']],
  ['Winter overflow', 'inactive', ['Billing', 'Back office']],
  ['Spanish line', 'active', ['Español', 'Retention']],
  ['Outbound pilot', 'inactive', ['Sales']],
  ['Digital', 'active', ['Chat', 'Retention']],
];
/** One agent in so many has no licence that routing needs, or none at all. */
const UNLICENSED_EVERY = 17;
const BARE_EVERY = 29;
const NO_FIGURES_EVERY = 11;
const NO_RESOLUTION_EVERY = 13;
const DAY_MS = 24 * 3_600_000;

/** What an agent holds at the start: a level of 1 to 5, for this year and the next. */
export function firstHeldV2(agent: Agent, nth: number): HeldSkill {
  return {
    level: 1 + ((agent.index + nth * 3) % 5),
    isActive: true,
    availableFrom: '2026-01-01T00:00:00.000Z',
    availableTo: '2027-12-31T23:59:59.000Z',
  };
}

function demand({ bearer }: ApiRequest, scope: string, permission: string): void {
  if (!bearer.scopes.has(scope)) {
    throw new HttpError(403, 'insufficient_scope', `The token does not carry the scope ${scope}.`);
  }
  if (!bearer.account.permissions.includes(permission)) {
    throw new HttpError(403, 'forbidden', 'Security permissions prevent access to skills.');
  }
}

function count(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new HttpError(400, 'invalid_request', `${name} must be a whole number from 1 to ${most}.`);
  }
  return value;
}

function bodyOf({ body }: ApiRequest): Row {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  } catch {
    // Refused below, like everything else that is no object.
  }
  throw new HttpError(400, 'invalid_request', 'The body must be a JSON object.');
}

/** A time with or without its zone (the seed sends none: then it is UTC), as it is kept. */
function instant(value: unknown, name: string): string {
  const text = typeof value === 'string' ? value : '';
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
    ? Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(ms)) throw new HttpError(400, 'invalid_request', `${name} must be an ISO 8601 date and time.`);
  return new Date(ms).toISOString();
}

/** Seven days of an agent's work, the same for the same seed; null: none. */
function figuresOf(agent: Agent, seed: number): Row | null {
  if (agent.index % NO_FIGURES_EVERY === 7) return null;
  const random = new Random(seed, 0xf16 + agent.index);
  const handleTime = Math.round(random.between(20_000, 90_000));
  return {
    userId: agent.person.id,
    talkTime: Math.round(handleTime * random.between(0.45, 0.97)),
    handleTime,
    ...(agent.index % NO_RESOLUTION_EVERY === 5 ? {} : { resolutionRate: Math.round(random.between(0.4, 0.95) * 100) / 100 }),
  };
}

export function skillRoutesV2(options: SkillsV2Options): [string, string, ApiHandler][] {
  const { sim, seed, ledger, skillFaults, rows, visibleAgent, armed } = options;

  function strategies(request: ApiRequest): Row {
    demand(request, 'routing:read', 'Skills:View');
    const { bearer, query, path } = request;
    const pageSize = count(query, 'pageSize', 25, 100);
    const pageNumber = count(query, 'pageNumber', 1, 1_000_000);
    const known = bearer.account.orgId === ORG_ID ? STRATEGIES : [];
    const all = known.map(([name, status, skills], index) => ({
      id: new Random(seed, 0x57a7 + index).uuid(),
      name,
      status,
      skills: skills.flatMap((each): (string | Row)[] => {
        const skill = sim.skills.find((one) => one.name === each);
        if (!skill) return [];
        return armed('skillsAsIds', path) ? [skill.id] : [{ id: skill.id, name: skill.name }];
      }),
    }));
    const from = (pageNumber - 1) * pageSize;
    return { entities: all.slice(from, from + pageSize), pageSize, pageNumber, total: all.length };
  }

  function licences(request: ApiRequest): Row {
    demand(request, 'users:read', 'Skills:View');
    const agent = visibleAgent(request);
    const fault = rows.about('licences', agent, request.path);
    if (fault) request.note('licences');
    const plain = [{ licenseType: 'recording', status: 'active' }];
    const own =
      agent.index % BARE_EVERY === 20
        ? []
        : agent.index % UNLICENSED_EVERY === 9
          ? plain
          : [{ licenseType: agent.index % 3 === 2 ? 'routing' : 'agent', status: 'active' }, ...plain];
    return { licenses: fault?.spec.licenses ?? own };
  }

  function entity(agent: Agent, skillId: string, held: HeldSkill, updatedMs: number): Row {
    const { level, availableFrom, availableTo } = held;
    return {
      id: `${agent.person.id}:${skillId}`,
      userId: agent.person.id,
      skillId,
      skillName: ledger.skill(skillId)?.name,
      level,
      availableFrom,
      availableTo,
      lastModified: new Date(updatedMs).toISOString(),
    };
  }

  function assignments(request: ApiRequest): Row {
    demand(request, 'users:read', 'Skills:View');
    const agent = visibleAgent(request);
    return { entities: ledger.of(agent).map(({ skill, held, updatedMs }) => entity(agent, skill.id, held, updatedMs)) };
  }

  async function assign(request: ApiRequest): Promise<Row> {
    demand(request, 'users:write', 'Skills:Edit');
    const agent = visibleAgent(request);
    const body = bodyOf(request);
    const { skillId, level } = body;
    const availableFrom = instant(body.availableFrom, 'availableFrom');
    const availableTo = instant(body.availableTo, 'availableTo');
    const draft = { requestId: request.requestId, by: 'client', method: 'POST' } as const;
    const refuse = (text: string): never => {
      if (typeof skillId === 'string') ledger.refuse(draft, agent, skillId);
      throw new HttpError(400, 'invalid_request', text);
    };
    if (typeof skillId !== 'string' || !ledger.skill(skillId)) return refuse('skillId is not the id of a skill.');
    if (typeof level !== 'number' || !Number.isInteger(level) || level < 1 || level > 5) {
      return refuse('level must be a whole number from 1 to 5.');
    }
    if (availableTo <= availableFrom) return refuse('availableTo must be after availableFrom.');
    const attempt = { path: request.path, agent, skillId, level, note: request.note };
    skillFaults.before(attempt, draft);
    const value = { level, isActive: true, availableFrom, availableTo };
    const { delayMs, answerMs } = skillFaults.lateness(attempt);
    ledger.accept(draft, agent, skillId, value, delayMs);
    await skillFaults.after(attempt, answerMs);
    return entity(agent, skillId, value, sim.clock.now());
  }

  function details(request: ApiRequest): Row {
    demand(request, 'analytics:read', 'Reporting:View');
    const { interval, ...more } = bodyOf(request);
    const { filters = [], metrics = [] }: { filters?: unknown; metrics?: unknown } = more;
    if (typeof interval !== 'string' || !/^(P\d+D|\d{4}-\S+\/\d{4}-\S+)$/.test(interval)) {
      throw new HttpError(400, 'invalid_request', 'interval must be an ISO 8601 interval.');
    }
    if (!Array.isArray(metrics) || !Array.isArray(filters)) {
      throw new HttpError(400, 'invalid_request', 'metrics and filters are lists.');
    }
    const wanted = new Set<unknown>();
    for (const { dimension, operator, value, values } of filters as Row[]) {
      const named = Array.isArray(values) ? values : Array.isArray(value) ? value : [value];
      if (dimension !== 'userId' || !(operator === 'in' || (operator === 'eq' && named.length === 1))) {
        throw new HttpError(400, 'invalid_request', 'This filter is not supported.');
      }
      for (const id of named) wanted.add(id);
    }
    const pageSize = count(request.query, 'pageSize', 25, 1000);
    const pageNumber = count(request.query, 'pageNumber', 1, 1_000_000);
    const own = request.bearer.account.orgId === ORG_ID ? sim.agents : [];
    const asked = filters.length === 0 ? own : own.filter(({ person }) => wanted.has(person.id));
    const data = asked.map((agent) => figuresOf(agent, seed)).filter((row) => row !== null);
    const from = (pageNumber - 1) * pageSize;
    const kept = data.slice(from, from + pageSize).map((row) => {
      const members = Object.entries(row).filter(([name]) => name === 'userId' || metrics.length === 0 || metrics.includes(name));
      return Object.fromEntries(members);
    });
    return { interval: spanOf(interval), data: kept, pageSize, pageNumber, total: data.length };
  }

  /** `P7D` as the tenant repeats it: from when to when. */
  function spanOf(interval: string): string {
    const days = /^P(\d+)D$/.exec(interval)?.[1];
    if (days === undefined) return interval;
    const nowMs = sim.clock.now();
    return `${new Date(nowMs - Number(days) * DAY_MS).toISOString()}/${new Date(nowMs).toISOString()}`;
  }

  return [
    ['GET', '/routing/strategies', strategies],
    ['GET', '/users/:id/licenses', licences],
    ['GET', '/users/:id/skill-assignments', assignments],
    ['POST', '/users/:id/skill-assignments', assign],
    ['POST', '/analytics/users/details/query', details],
  ];
}
