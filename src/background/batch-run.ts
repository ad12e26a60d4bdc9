/** Writing: some users at once, one write at a time for each. A user is read before anything is written for him, and again after a doubt. */

import type { Failure } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { BatchRow, RowProblem } from '../domain/skills/batch.ts';
import { lanesOf } from '../domain/skills/lanes.ts';
import { AGAIN_MS, TRIES, troubleOf } from './batch-ask.ts';
import { isDoubtful } from './batch-check.ts';
import { createLanes, type Lane } from './batch-lanes.ts';
import { isOpen, type Reading, type RowDeps, workRow } from './batch-row.ts';
import { draft, halt, isClosing, keep, Stopped, type Task } from './batch-task.ts';
import { chaosStep } from './chaos-step.ts';

/** At once. */
const NOW = 1;

interface RunDeps extends RowDeps {
  /** In how many ms what other batches wrote for a user lately can be seen. */
  waits: ReadonlyMap<AgentId, number>;
}

/** Resolves when no row is planned or sent any more, or nothing more is to be begun (`task.stop`). */
export async function run(deps: RunDeps): Promise<void> {
  const { task, settleMs, waits } = deps;
  // Rows the user decided on meanwhile are planned anew.
  for (let open = openRows(task); open.length > 0 && !task.stop; open = openRows(task)) {
    const users = lanesOf(open);
    // Of what was sent in another life, or before a pause, nobody can tell how long ago that is: clocks are put forward.
    const waitMs = (userId: AgentId, rows: readonly BatchRow[]) =>
      rows.some(({ state }) => state === 'sent') ? settleMs : (waits.get(userId) ?? 0);
    const lanes = createLanes([...users].map(([userId, rows]) => ({ userId, waitMs: waitMs(userId, rows), tries: 0 })));
    task.nudge = lanes.nudge;
    const turn = async (lane: Lane): Promise<number> => {
      try {
        return await workUser(deps, lane, users.get(lane.userId) ?? []);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        halt(task, error.stop);
        return 0;
      }
    };
    await lanes.work(task.config.settings.batchConcurrency, turn, () => task.stop !== null);
  }
}

const openRows = (task: Task) => task.rows.filter((row) => isOpen(row, isClosing(task)));

async function workUser(deps: RowDeps, lane: Lane, rows: readonly BatchRow[]): Promise<number> {
  const { task, ask } = deps;
  const current = () => rows.flatMap(({ index }) => task.rows[index] ?? []);
  const isReadBack = current().some(({ state }) => state === 'sent');
  if (isReadBack) await chaosStep('batch:settled');
  const userId = rows[0]?.userId ?? '';
  const answer = await ask.read((token) => ask.port.skills.assignments(token, userId), isReadBack ? 'readBack' : 'read');
  if (answer.outcome !== 'ok') return missed(deps, lane, current(), answer);
  await chaosStep(isReadBack ? 'batch:readBack' : 'batch:looked');
  lane.tries = 0;
  const { assignments, unread = [], requestId } = answer;
  const reading: Reading = {
    theirs: ({ skillId }) =>
      isDoubtful(skillId, assignments, unread) ? 'unknown' : (assignments.find((each) => each.skillId === skillId)?.held ?? null),
    status: 200,
    requestId,
  };
  for (const { index } of rows) {
    if (task.stop) return 0;
    const next = await workRow(deps, index, reading);
    if (next.again === 'now') return NOW;
    if (next.again === 'later') return next.waitMs;
  }
  return 0;
}

/** Of this user nothing can be read: what was sent may or may not be there, and nothing else is written. */
async function missed({ task, settleMs }: RowDeps, lane: Lane, rows: readonly BatchRow[], failure: Failure): Promise<number> {
  lane.tries++;
  const isReadBack = rows.some(({ state }) => state === 'sent');
  const passing = troubleOf(failure) !== null || isReadBack;
  if (passing && lane.tries < TRIES) return isReadBack ? settleMs / TRIES : AGAIN_MS * lane.tries;
  const { status, detail, requestId } = failure;
  const open = rows.filter((row) => isOpen(row, isClosing(task)));
  const ended = open.map((row): BatchRow => {
    const sent = row.state === 'sent';
    return {
      ...row,
      state: sent ? 'unknown' : 'failed',
      problem: sent ? 'notReadBack' : problemOf(failure),
      status,
      detail,
      requestId,
    };
  });
  const drafts = ended.map((row) => draft(task.batch, row, 'outcome', row.state, { after: row.wish, status, requestId }));
  await keep(task, ended, drafts);
  return 0;
}

function problemOf({ outcome, status }: Failure): RowProblem {
  if (outcome === 'offline' || outcome === 'portal') return 'noAnswer';
  if (outcome === 'forbidden' || outcome === 'malformed') return outcome;
  if (status === 404) return 'notFound';
  return status >= 500 ? 'serverError' : 'refused';
}
