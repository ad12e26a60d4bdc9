import { describe, expect, it } from 'vitest';
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { badge } from '../../../src/domain/badge.ts';
import type { Problem } from '../../../src/domain/problem.ts';

const counts = { available: 6, working: 5, unavailable: 4, acw: 0, loggedOut: 0, loggedIn: 0, unknown: 0 };
const calm = {
  configured: true,
  problem: null,
  unseenAlerts: 0,
  counts,
  watchedCount: 15,
  snoozed: false,
  connectionName: 'Acme',
  stale: false,
  others: [],
};
const problem = (severity: Problem['severity']): Problem => ({
  code: 'offline',
  severity,
  params: ['host'],
  fix: 'retry',
  sinceMs: 0,
});
const keys = (input: Parameters<typeof badge>[0]) => badge(input).title.map(({ key }) => key);

/** WCAG 2.1 contrast of white on a colour. */
function contrast(color: string): number {
  const channel = (at: number) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 1.05 / (0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) + 0.05);
}

describe('text', () => {
  it.each([
    ['what is available', {}, '6'],
    ['nobody available', { counts: { ...counts, available: 0 } }, '0'],
    ['nobody watched', { watchedCount: 0 }, ''],
    ['alerts before count', { unseenAlerts: 3 }, '3!'],
    ['nine alerts', { unseenAlerts: 9 }, '9!'],
    ['many alerts', { unseenAlerts: 10 }, '9+!'],
    ['a problem before alerts', { unseenAlerts: 3, problem: problem('error') }, '!'],
    ['a warning before alerts', { unseenAlerts: 3, problem: problem('warning') }, '?'],
    ['nothing before it is set up', { configured: false, problem: problem('error'), unseenAlerts: 3 }, ''],
    ['stale', { stale: true }, '6'],
  ])('%s', (_, more, text) => {
    expect(badge({ ...calm, ...more }).text).toBe(text);
    expect(text.length).toBeLessThanOrEqual(4);
  });
});

it('has a colour for each kind, on which white can be read', () => {
  const colors = [
    badge(calm),
    badge({ ...calm, stale: true }),
    badge({ ...calm, unseenAlerts: 1 }),
    badge({ ...calm, problem: problem('error') }),
    badge({ ...calm, problem: problem('warning') }),
  ].map(({ color }) => color);
  expect(new Set(colors).size).toBe(5);
  for (const color of colors) expect(contrast(color)).toBeGreaterThanOrEqual(4.5);
});

describe('title', () => {
  it('says connection and counts in words', () => {
    expect(badge(calm).title).toEqual([
      { key: 'badge_connection', params: ['Acme'] },
      { key: 'badge_counts', params: ['6', '5', '4'] },
    ]);
  });
  it('says the rest where there is a rest', () => {
    const more = { ...counts, acw: 1, loggedOut: 2, loggedIn: 3, unknown: 4 };
    expect(badge({ ...calm, counts: more, watchedCount: 30 }).title.slice(2)).toEqual([
      { key: 'badge_countsMore', params: ['1', '2', '7'] },
      { key: 'badge_unanswered', params: ['5'] },
    ]);
  });
  it('says what is wrong, new, old and silent', () => {
    const all = { ...calm, problem: problem('error'), unseenAlerts: 12, stale: true, snoozed: true };
    expect(keys(all)).toEqual([
      'badge_connection',
      'problem_offline_title',
      'badge_alerts',
      'badge_counts',
      'badge_stale',
      'badge_snoozed',
    ]);
    expect(badge(all).title[2]?.params).toEqual(['12']);
    expect(keys({ ...calm, watchedCount: 0 })).toEqual(['badge_connection', 'badge_nobodyWatched']);
    expect(keys({ ...calm, configured: false })).toEqual(['badge_notConfigured']);
  });
  it('has words for every line, with as many placeholders as params', () => {
    const everything = [
      badge({ ...calm, configured: false }),
      badge({ ...calm, watchedCount: 0 }),
      badge({ ...calm, watchedCount: 99, counts: { ...counts, acw: 1 }, unseenAlerts: 1, stale: true, snoozed: true }),
    ].flatMap(({ title }) => title);
    const words: Record<string, { message: string }> = english;
    for (const { key, params } of everything) {
      expect(new Set(words[key]?.message.match(/\$\d/g)).size, key).toBe(params.length);
    }
  });
});
