/** What a run comes to: the one cause the popup tells. */
import type { AgentId } from '../agent-state.ts';
import type { Cause } from './causes.ts';
import { diagnose } from './diagnose.ts';
import type { Clock } from './facts.ts';
import { type DiagnosisRun, evidenceOf, type KnownCause } from './run.ts';

/** The likeliest cause the run found for this agent; null when it found none, or was not about this agent. */
export function knownCause(run: DiagnosisRun, agentId: AgentId, clock: Clock): KnownCause | null {
  const agent = run.agents.find((each) => each.agentId === agentId);
  const top = agent && diagnose(evidenceOf(run, agent), clock).verdicts[0];
  if (!top) return null;
  const { cause, confidence, params } = top;
  return { runId: run.id, agentId, cause, confidence, params, atMs: run.updatedMs };
}

/** What is wrong with one agent, and would be wrong if everybody else were listed. */
const OF_ONE_AGENT: readonly Cause[] = [
  'partitionRestricted',
  'agentNotFound',
  'wrongKindOfId',
  'noSkillGroups',
  'skillInactive',
  'loggedOut',
  'notLoggedInToASkill',
  'noStateSet',
];

/**
 * Why the whole list is empty, as far as a run tells that asked about one of its agents. Another organisation's agent says that the wrong person
 * is signed in only where CXone once listed that agent for us: else it may be the id that is wrong.
 */
export function listCause(run: DiagnosisRun, clock: Clock): KnownCause | null {
  if (run.shared.list?.outcome !== 'empty') return null;
  for (const { agentId, lastSeen } of run.agents) {
    const found = knownCause(run, agentId, clock);
    const own =
      agentId !== '' && found && (OF_ONE_AGENT.includes(found.cause) || (found.cause === 'organisationMismatch' && !lastSeen));
    if (found && !own) return { ...found, agentId: '' };
  }
  return null;
}
