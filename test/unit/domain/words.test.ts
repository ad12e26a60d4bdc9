import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../src/domain/agent-state.ts';
import { AUTH_FAILURES } from '../../../src/domain/auth-status.ts';
import { causeText, causeTitle, causeTodo, pieceWords } from '../../../src/domain/diagnosis/cause-words.ts';
import { CAUSES, CONFIDENCES, REMEDIES, WHO_CAN_FIX } from '../../../src/domain/diagnosis/causes.ts';
import { CHECKS, ID_KINDS } from '../../../src/domain/diagnosis/evidence.ts';
import { RUN_STATUSES } from '../../../src/domain/diagnosis/run.ts';
import { PIECES } from '../../../src/domain/diagnosis/verdict.ts';
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

/** Keys the ticket makes of labels: `label('name')` and `fact('name', …)`. */
const ticketKeys = [...source('src/domain/diagnosis/ticket.ts').matchAll(/(?:label|fact|pieces)\('(\w+)'/g)].map(
  ([, name = '']) => `ticket_${name}`,
);

describe('every code has its words', () => {
  it.each([
    ...PROBLEM_CODES.flatMap((code) => [`problem_${code}_title`, `problem_${code}_text`]),
    ...FIXES.map((fix) => `fix_${fix}`),
    ...FLAG_KINDS.map((kind) => `flag_${kind}`),
    ...AUTH_FAILURES.map((failure) => `auth_${failure}`),
    ...CATEGORIES.map((category) => `category_${category}`),
    ...TEST_STEPS.map((step) => `test_step_${step}`),
    ...REMEDIES.map((remedy) => `remedy_${remedy}`),
    ...CHECKS.map((check) => `check_${check}`),
    ...CONFIDENCES.map((confidence) => `confidence_${confidence}`),
    ...WHO_CAN_FIX.map((who) => `who_${who}`),
    ...ID_KINDS.map((kind) => `idKind_${kind}`),
    ...RUN_STATUSES.map((status) => `ticket_status_${status}`),
    ...ticketKeys,
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
    expect(ticketKeys.length).toBeGreaterThan(20);
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

/** A hole where a fact should be, or a sign that stands for one. */
const HOLE = /\$|undefined|null| [,.;:!?]| {2}|^ | $|“”|\(\)|\(HTTP \)|: *$|(^|[^.])\.\./;

describe('what a diagnosis says', () => {
  const params = fc.array(fc.constantFrom('', 'first', '2'), { maxLength: 3 });
  const said = (phrases: { key: string; params: string[] }[]) => {
    for (const { key, params: filled } of phrases) {
      expect(english[key], key).toBeDefined();
      expect(textOf('en', key, filled), `${key} ${JSON.stringify(filled)}`).not.toMatch(HOLE);
    }
  };

  it.each(CAUSES)('of %s is whole, with all it may know and with nothing', (cause) => {
    const kinds = cause === 'wrongKindOfId' ? [...ID_KINDS, ''] : [''];
    fc.assert(
      fc.property(params, fc.constantFrom(...kinds), (some, kind) => {
        const known = { cause, params: cause === 'wrongKindOfId' ? [kind, ...some] : some };
        said([causeTitle(known), ...causeText(known), ...causeTodo(known)]);
        expect(causeText(known).length).toBeGreaterThan(0);
        expect(causeTodo(known)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it.each(PIECES)('of the finding %s is whole', (code) => {
    const kinds = code === 'idIs' || code === 'idLooksLike' ? [...ID_KINDS, ''] : [''];
    fc.assert(
      fc.property(params, fc.constantFrom(...kinds), (some, kind) => {
        const filled = kinds.length > 1 ? [kind, ...some] : some;
        said([pieceWords({ check: 'state', code, params: filled })]);
      }),
      { numRuns: 60 },
    );
  });

  it('has a title in one sentence, for a headline: no full stop, no jargon', () => {
    const titles = Object.entries(english).filter(([key]) => /^cause_\w+_title/.test(key));
    expect(titles.length).toBeGreaterThanOrEqual(CAUSES.length);
    for (const [key, { message }] of titles) {
      expect(message, key).not.toMatch(/[.!?]$|\. /);
      expect(message.length, key).toBeLessThanOrEqual(80);
    }
    for (const [key, { message }] of Object.entries(english))
      if (/^(cause|evidence|remedy|check|who)_/.test(key))
        expect(message, key).not.toMatch(/\b(token|OAuth|JSON|JWT|scope|endpoint)s?\b/i);
  });

  it('has no text that nothing says', () => {
    const reachable = new Set<string>();
    const values = ['', 'x'];
    const lists = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c])));
    for (const cause of CAUSES)
      for (const list of lists)
        for (const kind of ID_KINDS) {
          const known = { cause, params: cause === 'wrongKindOfId' ? [kind, ...list.slice(1)] : list };
          for (const { key } of [causeTitle(known), ...causeText(known), ...causeTodo(known)]) reachable.add(key);
        }
    for (const code of PIECES)
      for (const list of lists)
        for (const kind of ID_KINDS)
          reachable.add(
            pieceWords({ check: 'state', code, params: code.startsWith('id') ? [kind, ...list.slice(1)] : list }).key,
          );
    for (const list of lists) reachable.add(pieceWords({ check: 'identity', code: 'idNowhere', params: list }).key);
    expect(Object.keys(english).filter((key) => /^(cause|evidence)_/.test(key) && !reachable.has(key))).toEqual([]);
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
