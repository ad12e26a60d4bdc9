/** How a load stands, as the page says it: decided from the load and the time. */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentLoad, HistoryLoad, HistoryProblem } from '../../../domain/history/history.ts';

/** A load that says nothing for this long has ended with its worker: its longest request takes 20 s, a poll before it as long. */
const SILENT_MS = 60_000;

export type LoadStatus = HistoryLoad['status'];

/** A running one that has long said nothing was interrupted, whatever stands in it: the worker cannot write that it is dead. */
export function loadStatus({ status, updatedMs, notBeforeMs }: HistoryLoad, nowMs: number): LoadStatus {
  if (status === 'running' && nowMs - updatedMs > SILENT_MS) return 'interrupted';
  if (status === 'waiting' && nowMs - notBeforeMs > 2 * SILENT_MS) return 'interrupted';
  return status;
}

export interface Progress {
  /** Agents whose history has come, or will not. */
  ended: number;
  agents: number;
  /** Of the agent being loaded: the page that is on its way. */
  page: number;
  records: number;
  /** 0 to 1 where it can be told. */
  part: number | null;
}

/** Agents count alike; within one, records where the tenant says how many there will be. */
export function progressOf({ agents }: Pick<HistoryLoad, 'agents'>): Progress {
  const over = ({ status }: AgentLoad) => status === 'done' || status === 'failed';
  const current = agents.find(({ status }) => status === 'running') ?? agents.find((agent) => !over(agent));
  const ended = agents.filter(over).length;
  const within = current?.total ? Math.min(1, current.records / current.total) : null;
  const known = agents.length > 1 || within !== null;
  return {
    ended,
    agents: agents.length,
    page: (current?.pages ?? 0) + 1,
    records: agents.reduce((sum, { records }) => sum + records, 0),
    part: known && agents.length > 0 ? (ended + (within ?? 0)) / agents.length : null,
  };
}

/** The one button beside a problem. `findOut`: whose id it is, by a diagnosis. */
export type Remedy = 'useHistory' | 'signInAgain' | 'signIn' | 'again' | 'findOut' | null;

const REMEDIES: Record<HistoryProblem, Remedy> = {
  capabilityOff: 'useHistory',
  scopeMissing: 'signInAgain',
  signInNeeded: 'signIn',
  forbidden: 'again',
  noData: null,
  badRange: null,
  badAgent: 'findOut',
  rateLimited: 'again',
  offline: 'again',
  portal: 'again',
  malformed: 'again',
  serverError: 'again',
  tooMuch: null,
  unsupported: null,
};

export const remedyFor = (problem: HistoryProblem): Remedy => REMEDIES[problem];

export interface ProblemGroup {
  problem: HistoryProblem;
  agentIds: AgentId[];
  /** The server's own words, where all of them were told the same. */
  detail: string;
}

/** What was wrong, the most agents first. */
export function problemsOf(
  found: readonly { agentId: AgentId; problem: HistoryProblem | null; detail: string }[],
): ProblemGroup[] {
  const groups = new Map<HistoryProblem, ProblemGroup>();
  for (const { agentId, problem, detail } of found) {
    if (problem === null) continue;
    const group = groups.get(problem);
    if (!group) groups.set(problem, { problem, agentIds: [agentId], detail });
    else {
      group.agentIds.push(agentId);
      if (group.detail !== detail) group.detail = '';
    }
  }
  return [...groups.values()].sort((a, b) => b.agentIds.length - a.agentIds.length);
}
