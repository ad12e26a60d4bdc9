/** What reaches us late is late on screen as well: where the reason is to be found. */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { KnownCause } from '../../../domain/diagnosis/run.ts';
import type { Difference } from '../../../domain/history/overlay.ts';
import { routeHash } from '../../parts/where.ts';
import { agentWhy } from '../../parts/why.ts';

/** The address of a diagnosis; null where there is nothing to find out. */
export function whyLate(
  { kind }: Pick<Difference, 'kind'>,
  agentId: AgentId,
  cause: KnownCause | null,
  nowMs: number,
): string | null {
  return kind === 'late' ? routeHash(agentWhy(agentId, cause, nowMs)) : null;
}
