import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PROBLEM_CODES, type Problem, type ProblemCode } from '../../../src/domain/problem.ts';
import { IMPORTANCE, topProblem } from '../../../src/domain/top-problem.ts';
import { runs } from '../support/runs.ts';

const problem = (code: ProblemCode, more: Partial<Problem> = {}): Problem => ({
  code,
  severity: 'error',
  params: [],
  fix: null,
  sinceMs: 0,
  ...more,
});

it('ranks every code once', () => expect([...IMPORTANCE].sort()).toEqual([...PROBLEM_CODES].sort()));

it('shows the cause rather than its consequence', () => {
  const groups: ProblemCode[][] = [
    ['notConfigured', 'signedOut', 'signInFailed', 'needsSignIn'],
    ['scopeLost', 'scopeMissing'],
    ['hostAccessMissing'],
    ['unauthorized', 'forbidden'],
    ['portal', 'malformed', 'serverError', 'offline', 'rateLimited'],
    ['emptyMayLag', 'emptyUnconfirmed', 'emptyConfirmed'],
    ['agentsMissing'],
    ['partial'],
  ];
  groups.forEach((group, i) => {
    for (const first of group) {
      for (const later of groups.slice(i + 1).flat()) {
        expect(topProblem([problem(later), null, problem(first)])?.code).toBe(first);
      }
    }
  });
});

it('prefers the error, then the older, among equals', () => {
  const old = problem('offline', { severity: 'warning', sinceMs: 1 });
  const young = problem('offline', { sinceMs: 5 });
  const middle = problem('offline', { sinceMs: 3 });
  expect(topProblem([old, young, middle])).toBe(middle);
});

it('does not depend on the order, and picks one of those given', () => {
  const any = fc.record({
    code: fc.constantFrom(...PROBLEM_CODES),
    severity: fc.constantFrom('error' as const, 'warning' as const),
    params: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    fix: fc.constantFrom(null, 'retry' as const),
    sinceMs: fc.integer({ min: 0, max: 2 }),
  });
  const list = fc.array(fc.option(any), { maxLength: 8 });
  fc.assert(
    fc.property(
      list.chain((l) => fc.tuple(fc.constant(l), fc.shuffledSubarray(l, { minLength: l.length }))),
      ([given, shuffled]) => {
        const top = topProblem(given);
        expect(topProblem(shuffled)).toEqual(top);
        expect(top).toEqual(given.find((one) => one === top) ?? null);
        for (const one of given)
          if (one)
            expect(PROBLEM_CODES.length && IMPORTANCE.indexOf(one.code)).toBeGreaterThanOrEqual(
              IMPORTANCE.indexOf(top?.code ?? one.code),
            );
      },
    ),
    runs(10_000),
  );
  expect(topProblem([])).toBeNull();
});
