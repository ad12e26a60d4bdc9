/**
 * What is at work: one batch at a time, from the moment it begins until it rests. What it does is written down before and after it is done, so
 * that a worker killed anywhere goes on where it was.
 */
import browser from 'webextension-polyfill';
import type { ConnectionId } from '../domain/connection.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import type { Batch, BatchRow } from '../domain/skills/batch.ts';
import { countRows } from '../domain/skills/counts.ts';
import type { DeliveryStatus } from '../messages/published.ts';
import { allBatches, batchOf, keepBatch, rowsOf } from '../storage/batch-store.ts';
import { log } from '../storage/log.ts';
import { ALARMS } from './alarms.ts';
import { type AskDeps, createAsk, TROUBLES } from './batch-ask.ts';
import { check } from './batch-check.ts';
import { run } from './batch-run.ts';
import { settleMs, settling } from './batch-settle.ts';
import { draft, halt, isClosing, keep, paused, type Stop, Stopped, type Task } from './batch-task.ts';
import type { BatchView } from './batch-view.ts';
import { chaosStep } from './chaos-step.ts';
import type { Config } from './config.ts';

/** Chrome rings no alarm sooner: a shorter wait is also counted by a timer, which keeps nobody awake. */
const ALARM_MS = 30_000;
/** The longest back-off is reached long before. */
const MAX_WAITS = 20;
/** One that broke is not tried again sooner: whatever broke it is hardly over. */
const BROKEN_MS = 60_000;
export const CANCELLED: Stop = { status: 'cancelled', pause: null, detail: '', notBeforeMs: 0 };

export interface WorkDeps extends AskDeps {
  /** The connection as it is now, or the one shown; null: gone. */
  configOf(id?: ConnectionId): Promise<Config | null>;
  /** How sending on stands. */
  deliveryOf(batch: Batch): Promise<DeliveryStatus>;
  /** There is something new to send on. */
  deliver(id: ConnectionId): Promise<void>;
}

/** What decides is called within a turn. */
export interface BatchWork {
  /** One decision at a time about what is under way. */
  turn<T>(decide: () => Promise<T>): Promise<T>;
  /** What is at work in this life of the worker. */
  current(): Task | null;
  /** A batch with its rows that is not at work, and a way to write rows of it. */
  taskOf(config: Config, batch: Batch, rows: BatchRow[]): Task;
  /** From here on the batch is at work, as its status says. */
  begin(config: Config, batch: Batch, rows: BatchRow[]): Promise<void>;
  /** Reads the journal and goes on with it. */
  goOn(config: Config, found: Batch): Promise<void>;
  /** What is under way, and nobody at work on it, goes on. */
  wake(): Promise<void>;
  /** Rings until nothing is under way any more. */
  ring(): Promise<void>;
  /** Of one that is not at work: it stands still from now on. `actor`: who wants it so; else nobody does. */
  rest(found: Batch, stop: Stop, actor?: string): Promise<void>;
  /** The user's word, or what happened to the connection: on disk at once; rows on their way are finished. */
  stop(task: Task, stop: Stop, actor?: string): Promise<void>;
  /** What is at work for this connection is not to write anything any more. */
  discard(id: ConnectionId): void;
  /** How a batch stands that could not be written down so: where the disk says it is under way, it is not. */
  owed(batchId: string): Stop | undefined;
  /** The batch is written down as it stands, by somebody's word: it owes nothing, and the waits before count no more. */
  settled(batchId: string): void;
}

/** Checks, runs or waits by itself; or was cancelled while something was on its way. */
export const isUnderWay = ({ status, counts }: Batch): boolean =>
  status === 'checking' || status === 'running' || status === 'waiting' || (status === 'cancelled' && counts.states.sent > 0);

