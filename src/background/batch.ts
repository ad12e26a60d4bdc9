/**
 * Batches of skills: planned, looked at, run, paused and gone on with. One is under way at a time. What it does is written down before and after
 * it is done, so that a worker killed anywhere goes on where it was.
 */
import browser from 'webextension-polyfill';
import type { ConnectionId } from '../domain/connection.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import type { Held } from '../domain/skills/assignment.ts';
import type { AuditDraft } from '../domain/skills/audit.ts';
import type { Batch, BatchRow, Pause } from '../domain/skills/batch.ts';
import { countRows, plannedCount } from '../domain/skills/counts.ts';
import { type DeliveryStatus, publish, readPublished } from '../messages/published.ts';
import { allBatches, batchesOf, batchOf, dropBatch, forgetBatches, keepBatch, rowsOf } from '../storage/batch-store.ts';
import { log } from '../storage/log.ts';
import { ALARMS } from './alarms.ts';
import { type AskDeps, createAsk, TROUBLES } from './batch-ask.ts';
import { check } from './batch-check.ts';
import { type BatchPlan, changedRow, decidedRow, newBatch } from './batch-plan.ts';
import { run } from './batch-run.ts';
import { settleMs, settling } from './batch-settle.ts';
import { createSuggester } from './batch-suggest.ts';
import { draft, halt, isClosing, keep, paused, type Stop, Stopped, type Task } from './batch-task.ts';
import { type BatchView, createBatchView } from './batch-view.ts';
import { chaosStep } from './chaos-step.ts';
import type { Config } from './config.ts';
import { Refusal } from './router.ts';

/** Chrome rings no alarm sooner: a shorter wait is also counted by a timer, which keeps nobody awake. */
const ALARM_MS = 30_000;
/** The longest back-off is reached long before. */
const MAX_WAITS = 20;
/** One that broke is not tried again sooner: whatever broke it is hardly over. */
const BROKEN_MS = 60_000;
const CANCELLED: Stop = { status: 'cancelled', pause: null, detail: '', notBeforeMs: 0 };

export interface Batcher {
  plan(config: Config, plan: BatchPlan): Promise<void>;
  /** @param rows how many are to be written, as the user has confirmed */
  run(config: Config, batchId: string, rows: number): Promise<void>;
  pause(config: Config, batchId: string): Promise<void>;
  cancel(config: Config, batchId: string): Promise<void>;
  drop(config: Config, batchId: string): Promise<void>;
  decide(config: Config, batchId: string, rows: readonly number[], keep: 'ours' | 'theirs'): Promise<void>;
  change(config: Config, batchId: string, rows: readonly { index: number; held: Held | null }[]): Promise<void>;
  suggest(config: Config, batchId: string): Promise<void>;
  /** At a start of the worker, and when the alarm rings: what was under way goes on. */
  wake(): Promise<void>;
  /** Whatever is under way for a connection pauses. */
  halt(id: ConnectionId, pause: Pause): Promise<void>;
  /** Ends what is under way for a connection, and lets go of its batches. */
  forget(id: ConnectionId): Promise<void>;
  /** Workforce management has had a batch's rows, as they were when it was last changed then: rows decided on meanwhile it has not. */
  delivered(batchId: string, updatedMs: number, wfmSentMs: number): Promise<void>;
  /** What is shown of sending on has changed. */
  refresh(): Promise<void>;
  /** Whether anything is at work in this life of the worker. */
  isBusy(): boolean;
}

export interface BatcherDeps extends AskDeps {
  /** The connection as it is now, or the one shown; null: gone. */
  configOf(id?: ConnectionId): Promise<Config | null>;
  /** How sending on stands. */
  deliveryOf(batch: Batch): Promise<DeliveryStatus>;
  /** There is something new to send on. */
  deliver(id: ConnectionId): Promise<void>;
}

/** Checks, runs or waits by itself; or was cancelled while something was on its way. */
export const isUnderWay = ({ status, counts }: Batch): boolean =>
  status === 'checking' || status === 'running' || status === 'waiting' || (status === 'cancelled' && counts.states.sent > 0);

