/** Where "Why?" leads: which questions a diagnosis can answer, and whether it has been asked lately. */
import type { AgentId } from '../../domain/agent-state.ts';
import type { KnownCause } from '../../domain/diagnosis/run.ts';
import type { Problem, ProblemCode } from '../../domain/problem.ts';
import type { Glance } from '../../messages/published.ts';
import { unanswered } from './attention.ts';
import type { Route } from './where.ts';

const ROOM = 'diagnosis';
/** As seldom as a diagnosis is made by itself (issue "Diagnosis", 6): what is older is found out anew. */
const FRESH_MS = 15 * 60_000;

/** What is not on the list says for itself what to do: sign in, allow access, wait for the network. */
const RIDDLES: readonly ProblemCode[] = [
  'scopeMissing',
  'scopeLost',
  'unauthorized',
  'forbidden',
  'portal',
  'malformed',
  'serverError',
  'emptyMayLag',
  'emptyUnconfirmed',
  'emptyConfirmed',
  'agentsMissing',
];

export const isRiddle = ({ code }: Pick<Problem, 'code'>): boolean => RIDDLES.includes(code);
/** Some agents are missing from a list that is there; every other riddle is about the list as a whole. */
export const isAboutList = (problem: Pick<Problem, 'code'>): boolean => isRiddle(problem) && problem.code !== 'agentsMissing';

const isFresh = (cause: KnownCause, nowMs: number) => nowMs - cause.atMs < FRESH_MS;
const found = ({ agentId, runId }: KnownCause): Partial<Route> => ({ room: ROOM, agent: agentId || null, run: runId });

/** From an agent's row. What was found for somebody else who went missing at the same time is no answer about this one. */
export function agentWhy(agentId: AgentId, cause: KnownCause | null, nowMs: number): Partial<Route> {
  if (cause && cause.agentId === agentId && isFresh(cause, nowMs)) return found(cause);
  return { room: ROOM, agent: agentId, ask: true };
}

/** From the problem's banner; null where there is no riddle. Without an agent it is the list that is asked about. */
export function problemWhy(
  { problem, cause, rows }: Pick<Glance, 'problem' | 'cause' | 'rows'>,
  nowMs: number,
): Partial<Route> | null {
  if (!problem || !isRiddle(problem)) return null;
  if (cause && isFresh(cause, nowMs)) return found(cause);
  const agent = isAboutList(problem) ? null : (rows.find((row) => unanswered(row) !== null)?.agentId ?? null);
  return { room: ROOM, agent, ask: true };
}
