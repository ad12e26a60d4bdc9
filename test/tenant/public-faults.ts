/** What the armed faults make of the public API's answers: who is missing, how a refusal is worded, how members are spelled. */
import { type Fault, type FaultKind, type Faults, listOf, numberOf, textOf } from './faults.ts';
import { HttpError } from './http.ts';
import { isRow, type Row } from './public-query.ts';
import type { Agent, Simulation } from './simulation.ts';

/** How a 403 is worded. */
export type RefusalForm = 'description' | 'header' | 'bare';

/** A 403 in one of the forms CXone has for it. */
export class Refusal extends HttpError {
  readonly form: RefusalForm;

  constructor(text: string, form: RefusalForm = 'description') {
    super(403, 'forbidden', text);
    this.form = form;
  }
}

/** The spellings a client must live with (facts, section 2). */
export type Drift =
  | 'isAcw'
  | 'media'
  | 'outStateCode'
  | 'agentNo'
  | 'agentIdAlt'
  | 'stringIds'
  | 'stringBooleans'
  | 'resultSet'
  | 'pollTimeInRows'
  | 'outStateName'
  | 'durationSeconds'
  | 'durationNumber'
  | 'bareSkillResults'
  | 'unknownState';

/** What "all" means: of two spellings of one thing, one. */
const ALL_DRIFT: readonly Drift[] = [
  'isAcw',
  'media',
  'outStateCode',
  'agentIdAlt',
  'stringIds',
  'stringBooleans',
  'resultSet',
  'outStateName',
  'durationSeconds',
  'bareSkillResults',
];

/** Kinds after which an agent is in no list of states; asked for singly, too. */
const MISSING: readonly FaultKind[] = ['hidden', 'agentUnknown', 'agentOtherOrganisation'];

/** One kind of damage per place. */
const BREAKAGES: readonly ((row: Row) => unknown)[] = [
  () => null,
  ({ agentId: _, ...rest }) => rest,
  (row) => ({ ...row, agentId: null }),
  (row) => ({ ...row, agentStateId: {}, agentStateName: 7 }),
  (row) => ({ ...row, isACW: 'perhaps' }),
  (row) => ({ ...row, startDate: 'yesterday' }),
  (row) => [row],
  () => 'row',
  (row) => ({ ...row, agentId: { id: row.agentId } }),
  () => 42,
];

function renamed(row: Row, from: string, to: string): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name === from ? to : name, value]));
}

export class PublicFaults {
  readonly #faults: Faults;
  readonly #sim: Simulation;
  /** The agents each fault names: looked up once, lists ask for every one of ten thousand. */
  readonly #named = new WeakMap<Fault, ReadonlySet<Agent>>();

  constructor(faults: Faults, sim: Simulation) {
    this.#faults = faults;
    this.#sim = sim;
  }

  /** The first armed fault of a kind, not counted as used. */
  armed(kind: FaultKind, path: string): Fault | undefined {
    return this.#faults.active(kind, path)[0];
  }

  /** The same about one agent. */
  about(kind: FaultKind, agent: Agent, path: string): Fault | undefined {
    return this.#faults.active(kind, path).find((fault) => this.#agentsOf(fault).has(agent));
  }

