/** Batches of skills as a page asks for them: planned, looked at, run, paused, decided on, let go of. What is at work is in `batch-work.ts`. */
import type { ConnectionId } from '../domain/connection.ts';
import type { Held } from '../domain/skills/assignment.ts';
import type { AuditDraft } from '../domain/skills/audit.ts';
import type { Batch, Pause } from '../domain/skills/batch.ts';
import { plannedCount } from '../domain/skills/counts.ts';
import { publish, readPublished } from '../messages/published.ts';
import { batchesOf, batchOf, dropBatch, forgetBatches, keepBatch, rowsOf } from '../storage/batch-store.ts';
import { createAsk } from './batch-ask.ts';
import { type BatchPlan, changedRow, decidedRow, newBatch } from './batch-plan.ts';
import { createSuggester } from './batch-suggest.ts';
import { draft, keep, paused, type Task } from './batch-task.ts';
import { type BatchView, createBatchView } from './batch-view.ts';
import { CANCELLED, createBatchWork, isUnderWay, type WorkDeps } from './batch-work.ts';
import { chaosStep } from './chaos-step.ts';
import type { Config } from './config.ts';
import { Refusal } from './router.ts';

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

export function createBatcher(deps: WorkDeps): Batcher {
  const suggester = createSuggester({ touch: (batch) => view.touch(batch), keepAlive: (batch) => view.keepAlive(batch) });
  const view: BatchView = createBatchView(
    deps.deliveryOf,
    (batch) => suggester.figuresOf(batch),
    async ({ target }) => (await deps.configOf())?.connection.id === target.connectionId,
  );
  const work = createBatchWork(deps, view, () => suggester.stop());
  const { turn, rest } = work;
  /** The batch as it is at work, if it is. */
  const atWork = (batchId: string): Task | null => {
    const task = work.current();
    return task?.batch.id === batchId ? task : null;
  };

  async function hide(isGone: (batch: Batch) => boolean): Promise<void> {
    const { 'view.batch': shown } = await readPublished('view.batch');
    if (!shown || !isGone(shown.batch)) return;
    view.forget();
    await publish({ 'view.batch': null });
  }

  async function known({ connection }: Config, batchId: string): Promise<Batch> {
    const batch = atWork(batchId)?.batch ?? (await batchOf(batchId));
    if (batch?.target.connectionId !== connection.id) throw new Refusal('invalid', 'error_batchGone');
    return Object.assign(batch, work.owed(batchId));
  }

  /** The batch with its rows, at work or not, and a way to write rows of it. */
  async function opened(config: Config, batchId: string): Promise<Task> {
    await known(config, batchId);
    const task = atWork(batchId);
    if (task) return task;
    suggester.stop();
    const { rows, damaged } = await rowsOf(batchId);
    const batch = await known(config, batchId);
    if (damaged > 0) throw new Refusal('failed', 'error_batchDamaged');
    return work.taskOf(config, batch, rows);
  }

  async function openedReady(config: Config, batchId: string): Promise<Task> {
    // Its dry run has ended, and says so to the pages at this moment.
    const ending = atWork(batchId);
    if (ending?.batch.status === 'ready') await ending.ended;
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
    await work.current()?.ended;
    const { batch, rows } = await newBatch(connection, actor, { id, name, undoOf, rows: wishes });
    await keepBatch(batch, rows, [draft(batch, null, 'batch', 'planned')]);
    await chaosStep('batch:planned');
    await work.begin(config, batch, rows);
  }

  async function runBatch(config: Config, batchId: string, count: number): Promise<void> {
    const batch = await known(config, batchId);
    if (batch.status === 'done' || batch.status === 'running' || batch.status === 'checking') return;
    if (batch.status === 'waiting' && batch.pause === 'rateLimited') return;
    if (batch.status === 'cancelled') throw new Refusal('invalid', 'error_batchCancelled');
    if (plannedCount(batch.counts) !== count) throw new Refusal('invalid', 'error_batchCount');
    if (await othersAtWork(config, batchId)) throw new Refusal('busy', 'error_batchBusy');
    // Paused a moment ago: rows on their way are finished first.
    await work.current()?.ended;
    suggester.stop();
    const fresh = await known(config, batchId);
    // What is confirmed is what the finished dry run showed; of one that was cut off the rest is looked at first.
    const begins = fresh.status === 'ready';
    const result = begins ? 'run' : 'resumed';
    const entry = draft(fresh, null, 'batch', result, { actor: await deps.auth.subject(config.connection) });
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
    work.settled(batchId);
    await chaosStep('batch:began');
    await work.goOn(config, next);
  }

  async function pauseBatch(batch: Batch, actor: string): Promise<void> {
    suggester.stop(({ id }) => id === batch.id);
    if (!isUnderWay(batch) || batch.status === 'cancelled') return;
    const task = atWork(batch.id);
    if (!task) return rest(batch, paused('user'), actor);
    await work.stop(task, paused('user'), actor);
  }

  async function cancel(config: Config, batchId: string): Promise<void> {
    suggester.stop();
    const batch = await known(config, batchId);
    if (batch.status === 'done' || (batch.status === 'cancelled' && !work.owed(batchId))) return;
    const actor = await deps.auth.subject(config.connection);
    const task = atWork(batchId);
    if (task) await work.stop(task, CANCELLED, actor);
    else await rest(batch, CANCELLED, actor);
    // What was on its way is settled.
    await work.ring();
    await work.wake();
  }

  async function drop(config: Config, batchId: string): Promise<void> {
    const stored = await batchOf(batchId);
    if (!stored) return;
    const batch = await known(config, batchId);
    if (isUnderWay(batch)) throw new Refusal('busy', 'error_batchBusy');
    suggester.stop();
    await work.current()?.ended;
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
      if (work.current() || (await othersAtWork(config, batchId))) throw new Refusal('busy', 'error_batchBusy');
      batch.status = 'checking';
    }
    await keep(task, rows, []);
    if (batch.status === 'checking') await work.begin(config, batch, task.rows);
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
    wake: () => turn(work.wake),
    halt: (id, pause) =>
      turn(async () => {
        suggester.stop(({ target }) => target.connectionId === id);
        const task = work.current();
        if (task?.config.connection.id === id) return work.stop(task, paused(pause));
        for (const batch of await batchesOf(id))
          if (isUnderWay(batch) && batch.status !== 'cancelled') await rest(batch, paused(pause));
      }),
    forget: (id) =>
      turn(async () => {
        suggester.stop(({ target }) => target.connectionId === id);
        work.discard(id);
        await forgetBatches(id);
        await hide(({ target }) => target.connectionId === id);
      }),
    delivered: (batchId, updatedMs, wfmSentMs) =>
      turn(async () => {
        const batch = atWork(batchId)?.batch ?? (await batchOf(batchId));
        if (batch?.updatedMs !== updatedMs || (batch.status !== 'done' && batch.status !== 'cancelled')) return;
        batch.wfmSentMs = wfmSentMs;
        await keepBatch(batch, [], []);
      }),
    refresh: view.refresh,
    isBusy: () => work.current() !== null || suggester.isAsking(),
  };
}
