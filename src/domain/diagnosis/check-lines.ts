/** Check by check, what was asked and what came of it: for the page while it runs, and for the ticket. */
import type { AgentId } from '../agent-state.ts';
import { type AgentEvidence, CHECKS, type Check, type SharedEvidence } from './evidence.ts';
import { type Clock, factsOf } from './facts.ts';
import { PIECES_OF } from './pieces.ts';
import { type DiagnosisRun, evidenceOf } from './run.ts';
import type { Piece, PieceCode } from './verdict.ts';

/**
 * `ok`: nothing wrong there. `bad`: something wrong there. `open`: asked, and it settles nothing. `running`: being asked, or waiting to ask again.
 * `waiting`: its turn has not come. `notNeeded`: the cause was clear without it. `unknown`: the diagnosis ended before it.
 */
export type CheckResult = 'ok' | 'bad' | 'open' | 'running' | 'notNeeded' | 'waiting' | 'unknown';

export interface CheckLine {
  check: Check;
  result: CheckResult;
  pieces: Piece[];
  /** For all agents of the run together, ms. */
  tookMs: number;
}

/** Whether a check has been made, if only once. */
const MADE: Record<Check, (shared: SharedEvidence, agent: AgentEvidence) => boolean> = {
  token: ({ token }) => token !== null,
  scopes: ({ scopes }) => scopes !== null,
  me: ({ me }) => me !== null,
  agent: (_, { agent }) => agent !== null,
  identity: (_, { identity }) => identity?.looked ?? false,
  skillGroups: (_, { skillGroups }) => skillGroups !== null,
  state: (_, { states }) => states.length > 0,
};

/** Findings that are none: what CXone does not say, or does not offer. */
const OPEN: readonly PieceCode[] = ['scopesAssumed', 'permissionsUnknown', 'stateUnchanged', 'idLooksLike'];
const GOOD: readonly PieceCode[] = [
  'signedIn',
  'tokenAccepted',
  'scopesComplete',
  'organisationOwn',
  'permissionFound',
  'agentFound',
  'organisationSame',
  'groupsSome',
  'stateFound',
  'stateOnRetry',
  'othersListed',
  'missingSince',
  'seenActive',
  'seenLoggingOut',
];
/** Not every tenant has these, nor gives them to everybody: not to be had is no fault there. */
const OPTIONAL: readonly Check[] = ['me', 'skillGroups'];
const NOT_TO_BE_HAD: readonly PieceCode[] = ['notThere', 'forbidden'];

/** One line per check, in the order they are made. Empty for an agent the run is not about. */
export function checkLines(run: DiagnosisRun, agentId: AgentId, clock: Clock): CheckLine[] {
  const agent = run.agents.find((each) => each.agentId === agentId);
  if (!agent) return [];
  const facts = factsOf(evidenceOf(run, agent), clock);
  // Out of time, a run is done, and those it did not finish with are not.
  const over = run.finished.includes(agentId);
  return CHECKS.map((check): CheckLine => {
    const pieces = MADE[check](run.shared, agent) ? PIECES_OF[check](facts) : [];
    const { doing } = run;
    const mine = doing?.check === check && (doing.agentId === null || doing.agentId === agentId);
    const result = (): CheckResult => {
      if (run.status === 'running' && mine && !over) return 'running';
      if (MADE[check](run.shared, agent)) return resultOf(check, pieces);
      if (agent.unasked && (check === 'agent' || check === 'identity')) return 'unknown';
      if (over || (facts.whole && (check === 'agent' || check === 'identity' || check === 'skillGroups'))) return 'notNeeded';
      return run.status === 'running' ? 'waiting' : 'unknown';
    };
    return { check, result: result(), pieces, tookMs: run.tookMs[check] ?? 0 };
  });
}

function resultOf(check: Check, pieces: readonly Piece[]): CheckResult {
  const isBad = ({ code, params: [some, all] }: Piece) => {
    if (code === 'groupsPaused') return some === all;
    return !GOOD.includes(code) && !isOpen(check, code);
  };
  if (pieces.some(isBad)) return 'bad';
  return pieces.some(({ code }) => code === 'groupsPaused' || isOpen(check, code)) ? 'open' : 'ok';
}

const isOpen = (check: Check, code: PieceCode) =>
  OPEN.includes(code) || (OPTIONAL.includes(check) && NOT_TO_BE_HAD.includes(code));
