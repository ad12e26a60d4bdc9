/** A run of many, sorted by what became of each: explained, not explained, answered after all, or still to come. */
import type { AgentId } from '../../../domain/agent-state.ts';
import { type CauseGroup, groupByCause } from '../../../domain/diagnosis/cause-groups.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import type { Phrase } from '../../../domain/problem-words.ts';
import { clock, findingOf } from './finding.ts';
import { evidenceAbout } from './runs.ts';

export interface Sorted {
  /** Those without a verdict come last: nothing found explains them. */
  groups: CauseGroup[];
  /** CXone gives their state by now. */
  answered: AgentId[];
  /** Not checked to the end yet, or never, where the run ended early. */
  waiting: AgentId[];
}

export function sorted(run: DiagnosisRun): Sorted {
  const isOver = (agentId: AgentId) => run.status === 'done' || run.finished.includes(agentId);
  const over = groupByCause({ ...run, agents: run.agents.filter(({ agentId }) => isOver(agentId)) }, clock);
  const isAnswered = (agentId: AgentId) => {
    const agent = evidenceAbout(run, agentId);
    return agent !== null && findingOf(run, agent).answered;
  };
  // What is not ruled out explains nobody: it is told behind each name.
  const explains = ({ verdict }: CauseGroup) => verdict !== null && verdict.confidence !== 'possible';
  const causeless = over.filter((group) => !explains(group)).flatMap(({ agentIds }) => agentIds);
  const open = causeless.filter((agentId) => !isAnswered(agentId));
  return {
    groups: [...over.filter(explains), ...(open.length > 0 ? [{ verdict: null, agentIds: open }] : [])],
    answered: causeless.filter(isAnswered),
    waiting: run.agents.map(({ agentId }) => agentId).filter((agentId) => !isOver(agentId)),
  };
}

/** How far the causes found go, of `total` agents. */
export function summary(groups: readonly CauseGroup[], total: number): Phrase {
  const found = groups.filter(({ verdict }) => verdict !== null);
  const explained = found.reduce((sum, { agentIds }) => sum + agentIds.length, 0);
  if (found.length === 0) return { key: 'diagnosis_unexplained_title', params: [] };
  if (found.length === 1 && explained === total) return { key: 'diagnosis_many_same', params: [String(total)] };
  const params = [found.length, explained, total].map(String);
  return { key: found.length === 1 ? 'diagnosis_many_one' : 'diagnosis_many', params };
}