export function createBatcher(deps: BatcherDeps): Batcher {
  let current: Task | null = null;
  /** How batches stand that could not be written down so, by id: where the disk says they are under way, they are not. */
  const owed = new Map<string, Stop>();
  /** Waits in a row, which outlive the task that waits. */
  let waits = 0;
  const suggester = createSuggester({ touch: (batch) => view.touch(batch), keepAlive: (batch) => view.keepAlive(batch) });
  const view: BatchView = createBatchView(
    deps.deliveryOf,
    (batch) => suggester.figuresOf(batch),
    async ({ target }) => (await deps.configOf())?.connection.id === target.connectionId,
  );

  /** One decision at a time about what is under way. */
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

  /** From here on the batch is at work, as its status says. */
  async function begin(config: Config, batch: Batch, rows: BatchRow[]): Promise<void> {
    suggester.stop();
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

  /** Reads the journal and goes on with it. */
  async function goOn(config: Config, found: Batch): Promise<void> {
    const { rows, damaged } = await rowsOf(found.id);
    const whole = damaged === 0 && rows.length === found.counts.total && rows.every(({ index }, at) => index === at);
    if (!whole) return rest(found, paused('corrupted'));
    const batch: Batch = { ...found, counts: countRows(rows), pause: null, detail: '', notBeforeMs: 0 };
    if (batch.status !== 'cancelled') batch.status = batch.confirmed ? 'running' : 'checking';
    await begin(config, batch, rows);
  }

  /** Of one that is not at work: it stands still from now on. @param actor who wants it so; else nobody does */
  async function rest(found: Batch, stop: Stop, actor = found.target.actor): Promise<void> {
    const batch: Batch = { ...found, ...stop, updatedMs: Date.now() };
    await keepBatch(batch, [], [draft(batch, null, 'batch', stop.status, { actor })]);
    owed.delete(batch.id);
    await view.show(batch);
  }

  /** The user's word, or what happened to the connection: on disk at once; rows on their way are finished. */
  async function stopNow(task: Task, stop: Stop, actor = task.batch.target.actor): Promise<void> {
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

  async function hide(isGone: (batch: Batch) => boolean): Promise<void> {
    const { 'view.batch': shown } = await readPublished('view.batch');
    if (!shown || !isGone(shown.batch)) return;
    view.forget();
    await publish({ 'view.batch': null });
  }

  async function known({ connection }: Config, batchId: string): Promise<Batch> {
    const batch = current?.batch.id === batchId ? current.batch : await batchOf(batchId);
    if (batch?.target.connectionId !== connection.id) throw new Refusal('invalid', 'error_batchGone');
    return Object.assign(batch, owed.get(batchId));
  }

  /** The batch with its rows, at work or not, and a way to write rows of it. */
  async function opened(config: Config, batchId: string): Promise<Task> {
    await known(config, batchId);
    if (current?.batch.id === batchId) return current;
    suggester.stop();
    const { rows, damaged } = await rowsOf(batchId);
    const batch = await known(config, batchId);
    if (damaged > 0) throw new Refusal('failed', 'error_batchDamaged');
    return taskOf(config, batch, rows);
  }

  async function openedReady(config: Config, batchId: string): Promise<Task> {
    // Its dry run has ended, and says so to the pages at this moment.
    if (current?.batch.id === batchId && current.batch.status === 'ready') await current.ended;
    const task = await opened(config, batchId);
    if (task.batch.status !== 'ready') throw new Refusal('invalid', 'error_batchNotReady');
    return task;
  }

  const othersAtWork = async ({ connection }: Config, batchId: string): Promise<boolean> =>
    (await batchesOf(connection.id)).some((each) => each.id !== batchId && isUnderWay(each));

  async function plan(config: Config, { id, name, undoOf, rows: wishes }: BatchPlan): Promise<void> {
    const { connection, writes } = config;
    if (!connection.capabilities.includes('skills')) throw new Refusal('invalid', 'error_skillsOff');
    const before = await batchOf(id);
    if (before) {
      if (before.target.connectionId !== connection.id) throw new Refusal('invalid', 'error_batchGone');
      return;
    }
    if (wishes.length > writes.maxRows) throw new Refusal('invalid', 'error_batchTooLong');
    const busy = (await batchesOf(connection.id)).filter(isUnderWay);
    // A dry run nobody waits for any more gives way; what writes does not.
    if (busy.some(({ confirmed }) => confirmed)) throw new Refusal('busy', 'error_batchBusy');
    const actor = await deps.auth.subject(connection);
    for (const batch of busy) await pauseBatch(batch, actor);
    await current?.ended;
    const { batch, rows } = await newBatch(connection, actor, { id, name, undoOf, rows: wishes });
    await keepBatch(batch, rows, [draft(batch, null, 'batch', 'planned')]);
    await chaosStep('batch:planned');
    await begin(config, batch, rows);
  }

  async function runBatch(config: Config, batchId: string, count: number): Promise<void> {
    const batch = await known(config, batchId);
    if (batch.status === 'done' || batch.status === 'running' || batch.status === 'checking') return;
    if (batch.status === 'waiting' && batch.pause === 'rateLimited') return;
    if (batch.status === 'cancelled') throw new Refusal('invalid', 'error_batchCancelled');
    if (plannedCount(batch.counts) !== count) throw new Refusal('invalid', 'error_batchCount');
    if (await othersAtWork(config, batchId)) throw new Refusal('busy', 'error_batchBusy');
    // Paused a moment ago: rows on their way are finished first.
    await current?.ended;
    suggester.stop();
    const fresh = await known(config, batchId);
    // What is confirmed is what the finished dry run showed; of one that was cut off the rest is looked at first.
    const begins = fresh.status === 'ready';
    const result = begins ? 'run' : 'resumed';
    const entry = draft(fresh, null, 'batch', result, { actor: await deps.auth.subject(config.connection) });
    waits = 0;
    const confirmed = fresh.confirmed || begins;
    const next: Batch = {
      ...fresh,
      status: confirmed ? 'running' : 'checking',
      confirmed,
      pause: null,
      detail: '',
      notBeforeMs: 0,
    };
    await keepBatch(next, [], [entry]);
    owed.delete(batchId);
    await chaosStep('batch:began');
    await goOn(config, next);
  }

  async function pauseBatch(batch: Batch, actor: string): Promise<void> {
    suggester.stop(({ id }) => id === batch.id);
    if (!isUnderWay(batch) || batch.status === 'cancelled') return;
    if (current?.batch.id !== batch.id) return rest(batch, paused('user'), actor);
    await stopNow(current, paused('user'), actor);
  }

  async function cancel(config: Config, batchId: string): Promise<void> {
    suggester.stop();
    const batch = await known(config, batchId);
    if (batch.status === 'done' || (batch.status === 'cancelled' && !owed.has(batchId))) return;
    const actor = await deps.auth.subject(config.connection);
    if (current?.batch.id === batchId) await stopNow(current, CANCELLED, actor);
    else await rest(batch, CANCELLED, actor);
    // What was on its way is settled.
    await ring();
    await wakeIfFree();
  }

  async function drop(config: Config, batchId: string): Promise<void> {
    const stored = await batchOf(batchId);
    if (!stored) return;
    const batch = await known(config, batchId);
    if (isUnderWay(batch)) throw new Refusal('busy', 'error_batchBusy');
    suggester.stop();
    await current?.ended;
    await dropBatch(batch);
    await hide(({ id }) => id === batchId);
  }

  async function decideRows(config: Config, batchId: string, indexes: readonly number[], side: 'ours' | 'theirs'): Promise<void> {
    const task = await opened(config, batchId);
    const actor = await deps.auth.subject(config.connection);
    const { batch } = task;
    if (side === 'ours' && batch.status === 'cancelled') throw new Refusal('invalid', 'error_batchCancelled');
    const rows = [...new Set(indexes)].flatMap((index) => decidedRow(task.rows[index], side) ?? []);
    if (rows.length === 0) return;
    // It is not over any more, and what it was delivered as is not all there is.
    if (batch.status === 'done' && side === 'ours') Object.assign(batch, { status: 'paused', pause: 'user', wfmSentMs: 0 });
    const drafts: AuditDraft[] = rows.map((row) =>
      draft(batch, row, 'decide', side, { after: side === 'ours' ? row.wish : row.theirs, actor }),
    );
    await keep(task, rows, drafts);
    await view.show(batch);
  }

  async function change(
    config: Config,
    batchId: string,
    changes: readonly { index: number; held: Held | null }[],
  ): Promise<void> {
    const task = await openedReady(config, batchId);
    const { batch } = task;
    const rows = changes.flatMap(({ index, held }) => changedRow(batch, task.rows[index], held) ?? []);
    if (rows.some(({ diff }) => diff === 'unchecked')) {
      if (current || (await othersAtWork(config, batchId))) throw new Refusal('busy', 'error_batchBusy');
      batch.status = 'checking';
    }
    await keep(task, rows, []);
    if (batch.status === 'checking') await begin(config, batch, task.rows);
    else await view.show(batch);
  }

  async function suggestLevels(config: Config, batchId: string): Promise<void> {
    const task = await openedReady(config, batchId);
    suggester.begin(task, createAsk(deps, task));
    await view.show(task.batch);
  }

  return {
    plan: (config, each) => turn(() => plan(config, each)),
    run: (config, batchId, rows) => turn(() => runBatch(config, batchId, rows)),
    pause: (config, batchId) =>
      turn(async () => pauseBatch(await known(config, batchId), await deps.auth.subject(config.connection))),
    cancel: (config, batchId) => turn(() => cancel(config, batchId)),
    drop: (config, batchId) => turn(() => drop(config, batchId)),
    decide: (config, batchId, rows, side) => turn(() => decideRows(config, batchId, rows, side)),
    change: (config, batchId, rows) => turn(() => change(config, batchId, rows)),
    suggest: (config, batchId) => turn(() => suggestLevels(config, batchId)),
    wake: () => turn(wakeIfFree),
    halt: (id, pause) =>
      turn(async () => {
        suggester.stop(({ target }) => target.connectionId === id);
        if (current?.config.connection.id === id) return stopNow(current, paused(pause));
        for (const batch of await batchesOf(id))
          if (isUnderWay(batch) && batch.status !== 'cancelled') await rest(batch, paused(pause));
      }),
    forget: (id) =>
      turn(async () => {
        suggester.stop(({ target }) => target.connectionId === id);
        if (current?.config.connection.id === id) {
          current.discarded = true;
          halt(current, paused('user'));
          current = null;
        }
        await forgetBatches(id);
        await hide(({ target }) => target.connectionId === id);
      }),
    delivered: (batchId, updatedMs, wfmSentMs) =>
      turn(async () => {
        const batch = current?.batch.id === batchId ? current.batch : await batchOf(batchId);
        if (batch?.updatedMs !== updatedMs || (batch.status !== 'done' && batch.status !== 'cancelled')) return;
        batch.wfmSentMs = wfmSentMs;
        await keepBatch(batch, [], []);
      }),
    refresh: view.refresh,
    isBusy: () => current !== null || suggester.isAsking(),
  };
}
