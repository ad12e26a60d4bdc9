/** One diagnosis, of one agent or of many: what is stored, published and shown. */
import type { AgentId } from '../agent-state.ts';
import type { ConnectionId } from '../connection.ts';
import type { Cause, Confidence } from './causes.ts';
import type { AgentEvidence, Check, Evidence, SharedEvidence, Trace } from './evidence.ts';

/** `interrupted`: the worker was stopped and could not go on; nothing is known but what stands in it. */
export const RUN_STATUSES = ['running', 'done', 'cancelled', 'interrupted'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface DiagnosisRun {
  id: string;
  connectionId: ConnectionId;
  by: 'user' | 'background';
  status: RunStatus;
  startedMs: number;
  /** Last sign of life; of an ended run, its end. */
  updatedMs: number;
  /** What is being done now; `untilMs`: waiting until then before the next try, 0 = asking. */
  doing: { check: Check; agentId: AgentId | null; sinceMs: number; untilMs: number } | null;
  shared: SharedEvidence;
  /** One per agent asked about, in the order asked; of the whole list, one without an id. */
  agents: AgentEvidence[];
  /** Those whose checks have ended. */
  finished: AgentId[];
  /** How long each check took in all, ms. */
  tookMs: Partial<Record<Check, number>>;
  traces: Trace[];
  /** What an earlier run of the same agent had found, for "before and after" a fix. */
  before: KnownCause | null;
}

/** The top verdict of a run, for the popup's banner and rows. */
export interface KnownCause {
  runId: string;
  /** '' when it is about the whole list. */
  agentId: AgentId;
  cause: Cause;
  confidence: Confidence;
  params: string[];
  atMs: number;
}

export function evidenceOf({ shared }: Pick<DiagnosisRun, 'shared'>, agent: AgentEvidence): Evidence {
  return { ...shared, ...agent };
}
