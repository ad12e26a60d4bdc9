/** The public API beyond the single agent: history, performance, teams, codes, skills and what waits in them (facts, sections 2 and 3). */
import { STATE_PERMISSION } from './accounts.ts';
import { numberOf } from './faults.ts';
import { HttpError } from './http.ts';
import { OVERLAP } from './past.ts';
import { type Desk, Nothing, type PublicRequest, type Route } from './public-desk.ts';
import { performanceOf } from './public-history.ts';
import { fieldsOf, instant, type Row, trimmed } from './public-query.ts';
import {
  activityRecord,
  businessUnitRecord,
  codeRecords,
  type HistorySpelling,
  historyRecord,
  type Queue,
  skillRecord,
  teamCodeRecords,
  teamRecord,
} from './public-records.ts';
import { recordNames } from './public-schema.ts';
import { Random } from './random.ts';
import type { Agent } from './simulation.ts';
import { toldRows, toldTimes } from './telling.ts';

/** `GET /skills` is not among the v34.0 operations (facts, section 9); older versions have it. */
const SKILLS_VERSIONS = ['v30.0', 'v28.0'];
const DAY_MS = 24 * 60 * 60_000;
const HISTORY_MEMBERS = { time: 'startDate', state: 'agentStateName', duration: 'duration' };

