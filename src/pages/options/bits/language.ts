import browser from 'webextension-polyfill';
import { t } from '../../../messages/words.ts';

/** The language the words are in: lists and weekdays inside sentences must be in the same. */
const language = () => t('page_language') || 'en';

/** "Lunch or Break" */
export function either(items: string[]): string {
  return new Intl.ListFormat(language(), { type: 'disjunction' }).format(items);
}

/** 2 January 2000 was a Sunday. */
const SUNDAY = Date.UTC(2000, 0, 2, 12);
const DAY_MS = 86_400_000;

/** 0 = Sunday. */
export function dayName(day: number, width: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(language(), { weekday: width, timeZone: 'UTC' }).format(SUNDAY + day * DAY_MS);
}

/** A time as Chrome's own time field beside it shows it: "22:00" or "10:00 PM". */
export function clockWords(time: string): string {
  const at = new Date(`2000-01-02T${time}:00Z`);
  return new Intl.DateTimeFormat(browser.i18n.getUILanguage(), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    at,
  );
}

export function inSentence(label: string): string {
  return label.toLocaleLowerCase(language());
}

export function when(ms: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}
