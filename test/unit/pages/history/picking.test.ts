import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/domain/settings.ts';
import { fileName } from '../../../../src/pages/console/history/file-name.ts';
import { fromField, toField } from '../../../../src/pages/console/history/local-time.ts';
import { asTyped, isFull, offered, teamsOf, withMore } from '../../../../src/pages/console/parts/picking.ts';
import { NOW } from '../rows.ts';

const agent = (agentId: string, team = '') => ({ agentId, name: agentId.toUpperCase(), team });
const ids = (agents: { agentId: string }[]) => agents.map(({ agentId }) => agentId);
const name = (agentId: string) => `name of ${agentId}`;

describe('who can be chosen', () => {
  it('is who is chosen, then who is watched, by name and each once', () => {
    expect(ids(offered(['c', 'x'], [agent('b'), agent('c'), agent('a')], null, name))).toEqual(['c', 'x', 'a', 'b']);
    expect(offered(['x'], [], null, name)).toEqual([{ agentId: 'x', name: 'name of x', team: '' }]);
  });
  it('is who was found, in the order found', () => {
    expect(ids(offered([], [agent('a')], [agent('z'), agent('b')], name))).toEqual(['z', 'b']);
  });
  it('is a whole id as it was typed, where no list has it', () => {
    expect(ids(asTyped(' 4711 ', []))).toEqual(['4711']);
    expect(asTyped('4711', null)).toEqual([]);
    expect(asTyped('Dana Ortiz', [])).toEqual([]);
    expect(asTyped('', [])).toEqual([]);
  });
  it('has teams of two and more', () => {
    const agents = [
      agent('a', 'Tier 10'),
      agent('b', 'Tier 2'),
      agent('c', 'Tier 10'),
      agent('d', 'Tier 2'),
      agent('e', 'Alone'),
      agent('f'),
    ];
    expect(teamsOf(agents)).toEqual([
      { name: 'Tier 2', agentIds: ['b', 'd'] },
      { name: 'Tier 10', agentIds: ['a', 'c'] },
    ]);
  });
  it('takes no more than fit', () => {
    const many = Array.from({ length: 40 }, (_, index) => String(index));
    expect(withMore(['5'], many)).toHaveLength(LIMITS.historyAgents);
    expect(withMore(['5'], many)[0]).toBe('5');
    expect(isFull(withMore([], many))).toBe(true);
    expect(isFull(['a'])).toBe(false);
  });
});

describe('times in fields and file names', () => {
  it('come back as they went', () => {
    expect(toField(NOW)).toBe('2026-03-02T10:00');
    expect(fromField(toField(NOW))).toBe(NOW);
    expect(fromField('')).toBeNaN();
    expect(fromField('yesterday')).toBeNaN();
  });
  it('name nobody', () => {
    expect(fileName(NOW, 'csv')).toBe('agent-watch-history-2026-03-02-1000.csv');
  });
});
