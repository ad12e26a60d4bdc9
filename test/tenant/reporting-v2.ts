/**
 * State history as seed 001 has it: `GET /api/reporting/v2/agent-state-history`. A record is written when a state begins, and its `duration` is
 * how long the state before it lasted. The seed leaves open which way the pages go, so that the tenant can do either (`HistoryPaging`).
 */
import type { ApiHandler, ApiRequest } from './api-v2.ts';
import type { Histories, Telling } from './histories.ts';
import { HttpError } from './http.ts';
import { OVERLAP } from './past.ts';
import { ORG_ID } from './people.ts';
import type { Row } from './public-query.ts';
import type { RowFaults } from './row-faults.ts';
import type { Agent, Simulation } from './simulation.ts';
import { toldRows, toldTimes } from './telling.ts';

/**
 * `numbers`: by `pageNumber`; a page that is not full is the last, and one behind it is empty.
 * `token`: each page but the last names the next (`nextPageToken`), full or not, and `pageNumber` means nothing.
 */
export type HistoryPaging = 'numbers' | 'token';

export const REPORTING_SCOPE = 'reporting';
const REPORTING_PERMISSION = 'Reporting:View';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const INTERVALS = ['SECOND', 'MINUTE', 'HOUR', 'DAY'];
/** "Typically 30-90 days" (seed 001). */
const RETENTION_MS = 90 * 24 * 3_600_000;
const MEMBERS = { time: 'timestamp', state: 'state', duration: 'duration' };

export interface ReportingOptions {
  sim: Simulation;
  histories: Histories;
  rows: RowFaults;
  paging: () => HistoryPaging;
}

const refuse = (text: string) => new HttpError(422, 'unprocessable_entity', text);

function timeOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw refuse(`${name} must be given as YYYY-MM-DDTHH:mm:ssZ.`);
  return ms;
}

function countOf(query: URLSearchParams, name: string, otherwise: number, high: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > high) throw refuse(`${name} must be a whole number from 1 to ${high}.`);
  return value;
}

/** Where the page after begins, in a form that nobody is meant to read. */
const tokenOf = (from: number) => Buffer.from(JSON.stringify({ from })).toString('base64url');

function fromToken(token: string): number {
  try {
    const { from } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { from?: unknown };
    if (typeof from === 'number' && Number.isInteger(from) && from > 0) return from;
  } catch {
    // Refused below, like every other token that was not given out here.
  }
  throw refuse('nextPageToken is not valid.');
}

/** What one page holds. */
function pageOf(all: readonly unknown[], query: URLSearchParams, { irregularities }: Telling, paging: HistoryPaging): Row {
  const pageSize = countOf(query, 'pageSize', 25, 1000);
  const pageNumber = countOf(query, 'pageNumber', 1, 1_000_000);
  const overlap = irregularities.has('overlappingPages') ? Math.min(OVERLAP, pageSize - 1) : 0;
  if (paging === 'numbers') {
    const from = (pageNumber - 1) * (pageSize - overlap);
    return { records: all.slice(from, from + pageSize), pageNumber, pageSize };
  }
  const token = query.get('nextPageToken') ?? query.get('pageToken');
  const from = token === null ? 0 : fromToken(token);
  // A page is cut by its bytes: that one is not full does not mean that it is the last.
  const left = all.length - from;
  const end = from + (from === 0 && left > pageSize ? Math.ceil(pageSize * 0.9) : Math.min(left, pageSize));
  return { records: all.slice(from, end), ...(end < all.length ? { nextPageToken: tokenOf(end - overlap) } : {}) };
}

export function reportingRoutes({ sim, histories, rows, paging }: ReportingOptions): [string, string, ApiHandler][] {
  function visible(request: ApiRequest, id: string): Agent | undefined {
    const agent = request.bearer.account.orgId === ORG_ID ? sim.byId(id) : undefined;
    if (!agent) return undefined;
    const hidden = (['agentUnknown', 'agentOtherOrganisation'] as const).find((kind) => rows.about(kind, agent, request.path));
    if (hidden) request.note(hidden);
    return hidden ? undefined : agent;
  }

  function recordsOf(agent: Agent, fromMs: number, toMs: number, telling: Telling): unknown[] {
    const { skew } = sim.clock;
    const stretches = histories.of(agent);
    const keptMs = sim.clock.now() - RETENTION_MS;
    const begun = stretches.map((stretch, i) => {
      const before = stretches[i - 1];
      return { ...stretch, lengthMs: before ? stretch.sinceMs - before.sinceMs : null };
    });
    const asked = toldTimes(begun, telling).filter(
      ({ sinceMs }) => sinceMs >= Math.max(fromMs - skew, keptMs) && sinceMs < toMs - skew,
    );
    const told = asked.map(({ sinceMs, state, subState, lengthMs }) => ({
      agentId: agent.person.id,
      timestamp: new Date(sinceMs + skew).toISOString(),
      state,
      ...(subState === null ? {} : { subState }),
      ...(lengthMs === null ? {} : { duration: lengthMs }),
    }));
    return toldRows(told, telling, MEMBERS);
  }

  function stateHistory(request: ApiRequest): Row {
    const { bearer, query } = request;
    if (!bearer.scopes.has(REPORTING_SCOPE)) {
      throw new HttpError(403, 'insufficient_scope', `The token does not carry the scope ${REPORTING_SCOPE}.`);
    }
    if (!bearer.account.permissions.includes(REPORTING_PERMISSION)) {
      throw new HttpError(403, 'forbidden', 'Security permissions prevent access to reporting data.');
    }
    const fromMs = timeOf(query, 'startTime');
    const toMs = timeOf(query, 'endTime');
    if (fromMs >= toMs) throw refuse('startTime must be earlier than endTime.');
    const agentId = query.get('agentId') ?? '';
    if (!UUID.test(agentId)) throw refuse('agentId must be a valid UUID.');
    const interval = query.get('interval');
    if (interval !== null && !INTERVALS.includes(interval)) throw refuse(`interval must be one of ${INTERVALS.join(', ')}.`);
    const agent = visible(request, agentId);
    const telling = agent ? histories.telling(agent) : null;
    const all = agent && telling ? recordsOf(agent, fromMs, toMs, telling) : [];
    if (!telling || all.length === 0) throw new HttpError(404, 'not_found', 'No data found for this agent in this time range.');
    return pageOf(all, query, telling, paging());
  }

  return [['GET', '/api/reporting/v2/agent-state-history', stateHistory]];
}
