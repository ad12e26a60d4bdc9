import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS, type Check, type Evidence } from '../../../../src/domain/diagnosis/evidence.ts';
import { nextStep } from '../../../../src/domain/diagnosis/next-step.ts';
import { runs } from '../../support/runs.ts';
import { anyEvidence } from './any-evidence.ts';
import {
  everybody,
  FOUND,
  failed,
  failing,
  GROUPS,
  gone,
  grant,
  HOUR,
  identity,
  LISTED,
  ME,
  NOBODY_LISTED,
  NOW,
  OTHER,
  PUZZLE,
  row,
  SECOND,
  SIGN_IN,
  START,
  scopes,
  searched,
  token,
  without,
  withRow,
} from './evidence.ts';

/** What CXone would answer: read when the check is made. */
type World = Partial<Pick<Evidence, 'token' | 'scopes' | 'me' | 'agent' | 'identity' | 'skillGroups' | 'states'>> & {
  /** Two more things a check may change. */
  list?: Evidence['list'];
};

/** Makes check after check, 100 ms each, as the collector does. */
function diagnosed(start: Evidence, world: World = {}): { asked: string[]; waitedMs: number } {
  let evidence = { ...start };
  let nowMs = start.startedMs;
  let waitedMs = 0;
  const asked: string[] = [];
  const answers = { ...PUZZLE, identity: searched(), ...world };
  for (let next = nextStep(evidence, nowMs); next; next = nextStep(evidence, nowMs)) {
    const { check, waitMs } = next;
    if (asked.push(waitMs > 0 ? `${check} +${waitMs}` : check) > 50) throw new Error('It does not end.');
    waitedMs += waitMs;
    nowMs += waitMs + 100;
    if (check === 'state') {
      const answer = answers.states[evidence.states.length] ?? without();
      evidence = { ...evidence, states: [...evidence.states, { ...answer, atMs: nowMs }] };
      if (world.list) evidence.list = { ...world.list, atMs: nowMs };
    } else evidence = { ...evidence, [check]: answers[check] };
  }
  return { asked, waitedMs };
}
const asks = (start: Evidence, world?: World) => diagnosed(start, world).asked;
const alone: Evidence = { ...START, list: null };
const tries = (retries: number) => ['state', ...Array.from({ length: retries }, () => 'state +5000')];

describe('limits', () => {
  it('asks for nothing after its end, which a kill of the worker puts off', () => {
    const once = { ...PUZZLE, states: [without(1)] };
    expect(nextStep(once, NOW + 28 * SECOND)).toMatchObject({ check: 'state' });
    expect(nextStep(once, NOW + 31 * SECOND)).toBeNull();
    expect(nextStep({ ...once, endMs: NOW + 70 * SECOND }, NOW + 41 * SECOND)).toMatchObject({ check: 'state' });
  });

  it('who was left out of too many is not asked about again', () => {
    const left = { ...START, token: token(), scopes: scopes(), unasked: true };
    expect(asks(left).filter((check) => check === 'agent' || check === 'identity')).toEqual([]);
    expect(asks(left)).toContain('skillGroups');
  });
});

