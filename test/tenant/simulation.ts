/**
 * The living agents. Each agent has a random stream of its own and a next event in agent time, so that what happens depends on
 * the seed and the simulated time only, not on when somebody looks. Nothing runs by itself: whoever asks brings the agents up
 * to date first (`advance`).
 */
import { Agenda } from './agenda.ts';
import { Clock } from './clock.ts';
import { makePerson, makeSkills, type Person, type Skill } from './people.ts';
import { Random } from './random.ts';

/** State codes of the v2 API. The seeds name the fields only; the values follow the history document (seed 001). */
export type StateCode = 'READY' | 'NOT_READY' | 'WRAP_UP' | 'ON_CONTACT' | 'LOGIN' | 'LOGOUT';

/** What a person reads for each state code. */
export const STATE_NAMES: Record<StateCode, string> = {
  READY: 'Available',
  NOT_READY: 'Unavailable',
  WRAP_UP: 'After contact work',
  ON_CONTACT: 'On a contact',
  LOGIN: 'Logged in',
  LOGOUT: 'Logged out',
};

/** One transition as it really happened. `at` is unskewed server time, ISO 8601 with milliseconds. */
export interface Truth {
  seq: number;
  agentId: string;
  from: StateCode;
  to: StateCode;
  subState: string | null;
  at: string;
}

/** One row of `GET /api/v2/agents/states` (seed 000). `startDate`: since when, ISO, only where the tenant tells it. */
export interface StateRow {
  agentId: string;
  state: StateCode;
  stateName: string;
  subState?: string;
  loggedIn: boolean;
  skillStates: { skillId: string; skillName: string; state: StateCode }[];
  startDate?: string;
}

/** What can be set on an agent by hand. `skills`: names of the skills the agent is logged in to; `startDate`: ISO. */
export interface AgentSetting {
  state?: StateCode;
  subState?: string | null;
  startDate?: string;
  skills?: string[];
}

/** One agent, internal view. `since` is server time in ms; `nextAt` is agent time in ms (Infinity while held). */
export interface Agent {
  readonly index: number;
  readonly person: Person;
  state: StateCode;
  subState: string | null;
  since: number;
  /** The skill of the present contact. */
  contactSkill: Skill | null;
  /** Set by hand: names of the skills logged in to. */
  loggedInSkills: string[] | null;
  held: boolean;
  nextAt: number;
  shiftEnd: number;
  /** Agent times of the pauses still to come in this shift, soonest first. */
  pauses: { at: number; reason: string }[];
  readonly random: Random;
  /** The row as JSON, until something about it changes. */
  rowText: string | null;
}

/** Makes skills and people. */
export interface Cast {
  skills(seed: number): Skill[];
  person(seed: number, index: number, skills: readonly Skill[]): Person;
}

export interface SimulationOptions {
  agents?: number;
  seed?: number;
  speed?: number;
  frozen?: boolean;
  /** Who the people are; those of v2 by default. */
  cast?: Cast;
  /** Rows carry `startDate`. */
  rowSince?: boolean;
  /** The real clock, ms; tests give their own. */
  real?: () => number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The truth list keeps this many transitions; ten thousand agents make about a hundred a second. */
const TRUTH_LIMIT = 1_000_000;
const MEETINGS = ['Coaching', 'Training', 'Meeting'];
/** Usual length of a pause by reason, in minutes: from, to. */
const PAUSE_MINUTES: Record<string, [number, number]> = {
  Lunch: [26, 38],
  Break: [9, 16],
  Coaching: [12, 28],
  Training: [25, 55],
  Meeting: [14, 40],
};

export class Simulation {
  readonly clock: Clock;
  readonly agents: readonly Agent[];
  readonly skills: readonly Skill[];
  readonly truth: Truth[] = [];
  /** The whole list as JSON, until any row changes. */
  #listText: string | null = null;
  readonly #byId = new Map<string, Agent>();
  readonly #rowSince: boolean;
  readonly #agenda = new Agenda<Agent>();
  #seq = 0;
  #shownSkew = 0;

  constructor(options: SimulationOptions = {}) {
    const seed = options.seed ?? 1;
    this.clock = new Clock({
      speed: options.speed ?? 1,
      frozen: options.frozen ?? false,
      ...(options.real ? { real: options.real } : {}),
    });
    this.#rowSince = options.rowSince ?? true;
    const cast = options.cast ?? { skills: makeSkills, person: makePerson };
    this.skills = cast.skills(seed);
    const start = this.clock.agentNow();
    this.agents = Array.from({ length: options.agents ?? 30 }, (_, index) =>
      this.#newAgent(seed, index, cast.person(seed, index, this.skills), start),
    );
    for (const agent of this.agents) {
      this.#byId.set(agent.person.id, agent);
      this.#agenda.add(agent);
    }
  }

