import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import {
  type CheckedRow,
  checkRow,
  checkRows,
  createChecker,
  type RawRow,
  ROW_ISSUES,
  recheck,
} from '../../../../src/domain/skills/check-rows.ts';
import type { Column } from '../../../../src/domain/skills/columns.ts';
import { runs } from '../../support/runs.ts';
import { held, raw } from './made.ts';

const { v2 } = SKILL_TRAITS;
const open = SKILL_TRAITS.public;
const problems = (cells: Partial<RawRow['cells']>, traits = v2, zone = 'UTC') => checkRow(raw(2, cells), traits, zone).problems;
const good = (rows: readonly CheckedRow[]) => rows.filter(({ wish }) => wish).map(({ line }) => line);

describe('a row on its own', () => {
  it('that is good becomes a wish, blanks around its cells taken off', () => {
    const cells = {
      userId: ' user-2\t',
      level: ' 5 ',
      availableFrom: '2026-01-15 09:00',
      availableTo: '\u00a02026-01-15T17:00:00Z',
    };
    expect(checkRow(raw(2, cells), v2, 'Europe/Berlin')).toEqual({
      line: 2,
      raw: raw(2, cells),
      wish: { userId: 'user-2', skillId: 'skill-1', held: held(5) },
      problems: [],
    });
  });

  it('in a profile without a window has none, whatever its cells say', () => {
    const cells = { level: '20', availableFrom: 'soon', availableTo: '' };
    expect(checkRow(raw(2, cells), open, '').wish?.held).toEqual({
      level: 20,
      availableFromAt: '',
      availableToAt: '',
      active: true,
    });
  });

  it('names every cell that is missing', () => {
    expect(problems({ userId: ' ', skillId: '', level: '', availableFrom: '', availableTo: '' })).toEqual(
      (['userId', 'skillId', 'level', 'availableFrom', 'availableTo'] as const).map((column) => ({
        column,
        code: 'required',
        params: [],
      })),
    );
  });

  it.each<[Column, string, string, string[]]>([
    ['userId', 'user 7', 'idBlank', ['user 7']],
    ['userId', 'user\u200b7', 'idBlank', ['user\u200b7']],
    ['skillId', 'a\nb', 'idBlank', ['a\nb']],
    ['userId', '1.23E+15', 'idForm', ['1.23E+15']],
    ['userId', '1,2e+9', 'idForm', ['1,2e+9']],
    ['skillId', '..', 'idForm', ['..']],
    ['skillId', '\ud800', 'idForm', ['\ud800']],
    ['userId', 'x'.repeat(201), 'idForm', [`${'x'.repeat(60)}…`]],
    ['level', 'three', 'levelNumber', ['three']],
    ['level', '3.5', 'levelNumber', ['3.5']],
    ['level', '٣', 'levelNumber', ['٣']],
    ['level', '1e0', 'levelNumber', ['1e0']],
    ['level', '0', 'levelRange', ['0', '1', '5']],
    ['level', '6', 'levelRange', ['6', '1', '5']],
    ['level', '-1', 'levelRange', ['-1', '1', '5']],
    ['availableFrom', '15.01.2026', 'date', ['15.01.2026']],
    ['availableTo', '2026-02-30', 'date', ['2026-02-30']],
    ['active', 'perhaps', 'activeWord', ['perhaps']],
    ['active', 'constructor', 'activeWord', ['constructor']],
    ['active', 'No', 'activityUnsupported', []],
    ['action', 'promote', 'action', ['promote']],
    ['action', 'constructor', 'action', ['constructor']],
    ['action', 'Remove', 'removalUnsupported', []],
  ])('%s %j: %s', (column, cell, code, params) => {
    expect(problems({ [column]: cell })).toEqual([{ column, code, params }]);
  });

  it.each([
    ['1', 1],
    ['5', 5],
    ['3.0', 3],
    ['+4', 4],
    ['05', 5],
  ])('takes %s for a level', (cell, level) => {
    expect(checkRow(raw(2, { level: cell }), v2, 'UTC').wish?.held?.level).toBe(level);
  });

  it.each(['{00000000-0000-4000-8000-000000000001}', 'agent@example', 'a/b', '-12345', '1E5', 'ünï', 'x'.repeat(200)])(
    'leaves the id %j as it is: whose it is, the tenant says',
    (userId) => {
      expect(checkRow(raw(2, { userId }), v2, 'UTC').wish?.userId).toBe(userId);
    },
  );

  it('has a window that ends after it begins', () => {
    const at = '2026-01-15T08:00:00Z';
    for (const [from, to] of [
      [at, at],
      ['2026-01-16', '2026-01-15'],
      ['2026-01-15T10:00+01:00', '2026-01-15T09:00Z'],
    ] as const)
      expect(problems({ availableFrom: from, availableTo: to })).toEqual([
        { column: 'availableTo', code: 'order', params: [from, to] },
      ]);
    expect(problems({ availableFrom: '2026-01-15T10:00+01:00', availableTo: '2026-01-15T09:00:01Z' })).toEqual([]);
  });

  it('says of which zone its times are, and that they are', () => {
    expect(problems({ availableFrom: '2026-03-29T02:30', availableTo: '2026-03-30' }, v2, 'Europe/Berlin')).toEqual([
      { column: 'availableFrom', code: 'dateGap', params: ['2026-03-29T02:30', 'Europe/Berlin'] },
    ]);
    expect(problems({ availableFrom: '2026-03-29T02:30' }, v2, '')[0]).toMatchObject({ code: 'dateZone' });
  });

  it('switches off, and takes away, where the tenant can', () => {
    expect(checkRow(raw(2, { active: 'FALSE' }), open, '').wish?.held?.active).toBe(false);
    expect(checkRow(raw(2, { active: 'yes' }), open, '').wish?.held?.active).toBe(true);
    const away = checkRow(raw(2, { action: 'remove', level: '', active: '?' }), open, '');
    expect(away.wish).toEqual({ userId: 'user-2', skillId: 'skill-1', held: null });
    expect(problems({ action: 'remove', userId: '' }, open)).toHaveLength(1);
  });
});

