/** The public API's records, one function for each: members and types as the v34.0 documents have them (facts, sections 2, 3 and 9). */
import { nameParts, OUT_STATES, OWN_BUSINESS_UNIT, publicState, type Team, traitsOf } from './cast-public.ts';
import type { Stretch } from './histories.ts';
import type { Skill } from './people.ts';
import { isoDuration, type Row } from './public-query.ts';
import { proficiencyName, skillMembers } from './public-skills.ts';
import type { Agent } from './simulation.ts';
import type { Assignment } from './skill-ledger.ts';

const MINUTE_MS = 60_000;

/** What a record needs to know besides its subject. */
export interface Setting {
  businessUnitId: number;
  /** Added to every time shown, ms: the server whose clock is wrong. */
  skewMs: number;
  teamIdOf(agent: Agent): number;
}

/** A time as the API has it, ISO 8601 UTC with milliseconds. */
export function shownTime(ms: number, skewMs: number): string {
  return new Date(ms + skewMs).toISOString();
}

/** Contact ids go up with time, as they do in the ACD. */
function contactIdOf(agent: Agent): number {
  return Math.floor(agent.since / 1000) * 1000 + (agent.index % 1000);
}

/** A row of `GET /agents/states`. */
export function stateRow(agent: Agent, changedMs: number, isActive: boolean, setting: Setting): Row {
  const { person, contactSkill } = agent;
  const traits = contactSkill === null ? null : traitsOf(contactSkill);
  const state = publicState(agent.state, agent.subState, traits?.isOutbound ?? false);
  const shown = (ms: number) => shownTime(ms, setting.skewMs);
  return {
    agentId: Number(person.id),
    agentStateId: state.agentStateId,
    agentStateName: state.agentStateName,
    // Its values are not known (facts, section 7).
    agentStateCategory: null,
    businessUnitId: setting.businessUnitId,
    contactId: traits === null ? null : contactIdOf(agent),
    contactStartHandleTime: traits === null ? null : shown(agent.since),
    isActive,
    isACW: state.isACW,
    isOutbound: traits?.isOutbound ?? false,
    firstName: nameParts(person.name).firstName,
    fromAddress: traits === null ? null : '+15555550100',
    lastName: nameParts(person.name).lastName,
    lastUpdateTime: shown(changedMs),
    mediaTypeName: traits?.mediaTypeName ?? null,
    mediaTypeId: traits?.mediaTypeId ?? null,
    openContacts: traits === null ? 0 : 1,
    outStateDescription: state.outStateDescription,
    outStateId: state.outStateId,
    sessionStartTime: agent.state === 'LOGOUT' ? null : shown(agent.since - 90 * MINUTE_MS),
    skillId: contactSkill === null ? null : Number(contactSkill.id),
    skillName: contactSkill?.name ?? null,
    startDate: shown(agent.since),
    stationId: agent.state === 'LOGOUT' ? null : 60_000 + agent.index,
    stationPhoneNumber: agent.state === 'LOGOUT' ? null : person.extension,
    teamId: setting.teamIdOf(agent),
    teamName: person.teamName,
    toAddress: traits === null ? null : '+15555550199',
    userName: person.email,
  };
}

/** The same for one agent: other media members, no userName, no isActive, the poll time inside, dates without a time (facts, section 9). */
export function singleStateRow(row: Row, lastPollTime: string, withTime: boolean): Row {
  const {
    userName: _u,
    isActive: _a,
    agentStateCategory: _c,
    contactStartHandleTime: _h,
    sessionStartTime: _s,
    mediaTypeId,
    mediaTypeName,
    ...rest
  } = row;
  const startDate = withTime ? row.startDate : String(row.startDate).slice(0, 10);
  return { ...rest, mediaType: mediaTypeId, mediaName: mediaTypeName, startDate, lastPollTime };
}

/** A record of `GET /agents`: of its hundred and more members those a supervisor's tool could want. */
export function agentRecord(agent: Agent, isActive: boolean, startedMs: number, setting: Setting): Row {
  const { person } = agent;
  return {
    agentId: Number(person.id),
    userName: person.email,
    ...nameParts(person.name),
    middleName: '',
    userID: person.userId,
    emailAddress: person.email,
    isActive,
    teamId: setting.teamIdOf(agent),
    teamName: person.teamName,
    reportToId: 0,
    reportToName: '',
    isSupervisor: false,
    lastLogin: shownTime(startedMs - 60 * MINUTE_MS, setting.skewMs),
    lastUpdated: shownTime(startedMs, setting.skewMs),
    internalId: person.externalId,
    profileId: 21,
    profileName: 'Agent',
    timeZone: 'UTC',
    country: 'US',
    city: '',
    telephone1: person.extension,
    locked: false,
  };
}

/** A record of `GET /agents/{id}/skills`. */
export function assignmentRecord(agent: Agent, assignment: Assignment, isSkillActive: boolean, setting: Setting): Row {
  const { skill, held, updatedMs } = assignment;
  const { level, isActive } = held;
  return {
    agentId: Number(agent.person.id),
    userId: agent.person.userId,
    ...nameParts(agent.person.name),
    agentProficiencyValue: level,
    agentProficiencyName: proficiencyName(level),
    campaignName: 'Main',
    internalId: agent.person.externalId,
    isActive,
    isSkillActive,
    teamId: setting.teamIdOf(agent),
    teamName: agent.person.teamName,
    isDialer: false,
    lastUpdateTime: shownTime(updatedMs, setting.skewMs),
    isRestricted: false,
    ...skillMembers(skill),
  };
}

