/**
 * Profile `public`: the documented inContactAPI services (facts/cxone-api.md). Its answers drift between versions; they are read tolerantly
 * here and strictly inside. A port remembers which version and fields the server takes, so one is kept per connection.
 */
import type { AgentId } from '../../domain/agent-state.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Exchange } from '../../domain/http.ts';
import type { SkillActivity } from '../../domain/skill-activity.ts';
import type { Answer, CxonePort, Person, Question, StatesAnswer } from '../port.ts';
import { malformed } from '../values.ts';
import { isInUse, readActivity } from './public/activity.ts';
import { agentPath, unaskable } from './public/agent-path.ts';
import { createDesk, type DeskPort } from './public/desk.ts';
import { createHistory } from './public/history.ts';
import { createLists, type Listing, type Page } from './public/lists.ts';
import { AGENT_FIELDS, readMe, readPerson, readSkill, SKILL_FIELDS } from './public/people.ts';
import { createRequests } from './public/requests.ts';
import { agentIdOf, inspectRow, readRow, rowHasSkill, STATE_FIELDS } from './public/rows.ts';
import { createSkills } from './public/skills.ts';
import { idText, isRecord } from './public/values.ts';

/** "Paging default 50, maximum 100" (facts section 3). */
const DIRECTORY_PAGE = 100;
/** A server that gives less than asked for is asked again, so often, for what makes a page of ours whole. */
const ASKS_PER_PAGE = 20;

export interface PublicPort extends Omit<CxonePort, keyof DeskPort>, DeskPort {
  /** `hiddenAgents`: how many the token's user may not see (a restriction of the role); 0 when not said. */
  directory(accessToken: string, page: number): Promise<Answer<{ people: Person[]; more: boolean; hiddenAgents: number }>>;
  activity(accessToken: string): Promise<Answer<{ skills: SkillActivity[] }>>;
  /** `GET /server-time`: `atMs` is the server's clock. The port asks by itself where answers carry no `Date`. */
  serverTime(accessToken: string): Promise<Answer<object>>;
}

/**
 * @param exchange the guarded fetch of this connection
 * @param onVersion told once at most: the version in `apiPrefix` is not there, and the path before `/agents/states` that is
 */