export function reportRoutes(desk: Desk): Route[] {
  const { sim, faults, special, histories, skills, teams, shown, isOwn, setting, visible, agentOf, demand, list } = desk;

  function range(query: URLSearchParams): { fromMs: number; toMs: number; now: number } {
    const now = sim.clock.now();
    const { skew } = sim.clock;
    const fromMs = instant(query, 'startDate', now - DAY_MS + skew, 'Invalid Date Range') - skew;
    const toMs = instant(query, 'endDate', now + skew + 1, 'Invalid Date Range') - skew;
    if (toMs < fromMs) throw new HttpError(400, 'invalid_request', 'Invalid Date Range');
    return { fromMs, toMs, now };
  }

  function historyOf(agents: readonly Agent[], request: PublicRequest): unknown {
    const { path, query } = request;
    demand('Reporting:View', request);
    const { fromMs, toMs, now } = range(query);
    const drift = special.drift(path);
    const spelling: HistorySpelling = drift.has('durationNumber') ? 'number' : drift.has('durationSeconds') ? 'seconds' : 'iso';
    const own = setting(path);
    const rows = agents.flatMap((each) => {
      const telling = histories.telling(each);
      const ended = histories.of(each).flatMap((stretch) => {
        const { sinceMs, untilMs } = stretch;
        return untilMs === undefined ? [] : [{ ...stretch, lengthMs: untilMs - sinceMs }];
      });
      const asked = toldTimes(ended, telling).filter(({ sinceMs }) => sinceMs >= fromMs && sinceMs < toMs);
      const records = asked.map((stretch) => historyRecord(each, stretch, spelling, own));
      return toldRows(records, telling, HISTORY_MEMBERS);
    });
    const beside = { businessUnitId: own.businessUnitId, lastPollTime: shown(now) };
    const overlaps = agents.some((each) => histories.telling(each).irregularities.has('overlappingPages'));
    return list('agentStateHistory', rows, request, beside, overlaps ? { overlap: OVERLAP } : {});
  }

  function performance(agents: readonly Agent[], request: PublicRequest, beside: Row): unknown {
    const { path, query, note } = request;
    demand('Reporting:View', request);
    for (const name of ['startDate', 'endDate']) {
      if (!query.get(name)) throw new HttpError(400, 'invalid_request', `${name} is required`);
    }
    const { fromMs, toMs, now } = range(query);
    const fields = fieldsOf(query, recordNames('agentPerformance'));
    const rows = agents.flatMap((each) => {
      const sums = performanceOf(histories.of(each), fromMs, toMs, now);
      return sums ? [{ agentId: Number(each.person.id), teamId: setting(path).teamIdOf(each), ...sums }] : [];
    });
    if (rows.length === 0) return new Nothing(204);
    return {
      ...beside,
      agentPerformance: special.spelled(
        rows.map((row) => trimmed(row, fields)),
        path,
        note,
      ),
    };
  }

  function teamList(request: PublicRequest): unknown {
    const { path } = request;
    demand('Agent:View', request);
    const own = isOwn(request) ? teams : [];
    const rows = own
      .filter((team) => !special.restricts(team.name, team.id, path))
      .map((team) => teamRecord(team, sim.clock.startedAt, setting(path)));
    const beside = { businessUnitId: setting(path).businessUnitId, lastPollTime: shown(sim.clock.now()) };
    return list('teams', rows, request, beside);
  }

  function teamCodes({ params, query, path, note }: PublicRequest): unknown {
    const team = teams.find(({ id }) => String(id) === params[0]);
    if (!team) throw new HttpError(404, 'not_found', 'Invalid Team Id');
    const active = teamCodeRecords().filter((code) => query.get('activeOnly') !== 'true' || code.isActive === true);
    return { teamId: team.id, teamName: team.name, unavailableCodes: special.spelled(active, path, note) };
  }

  /** Made up of the skill and the quarter of a minute, so that it moves but is the same for everybody who asks. */
  function queueOf(name: string, index: number, ready: number, nowMs: number, path: string): Queue {
    const random = new Random(index, Math.floor(nowMs / 15_000) % 0x7fff_ffff);
    const inSLA = 40 + index * 7;
    const outSLA = random.int(9);
    const fault = faults.active('queue', path).find(({ spec }) => [name, sim.skills[index]?.id].includes(String(spec.skill)));
    if (fault) {
      const count = numberOf(fault, 'count', 7);
      return { count, waitMs: numberOf(fault, 'waitSeconds', 240) * 1000, inSLA, outSLA };
    }
    const count = ready > 0 ? 0 : random.int(6);
    return { count, waitMs: count === 0 ? 0 : Math.floor(random.between(5, 120) * 1000), inSLA, outSLA };
  }

  function activity(request: PublicRequest): unknown {
    const { path } = request;
    demand(STATE_PERMISSION, request);
    sim.advance();
    const now = sim.clock.now();
    const { agents } = visible(request);
    const rows = (isOwn(request) ? sim.skills : []).map((skill, index) => {
      const own = agents.filter((each) => skills.of(each).some((assignment) => assignment.skill === skill));
      const ready = own.filter(({ state }) => state === 'READY').length;
      return activityRecord(skill, own, queueOf(skill.name, index, ready, now, path), now, setting(path));
    });
    return list('skillActivity', rows, request, { lastPollTime: shown(now) });
  }

  function skillList(request: PublicRequest): unknown {
    if (!SKILLS_VERSIONS.includes(request.version)) return undefined;
    demand('Skills:View', request);
    const rows = sim.skills.map((skill) => skillRecord(skill, setting(request.path)));
    return list('skills', rows, request, { lastPollTime: shown(sim.clock.now()) });
  }

  return [
    ['GET', '/agents/state-history', (request) => historyOf(visible(request).agents, request)],
    ['GET', '/agents/performance', (request) => performance(visible(request).agents, request, {})],
    ['GET', '/agents/:id/state-history', (request) => historyOf([agentOf(request, 'Agent not found for BU')], request)],
    [
      'GET',
      '/agents/:id/performance',
      (request) => {
        const { businessUnitId } = setting(request.path);
        return performance([agentOf(request)], request, { businessUnitId, lastPollTime: shown(sim.clock.now()) });
      },
    ],
    ['GET', '/server-time', () => ({ ServerTime: shown(sim.clock.now()) })],
    ['GET', '/teams', teamList],
    ['GET', '/teams/:id/unavailable-codes', teamCodes],
    ['GET', '/unavailable-codes', ({ path, note }) => ({ unavailableCodes: special.spelled(codeRecords(), path, note) })],
    ['GET', '/skills/activity', activity],
    ['GET', '/skills', skillList],
    [
      'GET',
      '/business-unit',
      ({ path }) => ({ businessUnits: [businessUnitRecord(sim.agents.length, setting(path).businessUnitId)] }),
    ],
  ];
}
