/**
 * What an agent is doing, in the product's own words (DESIGN: "agent state").
 * Profiles convert a tenant's rows to this shape at the edge; nothing inside knows a tenant's codes.
 */

/** Opaque: a UUID in profile v2, a number as text in profile public. */
export type AgentId = string;

/** Order is the order on screen: what needs a look first, who is away last. */
export const CATEGORIES = ['unknown', 'unavailable', 'acw', 'working', 'available', 'loggedIn', 'loggedOut'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Everything about a state but whose it is and since when; few distinct ones exist in a tenant, so a snapshot stores each once. */
export interface StateKind {
  category: Category;
  /** The tenant's own name for the state, e.g. "On a contact". */
  stateName: string;
  /** Why, e.g. "Lunch"; empty when the tenant gives none. */
  reason: string;
  /** The skill the agent is busy with or logged in to; empty when the tenant gives none. */
  skill: string;
}

/** One agent's state. `sinceMs` is epoch milliseconds in server time. */
export interface AgentState extends StateKind {
  agentId: AgentId;
  sinceMs: number;
  /** False when the tenant gave no start and we only know that the state is at least this old. */
  sinceKnown: boolean;
}

/** Who an agent is. Names are personal data: never on disk in the clear. */
export interface AgentProfile {
  agentId: AgentId;
  name: string;
  team: string;
}
