import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUTH_FAILURES, AUTH_PHASES, type AuthStatus, SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import { currentProblem, type Standing } from '../../../src/domain/current-problem.ts';
import { POLL_OUTCOMES } from '../../../src/domain/problem.ts';
import { runs } from '../support/runs.ts';

const NOW = 1_800_000_000_000;
const MIN = 60_000;
const auth = (more: Partial<AuthStatus> = {}): AuthStatus => ({
  ...SIGNED_OUT,
  phase: 'signedIn',
  organisationId: 'org',
  ...more,
});
const calm: Standing = {
  auth: auth(),
  hostsMissing: [],
  outcome: 'ok',
  outcomeSinceMs: NOW - MIN,
  status: 200,
  detail: '',
  origin: '',
  notBeforeMs: 0,
  emptyPolls: 0,
  emptySinceMs: 0,
  lastListMs: NOW - MIN,
  hadAgents: true,
  badRows: 0,
  allRows: 0,
  missingAgents: 0,
  missingSinceMs: 0,
  storageFailedSinceMs: 0,
  nowMs: NOW,
  clock: (ms) => `at ${ms}`,
};
const problem = (more: Partial<Standing>) => currentProblem({ ...calm, ...more });
const code = (more: Partial<Standing>) => problem(more)?.code ?? null;

describe('what is wrong', () => {
  it('is nothing when all is well', () => {
    for (const outcome of [null, 'ok', 'unchanged'] as const) expect(problem({ outcome })).toBeNull();
  });

  it.each([
    ['unauthorized', 'error', 'signIn', []],
    ['forbidden', 'error', 'retry', ['No right.']],
    ['portal', 'error', 'retry', ['api.example.com']],
    ['malformed', 'error', 'retry', ['7', '30']],
    ['serverError', 'error', 'retry', ['503']],
    ['offline', 'error', 'retry', []],
    ['rateLimited', 'warning', null, [`at ${NOW + 1}`]],
    ['partial', 'warning', 'retry', ['7', '30']],
  ] as const)('%s after such a poll', (outcome, severity, fix, params) => {
    const standing = {
      status: 503,
      detail: 'No right.',
      origin: 'https://api.example.com',
      badRows: 7,
      allRows: 30,
      notBeforeMs: NOW + 1,
    };
    expect(problem({ ...standing, outcome })).toEqual({ code: outcome, severity, fix, params, sinceMs: NOW - MIN });
  });

  it('is never what the last poll was like for who is not signed in', () => {
    for (const phase of ['signedOut', 'signingIn', 'needsSignIn'] as const)
      for (const outcome of POLL_OUTCOMES) expect(code({ auth: auth({ phase }), outcome })).toBe(phase);
  });

  it.each([
    ['interrupted', 'signInInterrupted'],
    ['denied', 'signInFailed'],
    ['network', 'signInFailed'],
    ['userClosed', 'signedOut'],
    ['cancelled', 'signedOut'],
    [null, 'signedOut'],
  ] as const)('is, after a sign-in that ended with %s, %s', (failure, expected) => {
    expect(code({ auth: auth({ phase: 'signedOut', failure }) })).toBe(expected);
  });

  it('is the cause rather than its consequence', () => {
    const hostsMissing = ['https://api.example.com'];
    expect(problem({ outcome: 'offline', hostsMissing })).toMatchObject({
      code: 'hostAccessMissing',
      params: hostsMissing,
      fix: 'grantHosts',
    });
    expect(code({ outcome: 'offline', auth: auth({ phase: 'recovering', failure: 'network' }) })).toBe('recovering');
    expect(code({ outcome: 'offline', missingAgents: 3, storageFailedSinceMs: NOW })).toBe('storageFailed');
    expect(code({ outcome: 'ok', missingAgents: 3 })).toBe('agentsMissing');
    expect(code({ outcome: 'partial', missingAgents: 3, badRows: 1, allRows: 9 })).toBe('agentsMissing');
  });
});

describe('an empty list', () => {
  const empty = { outcome: 'empty' as const, emptyPolls: 2, emptySinceMs: NOW - MIN };

  it('is four different things', () => {
    expect(code({ ...empty, emptySinceMs: NOW - 5000 })).toBe('emptyMayLag');
    expect(code({ ...empty, emptyPolls: 1 })).toBe('emptyUnconfirmed');
    expect(code(empty)).toBe('emptyConfirmed');
    expect(code({ ...empty, auth: auth({ missingScopes: ['view:interaction'] }) })).toBe('scopeMissing');
  });

  it('is the lost permission’s doing from the moment that was lost', () => {
    const lost = auth({
      phase: 'scopeLost',
      sinceMs: NOW - 9,
      missingScopes: ['view:interaction'],
      ledger: [
        { atMs: 1, kind: 'signIn', nth: 0, requested: [], received: ['view:interaction'], lost: [] },
        { atMs: 2, kind: 'renewal', nth: 1, requested: [], received: [], lost: ['view:interaction'] },
      ],
    });
    for (const outcome of POLL_OUTCOMES)
      expect(problem({ outcome, auth: lost })).toMatchObject({
        code: 'scopeLost',
        params: ['view:interaction', 'at 2', '1'],
        fix: 'signIn',
        sinceMs: NOW - 9,
      });
  });

  it('gives no time for a list that never came', () => {
    expect(problem({ ...empty, hadAgents: false, lastListMs: 0 })?.params).toEqual(['', 'org']);
    expect(problem({ ...empty, hadAgents: true, lastListMs: 0 })?.params).toEqual(['', 'org']);
  });
});

describe('whatever stands', () => {
  const standing = fc.record({
    outcome: fc.option(fc.constantFrom(...POLL_OUTCOMES)),
    phase: fc.constantFrom(...AUTH_PHASES),
    failure: fc.option(fc.constantFrom(...AUTH_FAILURES)),
    missingScopes: fc.subarray(['view:agent', 'view:interaction']),
    hostsMissing: fc.subarray(['https://a.example', 'https://b.example']),
    emptyPolls: fc.nat(3),
    missingAgents: fc.nat(2),
    storageFailedSinceMs: fc.constantFrom(0, NOW - 5),
  });

  it('there is at most one problem, it is fit to be shown, and an unusable list is never shown without', () => {
    fc.assert(
      fc.property(standing, ({ phase, failure, missingScopes: missing, ...more }) => {
        // The one is never stored without the other.
        const missingScopes = phase === 'scopeLost' && missing.length === 0 ? ['view:agent'] : missing;
        const found = currentProblem({ ...calm, ...more, auth: auth({ phase, failure, missingScopes }) });
        if (phase !== 'signedIn' || (more.outcome !== null && !['ok', 'unchanged'].includes(more.outcome)))
          expect(found).not.toBeNull();
        if (found) expect(found.params.every((param) => typeof param === 'string')).toBe(true);
        if (found?.code === 'emptyConfirmed')
          expect([missingScopes, phase, more.emptyPolls >= 2]).toEqual([[], 'signedIn', true]);
      }),
      runs(10_000),
    );
  }, 60_000);
});
