/** Who holds which skill, as the tenant has it now: looked at, and never kept. */
import type { CxonePort, Failure } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Assignment, Skill } from '../domain/skills/assignment.ts';
import type { Pause } from '../domain/skills/batch.ts';
import type { Reply } from '../messages/contract.ts';
import { type AskDeps, createAsk, troubleOf } from './batch-ask.ts';
import { createLanes } from './batch-lanes.ts';
import { newBatch } from './batch-plan.ts';
import { halt, Stopped, type Task } from './batch-task.ts';
import type { Config } from './config.ts';

const AT_ONCE = 5;

/** Asks for some users, a few at once. What could not be read is named, and why. */
export async function matrixOf(deps: AskDeps, config: Config, userIds: readonly AgentId[]): Promise<Reply<'assignments'>> {
  const task = await nothingToWrite(config);
  const ask = createAsk(deps, task);
  const unread = new Set(userIds);
  const assignments: Assignment[] = [];
  let skills: Skill[] = [];
  let problem: Pause | null = null;
  const missed = (failure: Failure) => {
    problem ??= troubleOf(failure) ?? (failure.outcome === 'forbidden' ? 'forbidden' : 'failed');
  };
  const read = async (userId: AgentId, { skills: port }: CxonePort) => {
    const answer = await ask.readPatiently((token) => port.assignments(token, userId));
    if (answer.outcome !== 'ok') return missed(answer);
    assignments.push(...answer.assignments);
    if (answer.unread?.length) problem ??= 'failed';
    else unread.delete(userId);
  };
  try {
    await ask.begin(false);
    const listed = await ask.readPatiently((token) => ask.port.skills.skills(token));
    if (listed.outcome === 'ok') skills = listed.skills;
    else missed(listed);
    const lanes = createLanes([...unread].map((userId) => ({ userId, waitMs: 0, tries: 0 })));
    const turn = async ({ userId }: { userId: AgentId }) => {
      try {
        await read(userId, ask.port);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        halt(task, error.stop);
      }
      return 0;
    };
    await lanes.work(AT_ONCE, turn, () => task.stop !== null);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    halt(task, error.stop);
  }
  const why: Pause | null = task.stop?.pause ?? problem;
  return { skills, assignments, unread: [...unread], problem: why && { key: `skills_paused_${why}`, params: [] } };
}

/** What asks needs something to ask for: a batch that is nobody's and is written nowhere. */
async function nothingToWrite(config: Config): Promise<Task> {
  const wish = { line: 0, userId: '', skillId: '', held: null };
  const { batch, rows } = await newBatch(config.connection, '', { id: '', name: '', undoOf: '', rows: [wish] });
  return {
    config,
    batch,
    rows,
    stop: null,
    discarded: true,
    nudge: () => undefined,
    troubles: { read: 0, write: 0 },
    waits: 0,
    forbidden: 0,
    runningMs: 0,
    vettedToken: '',
    ended: Promise.resolve(),
    changed: () => undefined,
  };
}
