/** The public API about agents: their states, records, skills, and what the signed-in person may do (facts, sections 2 to 4). */
import { STATE_PERMISSION } from './accounts.ts';
import { businessUnitOf } from './cast-public.ts';
import { numberOf } from './faults.ts';
import { HttpError } from './http.ts';
import { agentIdOf } from './identity-public.ts';
import { type Desk, Nothing, type PublicRequest, type Route } from './public-desk.ts';
import { fieldsOf, flagAllows, instant, trimmed } from './public-query.ts';
import { agentRecord, assignmentRecord, singleStateRow, stateRow } from './public-records.ts';
import { recordNames } from './public-schema.ts';
import type { Agent } from './simulation.ts';

/** Default and largest page of `GET /agents` (facts, section 3). */
const AGENTS_TOP = { usual: 50, most: 100 };

export function agentRoutes(desk: Desk): Route[] {
  const { sim, special, changes, skills, shown, isActive, setting, visible, agentOf, permissionsOf, demand, list } = desk;

  const isSkillActive = (agent: Agent, index: number, path: string) => {
    const fault = special.about('skillInactive', agent, path);
    const paused = fault ? numberOf(fault, 'paused', agent.person.skills.length) : 0;
    return (agent.person.skills[index]?.active ?? true) && index >= paused;
  };

  function states(request: PublicRequest): unknown {
    const { path, query, note } = request;
    demand(STATE_PERMISSION, request);
    const own = setting(path);
    const now = changes.look();
    const asked = query.get('updatedSince') ?? '';
    const sinceShown = instant(query, 'updatedSince', 0, 'Invalid Updated Since');
    const since = sinceShown - own.skewMs;
    // The epoch is how the SDK asks for everybody.
    const delta = asked !== '' && sinceShown > 0;
    const there = visible(request).agents.filter((agent) => !special.isMissing(agent, path, false));
    let agents = delta ? there.filter((agent) => changes.changedMs(agent) > since) : there;
    const fault = delta ? special.armed('noChangeSince', path) : undefined;
    if (fault && (agents.length === 0 || fault.spec.always === true)) {
      special.take('noChangeSince', path, note);
      agents = [];
      const as = String(fault.spec.as ?? 'empty');
      if (as === '204' || as === '304') return new Nothing(as === '204' ? 204 : 304);
    }
    const rows = agents.map((agent) => stateRow(agent, changes.changedMs(agent), isActive(agent, path), own));
    return list('agentStates', rows, request, { lastPollTime: shown(now) });
  }

  function statesOf(request: PublicRequest): unknown {
    const { path, query, note } = request;
    demand(STATE_PERMISSION, request);
    const agent = agentOf(request);
    const now = changes.look();
    const since = instant(query, 'updatedSince', 0, 'Invalid Updated Since') - setting(path).skewMs;
    const row = stateRow(agent, changes.changedMs(agent), isActive(agent, path), setting(path));
    const there = !special.isMissing(agent, path, true) && changes.changedMs(agent) > since;
    const withTime = special.armed('datesWithTime', path) !== undefined;
    const rows = there ? [singleStateRow(row, shown(now), withTime)] : [];
    const fields = fieldsOf(query, recordNames('singleStates'));
    return {
      agentStates: special.spelled(
        rows.map((each) => trimmed(each, fields)),
        path,
        note,
      ),
    };
  }

  function agentList(request: PublicRequest): unknown {
    const { path, query } = request;
    demand('Agent:View', request);
    const { startedAt } = sim.clock;
    // Nobody’s profile changes here, so that after the start there is nothing new.
    const since = instant(query, 'updateSince', 0, 'Invalid Updated Since');
    const { agents, hidden } = visible(request);
    const search = (query.get('searchString') ?? '').toLowerCase();
    const rows = agents
      .filter((agent) => !special.about('agentUnknown', agent, path) && since <= startedAt)
      .filter((agent) => flagAllows(query, 'isActive', isActive(agent, path)))
      .filter(({ person }) => `${person.name} ${person.email}`.toLowerCase().includes(search))
      .map((agent) => agentRecord(agent, isActive(agent, path), startedAt, setting(path)));
    if (rows.length === 0 && hidden === 0) return new Nothing(204);
    const beside = { businessUnitId: setting(path).businessUnitId, hiddenAgents: hidden, lastPollTime: shown(sim.clock.now()) };
    return list('agents', rows, request, beside, {
      defaultTop: special.defaultTop(path, AGENTS_TOP.usual),
      maxTop: AGENTS_TOP.most,
    });
  }

  function agent(request: PublicRequest): unknown {
    const { path, query, note } = request;
    demand('Agent:View', request);
    const found = agentOf(request, 'Invalid Agent Id', true);
    const fields = fieldsOf(query, recordNames('agents'));
    const record = agentRecord(found, isActive(found, path), sim.clock.startedAt, setting(path));
    return { agents: special.spelled([trimmed(record, fields)], path, note) };
  }

  function skillsOf(request: PublicRequest): unknown {
    const { path, query, note } = request;
    demand('Skills:View', request);
    const found = agentOf(request, 'Invalid Agent Id', true);
    const none = special.about('noSkillGroups', found, path);
    if (none) note('noSkillGroups');
    const rows = (none ? [] : skills.of(found))
      .map((each, index) => assignmentRecord(found, each, isSkillActive(found, index, path), setting(path)))
      .filter((row) => flagAllows(query, 'isSkillActive', row.isSkillActive === true))
      .filter((row) => flagAllows(query, 'isAssignedSkillActive', row.isActive === true));
    const beside = { businessUnitId: setting(path).businessUnitId, lastPollTime: shown(sim.clock.now()) };
    return list('agentSkillAssignments', rows, request, beside);
  }

  async function writeSkills(request: PublicRequest): Promise<unknown> {
    const { path, note } = request;
    demand('Skills:Edit', request);
    const found = agentOf(request, 'Invalid Agent Id', true);
    const result = await skills.write(found, request);
    if (!special.drift(path).has('bareSkillResults')) return { resultSet: result };
    note('fieldDrift');
    return result;
  }

  function permissions({ bearer, params, query, path }: PublicRequest): unknown {
    const asked = params[0] ?? query.get('agentId');
    if (asked && asked !== String(agentIdOf(bearer.account))) throw new HttpError(404, 'not_found', 'Invalid Agent Id');
    const BusinessUnitId = businessUnitOf(bearer.account.orgId).businessUnitId;
    const keys = permissionsOf(bearer, path).map((permission) => permission.split(':'));
    return { permissions: keys.map(([Key = '', Value = '']) => ({ BusinessUnitId, Key, Value })) };
  }

  return [
    ['GET', '/agents/states', states],
    ['GET', '/agents', agentList],
    ['GET', '/agents/:id', agent],
    ['GET', '/agents/:id/states', statesOf],
    ['GET', '/agents/:id/skills', skillsOf],
    ['PUT', '/agents/:id/skills', writeSkills],
    ['POST', '/agents/:id/skills', writeSkills],
    ['DELETE', '/agents/:id/skills', writeSkills],
    ['GET', '/permissions', permissions],
    ['GET', '/permissions/:id', permissions],
  ];
}
