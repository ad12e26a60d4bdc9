/**
 * What is to be done with a row, now that it is known what the tenant has; and doing it, as far as it goes. Whatever is found `sent` is read back
 * before anything is sent again: never a blind second write (security-reliability.md 6.2).
 */
import { type Held, sameHeld } from '../domain/skills/assignment.ts';
import type { AuditDraft } from '../domain/skills/audit.ts';
import type { BatchRow, RowProblem } from '../domain/skills/batch.ts';
import { merge } from '../domain/skills/merge.ts';
import type { Ask } from './batch-ask.ts';
import { type Next, OVER, send } from './batch-send.ts';
import { draft, isClosing, keep, type Task } from './batch-task.ts';
import { chaosStep } from './chaos-step.ts';

/** Not answered so that anybody could tell, and not there after all. */
const SENDS = 3;
/** A row at which the worker ends again and again, whatever the reason, is not tried for ever. */
const CUT_OFFS = 10;
/** 409 in all. */
const ROUNDS = 3;

export interface RowDeps {
  task: Task;
  ask: Ask;
  /** How long a write may take to show, ms. */
  settleMs: number;
}

/** What the tenant has of a row's skill; `unknown`: it could not be read. */
type Theirs = Held | null | 'unknown';

/** A read of the tenant that rows are settled by. */
export interface Reading {
  theirs(row: BatchRow): Theirs;
  status: number;
  requestId: string;
}

/** `leave`: it stays planned. */
type Move = 'send' | 'verified' | 'leave' | { state: 'conflict' | 'unknown' | 'failed'; problem: RowProblem };

/** Found as it was marked: the worker ended before there was an answer. Read after it has settled, it may be sent again like any other. */
const isCutOff = ({ state, problem, status }: BatchRow): boolean => state === 'sent' && problem === null && status === 0;
const cutOffs = (row: BatchRow): number => row.cutOff + (isCutOff(row) ? 1 : 0);

/** Pure. @param closing only what was sent is settled */
export function moveOf(row: BatchRow, theirs: Theirs, closing: boolean): Move {
  const sent = row.state === 'sent';
  if (theirs === 'unknown')
    return sent ? { state: 'unknown', problem: 'notReadBack' } : { state: 'failed', problem: 'malformed' };
  const merged = merge(row.before, theirs, row.wish);
  if (merged === 'done') return 'verified';
  if (merged === 'conflict') return { state: 'conflict', problem: 'changedMeanwhile' };
  if (row.rounds >= ROUNDS) return { state: 'conflict', problem: 'conflictsOn' };
  const unanswered = row.attempts - row.rounds - cutOffs(row);
  if (sent && (unanswered >= SENDS || cutOffs(row) >= CUT_OFFS)) return { state: 'unknown', problem: 'noAnswer' };
  return closing ? 'leave' : 'send';
}

export async function workRow(deps: RowDeps, index: number, reading: Reading): Promise<Next> {
  const { task } = deps;
  const row = task.rows[index];
  if (!row || !isOpen(row, isClosing(task))) return OVER;
  const theirs = reading.theirs(row);
  const move = moveOf(row, theirs, isClosing(task));
  const tenants = theirs === 'unknown' ? null : theirs;
  if (move === 'send' || move === 'leave') {
    if (row.state === 'sent')
      await note(task, { ...row, state: 'planned', cutOff: cutOffs(row), ours: false }, theirs, reading, []);
    return move === 'send' ? send(deps, index, tenants) : OVER;
  }
  const { state, problem } = move === 'verified' ? { state: move, problem: null } : move;
  const ours = row.ours || row.state === 'sent';
  const next: BatchRow = { ...row, state, problem, ours, theirs: state === 'conflict' ? tenants : null };
  const after = state === 'conflict' ? tenants : row.wish;
  await note(task, next, theirs, reading, [draft(task.batch, next, 'outcome', state, { ...reading, after })]);
  if (state === 'verified') await chaosStep('batch:verified');
  return OVER;
}

/** Whether there is something to do for it. */
export const isOpen = ({ state }: BatchRow, closing: boolean): boolean => state === 'sent' || (state === 'planned' && !closing);

/** The row as it is from now on, and what the tenant was found to have. */
async function note(task: Task, next: BatchRow, theirs: Theirs, reading: Reading, more: AuditDraft[]): Promise<void> {
  const after = theirs === 'unknown' ? null : theirs;
  await keep(task, [next], [draft(task.batch, next, 'readBack', found(next, theirs), { ...reading, after }), ...more]);
  await chaosStep('batch:audited');
}

function found({ before, wish }: BatchRow, theirs: Theirs): string {
  if (theirs === 'unknown') return 'notReadBack';
  if (sameHeld(theirs, wish)) return 'asWished';
  return sameHeld(theirs, before) ? 'asBefore' : 'other';
}