export function publicProfile(
  connection: Connection,
  exchange: Exchange,
  onVersion: (prefix: string) => void = () => undefined,
): PublicPort {
  const origin = connection.apiBaseUrl;
  const requests = createRequests(connection, exchange, onVersion);
  const lists = createLists(requests, origin);
  const historyPage = createHistory(lists, origin);

  async function statesSince(accessToken: string, watermark: string): Promise<Answer<StatesAnswer>> {
    const answer = await lists.all(accessToken, statesListing(watermark), keyOfState);
    if (answer.outcome !== 'ok') return answer;
    const { atMs, requestId, page } = answer;
    // "Nothing changed", said with 204, names no moment: nothing has changed since the one we know.
    return { outcome: 'ok', rows: page.rows, watermark: page.watermark || watermark, delta: watermark !== '', atMs, requestId };
  }

  return {
    async states(accessToken, watermark) {
      const answer = await statesSince(accessToken, watermark);
      // "Invalid Updated Since": a watermark that is not taken now will not be later, and would fail every poll to come.
      const refused = watermark !== '' && 'status' in answer && answer.status === 400;
      return refused ? statesSince(accessToken, '') : answer;
    },
    async statesOf(accessToken, agentId) {
      if (unaskable(agentId)) return malformed(origin, 'agentId');
      const answer = await lists.page(accessToken, { path: agentPath(agentId, '/states'), query: {}, fields: '', names: STATES });
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      return { outcome: 'ok', rows: page.rows, atMs, requestId };
    },
    readRow,
    inspectRow,
    rowHasSkill,
    async agent(accessToken, agentId) {
      if (unaskable(agentId)) return malformed(origin, 'agentId');
      const answer = await lists.page(accessToken, { path: agentPath(agentId), query: {}, fields: '', names: AGENTS });
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      const people = peopleIn(page);
      // Asked for by user id, the record has another agent id.
      const person = people.find(({ profile }) => profile.agentId === agentId) ?? people[0];
      if (person) return { outcome: 'ok', person, atMs, requestId };
      if (page.rows.length > 0) return malformed(origin, 'agents', requestId);
      // Nobody, said with 204 or an empty list: 404 by another name.
      return { ...malformed(origin, '', requestId), outcome: 'serverError', status: 404 };
    },
    async directory(accessToken, page) {
      const people: Person[] = [];
      const known = new Set<string>();
      for (let asks = 1; ; asks++) {
        const before = known.size;
        const answer = await lists.page(accessToken, directoryListing(page, before));
        if (answer.outcome !== 'ok') return answer;
        const { rows, total, next, hiddenAgents } = answer.page;
        people.push(...peopleIn({ ...answer.page, rows: rows.filter((row) => !known.has(keyOfState(row))) }));
        for (const row of rows) known.add(keyOfState(row));
        const { atMs, requestId } = answer;
        const wanted = DIRECTORY_PAGE - before;
        const reached = (page - 1) * DIRECTORY_PAGE + known.size;
        const more = known.size > before && (total === null ? next !== '' || rows.length >= wanted : reached < total);
        if (!more || known.size >= DIRECTORY_PAGE || asks >= ASKS_PER_PAGE)
          return { outcome: 'ok', people, more, hiddenAgents, atMs, requestId };
      }
    },
    async skillGroups(accessToken, agentId) {
      if (unaskable(agentId)) return malformed(origin, 'agentId');
      const answer = await lists.all(accessToken, skillsListing(agentId), keyOfSkill);
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      const { rows, businessUnitId } = page;
      return { outcome: 'ok', groups: rows.flatMap(readSkill), organisationId: businessUnitId, atMs, requestId };
    },
    async history(accessToken, agentId, fromMs, toMs, cursor) {
      if (unaskable(agentId)) return malformed(origin, 'agentId');
      return historyPage(accessToken, { agentId, path: agentPath(agentId, '/state-history'), fromMs, toMs, cursor });
    },
    async me(accessToken) {
      const answer = await lists.page(accessToken, { path: '/permissions', query: {}, fields: '', names: ['permissions'] });
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      return { outcome: 'ok', me: readMe(page.rows), atMs, requestId };
    },
    async activity(accessToken) {
      const answer = await lists.all(accessToken, ACTIVITY, keyOfSkill);
      if (answer.outcome !== 'ok') return answer;
      const { atMs, requestId, page } = answer;
      const rows = page.rows.filter(isInUse);
      const skills = rows.flatMap((row) => readActivity(row, atMs) ?? []);
      if (skills.length === 0 && rows.length > 0) return malformed(origin, 'skillId', requestId);
      return { outcome: 'ok', skills, atMs, requestId };
    },
    ...createDesk(lists, origin),
    skills: createSkills(lists, requests, origin),
    pathOf: (question, argument = '') => requests.prefix() + pathOf(question, argument),
    async serverTime(accessToken) {
      const asked = await requests.serverTime(accessToken);
      if (asked.outcome === 'noContent') return malformed(origin, 'ServerTime', asked.requestId);
      if (asked.outcome !== 'ok') return asked;
      return { outcome: 'ok', atMs: asked.atMs, requestId: asked.requestId };
    },
  };

  /** `argument`: an agent's id, the page of the directory, or the watermark of states. */
  function pathOf(question: Question, argument: string): string {
    switch (question) {
      case 'states':
        return lists.pathOf(statesListing(argument));
      case 'statesOf':
        return agentPath(argument, '/states');
      case 'agent':
        return agentPath(argument);
      case 'directory':
        return lists.pathOf(directoryListing(Number(argument), 0));
      case 'skillGroups':
        return lists.pathOf(skillsListing(argument));
      case 'me':
        return '/permissions';
    }
  }
}

const AGENTS = ['agents'];
/** `agentState`: the list of NICE's own desktop. */
const STATES = ['agentStates', 'agentState'];

const ACTIVITY: Listing = { path: '/skills/activity', query: {}, fields: '', names: ['skillActivity'] };

function statesListing(watermark: string): Listing {
  return {
    path: '/agents/states',
    query: watermark === '' ? {} : { updatedSince: watermark },
    fields: STATE_FIELDS,
    names: STATES,
  };
}

function directoryListing(page: number, taken: number): Listing {
  const skip = (page - 1) * DIRECTORY_PAGE + taken;
  const query = { top: String(DIRECTORY_PAGE - taken), skip: String(skip) };
  return { path: '/agents', query, fields: AGENT_FIELDS, names: AGENTS };
}

function skillsListing(agentId: AgentId): Listing {
  return { path: agentPath(agentId, '/skills'), query: {}, fields: SKILL_FIELDS, names: ['agentSkillAssignments'] };
}

function peopleIn({ rows, businessUnitId }: Page): Person[] {
  return rows.flatMap((row) => readPerson(row, businessUnitId) ?? []);
}

/** What tells two rows apart; of a row nobody can read, all of it. */
function keyOfState(row: unknown): string {
  return (isRecord(row) && agentIdOf(row)) || JSON.stringify(row);
}

function keyOfSkill(row: unknown): string {
  return (isRecord(row) && idText(row.skillId)) || JSON.stringify(row);
}
