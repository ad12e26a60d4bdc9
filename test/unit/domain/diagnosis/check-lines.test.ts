import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLines } from '../../../../src/domain/diagnosis/check-lines.ts';
import { CHECKS, type Evidence } from '../../../../src/domain/diagnosis/evidence.ts';
import type { DiagnosisRun } from '../../../../src/domain/diagnosis/run.ts';
import { runs } from '../../support/runs.ts';
import { anyEvidence } from './any-evidence.ts';
import {
  AGENT,
  clock,
  codes,
  everybody,
  failed,
  gone,
  ME,
  NOW,
  PUZZLE,
  puzzle,
  row,
  runOf,
  START,
  scopes,
  searched,
  token,
  unasked,
  withRow,
} from './evidence.ts';

const results = (evidence: Evidence, more: Partial<DiagnosisRun> = {}) =>
  Object.fromEntries(checkLines(runOf([evidence], more), evidence.agentId, clock).map(({ check, result }) => [check, result]));
const found = (evidence: Evidence, check: string) =>
  codes(checkLines(runOf([evidence]), evidence.agentId, clock).find((line) => line.check === check)?.pieces ?? []);
const running = (more: Partial<DiagnosisRun> = {}): Partial<DiagnosisRun> => ({ status: 'running', finished: [], ...more });

