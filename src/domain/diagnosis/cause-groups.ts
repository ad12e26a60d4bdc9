/** Of many agents, what is the same for several and is said and mended once. Of no use to the worker, so apart from what it loads. */
import type { AgentId } from '../agent-state.ts';
import { type Cause, CONFIDENCES } from './causes.ts';
import { diagnose } from './diagnose.ts';
import type { Clock } from './facts.ts';
import { type DiagnosisRun, evidenceOf } from './run.ts';
import type { Piece, Verdict } from './verdict.ts';

export interface CauseGroup {
  /** Null: nothing was found that explains it, or there is nothing to explain. What is not the same for all of the group is left blank in it. */
  verdict: Verdict | null;
  agentIds: AgentId[];
}

/** Parameters (from 0) by which two findings of one cause are two things to mend. All others only say whom it is about. */
const TELLING: Partial<Record<Cause, readonly number[]>> = {
  scopeMissing: [0],
  scopeDroppedOnRefresh: [0],
  organisationMismatch: [0, 1],
  wrongKindOfId: [0],
  wrongHostOrVersion: [0],
  unreachable: [0],
  captivePortal: [0],
  partitionRestricted: [0],
  loggedOut: [1],
};

/** The largest group first; agents in the order they were asked about. */
export function groupByCause(run: Pick<DiagnosisRun, 'shared' | 'agents'>, clock: Clock): CauseGroup[] {
  const groups = new Map<string, CauseGroup>();
  for (const agent of run.agents) {
    const verdict = diagnose(evidenceOf(run, agent), clock).verdicts[0] ?? null;
    const key = verdict
      ? JSON.stringify([verdict.cause, (TELLING[verdict.cause] ?? []).map((index) => verdict.params[index])])
      : '';
    const group = groups.get(key);
    if (!group) groups.set(key, { verdict, agentIds: [agent.agentId] });
    else {
      group.agentIds.push(agent.agentId);
      if (group.verdict && verdict) group.verdict = common(group.verdict, verdict);
    }
  }
  return [...groups.values()].sort((a, b) => b.agentIds.length - a.agentIds.length);
}

/** What holds for both: as sure as the less sure one, with a remedy only where one click mends both. */
function common(a: Verdict, b: Verdict): Verdict {
  const surest = Math.max(CONFIDENCES.indexOf(a.confidence), CONFIDENCES.indexOf(b.confidence));
  const sameRemedy = a.remedy === b.remedy && a.remedyArgument === b.remedyArgument;
  return {
    ...a,
    confidence: CONFIDENCES[surest] ?? 'possible',
    params: a.params.map((param, index) => (param === b.params[index] ? param : '')),
    remedy: sameRemedy ? a.remedy : null,
    remedyArgument: sameRemedy ? a.remedyArgument : '',
    supports: shared(a.supports, b.supports),
    contradicts: shared(a.contradicts, b.contradicts),
  };
}

function shared(a: readonly Piece[], b: readonly Piece[]): Piece[] {
  const others = new Set(b.map((piece) => JSON.stringify(piece)));
  return a.filter((piece) => others.has(JSON.stringify(piece)));
}
