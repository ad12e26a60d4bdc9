/** A batch at work: its rows in memory, the journal behind them, and why it stops. */
import browser from 'webextension-polyfill';
import type { Held } from '../domain/skills/assignment.ts';
import type { AuditAction, AuditDraft } from '../domain/skills/audit.ts';
import type { Batch, BatchRow, BatchTarget, Pause } from '../domain/skills/batch.ts';
import { moved } from '../domain/skills/counts.ts';
import { keepBatch } from '../storage/batch-store.ts';
import type { Config } from './config.ts';

/** Why nothing more is begun: what concerns more than one row. */
export interface Stop {
  /** `waiting` goes on by itself at `notBeforeMs`; `paused` when the user says so. */
  status: 'waiting' | 'paused' | 'cancelled';
  pause: Pause | null;
  /** The server's own words; may be empty. */
  detail: string;
  notBeforeMs: number;
}

/** Thrown wherever a row finds out that no row can go on. */
export class Stopped extends Error {
  readonly stop: Stop;
  constructor(stop: Stop) {
    super(stop.pause ?? stop.status);
    this.stop = stop;
  }
}

export const paused = (pause: Pause, detail = ''): Stop => ({ status: 'paused', pause, detail, notBeforeMs: 0 });
export const waiting = (pause: Pause, notBeforeMs: number, detail = ''): Stop => ({
  status: 'waiting',
  pause,
  detail,
  // A timer knows no parts of it, and would ring too early.
  notBeforeMs: Math.ceil(notBeforeMs),
});

/** What is kept while its worker lives. */
export interface Task {
  config: Config;
  batch: Batch;
  rows: BatchRow[];
  /** Set once: rows on their way are finished, no other is begun. */
  stop: Stop | null;
  /** Nothing of it may be written any more. */
  discarded: boolean;
  /** Called when there is something new for those who wait: a stop. */
  nudge(): void;
  /** Requests in a row that came to nothing for a reason that is not the row's: a server may answer every question and no write. */
  troubles: { read: number; write: number };
  /** Waits in a row without a success between them. */
  waits: number;
  /** 403 in a row. */
  forbidden: number;
  /** Since when it runs, our clock: what `ranMs` does not have yet. 0 = it does not. */
  runningMs: number;
  /** The token that was seen to be of the person and the organisation the batch is for. */
  vettedToken: string;
  ended: Promise<void>;
  changed(): void;
}

/** Cancelled by the user: what was sent is settled, nothing else is done. */
export const isClosing = ({ batch }: Task): boolean => batch.status === 'cancelled';

/** The first reason counts; of two that wait, the longer; and what is cancelled is. */
export function halt(task: Task, stop: Stop): void {
  const longer = task.stop?.status === 'waiting' && stop.status === 'waiting' && stop.notBeforeMs > task.stop.notBeforeMs;
  if (!task.stop || longer || stop.status === 'cancelled') task.stop = stop;
  task.nudge();
}

/** An entry of the log. @param more `actor`: where it is not the one who planned the batch */
export function draft(
  { id, target }: Pick<Batch, 'id' | 'target'>,
  row: Pick<BatchRow, 'index' | 'userId' | 'skillId' | 'before'> | null,
  action: AuditAction,
  result: string,
  more: { after?: Held | null; status?: number; requestId?: string; actor?: string } = {},
): AuditDraft {
  const { after = null, status = 0, requestId = '', actor = target.actor } = more;
  return {
    at: new Date().toISOString(),
    actor,
    tenant: tenantOf(target),
    batchId: id,
    row: row?.index ?? -1,
    userId: row?.userId ?? '',
    skillId: row?.skillId ?? '',
    action,
    before: row?.before ?? null,
    after,
    result,
    status,
    requestId,
    version: browser.runtime.getManifest().version,
  };
}

function tenantOf({ organisationId, apiBaseUrl }: BatchTarget): string {
  if (organisationId !== '') return organisationId;
  return URL.canParse(apiBaseUrl) ? new URL(apiBaseUrl).origin : apiBaseUrl;
}

/** Writes rows as they are from now on, with the batch's counts and what the log says of it; then shows it. */
export async function keep(task: Task, rows: readonly BatchRow[], drafts: readonly AuditDraft[]): Promise<void> {
  for (const row of rows) {
    const before = task.rows[row.index];
    if (before) task.batch.counts = moved(task.batch.counts, before, row);
    task.rows[row.index] = row;
  }
  const nowMs = Date.now();
  if (task.runningMs > 0) {
    task.batch.ranMs += Math.max(0, nowMs - task.runningMs);
    task.runningMs = nowMs;
  }
  task.batch.updatedMs = nowMs;
  await keepBatch(task.batch, rows, drafts, () => !task.discarded);
  if (!task.discarded) task.changed();
}
