import { describe, expect, it } from 'vitest';
import { HISTORY_PROBLEMS } from '../../../../src/domain/history/history.ts';
import { loadStatus, problemsOf, progressOf, remedyFor } from '../../../../src/pages/console/history/standing.ts';
import { MINUTE, NOW } from '../rows.ts';
import { agentLoad, historyLoad } from './made.ts';

describe('how a load stands', () => {
  it('was interrupted when it has long said nothing: the worker cannot write that it is dead', () => {
    expect(loadStatus(historyLoad(), NOW + 59_000)).toBe('running');
    expect(loadStatus(historyLoad(), NOW + 61_000)).toBe('interrupted');
    const waiting = historyLoad({ status: 'waiting', notBeforeMs: NOW + 10 * MINUTE });
    expect(loadStatus(waiting, NOW + 9 * MINUTE)).toBe('waiting');
    expect(loadStatus(waiting, NOW + 11 * MINUTE)).toBe('waiting');
    expect(loadStatus(waiting, NOW + 13 * MINUTE)).toBe('interrupted');
    expect(loadStatus(historyLoad({ status: 'done' }), NOW + 60 * MINUTE)).toBe('done');
  });
  it('counts agents, and within one its records', () => {
    const agents = [
      agentLoad({ status: 'done', pages: 3, records: 2500 }),
      agentLoad({ agentId: 'a2', status: 'running', pages: 1, records: 1000, total: 2000 }),
      agentLoad({ agentId: 'a3', status: 'waiting' }),
      agentLoad({ agentId: 'a4', status: 'failed', problem: 'forbidden' }),
    ];
    expect(progressOf({ agents })).toEqual({ ended: 2, agents: 4, page: 2, records: 3500, part: 2.5 / 4 });
  });
  it('cannot say how far it is with one agent whose records nobody has counted', () => {
    expect(progressOf({ agents: [agentLoad({ pages: 2, records: 2000 })] })).toMatchObject({ page: 3, part: null });
    expect(progressOf({ agents: [agentLoad({ records: 500, total: 1000 })] }).part).toBe(0.5);
    expect(progressOf({ agents: [agentLoad({ records: 900, total: 600 })] }).part).toBe(1);
    expect(progressOf({ agents: [] })).toMatchObject({ part: null, page: 1 });
  });
});

describe('what was wrong', () => {
  it('is said once for all who have it, the most agents first', () => {
    const found = [
      { agentId: 'a', problem: 'badAgent' as const, detail: 'No such agent a' },
      { agentId: 'b', problem: 'serverError' as const, detail: 'Busy' },
      { agentId: 'c', problem: null, detail: '' },
      { agentId: 'd', problem: 'serverError' as const, detail: 'Busy' },
    ];
    expect(problemsOf(found)).toEqual([
      { problem: 'serverError', agentIds: ['b', 'd'], detail: 'Busy' },
      { problem: 'badAgent', agentIds: ['a'], detail: 'No such agent a' },
    ]);
  });
  it('quotes the server only where it told all the same', () => {
    const found = ['x', 'y'].map((detail) => ({ agentId: detail, problem: 'serverError' as const, detail }));
    expect(problemsOf(found)[0]?.detail).toBe('');
  });
  it.each(HISTORY_PROBLEMS)('%s has one button or none', (problem) => {
    expect([null, 'again', 'findOut', 'signIn', 'signInAgain', 'useHistory']).toContain(remedyFor(problem));
  });
  it('offers no second try where it cannot help', () => {
    for (const problem of ['noData', 'badRange', 'badAgent', 'tooMuch', 'unsupported'] as const)
      expect(remedyFor(problem)).not.toBe('again');
  });
});
