/** Paths below one agent. */
import type { AgentId } from '../../../domain/agent-state.ts';

/** Half a pair of surrogates cannot be encoded: an id with one is nobody's. */
export function agentPath(agentId: AgentId, below = ''): string {
  return `/agents/${encodeURIComponent(agentId.replaceAll(/\p{Cs}/gu, '\ufffd'))}${below}`;
}

/** Dots alone would climb out of the path, and nothing would be everybody. */
export const unaskable = (agentId: AgentId) => /^\.*$/.test(agentId);
