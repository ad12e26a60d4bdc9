/**
 * The people of the demo tenant as profile `public` knows them: the same names, shifts and calls, but ids are whole numbers
 * (facts, section 0: `agentId` is an int64; the GUID is the UserHub `userId`), and there are teams, media and codes with ids of their own.
 */
import { makePerson, makeSkills, ORG_ID, OTHER_ORG_ID, type Person, type Skill } from './people.ts';
import type { Agent, StateCode } from './simulation.ts';

/** One CXone tenant, which the ACD calls a business unit. */
export interface BusinessUnit {
  tenantId: string;
  /** The claim `tenant`. */
  tenant: string;
  businessUnitId: number;
  businessUnitName: string;
}

const OWN: BusinessUnit = {
  tenantId: '11ee7f3a-0000-4000-8000-00000000d3a0',
  tenant: 'demo_contact_centre',
  businessUnitId: 4600123,
  businessUnitName: 'Demo Contact Centre',
};

const OTHER: BusinessUnit = {
  tenantId: '11ee51c0-0000-4000-8000-00000000e15e',
  tenant: 'elsewhere',
  businessUnitId: 4600987,
  businessUnitName: 'Elsewhere',
};

/** The business unit of an organisation of the accounts. */
export function businessUnitOf(orgId: string): BusinessUnit {
  return orgId === OTHER_ORG_ID ? OTHER : OWN;
}

/** The business unit whose agents this is. */
export const OWN_BUSINESS_UNIT = businessUnitOf(ORG_ID);

/** Makes the tenant's people with numbers for ids; the same seed, the same ids, so that two tenants of one seed have all ids in common. */
export const PUBLIC_CAST = {
  skills: (seed: number): Skill[] => makeSkills(seed).map((skill, index) => ({ ...skill, id: String(4101 + index) })),
  person: (seed: number, index: number, skills: readonly Skill[]): Person => ({
    ...makePerson(seed, index, skills),
    id: String(10_000_001 + (seed % 900) * 100_000 + index),
    orgId: OWN.tenantId,
  }),
};

/** A name in two parts, as the API has it. */
export function nameParts(name: string): { firstName: string; lastName: string } {
  const at = name.indexOf(' ');
  return at < 0 ? { firstName: name, lastName: '' } : { firstName: name.slice(0, at), lastName: name.slice(at + 1) };
}

/** States by id (facts, section 2). */
interface PublicState {
  agentStateId: number;
  agentStateName: string;
  isACW: boolean;
  outStateId: number | null;
  outStateDescription: string | null;
}

/** A reason for being unavailable; negative ids are the system's own (HELP, Agent States Report). */
export interface OutState {
  id: number;
  name: string;
  isActive: boolean;
  isACW: boolean;
  /** How long it may last; 0 = no end. */
  minutes: number;
}

/** The tenant's unavailable codes. */
export const OUT_STATES: readonly OutState[] = [
  { id: 11, name: 'Lunch', isActive: true, isACW: false, minutes: 45 },
  { id: 12, name: 'Break', isActive: true, isACW: false, minutes: 15 },
  { id: 13, name: 'Coaching', isActive: true, isACW: false, minutes: 0 },
  { id: 14, name: 'Training', isActive: true, isACW: false, minutes: 0 },
  { id: 15, name: 'Meeting', isActive: true, isACW: false, minutes: 60 },
  { id: 16, name: 'Fire drill', isActive: false, isACW: false, minutes: 0 },
  { id: 20, name: 'Wrap Up', isActive: true, isACW: true, minutes: 10 },
];
const WRAP_UP = { id: 20, name: 'Wrap Up' };
/** What the system itself says instead of a reason. */
const SYSTEM_STATES: Readonly<Record<string, number>> = {
  Refused: -1,
  HeldPartyAbandoned: -2,
  InboundPending: -3,
  LogoffPending: -12,
};
/** A reason set by hand that is no code of the tenant. */
const OTHER_REASON = 99;

const PLAIN = { isACW: false, outStateId: null, outStateDescription: null };

/** A state of the simulation as the ACD says it. After-contact work is Unavailable with a flag, not a state of its own. */
export function publicState(state: StateCode, subState: string | null, outbound: boolean): PublicState {
  switch (state) {
    case 'LOGOUT':
      return { agentStateId: 0, agentStateName: 'LoggedOut', ...PLAIN };
    case 'READY':
      return { agentStateId: 1, agentStateName: 'Available', ...PLAIN };
    case 'NOT_READY': {
      const code = subState === null ? undefined : OUT_STATES.find(({ name }) => name === subState);
      const id = subState === null ? null : (code?.id ?? SYSTEM_STATES[subState] ?? OTHER_REASON);
      return { agentStateId: 2, agentStateName: 'Unavailable', isACW: false, outStateId: id, outStateDescription: subState };
    }
    case 'WRAP_UP':
      return {
        agentStateId: 2,
        agentStateName: 'Unavailable',
        isACW: true,
        outStateId: WRAP_UP.id,
        outStateDescription: WRAP_UP.name,
      };
    case 'ON_CONTACT':
      return outbound
        ? { agentStateId: 4, agentStateName: 'OutboundContact', ...PLAIN }
        : { agentStateId: 3, agentStateName: 'InboundContact', ...PLAIN };
    case 'LOGIN':
      return { agentStateId: 8, agentStateName: 'LoggedIn', ...PLAIN };
  }
}

/** What a skill is besides its name. */
export function traitsOf(skill: Skill): { mediaTypeId: number; mediaTypeName: string; isOutbound: boolean; campaignId: number } {
  const [mediaTypeId, mediaTypeName] =
    skill.name === 'Chat'
      ? ([3, 'Chat'] as const)
      : skill.name === 'Back office'
        ? ([6, 'Work Item'] as const)
        : ([4, 'Phone Call'] as const);
  return { mediaTypeId, mediaTypeName, isOutbound: skill.name === 'Sales', campaignId: 501 };
}

/** A team, with the agents in it. */
export interface Team {
  id: number;
  name: string;
  agents: Agent[];
}

/** The teams of these agents, numbered in the order they appear. */
export function teamsOf(agents: readonly Agent[]): Team[] {
  const teams = new Map<string, Team>();
  for (const agent of agents) {
    const { teamName } = agent.person;
    const team = teams.get(teamName) ?? { id: 701 + teams.size, name: teamName, agents: [] };
    team.agents.push(agent);
    teams.set(teamName, team);
  }
  return [...teams.values()];
}
