/** Sending one row: it is on disk as `sent` before the request leaves, and how it ended is on disk before anything else is done. */
import type { WriteAnswer } from '../cxone/port.ts';
import { type Held, sameHeld } from '../domain/skills/assignment.ts';
import type { BatchRow, RowProblem } from '../domain/skills/batch.ts';
import { withAttempt } from '../domain/skills/metrics.ts';
import type { Ask } from './batch-ask.ts';
import type { RowDeps } from './batch-row.ts';
import { draft, keep, paused, type Stop, Stopped, type Task } from './batch-task.ts';
import { chaosStep } from './chaos-step.ts';

/** Rows in a row that the person may not write, and it is not the rows. */
const FORBIDDEN = 3;

/** A request leaves so soon after it was marked as sent: how long it may take to show counts from there. */
const MARK_MS = 5_000;

/** What a row wants next: nothing more, its user read again at once, or when it has settled. */
export type Next = { again: 'never' } | { again: 'now' } | { again: 'later'; waitMs: number };
export const OVER: Next = { again: 'never' };

/** @param theirs what the tenant has now */
export async function send({ task, ask, settleMs }: RowDeps, index: number, theirs: Held | null): Promise<Next> {
  let access = await ask.access();
  for (let renewed = false; ; renewed = true) {
    const planned = task.rows[index];
    if (!planned || task.stop) return OVER;
    const row: BatchRow = {
      ...planned,
      state: 'sent',
      attempts: planned.attempts + 1,
      sentMs: Date.now(),
      problem: null,
      theirs: null,
      status: 0,
      detail: '',
      requestId: '',
    };
    const { userId, skillId, wish } = row;
    await keep(task, [row], [draft(task.batch, row, 'send', 'sent', { after: wish })]);
    await chaosStep('batch:sent');
    // Told to stop while this was written down, or the computer slept: nothing has left, and the mark must not be older than the request.
    if (task.stop || Date.now() - row.sentMs > MARK_MS) {
      await keep(task, [planned], [draft(task.batch, row, 'outcome', 'notSent', { after: wish })]);
      return task.stop ? OVER : { again: 'now' };
    }
    const askedMs = Date.now();
    const left = performance.now();
    const answer = await ask.port.skills.write(access.token, { userId, skillId, held: wish }, theirs);
    await chaosStep('batch:answered');
    const stop = await meaning(task, ask, answer);
    const next: BatchRow = { ...after({ ...row, sentMs: askedMs }, planned, answer, stop), ...saidIn(answer) };
    const result = resultOf(next, answer);
    const tookMs = performance.now() - left;
    count(task, answer, next.problem, tookMs);
    await keep(task, [next], [draft(task.batch, row, 'outcome', result, { after: wish, ...saidIn(answer) })]);
    await chaosStep('batch:audited');
    if (next.state === 'verified') await chaosStep('batch:verified');
    if (stop) throw new Stopped(stop);
    if (answer.outcome === 'conflict') return { again: 'now' };
    if (next.state === 'sent') return { again: 'later', waitMs: Math.max(1, settleMs - tookMs) };
    if (answer.outcome !== 'unauthorized') return OVER;
    if (renewed) throw new Stopped(paused('tokenRejected', answer.detail));
    access = await ask.access(access);
  }
}

/** What the answer means for all rows; null: nothing. */
async function meaning(task: Task, ask: Ask, answer: WriteAnswer): Promise<Stop | null> {
  switch (answer.outcome) {
    case 'unclear': {
      const { status } = answer;
      const outcome = status === 0 ? 'offline' : status >= 500 ? 'serverError' : 'malformed';
      return ask.weigh({ ...answer, outcome }, 'write');
    }
    case 'rateLimited':
      return ask.weigh(answer, 'write');
    case 'unauthorized':
      return null;
    case 'forbidden': {
      ask.wentWell('write');
      const stop = await ask.weigh(answer, 'write');
      if (stop) return stop;
      task.forbidden++;
      return task.forbidden >= FORBIDDEN ? paused('forbidden', answer.detail) : null;
    }
    default:
      ask.wentWell('write');
      task.forbidden = 0;
      return null;
  }
}

/** The row as it is after the answer. What was refused for the sake of all rows leaves this one as if it had never been sent. */
function after(row: BatchRow, planned: BatchRow, answer: WriteAnswer, stop: Stop | null): BatchRow {
  const failed = (problem: RowProblem): BatchRow => ({ ...row, state: 'failed', problem });
  switch (answer.outcome) {
    case 'applied':
      // A tenant that answers something else has not done what it was asked; not yet, perhaps.
      return answer.held === undefined || sameHeld(answer.held, row.wish) ? { ...row, state: 'verified', ours: true } : row;
    case 'refused':
      if (answer.status === 404) return failed('notFound');
      return failed(answer.status < 300 ? 'itemRefused' : 'refused');
    case 'conflict':
      return { ...row, state: 'planned', rounds: row.rounds + 1, ours: false };
    case 'forbidden':
      return stop?.pause === 'scopeMissing' ? planned : failed('forbidden');
    case 'unauthorized':
    case 'rateLimited':
      return planned;
    case 'unclear':
      return { ...row, problem: unclearProblem(answer.status) };
  }
}

/** In the log: how the row ended, or what became of the attempt. */
function resultOf({ state, problem }: BatchRow, { outcome }: WriteAnswer): string {
  if (state === 'planned') return outcome;
  if (state === 'sent') return problem ?? 'otherAnswer';
  return state;
}

function unclearProblem(status: number): RowProblem {
  if (status === 0) return 'noAnswer';
  return status >= 500 ? 'serverError' : 'malformed';
}

function saidIn(answer: WriteAnswer): Pick<BatchRow, 'status' | 'detail' | 'requestId'> {
  return { status: answer.status, detail: 'detail' in answer ? answer.detail : '', requestId: answer.requestId };
}

function count(task: Task, answer: WriteAnswer, problem: RowProblem | null, tookMs: number): void {
  const answered = answer.status > 0;
  const error = answered ? (answer.status < 300 ? problem : String(answer.status)) : 'noAnswer';
  task.batch.metrics = withAttempt(task.batch.metrics, { ms: answered ? tookMs : null, error });
}
