import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../src/domain/agent-state.ts';
import { AUTH_FAILURES } from '../../../src/domain/auth-status.ts';
import { FLAG_KINDS } from '../../../src/domain/emptiness.ts';
import { FIXES, PROBLEM_CODES } from '../../../src/domain/problem.ts';
import { problemText, problemTitle } from '../../../src/domain/problem-words.ts';
import { TEST_STEPS } from '../../../src/messages/published.ts';
import { textOf } from '../support/files.ts';

interface Text {
  message: string;
  description?: string;
  placeholders?: Record<string, { content: string }>;
}
const ROOT = new URL('../../../', import.meta.url);
const source = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const locales = readdirSync(new URL('public/_locales/', ROOT));
const textsOf = (locale: string) => JSON.parse(source(`public/_locales/${locale}/messages.json`)) as Record<string, Text>;
const english = textsOf('en');
/** Keys that stand in a source file as `'<prefix>_…'`. */
const keysIn = (path: string, prefix: string) => [
  ...new Set([...source(path).matchAll(new RegExp(`['"\`](${prefix}_\\w+)['"\`]`, 'g'))].map(([, key = '']) => key)),
];

describe('every code has its words', () => {
  it.each([
    ...PROBLEM_CODES.flatMap((code) => [`problem_${code}_title`, `problem_${code}_text`]),
    ...FIXES.map((fix) => `fix_${fix}`),
    ...FLAG_KINDS.map((kind) => `flag_${kind}`),
    ...AUTH_FAILURES.map((failure) => `auth_${failure}`),
    ...CATEGORIES.map((category) => `category_${category}`),
    ...TEST_STEPS.map((step) => `test_step_${step}`),
    ...keysIn('src/domain/badge.ts', 'badge'),
    ...keysIn('src/background/connection-test.ts', 'test'),
    ...keysIn('src/background/notify.ts', 'notify'),
    ...keysIn('src/background/handlers.ts', 'error'),
    ...keysIn('src/background/router.ts', 'error'),
    ...keysIn('src/messages/send.ts', 'error'),
  ])('%s', (key) => {
    expect(english[key]?.message.trim()).toMatch(/\S/);
  });

  it('finds the keys it looks for', () => {
    expect(keysIn('src/domain/badge.ts', 'badge').length).toBeGreaterThan(5);
    expect(keysIn('src/background/connection-test.ts', 'test').length).toBeGreaterThan(15);
  });

  it.each(PROBLEM_CODES)('%s is whole, with all it may know and with nothing', (code) => {
    for (const params of [[], ['', '', ''], ['0', '0'], ['first', 'second', 'third']]) {
      const problem = { code, severity: 'error' as const, params, fix: null, sinceMs: 0 };
      for (const phrase of [problemTitle(problem), ...problemText(problem, 'network')]) {
        expect(english[phrase.key], phrase.key).toBeDefined();
        const said = textOf('en', phrase.key, phrase.params);
        expect(said).not.toMatch(/\$|undefined|null/);
        // A hole where a fact should be: these codes always come with their first.
        if (!['hostAccessMissing', 'scopeLost', 'scopeMissing'].includes(code))
          expect(said).not.toMatch(/ [,.;:!?]| {2}|^ | $|“”|\(HTTP \)/);
      }
    }
  });
});

describe('the words', () => {
  it('never say that nobody is there: an empty answer does not tell', () => {
    const claim =
      /\b(nobody|no[ -]?one|no agents?) (is|are|was|were) (logged|signed) (in|on)|\ball agents are logged out|\beverybody (is )?logged out/i;
    const denied = /does not (show|mean|say|tell)[^.]*$/i;
    for (const locale of locales) {
      for (const [key, { message }] of Object.entries(textsOf(locale))) {
        const found = claim.exec(message);
        if (found) expect(message.slice(0, found.index), key).toMatch(denied);
      }
    }
  });

  it('would be caught if they did', () => {
    expect('Nobody is logged in.').toMatch(/\b(nobody|no[ -]?one|no agents?) (is|are|was|were) (logged|signed) (in|on)/i);
  });

  it('have placeholders from $1 to $9; one that is left out is said to be', () => {
    for (const [key, { message, description = '', placeholders }] of Object.entries(english)) {
      const digits = [...message.matchAll(/\$(\d+)/g)].map(([, digit]) => Number(digit));
      expect(
        digits.every((digit) => digit >= 1 && digit <= 9),
        key,
      ).toBe(true);
      expect(placeholders, key).toBeUndefined();
      if (digits.length > 0) expect(description, `${key} does not say what fills it`).not.toBe('');
      for (let digit = 1; digit < Math.max(0, ...digits); digit++)
        if (!digits.includes(digit)) expect(description, `${key} leaves out $${digit}`).toContain(`$${digit}`);
    }
  });

  it('are the same keys with the same placeholders in every language', () => {
    const holes = (text: Text | undefined) => [...(text?.message.matchAll(/\$\d/g) ?? [])].map(([hole]) => hole).sort();
    for (const locale of locales) {
      const texts = textsOf(locale);
      expect(Object.keys(texts).sort(), locale).toEqual(Object.keys(english).sort());
      for (const key of Object.keys(english))
        expect([...new Set(holes(texts[key]))], `${locale} ${key}`).toEqual([...new Set(holes(english[key]))]);
    }
  });

  it('stand once each, in order, without stray spaces or HTML', () => {
    const keys = [...source('public/_locales/en/messages.json').matchAll(/^ {2}"(\w+)":/gm)].map(([, key = '']) => key);
    expect(keys).toEqual([...new Set(keys)]);
    for (const [key, { message }] of Object.entries(english)) expect(message, key).not.toMatch(/<\/?[a-z][^>]*>| {2}|\t|^\s|\r/i);
  });
});
