import { describe, expect, it } from 'vitest';
import { MAX_PAGES, nextCursor, type PartState, pageAfter, standingOf } from '../../../src/background/history-part.ts';
import type { HistoryPage } from '../../../src/cxone/port.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const RANGE = { fromMs: NOW - 86_400_000, toMs: NOW };
const SIZE = 100;

/** Pages as a tenant gives them that counts them: a full one may or may not be the last. */
function loaded(pages: number, over: Partial<HistoryPage> = {}): PartState {
  const state: PartState = { part: { connectionId: 'c', agentId: 'a1', ...RANGE }, pages: [], known: new Set() };
  for (let page = 0; page < pages && (page === 0 || nextCursor(state) !== null); page++) {
    const records = Array.from({ length: SIZE }, (_, each) => ({
      atMs: RANGE.fromMs + (page * SIZE + each) * 1000,
      category: 'available' as const,
      stateName: 'READY',
      reason: '',
      skill: '',
      beforeMs: 1000,
      lastsMs: null,
    }));
    pageAfter(state, { records, next: `${page + 2}`, total: null, badRows: 0, badFields: [], ...over }, RANGE, NOW);
  }
  return state;
}

describe('a hundred pages', () => {
  it.each([
    ['as many records as there are', { total: MAX_PAGES * SIZE }],
    ['as many with those that cannot be read', { total: MAX_PAGES * (SIZE + 1), badRows: 1 }],
  ])('with %s are all of it', (_what, over) => {
    const state = loaded(MAX_PAGES, over);
    expect(nextCursor(state)).toBeNull();
    expect(standingOf(state)).toMatchObject({ status: 'done', pages: 100, records: 10_000, problem: null });
  });

  it.each([
    ['there is one record more', { total: MAX_PAGES * SIZE + 1 }],
    ['nobody says how many there are', {}],
  ])('are too much where %s, and what has come is kept', (_what, over) => {
    const state = loaded(MAX_PAGES + 1, over);
    expect(nextCursor(state)).toBeNull();
    expect(standingOf(state)).toMatchObject({ status: 'failed', pages: 100, records: 10_000, problem: 'tooMuch' });
  });

  it('are not asked for where fewer say that they are the last', () => {
    const state = loaded(MAX_PAGES - 1, { total: MAX_PAGES * SIZE });
    expect(nextCursor(state)).toBe('100');
    expect(standingOf(state)).toMatchObject({ status: 'waiting', problem: null });
  });
});