describe('check by check', () => {
  it('says what was found, and how long it took', () => {
    const lines = checkLines(runOf([PUZZLE]), AGENT, clock);
    expect(lines.map(({ check }) => check)).toEqual(CHECKS);
    expect(lines.map(({ result, pieces, tookMs }) => [result, codes(pieces), tookMs])).toEqual([
      ['ok', ['tokenAccepted'], 0],
      ['ok', ['scopesComplete'], 0],
      ['ok', ['organisationOwn', 'permissionFound'], 0],
      ['ok', ['agentFound', 'organisationSame'], 112],
      ['notNeeded', [], 0],
      ['ok', ['groupsSome'], 0],
      ['bad', ['stateNone', 'othersListed', 'missingSince'], 15_020],
    ]);
  });

  it('what comes next, what is under way, what was not needed, what was never asked', () => {
    expect(results(START, running())).toEqual(Object.fromEntries(CHECKS.map((check) => [check, 'waiting'])));
    const asking = running({ doing: { check: 'state', agentId: AGENT, sinceMs: NOW, untilMs: NOW + 5000 } });
    expect(results(PUZZLE, asking)).toMatchObject({ skillGroups: 'ok', state: 'running', identity: 'waiting' });
    expect(results(PUZZLE, running({ doing: { check: 'state', agentId: 'another', sinceMs: NOW, untilMs: 0 } })).state).toBe(
      'bad',
    );
    expect(results(PUZZLE, running({ doing: { check: 'state', agentId: null, sinceMs: NOW, untilMs: 0 } })).state).toBe(
      'running',
    );
    expect(results(unasked())).toMatchObject({ identity: 'notNeeded', state: 'notNeeded' });
    for (const status of ['cancelled', 'interrupted'] as const)
      expect(results(unasked(), { status, finished: [] })).toMatchObject({ skillGroups: 'ok', state: 'unknown' });
    const next = { check: 'agent' as const, agentId: null, sinceMs: NOW, untilMs: 0 };
    expect(results(unasked(), { status: 'running', finished: [AGENT], doing: next }).agent).toBe('ok');
    // One of many, done while the others are still asked about.
    expect(results(unasked(), { status: 'running', finished: [AGENT] })).toMatchObject({ state: 'notNeeded' });
  });

  it('out of time, or left out of too many: not known, and not "not needed"', () => {
    expect(results(unasked(), { finished: [] })).toMatchObject({ skillGroups: 'ok', identity: 'unknown', state: 'unknown' });
    const left = runOf([{ ...PUZZLE, agent: null, skillGroups: null }]);
    const agents = left.agents.map((agent) => ({ ...agent, unasked: true }));
    const lines = checkLines({ ...left, agents }, AGENT, clock);
    expect(lines.filter(({ result }) => result === 'unknown').map(({ check }) => check)).toEqual(['agent', 'identity']);
  });

  it('of the whole list: what is about an agent is not needed', () => {
    expect(results({ ...everybody(), token: null }, running())).toMatchObject({
      token: 'waiting',
      agent: 'notNeeded',
      identity: 'notNeeded',
      skillGroups: 'notNeeded',
    });
    expect(found(everybody(), 'state')).toEqual(['othersNone']);
  });

  it('is bad where something is wrong', () => {
    const bad: [Evidence, string, string[]][] = [
      [puzzle({ token: token({ rejected: true }) }), 'token', ['tokenRejected']],
      [puzzle({ token: token({ phase: 'needsSignIn' }) }), 'token', ['signInNeeded']],
      [puzzle({ token: token({ hostsMissing: ['https://x.example'] }) }), 'token', ['hostsMissing']],
      [puzzle({ token: token({ notBeforeMs: NOW + 60_000 }) }), 'token', ['signedIn', 'mustWait']],
      [puzzle({ scopes: scopes({ effective: ['view:agent'] }) }), 'scopes', ['scopesLack', 'scopesNeverGiven']],
      [
        puzzle({ me: { ...ME, organisationId: 'org-9', permissions: ['x'], roles: [] } }),
        'me',
        ['organisationsDiffer', 'permissionAbsent'],
      ],
      [puzzle({ agent: gone('/agents/x') }), 'agent', ['agentNotFound']],
      [puzzle({ agent: { ok: true, organisationId: 'org-9', active: false } }), 'agent', ['agentInactive', 'organisationOther']],
      [puzzle({ identity: searched({ looksLike: 'email', match: { kind: 'email', agentId: 'b' } }) }), 'identity', ['idIs']],
      [puzzle({ identity: searched() }), 'identity', ['idNowhere']],
      [puzzle({ skillGroups: { ok: true, groups: [] } }), 'skillGroups', ['groupsNone']],
      [
        puzzle({ skillGroups: { ok: true, groups: [{ name: 'A', active: false }] } }),
        'skillGroups',
        ['groupsSome', 'groupsPaused'],
      ],
      [
        puzzle({ states: [withRow(row({ category: 'loggedIn', skills: 0 }))] }),
        'state',
        ['stateUnset', 'stateWithoutSkill', 'othersListed'],
      ],
    ];
    for (const [evidence, check, pieces] of bad) {
      expect(results(evidence)[check], pieces.join()).toBe('bad');
      expect(found(evidence, check)).toEqual(pieces);
    }
  });

  it('is open where nobody says, or where not every tenant answers', () => {
    expect(results(puzzle({ scopes: scopes({ source: 'requested' }) })).scopes).toBe('open');
    expect(results(puzzle({ me: gone('/users/me') })).me).toBe('open');
    expect(results(puzzle({ skillGroups: failed('forbidden', 403) })).skillGroups).toBe('open');
    expect(results(puzzle({ list: null, me: { ...ME, roles: [], permissions: [] } })).me).toBe('open');
    expect(
      results(
        puzzle({
          skillGroups: {
            ok: true,
            groups: [
              { name: 'A', active: false },
              { name: 'B', active: true },
            ],
          },
        }),
      ).skillGroups,
    ).toBe('open');
    // Others are listed: what CXone does not say about rights is no question.
    expect(results(puzzle({ me: { ...ME, roles: [], permissions: [] } })).me).toBe('ok');
  });

  it('is ok for a state, on whichever try', () => {
    expect(results(puzzle({ states: [withRow(row())] })).state).toBe('ok');
    expect(found(puzzle({ states: [...PUZZLE.states.slice(0, 2), withRow(row(), 11)] }), 'state')).toEqual([
      'stateFound',
      'stateOnRetry',
      'othersListed',
    ]);
  });

  it('has a line for every check whatever was found, and none about somebody else', () => {
    fc.assert(
      fc.property(anyEvidence(), (evidence) => {
        const lines = checkLines(runOf([evidence]), evidence.agentId, clock);
        expect(lines.map(({ check }) => check)).toEqual(CHECKS);
        for (const { check, pieces } of lines) expect(pieces.every((piece) => piece.check === check)).toBe(true);
      }),
      runs(500),
    );
    expect(checkLines(runOf([PUZZLE]), 'nobody', clock)).toEqual([]);
  });
});
