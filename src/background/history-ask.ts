/** Asking the tenant for one page of one agent's history: none while a poll runs or before the time it has set, 401 renewed once, a stumble tried once more. */
import type { Auth } from '../auth/auth.ts';
import type { Answer, CxonePort, Failure, HistoryPage } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import type { HistoryProblem } from '../domain/history/history.ts';
import type { TimeRange } from '../domain/history/ranges.ts';
import { MAX_RETRY_AFTER_MS } from '../domain/retry-after.ts';
import { authStatusItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { skewOf } from '../storage/poll-store.ts';
import { type Config, hostsMissing } from './config.ts';
import { historyProblem } from './history-problem.ts';

/** A network or a server that stumbles is tried once more. */
export const AGAIN_MS = 1_000;
/** A 429 without `Retry-After`: as soon as an alarm can ring. */
export const RATE_LIMIT_MS = 30_000;

/** A page that could not be had. */
export interface Missed {
  problem: HistoryProblem;
  detail: string;
  /** Do not ask before then; 0 = not said. */
  notBeforeMs: number;
}

export interface AskDeps {
  auth: Auth;
  portOf(connection: Connection): CxonePort;
  /** Resolves when no poll of the connection runs. */
  afterPoll(id: ConnectionId): Promise<void>;
}

interface PageQuestion {
  agentId: AgentId;
  /** Server time. */
  asked: TimeRange;
  cursor: string;
}

/**
 * @param goesOn called between two things that take their time: that it goes on is to be seen. False: nobody waits any more
 * @returns null: nobody waits any more
 */
export async function askTwice(
  deps: AskDeps,
  config: Config,
  question: PageQuestion,
  goesOn: () => Promise<boolean>,
): Promise<HistoryPage | Missed | null> {
  const first = await askPage(deps, config, question, goesOn);
  if (first === null || !('problem' in first) || (first.problem !== 'serverError' && first.problem !== 'offline')) return first;
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  return (await goesOn()) ? askPage(deps, config, question, goesOn) : null;
}

async function askPage(
  { auth, portOf, afterPoll }: AskDeps,
  { connection }: Config,
  { agentId, asked: { fromMs, toMs }, cursor }: PageQuestion,
  goesOn: () => Promise<boolean>,
): Promise<HistoryPage | Missed | null> {
  const missed = (problem: HistoryProblem, detail = '', notBeforeMs = 0): Missed => ({ problem, detail, notBeforeMs });
  await afterPoll(connection.id);
  const { notBeforeMs } = await skewOf(connection.id);
  // "Not so fast" was said to all of us.
  if (isAhead(notBeforeMs, Date.now())) return missed('rateLimited', '', notBeforeMs);
  if (connection.apiBaseUrl === '' || (await hostsMissing(connection)).length > 0) return missed('offline');
  const port = portOf(connection);
  const ask = (token: string): Promise<Answer<HistoryPage>> => port.history(token, agentId, fromMs, toMs, cursor);
  if (!(await goesOn())) return null;
  const token = await auth.accessToken(connection);
  if (!token.ok) return missed(token.transient && token.failure !== null ? 'offline' : 'signInNeeded');
  if (!(await goesOn())) return null;
  let answer = await ask(token.access.token);
  if (answer.outcome === 'unauthorized') {
    if (!(await goesOn())) return null;
    const renewed = await auth.accessToken(connection, token.access);
    if (!(await goesOn())) return null;
    if (renewed.ok) answer = await ask(renewed.access.token);
  }
  if (answer.outcome === 'ok') return answer;
  return missed(...(await meaningOf(answer, connection)));
}

async function meaningOf(failure: Failure, connection: Connection): Promise<[HistoryProblem, string, number]> {
  const { effectiveScopes } = await authStatusItem(connection.id).get();
  const { detail, notBeforeMs, status } = failure;
  const found = historyProblem(failure, connection, effectiveScopes);
  // A server that says when it will be back is waited for, whatever it calls that.
  const problem = found === 'serverError' && notBeforeMs > Date.now() ? 'rateLimited' : found;
  await log('history', { connection: connection.id, outcome: problem, status });
  return [problem, detail, notBeforeMs || (problem === 'rateLimited' ? Date.now() + RATE_LIMIT_MS : 0)];
}

/** A mark further ahead than it can have been set comes from a clock that was put back. */
export const isAhead = (notBeforeMs: number, nowMs: number): boolean =>
  nowMs < notBeforeMs && notBeforeMs <= nowMs + MAX_RETRY_AFTER_MS;
