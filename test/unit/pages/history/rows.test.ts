import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../../src/domain/agent-state.ts';
import { COLUMNS, filterRows, nextSorting, type Row, sortRows } from '../../../../src/pages/console/history/rows.ts';
import { NOW } from '../rows.ts';
import { inARow, segment } from './made.ts';

const row = (name: string, of: Row['segment']): Row => ({ agentId: name.toLowerCase(), name, segment: of });
const label = (category: string) => `label of ${category}`;
const rows = [
  ...inARow(NOW, ['available', 1000], ['unavailable', 9000, { reason: 'Lunch' }], ['working', 300]).map((of) => row('Zoë', of)),
  ...inARow(NOW + 500, ['acw', 200], ['unavailable', 100, { reason: 'break' }]).map((of) => row('Ada', of)),
];
const places = (sorted: Row[]) => sorted.map((one) => rows.indexOf(one));

describe('sorting', () => {
  it('is by time, whoever it is', () => {
    expect(places(sortRows(rows, { column: 'from', descending: false }))).toEqual([0, 3, 4, 1, 2]);
    expect(places(sortRows(rows, { column: 'from', descending: true }))).toEqual([2, 1, 4, 3, 0]);
  });
  it('is by length, by name and within it by time', () => {
    expect(places(sortRows(rows, { column: 'lasted', descending: true }))).toEqual([1, 0, 2, 3, 4]);
    expect(places(sortRows(rows, { column: 'name', descending: false }))).toEqual([3, 4, 0, 1, 2]);
    expect(places(sortRows(rows, { column: 'name', descending: true }))).toEqual([0, 1, 2, 3, 4]);
  });
  it('has what is not there last, whichever way', () => {
    expect(places(sortRows(rows, { column: 'reason', descending: false }))).toEqual([4, 1, 0, 3, 2]);
    expect(places(sortRows(rows, { column: 'reason', descending: true }))).toEqual([1, 4, 0, 3, 2]);
  });
  it('loses no row and is the same twice', () => {
    const any = fc.record({
      name: fc.constantFrom('Ada', 'Zoë', 'Mei'),
      segment: fc.record({
        category: fc.constantFrom(...CATEGORIES),
        stateName: fc.constantFrom('', 'A', 'B'),
        reason: fc.constantFrom('', 'x', 'Y'),
        source: fc.constantFrom('tenant' as const, 'seen' as const, 'unknown' as const),
        fromMs: fc.integer({ min: 0, max: 2_600_000_000 }).map((ms) => NOW + ms),
        ms: fc.integer({ min: 0, max: 2_600_000_000 }),
      }),
    });
    fc.assert(
      fc.property(fc.array(any), fc.constantFrom(...COLUMNS), fc.boolean(), (made, column, descending) => {
        const all = made.map(({ name, segment: { category, fromMs, ms, ...over } }) =>
          row(name, segment(category, fromMs, fromMs + ms, over)),
        );
        const sorted = sortRows(all, { column, descending });
        expect(new Set(sorted)).toEqual(new Set(all));
        expect(sorted).toHaveLength(all.length);
        if (column !== 'lasted') return;
        const lengths = sorted.map(({ segment: { fromMs, toMs } }) => toMs - fromMs);
        expect(lengths).toEqual(lengths.toSorted((a, b) => (descending ? b - a : a - b)));
      }),
    );
  });
  it('begins with the longest and the latest, and turns round', () => {
    expect(nextSorting({ column: 'name', descending: false }, 'lasted')).toEqual({ column: 'lasted', descending: true });
    expect(nextSorting({ column: 'lasted', descending: true }, 'lasted')).toEqual({ column: 'lasted', descending: false });
    expect(nextSorting({ column: 'lasted', descending: true }, 'reason')).toEqual({ column: 'reason', descending: false });
  });
});

describe('filtering', () => {
  const found = (words: string, category: Row['segment']['category'] | null = null) =>
    places(filterRows(rows, { words, category }, label));
  it('finds every word anywhere in the row: name, state, reason, id and our name of the state', () => {
    expect(found('LUNCH')).toEqual([1]);
    expect(found('ada unavail')).toEqual([4]);
    expect(found('label of acw')).toEqual([3]);
    expect(found('nowhere')).toEqual([]);
    expect(found('  ')).toEqual([0, 1, 2, 3, 4]);
  });
  it('narrows to a state', () => {
    expect(found('', 'unavailable')).toEqual([1, 4]);
    expect(found('zoë', 'unavailable')).toEqual([1]);
  });
});