/** @param before what has to end before a batch begins */
export function createBatchWork(deps: WorkDeps, view: BatchView, before: () => void): BatchWork {
  let current: Task | null = null;
  const owed = new Map<string, Stop>();
  /** Waits in a row, which outlive the task that waits. */
  let waits = 0;

  const turn = <T>(decide: () => Promise<T>): Promise<T> => navigator.locks.request('batch', decide) as Promise<T>;

  function taskOf(config: Config, batch: Batch, rows: BatchRow[]): Task {
    const half = waits > 0 ? TROUBLES - 1 : 0;
    const task: Task = {
      config,
      batch,
      rows,
      stop: null,
      discarded: false,
      nudge: () => undefined,
      // After a wait the first trouble is enough to wait again.
      troubles: { read: half, write: half },
      waits,
      forbidden: 0,
      runningMs: 0,
      vettedToken: '',
      ended: Promise.resolve(),
      changed: () => view.touch(batch),
    };
    return task;
  }

  async function begin(config: Config, batch: Batch, rows: BatchRow[]): Promise<void> {
    before();
    await ring();
    // Two at work would write rows twice.
    if (current) throw new Error('batch');
    const task = taskOf(config, batch, rows);
    current = task;
    const letSleep = view.keepAlive(() => {
      if (task.discarded) return null;
      void deps.deliver(batch.target.connectionId).catch(() => log('batch-failed'));
      return task.batch;
    });
    task.ended = work(task)
      .catch((error: unknown) => broken(task, error))
      .finally(() => {
        letSleep();
        if (current === task) current = null;
      });
    void task.ended.then(() => turn(wakeIfFree)).catch(() => log('batch-failed', { connection: batch.target.connectionId }));
    await view.show(batch);
  }

  async function work(task: Task): Promise<void> {
    const ask = createAsk(deps, task);
    const { batch } = task;
    const dry = !batch.confirmed;
    try {
      await ask.begin(!dry && !isClosing(task));
      const settle = await settleMs();
      const late = await settling(batch, settle);
      if (dry) await check(task, ask, late);
      else {
        task.runningMs = Date.now();
        await run({ task, ask, settleMs: settle, waits: late });
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      halt(task, error.stop);
    }
    waits = task.waits;
    if (!task.discarded) await end(task, dry);
  }

  /** Nothing of it is at work any more: it stopped, or there is nothing left to do. */
  async function end(task: Task, dry: boolean): Promise<void> {
    const { batch } = task;
    if (!task.stop && !isClosing(task)) await chaosStep(dry ? 'batch:checked' : 'batch:done');
    if (isClosing(task)) await endClosing(task);
    else if (task.stop) {
      // Said already, where it was the user who stopped it.
      if (isUnderWay(batch)) await stopped(task, task.stop);
    } else if (dry) {
      waits = 0;
      Object.assign(batch, { status: 'ready', notBeforeMs: 0 });
      await keep(task, [], []);
    } else {
      waits = 0;
      batch.status = 'done';
      await keep(task, [], [draft(batch, null, 'batch', 'done')]);
    }
    await view.show(batch);
    void deps.deliver(batch.target.connectionId).catch(() => log('batch-failed'));
  }

  async function stopped(task: Task, { status, pause, detail, notBeforeMs }: Stop): Promise<void> {
    const { batch } = task;
    Object.assign(batch, { status, pause, detail, notBeforeMs });
    if (status === 'waiting') waits = Math.min(waits + 1, MAX_WAITS);
    await keep(task, [], status === 'paused' ? [draft(batch, null, 'batch', 'paused')] : []);
    if (status === 'waiting') await arm(batch);
  }

  /** Cancelled: what is still on its way is settled later, or, where nobody can be asked any more, is not known. */
  async function endClosing(task: Task): Promise<void> {
    const { batch, stop } = task;
    if (stop?.status === 'waiting') {
      waits = Math.min(waits + 1, MAX_WAITS);
      batch.notBeforeMs = stop.notBeforeMs;
      await keep(task, [], []);
      await arm(batch);
    } else if (stop?.status === 'paused' && stop.pause !== 'otherConnection') {
      const lost = task.rows.flatMap((row): BatchRow[] =>
        row.state === 'sent' ? [{ ...row, state: 'unknown', problem: 'notReadBack' }] : [],
      );
      await keep(
        task,
        lost,
        lost.map((row) => draft(batch, row, 'outcome', 'unknown', { after: row.wish })),
      );
    }
  }

  /** Something nobody has foreseen, such as a disk that is full. Rows on their way are found so at the next start. */
  async function broken(task: Task, error: unknown): Promise<void> {
    const { batch } = task;
    await log('batch-failed', { connection: batch.target.connectionId, failure: error instanceof Error ? error.name : '' });
    if (task.discarded) return;
    const stop = isClosing(task) ? { ...CANCELLED, notBeforeMs: Date.now() + BROKEN_MS } : paused('failed');
    Object.assign(batch, stop);
    owed.set(batch.id, stop);
    // Counts in memory may be ahead of the rows on disk.
    const stored = await batchOf(batch.id).catch(() => null);
    const next = { ...(stored ?? batch), ...stop };
    if (stored)
      await keepBatch(next, [], []).then(
        () => owed.delete(batch.id),
        () => false,
      );
    await view.show(next);
  }

  async function ring(): Promise<void> {
    if (!(await browser.alarms.get(ALARMS.batch)))
      await browser.alarms.create(ALARMS.batch, { delayInMinutes: 0.5, periodInMinutes: 0.5 });
  }

  async function arm({ notBeforeMs }: Batch): Promise<void> {
    await ring();
    const waitMs = notBeforeMs - Date.now();
    if (waitMs < ALARM_MS) setTimeout(() => void turn(wakeIfFree).catch(() => log('batch-failed')), Math.max(0, waitMs));
  }

  async function wakeIfFree(): Promise<void> {
    if (current) return;
    const config = await deps.configOf();
    // Before anything goes on by itself; and as long as it cannot be written down, nothing does.
    for (const each of await allBatches()) {
      const stop = owed.get(each.id);
      if (stop) await rest(each, stop);
    }
    const underWay = (await allBatches()).filter(isUnderWay);
    const isMine = ({ target }: Batch) => target.connectionId === config?.connection.id;
    // What was on its way of a cancelled one is settled when its connection is shown again.
    for (const other of underWay)
      if (!isMine(other) && other.status !== 'cancelled') await rest(other, paused('otherConnection'));
    const batch = underWay.find(isMine);
    if (!batch || !config) {
      await browser.alarms.clear(ALARMS.batch);
      // Whoever asked for figures may have been killed at it.
      return view.refresh();
    }
    const nowMs = Date.now();
    if (batch.notBeforeMs > nowMs && batch.notBeforeMs <= nowMs + MAX_RETRY_AFTER_MS) {
      await arm(batch);
      await view.show(batch);
      return;
    }
    await goOn(config, batch);
  }

  async function goOn(config: Config, found: Batch): Promise<void> {
    const { rows, damaged } = await rowsOf(found.id);
    const whole = damaged === 0 && rows.length === found.counts.total && rows.every(({ index }, at) => index === at);
    if (!whole) return rest(found, paused('corrupted'));
    const batch: Batch = { ...found, counts: countRows(rows), pause: null, detail: '', notBeforeMs: 0 };
    if (batch.status !== 'cancelled') batch.status = batch.confirmed ? 'running' : 'checking';
    await begin(config, batch, rows);
  }

  async function rest(found: Batch, stop: Stop, actor = found.target.actor): Promise<void> {
    const batch: Batch = { ...found, ...stop, updatedMs: Date.now() };
    await keepBatch(batch, [], [draft(batch, null, 'batch', stop.status, { actor })]);
    owed.delete(batch.id);
    await view.show(batch);
  }

  async function stop(task: Task, stop: Stop, actor = task.batch.target.actor): Promise<void> {
    halt(task, stop);
    const { batch } = task;
    // A pause is worth something while it goes on by itself; what is not over can always be cancelled.
    const over = stop.status === 'cancelled' ? batch.status === 'done' : !isUnderWay(batch);
    if (isClosing(task) || over) return;
    Object.assign(batch, stop);
    owed.set(batch.id, stop);
    await keep(task, [], [draft(batch, null, 'batch', stop.status, { actor })]);
    owed.delete(batch.id);
    await view.show(batch);
  }

  return {
    turn,
    current: () => current,
    taskOf,
    begin,
    goOn,
    wake: wakeIfFree,
    ring,
    rest,
    stop,
    discard(id) {
      if (current?.config.connection.id !== id) return;
      current.discarded = true;
      halt(current, paused('user'));
      current = null;
    },
    owed: (batchId) => owed.get(batchId),
    settled(batchId) {
      owed.delete(batchId);
      waits = 0;
    },
  };
}