  /** Finds an agent by id, or by name (for scenarios and the control API). */
  find(idOrName: string): Agent | undefined {
    return this.#byId.get(idOrName) ?? this.agents.find((agent) => agent.person.name === idOrName);
  }

  /** The agent with this id, or undefined: what the API itself knows. */
  byId(id: string): Agent | undefined {
    return this.#byId.get(id);
  }

  /** Brings every agent up to the present. */
  advance(): void {
    const now = this.clock.agentNow();
    for (let next = this.#agenda.first; next && next.nextAt <= now; next = this.#agenda.first) {
      this.#agenda.removeFirst();
      this.#step(next);
      this.#agenda.add(next);
    }
  }

  /** Sets an agent by hand and holds it there until released. */
  set(agent: Agent, setting: AgentSetting): void {
    this.advance();
    const now = this.clock.now();
    const since = setting.startDate === undefined ? now : Date.parse(setting.startDate);
    if (Number.isNaN(since)) throw new RangeError(`startDate is not a date: ${setting.startDate}`);
    const to = setting.state ?? agent.state;
    const subState = setting.subState === undefined ? (to === agent.state ? agent.subState : null) : setting.subState;
    if (setting.skills) agent.loggedInSkills = setting.skills;
    agent.contactSkill = to === 'ON_CONTACT' ? (agent.contactSkill ?? agent.person.skills[0] ?? null) : null;
    if (to !== agent.state || subState !== agent.subState) this.#record(agent, to, subState, now);
    if (setting.startDate !== undefined) agent.since = since;
    agent.held = true;
    agent.nextAt = Number.POSITIVE_INFINITY;
    this.#touch(agent);
    this.#agenda.reorder();
  }

  /** Lets an agent that was set by hand live on from where it is. */
  release(agent: Agent): void {
    if (!agent.held) return;
    this.advance();
    agent.held = false;
    agent.loggedInSkills = null;
    const now = this.clock.agentNow();
    if (agent.state !== 'LOGOUT' && agent.shiftEnd <= now) this.#newShift(agent, now);
    agent.nextAt = now + this.#length(agent);
    this.#touch(agent);
    this.#agenda.reorder();
  }

  /** Moves the clock; agents pass through everything that lies between. */
  moveClock(change: { advanceSeconds?: number; speed?: number; frozen?: boolean; skewSeconds?: number }): void {
    this.advance();
    if (change.speed !== undefined) this.clock.setSpeed(change.speed);
    if (change.frozen !== undefined) this.clock.setFrozen(change.frozen);
    if (change.advanceSeconds !== undefined) this.clock.advance(change.advanceSeconds);
    if (change.skewSeconds !== undefined) this.clock.skewSeconds = change.skewSeconds;
    this.advance();
  }

  /** An agent's row as the API shows it. Call `advance` before. */
  row(agent: Agent): StateRow {
    const loggedIn = agent.state !== 'LOGOUT';
    const skills = agent.loggedInSkills
      ? agent.person.skills.filter((skill) => agent.loggedInSkills?.includes(skill.name))
      : agent.person.skills;
    return {
      agentId: agent.person.id,
      state: agent.state,
      stateName: STATE_NAMES[agent.state],
      ...(agent.subState === null ? {} : { subState: agent.subState }),
      loggedIn,
      skillStates: loggedIn
        ? skills.map((skill) => ({
            skillId: skill.id,
            skillName: skill.name,
            state: agent.state === 'ON_CONTACT' && skill !== agent.contactSkill ? 'READY' : agent.state,
          }))
        : [],
      ...(this.#rowSince ? { startDate: new Date(agent.since + this.clock.skew).toISOString() } : {}),
    };
  }

  /** The same as JSON text, kept until the row changes: ten thousand rows are answered from these. */
  rowText(agent: Agent): string {
    this.#followSkew();
    agent.rowText ??= JSON.stringify(this.row(agent));
    return agent.rowText;
  }

  /** All rows as one JSON array: between two changes this costs nothing. */
  allRowsText(): string {
    this.#followSkew();
    this.#listText ??= `[${this.agents.map((agent) => this.rowText(agent)).join(',')}]`;
    return this.#listText;
  }

  /** Transitions after `seq`, in the order they happened. */
  truthSince(seq: number): Truth[] {
    this.advance();
    return this.truth.filter((entry) => entry.seq > seq);
  }

  /** Texts made under another clock skew carry the wrong `startDate`. */
  #followSkew(): void {
    if (this.#shownSkew === this.clock.skew) return;
    this.#shownSkew = this.clock.skew;
    this.#listText = null;
    for (const agent of this.agents) agent.rowText = null;
  }

  #newAgent(seed: number, index: number, person: Person, start: number): Agent {
    const random = new Random(seed, 0xa9e47 + index);
    const agent: Agent = {
      index,
      person,
      state: 'READY',
      subState: null,
      since: start,
      contactSkill: null,
      loggedInSkills: null,
      held: false,
      nextAt: start,
      shiftEnd: 0,
      pauses: [],
      random,
      rowText: null,
    };
    this.#newShift(agent, start - random.between(0, 6.5 * HOUR));
    agent.pauses = agent.pauses.filter((pause) => pause.at > start);
    const draw = random.next();
    if (draw < 0.4) this.#enter(agent, 'ON_CONTACT');
    else if (draw < 0.65) this.#enter(agent, 'READY');
    else if (draw < 0.77) this.#enter(agent, 'WRAP_UP');
    else if (draw < 0.9) this.#enter(agent, 'NOT_READY', random.pick(['Lunch', 'Break', 'Break', ...MEETINGS]));
    else if (draw < 0.93) this.#enter(agent, 'LOGIN');
    else this.#enter(agent, 'LOGOUT');
    // Somewhere within the state: part of it lies in the past.
    const length = this.#length(agent);
    const passed = length * random.between(0.05, 0.9);
    agent.since = Math.floor(start - passed);
    agent.nextAt = Math.floor(start + length - passed);
    return agent;
  }

