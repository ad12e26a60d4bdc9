import { describe, expect, it } from 'vitest';
import {
  COLUMNS,
  type Column,
  filterAgents,
  NO_FILTER,
  nextSorting,
  sortAgents,
  teamNames,
} from '../../../src/pages/console/wallboard/order.ts';
import { agentRow, NOW } from './rows.ts';

const agents = [
  agentRow({
    agentId: '1',
    name: 'Émile 10',
    reason: 'Lunch',
    category: 'unavailable',
    stateName: 'Unavailable',
    sinceMs: NOW - 100,
    watched: true,
  }),
  agentRow({ agentId: '2', name: 'Emile 9', reason: '', skill: 'Billing', sinceMs: NOW - 300 }),
  agentRow({
    agentId: '3',
    name: 'anna',
    reason: 'Break',
    category: 'unavailable',
    stateName: 'Unavailable',
    sinceMs: 0,
    team: '',
  }),
];
const ids = (column: Column, descending = false) =>
  sortAgents(agents, { column, descending })
    .map((agent) => agent.agentId)
    .join('');

describe('sortAgents', () => {
  it('sorts names as people do: case, accents and numbers aside', () => {
    expect(ids('name')).toBe('321');
    expect(ids('name', true)).toBe('123');
  });
  it('keeps what is empty at the end, both ways', () => {
    expect(ids('reason')).toBe('312');
    expect(ids('reason', true)).toBe('132');
    expect(ids('time')).toBe('123');
    expect(ids('time', true)).toBe('213');
  });
  it('sorts states by what needs a look, then by name', () => {
    expect(ids('state')).toBe('312');
  });
  it('sorts a name it has not met before', () => {
    const more = [...agents, agentRow({ agentId: '4', name: 'Bea' })];
    expect(sortAgents(more, { column: 'name', descending: false }).map((agent) => agent.name)[1]).toBe('Bea');
  });
  it('leaves the list it was given as it was', () => {
    const before = [...agents];
    for (const column of COLUMNS) sortAgents(agents, { column, descending: true });
    expect(agents).toEqual(before);
  });
});

describe('filterAgents', () => {
  const found = (words: string, over = {}) => filterAgents(agents, { ...NO_FILTER, words, ...over }).map((a) => a.agentId);
  it('wants every word, anywhere, whatever the case', () => {
    expect(found('LUNCH émile')).toEqual(['1']);
    expect(found('bill emile')).toEqual(['2']);
    expect(found('lunch billing')).toEqual([]);
  });
  it('narrows by state and to the watched', () => {
    expect(found('', { category: 'unavailable' })).toEqual(['1', '3']);
    expect(found('', { watchedOnly: true })).toEqual(['1']);
  });
  it('narrows to one team, by its whole name', () => {
    const teamed = [agentRow({ agentId: '8', team: 'North' }), agentRow({ agentId: '9', team: 'North East' })];
    const inTeam = (team: string) => filterAgents(teamed, { ...NO_FILTER, team }).map(({ agentId }) => agentId);
    expect(inTeam('North')).toEqual(['8']);
    expect(inTeam('')).toEqual(['8', '9']);
    expect(inTeam('South')).toEqual([]);
  });
});

describe('teams to choose from', () => {
  const rows = ['North', 'north 10', 'north 2', '', 'North'].map((team, index) => agentRow({ agentId: `${index}`, team }));
  it('are those of the agents listed, each once, in order', () => {
    expect(teamNames(rows, [])).toEqual(['North', 'north 2', 'north 10']);
    expect(teamNames([], [])).toEqual([]);
  });
  it('and those the tenant names, but for the ones it has switched off', () => {
    const tenant = [
      { id: '1', name: 'East', active: true },
      { id: '2', name: 'Old', active: false },
      { id: '3', name: 'North', active: true },
    ];
    expect(teamNames(rows, tenant)).toEqual(['East', 'North', 'north 2', 'north 10']);
  });
});

describe('nextSorting', () => {
  it('turns round on the second click, and starts times with the longest', () => {
    const name = nextSorting({ column: 'state', descending: true }, 'name');
    expect(name).toEqual({ column: 'name', descending: false });
    expect(nextSorting(name, 'name')).toEqual({ column: 'name', descending: true });
    expect(nextSorting(name, 'time')).toEqual({ column: 'time', descending: true });
  });
});
