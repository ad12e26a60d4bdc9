/** What the field of the start offers: agents that fit, and always what was typed as it stands. */
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentRow } from '../../../messages/contract.ts';

/** As many as are read at a glance; a further letter narrows better than scrolling. */
export const SUGGESTIONS = 8;

export interface Choice {
  agentId: AgentId;
  /** Null: what was typed, of whatever kind it may be. */
  agent: AgentRow | null;
}

/** The first choice is what Enter takes: an agent that fits, else what was typed. An exact id needs no second line. */
export function choicesFor(typed: string, found: readonly AgentRow[]): Choice[] {
  const text = typed.trim();
  if (text === '') return [];
  const exact = found.find(({ agentId }) => agentId === text);
  if (exact) return [{ agentId: exact.agentId, agent: exact }];
  const agents = found.slice(0, SUGGESTIONS).map((agent): Choice => ({ agentId: agent.agentId, agent }));
  return [...agents, { agentId: text, agent: null }];
}
