/**
 * Profile `v2`: the API as the seed documents describe it (000, 002, 004), with their contradictions as settings of the connection
 * (`apiPrefix`, scope vocabulary). Shapes are read tolerantly at the edge and strictly inside.
 */
import type { AgentState } from '../../domain/agent-state.ts';
import type { Connection } from '../../domain/connection.ts';
import type { IdKind, RowFinding, SkillGroup } from '../../domain/diagnosis/evidence.ts';
import type { Exchange } from '../../domain/http.ts';
import { newSlot } from '../../domain/snapshot.ts';
import { type Asked, ask } from '../ask.ts';
import { createListParser } from '../list-parser.ts';
import type { Answer, CxonePort, Failure, Person, Question } from '../port.ts';
import { malformed as unreadable } from '../values.ts';
import { askHistory } from './v2/history.ts';
import { v2Skills } from './v2/skills.ts';
import { categoryOf } from './v2/states.ts';
import { clip, idText, isRecord, text } from './v2/values.ts';

const DIRECTORY_PAGE = 1000;
/** Wrappers a list may come in; the seeds say a bare array. */
const ENVELOPES = ['agentStates', 'entities', 'records', 'items', 'skillGroups'] as const;

/** The other ids of a person that end up where the agent's id belongs (seeds 000, 004), by field. */
const OTHER_IDS: readonly [field: string, kind: IdKind][] = [
  ['email', 'email'],
  ['extension', 'extension'],
  ['externalId', 'externalId'],
  ['userId', 'userId'],
];

/** For each API, as long as the worker lives: its lists are like the one before (5 s apart, while a page is open). */
const listParsers = new Map<string, (text: string) => unknown>();
function listParserOf(base: string): (text: string) => unknown {
  const known = listParsers.get(base) ?? createListParser();
  listParsers.set(base, known);
  return known;
}

