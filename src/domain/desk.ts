/** What the tenant has set up and the product names: reasons not to be available, and teams. */

/** An unavailable code, as CXone's documents call it. */
export interface Reason {
  /** As a row's `outStateId` says it. */
  id: string;
  name: string;
  /** Whether agents can choose it. */
  active: boolean;
  acw: boolean;
  /** How long the tenant lets it last (`agentTimeout`); null when it sets no end. */
  minutes: number | null;
}

export interface Team {
  id: string;
  name: string;
  active: boolean;
}

/** Both, as far as the tenant tells: empty where its API has no such lists. */
export interface Desk {
  reasons: Reason[];
  teams: Team[];
}
