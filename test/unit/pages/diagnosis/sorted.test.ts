import { describe, expect, it } from 'vitest';
import type { AgentEvidence, RowFinding } from '../../../../src/domain/diagnosis/evidence.ts';
import { sorted, summary } from '../../../../src/pages/console/diagnosis/sorted.ts';
import { NOW } from '../rows.ts';
import { diagnosisRun, evidence, verdict } from './made.ts';

const row: RowFinding = {
  category: 'available',
  stateName: 'Available',
  stateGiven: true,
  loggedIn: true,
  skills: 1,
  sinceMs: NOW,
};
const missing = { sinceMs: NOW - 60_000, polls: 2 };
const there = (agentId: string): AgentEvidence => ({ ...evidence(agentId), states: [{ ok: true, row, atMs: NOW }] });
const groupless = (agentId: string): AgentEvidence => ({ ...evidence(agentId), missing, skillGroups: { ok: true, groups: [] } });

describe('a run of many', () => {
  const agents = [there('a'), groupless('b'), groupless('c'), evidence('d'), groupless('e')];

  it('sorts by what became of each', () => {
    const { groups, answered, waiting } = sorted(diagnosisRun({ agents, finished: ['a', 'b', 'c', 'd', 'e'] }));
    expect(groups.map((group) => [group.verdict?.cause ?? null, group.agentIds])).toEqual([
      ['noSkillGroups', ['b', 'c', 'e']],
      [null, ['d']],
    ]);
    expect([answered, waiting]).toEqual([['a'], []]);
  });
  it('whose cause is merely possible is not explained', () => {
    const paused = { ok: true as const, groups: [true, false].map((active) => ({ name: '', active })) };
    const maybe = { ...evidence('f'), missing, skillGroups: paused };
    const { groups } = sorted(diagnosisRun({ agents: [groupless('b'), maybe], finished: ['b', 'f'] }));
    expect(groups.map((group) => [group.verdict?.cause ?? null, group.agentIds])).toEqual([
      ['noSkillGroups', ['b']],
      [null, ['f']],
    ]);
  });
  it.each(['running', 'cancelled'] as const)('%s: says nothing about those that were not finished', (status) => {
    const { groups, answered, waiting } = sorted(diagnosisRun({ agents, status, finished: ['b'] }));
    expect(groups.flatMap(({ agentIds }) => agentIds)).toEqual(['b']);
    expect([answered, waiting]).toEqual([[], ['a', 'c', 'd', 'e']]);
  });
});

describe('its sentence', () => {
  const group = (...agentIds: string[]) => ({ verdict: verdict(), agentIds });

  it('says how far the causes go', () => {
    expect(summary([group('a', 'b'), group('c')], 4)).toEqual({ key: 'diagnosis_many', params: ['2', '3', '4'] });
    expect(summary([group('a', 'b'), { verdict: null, agentIds: ['c'] }], 3)).toEqual({
      key: 'diagnosis_many_one',
      params: ['1', '2', '3'],
    });
    expect(summary([group('a', 'b')], 2)).toEqual({ key: 'diagnosis_many_same', params: ['2'] });
    expect(summary([{ verdict: null, agentIds: ['a'] }], 1).key).toBe('diagnosis_unexplained_title');
  });
});