  #newShift(agent: Agent, start: number): void {
    const { random } = agent;
    agent.shiftEnd = start + 8 * HOUR + random.between(-10, 10) * MINUTE;
    agent.pauses = [
      { at: start + random.between(90, 130) * MINUTE, reason: 'Break' },
      { at: start + random.between(210, 260) * MINUTE, reason: 'Lunch' },
      { at: start + random.between(350, 400) * MINUTE, reason: 'Break' },
    ];
    if (random.chance(0.3)) agent.pauses.push({ at: start + random.between(30, 420) * MINUTE, reason: random.pick(MEETINGS) });
    agent.pauses.sort((a, b) => a.at - b.at);
  }

  /** How long the agent stays in its present state, ms. */
  #length(agent: Agent): number {
    const { random } = agent;
    switch (agent.state) {
      case 'ON_CONTACT':
        return random.around(agent.contactSkill?.name === 'Chat' ? 300 * SECOND : 170 * SECOND);
      case 'READY':
        return random.around(110 * SECOND);
      case 'WRAP_UP':
        return random.around(54 * SECOND);
      case 'NOT_READY': {
        const [from, to] = PAUSE_MINUTES[agent.subState ?? ''] ?? [5, 15];
        return random.between(from, to) * MINUTE;
      }
      case 'LOGIN':
        return random.between(10, 60) * SECOND;
      case 'LOGOUT':
        return random.between(15, 17) * HOUR;
    }
  }

  /** Decides what an agent does when its present state ends. */
  #next(agent: Agent): [StateCode, string | null] {
    const { random, nextAt: now } = agent;
    if (agent.state === 'LOGOUT') {
      this.#newShift(agent, now);
      return ['LOGIN', null];
    }
    if (agent.state === 'ON_CONTACT') return random.chance(0.88) ? ['WRAP_UP', null] : ['READY', null];
    if (now >= agent.shiftEnd) return ['LOGOUT', null];
    const pause = agent.pauses[0];
    if (pause && now >= pause.at && agent.state !== 'NOT_READY') {
      agent.pauses.shift();
      return ['NOT_READY', pause.reason];
    }
    return agent.state === 'READY' ? ['ON_CONTACT', null] : ['READY', null];
  }

  #step(agent: Agent): void {
    const at = Math.floor(agent.nextAt);
    const [to, subState] = this.#next(agent);
    this.#record(agent, to, subState, this.clock.toServer(at));
    this.#enter(agent, to, subState);
    agent.nextAt = at + Math.max(SECOND, Math.floor(this.#length(agent)));
  }

  #enter(agent: Agent, state: StateCode, subState: string | null = null): void {
    agent.state = state;
    agent.subState = subState;
    agent.contactSkill = state === 'ON_CONTACT' ? agent.random.pick(agent.person.skills) : null;
    this.#touch(agent);
  }

  #record(agent: Agent, to: StateCode, subState: string | null, at: number): void {
    this.truth.push({
      seq: ++this.#seq,
      agentId: agent.person.id,
      from: agent.state,
      to,
      subState,
      at: new Date(at).toISOString(),
    });
    if (this.truth.length > TRUTH_LIMIT) this.truth.splice(0, TRUTH_LIMIT / 10);
    agent.state = to;
    agent.subState = subState;
    agent.since = at;
  }

  #touch(agent: Agent): void {
    agent.rowText = null;
    this.#listText = null;
  }
}
