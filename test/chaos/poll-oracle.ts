/**
 * What the extension has written down against what really happened. Time is counted in the tenant's own numbers: agents move only between
 * polls, so that a poll sees everything up to one number of the truth list and nothing after it.
 */

import { CATEGORIES, type Category } from '../../src/domain/agent-state.ts';
import { badge } from '../../src/domain/badge.ts';
import { stateAt } from '../../src/domain/snapshot.ts';
import type { Transition } from '../../src/domain/transition.ts';
import type { Glance } from '../../src/messages/published.ts';
import type { Badge } from '../e2e/support/extension.ts';
import { type Simulation, STATE_NAMES, type Truth } from '../tenant/simulation.ts';
import type { Committed } from './probe.ts';

/** A state that really was: it begins with one line of the truth list and ends with the agent's next. */
interface Stay {
  truth: Truth;
  /** Polls known to have run to their end while it lasted. */
  polls: number;
  recorded: number;
  over: boolean;
}

export interface Findings {
  missed: string[];
  doubled: string[];
  invented: string[];
}

/** DESIGN section 10: what lasts two polls or more must be reported once; what is shorter may be missed, but never doubled. */
const MUST_BE_SEEN = 2;

export class PollOracle {
  /** Seen by one poll and not recorded: allowed, and worth knowing. */
  shortMissed = 0;
  recorded = 0;
  private seq = 0;
  private readonly present = new Map<string, Stay>();
  private readonly stays = new Map<string, Stay>();
  private readonly lastRecorded = new Map<string, string>();

  /** From here on everything counts. */
  constructor(private readonly sim: Simulation) {
    this.seq = sim.truthSince(0).at(-1)?.seq ?? 0;
  }

  /** A poll has run to its end, and no agent has moved since it began. @returns stays that were missed and can no longer be made good */
  polled(): void {
    this.catchUp();
    for (const stay of this.present.values()) stay.polls++;
  }

  /** Takes in what was newly written; call after `polled`. */
  check(records: readonly Transition[]): Findings {
    this.catchUp();
    const findings: Findings = { missed: [], doubled: [], invented: [] };
    for (const record of records) {
      this.recorded++;
      const { agentId, atMs, to, from } = record;
      const text = words(record);
      const stay = this.stays.get(keyOf(agentId, atMs, to.stateName, to.reason));
      if (!stay) findings.invented.push(`never happened: ${text}`);
      else if (++stay.recorded > 1) findings.doubled.push(text);
      const before = this.lastRecorded.get(agentId);
      const fromText = from ? `${from.stateName}/${from.reason}` : 'nothing';
      if (before !== undefined && before !== fromText) findings.invented.push(`came from ${before}, not: ${text}`);
      this.lastRecorded.set(agentId, `${to.stateName}/${to.reason}`);
    }
    for (const [key, stay] of this.stays) {
      if (stay.recorded === 0 && stay.polls >= MUST_BE_SEEN) {
        findings.missed.push(
          `${stay.truth.agentId} ${stay.truth.from} → ${stay.truth.to} at ${stay.truth.at}, seen by ${stay.polls} polls`,
        );
        // Once is enough.
        stay.recorded = 1;
      }
      if (!stay.over) continue;
      if (stay.recorded === 0 && stay.polls > 0) this.shortMissed++;
      // Kept for a while, so that one written twice is known as such.
      if (this.seq - stay.truth.seq > 2000) this.stays.delete(key);
      else stay.polls = 0;
    }
    return findings;
  }

  private catchUp(): void {
    for (const truth of this.sim.truthSince(this.seq)) {
      this.seq = truth.seq;
      const before = this.present.get(truth.agentId);
      if (before) before.over = true;
      const stay = { truth, polls: 0, recorded: 0, over: false };
      this.present.set(truth.agentId, stay);
      this.stays.set(keyOf(truth.agentId, Date.parse(truth.at), STATE_NAMES[truth.to], truth.subState ?? ''), stay);
    }
  }
}

const keyOf = (...parts: (string | number)[]) => parts.join('|');

function words({ agentId, from, to, atMs }: Transition): string {
  return `${agentId} ${from ? `${from.stateName}/${from.reason}` : 'nothing'} → ${to.stateName}/${to.reason} at ${new Date(atMs).toISOString()}`;
}

/** Agents whose committed state is not their real one; only right after a poll in which nothing moved. */
export function wrongAgents({ record, ids }: Committed, sim: Simulation): string[] {
  const snapshot = { ids, ...record.columns };
  const known = new Map(ids.map((agentId, index) => [agentId, stateAt(snapshot, index)]));
  return sim.agents.flatMap((agent) => {
    const state = known.get(agent.person.id);
    const right =
      state?.stateName === STATE_NAMES[agent.state] && state.reason === (agent.subState ?? '') && state.sinceMs === agent.since;
    return right ? [] : [`${agent.person.id} is ${agent.state}/${agent.subState}, known as ${state?.stateName}/${state?.reason}`];
  });
}

/**
 * What is wrong with what is shown, given what is committed; null when nothing is.
 * The glance's own problem is taken as it is once it is there exactly when it should be: its words are tested elsewhere.
 */
export function staleness(
  { record, ids, alerts }: Committed,
  glance: Glance | undefined,
  shown: Badge,
  watched: readonly string[],
): string | null {
  if (!glance) return 'no glance';
  const { state, columns } = record;
  const snapshot = { ids, ...columns };
  const states = new Map(ids.map((agentId, index) => [agentId, stateAt(snapshot, index)]));
  const counts = Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<Category, number>;
  if (glance.rows.length !== watched.length) return `${glance.rows.length} rows for ${watched.length} watched agents`;
  for (const row of glance.rows) {
    const agent = states.get(row.agentId);
    if (!agent) return `${row.agentId} is shown and not known`;
    if (!row.flag || row.flag.kind === 'loggedOut') counts[agent.category]++;
    if ((row.flag !== null) !== row.agentId in state.missing) return `${row.agentId}: flag ${row.flag?.kind ?? 'none'}`;
    const same =
      row.category === agent.category &&
      row.stateName === agent.stateName &&
      row.reason === agent.reason &&
      row.sinceMs === agent.sinceMs + state.skewMs;
    if (!same) return `${row.agentId} is ${agent.stateName}/${agent.reason}, shown as ${row.stateName}/${row.reason}`;
  }
  const live = state.outcome === 'ok' || state.outcome === 'unchanged' || state.outcome === 'partial';
  if (glance.stale === live) return `outcome ${state.outcome}, shown as ${glance.stale ? 'stale' : 'live'}`;
  // Agents that are missing may be a problem or may just have logged out.
  const expectsProblem = !live || (Object.keys(state.missing).length > 0 && glance.problem !== null);
  if ((glance.problem !== null) !== expectsProblem)
    return `outcome ${state.outcome}, problem shown: ${glance.problem?.code ?? 'none'}`;
  const newest = [...alerts].sort((a, b) => b.atMs - a.atMs).slice(0, 50);
  const expected = badge({
    configured: true,
    problem: glance.problem,
    unseenAlerts: newest.filter(({ silent }) => !silent).length,
    counts,
    watchedCount: watched.length,
    snoozed: false,
    connectionName: glance.connection?.name ?? '',
    others: [],
    stale: glance.stale,
  });
  const [red = 0, green = 0, blue = 0] = shown.color;
  const color = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  if (shown.text !== expected.text) return `badge "${shown.text}" instead of "${expected.text}"`;
  return color === expected.color ? null : `badge ${color} instead of ${expected.color}`;
}
