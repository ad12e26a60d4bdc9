/** What the evidence adds up to. */
import type { Cause, Confidence, Remedy, WhoCanFix } from './causes.ts';
import type { Check } from './evidence.ts';

/** One thing found, as it is shown beside a verdict: words in `_locales` (`evidence_<code>`), filled with `params`. */
export interface Piece {
  check: Check;
  code: PieceCode;
  params: string[];
}

/** Every thing a check can find. Params in the order their words use them. */
export const PIECES = [
  // token
  'signedIn', // [time of day the token ends or '']: nobody has said otherwise
  'tokenAccepted',
  'tokenRejected',
  'signInNeeded',
  'hostsMissing', // [hosts]
  'mustWait', // [time of day]
  // scopes
  'scopesComplete', // [scopes]
  'scopesLack', // [scopes that lack, scopes there are]
  'scopesNone',
  'scopesAssumed', // [scopes]: nobody said, what was asked for is assumed
  'scopesLostAt', // [scopes, time of day, number of the renewal or '' for a silent sign-in]
  'scopesNeverGiven', // [scopes, time of day of the sign-in or '']
  // me
  'organisationOwn', // [organisation]
  'organisationsDiffer', // [the token's, that of the signed-in person]
  'permissionFound', // [permission or role]
  'permissionAbsent', // [roles]
  'permissionsUnknown',
  // agent
  'agentFound',
  'agentInactive',
  'agentNotFound', // [id]
  'organisationSame', // [organisation]
  'organisationOther', // [the agent's, one's own]
  // identity
  'idLooksLike', // [kind of id, looked for]
  'idIs', // [kind of id, right id or '']
  'idNowhere', // [agents looked through]
  // skillGroups
  'groupsNone',
  'groupsSome', // [how many, names of at most five]
  'groupsPaused', // [how many of them are paused, how many there are]
  // state
  'missingSince', // [time of day]: from the polls
  'stateNone', // [tries]
  'stateFound', // [the tenant's name of the state]
  'stateOnRetry', // [number of the retry, seconds it took]
  'stateUnset', // logged in, without a state
  'stateLoggedOut', // [time of day or '']
  'stateWithoutSkill',
  'stateUnchanged',
  'othersListed', // [how many]
  'othersNone',
  'seenLoggingOut', // [time of day]: our own record
  'seenActive', // [state, time of day]: our own record
  // any request
  'forbidden', // [the server's own words or '']
  'webPage', // [host]
  'notThere', // [host, path]
  'slowDown', // [time of day or '']
  'unreadable', // [what]
  'noAnswer', // [host, HTTP status or '']
] as const;
export type PieceCode = (typeof PIECES)[number];

export interface Verdict {
  cause: Cause;
  confidence: Confidence;
  /** Placeholders of the cause's words, already fit for people. See `Params`. */
  params: string[];
  whoCanFix: WhoCanFix;
  /** What the product can do about it; null: nothing but to tell whoever can. */
  remedy: Remedy | null;
  /** Right id for `watchInstead`, origins for `grantHosts`, epoch ms for `runLater`; else ''. */
  remedyArgument: string;
  /** What it rests on. A verdict without any is not given. */
  supports: Piece[];
  /** What speaks against it. */
  contradicts: Piece[];
}

export interface Diagnosis {
  /** The likeliest first. Empty: nothing found that explains it, or nothing to explain. */
  verdicts: Verdict[];
  /** CXone gives this agent's state after all. */
  answered: boolean;
}
