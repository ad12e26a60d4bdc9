/** What a v2 tenant calls its states. */
import type { Category } from '../../../domain/agent-state.ts';

/** The seeds name no values but those of the history (001); the rest is what tenants call it. An unknown one keeps its own name. */
const CATEGORY_BY_STATE = new Map<string, Category>([
  ['READY', 'available'],
  ['AVAILABLE', 'available'],
  ['NOT_READY', 'unavailable'],
  ['UNAVAILABLE', 'unavailable'],
  ['BREAK', 'unavailable'],
  ['WRAP_UP', 'acw'],
  ['AFTER_CALL_WORK', 'acw'],
  ['ACW', 'acw'],
  ['ON_CONTACT', 'working'],
  ['WORKING', 'working'],
  ['BUSY', 'working'],
  ['ON_CALL', 'working'],
  ['LOGIN', 'loggedIn'],
  ['LOGGED_IN', 'loggedIn'],
  ['LOGOUT', 'loggedOut'],
  ['LOGGED_OUT', 'loggedOut'],
  ['OFFLINE', 'loggedOut'],
]);

export function categoryOf(state: string): Category {
  return CATEGORY_BY_STATE.get(state) ?? CATEGORY_BY_STATE.get(state.toUpperCase().replaceAll(/[ -]/g, '_')) ?? 'unknown';
}

/** Codes in words, for a screen: `NOT_READY` is "Not ready", `LOGIN` "Logged in". */
const NAME_BY_CODE = new Map([...CATEGORY_BY_STATE.keys()].map((code) => [code, code === 'ACW' ? code : inWords(code)]));

function inWords(code: string): string {
  const words = code
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/^log(in|out)$/, 'logged $1');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * What to call a state of a record that came without a name of its own. A code nobody knows keeps its spelling; and so do those of the list,
 * as snapshots and rules hold them.
 */
export function nameOfState(state: string): string {
  return NAME_BY_CODE.get(state) ?? state;
}
