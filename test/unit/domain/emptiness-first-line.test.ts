import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/domain/agent-state.ts';
import { type AuthStatus, type GrantEvent, SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import { emptyProblem, flagFor } from '../../../src/domain/emptiness-first-line.ts';
import type { Transition } from '../../../src/domain/transition.ts';

const A = 'view:agent';
const I = 'view:interaction';
const NOW = 1_000_000;
const clock = (ms: number) => `t${ms}`;
const grant = (atMs: number, kind: GrantEvent['kind'], nth: number, received: string[]): GrantEvent => ({
  atMs,
  kind,
  nth,
  requested: [A, I],
  received,
  lost: [A, I].filter((scope) => !received.includes(scope)),
});
const good: AuthStatus = {
  ...SIGNED_OUT,
  phase: 'signedIn',
  organisationId: 'org-1',
  effectiveScopes: [A, I],
  ledger: [grant(100, 'signIn', 0, [A, I])],
};
const lost: AuthStatus = {
  ...good,
  missingScopes: [A],
  ledger: [...good.ledger, grant(200, 'renewal', 1, [A, I]), grant(300, 'renewal', 2, [I]), grant(400, 'renewal', 3, [I])],
};
const missing: AuthStatus = {
  ...good,
  missingScopes: [A],
  ledger: [grant(100, 'signIn', 0, [I]), grant(200, 'renewal', 1, [I])],
};

const state = (category: AgentState['category'], sinceMs = 500): AgentState => ({
  agentId: 'a',
  category,
  stateName: '',
  reason: '',
  skill: '',
  sinceMs,
  sinceKnown: true,
});
const to = (category: AgentState['category'], atMs = 600): Transition => ({
  agentId: 'a',
  from: null,
  to: state(category),
  atMs,
  gap: false,
});
const usual: Parameters<typeof flagFor>[0] = {
  agentId: 'a',
  missing: { sinceMs: NOW - 60_000, polls: 2 },
  lastSeen: state('available'),
  lastSeenMs: 900,
  nowMs: NOW,
  auth: good,
  lastTransition: null,
  clock,
};
const flag = (more: Partial<typeof usual>) => {
  const { kind, params } = flagFor({ ...usual, ...more });
  return [kind, ...params];
};

describe('flagFor', () => {
  it('names the renewal that lost the scope', () => {
    expect(flag({ auth: lost })).toEqual(['scopeLost', A, 't300', '2']);
  });
  it('lists all that renewals lost, from the first time on, and has no number for a silent sign-in', () => {
    const both = { ...lost, missingScopes: [A, I], ledger: [...lost.ledger, grant(500, 'renewal', 4, [])] };
    expect(flag({ auth: both })).toEqual(['scopeLost', `${A}, ${I}`, 't300', '2']);
    const silent = { ...lost, ledger: [...good.ledger, grant(250, 'silentSignIn', 0, [I])] };
    expect(flag({ auth: silent })).toEqual(['scopeLost', A, 't250', '']);
  });
  it('says never given where the sign-in did not give it, or nothing is on record', () => {
    expect(flag({ auth: missing })).toEqual(['scopeMissing', A, 't100', '']);
    expect(flag({ auth: { ...missing, ledger: [] } })).toEqual(['scopeMissing', A, '', '']);
  });
  it('does not blame a scope for what is not lacking', () => {
    expect(flag({ auth: { ...lost, missingScopes: [] } })[0]).toBe('confirmedMissing');
  });
  it('knows who logged out', () => {
    expect(flag({ lastTransition: to('loggedOut') })).toEqual(['loggedOut', 't600']);
    expect(flag({ lastSeen: state('loggedOut') })).toEqual(['loggedOut', 't500']);
    expect(flag({ lastSeen: state('loggedOut'), lastTransition: to('available') })[0]).toBe('confirmedMissing');
  });
  it('gives a state 30 s to show up', () => {
    const since = (ms: number) => flag({ missing: { sinceMs: NOW - ms, polls: 2 } });
    expect([since(29_999), since(30_000)[0]]).toEqual([['mayLag', '30'], 'confirmedMissing']);
  });
  it('confirms only after two polls', () => {
    const polls = (n: number) => flag({ missing: { sinceMs: NOW - 60_000, polls: n } });
    expect([polls(1), polls(2)]).toEqual([
      ['seenUntil', 't900'],
      ['confirmedMissing', 't900'],
    ]);
    expect(flag({ lastSeen: null })).toEqual(['neverSeen']);
  });
  it('carries who, since when, and the organisation', () => {
    expect(flagFor(usual)).toMatchObject({ agentId: 'a', missingSinceMs: NOW - 60_000, organisationId: 'org-1' });
  });
  it('keeps the order of reasons', () => {
    const input = fc.record({
      auth: fc.constantFrom(good, lost, missing),
      ago: fc.constantFrom(0, 29_000, 31_000),
      polls: fc.integer({ min: 1, max: 3 }),
      lastSeen: fc.constantFrom(null, state('available'), state('loggedOut')),
      lastTransition: fc.constantFrom(null, to('available'), to('loggedOut')),
    });
    fc.assert(
      fc.property(input, ({ ago, polls, ...more }) => {
        const reasons = [
          more.auth === lost && 'scopeLost',
          more.auth === missing && 'scopeMissing',
          (more.lastTransition ? more.lastTransition.to : more.lastSeen)?.category === 'loggedOut' && 'loggedOut',
          ago < 30_000 && 'mayLag',
          !more.lastSeen && 'neverSeen',
          polls < 2 && 'seenUntil',
          'confirmedMissing',
        ];
        expect(flag({ ...more, missing: { sinceMs: NOW - ago, polls } })[0]).toBe(reasons.find(Boolean));
      }),
    );
  });
});

describe('emptyProblem', () => {
  const empty = { emptySinceMs: NOW - 60_000, emptyPolls: 2, hadAgents: true, lastListMs: 700, auth: good, nowMs: NOW, clock };
  it.each([
    ['scope lost', { auth: lost }, { code: 'scopeLost', severity: 'error', fix: 'signIn', params: [A, 't300', '2'] }],
    ['scope never given', { auth: missing }, { code: 'scopeMissing', severity: 'error', fix: 'signIn', params: [A, 't100', ''] }],
    ['too early', { emptySinceMs: NOW - 29_999 }, { code: 'emptyMayLag', severity: 'warning', fix: 'retry', params: ['30'] }],
    ['one poll', { emptyPolls: 1 }, { code: 'emptyUnconfirmed', severity: 'warning', fix: 'retry', params: ['t700', 'org-1'] }],
    ['two polls', {}, { code: 'emptyConfirmed', severity: 'error', fix: 'retry', params: ['t700', 'org-1'] }],
    [
      'nothing known',
      { hadAgents: false, auth: { ...good, organisationId: '' } },
      { code: 'emptyConfirmed', severity: 'error', fix: 'retry', params: ['', ''] },
    ],
  ])('%s', (_, more, problem) => {
    const input = { ...empty, ...more };
    expect(emptyProblem(input)).toEqual({ ...problem, sinceMs: input.emptySinceMs });
  });
});
