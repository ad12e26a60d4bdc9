/** The causes under profile `v2`. */
import { expect } from '@playwright/test';
import type { Cases } from './cases.ts';

/** Missing, and everything that could be asked is in order. */
const HIDDEN = { scenario: 'propagationDelay_nearMissHidden', cause: null, briefly: true } as const;
const OTHER_ACCOUNT = {
  what: 'somebody of another organisation is signed in, with every scope',
  at: 'signIn',
  account: 'other',
  cause: 'organisationMismatch',
} as const;

export const V2_CASES: Cases = {
  hostAccessMissing: {
    what: 'Chrome keeps the extension from the host',
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
    nearMisses: [{ scenario: 'wrongHostOrVersion_nearMissNoMe', cause: null }],
  },
  rateLimited: {
    scenario: 'rateLimited',
    confidence: 'certain',
    remedy: 'runLater',
    asks: [],
    forms: [{ scenario: 'rateLimited_midway', remedy: 'runLater', asks: ['agent', 'skillGroups'] }],
    nearMisses: [{ scenario: 'unreachable_unavailable', cause: 'unreachable' }],
  },
  malformed: {
    scenario: 'malformed',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'admin',
    asks: [],
    nearMisses: [{ scenario: 'malformed_nearMissWrapped', cause: null }],
  },
  tokenRejected: {
    scenario: 'tokenRejected',
    confidence: 'certain',
    remedy: 'signIn',
    asks: ['me'],
    nearMisses: [{ scenario: 'tokenRejected_nearMissOnce', cause: null }],
  },
  scopeMissing: {
    scenario: 'scopeMissing',
    at: 'signIn',
    confidence: 'certain',
    remedy: 'signIn',
    // Asked for and not given: signing in again helps once the client is allowed to have it.
    who: 'admin',
    params: () => ['view:interaction'],
    asks: [],
    // Introspection: asked by this run, or shared with the one that the empty list of the first poll set off.
    forms: [{ scenario: 'scopeMissing_opaque', at: 'signIn' }],
    nearMisses: [OTHER_ACCOUNT, { scenario: 'scopeMissing_nearMissOpaque', at: 'signIn', cause: null }],
  },
  scopeDroppedOnRefresh: {
    scenario: 'scopeDroppedOnRefresh',
    at: 'renewal',
    confidence: 'certain',
    remedy: 'signIn',
    asks: [],
    params: () => ['view:interaction', expect.any(String), '1'],
    forms: [
      {
        what: 'dropped at the second renewal',
        scenario: 'scopeDroppedOnRefresh_second',
        at: 'secondRenewal',
        params: () => ['view:interaction', expect.any(String), '2'],
        asks: [],
      },
    ],
    nearMisses: [{ scenario: 'scopeDroppedOnRefresh_nearMissReordered', at: 'renewal', cause: null }],
  },
  scopeEmpty: {
    scenario: 'scopeEmpty',
    at: 'signIn',
    confidence: 'certain',
    remedy: 'signIn',
    asks: [],
    nearMisses: [{ scenario: 'scopeEmpty_nearMissUnsaid', at: 'signIn', cause: null }],
  },
  roleLacksPermission: {
    scenario: 'roleLacksPermission',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    asks: ['me'],
    forms: [{ scenario: 'roleLacksPermission_forbidden', asks: [] }],
    nearMisses: [OTHER_ACCOUNT, { scenario: 'roleLacksPermission_nearMissUnsaid', cause: null }],
  },
  partitionRestricted: {
    scenario: 'partitionRestricted',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    asks: ['agent'],
    forms: [{ scenario: 'partitionRestricted_everything', asks: [] }],
    nearMisses: [{ scenario: 'roleLacksPermission_forbidden', cause: 'roleLacksPermission' }],
  },
  organisationMismatch: {
    scenario: 'organisationMismatch',
    confidence: 'certain',
    remedy: 'stopWatching',
    params: () => ['org-other-51c0', 'org-demo-7f3a'],
    asks: ['agent'],
    nearMisses: [HIDDEN],
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
      { what: 'an extension', about: ({ extension }) => extension, argument: ({ id }) => id, remedy: 'watchInstead' },
      { what: 'an external id', about: ({ externalId }) => externalId, argument: ({ id }) => id, remedy: 'watchInstead' },
      { what: 'the id of the user', about: ({ userId }) => userId, argument: ({ id }) => id, remedy: 'watchInstead' },
      { what: 'the id of a skill', about: ({ skills }) => skills[0]?.id ?? '', argument: () => '' },
      { what: 'a number that is nobody’s', about: () => '470011', argument: () => '' },
    ],
    nearMisses: [
      {
        what: 'an id like every other, that is nobody’s',
        about: () => '00000000-0000-4000-8000-000000000000',
        cause: 'agentNotFound',
      },
    ],
  },
  noSkillGroups: {
    scenario: 'noSkillGroups',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    asks: ['agent', 'skillGroups'],
    nearMisses: [{ scenario: 'noSkillGroups_nearMissNoLogin', cause: null }],
  },
  skillInactive: {
    scenario: 'skillInactive',
    confidence: 'certain',
    remedy: 'openAdmin',
    who: 'admin',
    asks: ['agent', 'skillGroups'],
    nearMisses: [{ scenario: 'skillInactive_nearMissOneOfTwo', cause: null }],
  },
  notLoggedInToASkill: {
    scenario: 'notLoggedInToASkill',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'agent',
    // The poll had asked for the agent singly.
    asks: ['agent', 'skillGroups'],
    nearMisses: [{ scenario: 'noStateSet', cause: 'noStateSet' }],
  },
  noStateSet: {
    scenario: 'noStateSet',
    confidence: 'certain',
    remedy: 'runAgain',
    who: 'agent',
    asks: ['agent', 'skillGroups', 'statesOf'],
    forms: [{ scenario: 'noStateSet_null', asks: ['agent', 'skillGroups', 'statesOf'] }],
    nearMisses: [{ scenario: 'notLoggedInToASkill', cause: 'notLoggedInToASkill' }],
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
    scenario: 'propagationDelay_secondRetry',
    confidence: 'certain',
    // The first question was the poll's, less than ten seconds before.
    asks: ['agent', 'skillGroups', 'statesOf', 'statesOf'],
    // To the end, in which the last retry brings nothing either.
    nearMisses: [{ ...HIDDEN, briefly: false }],
  },
  noChangeSince: {
    notHere: 'the v2 profile always answers with all states; only the public one answers with what changed since',
  },
};
