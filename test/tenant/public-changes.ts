/** Which agents changed since a poll: what makes `updatedSince` work. */
import type { Agent, Simulation } from './simulation.ts';

interface Known {
  state: string;
  subState: string | null;
  since: number;
  contactSkill: unknown;
  loggedInSkills: unknown;
  changedMs: number;
}

/**
 * Looks at all agents whenever somebody asks, and remembers when each was first seen different. Looks are strictly later than one another,
 * so that what changes within the millisecond of an answer still lies after its `lastPollTime`.
 */
export class Changes {
  readonly #sim: Simulation;
  readonly #known = new Map<Agent, Known>();
  #lookMs = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  /** Brings agents and memory up to the present; returns the present: server time, ms, unskewed. */
  look(): number {
    this.#sim.advance();
    const before = this.#lookMs;
    this.#lookMs = Math.max(this.#sim.clock.now(), before + 1);
    for (const agent of this.#sim.agents) {
      const { state, subState, since, contactSkill, loggedInSkills } = agent;
      const known = this.#known.get(agent);
      if (
        known &&
        known.state === state &&
        known.subState === subState &&
        known.since === since &&
        known.contactSkill === contactSkill &&
        known.loggedInSkills === loggedInSkills
      ) {
        continue;
      }
      // A start date set by hand may lie in the past: the change itself does not.
      const changedMs = !known || since > before ? Math.min(since, this.#lookMs) : this.#lookMs;
      this.#known.set(agent, { state, subState, since, contactSkill, loggedInSkills, changedMs });
    }
    return this.#lookMs;
  }

  /** When the agent changed last, as far as anybody has looked. */
  changedMs(agent: Agent): number {
    return this.#known.get(agent)?.changedMs ?? agent.since;
  }
}
