/** Names of machines in a sentence (scopes, ids, hosts) set apart from its words, so that they can be read letter by letter. */

export interface Part {
  text: string;
  code: boolean;
}

/** A scope, an id, a host or a path: no spaces, and a sign or a digit that no word has. A short number is how many. */
const MACHINE = /^(?=.*[:/_\d.@-])(?!\d{1,3}$)[\p{L}\p{N}:/_.@-]{3,}$/u;
const TIME = /^\d{1,2}:\d{2}$/;

/** `text` is a sentence that `params` were filled into; a parameter may list several names, separated by commas. */
export function codeParts(text: string, params: readonly string[]): Part[] {
  const names = params.flatMap((param) => param.split(/, */)).filter((name) => MACHINE.test(name) && !TIME.test(name));
  const longestFirst = [...new Set(names)].sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return [{ text, code: false }];
  const pattern = new RegExp(`(${longestFirst.map((name) => name.replace(/[./]/g, '\\$&')).join('|')})`, 'u');
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, code: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}