  #agentsOf(fault: Fault): ReadonlySet<Agent> {
    let agents = this.#named.get(fault);
    if (!agents) {
      const value = fault.spec.agentId;
      const ids = Array.isArray(value) ? value : [value];
      agents = new Set(ids.flatMap((id) => this.#sim.find(String(id)) ?? []));
      this.#named.set(fault, agents);
    }
    return agents;
  }

  /** Takes a fault, and notes it. */
  take(kind: FaultKind, path: string, note: (fault: string) => void): Fault | undefined {
    const fault = this.#faults.take(kind, path);
    if (fault) note(kind);
    return fault;
  }

  /** Refuses, if a fault says so. */
  refuse(path: string, note: (fault: string) => void): void {
    const fault = this.take('forbidden', path, note);
    if (!fault) return;
    const form = textOf(fault, 'as');
    throw new Refusal(
      textOf(fault, 'text') ?? 'Security permissions prevent access to data',
      form === 'header' || form === 'bare' ? form : 'description',
    );
  }

  /** Whether the signed-in person may not see the team. @param teamId as clients see it */
  restricts(teamName: string, teamId: number, path: string): boolean {
    return this.#faults.active('restrictedTeams', path).some((fault) => {
      if (fault.spec.teams === undefined) return true;
      const teams = Array.isArray(fault.spec.teams) ? fault.spec.teams.map(String) : [String(fault.spec.teams)];
      return teams.includes(teamName) || teams.includes(String(teamId));
    });
  }

  /** Whether the states do not mention the agent. `single`: the agent was asked for alone. */
  isMissing(agent: Agent, path: string, single: boolean): boolean {
    if (MISSING.some((kind) => this.about(kind, agent, path))) return true;
    const late = this.about('stateAfterSeconds', agent, path);
    if (late) {
      const tries = numberOf(late, 'tries', -1);
      if (tries < 0) {
        if (Date.now() < late.armedAt + numberOf(late, 'seconds', 12) * 1000) return true;
      } else {
        if (single) late.seen++;
        if (late.seen <= tries) return true;
      }
    }
    return !single && agent.state === 'LOGOUT' && this.#faults.active('loggedOutUnlisted', path).length > 0;
  }

  /** The versions of the API that answer. */
  versions(all: readonly string[], path: string): readonly string[] {
    const fault = this.armed('oldVersionsOnly', path);
    if (!fault) return all;
    const listed = listOf(fault, 'versions');
    return listed.length > 0 ? listed : ['v28.0'];
  }

  /** How many rows a page repeats. */
  overlap(path: string, note: (fault: string) => void): number {
    const fault = this.take('pagesOverlap', path, note);
    return fault ? numberOf(fault, 'rows', 2) : 0;
  }

  /** How many rows a page has when nobody said; null: no pages. */
  defaultTop(path: string, otherwise: number | null): number | null {
    const fault = this.armed('pagedByDefault', path);
    return fault ? numberOf(fault, 'rows', 20) : otherwise;
  }

  /** The spellings in force here. */
  drift(path: string): ReadonlySet<Drift> {
    const faults = this.#faults.active('fieldDrift', path);
    return new Set(faults.flatMap((fault) => (fault.spec.spell === undefined ? ALL_DRIFT : (listOf(fault, 'spell') as Drift[]))));
  }

  /** Rows as they are sent: spelled otherwise, doubled or broken. */
  spelled(rows: readonly unknown[], path: string, note: (fault: string) => void): unknown[] {
    const drift = this.drift(path);
    if (drift.size > 0) note('fieldDrift');
    let sent: unknown[] = drift.size === 0 ? [...rows] : rows.map((row) => (isRow(row) ? drifted(row, drift) : row));
    const broken = this.take('malformedRows', path, note);
    if (broken) {
      const share = numberOf(broken, 'share', 0);
      const many = share > 0 ? Math.ceil(sent.length * share) : numberOf(broken, 'count', 3);
      // Spread over the list, so that a client that stops at the first bad row is found out.
      const step = Math.max(1, Math.floor(sent.length / Math.max(1, many)));
      for (let i = 0; i < many && i * step < sent.length; i++) {
        sent[i * step] = BREAKAGES[i % BREAKAGES.length]?.(sent[i * step] as Row) ?? null;
      }
    }
    if (this.take('duplicateRows', path, note)) sent = sent.flatMap((row, index) => (index % 3 === 0 ? [row, row] : [row]));
    return sent;
  }

  /** An answer that is not what it should be at all; undefined: no such fault. */
  envelope(body: Row, list: string, path: string, note: (fault: string) => void): unknown {
    const fault = this.take('malformedEnvelope', path, note);
    if (!fault) return undefined;
    switch (textOf(fault, 'shape')) {
      case 'null':
        return null;
      case 'number':
        return 0;
      case 'string':
        return 'no agents';
      case 'wrapped':
        return { resultSet: body };
      case 'nested':
        return { ...body, [list]: [body[list]] };
      default:
        return { status: 'ok' };
    }
  }
}

/** One row under other names (facts, section 2: field-name drift). */
function drifted(row: Row, drift: ReadonlySet<Drift>): Row {
  let other = row;
  if (drift.has('isAcw')) other = renamed(other, 'isACW', 'isAcw');
  if (drift.has('media')) other = renamed(renamed(other, 'mediaTypeId', 'mediaType'), 'mediaTypeName', 'mediaName');
  if (drift.has('outStateCode')) other = renamed(other, 'outStateId', 'outStateCode');
  if (drift.has('outStateName')) other = renamed(other, 'outstateName', 'outStateName');
  if (drift.has('unknownState') && other.agentStateId === 1) {
    other = { ...other, agentStateId: 77, agentStateName: 'OnStandby', agentStateCategory: 'Standby' };
  }
  if (drift.has('stringIds')) {
    other = Object.fromEntries(
      Object.entries(other).map(([name, value]) => [
        name,
        /^(agentId|agentID_alt|skillId|teamId)$/.test(name) && typeof value === 'number' ? String(value) : value,
      ]),
    );
  }
  if (drift.has('agentNo')) other = renamed(other, 'agentId', 'agentNo');
  else if (drift.has('agentIdAlt')) other = renamed(other, 'agentId', 'agentID_alt');
  if (drift.has('stringBooleans')) {
    const texts = Object.entries(other).map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : value]);
    other = Object.fromEntries(texts);
  }
  return other;
}