/** A record of `GET /agents/{id}/state-history`. `duration` is an ISO 8601 length, as the SDK reads it. */
export function historyRecord(
  agent: Agent,
  stretch: Stretch & { lengthMs: number },
  spelling: HistorySpelling,
  setting: Setting,
): Row {
  const { index, state, subState, sinceMs, lengthMs } = stretch;
  const onContact = state === 'ON_CONTACT';
  const skill = onContact ? agent.person.skills[index % Math.max(1, agent.person.skills.length)] : undefined;
  const traits = skill === undefined ? null : traitsOf(skill);
  const { agentStateId, agentStateName, outStateId, outStateDescription } = publicState(
    state,
    subState,
    traits?.isOutbound ?? false,
  );
  return {
    stateIndex: index,
    startDate: shownTime(sinceMs, setting.skewMs),
    agentId: Number(agent.person.id),
    agentStateId,
    agentStateName,
    agentSessionId: 900_000 + agent.index,
    contactId: traits === null ? null : Math.floor(sinceMs / 1000) * 1000 + (agent.index % 1000),
    skillId: skill === undefined ? null : Number(skill.id),
    skillName: skill?.name ?? null,
    mediaTypeId: traits?.mediaTypeId ?? null,
    mediaTypeName: traits?.mediaTypeName ?? null,
    fromAddress: traits === null ? null : '+15555550100',
    toAddress: traits === null ? null : '+15555550199',
    outStateId,
    outStateDescription,
    duration: spelledDuration(lengthMs, spelling),
    isOutbound: traits?.isOutbound ?? false,
    isNaturalCalling: false,
    stationId: 60_000 + agent.index,
    stationName: agent.person.extension,
    teamId: setting.teamIdOf(agent),
  };
}

/** How a duration is written: as ISO 8601, as seconds in a string, or as a number of seconds (facts, sections 3 and 9). */
export type HistorySpelling = 'iso' | 'seconds' | 'number';

function spelledDuration(ms: number, spelling: HistorySpelling): string | number {
  if (spelling === 'iso') return isoDuration(ms);
  return spelling === 'seconds' ? String(ms / 1000) : ms / 1000;
}

/** What waits in a skill's queue. */
export interface Queue {
  count: number;
  /** The first one's wait, ms. */
  waitMs: number;
  inSLA: number;
  outSLA: number;
}

/** A record of `GET /skills/activity`. `agents`: everybody the skill is assigned to. */
export function activityRecord(skill: Skill, agents: readonly Agent[], queue: Queue, nowMs: number, setting: Setting): Row {
  const many = (...states: Agent['state'][]) => agents.filter(({ state }) => states.includes(state)).length;
  const handled = queue.inSLA + queue.outSLA;
  return {
    serverTime: shownTime(nowMs, setting.skewMs),
    businessUnitId: setting.businessUnitId,
    agentsACW: many('WRAP_UP'),
    agentsAvailable: many('READY'),
    agentsIdle: 0,
    agentsLoggedIn: agents.length - many('LOGOUT'),
    agentsUnavailable: many('NOT_READY', 'WRAP_UP', 'LOGIN'),
    agentsWorking: many('ON_CONTACT'),
    campaignName: 'Main',
    contactsActive: queue.count + agents.filter(({ contactSkill }) => contactSkill === skill).length,
    earliestQueueTime: queue.count === 0 ? null : shownTime(nowMs - queue.waitMs, setting.skewMs),
    isActive: skill.active,
    inSLA: queue.inSLA,
    outSLA: queue.outSLA,
    queueCount: queue.count,
    serviceLevel: handled === 0 ? 100 : Math.round((queue.inSLA / handled) * 100),
    serviceLevelGoal: 90,
    serviceLevelThreshold: 30,
    skillQueueCount: queue.count,
    personalQueueCount: 0,
    parkedCount: 0,
    ...skillMembers(skill),
  };
}

/** A record of `GET /teams`. */
export function teamRecord(team: Team, startedMs: number, setting: Setting): Row {
  return {
    teamId: team.id,
    teamName: team.name,
    isActive: true,
    description: '',
    notes: '',
    lastUpdateTime: shownTime(startedMs, setting.skewMs),
    agentCount: team.agents.length,
  };
}

/** A record of `GET /unavailable-codes`. */
export function codeRecords(): Row[] {
  return OUT_STATES.map(({ minutes, ...code }) => ({ ...code, agentTimeout: minutes }));
}

/** A record of `GET /teams/{id}/unavailable-codes`, where the same things have other names. */
export function teamCodeRecords(): Row[] {
  return OUT_STATES.map(({ id, name, isActive, isACW, minutes }) => ({
    outstateId: id,
    outstateName: name,
    isActive,
    isAcw: isACW,
    agentTimeoutMins: String(minutes),
  }));
}

/** The answer's one record of `GET /business-unit`. `apiPublishedLimit`: what it means is not known. */
export function businessUnitRecord(agents: number, businessUnitId: number): Row {
  return {
    businessUnitId,
    businessUnitName: OWN_BUSINESS_UNIT.businessUnitName,
    defaultTimeZone: 'UTC',
    isActive: true,
    tenantId: OWN_BUSINESS_UNIT.tenantId,
    apiPublishedLimit: 1000,
    concurrentAgentLimit: Math.max(50, agents),
    userLimit: Math.max(100, agents * 2),
  };
}

/** A record of `GET /skills` in the versions that have it. */
export function skillRecord(skill: Skill, setting: Setting): Row {
  return { ...skillMembers(skill), isActive: skill.active, campaignName: 'Main', businessUnitId: setting.businessUnitId };
}