/** @param exchange the guarded fetch of this connection */
export function v2Profile(connection: Connection, exchange: Exchange): CxonePort {
  const base = connection.apiBaseUrl + connection.apiPrefix;
  const get = (path: string, accessToken: string) => ask(exchange, base + path, accessToken);
  const parse = listParserOf(base);
  return {
    async states(accessToken) {
      const answer = rowsOf(await ask(exchange, base + path('states'), accessToken, null, parse), connection);
      return answer.outcome === 'ok' ? { ...answer, watermark: '', delta: false } : answer;
    },
    statesOf: async (accessToken, agentId) => rowsOf(await get(path('statesOf', agentId), accessToken), connection),
    readRow,
    inspectRow,
    rowHasSkill,
    async agent(accessToken, agentId) {
      if (climbs(agentId)) return malformed(connection);
      const asked = await get(path('agent', agentId), accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      const person = readPerson(asked.json);
      const { atMs, requestId } = asked;
      return person ? { outcome: 'ok', person, atMs, requestId } : malformed(connection, requestId);
    },
    async directory(accessToken, page) {
      const asked = await get(path('directory', String(page)), accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      const { atMs, requestId } = asked;
      const rows = list(asked.json);
      if (!rows) return malformed(connection, requestId);
      const people = rows.map(readPerson).filter((person) => person !== null);
      return { outcome: 'ok', people, more: rows.length >= DIRECTORY_PAGE, atMs, requestId };
    },
    async skillGroups(accessToken, agentId) {
      if (climbs(agentId)) return malformed(connection);
      const asked = await get(path('skillGroups', agentId), accessToken);
      const { outcome } = asked;
      if (outcome === 'noContent')
        return { outcome: 'ok', groups: [], organisationId: '', atMs: asked.atMs, requestId: asked.requestId };
      if (outcome !== 'ok') return asked;
      const { atMs, requestId } = asked;
      const rows = list(asked.json);
      return rows
        ? { outcome, groups: rows.flatMap(readGroup), organisationId: '', atMs, requestId }
        : malformed(connection, requestId);
    },
    async me(accessToken) {
      const asked = await get(path('me'), accessToken);
      if (asked.outcome !== 'ok') return failed(asked, connection);
      const { atMs, requestId } = asked;
      if (!isRecord(asked.json)) return malformed(connection, requestId);
      const { roles, permissions } = asked.json;
      const me = { organisationId: organisation(asked.json), roles: texts(roles), permissions: texts(permissions) };
      return { outcome: 'ok', me, atMs, requestId };
    },
    history: (accessToken, agentId, fromMs, toMs, cursor) =>
      askHistory(connection, exchange, accessToken, { agentId, fromMs, toMs, cursor }),
    pathOf: (question, agentId) => connection.apiPrefix + path(question, agentId),
    skills: v2Skills(connection, exchange),
  };
}

/** `argument`: an agent's id, or the page of the directory. */
function path(question: Question, argument = ''): string {
  const part = encodeURIComponent(argument);
  switch (question) {
    case 'states':
      return '/agents/states';
    case 'statesOf':
      return `/agents/states?agentId=${part}`;
    case 'agent':
      return `/agents/${part}`;
    case 'directory':
      return `/agents?pageSize=${DIRECTORY_PAGE}&pageNumber=${part}`;
    case 'skillGroups':
      return `/agents/${part}/skillGroups`;
    case 'me':
      return '/users/me';
  }
}

/** Dots alone would climb out of the path, and no encoding keeps them in. */
const climbs = (agentId: string) => /^\.+$/.test(agentId);

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
  slot.category = state ? categoryOf(state) : 'unknown';
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

/** Seed 000: logged in and having a state are two things, and being logged in to a skill is a third. */
function inspectRow(row: unknown, agentId: string): RowFinding | null {
  const slot = newSlot();
  if (!isRecord(row) || readRow(row, slot) !== null || slot.agentId !== agentId) return null;
  const { state, loggedIn, skillStates } = row;
  return {
    category: slot.category,
    stateName: slot.stateName,
    stateGiven: Boolean(state),
    loggedIn: loggedIn === undefined || loggedIn === null ? null : loggedIn === true || loggedIn === 'true',
    skills: Array.isArray(skillStates) ? skillStates.length : null,
    sinceMs: slot.sinceMs,
  };
}

function rowHasSkill(row: unknown, skillId: string): boolean {
  const skills = isRecord(row) && Array.isArray(row.skillStates) ? row.skillStates : [];
  return skills.some((skill) => isRecord(skill) && idText(skill.skillId) === skillId);
}

function readPerson(value: unknown): Person | null {
  if (!isRecord(value)) return null;
  const agentId = idText(value.id) || idText(value.agentId);
  if (agentId === '') return null;
  const name = text(value.name) || `${text(value.firstName)} ${text(value.lastName)}`.trim();
  const { state } = value;
  return {
    profile: { agentId, name, team: text(value.teamName) },
    organisationId: organisation(value),
    // "The legacy 'state' field, often 'active'/'inactive'" (seed 000).
    active: state === 'active' ? true : state === 'inactive' ? false : null,
    otherIds: OTHER_IDS.flatMap(([field, kind]) => {
      const id = idText(value[field]);
      return id === '' || id === agentId ? [] : [{ kind, id }];
    }),
  };
}

/** A group without a word on its being active is taken as it is: not known. One nobody can read is left out. */
function readGroup(value: unknown): SkillGroup[] {
  if (!isRecord(value)) return [];
  const { active, isActive, status } = value;
  const said = active ?? isActive ?? (typeof status === 'string' ? !/paused|inactive|disabled/i.test(status) : null);
  return [{ name: text(value.name) || idText(value.id), active: typeof said === 'boolean' ? said : null }];
}

function organisation({ orgId, org_id, organizationId }: Record<string, unknown>): string {
  return idText(orgId) || idText(org_id) || idText(organizationId);
}

function rowsOf(asked: Asked, connection: Connection): Answer<{ rows: unknown[] }> {
  if (asked.outcome !== 'ok' && asked.outcome !== 'noContent') return asked;
  const { atMs, requestId } = asked;
  const rows = asked.outcome === 'noContent' ? [] : list(asked.json);
  return rows ? { outcome: 'ok', rows, atMs, requestId } : malformed(connection, requestId);
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
  return asked.outcome === 'noContent' ? malformed(connection, asked.requestId) : asked;
}

function malformed(connection: Connection, requestId = ''): Failure {
  return unreadable(connection.apiBaseUrl, 'envelope', requestId);
}

/** A list of names: as texts, or as objects that have one. */
function texts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((item) => text(isRecord(item) ? item.name : item)).filter((name) => name !== '');
}
