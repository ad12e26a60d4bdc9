/** What fills the words of each cause, in the order the words use it. Times are times of day. '' where it is not known: the words have a form without it. */
export interface Params {
  hostAccessMissing: [hosts: string];
  /** `status`: HTTP status, '' when nothing answered at all. */
  unreachable: [host: string, status: string];
  captivePortal: [host: string];
  /** `until`: when CXone may be asked again. */
  rateLimited: [until: string];
  wrongHostOrVersion: [host: string, path: string];
  /** `path`: whose answer could not be read. */
  malformed: [path: string];
  tokenRejected: [];
  scopeEmpty: [];
  /** `renewal`: its number, counted from the sign-in; '' for a silent sign-in. */
  scopeDroppedOnRefresh: [scopes: string, time: string, renewal: string];
  /** `signIn`: when that was. */
  scopeMissing: [scopes: string, signIn: string];
  /** `said`: the server's own words. */
  roleLacksPermission: [roles: string, said: string];
  partitionRestricted: [said: string];
  organisationMismatch: [theirs: string, own: string];
  /** `kind`: an `IdKind`. `right`: the id of the agent it belongs to. */
  wrongKindOfId: [kind: string, id: string, right: string];
  agentNotFound: [id: string];
  noSkillGroups: [];
  /** `names`: of the paused groups. */
  skillInactive: [names: string];
  noChangeSince: [];
  /** `inactive`: 'inactive' when the agent's profile is switched off. */
  loggedOut: [since: string, inactive: string];
  notLoggedInToASkill: [];
  noStateSet: [];
  /** `retry`: on which it was there; '' when it was back at the first question. */
  propagationDelay: [seconds: string, retry: string];
}
