/** The causes under profile `public`: rights are the user's role, the list says what changed, and agents are in it whatever their skills. */
import { SUBJECT } from '../../tenant/scenarios.ts';
import type { Cases } from './cases.ts';

/** Missing, and everything that could be asked is in order. */
const HIDDEN = { scenario: 'propagationDelay_nearMissHidden', cause: null, briefly: true } as const;
const ALSO_HIDDEN = { kind: 'hidden', agentId: SUBJECT } as const;
const OWN_UNIT = '4600123';
const OTHER_UNIT = '4600987';
const WHATEVER_SKILLS = 'agents are in the list of states whatever their skills: nobody goes missing for it';
const ONLY_OPENID = 'the documented API has one scope, openid; what a person may see is their role';

export const PUBLIC_CASES: Cases = {
  hostAccessMissing: {
    what: 'Chrome keeps the extension from the hosts',
    at: 'hosts',
    confidence: 'certain',
    remedy: 'grantHosts',
    who: 'supervisor',
    asks: [],
    nearMisses: [{ scenario: 'unreachable', cause: 'unreachable' }],
  },
  unreachable: {
    scenario: 'unreachable',
    confidence: 'certain',
    remedy: 'runAgain',
    // A poll has just found it out.
    asks: [],
    forms: [{ scenario: 'unreachable_unavailable', remedy: 'runLater', asks: [] }],
    nearMisses: [{ scenario: 'rateLimited', cause: 'rateLimited' }],
  },
  captivePortal: {
    scenario: 'captivePortal',
    confidence: 'certain',
    remedy: 'openPortal',
    asks: [],
    nearMisses: [{ scenario: 'wrongHostOrVersion', cause: 'wrongHostOrVersion' }],
  },
  wrongHostOrVersion: {
    scenario: 'wrongHostOrVersion',
    confidence: 'certain',
    remedy: 'openOptions',
    who: 'admin',
    asks: [],
    // An older version answers: it is asked instead, and there is nothing to find.
    nearMisses: [{ scenario: 'wrongHostOrVersion_nearMissOldOnly', cause: null, briefly: true }],
  },
  rateLimited: {
    scenario: 'rateLimited',
    confidence: 'certain',
    remedy: 'runLater',
    asks: [],
    forms: [
      { scenario: 'rateLimited_silent', asks: [] },
      { scenario: 'rateLimited_midway', remedy: 'runLater', asks: ['agent', 'skillGroups'] },
    ],
    nearMisses: [{ scenario: 'unreachable_unavailable', cause: 'unreachable' }],
  },
  malformed: {
    scenario: 'malformed',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'admin',
    asks: [],
    nearMisses: [
      { scenario: 'malformed_nearMissDrift', faults: [ALSO_HIDDEN], cause: null, briefly: true },
      { scenario: 'malformed_nearMissOverlap', faults: [ALSO_HIDDEN], cause: null, briefly: true },
    ],
  },
  tokenRejected: {
    scenario: 'tokenRejected',
    confidence: 'certain',
    remedy: 'signIn',
    asks: ['me'],
    nearMisses: [{ scenario: 'tokenRejected_nearMissOnce', cause: null, briefly: true }],
  },
  scopeMissing: { notHere: ONLY_OPENID },
  scopeDroppedOnRefresh: { notHere: ONLY_OPENID },
  scopeEmpty: { notHere: ONLY_OPENID },
  roleLacksPermission: {
    what: 'a 403 with an error_description',
    scenario: 'roleLacksPermission',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    asks: [],
    forms: [
      {
        what: 'a 403 whose reason is in icStatusDescription',
        scenario: 'roleLacksPermission_header',
        params: () => ['', 'Security permissions prevent access to data'],
        asks: [],
      },
      { what: 'a 403 without a word', scenario: 'roleLacksPermission_bare', params: () => ['', ''], asks: [] },
    ],
    nearMisses: [{ scenario: 'partitionRestricted', cause: 'partitionRestricted' }],
  },
  partitionRestricted: {
    what: 'the team is kept from the person',
    scenario: 'partitionRestricted',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    forms: [{ what: 'no team may be seen: nobody visible, everybody hidden', scenario: 'partitionRestricted_everything' }],
    // The poll had asked for the agent singly, and was told the same.
    asks: ['agent'],
    nearMisses: [{ scenario: 'roleLacksPermission', cause: 'roleLacksPermission' }],
  },
  organisationMismatch: {
    what: 'records of another business unit than the token’s',
    scenario: 'organisationMismatch',
    faults: [ALSO_HIDDEN],
    confidence: 'certain',
    remedy: 'stopWatching',
    params: () => [OTHER_UNIT, OWN_UNIT],
    // An agent's own record does not name the unit; the list of the skills does.
    asks: ['agent', 'skillGroups'],
    // Missing, and without a skill that is in use: it may be that, and may be anything.
    nearMisses: [
      HIDDEN,
      { what: 'missing, and without any skill', scenario: 'noSkillGroups', faults: [ALSO_HIDDEN], cause: null, briefly: true },
      { what: 'missing, every skill paused', scenario: 'skillInactive', faults: [ALSO_HIDDEN], cause: null, briefly: true },
    ],
  },
  agentNotFound: {
    scenario: 'agentNotFound',
    confidence: 'certain',
    remedy: 'stopWatching',
    asks: ['agent', 'directory'],
    nearMisses: [
      { scenario: 'agentNotFound_nearMissLoggedOut', after: 'loggedOut', cause: 'loggedOut', briefly: true },
      {
        scenario: 'agentNotFound_nearMissInactive',
        cause: 'loggedOut',
        who: 'admin',
        params: () => ['', 'inactive'],
        briefly: true,
      },
    ],
  },
  wrongKindOfId: {
    what: 'an e-mail address',
    about: ({ email }) => email,
    confidence: 'certain',
    remedy: 'watchInstead',
    argument: ({ id }) => id,
    asks: ['directory'],
    forms: [
      { what: 'a telephone number', about: ({ extension }) => extension, argument: ({ id }) => id, remedy: 'watchInstead' },
      { what: 'an internal id', about: ({ externalId }) => externalId, argument: ({ id }) => id, remedy: 'watchInstead' },
      { what: 'the id of the user', about: ({ userId }) => userId, argument: ({ id }) => id, remedy: 'watchInstead' },
    ],
    nearMisses: [{ what: 'a number like every other, that is nobody’s', about: () => '99999999', cause: 'agentNotFound' }],
  },
  noSkillGroups: { scenario: 'noSkillGroups', notACause: WHATEVER_SKILLS },
  skillInactive: { scenario: 'skillInactive', notACause: WHATEVER_SKILLS },
  notLoggedInToASkill: {
    notHere: 'agents do not log in to skills there: they are in the list of states whatever their skills',
  },
  noStateSet: {
    scenario: 'noStateSet',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'agent',
    asks: ['agent', 'skillGroups', 'statesOf'],
    nearMisses: [{ scenario: 'loggedOut', cause: 'loggedOut' }],
  },
  loggedOut: {
    scenario: 'loggedOut',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'agent',
    asks: ['agent', 'skillGroups', 'statesOf'],
    nearMisses: [{ scenario: 'agentNotFound', cause: 'agentNotFound' }],
  },
  propagationDelay: {
    what: 'there at the second retry',
    faults: [{ kind: 'stateAfterSeconds', agentId: SUBJECT, tries: 2 }],
    confidence: 'certain',
    // The first question was the poll's, less than ten seconds before.
    asks: ['agent', 'skillGroups', 'statesOf', 'statesOf'],
    nearMisses: [{ scenario: 'loggedOut', cause: 'loggedOut' }],
  },
  noChangeSince: {
    scenario: 'noChangeSince',
    notACause: 'an empty answer to "what changed since" leaves everybody as they were: nobody goes missing for it',
  },
};
