/** Ready-made situations: each cause of an empty list the product must tell apart, and a lifelike day for demonstrations. */
import type { FaultSpec, Faults } from './faults.ts';
import { HttpError } from './http.ts';
import type { AgentSetting, Simulation } from './simulation.ts';

/** The agent the scenarios are about. */
export const SUBJECT = 'Dana Ortiz';

/** A situation: what it is in a sentence, the faults it arms, and the agents it sets by hand (by name). */
export interface Scenario {
  description: string;
  faults?: FaultSpec[];
  agents?: Record<string, AgentSetting & { sinceMinutes?: number }>;
}

const about = (kind: FaultSpec['kind'], more: Record<string, unknown> = {}): FaultSpec => ({ kind, agentId: SUBJECT, ...more });

/** All scenarios by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  calm: { description: 'No faults: agents come and go, every answer is right. The default.' },
  day: {
    description: `A busy day: something changes every few seconds; from 20 s after the start ${SUBJECT} is missing from the states though everything about her is in order; one lunch and one wrap-up are far too long.`,
    faults: [about('hidden', { afterSeconds: 20 })],
    agents: {
      'Jonas Weber': { state: 'NOT_READY', subState: 'Lunch', sinceMinutes: 74 },
      'Mei Lin Tan': { state: 'WRAP_UP', sinceMinutes: 22 },
    },
  },
  scopeMissing: {
    description: 'view:interaction (and its like in the other vocabularies) is lost at sign-in: states are 200 [].',
    faults: [{ kind: 'scopeDroppedAtSignIn', scopes: ['view:interaction', 'read:interaction', 'agent:state:read'] }],
  },
  scopeDroppedOnRefresh: {
    description: 'Sign-in gives every scope; each refresh loses view:interaction (or its like): states turn to 200 [].',
    faults: [{ kind: 'scopeDroppedOnRefresh', nth: 1, scopes: ['view:interaction', 'read:interaction', 'agent:state:read'] }],
  },
  scopeEmpty: { description: 'Tokens carry no scope at all and say so: states are 200 [].', faults: [{ kind: 'scopeEmpty' }] },
  tokenRejected: {
    description: 'The API answers 401 to every token, also after a refresh.',
    faults: [{ kind: 'status', status: 401 }],
  },
  roleLacksPermission: {
    description: 'The signed-in person has no role with the permission to see states: 200 [], and /users/me shows it.',
    faults: [{ kind: 'roleWithoutPermission' }],
  },
  partitionRestricted: {
    description: `${SUBJECT} lies in a partition the person may not see: 403 with a text for her, and she is missing from the list.`,
    faults: [about('partitionRestricted')],
  },
  organisationMismatch: {
    description: `${SUBJECT} belongs to another organisation than the token: profile with another orgId, missing from the states.`,
    faults: [about('agentOtherOrganisation')],
  },
  agentNotFound: { description: `${SUBJECT} does not exist any more: 404, missing everywhere.`, faults: [about('agentUnknown')] },
  wrongKindOfId: {
    description: `Nothing is wrong with the tenant: ask for ${SUBJECT} by e-mail, extension, externalId or userId and get 404 and [].`,
  },
  noSkillGroups: { description: `${SUBJECT} has no skill groups: missing from the states.`, faults: [about('noSkillGroups')] },
  notLoggedInToASkill: {
    description: `${SUBJECT} is logged in, but to no skill: missing from the list; asked for singly, a row without skillStates.`,
    faults: [about('notLoggedInToASkill')],
  },
  skillInactive: {
    description: `Every skill group of ${SUBJECT} is paused: missing from the states.`,
    faults: [about('skillInactive')],
  },
  propagationDelay: {
    description: `The state of ${SUBJECT} appears only 12 s after the start of the scenario.`,
    faults: [about('stateAfterSeconds', { seconds: 12 })],
  },
  loggedOut: {
    description: `${SUBJECT} is logged out: LOGOUT, loggedIn false.`,
    agents: { [SUBJECT]: { state: 'LOGOUT', sinceMinutes: 41 } },
  },
  noStateSet: {
    description: `${SUBJECT} is logged in and has chosen no state: LOGIN, loggedIn true.`,
    agents: { [SUBJECT]: { state: 'LOGIN', sinceMinutes: 6 } },
  },
  wrongHostOrVersion: {
    description: 'Nothing of the API is at this host or version: 404 with a page of HTML for every path.',
    faults: [{ kind: 'status', status: 404, html: true }],
  },
  captivePortal: {
    description: 'A guest network answers for everybody: HTML with status 200, at the token endpoint and the discovery too.',
    faults: [{ kind: 'html200' }, { kind: 'tokenHtml' }, { kind: 'discoveryHtml' }],
  },
  rateLimited: {
    description: 'States answer 429 with Retry-After: 30.',
    faults: [{ kind: 'status', status: 429, retryAfter: 30, match: '/api/v2/agents' }],
  },
  malformed: {
    description: 'States answer an object that is not a list of agents.',
    faults: [{ kind: 'malformedEnvelope', shape: 'object' }],
  },
};

/** Causes that belong to the public profile. */
const NOT_HERE: Record<string, string> = {
  noChangeSince: 'not available here: it belongs to the public profile (an empty answer to an updatedSince poll)',
};

/** The list of scenarios, a line each. */
export function scenarioHelp(): string {
  const all = [...Object.entries(SCENARIOS).map(([name, { description }]) => [name, description]), ...Object.entries(NOT_HERE)];
  return all.map(([name, text]) => `  ${name}: ${text}`).join('\n');
}

/** Whether there is such a scenario. */
export function isScenario(name: string): boolean {
  return Object.hasOwn(SCENARIOS, name);
}

/** Puts the tenant into a situation: earlier faults are cleared, agents set by hand are released. */
export function applyScenario(name: string, sim: Simulation, faults: Faults): Scenario {
  const scenario = isScenario(name) ? SCENARIOS[name] : undefined;
  if (!scenario)
    throw new HttpError(400, 'unknown_scenario', `${NOT_HERE[name] ?? 'unknown scenario'}; there are:\n${scenarioHelp()}`);
  faults.clear();
  for (const agent of sim.agents) sim.release(agent);
  for (const fault of scenario.faults ?? []) faults.arm({ ...fault });
  for (const [who, { sinceMinutes, ...setting }] of Object.entries(scenario.agents ?? {})) {
    const agent = sim.find(who);
    if (!agent) continue;
    const startDate =
      sinceMinutes === undefined ? {} : { startDate: new Date(sim.clock.now() - sinceMinutes * 60_000).toISOString() };
    sim.set(agent, { ...setting, ...startDate });
  }
  return scenario;
}
