import { describe, expect, it } from 'vitest';
import { groupByCause } from '../../../../src/domain/diagnosis/cause-groups.ts';
import { knownCause, listCause } from '../../../../src/domain/diagnosis/top-cause.ts';
import {
  AGENT,
  clock,
  FOUND,
  GROUPS,
  gone,
  ME,
  NOBODY_LISTED,
  NOW,
  OTHER,
  PUZZLE,
  puzzle,
  row,
  runOf,
  SECOND,
  searched,
  withRow,
} from './evidence.ts';

const outsider = (agentId: string, organisationId: string) => puzzle({ agentId, agent: { ...FOUND, organisationId } });
const paused = (agentId: string, name: string) =>
  puzzle({ agentId, skillGroups: { ok: true, groups: [{ name, active: false }] } });
const unknown = (agentId: string) => puzzle({ agentId, agent: gone(`/agents/${agentId}`), identity: searched() });

describe('the one cause that is told', () => {
  it('is the likeliest', () => {
    expect(knownCause(runOf([outsider(AGENT, 'org-9')]), AGENT, clock)).toEqual({
      runId: 'run-1',
      agentId: AGENT,
      cause: 'organisationMismatch',
      confidence: 'certain',
      params: ['org-9', 'org-7'],
      atMs: NOW + 16 * SECOND,
    });
  });

  it('is none for somebody else, or where nothing is found', () => {
    expect(knownCause(runOf([PUZZLE]), OTHER, clock)).toBeNull();
    expect(knownCause(runOf([puzzle({ missing: null, states: [withRow(row())] })]), AGENT, clock)).toBeNull();
  });
});

describe('the cause of an empty list', () => {
  const empty = { list: NOBODY_LISTED, lastSeen: null };
  const causeOf = (evidence: typeof PUZZLE) => listCause(runOf([evidence]), clock);

  it('is what one of its agents shows of all', () => {
    const me = { ...ME, roles: ['Agent'], permissions: ['Agent:View'] };
    expect(causeOf(puzzle({ ...empty, me }))).toMatchObject({ cause: 'roleLacksPermission', agentId: '' });
  });

  it('is not what is wrong with one agent', () => {
    const logout = { category: 'loggedOut' as const, stateName: '', atMs: NOW };
    for (const evidence of [
      { ...unknown(AGENT), ...empty },
      puzzle({ ...empty, agent: null, identity: searched({ looksLike: 'email', match: { kind: 'email', agentId: OTHER } }) }),
      puzzle({ ...empty, skillGroups: { ok: true, groups: [] } }),
      puzzle({ ...empty, lastSeen: logout }),
    ]) {
      expect(knownCause(runOf([evidence]), AGENT, clock)).not.toBeNull();
      expect(causeOf(evidence)).toBeNull();
    }
  });

  it('is the other organisation of an agent that was listed before, not of an id that never was', () => {
    const other = { ...outsider(AGENT, 'org-9'), ...empty };
    expect(causeOf(other)).toBeNull();
    const lastSeen = { category: 'available' as const, stateName: 'Available', atMs: NOW };
    expect(causeOf({ ...other, lastSeen })).toMatchObject({ cause: 'organisationMismatch', agentId: '' });
  });

  it('is none while others are listed', () => {
    expect(listCause(runOf([outsider(AGENT, 'org-9')]), clock)).toBeNull();
  });
});

describe('many agents', () => {
  it('are grouped by cause, the largest group first; those without one, too', () => {
    const run = runOf([
      outsider('a1', 'org-9'),
      paused('a2', 'Billing'),
      paused('a3', 'Billing'),
      puzzle({ agentId: 'a4', missing: null, states: [withRow(row())] }),
    ]);
    expect(groupByCause(run, clock).map(({ verdict, agentIds }) => [verdict?.cause ?? null, agentIds])).toEqual([
      ['skillInactive', ['a2', 'a3']],
      ['organisationMismatch', ['a1']],
      [null, ['a4']],
    ]);
  });

  it('of two organisations are two things to mend; of two ids, one', () => {
    const groups = groupByCause(
      runOf([outsider('a1', 'org-8'), outsider('a2', 'org-9'), outsider('a3', 'org-8'), unknown('a4'), unknown('a5')]),
      clock,
    );
    expect(groups.map(({ agentIds }) => agentIds)).toEqual([['a1', 'a3'], ['a4', 'a5'], ['a2']]);
  });

  it('are told what holds for all of them: what differs is left blank', () => {
    const [ids] = groupByCause(runOf([unknown('a4'), unknown('a5')]), clock);
    expect(ids?.verdict).toMatchObject({ cause: 'agentNotFound', params: [''], remedy: 'stopWatching', confidence: 'certain' });
    expect(ids?.verdict?.supports.map(({ code }) => code)).toEqual(['idNowhere']);
    const [names] = groupByCause(runOf([paused('a2', 'Billing'), paused('a3', 'Tier 1')]), clock);
    expect(names?.verdict?.params).toEqual(['']);
  });

  it('are as sure as the least sure of them, and one click mends all or is not offered', () => {
    const whose = (agentId: string, right: string) => ({
      ...unknown(agentId),
      identity: searched({ match: { kind: 'userId' as const, agentId: right } }),
    });
    const [right] = groupByCause(runOf([whose('a1', 'b1'), whose('a2', 'b2')]), clock);
    expect(right?.verdict).toMatchObject({
      cause: 'wrongKindOfId',
      remedy: null,
      remedyArgument: '',
      params: ['userId', '', ''],
    });
    const half = puzzle({
      agentId: 'a3',
      identity: searched({ complete: false }),
      agent: gone('/agents/a3'),
      skillGroups: GROUPS,
    });
    const [unsure] = groupByCause(runOf([unknown('a4'), half]), clock);
    expect(unsure?.verdict?.confidence).toBe('likely');
  });
});
