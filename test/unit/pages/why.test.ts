import { describe, expect, it } from 'vitest';
import type { Flag } from '../../../src/domain/emptiness.ts';
import { PROBLEM_CODES, type Problem, type ProblemCode } from '../../../src/domain/problem.ts';
import { adminUrl, portalUrl } from '../../../src/pages/console/diagnosis/cxone-tabs.ts';
import { agentWhy, isAboutList, problemWhy } from '../../../src/pages/parts/why.ts';
import { known } from './diagnosis/made.ts';
import { glance, glanceRow, MINUTE, NOW } from './rows.ts';

const problem = (code: ProblemCode): Problem => ({ code, severity: 'error', params: [], fix: null, sinceMs: NOW });
const flag: Flag = { agentId: 'a1', kind: 'seenUntil', params: [], missingSinceMs: NOW, organisationId: '' };

describe('"Why?" of an agent', () => {
  it('leads to the verdict that is there', () => {
    expect(agentWhy('a1', known(), NOW + 14 * MINUTE)).toEqual({ room: 'diagnosis', agent: 'a1', run: 'r1' });
  });
  it('asks where there is none, where it is old, and where it is about somebody else', () => {
    const asks = { room: 'diagnosis', agent: 'a1', ask: true };
    expect(agentWhy('a1', null, NOW)).toEqual(asks);
    expect(agentWhy('a1', known(), NOW + 15 * MINUTE)).toEqual(asks);
    expect(agentWhy('a1', known({ agentId: 'a2' }), NOW)).toEqual(asks);
  });
});

describe('"Why?" of a problem', () => {
  it('is offered for riddles alone', () => {
    const offered = PROBLEM_CODES.filter((code) => problemWhy(glance({ problem: problem(code) }), NOW));
    expect(offered).toEqual([
      'scopeMissing',
      'scopeLost',
      'unauthorized',
      'forbidden',
      'portal',
      'malformed',
      'serverError',
      'emptyMayLag',
      'emptyUnconfirmed',
      'emptyConfirmed',
      'agentsMissing',
    ]);
    expect(problemWhy(glance(), NOW)).toBeNull();
  });
  it('leads to what was found, about whomever', () => {
    const empty = problem('emptyConfirmed');
    expect(problemWhy(glance({ problem: empty, cause: known({ agentId: '' }) }), NOW)).toEqual({
      room: 'diagnosis',
      agent: null,
      run: 'r1',
    });
    expect(problemWhy(glance({ problem: empty, cause: known({ agentId: 'a7' }) }), NOW)).toMatchObject({
      agent: 'a7',
      run: 'r1',
    });
  });
  it('asks about the list, or about the first who is missing from it', () => {
    const rows = [
      glanceRow({ agentId: 'a1', flag: { ...flag, kind: 'loggedOut' } }),
      glanceRow({ agentId: 'a2', flag: { ...flag, agentId: 'a2' } }),
    ];
    expect(problemWhy(glance({ problem: problem('agentsMissing'), rows }), NOW)).toEqual({
      room: 'diagnosis',
      agent: 'a2',
      ask: true,
    });
    expect(problemWhy(glance({ problem: problem('emptyConfirmed'), rows }), NOW)).toEqual({
      room: 'diagnosis',
      agent: null,
      ask: true,
    });
    expect([isAboutList(problem('agentsMissing')), isAboutList(problem('offline'))]).toEqual([false, false]);
  });
});

describe('which tab a remedy opens', () => {
  it('opens where one signs in for an admin, and what stood behind the portal for a portal', () => {
    const hosts = ['https://sign-in.example', 'https://api.example'];
    expect([adminUrl(hosts), portalUrl(hosts)]).toEqual(['https://sign-in.example/', 'https://api.example/']);
  });
  it('opens nothing that is no web address', () => {
    expect([adminUrl([]), adminUrl(['javascript:alert(1)']), portalUrl(['https://a/b'])]).toEqual([null, null, null]);
  });
});
