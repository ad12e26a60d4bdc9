import { describe, expect, it } from 'vitest';
import { COLUMNS, type Column, filterAgents, nextSorting, sortAgents } from '../../../src/pages/console/wallboard/order.ts';
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
  const found = (words: string, over = {}) =>
    filterAgents(agents, { words, category: null, watchedOnly: false, ...over }).map((a) => a.agentId);
  it('wants every word, anywhere, whatever the case', () => {
    expect(found('LUNCH émile')).toEqual(['1']);
    expect(found('bill emile')).toEqual(['2']);
    expect(found('lunch billing')).toEqual([]);
  });
  it('narrows by state and to the watched', () => {
    expect(found('', { category: 'unavailable' })).toEqual(['1', '3']);
    expect(found('', { watchedOnly: true })).toEqual(['1']);
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
