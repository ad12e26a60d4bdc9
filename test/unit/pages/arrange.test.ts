import { describe, expect, it } from 'vitest';
import type { Flag } from '../../../src/domain/emptiness.ts';
import { attentionKey, needsAttention, overLimitMs } from '../../../src/pages/parts/attention.ts';
import { arrange, firstRows, type Order } from '../../../src/pages/popup/arrange.ts';
import { glanceRow, MINUTE, NOW } from './rows.ts';

const flag = (agentId: string, missingSinceMs: number): Flag => ({
  agentId,
  kind: 'seenUntil',
  params: [],
  missingSinceMs,
  organisationId: '',
});

const lost = glanceRow({ agentId: 'lost', name: 'Lost', flag: flag('lost', NOW - 5 * MINUTE) });
const lostLong = glanceRow({ agentId: 'lostLong', name: 'Lost long', flag: flag('lostLong', NOW - 50 * MINUTE) });
const lunch = glanceRow({
  agentId: 'lunch',
  name: 'Lunch',
  category: 'unavailable',
  sinceMs: NOW - 64 * MINUTE,
  limitMinutes: 60,
});
const acw = glanceRow({ agentId: 'acw', name: 'Acw', category: 'acw', sinceMs: NOW - 24 * MINUTE, limitMinutes: 10 });
const zoe = glanceRow({ agentId: 'zoe', name: 'Zoë', team: '', sinceMs: NOW - 1 * MINUTE });
const bo = glanceRow({ agentId: 'bo', name: 'bo', team: 'South', category: 'working', sinceMs: NOW - 30 * MINUTE });
const al = glanceRow({ agentId: 'al', name: 'Al', team: 'South', category: 'loggedOut', sinceMs: 0 });
const all = [zoe, lunch, lost, bo, acw, al, lostLong];

const lay = (order: Order, rows = all) =>
  arrange(rows, order, new Set(attentionKey(rows, NOW).split('\n')), NOW).map(({ id, rows: inside }) => [
    id,
    inside.map((row) => row.agentId),
  ]);

describe('needing attention', () => {
  it('counts from the limit, to the millisecond', () => {
    const row = glanceRow({ sinceMs: NOW - 10 * MINUTE, limitMinutes: 10 });
    expect(needsAttention(row, NOW)).toBe(false);
    expect(overLimitMs(row, NOW + 1)).toBe(1);
  });
  it('never counts without a limit or a start', () => {
    expect(overLimitMs(glanceRow({ limitMinutes: 0, sinceMs: 1 }), NOW)).toBe(0);
    expect(overLimitMs(glanceRow({ limitMinutes: 5, sinceMs: 0 }), NOW)).toBe(0);
  });
  it('is a flag before it is a limit', () => {
    expect(needsAttention(lost, NOW)).toBe(true);
    expect(overLimitMs({ ...lost, limitMinutes: 1 }, NOW)).toBe(0);
  });
});

describe('arrange', () => {
  it('puts attention first: unanswered longest, then furthest past the limit', () => {
    for (const order of ['attention', 'state', 'name', 'time', 'team'] as const) {
      expect(lay(order)[0]).toEqual(['attention', ['lostLong', 'lost', 'acw', 'lunch']]);
    }
  });
  it('orders the others by urgency, name or time', () => {
    expect(lay('attention')[1]).toEqual(['watching', ['bo', 'zoe', 'al']]);
    expect(lay('name')[1]).toEqual(['watching', ['al', 'bo', 'zoe']]);
    expect(lay('time')[1]).toEqual(['watching', ['bo', 'zoe', 'al']]);
  });
  it('groups by state in the order of the screen, and by team with "no team" last', () => {
    expect(lay('state').slice(1)).toEqual([
      ['g:working', ['bo']],
      ['g:available', ['zoe']],
      ['g:loggedOut', ['al']],
    ]);
    expect(lay('team').slice(1)).toEqual([
      ['g:South', ['al', 'bo']],
      ['g:', ['zoe']],
    ]);
  });
  it('has no empty groups', () => {
    expect(lay('attention', [])).toEqual([]);
    expect(lay('attention', [zoe])).toEqual([['watching', ['zoe']]]);
    expect(lay('team', [lost])).toEqual([['attention', ['lost']]]);
  });
  it('tells equal names apart by id, always the same way', () => {
    const twins = [glanceRow({ agentId: 'b' }), glanceRow({ agentId: 'a' })];
    expect(lay('name', twins)[0]).toEqual(['watching', ['a', 'b']]);
  });
  it('gives the first rows of all groups for the first paint', () => {
    const groups = arrange(all, 'team', new Set(['lost', 'acw']), NOW);
    const first = firstRows(groups, 3);
    expect(first.flatMap((group) => group.rows)).toHaveLength(3);
    expect(firstRows(groups, 99)).toEqual(groups);
  });
});
