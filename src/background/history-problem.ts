/** What a failed question about history means, as a function of what was answered. */
import type { Failure } from '../cxone/port.ts';
import { type Connection, scopesOf } from '../domain/connection.ts';
import type { HistoryProblem } from '../domain/history/history.ts';
import { lacking } from '../domain/scopes.ts';

/** Those that are the same for every agent: nobody else is asked about. */
const OF_ALL: ReadonlySet<HistoryProblem> = new Set([
  'capabilityOff',
  'scopeMissing',
  'badRange',
  'offline',
  'portal',
  'signInNeeded',
  'unsupported',
]);

export const concernsAll = (problem: HistoryProblem): boolean => OF_ALL.has(problem);

/** @param effective the scopes the token carries */
export function historyProblem(
  { outcome, status, detail }: Failure,
  connection: Connection,
  effective: readonly string[],
): HistoryProblem {
  switch (outcome) {
    case 'unauthorized':
      return 'signInNeeded';
    case 'forbidden':
      return lacksScope(connection, effective, detail) ? 'scopeMissing' : 'forbidden';
    case 'rateLimited':
    case 'offline':
    case 'portal':
    case 'malformed':
      return outcome;
    case 'unchanged':
      return 'malformed';
    case 'serverError':
      return refusal(status, detail);
  }
}

/** A 403 is about the scope where the token is known to lack it, or the server says so; else about the person's rights. */
function lacksScope(connection: Connection, effective: readonly string[], detail: string): boolean {
  if (connection.profile === 'public') return false;
  const needed = scopesOf(connection, 'history');
  return needed.length === 0 || lacking(needed, effective).length > 0 || /\bscopes?\b/i.test(detail);
}

function refusal(status: number, detail: string): HistoryProblem {
  const aboutAgent = /agent/i.test(detail);
  // Of the agent, by a tenant that knows the path; else it does not.
  if (status === 404 || status === 405 || status === 410 || status === 501) return aboutAgent ? 'badAgent' : 'unsupported';
  if (status !== 400 && status !== 422) return 'serverError';
  return aboutAgent && !/time|date|range/i.test(detail) ? 'badAgent' : 'badRange';
}
