/**
 * The situations of profile `public`, under the names of the causes where it has them. A cause that lies in scopes is none here: the only scope is `openid`, rights are
 * the user's role (facts, section 4).
 */
import type { FaultSpec } from './faults.ts';
import { SCENARIOS, type Scenario, type ScenarioBook, SUBJECT } from './scenarios.ts';

const about = (kind: FaultSpec['kind'], more: Record<string, unknown> = {}): FaultSpec => ({ kind, agentId: SUBJECT, ...more });

/** The team of the agent the scenarios are about. */
const SUBJECT_TEAM = 'Billing North';

/** Scenarios that are the same thing on either API. */
const SHARED = [
  'calm',
  'day',
  'tokenRejected',
  'tokenRejected_nearMissOnce',
  'agentNotFound',
  'agentNotFound_nearMissLoggedOut',
  'propagationDelay',
  'propagationDelay_nearMissHidden',
  'loggedOut',
  'noStateSet',
  'captivePortal',
  'unreachable',
  'unreachable_unavailable',
] as const;

function shared(): Record<string, Scenario> {
  return Object.fromEntries(SHARED.flatMap((name) => (SCENARIOS[name] ? [[name, SCENARIOS[name]]] : [])));
}

const WORDS_OF_NO_ROLE = 'Security permissions prevent access to data';

const SCENARIOS_PUBLIC: Readonly<Record<string, Scenario>> = {
  ...shared(),
  noChangeSince: {
    description:
      'Whatever happens, an updatedSince poll says that nothing changed: 200 with an empty list. A poll without it is right.',
    faults: [{ kind: 'noChangeSince', always: true }],
  },
  noChangeSince_noContent: {
    description: 'When nothing changed, an updatedSince poll is answered 204, without a body.',
    faults: [{ kind: 'noChangeSince', as: '204' }],
  },
  noChangeSince_notModified: {
    description: 'When nothing changed, an updatedSince poll is answered 304, without a body.',
    faults: [{ kind: 'noChangeSince', as: '304' }],
  },
  noChangeSince_nearMissNobody: {
    description: 'The first poll is empty, too: nobody may be seen, and /agents counts all as hidden.',
    faults: [{ kind: 'restrictedTeams' }],
  },
  partitionRestricted: {
    description: `The person may not see the team of ${SUBJECT}: its agents are left out without a word, counted in hiddenAgents, and 403 "is restricted" singly.`,
    faults: [{ kind: 'restrictedTeams', teams: [SUBJECT_TEAM] }],
  },
  partitionRestricted_everything: {
    description: 'The person may see no team: 200 with an empty list; /agents counts everybody as hidden.',
    faults: [{ kind: 'restrictedTeams' }],
  },
  roleLacksPermission: {
    description: 'The person’s role may not see states: 403 with error_description, and /permissions shows it.',
    faults: [{ kind: 'roleWithoutPermission' }],
  },
  roleLacksPermission_header: {
    description: 'States are 403 with an empty body; the reason is in the header icStatusDescription.',
    faults: [{ kind: 'forbidden', as: 'header', text: WORDS_OF_NO_ROLE, match: '/agents/states' }],
  },
  roleLacksPermission_bare: {
    description: 'States are 403 without a word.',
    faults: [{ kind: 'forbidden', as: 'bare', match: '/agents/states' }],
  },
  organisationMismatch: {
    description: 'Every record names another business unit than the token’s icBUId.',
    faults: [{ kind: 'businessUnitMismatch' }],
  },
  wrongHostOrVersion: {
    description: 'Nothing of the API is at the host that discovery names: 404 with a page of HTML for every path.',
    faults: [{ kind: 'status', status: 404, html: true }],
  },
  wrongHostOrVersion_uiHost: {
    description: 'The cxone-configuration names the UI host as api_endpoint: data calls there are 404 with HTML.',
    faults: [{ kind: 'configurationFields', patch: { api_endpoint: '__ui__' } }],
  },
  wrongHostOrVersion_foreignHost: {
    description: 'The cxone-configuration names a host that is nobody’s business: no token may go there.',
    faults: [{ kind: 'configurationFields', patch: { api_endpoint: 'https://api-na1.example.org' } }],
  },
  wrongHostOrVersion_noConfiguration: {
    description: 'There is no cxone-configuration for this tenant: 404.',
    faults: [{ kind: 'configurationStatus' }],
  },
  wrongHostOrVersion_nearMissOldOnly: {
    description: 'Only v28.0 answers, v34.0 and v30.0 are 404: with the older version all is well.',
    faults: [{ kind: 'oldVersionsOnly', versions: ['v28.0'] }],
  },
  rateLimited: {
    description: 'States answer 429 with Retry-After: 30.',
    faults: [{ kind: 'status', status: 429, retryAfter: 30, match: '/agents/states' }],
  },
  rateLimited_silent: {
    description: 'States answer 429 and do not say for how long.',
    faults: [{ kind: 'status', status: 429, match: '/agents/states' }],
  },
  rateLimited_midway: {
    description: `${SUBJECT} is missing; whoever asks for skills gets 429 with Retry-After: 30.`,
    faults: [{ kind: 'status', status: 429, retryAfter: 30, match: '/agents/*/skills' }, about('hidden')],
  },
  malformed: {
    description: 'States answer an object without a list of agents.',
    faults: [{ kind: 'malformedEnvelope', shape: 'object', match: '/agents/states' }],
  },
  malformed_nearMissDrift: {
    description: 'Members have their other names, ids and flags are texts, the list is in resultSet: all of it good.',
    faults: [{ kind: 'fieldDrift' }],
  },
  malformed_nearMissOverlap: {
    description: 'Lists come in pages of 20 that overlap by two rows.',
    faults: [{ kind: 'pagedByDefault' }, { kind: 'pagesOverlap' }],
  },
  agentNotFound_nearMissInactive: {
    description: `${SUBJECT} was deactivated: the record is there and says isActive false, and she is missing from the states.`,
    faults: [about('agentInactive'), about('hidden')],
  },
  wrongKindOfId: {
    description: `Nothing is wrong with the tenant: ask for the states of ${SUBJECT} by e-mail, telephone, internalId or userId and get 404.`,
  },
  noSkillGroups: {
    description: `${SUBJECT} has no skills; the states mention her all the same.`,
    faults: [about('noSkillGroups')],
  },
  skillInactive: {
    description: `Every skill of ${SUBJECT} is paused; the states mention her all the same.`,
    faults: [about('skillInactive')],
  },
};

/** The scenarios of this profile. */
export const PUBLIC_BOOK: ScenarioBook = {
  scenarios: SCENARIOS_PUBLIC,
  notHere: {
    scopeMissing: 'not available here: the only scope is openid, rights are the user’s role',
    scopeDroppedOnRefresh: 'not available here: the only scope is openid',
    scopeEmpty: 'not available here: the only scope is openid',
    notLoggedInToASkill: 'not available here: agents do not log in to skills, they are in the states whatever their skills',
    hostAccessMissing: 'not available here: it is the browser that keeps the extension from the host',
  },
};
