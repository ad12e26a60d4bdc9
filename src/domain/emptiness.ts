import type { AgentId } from './agent-state.ts';

/**
 * What is already known, without a further request, about a watched agent CXone did not answer for.
 * Each kind has its words in `_locales` (`flag_<kind>`), the first fitting one is the reason shown in the agent's row.
 */
export const FLAG_KINDS = [
  'scopeLost',
  'scopeMissing',
  'loggedOut',
  'mayLag',
  'neverSeen',
  'seenUntil',
  'confirmedMissing',
] as const;
export type FlagKind = (typeof FLAG_KINDS)[number];

export interface Flag {
  agentId: AgentId;
  kind: FlagKind;
  /** Placeholders: scope names, times of day. */
  params: string[];
  /** Since when CXone has not answered for this agent, epoch ms. */
  missingSinceMs: number;
  /** The organisation the token belongs to; empty when unknown. */
  organisationId: string;
}
