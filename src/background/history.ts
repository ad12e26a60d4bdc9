/**
 * Loading history from the tenant: page by page, one request at a time and none while a poll runs, each page written down before the next is
 * asked for. A worker killed in the middle goes on at its next start; "not so fast" is waited for by an alarm.
 */
import browser from 'webextension-polyfill';
import type { AgentId } from '../domain/agent-state.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import type { AgentLoad, HistoryLoad, HistoryProblem } from '../domain/history/history.ts';
import type { TimeRange } from '../domain/history/ranges.ts';
import { publish, readPublished } from '../messages/published.ts';
import {
  dropPart,
  forgetPages,
  keepPage,
  loadOf,
  type Part,
  pruneHistory,
  rangesOf,
  writeLoad,
} from '../storage/history-store.ts';
import { log } from '../storage/log.ts';
import { skewOf } from '../storage/poll-store.ts';
import { ALARMS } from './alarms.ts';
import { chaosStep } from './chaos-step.ts';
import type { Config } from './config.ts';
import { AGAIN_MS, type AskDeps, askTwice, isAhead, type Missed, RATE_LIMIT_MS } from './history-ask.ts';
import { isStale, nextCursor, type PartState, pageAfter, readPart, standingOf } from './history-part.ts';
import { concernsAll } from './history-problem.ts';

/** A load found under way at a start goes on if it was alive so lately; else it is called interrupted. */
const RESUME_MS = 10 * 60_000;
/** The same question asked again after a load that ended badly goes on with that, if its range was over, or for so long. */
const GOES_ON_MS = 3_600_000;
/** Chrome rings no alarm sooner: a shorter wait is also counted by a timer, which keeps nobody awake. */
const ALARM_MS = 30_000;
/** Not more often is it written down that a load under way is alive. */
const ALIVE_MS = 10_000;
/** So many agents failing one after the other, and it is not the agents. */
const FAILURES_IN_A_ROW = 3;
/** Ranges of an agent that are kept: the last one asked about, and of the others those that reach furthest. */
const PARTS = 3;

export interface HistoryQuestion {
  agentIds: readonly AgentId[];
  /** Our clock. */
  fromMs: number;
  toMs: number;
}

export interface Historian {
  /** @returns the id of the load that is under way from now on */
  load(config: Config, question: HistoryQuestion): Promise<string>;
  cancel(): Promise<void>;
  /** At a start of the worker, and when the alarm rings: what was under way goes on. */
  wake(config: Config): Promise<void>;
  /** What was refused for want of the capability or its scope is asked for again. */
  again(config: Config): Promise<void>;
  /** Ends what is under way for a connection, and lets go of all its pages. */
  forget(id: ConnectionId): Promise<void>;
}

interface Task {
  load: HistoryLoad;
  /** Nobody waits for it any more; the page that is on its way is kept all the same. */
  stopped: boolean;
  /** Nothing of it may be kept. */
  discarded: boolean;
  ended: Promise<void>;
}

interface HistorianDeps extends AskDeps {
  /** The connection as it is now, or the one shown; null: gone. */
  configOf(id?: ConnectionId): Promise<Config | null>;
}