describe('rows against each other', () => {
  it('of the same wish the first is good', () => {
    const rows = checkRows([raw(2), raw(3, { userId: 'user-2', level: '3.0' }), raw(4, { userId: 'user-2' }), raw(5)], v2, 'UTC');
    expect(good(rows)).toEqual([2, 5]);
    expect(rows[2]?.problems).toEqual([{ column: null, code: 'duplicate', params: ['2'] }]);
  });

  it('of those that contradict each other none is, and each names another', () => {
    const same = { userId: 'user-2' };
    const rows = checkRows([raw(2), raw(3, same), raw(4, { ...same, level: '4' }), raw(5), raw(6, same)], v2, 'UTC');
    expect(good(rows)).toEqual([5]);
    expect(rows.map(({ problems }) => problems[0])).toEqual([
      { column: null, code: 'contradiction', params: ['4'] },
      { column: null, code: 'contradiction', params: ['4'] },
      { column: null, code: 'contradiction', params: ['2'] },
      undefined,
      { column: null, code: 'contradiction', params: ['4'] },
    ]);
  });

  it('a UUID in capitals is the same; another id is not', () => {
    const uuid = 'abcdefab-0000-4000-8000-000000000001';
    const two = (userId: string) => checkRows([raw(2, { userId }), raw(3, { userId: userId.toUpperCase() })], v2, 'UTC');
    expect(good(two(uuid))).toEqual([2]);
    expect(good(two('agent_a'))).toEqual([2, 3]);
  });

  it('a bad row contradicts nobody', () => {
    expect(good(checkRows([raw(2), raw(3, { userId: 'user-2', level: '9' })], v2, 'UTC'))).toEqual([2]);
  });

  it('a skill cannot be given and taken away', () => {
    const rows = checkRows([raw(2), raw(3, { userId: 'user-2', action: 'remove' })], open, '');
    expect(rows.map(({ problems }) => problems[0]?.code)).toEqual(['contradiction', 'contradiction']);
  });
});

describe('a row that is corrected', () => {
  it('frees those it contradicted, and may clash with others', () => {
    const rows = checkRows([raw(2), raw(3, { userId: 'user-2', level: '4' }), raw(4), raw(5, { level: 'x' })], v2, 'UTC');
    expect(good(rows)).toEqual([4]);
    const freed = recheck(rows, 3, raw(3), v2, 'UTC');
    expect(good(freed)).toEqual([2, 3, 4]);
    expect(good(recheck(freed, 5, raw(5, { userId: 'user-4', level: '1' }), v2, 'UTC'))).toEqual([2, 3]);
  });
});

