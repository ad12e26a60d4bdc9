/** What an agent did, as the tenant's history and our own record tell it: plain data (DESIGN sections 4 and 6; seed 001). */
import type { AgentId, StateKind } from '../agent-state.ts';
import type { ConnectionId } from '../connection.ts';

/**
 * One record of the tenant's history: from `atMs` on the agent was in this state. Profiles convert at the edge.
 * Seed 001: `duration` is the time spent in the state *before*; public API: `duration` is that of the state itself.
 */
export interface HistoryRecord extends StateKind {
  /** Server time, epoch ms. */
  atMs: number;
  /** How long the state before this one lasted, ms; null: not said. */
  beforeMs: number | null;
  /** How long this state itself lasted, ms; null: not said, or it still lasts. */
  lastsMs: number | null;
}

/** A stretch of time in one state. */
export interface Segment extends StateKind {
  fromMs: number;
  toMs: number;
  /** `tenant`: from its history. `seen`: from our own record. `unknown`: nobody knows; category `unknown`, no name: never filled in. */
  source: 'tenant' | 'seen' | 'unknown';
  /** It still lasts at `toMs` (the "now" of the range). */
  running: boolean;
  /** It began before the range, or ends after it: the true length is longer. */
  cut: boolean;
}

/** Why there is no history of an agent from the tenant, or not all of it; words in `_locales` (`history_problem_<code>`). */
export const HISTORY_PROBLEMS = [
  'capabilityOff',
  'scopeMissing',
  'forbidden',
  'noData',
  'badRange',
  'badAgent',
  'rateLimited',
  'offline',
  'portal',
  'malformed',
  'serverError',
  'signInNeeded',
  'tooMuch',
  'unsupported',
] as const;
export type HistoryProblem = (typeof HISTORY_PROBLEMS)[number];

/** How the load of one agent stands. */
export interface AgentLoad {
  agentId: AgentId;
  status: 'waiting' | 'running' | 'done' | 'failed';
  /** Pages that are kept already: none of them is asked for again. */
  pages: number;
  records: number;
  /** Null: the tenant does not say how many there are. */
  total: number | null;
  /** Rows nobody could read, and the names of the fields that were wrong. */
  badRows: number;
  badFields: string[];
  problem: HistoryProblem | null;
  /** The server's own words, redacted, at most 160 characters. */
  detail: string;
}

/** A load of several agents' history: published as `view.history`, one at a time. */
export interface HistoryLoad {
  id: string;
  connectionId: ConnectionId;
  agentIds: AgentId[];
  fromMs: number;
  toMs: number;
  /** `waiting`: for the time the tenant allows (`notBeforeMs`), by alarm. */
  status: 'running' | 'waiting' | 'done' | 'cancelled' | 'interrupted';
  notBeforeMs: number;
  startedMs: number;
  updatedMs: number;
  agents: AgentLoad[];
}

/** Everything known of one agent in a range; the page makes segments of it. All times in it are on our clock, as those of states are. */
export interface AgentHistory {
  agentId: AgentId;
  /** In order of time, and one on either side of the range where there is one; null: never loaded from the tenant (our own record is all there is). */
  records: HistoryRecord[] | null;
  /** The part of the range that the records cover, when loaded: of a load that is not over, as far as they reach. */
  loadedMs: { fromMs: number; toMs: number } | null;
  problem: HistoryProblem | null;
  /**
   * Our own transitions in the range, and the last one before it, in order of time; where none of them tells of the state the agent is in now, that
   * one as found (`gap`: we were not watching in between).
   */
  seen: { atMs: number; from: StateKind | null; to: StateKind; gap: boolean }[];
  /** When the agent was last in an answer, where the latest ones no longer have them; null: they do, or the agent was in none. */
  lastInListMs: number | null;
}
