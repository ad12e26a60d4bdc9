/** Every word shown to people comes from `public/_locales`; the key is checked by the compiler. */
import browser from 'webextension-polyfill';
import type english from '../../public/_locales/en/messages.json';

export type MessageKey = keyof typeof english;

/** The text of `key` with `$1`… filled in. At most nine placeholders (Chrome's limit). */
export function t(key: MessageKey, ...params: (string | number)[]): string {
  return browser.i18n.getMessage(key, params.map(String));
}

/** For keys made from a code (`problem_${code}_title`): empty when there is none. A unit test holds that every code has its words. */
export function tCode(key: string, params: readonly string[] = []): string {
  return browser.i18n.getMessage(key, [...params]);
}
