/** Why a list is empty or an agent missing from it (DESIGN section 7): every cause the product tells apart, and what can be done about each. */

/**
 * Each has its words in `_locales`: `cause_<code>_title` (one sentence), `cause_<code>_text` (what that means), `cause_<code>_todo` (what to do).
 * The last two are not about CXone's answer but about the way to it: without them a diagnosis could not say why it has none.
 */
export const CAUSES = [
  'scopeMissing',
  'scopeDroppedOnRefresh',
  'scopeEmpty',
  'tokenRejected',
  'roleLacksPermission',
  'partitionRestricted',
  'organisationMismatch',
  'agentNotFound',
  'wrongKindOfId',
  'noSkillGroups',
  'notLoggedInToASkill',
  'skillInactive',
  'propagationDelay',
  'loggedOut',
  'noStateSet',
  'noChangeSince',
  'wrongHostOrVersion',
  'captivePortal',
  'rateLimited',
  'malformed',
  'unreachable',
  'hostAccessMissing',
] as const;
export type Cause = (typeof CAUSES)[number];

/** `certain`: shown by direct evidence that nothing contradicts. `likely`: it fits best. `possible`: not ruled out. */
export const CONFIDENCES = ['certain', 'likely', 'possible'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const WHO_CAN_FIX = ['agent', 'supervisor', 'admin'] as const;
export type WhoCanFix = (typeof WHO_CAN_FIX)[number];

/**
 * What a button beside a verdict does; words in `_locales` (`remedy_<code>`).
 * `signIn`: sign in again, all scopes asked for, and diagnose again by itself. `watchInstead`: watch the agent whose id it should be.
 * `runAgain`: now. `runLater`: once the tenant allows it. `openPortal`: the network's own log-in page. `openAdmin`: CXone in a tab.
 */
export const REMEDIES = [
  'signIn',
  'grantHosts',
  'watchInstead',
  'stopWatching',
  'runAgain',
  'runLater',
  'openPortal',
  'openAdmin',
  'openOptions',
] as const;
export type Remedy = (typeof REMEDIES)[number];
