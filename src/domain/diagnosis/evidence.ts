/** What a diagnosis has found out so far: data alone, every piece of it may be missing. Nothing in it is a token or a person's name. */
import type { AgentId, Category } from '../agent-state.ts';
import type { AuthFailure, AuthPhase, GrantEvent, ScopeSource } from '../auth-status.ts';
import type { Profile } from '../connection.ts';
import type { PollOutcome } from '../problem.ts';

/**
 * The checks in the order they are made (seed 000, with the token before and the identity after the agent).
 * `token`, `scopes` ask nobody, except where the server must be asked what the token carries (RFC 7662).
 */
export const CHECKS = ['token', 'scopes', 'me', 'agent', 'identity', 'skillGroups', 'state'] as const;
export type Check = (typeof CHECKS)[number];

/** A request that brought no answer to its question. `detail`: the server's own words, redacted, at most 160 characters. */
export interface Failed {
  ok: false;
  outcome: Exclude<PollOutcome, 'ok' | 'partial' | 'empty'>;
  /** HTTP status; 0 when there was none. */
  status: number;
  detail: string;
  /** Do not ask again before then, epoch ms; 0 = not said. */
  notBeforeMs: number;
  /** The host asked. */
  host: string;
  /** Path asked for, without the query. */
  path: string;
}
export type Got<T> = ({ ok: true } & T) | Failed;

/** What an id looks like, and whose it turned out to be. `skillId`: of a queue or skill, not of a person. */
export const ID_KINDS = ['agentId', 'userId', 'externalId', 'extension', 'email', 'skillId', 'uuid', 'number', 'text'] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** An agent's row in a states answer. */
export interface RowFinding {
  category: Category;
  stateName: string;
  /** False: the row says no state at all. */
  stateGiven: boolean;
  /** Null: the row does not say. */
  loggedIn: boolean | null;
  /** How many skills the agent is logged in to; null: the row does not say. */
  skills: number | null;
  /** Since when, epoch ms server time; 0 = not said. */
  sinceMs: number;
}

/** One question for the agent's state. `row` null: answered, without this agent. */
export type StateTry = Got<{ row: RowFinding | null }> & {
  /** When the answer came, epoch ms of our clock. */
  atMs: number;
};

export interface SkillGroup {
  name: string;
  /** Null: the tenant does not say. */
  active: boolean | null;
}

/** What holds for every agent of one diagnosis. */
export interface SharedEvidence {
  profile: Profile;
  startedMs: number;
  /** Nothing is asked, nor waited for, any longer than this. */
  endMs: number;
  /** CXone has given a list at this address before. */
  heard: boolean;
  token: {
    phase: AuthPhase;
    failure: AuthFailure | null;
    /** Origins Chrome does not let us reach; empty = all may be. */
    hostsMissing: string[];
    /** From an earlier 429: nothing may be asked before then, epoch ms; 0 = go ahead. */
    notBeforeMs: number;
    /** CXone said 401, and again after one renewal. Null: not found out. */
    rejected: boolean | null;
    /** When the access token ends, epoch ms; 0 = not known. */
    expiresMs: number;
  } | null;
  scopes: {
    required: string[];
    granted: string[];
    effective: string[];
    source: ScopeSource;
    ledger: GrantEvent[];
  } | null;
  /** The organisation the token says it belongs to; '' = it does not say. */
  tokenOrganisationId: string;
  me: Got<{ organisationId: string; roles: string[]; permissions: string[] }> | null;
  /** The newest answer to "all agents" (the poll's, or ours): how many had a state. Null: none yet. */
  list: { outcome: PollOutcome; status: number; detail: string; host: string; agents: number; atMs: number } | null;
}

/** What holds for one agent. */
export interface AgentEvidence {
  /** '' = nobody in particular: why is the whole list empty? There is nothing to ask about agent, identity and skill groups then. */
  agentId: AgentId;
  /** Since when and in how many good polls in a row there was no state; null: the agent was not known to be missing. */
  missing: { sinceMs: number; polls: number } | null;
  /** 404 is a finding: `ok` false with status 404. `organisationId` '' and `active` null: not said. */
  agent: Got<{ organisationId: string; active: boolean | null }> | null;
  /** Left out: too many to be asked about one by one, and no list tells. */
  unasked?: boolean;
  /** Whose id it is, from the tenant's list of agents. `complete`: the whole list was looked through. */
  identity: {
    looksLike: IdKind;
    /** What ids of agents look like in this tenant. */
    expected: IdKind;
    /** False: only its looks are known so far. True with `searched` 0: the tenant's list could not be read. */
    looked: boolean;
    searched: number;
    complete: boolean;
    /** `agentId` '' for a skill's id: there is nobody to watch instead. */
    match: { kind: IdKind; agentId: AgentId } | null;
  } | null;
  skillGroups: Got<{ groups: SkillGroup[] }> | null;
  /** The oldest first. */
  states: StateTry[];
  /** The last we saw ourselves. `atMs`: since when, server time. */
  lastSeen: { category: Category; stateName: string; atMs: number } | null;
}

export type Evidence = SharedEvidence & AgentEvidence;

/** One request of a diagnosis, as an admin needs it in a ticket. */
export interface Trace {
  check: Check;
  method: 'GET' | 'POST';
  /** With the query, without the host. */
  path: string;
  status: number;
  outcome: PollOutcome;
  atMs: number;
  tookMs: number;
  /** The server's own name for the request, '' when it gives none. */
  requestId: string;
  /** Not asked again: a poll or an earlier check had the answer less than 10 s before. */
  shared: boolean;
}
