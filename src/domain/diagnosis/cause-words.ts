/** How a cause, and what it rests on, is put into words: which texts of `_locales`, filled with what. A text with a hole in it is never chosen. */
import type { Phrase } from '../problem-words.ts';
import type { Cause } from './causes.ts';
import type { KnownCause } from './run.ts';
import type { Piece, PieceCode } from './verdict.ts';

/** A verdict, or what is kept of one. */
type Known = Pick<KnownCause, 'cause' | 'params'>;

/** What is added to a text's key, and the parameters (from 0) that must be known for it. The first form that has all it needs is taken. */
type Form = readonly [suffix: string, ...needs: number[]];
const PLAIN: readonly Form[] = [['']];

const TITLES: Partial<Record<Cause, readonly Form[]>> = {
  unreachable: [['_fault', 1], ['']],
  scopeDroppedOnRefresh: [['', 0, 1, 2], ['_silent', 0, 1], ['_untimed', 0], ['_bare']],
  scopeMissing: [['', 0], ['_bare']],
  loggedOut: [['', 0], ['_bare']],
  propagationDelay: [['', 0], ['_bare']],
};

/** One list of forms per sentence; a list none of whose forms fits adds none. */
const TEXTS: Partial<Record<Cause, readonly (readonly Form[])[]>> = {
  hostAccessMissing: [[['', 0], ['_bare']]],
  unreachable: [[['_fault', 0, 1], ['', 0], ['_bare']]],
  captivePortal: [[['', 0], ['_bare']]],
  rateLimited: [[['', 0], ['_bare']]],
  wrongHostOrVersion: [[['', 0, 1], ['_host', 0], ['_bare']]],
  malformed: [[['', 0], ['_bare']]],
  scopeDroppedOnRefresh: [[['_renewal', 2]], PLAIN],
  scopeMissing: [[['_signIn', 1]], PLAIN],
  roleLacksPermission: [[['_roles', 0]], PLAIN, [['_said', 1]]],
  partitionRestricted: [PLAIN, [['_said', 0]]],
  organisationMismatch: [[['_both', 0, 1]], PLAIN],
  agentNotFound: [[['', 0], ['_bare']]],
  wrongKindOfId: [[['_right', 2]], PLAIN],
  skillInactive: [[['_names', 0]], PLAIN],
  loggedOut: [[['_inactive', 1], ['']]],
  propagationDelay: [[['_retry', 1]], PLAIN],
};

const TODOS: Partial<Record<Cause, readonly Form[]>> = {
  unreachable: [['_fault', 1], ['']],
  rateLimited: [['', 0], ['_bare']],
  wrongKindOfId: [['', 2], ['_bare']],
  loggedOut: [['_inactive', 1], ['']],
  propagationDelay: [['_came', 0], ['']],
};

const PIECE_FORMS: Partial<Record<PieceCode, readonly Form[]>> = {
  signedIn: [['', 0], ['_bare']],
  hostsMissing: [['', 0], ['_bare']],
  mustWait: [['', 0], ['_bare']],
  scopesComplete: [['', 0], ['_bare']],
  scopesLack: [['', 0, 1], ['_none', 0], ['_bare']],
  scopesAssumed: [['', 0], ['_bare']],
  scopesLostAt: [['', 0, 1, 2], ['_silent', 0, 1], ['_untimed', 0], ['_bare']],
  scopesNeverGiven: [['', 0, 1], ['_untimed', 0], ['_bare']],
  organisationOwn: [['', 0], ['_bare']],
  organisationsDiffer: [['', 0, 1], ['_bare']],
  permissionFound: [['', 0], ['_bare']],
  permissionAbsent: [['', 0], ['_bare']],
  agentNotFound: [['', 0], ['_bare']],
  organisationSame: [['', 0], ['_bare']],
  organisationOther: [['', 0, 1], ['_bare']],
  idNowhere: [['', 0], ['_bare']],
  groupsSome: [['', 0, 1], ['_unnamed', 0], ['_bare']],
  groupsPaused: [['', 0, 1], ['_bare']],
  missingSince: [['', 0], ['_bare']],
  stateNone: [['', 0], ['_bare']],
  stateFound: [['', 0], ['_bare']],
  stateOnRetry: [['', 0, 1], ['_bare']],
  stateLoggedOut: [['', 0], ['_bare']],
  othersListed: [['', 0], ['_bare']],
  seenLoggingOut: [['', 0], ['_bare']],
  seenActive: [['', 0, 1], ['_bare']],
  forbidden: [['', 0], ['_bare']],
  webPage: [['', 0], ['_bare']],
  notThere: [['', 0, 1], ['_host', 0], ['_bare']],
  slowDown: [['', 0], ['_bare']],
  unreadable: [['', 0], ['_bare']],
  noAnswer: [['', 0, 1], ['_silent', 0], ['_bare']],
};

/** One sentence: what is wrong. */
export function causeTitle({ cause, params }: Known): Phrase {
  // "A user id", "an e-mail address": each in a sentence of its own, for languages that bend their words.
  if (cause === 'wrongKindOfId') return { key: `cause_wrongKindOfId_title_${params[0] || 'text'}`, params };
  return phrase(`cause_${cause}_title`, params, TITLES[cause] ?? PLAIN)[0] ?? { key: `cause_${cause}_title`, params };
}

/** What that means, sentence by sentence. */
export function causeText({ cause, params }: Known): Phrase[] {
  return (TEXTS[cause] ?? [PLAIN]).flatMap((forms) => phrase(`cause_${cause}_text`, params, forms));
}

/** What to do about it. */
export function causeTodo({ cause, params }: Known): Phrase[] {
  return phrase(`cause_${cause}_todo`, params, TODOS[cause] ?? PLAIN);
}

/** One thing found. */
export function pieceWords({ code, params }: Piece): Phrase {
  const [kind = 'text', right = ''] = params;
  if (code === 'idLooksLike') return { key: `evidence_idLooksLike_${kind || 'text'}`, params };
  if (code === 'idIs') {
    const form = kind === 'skillId' || right !== '' ? kind || 'text' : 'several';
    return { key: `evidence_idIs_${form}`, params };
  }
  return phrase(`evidence_${code}`, params, PIECE_FORMS[code] ?? PLAIN)[0] ?? { key: `evidence_${code}`, params };
}

function phrase(key: string, params: string[], forms: readonly Form[]): Phrase[] {
  const form = forms.find(([, ...needs]) => needs.every((index) => (params[index] ?? '') !== ''));
  return form ? [{ key: key + form[0], params }] : [];
}
