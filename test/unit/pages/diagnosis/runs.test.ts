import { describe, expect, it } from 'vitest';
import type { AgentRow } from '../../../../src/messages/contract.ts';
import { choicesFor, SUGGESTIONS } from '../../../../src/pages/console/diagnosis/choices.ts';
import { type Asked, allRuns, narrowed, sameAgents, shownFor, statusNow } from '../../../../src/pages/console/diagnosis/runs.ts';
import { agentRow, NOW } from '../rows.ts';
import { diagnosisRun, known } from './made.ts';

const at = (over: Partial<{ agent: string; run: string; ask: boolean }> = {}) => ({
  agent: null,
  run: null,
  ask: false,
  ...over,
});
const asked = (over: Partial<Asked> = {}): Asked => ({ agentIds: ['a1'], atMs: NOW, runId: null, error: '', ...over });

describe('a run that says nothing any more', () => {
  it('is running while its worker gives a sign of life, and interrupted after 45 s without one', () => {
    const run = diagnosisRun({ status: 'running', updatedMs: NOW });
    expect(statusNow(run, NOW + 45_000)).toBe('running');
    expect(statusNow(run, NOW + 45_001)).toBe('interrupted');
  });
  it('stays what it ended as, however long ago', () => {
    for (const status of ['done', 'cancelled', 'interrupted'] as const)
      expect(statusNow({ status, updatedMs: 0 }, NOW)).toBe(status);
  });
});

describe('which runs there are', () => {
  it('lists each once, the newest first, and prefers what is published', () => {
    const live = diagnosisRun({ id: 'r2', startedMs: NOW + 2, status: 'running' });
    const kept = [diagnosisRun({ id: 'r3', startedMs: NOW + 3 }), diagnosisRun({ id: 'r2', startedMs: NOW + 2 }), diagnosisRun()];
    expect(allRuns(live, kept).map(({ id, status }) => [id, status])).toEqual([
      ['r3', 'done'],
      ['r2', 'running'],
      ['r1', 'done'],
    ]);
    expect(allRuns(null, null)).toEqual([]);
  });
  it('compares whom they are about, in any order', () => {
    expect(sameAgents(diagnosisRun({}, ['a', 'b']), diagnosisRun({}, ['b', 'a']))).toBe(true);
    expect(sameAgents(diagnosisRun({}, ['a', 'b']), diagnosisRun({}, ['a']))).toBe(false);
    expect(sameAgents(diagnosisRun({}, ['a']), diagnosisRun({}, ['b']))).toBe(false);
  });
  it('narrows a run of many to one, without what was found before about another', () => {
    const run = diagnosisRun({ before: known({ agentId: 'b' }) }, ['a', 'b', 'c']);
    const [first, second] = run.agents;
    if (!first || !second) throw new Error('made up wrongly');
    expect(narrowed(run, first)).toMatchObject({ agents: [{ agentId: 'a' }], finished: ['a'], before: null });
    expect(narrowed(run, second).before).toMatchObject({ agentId: 'b' });
  });
});

describe('what the address shows', () => {
  const live = diagnosisRun({ id: 'r2', startedMs: NOW + 2 }, ['a1', 'a2']);
  const old = diagnosisRun({ id: 'r1' }, ['a1']);

  it('starts without an agent', () => {
    expect(shownFor(at(), null, live, [old], NOW)).toEqual({ kind: 'start' });
  });
  it('shows the newest run about an agent, published or kept', () => {
    expect(shownFor(at({ agent: 'a1' }), null, live, [old], NOW)).toMatchObject({ kind: 'agent', run: { id: 'r2' } });
    expect(shownFor(at({ agent: 'a1' }), null, diagnosisRun({ id: 'r0', startedMs: 0 }), [old], NOW)).toMatchObject({
      run: { id: 'r1' },
    });
  });
  it('does not wait for the kept ones where the published one answers, and waits where it does not', () => {
    expect(shownFor(at({ agent: 'a1' }), null, live, null, NOW)).toMatchObject({ kind: 'agent' });
    expect(shownFor(at({ agent: 'a9' }), null, live, null, NOW)).toEqual({ kind: 'opening' });
    expect(shownFor(at({ agent: 'a9' }), null, live, [old], NOW)).toEqual({ kind: 'nothing', agentId: 'a9' });
  });
  it('shows the run named: all its agents, or the one named with it', () => {
    expect(shownFor(at({ run: 'r2' }), null, live, [old], NOW)).toEqual({ kind: 'agents', run: live });
    expect(shownFor(at({ run: 'r2', agent: 'a2' }), null, live, [old], NOW)).toMatchObject({ agent: { agentId: 'a2' } });
    expect(shownFor(at({ run: 'r1' }), null, live, [old], NOW)).toMatchObject({ kind: 'agent', run: { id: 'r1' } });
    expect(shownFor(at({ run: 'gone' }), null, live, [old], NOW)).toEqual({ kind: 'nothing', agentId: null });
    expect(shownFor(at({ run: 'gone' }), null, live, null, NOW)).toEqual({ kind: 'opening' });
  });
  it('waits for an answer, says when there was none, and waits for no run that never comes', () => {
    const there = at({ agent: 'a1', run: 'new' });
    expect(shownFor(at({ agent: 'a1', ask: true }), null, live, [old], NOW)).toEqual({ kind: 'opening' });
    expect(shownFor(at({ agent: 'a1' }), asked(), live, [old], NOW)).toEqual({ kind: 'opening' });
    expect(shownFor(at({ agent: 'a1' }), asked({ error: 'No' }), live, [old], NOW)).toMatchObject({
      kind: 'notStarted',
      error: 'No',
    });
    expect(shownFor(there, asked({ runId: 'new' }), live, [old], NOW + 10_000)).toEqual({ kind: 'opening' });
    expect(shownFor(there, asked({ runId: 'new' }), live, [old], NOW + 10_001)).toMatchObject({ kind: 'notStarted', error: '' });
    expect(shownFor(there, asked({ runId: 'new' }), diagnosisRun({ id: 'new' }), [old], NOW + 10_001)).toMatchObject({
      kind: 'agent',
    });
  });
});

describe('what the field offers', () => {
  const people = (count: number): AgentRow[] => Array.from({ length: count }, (_, index) => agentRow({ agentId: `a${index}` }));

  it('offers who fits, and what was typed last', () => {
    expect(choicesFor(' Dana ', people(2)).map(({ agentId, agent }) => [agentId, agent !== null])).toEqual([
      ['a0', true],
      ['a1', true],
      ['Dana', false],
    ]);
  });
  it('offers what was typed even where nobody fits, and nothing where nothing was typed', () => {
    expect(choicesFor('dana@example.test', [])).toEqual([{ agentId: 'dana@example.test', agent: null }]);
    expect(choicesFor('  ', people(3))).toEqual([]);
  });
  it('needs no second line for an id that is an agent’s', () => {
    expect(choicesFor('a1', people(3)).map(({ agentId }) => agentId)).toEqual(['a1']);
  });
  it('never lists more than are read at a glance', () => {
    expect(choicesFor('x', people(30))).toHaveLength(SUGGESTIONS + 1);
  });
});
