/** What agents did before: every state an agent has been in since the tenant started, made from the truth list, and a past made up before that. */
import { HttpError } from './http.ts';
import { type Irregularity, makePast } from './past.ts';
import type { Agent, Simulation, StateCode, Truth } from './simulation.ts';

/** One state of one agent; `untilMs` undefined: it lasts. Server times, unskewed. */
export interface Stretch {
  /** Running number of the agent's states, from 1. */
  index: number;
  state: StateCode;
  subState: string | null;
  sinceMs: number;
  untilMs?: number;
}

/** A past to be made up. The same seed gives the same states for the same lengths, whenever it is asked for. */
export interface PastSpec {
  /** Id or name; `*`: everybody, each with a stream of their own. */
  agent: string;
  /** How many states there are in all, the present one among them. */
  records: number;
  /** 1. */
  seed?: number;
  /** How far back it reaches from the beginning of the present state; 20. */
  hours?: number;
  /** What is wrong with the way it is told. */
  irregularities?: readonly Irregularity[];
}

/** How a history is told: made of the seed, so that each page of it is cut from the same list. */
export interface Telling {
  seed: number;
  irregularities: ReadonlySet<Irregularity>;
}

const PLAIN: Telling = { seed: 1, irregularities: new Set() };
const HOUR_MS = 3_600_000;

export class Histories {
  readonly #sim: Simulation;
  readonly #stretches = new Map<string, Stretch[]>();
  readonly #tellings = new Map<string, Telling>();
  #seq = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#seq = sim.truth.at(-1)?.seq ?? 0;
    for (const { person, state, subState, since } of sim.agents) {
      this.#stretches.set(person.id, [{ index: 1, state, subState, sinceMs: since }]);
    }
  }

  /** All states of an agent so far, oldest first; the last one lasts. */
  of(agent: Agent): readonly Stretch[] {
    this.#catchUp();
    return this.#stretches.get(agent.person.id) ?? [];
  }

  telling(agent: Agent): Telling {
    return this.#tellings.get(agent.person.id) ?? PLAIN;
  }

  /** Puts a past before the present state, in the place of whatever was there. Answers how many states each agent has now. */
  plant({ agent: who, records, seed = 1, hours = 20, irregularities = [] }: PastSpec): { agentId: string; records: number }[] {
    if (records * 1000 > hours * HOUR_MS) {
      throw new HttpError(400, 'bad_history', 'there is room for one record a second at most');
    }
    const found = this.#sim.find(who);
    const agents = who === '*' ? this.#sim.agents : found ? [found] : [];
    if (agents.length === 0) throw new HttpError(404, 'not_found', 'no such agent');
    this.#catchUp();
    return agents.map((agent) => {
      const { person, state, subState, since } = agent;
      const own = seed + agent.index;
      const past = makePast({ seed: own, states: records - 1, spanMs: hours * HOUR_MS, endMs: since, present: state });
      this.#stretches.set(person.id, [...past, { index: records, state, subState, sinceMs: since }]);
      this.#tellings.set(person.id, { seed: own, irregularities: new Set(irregularities) });
      return { agentId: person.id, records };
    });
  }

  #catchUp(): void {
    this.#sim.advance();
    const { truth } = this.#sim;
    // From the end: of a long list only the last few are new, and every agent of ten thousand asks.
    let from = truth.length;
    while (from > 0 && (truth[from - 1]?.seq ?? 0) > this.#seq) from--;
    for (const each of truth.slice(from)) this.#add(each);
  }

  #add({ seq, agentId, to, subState, at }: Truth): void {
    this.#seq = seq;
    const list = this.#stretches.get(agentId);
    const last = list?.at(-1);
    if (!list || !last) return;
    const sinceMs = Date.parse(at);
    last.untilMs = sinceMs;
    list.push({ index: last.index + 1, state: to, subState, sinceMs });
  }
}
