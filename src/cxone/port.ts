/**
 * What the product asks of CXone, in its own words; a profile answers (DESIGN section 4).
 * Every call resolves: what went wrong is an outcome, not an exception.
 */
import type { AgentId, AgentProfile } from '../domain/agent-state.ts';
import type { PollOutcome } from '../domain/problem.ts';
import type { RowReader } from '../domain/snapshot.ts';

/** An outcome that carries no data. */
export interface Failure {
  outcome: Exclude<PollOutcome, 'ok' | 'partial' | 'empty'>;
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The server's own short text (`error_description`), cut and cleaned; may be empty. */
  detail: string;
  /** From `Retry-After`: do not ask again before then, epoch ms local time; 0 = not said. */
  notBeforeMs: number;
  /** The origin that answered, or was meant to. */
  origin: string;
}

export type Answer<T> = ({ outcome: 'ok' } & T & { atMs: number }) | Failure;

export interface Me {
  /** The organisation the token acts for; empty when not said. */
  organisationId: string;
  roles: string[];
  permissions: string[];
}

export interface CxonePort {
  /** Every agent's state in one request. `rows` may be empty: why is another question. */
  states(accessToken: string): Promise<Answer<{ rows: unknown[] }>>;
  /** One agent's state: for an agent the list does not mention. */
  statesOf(accessToken: string, agentId: AgentId): Promise<Answer<{ rows: unknown[] }>>;
  /** Reads one row of the two calls above. */
  readRow: RowReader;
  /** Who an agent is. */
  agent(accessToken: string, agentId: AgentId): Promise<Answer<{ profile: AgentProfile }>>;
  /** Names and teams, page by page from 1; `more` tells whether another page follows. */
  directory(accessToken: string, page: number): Promise<Answer<{ profiles: AgentProfile[]; more: boolean }>>;
  me(accessToken: string): Promise<Answer<{ me: Me }>>;
}
