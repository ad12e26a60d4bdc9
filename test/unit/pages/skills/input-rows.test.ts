import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import { checkRows } from '../../../../src/domain/skills/check-rows.ts';
import { COLUMNS, guessMapping } from '../../../../src/domain/skills/columns.ts';
import { badRowsCsv } from '../../../../src/pages/console/skills/input/bad-rows.ts';
import { issueLine, issueLines } from '../../../../src/pages/console/skills/input/issue-words.ts';
import { parseCsv } from '../../../../src/pages/console/skills/input/parse.ts';
import {
  badFirst,
  columnNames,
  columnsFor,
  guessReading,
  mappingByPlace,
  markOf,
  NO_EDITS,
  rawOf,
} from '../../../../src/pages/console/skills/input/rows.ts';

const { v2, public: open } = SKILL_TRAITS;
const line = (at: number, ...cells: string[]) => ({ line: at, cells });

describe('how a file is read', () => {
  it('is by its header, or in the usual order where it has none', () => {
    expect(guessReading([line(1, 'Skill', 'Agent ID', 'Level')], v2)).toMatchObject({
      hasHeader: true,
      mapping: { userId: 1, skillId: 0, level: 2, availableFrom: null },
    });
    expect(guessReading([line(1, 'u1', 'billing', '3', '2026-01-01', '2026-02-01')], v2)).toMatchObject({
      hasHeader: false,
      mapping: { userId: 0, skillId: 1, level: 2, availableFrom: 3, availableTo: 4, active: null },
    });
    // Without a window the fourth column is whether it is active.
    expect(mappingByPlace(4, open)).toMatchObject({
      userId: 0,
      skillId: 1,
      level: 2,
      active: 3,
      action: null,
      availableFrom: null,
    });
    expect(guessReading([], v2).hasHeader).toBe(false);
  });
  it('offers what the tenant can keep', () => {
    expect(columnsFor(v2)).toEqual(['userId', 'skillId', 'level', 'availableFrom', 'availableTo']);
    expect(columnsFor(open)).toEqual(['userId', 'skillId', 'level', 'active', 'action']);
  });
  it('names columns by the header and by what stands in them', () => {
    const lines = [line(1, 'id', ''), line(2, '', 'x', 'more'), line(3, '7', 'y')];
    expect(columnNames(lines, true)).toEqual([
      { name: 'id', sample: '7' },
      { name: '', sample: 'x' },
      { name: '', sample: 'more' },
    ]);
    expect(columnNames(lines, false)[0]).toEqual({ name: '', sample: 'id' });
  });
  it('keeps what was corrected by hand', () => {
    const mapping = guessMapping(['userId', 'skillId', 'level']);
    const edits = { ...NO_EDITS, cells: { 2: { level: '4' } } };
    expect(rawOf(line(2, 'u1', 's1', '9'), mapping, edits).cells).toMatchObject({ userId: 'u1', level: '4', availableTo: '' });
    expect(rawOf(line(3, 'u1', 's1', '9'), mapping, edits).cells.level).toBe('9');
  });
  it('is known again by its text', () => {
    expect(markOf('userId\nu1')).toBe(markOf('userId\nu1'));
    expect(markOf('userId\nu1')).not.toBe(markOf('userId\nu2'));
    expect(markOf('ab')).not.toBe(markOf('ba'));
  });
});

const raw = (at: number, userId: string, skillId: string, level: string) => ({
  line: at,
  cells: { userId, skillId, level, availableFrom: '2026-01-01', availableTo: '2026-02-01', active: '', action: '' },
});

describe('rows with a problem', () => {
  const rows = checkRows(
    [raw(2, 'u1', 's1', '3'), raw(3, 'u2', '', '9'), raw(4, 'u3', 's1', '1'), raw(5, 'u3', 's1', '2')],
    v2,
    'UTC',
  );
  it('come first, each kind in the order of the file', () => {
    expect(badFirst(rows)).toEqual([3, 4, 5, 2]);
  });
  it('say column and reason', () => {
    expect(rows[1]?.problems.map(issueLine)).toEqual(['Skill: nothing is there.', 'Level: “9” is not from 1 to 5.']);
    expect(rows[2]?.problems.map(issueLine)).toEqual(['Says something else than line 5. Correct one of them, or leave it out.']);
  });
  it('go out as a file that can come back, safe to open', async () => {
    const bad = checkRows([raw(7, '=HYPERLINK("x")', '-s1', '9')], v2, 'UTC');
    const text = badRowsCsv(bad, ['userId', 'skillId', 'level'], issueLines);
    const back = await parseCsv(text.slice(1));
    expect(back?.lines[0]?.cells).toEqual(['userId', 'skillId', 'level', 'line', 'problem']);
    const [userId, skillId, level, at, problem = ''] = back?.lines[1]?.cells ?? [];
    expect([userId, skillId, level, at]).toEqual(['\'=HYPERLINK("x")', "'-s1", '9', '7']);
    expect(problem).toContain('Level: “9” is not from 1 to 5.');
    expect(COLUMNS.filter((column) => guessMapping(back?.lines[0]?.cells ?? [])[column] !== null)).toEqual([
      'userId',
      'skillId',
      'level',
    ]);
  });
});