export function createHistorian(deps: HistorianDeps): Historian {
  let current: Task | null = null;
  /** Waits without a page in between: a server may say "at once" each time. */
  let waits = 0;
  /** Also those stopped whose last answer is still on its way. */
  const tasks = new Set<Task>();

  /** One decision at a time about what is under way. */
  const turn = <T>(decide: () => Promise<T>): Promise<T> => navigator.locks.request('history', decide) as Promise<T>;

  async function load(config: Config, question: HistoryQuestion): Promise<string> {
    const { connection } = config;
    const before = current?.load ?? (await loadOf(connection.id));
    const same = before !== null && before.connectionId === connection.id && isSame(before, question);
    if (same && (before.status === 'waiting' || (current && before.status === 'running'))) return before.id;
    stop();
    await browser.alarms.clear(ALARMS.history);
    await pruneHistory(connection.id, Date.now());
    const next = await newLoad(config, question, same ? before : null);
    begin(config, next);
    await tell(next, () => true);
    return next.id;
  }

  /** From here on `next` is under way; what it asks waits for the last answer of the one before. */
  function begin(config: Config, next: HistoryLoad): void {
    const before = [...tasks].map(({ ended }) => ended);
    const task: Task = { load: next, stopped: false, discarded: false, ended: Promise.resolve() };
    current = task;
    tasks.add(task);
    task.ended = Promise.all(before)
      .then(() => work(config, task))
      .catch((error: unknown) => interrupt(task, error))
      .finally(() => {
        tasks.delete(task);
        if (current === task) current = null;
      });
  }

  function stop(): void {
    if (!current) return;
    current.stopped = true;
    current.load = { ...current.load, status: 'cancelled', updatedMs: Date.now() };
    current = null;
  }

  async function interrupt(task: Task, error: unknown): Promise<void> {
    await log('history-failed', {
      connection: task.load.connectionId,
      failure: error instanceof Error ? error.name : '',
    });
    if (task.stopped) return;
    task.load.status = 'interrupted';
    await tell(task.load, () => !task.stopped).catch(() => publish({ 'view.history': task.load }));
  }

  async function cancel(): Promise<void> {
    const config = await deps.configOf();
    const found = current?.load ?? (config && (await loadOf(config.connection.id)));
    stop();
    await browser.alarms.clear(ALARMS.history);
    if (found?.status === 'running' || found?.status === 'waiting') await tell({ ...found, status: 'cancelled' }, () => true);
  }

  async function wake(config: Config): Promise<void> {
    if (current) return;
    const found = await loadOf(config.connection.id);
    if (found?.status !== 'running' && found?.status !== 'waiting') return;
    const nowMs = Date.now();
    if (found.status === 'waiting' && isAhead(found.notBeforeMs, nowMs)) {
      await arm(found);
      await publish({ 'view.history': found });
      return;
    }
    const aliveMs = Math.max(found.updatedMs, found.notBeforeMs);
    if (Math.abs(nowMs - aliveMs) > RESUME_MS) {
      await tell({ ...found, status: 'interrupted' }, () => true);
      return;
    }
    const next: HistoryLoad = { ...found, status: 'running', notBeforeMs: 0 };
    begin(config, next);
    await tell(next, () => true);
  }

  async function arm({ connectionId, notBeforeMs }: HistoryLoad): Promise<void> {
    const waitMs = notBeforeMs - Date.now();
    await browser.alarms.create(ALARMS.history, { when: notBeforeMs });
    if (waitMs < ALARM_MS)
      setTimeout(
        () =>
          void turn(async () => {
            const config = await deps.configOf(connectionId);
            if (config?.active) await wake(config);
          }).catch(() => log('history-failed', { connection: connectionId })),
        Math.max(0, waitMs),
      );
  }

  async function work(config: Config, task: Task): Promise<void> {
    const going = () => !task.stopped;
    let inARow = 0;
    for (const agentId of task.load.agentIds) {
      if (!going()) return;
      if (isOver(task.load.agents.find((agent) => agent.agentId === agentId))) continue;
      const missed = await loadAgent(config, task, agentId);
      if (!going()) return;
      if (missed === null) {
        inARow = 0;
        continue;
      }
      if (missed.problem === 'rateLimited') return wait(task, missed.notBeforeMs);
      inARow = missed.problem === 'badAgent' || missed.problem === 'tooMuch' ? 0 : inARow + 1;
      if (concernsAll(missed.problem) || inARow >= FAILURES_IN_A_ROW) failRest(task.load, missed);
    }
    task.load.status = 'done';
    await tell(task.load, going);
  }

  async function wait(task: Task, notBeforeMs: number): Promise<void> {
    task.load.status = 'waiting';
    task.load.notBeforeMs = Math.max(notBeforeMs, Date.now() + Math.min(AGAIN_MS * 2 ** waits++, RATE_LIMIT_MS));
    await tell(task.load, () => !task.stopped);
    await turn(async () => {
      if (task.stopped) return;
      // Whoever asks the same from now on finds it waiting, and nobody working.
      if (current === task) current = null;
      await arm(task.load);
    });
  }

  /** Every page there is of one agent. @returns what went wrong; null: nothing, or nobody waits any more */
  async function loadAgent(config: Config, task: Task, agentId: AgentId): Promise<Missed | null> {
    const going = () => !task.stopped;
    const part = await readPart(partOf(task.load, agentId));
    stand(task.load, part, 'running');
    await tell(task.load, going);
    for (let cursor = nextCursor(part); cursor !== null; cursor = nextCursor(part)) {
      // A clock that is put right, or a load begun anew, between two pages does not move what the pages are of.
      const asked = part.pages[0]?.asked ?? (await serverRange(config, task.load));
      const answer = await ask(config, task, agentId, asked, cursor);
      if (answer === null) return null;
      await chaosStep('history:answered');
      if ('problem' in answer) {
        stand(task.load, part, answer.problem === 'rateLimited' ? 'waiting' : 'failed', answer);
        return answer;
      }
      waits = 0;
      const page = pageAfter(part, answer, asked, Date.now());
      if (going()) stand(task.load, part, 'running');
      await keepPage(page, going() ? touched(task.load) : null, () => !task.discarded);
      await chaosStep('history:kept');
      if (!going()) return null;
      await publish({ 'view.history': task.load });
    }
    stand(task.load, part, null);
    await letGoOfOthers(part.part);
    const problem = part.pages.at(-1)?.problem;
    return problem ? { problem, detail: '', notBeforeMs: 0 } : null;
  }

  const ask = (config: Config, task: Task, agentId: AgentId, asked: TimeRange, cursor: string) =>
    askTwice(deps, config, { agentId, asked, cursor }, () => signOfLife(task));

  /** A page that hears nothing for a minute takes the worker for dead. @returns whether anybody still waits */
  async function signOfLife(task: Task): Promise<boolean> {
    if (Date.now() - task.load.updatedMs > ALIVE_MS) await tell(task.load, () => !task.stopped);
    return !task.stopped;
  }

  return {
    load: (config, question) => turn(() => load(config, question)),
    cancel: () => turn(cancel),
    wake: (config) => turn(() => wake(config)),
    again: (config) =>
      turn(async () => {
        const found = current?.load ?? (await loadOf(config.connection.id));
        const refused = found?.agents.some(({ problem }) => problem === 'capabilityOff' || problem === 'scopeMissing');
        if (found && refused) await load(config, found);
      }),
    forget: (id) =>
      turn(async () => {
        for (const task of tasks) if (task.load.connectionId === id) task.discarded = true;
        if (current?.load.connectionId === id) {
          stop();
          await browser.alarms.clear(ALARMS.history);
        }
        await forgetPages(id);
        const { 'view.history': shown } = await readPublished('view.history');
        if (shown?.connectionId === id) await publish({ 'view.history': null });
      }),
  };
}

