/** One question of a diagnosis to CXone: shared where it was asked a moment ago, never waited for too long, and written down for the ticket. */
import type { Auth } from '../auth/auth.ts';
import type { Answer, CxonePort, Failure, Question } from '../cxone/port.ts';
import type { Check } from '../domain/diagnosis/evidence.ts';
import { refusesId } from '../domain/diagnosis/facts.ts';
import type { DiagnosisRun } from '../domain/diagnosis/run.ts';
import { rateLimitBackoffMs } from '../domain/retry-after.ts';
import { authStatusItem } from '../storage/items.ts';
import type { Config } from './config.ts';
import { recall } from './recent.ts';

export interface Work {
  config: Config;
  run: DiagnosisRun;
  auth: Auth;
  port: CxonePort;
  /** Aborted when nobody wants to know any more. */
  signal: AbortSignal;
  /** CXone is not there, or says "not now": the answer to every further question. */
  halt: Failure | null;
}

/** Stopped, or out of time: what was being asked stays unanswered, and nothing is written down of it. */
export class Over extends Error {}

/** @throws Over */
export async function inTime<T>({ run, signal }: Work, answer: Promise<T>): Promise<T> {
  let stop = () => {};
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(new Over());
  });
  const timer = setTimeout(stop, run.shared.endMs - Date.now());
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([over, answer]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** From what was answered a moment ago, else asked; 401 is worth one renewal. */
export async function ask<T>(
  work: Work,
  check: Check,
  question: Question,
  call: (accessToken: string) => Promise<Answer<T>>,
  argument = '',
  fresh = false,
): Promise<Answer<T>> {
  const { run, auth, port } = work;
  if (work.halt) return work.halt;
  const { connection } = work.config;
  const path = port.pathOf(question, argument);
  const traced = async (accessToken: string, mayShare: boolean): Promise<Answer<T>> => {
    const atMs = Date.now();
    const recent = mayShare ? recall<Answer<T>>(connection.id, path, accessToken) : null;
    const answer = await inTime(work, recent ?? call(accessToken));
    const status = answer.outcome === 'ok' ? 200 : answer.status;
    const { outcome, requestId } = answer;
    const tookMs = Date.now() - atMs;
    run.traces.push({ check, method: 'GET', path, status, outcome, atMs, tookMs, requestId, shared: recent !== null });
    return answer;
  };
  const token = await inTime(work, auth.accessToken(connection));
  if (!token.ok) return withoutToken(work);
  let answer = await traced(token.access.token, !fresh);
  if (answer.outcome === 'unauthorized') {
    const renewed = await inTime(work, auth.accessToken(connection, token.access));
    if (renewed.ok) answer = await traced(renewed.access.token, false);
    if (answer.outcome === 'unauthorized' && run.shared.token) {
      const { phase, failure } = await authStatusItem(connection.id).get();
      run.shared.token = { ...run.shared.token, phase, failure, rejected: true };
    }
  }
  note(work, question, answer);
  return answer;
}

/** What an answer says of all further questions: that the token is taken, or that there is no use in asking. */
function note(work: Work, question: Question, answer: Answer<unknown>): void {
  const { token } = work.run.shared;
  // A web page, or a fault on the way, has not looked at the token.
  if (token && (answer.outcome === 'ok' || answer.outcome === 'forbidden' || refusesId(answer))) token.rejected = false;
  if (answer.outcome === 'ok') return;
  const { outcome, notBeforeMs } = answer;
  // 503 says by when, too (RFC 9110 10.2.3).
  const untilMs =
    outcome === 'rateLimited' && notBeforeMs === 0 ? Date.now() + rateLimitBackoffMs(1, Math.random()) : notBeforeMs;
  if (token) token.notBeforeMs = Math.max(token.notBeforeMs, untilMs);
  // The list of everybody may be too much for a server that answers all else.
  const away = outcome === 'portal' || outcome === 'unauthorized' || (outcome === 'offline' && question !== 'directory');
  if (away || untilMs > Date.now()) work.halt = answer;
}

/** Sign-in ended, or lost a scope, while we were at it: the check of the token says so. */
async function withoutToken(work: Work): Promise<Failure> {
  const { shared } = work.run;
  const { connection } = work.config;
  const { phase, failure } = await authStatusItem(connection.id).get();
  if (shared.token) shared.token = { ...shared.token, phase, failure };
  work.halt = { outcome: 'offline', status: 0, detail: '', notBeforeMs: 0, origin: connection.apiBaseUrl, requestId: '' };
  return work.halt;
}
