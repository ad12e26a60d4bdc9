/** A batch of wishes and how far it has come: what the journal stores and the pages show. Plain data; no names of people. */
import type { AgentId } from '../agent-state.ts';
import type { ConnectionId, Profile } from '../connection.ts';
import type { Held, SkillId } from './assignment.ts';
import type { Histogram } from './metrics.ts';
import type { Suggestion } from './suggest.ts';

/**
 * Of the journal. `sent` is on disk before the request leaves: whatever is found so after a kill is read back before anything is sent again.
 * `skipped`: nothing to do (already so), refused by the dry run, or left as it is by the user.
 */
export const ROW_STATES = ['planned', 'sent', 'verified', 'conflict', 'failed', 'unknown', 'skipped'] as const;
export type RowState = (typeof ROW_STATES)[number];

/** What the dry run makes of a row. */
export const DIFFS = ['unchecked', 'new', 'changed', 'removed', 'same', 'refused'] as const;
export type Diff = (typeof DIFFS)[number];

/** Why a row is refused by the dry run; words in `_locales` (`skills_refused_<code>`). */
export const REFUSALS = [
  'userUnknown',
  'otherOrganisation',
  'skillUnknown',
  'skillNotRouted',
  'noLicence',
  'cannotRemove',
  'notAssigned',
  'level',
  'window',
  'twice',
  'otherId',
  'changedSince',
  'notReadable',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];
export interface Refusal {
  code: RefusalCode;
  /** For the words, e.g. the tenant's own text, or the other organisation's id; never a name. */
  params: string[];
}

/** Why a row ended as it did; words in `_locales` (`skills_row_<code>`). */
export const ROW_PROBLEMS = [
  'refused',
  'forbidden',
  'notFound',
  'changedMeanwhile',
  'conflictsOn',
  'itemRefused',
  'noAnswer',
  'notReadBack',
  'serverError',
  'malformed',
] as const;
export type RowProblem = (typeof ROW_PROBLEMS)[number];

export interface BatchRow {
  batchId: string;
  /** From 0, in the order of the file. */
  index: number;
  /** Of the file, from 1 with the header; 0 when there is no file. */
  line: number;
  userId: AgentId;
  skillId: SkillId;
  /** Null takes the skill away. */
  wish: Held | null;
  /** What the tenant had when it was last read; null: not assigned. Without meaning while `diff` is `unchecked` or the row could not be read. */
  before: Held | null;
  /** Of an undo: what we had written. Where the tenant has something else by now, somebody wants it so. */
  expected?: Held | null | undefined;
  diff: Diff;
  refusals: Refusal[];
  suggestion: Suggestion | null;
  state: RowState;
  /** How often it was sent. */
  attempts: number;
  /** How often the tenant said 409. */
  rounds: number;
  /** How often the worker ended between the mark and an answer: it tells nothing about the tenant. */
  cutOff: number;
  /** Whether what the tenant has is our doing, as far as anybody knows: only that is ours to take back. */
  ours?: boolean;
  /** When it was last sent, our clock; 0 = never. */
  sentMs: number;
  /** What the tenant has instead, of a conflict; null: not assigned. */
  theirs: Held | null;
  problem: RowProblem | null;
  /** HTTP status of the last answer; 0 = none. */
  status: number;
  /** The server's own short text; may be empty. */
  detail: string;
  requestId: string;
}

/**
 * `checking`: the dry run is under way. `ready`: it has ended, nothing is sent yet. `waiting`: goes on by itself at `notBeforeMs`.
 * `paused`: goes on when the user says so. `done`: no row is planned or sent any more. `cancelled`: by the user; rows not sent stay planned.
 */
export const BATCH_STATUSES = ['checking', 'ready', 'running', 'waiting', 'paused', 'done', 'cancelled'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** Why it waits or is paused; words in `_locales` (`skills_paused_<code>`). */
export const PAUSES = [
  'user',
  'rateLimited',
  'offline',
  'serverError',
  'signedOut',
  'tokenRejected',
  'otherUser',
  'otherTenant',
  'otherConnection',
  'scopeMissing',
  'forbidden',
  'hostAccess',
  'writesDisabled',
  'capabilityOff',
  'tooMany',
  'corrupted',
  'failed',
] as const;
export type Pause = (typeof PAUSES)[number];

/** Whom and what a batch was planned for: it never writes anywhere else. */
export interface BatchTarget {
  connectionId: ConnectionId;
  profile: Profile;
  issuer: string;
  apiBaseUrl: string;
  /** As *me*, else the token, names it; '' when nobody says. */
  organisationId: string;
  /** The token's subject; '' when nobody says. */
  actor: string;
}

export interface BatchCounts {
  total: number;
  /** How many the dry run has seen. */
  checked: number;
  diffs: Record<Diff, number>;
  states: Record<RowState, number>;
}

/** Without its rows: what `view.batch` publishes and the list of batches shows. */
export interface Batch {
  id: string;
  /** Of the file, or what the user calls it. */
  name: string;
  target: BatchTarget;
  createdMs: number;
  updatedMs: number;
  status: BatchStatus;
  /** The user has confirmed how many rows are to be written. Until then it is a dry run, however far it has come. */
  confirmed: boolean;
  pause: Pause | null;
  /** The server's own words to that; may be empty. */
  detail: string;
  /** Of `waiting`: when it goes on, our clock; else 0. */
  notBeforeMs: number;
  counts: BatchCounts;
  /** The batch whose effects this one takes back; '' = none. */
  undoOf: string;
  /** How long it has run, without pauses, ms; rate and time left come from it. */
  ranMs: number;
  /** Sends and read-backs since it began. */
  metrics: BatchMetrics;
  /** Whether the WFM system has had its verified rows (`delivery.wfmUrl`): when, or 0. */
  wfmSentMs: number;
}

export interface BatchMetrics {
  /** Writes that left. */
  attempts: number;
  succeeded: number;
  /** By `RowProblem`, HTTP status ("429") or "noAnswer". */
  errors: Record<string, number>;
  /** Of writes that were answered. */
  latency: Histogram;
}
