/**
 * Profile `v2`: the API as the seed documents describe it (000, 002, 004), with their contradictions as settings of the connection
 * (`apiPrefix`, scope vocabulary). Shapes are read tolerantly at the edge and strictly inside.
 */
import type { AgentProfile, AgentState, Category } from '../../domain/agent-state.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Exchange } from '../../domain/http.ts';
import { type Asked, ask } from '../ask.ts';
import type { Answer, CxonePort, Failure } from '../port.ts';

const DIRECTORY_PAGE = 1000;
/** Wrappers a list may come in; the seeds say a bare array. */
const ENVELOPES = ['agentStates', 'entities', 'records', 'items'] as const;
const MAX_TEXT = 200;

/** The seeds name no values but those of the history (001); the rest is what tenants call it. An unknown one keeps its own name. */
const CATEGORY_BY_STATE = new Map<string, Category>([
  ['READY', 'available'],
  ['AVAILABLE', 'available'],
  ['NOT_READY', 'unavailable'],
  ['UNAVAILABLE', 'unavailable'],
  ['BREAK', 'unavailable'],
  ['WRAP_UP', 'acw'],
  ['AFTER_CALL_WORK', 'acw'],
  ['ACW', 'acw'],
  ['ON_CONTACT', 'working'],
  ['WORKING', 'working'],
  ['BUSY', 'working'],
  ['ON_CALL', 'working'],
  ['LOGIN', 'loggedIn'],
  ['LOGGED_IN', 'loggedIn'],
  ['LOGOUT', 'loggedOut'],
  ['LOGGED_OUT', 'loggedOut'],
  ['OFFLINE', 'loggedOut'],
]);

/** @param exchange the guarded fetch of this connection */
export function v2Profile(connection: Connection, exchange: Exchange): CxonePort {
  const base = connection.apiBaseUrl + connection.apiPrefix;
  const get = (path: string, accessToken: string) => ask(exchange, base + path, accessToken);
  return {
    states: async (accessToken) => rowsOf(await get('/agents/states', accessToken), connection),
    statesOf: async (accessToken, agentId) =>
      rowsOf(await get(`/agents/states?agentId=${encodeURIComponent(agentId)}`, accessToken), connection),
    readRow,
    async agent(accessToken, agentId) {
      // Dots alone would climb out of the path, and no encoding keeps them in.
      if (/^\.+$/.test(agentId)) return malformed(connection);
      const asked = await get(`/agents/${encodeURIComponent(agentId)}`, accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      const profile = readProfile(asked.json);
      return profile ? { outcome: 'ok', profile, atMs: asked.atMs } : malformed(connection);
    },
    async directory(accessToken, page) {
      const asked = await get(`/agents?pageSize=${DIRECTORY_PAGE}&pageNumber=${page}`, accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      const rows = list(asked.json);
      if (!rows) return malformed(connection);
      const profiles = rows.map(readProfile).filter((profile) => profile !== null);
      return { outcome: 'ok', profiles, more: rows.length >= DIRECTORY_PAGE, atMs: asked.atMs };
    },
    async me(accessToken) {
      const asked = await get('/users/me', accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      if (!isRecord(asked.json)) return malformed(connection);
      const { orgId, org_id, organizationId, roles, permissions } = asked.json;
      const me = {
        organisationId: text(orgId) || text(org_id) || text(organizationId),
        roles: texts(roles),
        permissions: texts(permissions),
      };
      return { outcome: 'ok', me, atMs: asked.atMs };
    },
  };
}

/** Seed 000, step 1: `{agentId, state, stateName, loggedIn, skillStates[]}`; `subState` as in seed 001, `startDate` where a tenant gives it. */
export function readRow(row: unknown, slot: AgentState): string | null {
  if (!isRecord(row)) return 'row';
  const agentId = idText(row.agentId);
  if (agentId === '') return 'agentId';
  const { state, stateName, subState, loggedIn, startDate } = row;
  if (state !== undefined && state !== null && typeof state !== 'string') return 'state';
  if (stateName !== undefined && stateName !== null && typeof stateName !== 'string') return 'stateName';
  if (loggedIn !== undefined && loggedIn !== null && typeof loggedIn !== 'boolean' && loggedIn !== 'true' && loggedIn !== 'false')
    return 'loggedIn';
  // No state and no word on whether logged in: not known, and never "logged out".
  if (!state && (loggedIn === undefined || loggedIn === null)) return 'state';
  slot.agentId = agentId;
  slot.stateName = clip(stateName || state || '');
  slot.reason = typeof subState === 'string' ? clip(subState) : '';
  slot.category = state
    ? (CATEGORY_BY_STATE.get(state) ?? CATEGORY_BY_STATE.get(state.toUpperCase().replaceAll(/[ -]/g, '_')) ?? 'unknown')
    : 'unknown';
  // "Logged in" and "state" are two things (seed 000): logged in without a state, and logged out whatever the state says.
  if (!state) slot.category = loggedIn === true || loggedIn === 'true' ? 'loggedIn' : 'loggedOut';
  else if (loggedIn === false || loggedIn === 'false') slot.category = 'loggedOut';
  slot.skill = '';
  const { skillStates } = row;
  if (Array.isArray(skillStates)) {
    // The one the agent is busy with, where the row tells it: the others stand on READY beside it (seed 000).
    const busy: unknown = skillStates.find((each) => isRecord(each) && each.state === state) ?? skillStates[0];
    if (isRecord(busy) && typeof busy.skillName === 'string') slot.skill = clip(busy.skillName);
  }
  const sinceMs = typeof startDate === 'string' ? Date.parse(startDate) : Number.NaN;
  slot.sinceKnown = sinceMs > 0;
  slot.sinceMs = slot.sinceKnown ? sinceMs : 0;
  return null;
}

function readProfile(value: unknown): AgentProfile | null {
  if (!isRecord(value)) return null;
  const agentId = idText(value.id) || idText(value.agentId);
  const name = text(value.name) || `${text(value.firstName)} ${text(value.lastName)}`.trim();
  return agentId === '' ? null : { agentId, name, team: text(value.teamName) };
}

function rowsOf(asked: Asked, connection: Connection): Answer<{ rows: unknown[] }> {
  if (asked.outcome === 'noContent') return { outcome: 'ok', rows: [], atMs: asked.atMs };
  if (asked.outcome !== 'ok') return asked;
  const rows = list(asked.json);
  return rows ? { outcome: 'ok', rows, atMs: asked.atMs } : malformed(connection);
}

function list(json: unknown): unknown[] | null {
  if (Array.isArray(json)) return json;
  if (!isRecord(json)) return null;
  for (const name of ENVELOPES) {
    const inner = json[name];
    if (Array.isArray(inner)) return inner;
  }
  return null;
}

function failed(asked: Exclude<Asked, { outcome: 'ok' }>, connection: Connection): Failure {
  return asked.outcome === 'noContent' ? malformed(connection) : asked;
}

function malformed(connection: Connection): Failure {
  return { outcome: 'malformed', status: 200, detail: 'envelope', notBeforeMs: 0, origin: connection.apiBaseUrl };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id as text: a number that lost digits on the way (above 2^53) is no id. */
function idText(value: unknown): string {
  if (typeof value === 'string') return value.length <= MAX_TEXT && !/\p{Cc}/u.test(value) ? value : '';
  return Number.isSafeInteger(value) ? String(value) : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? clip(value) : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function clip(value: string): string {
  return value.length <= MAX_TEXT ? value : value.slice(0, MAX_TEXT);
}
