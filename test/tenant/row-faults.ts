/** Faults of what the API says: agents that are missing for one reason or another, and answers that are not what they should be. */
import type { FaultKind, Faults } from './faults.ts';
import { type Fault, numberOf, textOf } from './faults.ts';
import type { Agent, Simulation, StateRow } from './simulation.ts';

/** Kinds after which an agent is missing from the states, whether asked for in the list or singly. */
const MISSING: FaultKind[] = [
  'hidden',
  'agentUnknown',
  'agentOtherOrganisation',
  'noSkillGroups',
  'skillInactive',
  'agentInactive',
];

/** One kind of damage per place: everything a client has been seen to trip over. */
const BREAKAGES: ((row: StateRow) => unknown)[] = [
  () => null,
  ({ agentId: _, ...rest }) => rest,
  (row) => ({ ...row, agentId: null }),
  (row) => ({ ...row, state: 7 }),
  (row) => ({ ...row, loggedIn: 'yes' }),
  (row) => ({ ...row, skillStates: 'none' }),
  (row) => ({ ...row, skillStates: [null, 3, { skillId: {} }] }),
  (row) => [row],
  () => 'row',
  (row) => ({ ...row, agentId: { id: row.agentId } }),
  (row) => ({ ...row, startDate: 'yesterday', stateName: null }),
  () => 42,
];

export class RowFaults {
  readonly #faults: Faults;
  readonly #sim: Simulation;

  constructor(faults: Faults, sim: Simulation) {
    this.#faults = faults;
    this.#sim = sim;
  }

  /** The armed fault of this kind about this agent. */
  about(kind: FaultKind, agent: Agent, path: string): Fault | undefined {
    return this.#faults.active(kind, path).find((fault) => this.#agentsOf(fault).has(agent));
  }

  /**
   * The body of `GET /agents/states`, as JSON text. `only`: the agent asked for, or undefined for all.
   * `note` is told the names of the faults that changed something.
   */
  states(path: string, only: Agent | undefined, note: (fault: string) => void): string {
    const missing = this.#missing(path, only, note);
    const agents = (only ? [only] : this.#sim.agents).filter((agent) => !missing.has(agent));
    const rewriting = (['malformedRows', 'duplicateRows', 'numericIds', 'stateAbsent', 'notLoggedInToASkill'] as const).some(
      (kind) => this.#faults.active(kind, path).length > 0,
    );
    const body = rewriting
      ? JSON.stringify(this.#rewritten(path, agents, note))
      : agents.length === this.#sim.agents.length
        ? this.#sim.allRowsText()
        : `[${agents.map((agent) => this.#sim.rowText(agent)).join(',')}]`;
    return this.#envelope(path, body, note);
  }

  /** The agents a fault names: one id or name, or a list of them. */
  #agentsOf(fault: Fault): Set<Agent> {
    const value = fault.spec.agentId;
    const ids = Array.isArray(value) ? value : [value];
    return new Set(ids.flatMap((id) => (typeof id === 'string' ? (this.#sim.find(id) ?? []) : [])));
  }

  #missing(path: string, only: Agent | undefined, note: (fault: string) => void): Set<Agent> {
    const missing = new Set<Agent>();
    const drop = (fault: Fault) => {
      this.#faults.use(fault);
      note(fault.spec.kind);
      for (const agent of this.#agentsOf(fault)) missing.add(agent);
    };
    for (const kind of MISSING) {
      // With one skill left that is not paused, an agent is seen.
      for (const fault of this.#faults.active(kind, path)) if (fault.spec.paused === undefined) drop(fault);
    }
    for (const fault of this.#faults.active('partitionRestricted', path)) {
      if (this.#agentsOf(fault).size > 0) drop(fault);
    }
    for (const fault of this.#faults.active('stateAfterSeconds', path)) {
      if (this.#isLate(fault, only)) drop(fault);
    }
    for (const fault of this.#faults.active('notLoggedInToASkill', path)) {
      const row = textOf(fault, 'row') ?? 'single';
      if (row === 'none' || (row === 'single' && !only)) drop(fault);
    }
    return missing;
  }

  /** Whether the state is still on its way. Only questions about the agent alone are counted: lists come when they please. */
  #isLate(fault: Fault, only: Agent | undefined): boolean {
    const tries = numberOf(fault, 'tries', -1);
    if (tries < 0) return Date.now() < fault.armedAt + numberOf(fault, 'seconds', 12) * 1000;
    if (only && this.#agentsOf(fault).has(only)) fault.seen++;
    return fault.seen <= tries;
  }

  #rewritten(path: string, agents: readonly Agent[], note: (fault: string) => void): unknown[] {
    const take = (kind: FaultKind): Fault | undefined => {
      const fault = this.#faults.take(kind, path);
      if (fault) note(kind);
      return fault;
    };
    const stateless = take('stateAbsent');
    const noState = stateless ? this.#agentsOf(stateless) : new Set<Agent>();
    const noSkill = new Set(this.#faults.active('notLoggedInToASkill', path).flatMap((fault) => [...this.#agentsOf(fault)]));
    let rows: unknown[] = agents.map((agent) => {
      const row: StateRow = this.#sim.row(agent);
      if (noState.has(agent)) return { ...row, state: null, stateName: null, loggedIn: true };
      if (noSkill.has(agent)) return { ...row, state: 'LOGIN', stateName: 'Logged in', loggedIn: true, skillStates: [] };
      return row;
    });
    if (take('numericIds')) {
      rows = rows.map((row, index) => ({ ...(row as StateRow), agentId: 1000 + (agents[index]?.index ?? 0) }));
    }
    const broken = take('malformedRows');
    if (broken) {
      const share = numberOf(broken, 'share', 0);
      const count = share > 0 ? Math.ceil(rows.length * share) : numberOf(broken, 'count', 3);
      // Spread over the list, so that a client that stops at the first bad row is found out.
      const step = Math.max(1, Math.floor(rows.length / Math.max(1, count)));
      for (let i = 0; i < count && i * step < rows.length; i++) {
        rows[i * step] = BREAKAGES[i % BREAKAGES.length]?.(rows[i * step] as StateRow) ?? null;
      }
    }
    if (take('duplicateRows')) rows = rows.flatMap((row, index) => (index % 3 === 0 ? [row, row] : [row]));
    return rows;
  }

  #envelope(path: string, body: string, note: (fault: string) => void): string {
    const fault = this.#faults.take('malformedEnvelope', path);
    if (!fault) return body;
    note('malformedEnvelope');
    switch (textOf(fault, 'shape')) {
      case 'null':
        return 'null';
      case 'number':
        return '0';
      case 'string':
        return '"no agents"';
      case 'wrapped':
        return `{"agentStates":${body}}`;
      case 'nested':
        return `[${body}]`;
      default:
        return '{"status":"ok"}';
    }
  }
}