describe('what is asked, in order and no more', () => {
  it('all of it, where everything is in order and there is no state', () => {
    expect(asks(alone)).toEqual(['token', 'scopes', 'me', 'agent', 'skillGroups', ...tries(3)]);
  });

  it("not the signed-in person's rights, where others are listed for them", () => {
    expect(asks(START)).toEqual(['token', 'scopes', 'agent', 'skillGroups', ...tries(3)]);
    // The list of somebody who was signed in before, or of long ago, proves nothing.
    const newer = scopes({ ledger: [{ ...SIGN_IN, atMs: NOW - SECOND }] });
    expect(asks(START, { scopes: newer })).toContain('me');
    expect(asks({ ...START, list: { ...LISTED, atMs: NOW - HOUR } })).toContain('me');
    expect(asks({ ...START, list: NOBODY_LISTED })).toContain('me');
  });

  it("one's organisation, once the agent's is known and the token's is not", () => {
    expect(asks({ ...START, tokenOrganisationId: '' })).toEqual(['token', 'scopes', 'agent', 'me', 'skillGroups', ...tries(3)]);
    const silent = { agent: { ...FOUND, organisationId: '' } };
    expect(asks({ ...START, tokenOrganisationId: '' }, silent)).not.toContain('me');
  });

  it.each<[string, Evidence, World, string[]]>([
    ['no host access', START, { token: token({ hostsMissing: ['https://api.example.com'] }) }, ['token']],
    ['told to wait', START, { token: token({ notBeforeMs: NOW + 60 * SECOND }) }, ['token']],
    ['signed out', START, { token: token({ phase: 'signedOut' }) }, ['token']],
    ['sign-in under way', START, { token: token({ phase: 'signingIn' }) }, ['token']],
    ['a renewal under way', START, { token: token({ phase: 'recovering' }) }, ['token']],
    [
      'a scope lost',
      alone,
      {
        token: token({ phase: 'scopeLost' }),
        scopes: scopes({
          effective: ['view:agent'],
          ledger: [SIGN_IN, grant('renewal', NOW - HOUR, 1, ['view:agent'], ['view:interaction'])],
        }),
      },
      ['token', 'scopes'],
    ],
    [
      'a scope lacking, by introspection',
      alone,
      { scopes: scopes({ effective: [], source: 'introspection' }) },
      ['token', 'scopes'],
    ],
    [
      'a scope lost, and nobody sure',
      START,
      { token: token({ phase: 'scopeLost' }), scopes: scopes({ effective: ['view:agent'], source: 'requested' }) },
      ['token', 'scopes'],
    ],
    ['401 twice', alone, { me: failed('unauthorized', 401) }, ['token', 'scopes', 'me']],
    [
      'no permission for states',
      { ...START, list: NOBODY_LISTED },
      { me: { ...ME, roles: ['Agent'], permissions: ['Agent:View'] } },
      ['token', 'scopes', 'me'],
    ],
    ['another organisation', START, { agent: { ...FOUND, organisationId: 'org-9' } }, ['token', 'scopes', 'agent']],
    [
      'a partition',
      START,
      { agent: failed('forbidden', 403, { detail: 'Restricted by partition.' }) },
      ['token', 'scopes', 'agent'],
    ],
    ['unknown', START, { agent: gone('/agents/x') }, ['token', 'scopes', 'agent', 'identity']],
    [
      "somebody's user id",
      START,
      { agent: gone('/agents/x'), identity: searched({ match: { kind: 'userId', agentId: OTHER } }) },
      ['token', 'scopes', 'agent', 'identity'],
    ],
    [
      'an e-mail address',
      { ...START, identity: identity({ looksLike: 'email' }) },
      { identity: searched({ looksLike: 'email', match: { kind: 'email', agentId: OTHER } }) },
      ['token', 'scopes', 'identity'],
    ],
    [
      "an e-mail address, nobody's",
      { ...START, identity: identity({ looksLike: 'email' }) },
      { identity: searched({ looksLike: 'email' }), agent: gone('/agents/x') },
      ['token', 'scopes', 'identity', 'agent'],
    ],
    [
      'a number among UUIDs that CXone has listed before',
      {
        ...START,
        identity: identity({ looksLike: 'number' }),
        lastSeen: { category: 'working', stateName: '', atMs: NOW - HOUR },
      },
      { agent: { ...FOUND, organisationId: 'org-9' } },
      ['token', 'scopes', 'agent'],
    ],
    ['no skill groups', START, { skillGroups: { ok: true, groups: [] } }, ['token', 'scopes', 'agent', 'skillGroups']],
    [
      'no skill groups, not known to be missing',
      { ...START, missing: null },
      { skillGroups: { ok: true, groups: [] } },
      ['token', 'scopes', 'agent', 'skillGroups', 'state'],
    ],
    [
      'all groups paused',
      START,
      { skillGroups: { ok: true, groups: [{ name: 'Billing', active: false }] } },
      ['token', 'scopes', 'agent', 'skillGroups'],
    ],
    [
      'logged out',
      START,
      { states: [withRow(row({ category: 'loggedOut' }))] },
      ['token', 'scopes', 'agent', 'skillGroups', 'state'],
    ],
    ['a state', START, { states: [withRow(row())] }, ['token', 'scopes', 'agent', 'skillGroups', 'state']],
    [
      'a state on retry 2',
      START,
      { states: [without(), without(), withRow(row())] },
      ['token', 'scopes', 'agent', 'skillGroups', ...tries(2)],
    ],
    ['a web page', START, { agent: failed('portal', 200) }, ['token', 'scopes', 'agent']],
    [
      'rate limited in the middle',
      START,
      { skillGroups: failed('rateLimited', 429) },
      ['token', 'scopes', 'agent', 'skillGroups'],
    ],
    ['nothing gets through', START, { agent: failed('offline', 0) }, ['token', 'scopes', 'agent']],
    [
      'a fault when asked for the state',
      START,
      { states: [failing(failed('serverError', 503))] },
      ['token', 'scopes', 'agent', 'skillGroups', 'state'],
    ],
    [
      'two faults in a row',
      alone,
      { me: failed('serverError', 502), agent: failed('serverError', 503) },
      ['token', 'scopes', 'me', 'agent'],
    ],
    ['unreadable', START, { states: [failing(failed('malformed', 200))] }, ['token', 'scopes', 'agent', 'skillGroups', 'state']],
    [
      'wrong host',
      { ...START, list: { ...LISTED, outcome: 'serverError', status: 404, agents: 0 } },
      { me: gone('/users/me') },
      ['token', 'scopes', 'me'],
    ],
    [
      'wrong host, nothing known before',
      alone,
      {
        me: gone('/users/me'),
        agent: gone('/agents/x'),
        identity: identity({ looked: true }),
        states: [failing(gone('/agents/states'))],
      },
      ['token', 'scopes', 'me', 'agent', 'identity', 'state'],
    ],
  ])('%s', (_what, start, world, expected) => {
    expect(asks(start, world)).toEqual(expected);
  });

  it('of the whole list: rights and states, nothing about an agent', () => {
    const start = { ...everybody(), token: null, scopes: null, me: null, states: [] };
    expect(asks(start)).toEqual(['token', 'scopes', 'me', ...tries(3)]);
    expect(asks(start, { list: LISTED })).toEqual(['token', 'scopes', 'me', 'state']);
  });
});

