/**
 * What the product asks of CXone, in its own words; a profile answers (DESIGN section 4).
 * Every call resolves: what went wrong is an outcome, not an exception.
 */
import type { AgentId, AgentProfile } from '../domain/agent-state.ts';
import type { Reason, Team } from '../domain/desk.ts';
import type { IdKind, RowFinding, SkillGroup } from '../domain/diagnosis/evidence.ts';
import type { Figures } from '../domain/figures.ts';
import type { HistoryRecord } from '../domain/history/history.ts';
import type { PollOutcome } from '../domain/problem.ts';
import type { SkillActivity } from '../domain/skill-activity.ts';
import type { Assignment, Held, Skill, SkillId, Wish } from '../domain/skills/assignment.ts';
import type { Performance } from '../domain/skills/suggest.ts';
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
  /** The server's own name for the request; '' when it gives none. */
  requestId: string;
}

export type Answer<T> = ({ outcome: 'ok' } & T & { atMs: number; requestId: string }) | Failure;

/** One agent as a list or a profile tells: besides name and team what a diagnosis compares. */
export interface Person {
  profile: AgentProfile;
  /** '' when not said. */
  organisationId: string;
  /** Null when not said. */
  active: boolean | null;
  /** The other ids people take for the agent's id. Personal: compared with, never kept. */
  otherIds: { kind: IdKind; id: string }[];
}

export interface Me {
  /** The organisation the token acts for; empty when not said. */
  organisationId: string;
  roles: string[];
  permissions: string[];
}

/** The questions a diagnosis asks. */
export type Question = 'states' | 'statesOf' | 'agent' | 'directory' | 'skillGroups' | 'me';

export interface StatesAnswer {
  rows: unknown[];
  /** For the next question; '' where the tenant has none. */
  watermark: string;
  /** The rows are those that changed since the watermark given. */
  delta: boolean;
}

/** One page of an agent's history, in the order it came. */
export interface HistoryPage {
  records: HistoryRecord[];
  /** What to ask the next page with; null: this was the last. */
  next: string | null;
  /** How many records there are in all; null when not said. */
  total: number | null;
  /** Rows nobody could read. */
  badRows: number;
  /** The fields that were wrong, in those rows or in others that could be read without them. */
  badFields: string[];
}

export interface CxonePort {
  /**
   * Every agent's state in one question. `rows` may be empty: why is another question.
   * @param watermark from an earlier answer: those that changed since are enough, where the tenant can tell (`delta`); '' = everybody
   */
  states(accessToken: string, watermark: string): Promise<Answer<StatesAnswer>>;
  /** One agent's state: for an agent the list does not mention. */
  statesOf(accessToken: string, agentId: AgentId): Promise<Answer<{ rows: unknown[] }>>;
  /** Reads one row of the two calls above. */
  readRow: RowReader;
  /** What a row of the two calls above tells a diagnosis, where it is about this agent; null when it is not, or cannot be read. */
  inspectRow(row: unknown, agentId: AgentId): RowFinding | null;
  /** Who an agent is. */
  agent(accessToken: string, agentId: AgentId): Promise<Answer<{ person: Person }>>;
  /** Everybody the tenant lists, page by page from 1; `more` tells whether another page follows. `hiddenAgents`: how many it keeps from this person. */
  directory(accessToken: string, page: number): Promise<Answer<{ people: Person[]; more: boolean; hiddenAgents?: number }>>;
  /** The skill groups an agent is in. `organisationId`: of the agent, where this answer tells it and the profile's does not; else ''. */
  skillGroups(accessToken: string, agentId: AgentId): Promise<Answer<{ groups: SkillGroup[]; organisationId: string }>>;
  /** Whether a row is about a skill of this id: for an id that turns out to be a queue's. */
  rowHasSkill(row: unknown, skillId: string): boolean;
  /**
   * What an agent did, a page at a time (seed 001; facts/cxone-api.md section 3). No data is a page without records.
   * @param fromMs server time, epoch ms; asked for in whole seconds, from the one it is in
   * @param toMs likewise; up to the end of the second it is in
   * @param cursor '' = the first page; else `next` of the page before, in this life of the worker or an earlier one
   */
  history(accessToken: string, agentId: AgentId, fromMs: number, toMs: number, cursor: string): Promise<Answer<HistoryPage>>;
  /** Which path a question goes to, for the record of a diagnosis: with the query, without the host. */
  pathOf(question: Question, agentId?: AgentId): string;
  me(accessToken: string): Promise<Answer<{ me: Me }>>;
  /** What waits for each skill, in one question. Absent where the API has no such thing. */
  activity?(accessToken: string): Promise<Answer<{ skills: SkillActivity[] }>>;
  /** The tenant's own reasons not to be available. Absent where the API has no such list (`v2`). */
  reasons?(accessToken: string): Promise<Answer<{ reasons: Reason[] }>>;
  /** The teams the token's user may see. Absent where the API has no such list (`v2`). */
  teams?(accessToken: string): Promise<Answer<{ teams: Team[] }>>;
  /** Everybody's work between two moments, in one question; who did none is not in it. Absent where the API has no such sums (`v2`). */
  figures?(accessToken: string, fromMs: number, toMs: number): Promise<Answer<{ figures: Map<AgentId, Figures> }>>;
  skills: SkillsPort;
}

/** What was written, or what became of the attempt. */
export type WriteAnswer =
  /** The tenant says that it is done. `held`: as it answered it; undefined where the answer does not tell; null: taken away. */
  | { outcome: 'applied'; held: Held | null | undefined; status: number; requestId: string; atMs: number }
  /** It says that it is not done, and why: 4xx, or a refusal of the item inside a 200. */
  | { outcome: 'refused'; status: number; detail: string; requestId: string }
  /** 409: somebody else has changed it, or is about to. Not done. */
  | { outcome: 'conflict'; status: number; detail: string; requestId: string }
  /** 401, 403, 429: not done, and concerns more than this row. */
  | (Failure & { outcome: 'unauthorized' | 'forbidden' | 'rateLimited' })
  /** Nobody knows whether it was done: no answer, 5xx, an answer that cannot be read. `status` 0 = no answer. */
  | { outcome: 'unclear'; status: number; detail: string; notBeforeMs: number; requestId: string };

/** Skills: looked up, read and written (seed 003; facts/cxone-api.md section 3). */
export interface SkillsPort {
  /**
   * All skills there are to give, with whether each is used by an active routing strategy (`v2`: only those that a strategy names) or is active
   * (`public`). Reads all pages.
   */
  skills(accessToken: string): Promise<Answer<{ skills: Skill[] }>>;
  /**
   * What a user holds now, all of it. `unread`: the skills of which nobody can tell what is held (a row that cannot be read, or two of them):
   * nothing may be written to these; '' stands for one that does not even name its skill.
   */
  assignments(accessToken: string, userId: AgentId): Promise<Answer<{ assignments: Assignment[]; unread?: SkillId[] }>>;
  /** Gives, changes or takes away one skill. @param held what the user holds of it now; null: nothing */
  write(accessToken: string, wish: Wish, held: Held | null): Promise<WriteAnswer>;
  /** Whether the user holds a `routing` or `agent` licence. Absent where the API has no licences. */
  entitled?(accessToken: string, userId: AgentId): Promise<Answer<{ entitled: boolean }>>;
  /** Seven days of a user's work; null: there was none. Absent where the API has no such figures. */
  performance?(accessToken: string, userId: AgentId): Promise<Answer<{ performance: Performance | null }>>;
}