/** Any cell: good ones, bad ones, and the same few again so that rows clash. */
const anyRow = fc.record({
  userId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '', 'x y'),
  skillId: fc.constantFrom('1', '2', '3', '4', ''),
  level: fc.constantFrom('1', '2', '2', '2', '9', ''),
  availableFrom: fc.constantFrom('2026-01-15', '2026-01-15', '2026-01-15', 'x'),
  availableTo: fc.constantFrom('2026-01-16', '2026-01-16', '2026-01-14'),
  active: fc.constantFrom('', '', 'no'),
  action: fc.constantFrom('', '', 'remove', '?'),
});
const anyFile = fc
  .array(anyRow, { maxLength: 30 })
  .map((rows) => rows.map((cells, index): RawRow => ({ line: index * 2 + 2, cells })));

describe('any file', () => {
  it.each(['v2', 'public'] as const)('%s: all rows come back in order, good or with a reason', (profile) => {
    const traits = SKILL_TRAITS[profile];
    fc.assert(
      fc.property(anyFile, (file) => {
        const rows = checkRows(file, traits, 'UTC');
        expect(rows.map(({ line, raw }) => [line, raw])).toEqual(file.map((row) => [row.line, row]));
        for (const { wish, problems } of rows) {
          expect(wish === null).toBe(problems.length > 0);
          for (const { code } of problems) expect(ROW_ISSUES).toContain(code);
        }
        // A good row is good without the bad ones, and no two good ones are of the same skill of the same user.
        const alone = checkRows(
          file.filter((_, index) => rows[index]?.wish),
          traits,
          'UTC',
        );
        expect(alone).toEqual(rows.filter(({ wish }) => wish));
        const pairs = alone.map(({ wish }) => `${wish?.userId} ${wish?.skillId}`);
        expect(new Set(pairs).size).toBe(pairs.length);
        // One that is bad on its own is so in any company; one that is not clashes with one that is not, and names its line.
        file.forEach((row, index) => {
          const own = checkRow(row, traits, 'UTC');
          const found = rows[index];
          if (own.problems.length > 0) expect(found).toEqual(own);
          else if (found?.problems[0]) {
            const other = file.find(({ line }) => String(line) === found.problems[0]?.params[0]);
            const theirs = other && checkRow(other, traits, 'UTC').wish;
            expect(other?.line).not.toBe(row.line);
            expect([theirs?.userId, theirs?.skillId]).toEqual([own.wish?.userId, own.wish?.skillId]);
            const same = JSON.stringify(theirs?.held) === JSON.stringify(own.wish?.held);
            expect(found.problems[0].code).toBe(same ? 'duplicate' : 'contradiction');
          }
        });
      }),
      runs(500),
    );
  });

  it('is the same in slices, and corrected row by row', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyRow, anyRow), { minLength: 1, maxLength: 12 }), (pairs) => {
        const lines = (which: 0 | 1) => pairs.map((pair, index): RawRow => ({ line: index + 2, cells: pair[which] }));
        const checker = createChecker(v2, 'UTC');
        for (const row of lines(0)) {
          checker.add(row);
          checker.finish();
        }
        let rows = checker.finish();
        expect(rows).toEqual(checkRows(lines(0), v2, 'UTC'));
        for (const row of lines(1)) rows = recheck(rows, row.line, row, v2, 'UTC');
        expect(rows).toEqual(checkRows(lines(1), v2, 'UTC'));
      }),
      runs(200),
    );
  });

  it('of 20,000 rows is checked in a moment', () => {
    const file = Array.from({ length: 20_000 }, (_, index) =>
      raw(index + 2, { userId: `user-${index % 5_000}`, skillId: `s${Math.floor(index / 5_000)}` }),
    );
    const beganMs = performance.now();
    const rows = checkRows(file, v2, 'Europe/Berlin');
    // Some 60 ms where nothing else runs; this catches what grows faster than the file.
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(good(rows)).toHaveLength(20_000);
  });
});
