/** Which diagnosis is on screen: decided from the address, what was asked, and the runs there are. */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import type { DiagnosisRun, RunStatus } from '../../../domain/diagnosis/run.ts';
import type { Route } from '../../parts/where.ts';

/** A run that says nothing for this long has ended with its worker: its longest wait between two tries is 5 s, its longest request 20 s. */
const SILENT_MS = 45_000;
/** A question answered with the id of a run that then never shows up has been lost. */
const STARTS_WITHIN_MS = 10_000;

/** What this page has asked for. `runId` null: the worker has not answered yet. */
export interface Asked {
  /** None: why is the whole list empty? */
  agentIds: AgentId[];
  atMs: number;
  runId: string | null;
  /** Why it could not be asked; '' = all is well. */
  error: string;
}

export type Shown =
  | { kind: 'start' }
  /** Asked, or being read: there will be something in a moment. */
  | { kind: 'opening' }
  | { kind: 'notStarted'; agentIds: AgentId[]; error: string }
  /** Nothing is kept about this agent, or not this run any more. */
  | { kind: 'nothing'; agentId: AgentId | null }
  | { kind: 'agent'; run: DiagnosisRun; agent: AgentEvidence }
  | { kind: 'agents'; run: DiagnosisRun };

/** A running one that has long said nothing was interrupted, whatever stands in it: the worker cannot write that it is dead. */
export function statusNow({ status, updatedMs }: Pick<DiagnosisRun, 'status' | 'updatedMs'>, nowMs: number): RunStatus {
  return status === 'running' && nowMs - updatedMs > SILENT_MS ? 'interrupted' : status;
}

/** All there are, the newest first. `published` is newer than what was read of the same run. */
export function allRuns(published: DiagnosisRun | null | undefined, kept: readonly DiagnosisRun[] | null): DiagnosisRun[] {
  const others = (kept ?? []).filter(({ id }) => id !== published?.id);
  return [...(published ? [published] : []), ...others].sort((a, b) => b.startedMs - a.startedMs);
}

export function evidenceAbout(run: DiagnosisRun, agentId: AgentId): AgentEvidence | null {
  return run.agents.find((agent) => agent.agentId === agentId) ?? null;
}

export function sameAgents(a: Pick<DiagnosisRun, 'agents'>, b: Pick<DiagnosisRun, 'agents'>): boolean {
  const ids = new Set(a.agents.map(({ agentId }) => agentId));
  return ids.size === b.agents.length && b.agents.every(({ agentId }) => ids.has(agentId));
}

/** A run as if it had been about one of its agents alone: for what is copied or shown of that agent. */
export function narrowed(run: DiagnosisRun, agent: AgentEvidence): DiagnosisRun {
  if (run.agents.length === 1) return run;
  const own = run.before?.agentId === agent.agentId;
  const finished = run.finished.filter((agentId) => agentId === agent.agentId);
  return { ...run, agents: [agent], finished, before: own ? run.before : null };
}

/** `kept` null: not read yet. */
export function shownFor(
  { agent: agentId, run: runId, ask }: Pick<Route, 'agent' | 'run' | 'ask'>,
  asked: Asked | null,
  published: DiagnosisRun | null | undefined,
  kept: readonly DiagnosisRun[] | null,
  nowMs: number,
): Shown {
  const runs = allRuns(published, kept);
  if (asked && asked.error !== '') return { kind: 'notStarted', agentIds: asked.agentIds, error: asked.error };
  if (ask || (asked && asked.runId === null)) return { kind: 'opening' };
  if (runId !== null) {
    const run = runs.find(({ id }) => id === runId);
    if (run) return inRun(run, agentId);
    if (asked?.runId === runId) {
      const lost = nowMs - asked.atMs > STARTS_WITHIN_MS;
      return lost ? { kind: 'notStarted', agentIds: asked.agentIds, error: '' } : { kind: 'opening' };
    }
    return kept === null ? { kind: 'opening' } : { kind: 'nothing', agentId };
  }
  if (agentId === null) return { kind: 'start' };
  const newest = runs.find((run) => evidenceAbout(run, agentId));
  if (newest && (kept !== null || newest === published)) return inRun(newest, agentId);
  return kept === null ? { kind: 'opening' } : { kind: 'nothing', agentId };
}

function inRun(run: DiagnosisRun, agentId: AgentId | null): Shown {
  const agent = agentId === null ? null : evidenceAbout(run, agentId);
  if (agent) return { kind: 'agent', run, agent };
  const [only] = run.agents;
  return only && run.agents.length === 1 ? { kind: 'agent', run, agent: only } : { kind: 'agents', run };
}
