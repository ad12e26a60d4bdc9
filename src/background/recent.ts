/**
 * What CXone answered a moment ago. A poll and a diagnosis want to know the same things, and two checks of a diagnosis may too:
 * CXone is asked once. Memory only: a worker that has just started asks again.
 */
import type { CxonePort, Question } from '../cxone/port.ts';
import type { ConnectionId } from '../domain/connection.ts';

/** How long an answer serves for the same question. */
const SHARED_MS = 10_000;

interface Kept {
  askedMs: number;
  /** Another token, another answer: what was seen before a renewal or sign-in proves nothing afterwards. */
  accessToken: string;
  answer: Promise<unknown>;
}

const kept = new Map<string, Kept>();

/** The same port; what it is asked and answers is kept for `recall`. */
export function remembered(id: ConnectionId, port: CxonePort): CxonePort {
  const keep = <A>(question: Question, argument: string, accessToken: string, answer: Promise<A>): Promise<A> =>
    remember(id, port.pathOf(question, argument), accessToken, answer);
  return {
    ...port,
    // What has changed since is no answer to "everybody".
    states: (token, watermark) =>
      watermark === '' ? keep('states', '', token, port.states(token, '')) : port.states(token, watermark),
    statesOf: (token, agentId) => keep('statesOf', agentId, token, port.statesOf(token, agentId)),
    agent: (token, agentId) => keep('agent', agentId, token, port.agent(token, agentId)),
    directory: (token, page) => keep('directory', String(page), token, port.directory(token, page)),
    skillGroups: (token, agentId) => keep('skillGroups', agentId, token, port.skillGroups(token, agentId)),
    me: (token) => keep('me', '', token, port.me(token)),
  };
}

export function remember<A>(id: ConnectionId, path: string, accessToken: string, answer: Promise<A>): Promise<A> {
  const askedMs = Date.now();
  for (const [key, old] of kept) if (!isRecent(old, askedMs)) kept.delete(key);
  kept.set(keyOf(id, path), { askedMs, accessToken, answer });
  return answer;
}

/**
 * The answer to a question asked less than 10 s ago with this token, or still to come; null when there is none.
 * @param afterMs asked later than this: a poll does not take its own last answer for a new one
 */
export function recall<A>(id: ConnectionId, path: string, accessToken: string, afterMs = 0): Promise<A> | null {
  const found = kept.get(keyOf(id, path));
  if (!found || !isRecent(found, Date.now()) || found.accessToken !== accessToken || found.askedMs <= afterMs) return null;
  return found.answer as Promise<A>;
}

const keyOf = (id: ConnectionId, path: string) => `${id}\n${path}`;
const isRecent = ({ askedMs }: Kept, nowMs: number) => nowMs >= askedMs && nowMs - askedMs < SHARED_MS;