describe('what is not to be had', () => {
  it.each(['me', 'agent', 'skillGroups'] as const)('%s alone does not stop the rest', (check) => {
    for (const answer of [
      gone('/x'),
      failed('forbidden', 403),
      failed('serverError', 501),
      failed('serverError', 500),
      failed('malformed', 200),
    ]) {
      const made = asks(alone, { [check]: answer, identity: identity({ looked: true }) });
      expect(made.at(-1)?.startsWith('state'), `${check} ${answer.status}`).toBe(true);
    }
  });

  it('skill groups of somebody CXone does not talk about are not asked for', () => {
    const unknown = { agent: gone('/agents/x'), identity: identity({ looked: true }) };
    expect(asks(alone, unknown)).toEqual(['token', 'scopes', 'me', 'agent', 'identity', 'state']);
    expect(asks(alone, { agent: failed('forbidden', 403) })).not.toContain('skillGroups');
  });
});

describe('retries', () => {
  it('are not made for an id CXone refuses', () => {
    expect(asks(START, { states: [failing(failed('serverError', 400))] }).at(-1)).toBe('state');
  });

  it('are five seconds after the last answer, however long has passed since', () => {
    const waited = (atMs: number, nowMs: number) => nextStep({ ...PUZZLE, states: [{ ...without(), atMs }] }, nowMs)?.waitMs;
    expect(waited(NOW, NOW)).toBe(5000);
    expect(waited(NOW, NOW + 2000)).toBe(3000);
    expect(waited(NOW, NOW + 9000)).toBe(0);
    // A clock that was set back does not make us wait for it.
    expect(waited(NOW + HOUR, NOW)).toBe(5000);
    expect(waited(Number.NaN, NOW)).toBe(5000);
  });

  it('are not begun that would end later than 30 s after the beginning', () => {
    const step = (ms: number) => nextStep({ ...PUZZLE, states: [{ ...without(), atMs: NOW + ms }] }, NOW + ms);
    expect(step(25_000)).toEqual({ check: 'state', waitMs: 5000 });
    expect(step(25_001)).toBeNull();
  });

  it('wait 15 s in all', () => expect(diagnosed(START).waitedMs).toBe(15_000));
});

describe('whatever is found', () => {
  it('ends: each check once, the state four times', () => {
    fc.assert(
      fc.property(anyEvidence(), anyEvidence(), fc.integer({ min: 0, max: 60_000 }), (start, world, passedMs) => {
        let evidence: Evidence = { ...start, token: null, scopes: null, me: null, agent: null, skillGroups: null, states: [] };
        if (evidence.identity) evidence.identity.looked = false;
        const made: Check[] = [];
        let nowMs = evidence.startedMs;
        for (let next = nextStep(evidence, nowMs); next; next = nextStep(evidence, nowMs)) {
          const { check, waitMs } = next;
          expect(CHECKS).toContain(check);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(5000);
          made.push(check);
          expect(made.length).toBeLessThanOrEqual(10);
          nowMs += waitMs + passedMs;
          evidence = {
            ...evidence,
            ...(check === 'token' && { token: world.token ?? token() }),
            ...(check === 'scopes' && { scopes: world.scopes ?? scopes() }),
            ...(check === 'me' && { me: world.me ?? ME }),
            ...(check === 'agent' && { agent: world.agent ?? FOUND }),
            ...(check === 'identity' && { identity: { ...(world.identity ?? identity()), looked: true } }),
            ...(check === 'skillGroups' && { skillGroups: world.skillGroups ?? GROUPS }),
            ...(check === 'state' && { states: [...evidence.states, world.states[evidence.states.length] ?? without()] }),
          };
        }
        for (const check of CHECKS)
          expect(made.filter((each) => each === check).length).toBeLessThanOrEqual(check === 'state' ? 4 : 1);
      }),
      runs(1000),
    );
  });

  it('never asks without leave: no host access, no token, "not before"', () => {
    fc.assert(
      fc.property(anyEvidence(), fc.constantFrom('hosts', 'wait', 'phase', 'rejected'), (evidence, why) => {
        const held = token({
          ...(why === 'hosts' && { hostsMissing: ['https://api.example.com'] }),
          ...(why === 'wait' && { notBeforeMs: NOW + 2 }),
          ...(why === 'phase' && { phase: 'needsSignIn' as const }),
          ...(why === 'rejected' && { rejected: true }),
        });
        expect(nextStep({ ...evidence, token: held }, NOW + 1)).toBeNull();
      }),
      runs(300),
    );
  });
});
