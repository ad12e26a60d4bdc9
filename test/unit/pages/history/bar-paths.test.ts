import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../../src/domain/agent-state.ts';
import { rectsOf } from '../../../../src/domain/history/timeline.ts';
import { HEIGHTS, OUTLINED, oursPath, pathsOf } from '../../../../src/pages/parts/bar-paths.ts';
import { NOW } from '../rows.ts';
import { DAY, HOUR, inARow } from './made.ts';

const rect = (x: number, width: number, at: number) => ({ x, width, first: at, last: at });

describe('bars as paths', () => {
  it('is one path for each state, however many stretches it has', () => {
    const parts = Array.from({ length: 2000 }, (_, index) => [index % 2 ? 'working' : 'available', DAY / 2000] as const);
    const segments = inARow(NOW, ...parts.map(([category, ms]): [typeof category, number] => [category, ms]));
    const { rects } = rectsOf(segments, { fromMs: NOW, toMs: NOW + DAY }, 1000);
    const paths = pathsOf(rects, segments);
    expect(paths.map(({ category }) => category)).toEqual(['working', 'available']);
    expect(paths.reduce((sum, { d }) => sum + d.split('M').length - 1, 0)).toBe(rects.length);
  });
  it('leaves paper between two that are wide enough, and none between thin ones', () => {
    const segments = inARow(NOW, ['available', HOUR], ['working', HOUR]);
    expect(pathsOf([rect(0, 10, 0), rect(10, 2, 1)], segments)).toEqual([
      { category: 'working', d: 'M10 0h2' },
      { category: 'available', d: 'M0 0h9' },
    ]);
  });
  it('draws what nobody knows as an outline within its place', () => {
    const segments = inARow(NOW, ['unknown', HOUR]);
    expect(pathsOf([rect(100, 51, 0)], segments)[0]?.d).toBe('M100.75 -6.25h48.5v12.5h-48.5z');
    expect(pathsOf([rect(100, 1, 0)], segments)[0]?.d).toBe('M100.5 -7v14');
  });
  it('tells any two states apart without their colour', () => {
    // Height and outline, besides the patterns of these two.
    const patterned = ['acw', 'unavailable'];
    const looks = CATEGORIES.map((category) =>
      [HEIGHTS[category], OUTLINED.includes(category), patterned.includes(category) ? category : ''].join(),
    );
    expect(new Set(looks).size).toBe(CATEGORIES.length);
  });
  it('marks what is from our own record', () => {
    const segments = inARow(NOW, ['available', HOUR], ['working', HOUR, { source: 'seen' }]);
    expect(oursPath([rect(0, 10, 0), rect(10, 20, 1)], segments)).toBe('M10 0h20');
  });
});
