import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIFFS, ROW_STATES } from '../../../../src/domain/skills/batch.ts';
import { countRows, emptyCounts, moved, plannedCount } from '../../../../src/domain/skills/counts.ts';
import { runs } from '../../support/runs.ts';

const standing = fc.record({ diff: fc.constantFrom(...DIFFS), state: fc.constantFrom(...ROW_STATES) });

describe('counts of a batch', () => {
  it('begin with everything to be checked and to be done', () => {
    expect(emptyCounts(3)).toEqual(countRows(Array(3).fill({ diff: 'unchecked', state: 'planned' })));
    expect(emptyCounts(3)).toMatchObject({
      total: 3,
      checked: 0,
      diffs: { unchecked: 3, same: 0 },
      states: { planned: 3, sent: 0 },
    });
    expect(plannedCount(emptyCounts(3))).toBe(3);
  });

  it('kept row by row are those counted at once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(standing, fc.array(standing, { maxLength: 4 })), { maxLength: 20 }), (rows) => {
        let counts = countRows(rows.map(([first]) => first));
        for (const [first, steps] of rows) {
          let from = first;
          for (const to of steps) {
            const frozen = structuredClone(counts);
            const next = moved(counts, from, to);
            expect(counts).toEqual(frozen);
            counts = next;
            from = to;
          }
        }
        const ends = rows.map(([first, steps]) => steps.at(-1) ?? first);
        expect(counts).toEqual(countRows(ends));
        expect(counts.total).toBe(rows.length);
        expect(counts.checked).toBe(ends.filter(({ diff }) => diff !== 'unchecked').length);
        expect(plannedCount(counts)).toBe(ends.filter(({ state }) => state === 'planned').length);
        for (const each of [counts.diffs, counts.states])
          expect(Object.values(each).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      }),
      runs(300),
    );
  });
});
