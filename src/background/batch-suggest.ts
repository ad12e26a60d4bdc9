/** Levels suggested from seven days of work (seed 003): asked for user by user, noted beside their rows, and nothing is changed by it. */
import type { Batch } from '../domain/skills/batch.ts';
import { lanesOf } from '../domain/skills/lanes.ts';
import { suggestedLevel } from '../domain/skills/suggest.ts';
import type { Figures } from '../messages/published.ts';
import { log } from '../storage/log.ts';
import type { Ask } from './batch-ask.ts';
import { createLanes } from './batch-lanes.ts';
import { halt, keep, paused, Stopped, type Task } from './batch-task.ts';
import type { BatchView } from './batch-view.ts';

/** One batch at a time. */
export interface Suggester {
  begin(task: Task, ask: Ask): void;
  /** At once: what is still on its way is not written down any more, so that nobody waits for it. @param concerns absent: whichever it is */
  stop(concerns?: (batch: Batch) => boolean): void;
  /** How far it has come with a batch, or that it has failed; null: neither. */
  figuresOf(batch: Batch): Figures | null;
  isAsking(): boolean;
}

export function createSuggester(view: Pick<BatchView, 'keepAlive' | 'touch'>): Suggester {
  let asking: Task | null = null;
  let figures: (Figures & { batchId: string }) | null = null;

  return {
    begin(task, ask) {
      const mine = { batchId: task.batch.id, done: 0, of: 0, failed: false };
      asking = task;
      figures = mine;
      const letSleep = view.keepAlive(() => (task.discarded ? null : task.batch));
      const ended = (failed: boolean) => {
        letSleep();
        if (asking !== task) return;
        asking = null;
        mine.failed = failed;
        if (!failed) figures = null;
        view.touch(task.batch);
      };
      void suggest(task, ask, mine).then(
        () => ended(false),
        async (error: unknown) => {
          if (!(error instanceof Stopped)) await log('batch-failed', { connection: task.config.connection.id });
          ended(true);
        },
      );
    },
    stop(concerns = () => true) {
      const task = asking;
      if (task && !concerns(task.batch)) return;
      asking = null;
      figures = null;
      if (!task) return;
      task.discarded = true;
      halt(task, paused('user'));
      view.touch(task.batch);
    },
    figuresOf: ({ id }) => (figures?.batchId === id ? figures : null),
    isAsking: () => asking !== null,
  };
}

/** Throws `Stopped` when not all could be asked. Nothing at all where the API has no such figures. @param figures hears how far it has come */
async function suggest(task: Task, ask: Ask, figures: Figures): Promise<void> {
  const { performance } = ask.port.skills;
  if (!performance) return;
  const users = lanesOf(task.rows.filter(({ wish, diff }) => wish !== null && diff !== 'refused'));
  figures.of = users.size;
  await ask.begin(false);
  const { levelRule, batchConcurrency } = task.config.settings;
  const lanes = createLanes([...users.keys()].map((userId) => ({ userId, waitMs: 0, tries: 0 })));
  task.nudge = lanes.nudge;
  await lanes.work(
    batchConcurrency,
    async ({ userId: of }) => {
      const rows = users.get(of) ?? [];
      const answer = await ask.readPatiently((token) => performance(token, rows[0]?.userId ?? ''));
      if (task.stop) return 0;
      if (answer.outcome !== 'ok') throw new Stopped(paused('failed', answer.detail));
      const suggestion = suggestedLevel(answer.performance, levelRule);
      figures.done++;
      await keep(
        task,
        rows.map((row) => ({ ...row, suggestion })),
        [],
      );
      return 0;
    },
    () => task.stop !== null,
  );
  if (task.stop) throw new Stopped(task.stop);
}