/** By the server's clock, up to now: the time to come has no history, and a tenant may refuse to be asked for it. */
async function serverRange({ connection }: Config, { fromMs, toMs, startedMs }: HistoryLoad): Promise<TimeRange> {
  const { skewMs } = await skewOf(connection.id);
  return { fromMs: fromMs - skewMs, toMs: Math.min(toMs, startedMs) - skewMs };
}

function isSame(load: HistoryLoad, { agentIds, fromMs, toMs }: HistoryQuestion): boolean {
  const ids = new Set(agentIds);
  const all = load.agentIds.length === ids.size && load.agentIds.every((agentId) => ids.has(agentId));
  return all && load.fromMs === fromMs && load.toMs === toMs;
}

const partOf = ({ connectionId, fromMs, toMs }: HistoryLoad, agentId: AgentId): Part => ({ connectionId, agentId, fromMs, toMs });

/** @param before the load of the same question that ended: one that did not end well goes on */
async function newLoad(
  { connection }: Config,
  { agentIds, fromMs, toMs }: HistoryQuestion,
  before: HistoryLoad | null,
): Promise<HistoryLoad> {
  const nowMs = Date.now();
  const well = before?.status === 'done' && before.agents.every(({ status }) => status === 'done');
  const lately = before !== null && (toMs <= before.startedMs || nowMs - before.startedMs < GOES_ON_MS);
  const goesOn = !well && lately;
  const next: HistoryLoad = {
    id: crypto.randomUUID(),
    connectionId: connection.id,
    agentIds: [...new Set(agentIds)],
    fromMs,
    toMs,
    status: 'running',
    notBeforeMs: 0,
    // Up to when the tenant is asked: the pages there are belong to that.
    startedMs: goesOn ? before.startedMs : nowMs,
    updatedMs: nowMs,
    agents: [],
  };
  for (const agentId of next.agentIds) {
    const part = await readPart(partOf(next, agentId));
    if (standingOf(part).problem === 'malformed' || (!goesOn && isStale(part, nowMs))) {
      await dropPart(part.part);
      part.pages = [];
    }
    next.agents.push(standingOf(part));
  }
  const never = refusedUnasked(connection, next);
  if (never) failRest(next, { problem: never, detail: '', notBeforeMs: 0 });
  return next;
}

/** What nobody needs to be asked for. */
function refusedUnasked({ capabilities }: Connection, { fromMs, toMs, startedMs }: HistoryLoad): HistoryProblem | null {
  if (!capabilities.includes('history')) return 'capabilityOff';
  return fromMs < Math.min(toMs, startedMs) ? null : 'badRange';
}

const isOver = (agent: AgentLoad | undefined) => agent?.status === 'done' || agent?.status === 'failed';

function failRest(load: HistoryLoad, { problem, detail }: Missed): void {
  load.agents = load.agents.map((agent) => (isOver(agent) ? agent : { ...agent, status: 'failed', problem, detail }));
}

/** @param status null: as the pages say */
function stand(load: HistoryLoad, part: PartState, status: AgentLoad['status'] | null, missed?: Missed): void {
  const standing = standingOf(part);
  const { problem, detail } = missed ?? { problem: standing.problem, detail: '' };
  const next = { ...standing, status: status ?? standing.status, problem: problem === 'rateLimited' ? null : problem, detail };
  load.agents = load.agents.map((agent) => (agent.agentId === next.agentId ? next : agent));
}

function touched(load: HistoryLoad): HistoryLoad {
  load.updatedMs = Date.now();
  return load;
}

/** Written down, then shown. @param wanted false: another one is shown by now */
async function tell(load: HistoryLoad, wanted: () => boolean): Promise<void> {
  if (!wanted()) return;
  await writeLoad(touched(load), wanted);
  if (wanted()) await publish({ 'view.history': load });
}

/** "The last 24 hours" is another range each time: those an agent was asked about before are not heaped up. */
async function letGoOfOthers(part: Part): Promise<void> {
  const others = (await rangesOf(part.connectionId, part.agentId)).filter(
    ({ fromMs, toMs }) => fromMs !== part.fromMs || toMs !== part.toMs,
  );
  const old = others.sort((a, b) => b.toMs - a.toMs).slice(PARTS - 1);
  for (const each of old) await dropPart(each);
}
