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

/** What a state needs, in each vocabulary of scopes. */
const STATE_RIGHTS = ['view:interaction', 'read:interaction', 'agent:state:read'];
const HIDDEN = about('hidden');

/**
 * All scenarios by name: besides a calm and a busy day, one for each cause of an empty list, and under `<cause>_<what>` another form of it.
 * `<cause>_nearMiss<What>` looks the same to somebody who only sees that the state is missing, but the cause is another, or not to be found.
 */
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
    faults: [{ kind: 'scopeDroppedAtSignIn', scopes: STATE_RIGHTS }],
  },
  scopeMissing_opaque: {
    description: 'The same, with tokens that are no JWTs and answers that do not say their scope: only introspection tells.',
    faults: [{ kind: 'scopeDroppedAtSignIn', scopes: STATE_RIGHTS }, { kind: 'opaqueToken' }, { kind: 'scopeAbsentInResponse' }],
  },
  scopeMissing_nearMissOpaque: {
    description: `Tokens are no JWTs, answers do not say their scope, but it is whole; ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'opaqueToken' }, { kind: 'scopeAbsentInResponse' }, HIDDEN],
  },
  scopeDroppedOnRefresh: {
    description: 'Sign-in gives every scope; each refresh loses view:interaction (or its like): states turn to 200 [].',
    faults: [{ kind: 'scopeDroppedOnRefresh', nth: 1, scopes: STATE_RIGHTS }],
  },
  scopeDroppedOnRefresh_second: {
    description: 'The first refresh is good, the second and all after it lose view:interaction (or its like).',
    faults: [{ kind: 'scopeDroppedOnRefresh', nth: 2, scopes: STATE_RIGHTS }],
  },
  scopeDroppedOnRefresh_nearMissReordered: {
    description: `Each refresh gives the same scopes in another order, so that none is lost; ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'scopeReordered' }, HIDDEN],
  },
  scopeEmpty: { description: 'Tokens carry no scope at all and say so: states are 200 [].', faults: [{ kind: 'scopeEmpty' }] },
  scopeEmpty_nearMissUnsaid: {
    description: `Answers do not say the scope (the token has it whole); ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'scopeAbsentInResponse' }, HIDDEN],
  },
  tokenRejected: {
    description: 'The API answers 401 to every token, also after a refresh.',
    faults: [{ kind: 'status', status: 401 }],
  },
  tokenRejected_nearMissOnce: {
    description: `The API answers 401 once, and takes the renewed token; ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'status', status: 401, times: 1 }, HIDDEN],
  },
  roleLacksPermission: {
    description: 'The signed-in person has no role with the permission to see states: 200 [], and /users/me shows it.',
    faults: [{ kind: 'roleWithoutPermission' }],
  },
  roleLacksPermission_forbidden: {
    description: 'The same, but the list is refused with 403 and a text.',
    faults: [{ kind: 'roleWithoutPermission', status: 403 }],
  },
  roleLacksPermission_nearMissUnsaid: {
    description: 'States are 200 [] for everybody, and /users/me says nothing of roles: no cause can be shown.',
    faults: [{ kind: 'empty', match: '/api/v2/agents/states' }, { kind: 'silentMe' }],
  },
  partitionRestricted: {
    description: `${SUBJECT} lies in a partition the person may not see: 403 with a text for her, and she is missing from the list.`,
    faults: [about('partitionRestricted')],
  },
  partitionRestricted_everything: {
    description: 'The person may see no partition: 403 for every agent and for the list, with a text that says partition.',
    faults: [{ kind: 'partitionRestricted' }],
  },
  organisationMismatch: {
    description: `${SUBJECT} belongs to another organisation than the token: profile with another orgId, missing from the states.`,
    faults: [about('agentOtherOrganisation')],
  },
  agentNotFound: { description: `${SUBJECT} does not exist any more: 404, missing everywhere.`, faults: [about('agentUnknown')] },
  agentNotFound_nearMissLoggedOut: {
    description: `${SUBJECT} is logged out, and this tenant gives no row for her: there is a profile, and no state.`,
    faults: [HIDDEN],
    agents: { [SUBJECT]: { state: 'LOGOUT', sinceMinutes: 41 } },
  },
  agentNotFound_nearMissInactive: {
    description: `${SUBJECT} was deactivated: the profile is there and says inactive, missing from the states.`,
    faults: [about('agentInactive')],
  },
  wrongKindOfId: {
    description: `Nothing is wrong with the tenant: ask for ${SUBJECT} by e-mail, extension, externalId or userId, or for the id of one of her skills, and get 404 and [].`,
  },
  noSkillGroups: { description: `${SUBJECT} has no skill groups: missing from the states.`, faults: [about('noSkillGroups')] },
  noSkillGroups_nearMissNoLogin: {
    description: `${SUBJECT} has skill groups and is logged in to none of them: nothing in the list, nothing when asked for singly.`,
    faults: [about('notLoggedInToASkill', { row: 'none' })],
  },
  notLoggedInToASkill: {
    description: `${SUBJECT} is logged in, but to no skill: missing from the list; asked for singly, a row without skillStates.`,
    faults: [about('notLoggedInToASkill')],
  },
  skillInactive: {
    description: `Every skill group of ${SUBJECT} is paused: missing from the states.`,
    faults: [about('skillInactive')],
  },
  skillInactive_nearMissOneOfTwo: {
    description: `One of the two skill groups of ${SUBJECT} is paused, which hides nobody; she is missing for a reason not to be found.`,
    faults: [about('skillInactive', { paused: 1 }), HIDDEN],
  },
  propagationDelay: {
    description: `The state of ${SUBJECT} appears only 12 s after the start of the scenario.`,
    faults: [about('stateAfterSeconds', { seconds: 12 })],
  },
  propagationDelay_secondRetry: {
    description: `The state of ${SUBJECT} appears when she is asked for singly the third time, however long that takes.`,
    faults: [about('stateAfterSeconds', { tries: 2 })],
  },
  propagationDelay_nearMissHidden: {
    description: `The state of ${SUBJECT} never appears, for a reason not to be found.`,
    faults: [HIDDEN],
  },
  loggedOut: {
    description: `${SUBJECT} is logged out: LOGOUT, loggedIn false.`,
    agents: { [SUBJECT]: { state: 'LOGOUT', sinceMinutes: 41 } },
  },
  noStateSet: {
    description: `${SUBJECT} is logged in and has chosen no state: LOGIN, loggedIn true.`,
    agents: { [SUBJECT]: { state: 'LOGIN', sinceMinutes: 6 } },
  },
  noStateSet_null: {
    description: `${SUBJECT} is logged in and has chosen no state: the row says state null, loggedIn true.`,
    faults: [about('stateAbsent')],
  },
  wrongHostOrVersion: {
    description: 'Nothing of the API is at this host or version: 404 with a page of HTML for every path.',
    faults: [{ kind: 'status', status: 404, html: true }],
  },
  wrongHostOrVersion_nearMissNoMe: {
    description: `Only /users/me is not there (404 with HTML); ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'status', status: 404, html: true, match: '/api/v2/users/me' }, HIDDEN],
  },
  captivePortal: {
    description: 'A guest network answers for everybody: HTML with status 200, at the token endpoint and the discovery too.',
    faults: [{ kind: 'html200' }, { kind: 'tokenHtml' }, { kind: 'discoveryHtml' }],
  },
  rateLimited: {
    description: 'States answer 429 with Retry-After: 30.',
    faults: [{ kind: 'status', status: 429, retryAfter: 30, match: '/api/v2/agents' }],
  },
  rateLimited_midway: {
    description: `${SUBJECT} is missing; whoever asks for skill groups gets 429 with Retry-After: 30.`,
    faults: [{ kind: 'status', status: 429, retryAfter: 30, match: '/api/v2/agents/*/skillGroups' }, HIDDEN],
  },
  malformed: {
    description: 'States answer an object that is not a list of agents.',
    faults: [{ kind: 'malformedEnvelope', shape: 'object' }],
  },
  malformed_nearMissWrapped: {
    description: `States answer {agentStates: […]}, which is good; ${SUBJECT} is missing for a reason not to be found.`,
    faults: [{ kind: 'malformedEnvelope', shape: 'wrapped' }, HIDDEN],
  },
  unreachable: { description: 'The API breaks off every connection without an answer.', faults: [{ kind: 'reset' }] },
  unreachable_unavailable: {
    description: 'The API answers 503 with Retry-After: 30, which is no limit of rates.',
    faults: [{ kind: 'status', status: 503, retryAfter: 30 }],
  },
};

/** Causes no tenant of this profile can bring about. */
export const NOT_HERE: Readonly<Record<string, string>> = {
  noChangeSince: 'not available here: it belongs to the public profile (an empty answer to an updatedSince poll)',
  hostAccessMissing: 'not available here: it is the browser that keeps the extension from the host',
};

/** What can be played with a profile, and what cannot, and why. */
export interface ScenarioBook {
  scenarios: Readonly<Record<string, Scenario>>;
  notHere: Readonly<Record<string, string>>;
}

export const V2_BOOK: ScenarioBook = { scenarios: SCENARIOS, notHere: NOT_HERE };

/** The list of scenarios, a line each. */
export function scenarioHelp({ scenarios, notHere } = V2_BOOK): string {
  const all = [...Object.entries(scenarios).map(([name, { description }]) => [name, description]), ...Object.entries(notHere)];
  return all.map(([name, text]) => `  ${name}: ${text}`).join('\n');
}

/** Whether there is such a scenario. */
export function isScenario(name: string, { scenarios } = V2_BOOK): boolean {
  return Object.hasOwn(scenarios, name);
}

/** Puts the tenant into a situation: earlier faults are cleared, agents set by hand are released. */
export function applyScenario(name: string, sim: Simulation, faults: Faults, book = V2_BOOK): Scenario {
  const scenario = isScenario(name, book) ? book.scenarios[name] : undefined;
  if (!scenario)
    throw new HttpError(
      400,
      'unknown_scenario',
      `${book.notHere[name] ?? 'unknown scenario'}; there are:\n${scenarioHelp(book)}`,
    );
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
