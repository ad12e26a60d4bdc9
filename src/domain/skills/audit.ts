/** The audit log: one chained entry for every attempt and every outcome (security-reliability.md section 7). Plain data. */
import type { AgentId } from '../agent-state.ts';
import type { Held, SkillId } from './assignment.ts';

/**
 * `send`: written before a request leaves. `readBack`: the tenant was asked what became of one. `outcome`: how it ended. `decide`: the user's
 * word on a conflict. `batch`: planned, run, paused, resumed, cancelled, done.
 */
export const AUDIT_ACTIONS = ['send', 'readBack', 'outcome', 'decide', 'batch'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** All keys, always: in canonical JSON they are sorted, whatever their order here. */
export interface AuditEntry {
  /** From 1, without a gap, per connection. */
  seq: number;
  /** Hash of the entry before; 64 zeros for the first. */
  prev: string;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  /** The token's subject. */
  actor: string;
  /** Organisation, or the API's origin where nobody names one. */
  tenant: string;
  batchId: string;
  /** `index` of the row; -1: of the whole batch. */
  row: number;
  userId: AgentId;
  skillId: SkillId;
  action: AuditAction;
  before: Held | null;
  after: Held | null;
  /** Of `outcome`: a RowState or what happened to the attempt (`rateLimited`, `noAnswer` …); of `batch`: what was done with it. */
  result: string;
  /** HTTP status; 0 = none. */
  status: number;
  requestId: string;
  /** Of the extension. */
  version: string;
  /** SHA-256, hex, over the canonical JSON of all of the above. */
  hash: string;
}
export type AuditDraft = Omit<AuditEntry, 'seq' | 'prev' | 'hash'>;

export const FIRST_PREV = '0'.repeat(64);

/** Where the chain of a connection stands. */
export interface AuditHead {
  /** Of the newest entry; 0 = none. */
  seq: number;
  hash: string;
  /** What retention has let go of: entries up to this one, and the hash the rest begins with. */
  prunedSeq: number;
  prunedHash: string;
  /** What the SIEM has had (`delivery.auditUrl`). */
  deliveredSeq: number;
  deliveredMs: number;
}
