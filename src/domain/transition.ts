import type { AgentId, StateKind } from './agent-state.ts';

/**
 * One agent going from one state to another. `atMs` is server time, epoch ms.
 * `gap`: we were not watching in between (sleep, sign-out, browser closed), so this is what we found, not what we saw:
 * it is shown but never alerts. `from` is null when the agent was not known before.
 */
export interface Transition {
  agentId: AgentId;
  from: StateKind | null;
  to: StateKind;
  atMs: number;
  gap: boolean;
}
