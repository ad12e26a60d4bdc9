/**
 * Who holds what of each skill, what is on its way, and everything that was ever asked for: the truth that a client's own records are compared
 * with. A change may take effect some time after it was accepted; until then everybody is told the old value.
 */
import type { Skill } from './people.ts';
import type { Agent, Simulation } from './simulation.ts';

/** What an agent holds of a skill. `availableFrom` and `availableTo`: ISO 8601, '' where the profile has no such thing. */
export interface HeldSkill {
  level: number;
  isActive: boolean;
  availableFrom: string;
  availableTo: string;
}

/** One skill of one agent. `updatedMs`: server time. */
export interface Assignment {
  skill: Skill;
  held: HeldSkill;
  updatedMs: number;
}

/** One change of one skill that somebody asked for, as it was decided: every attempt, also those a fault refused. */
export interface Write {
  /** From 1, in the order in which they came. */
  seq: number;
  /** When it came, server time. */
  at: string;
  /** Of the request; '' by hand. */
  requestId: string;
  /** `client` came through the API, `other` by hand: a third party. */
  by: 'client' | 'other';
  method: string;
  agentId: string;
  skillId: string;
  /** Whether it was accepted. */
  success: boolean;
  /** What was asked for; null: to take the skill away. Refused ones have none. */
  value: HeldSkill | null;
  /** What it took the place of; null: nothing, or it has not taken effect. */
  before: HeldSkill | null;
  /** When it took effect, server time; null: not, or not yet. */
  appliedAt: string | null;
}

export type WriteDraft = Pick<Write, 'requestId' | 'by' | 'method'>;

interface Due {
  atMs: number;
  write: Write;
  agent: Agent;
}

const WRITES_KEPT = 200_000;

export class SkillLedger {
  readonly #sim: Simulation;
  readonly #byAgent = new Map<Agent, Map<string, Assignment>>();
  /** What has been accepted and not taken effect, soonest first. */
  #due: Due[] = [];
  #writes: Write[] = [];
  #seq = 0;

  /** @param first what an agent holds of its `nth` skill at the start */
  constructor(sim: Simulation, first: (agent: Agent, nth: number) => HeldSkill) {
    this.#sim = sim;
    for (const agent of sim.agents) {
      const own = agent.person.skills.map((skill, nth): [string, Assignment] => [
        skill.id,
        { skill, held: first(agent, nth), updatedMs: sim.clock.startedAt },
      ]);
      this.#byAgent.set(agent, new Map(own));
    }
  }

  /** The skill of this id. */
  skill(id: string): Skill | undefined {
    return this.#sim.skills.find((skill) => skill.id === id);
  }

  /** The skills of an agent, as everybody is told now. */
  of(agent: Agent): Assignment[] {
    this.#settle();
    return [...(this.#byAgent.get(agent)?.values() ?? [])];
  }

  /** One of them. */
  held(agent: Agent, skillId: string): HeldSkill | null {
    this.#settle();
    return this.#byAgent.get(agent)?.get(skillId)?.held ?? null;
  }

  /** What was asked for after `seq`, oldest first. */
  writesSince(seq: number): Write[] {
    this.#settle();
    return this.#writes.filter((write) => write.seq > seq);
  }

  /** How many changes are accepted and have not taken effect. */
  get pending(): number {
    this.#settle();
    return this.#due.length;
  }

  /** Accepts a change. @param value null takes the skill away @param delayMs real time until it takes effect */
  accept(draft: WriteDraft, agent: Agent, skillId: string, value: HeldSkill | null, delayMs = 0): void {
    this.#settle();
    const write = this.#note(draft, agent, skillId, true, value);
    this.#due.push({ atMs: Date.now() + delayMs, write, agent });
    this.#due.sort((a, b) => a.atMs - b.atMs || a.write.seq - b.write.seq);
    this.#settle();
  }

  /** Notes one that was refused. */
  refuse(draft: WriteDraft, agent: Agent, skillId: string): void {
    this.#note(draft, agent, skillId, false, null);
  }

  #settle(): void {
    const nowMs = Date.now();
    for (let next = this.#due[0]; next && next.atMs <= nowMs; next = this.#due[0]) {
      this.#due.shift();
      this.#apply(next);
    }
  }

  #apply({ write, agent }: Due): void {
    const own = this.#byAgent.get(agent);
    const skill = this.skill(write.skillId);
    if (!own || !skill) return;
    const updatedMs = this.#sim.clock.now();
    write.before = own.get(skill.id)?.held ?? null;
    write.appliedAt = new Date(updatedMs).toISOString();
    if (write.value === null) own.delete(skill.id);
    else own.set(skill.id, { skill, held: write.value, updatedMs });
  }

  #note(draft: WriteDraft, agent: Agent, skillId: string, success: boolean, value: HeldSkill | null): Write {
    const write: Write = {
      seq: ++this.#seq,
      at: new Date(this.#sim.clock.now()).toISOString(),
      ...draft,
      agentId: agent.person.id,
      skillId,
      success,
      value,
      before: null,
      appliedAt: null,
    };
    this.#writes.push(write);
    if (this.#writes.length > WRITES_KEPT) this.#writes = this.#writes.slice(-WRITES_KEPT / 2);
    return write;
  }
}
