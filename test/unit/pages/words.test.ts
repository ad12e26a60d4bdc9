import { describe, expect, it } from 'vitest';
import messages from '../../../public/_locales/en/messages.json' with { type: 'json' };
import { CATEGORIES } from '../../../src/domain/agent-state.ts';
import { AUTH_FAILURES } from '../../../src/domain/auth-status.ts';
import { FLAG_KINDS } from '../../../src/domain/emptiness.ts';
import { FIXES, PROBLEM_CODES, type Problem, type ProblemCode } from '../../../src/domain/problem.ts';
import { hostPatterns, problemText, problemTitle } from '../../../src/domain/problem-words.ts';

const words = messages as Record<string, { message: string }>;
const fill = (key: string, params: string[]) =>
  (words[key]?.message ?? '').replace(/\$(\d)/g, (_, digit) => params[Number(digit) - 1] ?? '');
const problem = (code: ProblemCode, params: string[] = []): Problem => ({
  code,
  severity: 'error',
  params,
  fix: null,
  sinceMs: 0,
});
const whole = (shown: Problem) => problemText(shown, null).map(({ key, params }) => fill(key, params));

describe('every code has its words', () => {
  const keys = [
    ...PROBLEM_CODES.flatMap((code) => [`problem_${code}_title`, `problem_${code}_text`]),
    ...FIXES.map((fix) => `fix_${fix}`),
    ...FLAG_KINDS.map((kind) => `flag_${kind}`),
    'flag_organisation',
    ...AUTH_FAILURES.map((failure) => `auth_${failure}`),
    ...CATEGORIES.map((category) => `category_${category}`),
  ];
  it.each(keys)('%s', (key) => {
    expect(words[key]?.message.length).toBeGreaterThan(2);
  });
});

describe('texts of problems', () => {
  it.each(PROBLEM_CODES)('%s reads well with no parameters at all', (code) => {
    for (const params of [[], ['', ''], ['', '', '']]) {
      for (const text of whole(problem(code, params))) {
        expect(text).not.toBe('');
        // Scopes and hosts are always given; everything else may be missing without leaving a hole.
        if (!['scopeMissing', 'scopeLost', 'hostAccessMissing'].includes(code))
          expect(text).not.toMatch(/\s[.,;:]|“”|\s{2}|\( *\)/);
      }
    }
  });
  it('adds the time and the organisation only where known', () => {
    expect(whole(problem('emptyConfirmed', ['09:41', ''])).join(' ')).toContain('came at 09:41.');
    expect(whole(problem('emptyConfirmed', ['', 'org-7'])).join(' ')).toContain('organisation org-7.');
    expect(whole(problem('emptyConfirmed', ['', '']))).toHaveLength(1);
    expect(whole(problem('forbidden', ['No right']))[1]).toContain('“No right”');
  });
  it('does not count rows that were none', () => {
    expect(problemText(problem('malformed', ['0', '0']), null)[0]?.key).toBe('problem_malformed_bare');
    expect(problemText(problem('malformed', ['3', '9']), null)[0]?.key).toBe('problem_malformed_text');
  });
  it('names every host', () => {
    expect(problemTitle(problem('hostAccessMissing', ['https://a', 'https://b'])).params).toEqual(['https://a, https://b']);
    expect(whole(problem('hostAccessMissing', ['https://a', 'https://b']))[0]).toContain('https://a, https://b');
  });
  it('says why a sign-in failed beneath what is about signing in, and nowhere else', () => {
    const keys = (code: ProblemCode) => problemText(problem(code), 'pageFailed').map(({ key }) => key);
    expect(keys('signInFailed')).toContain('auth_pageFailed');
    expect(keys('offline')).not.toContain('auth_pageFailed');
  });
  it('never calls an empty list "nobody is logged in"', () => {
    for (const [key, { message }] of Object.entries(words)) {
      if (!/^(problem|flag|popup|console|row|alert)_/.test(key)) continue;
      expect(message, key).not.toMatch(/(nobody|no one|no agents?|none) (is|are) (logged|signed) in|everyone is logged out/i);
    }
  });
});

describe('hostPatterns', () => {
  it('asks for origins and nothing else', () => {
    expect(hostPatterns(['https://api.example', 'http://127.0.0.1:8080'])).toEqual([
      'https://api.example/*',
      'http://127.0.0.1:8080/*',
    ]);
    expect(hostPatterns(['https://*', '*://x/*', 'https://a/b', 'api.example', ''])).toEqual([]);
  });
});
