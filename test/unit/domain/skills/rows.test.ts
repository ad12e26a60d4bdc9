import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import { ROW_STATES } from '../../../../src/domain/skills/batch.ts';
import { checkRows } from '../../../../src/domain/skills/check-rows.ts';
import { cellsOf, guessMapping } from '../../../../src/domain/skills/columns.ts';
import { lanesOf } from '../../../../src/domain/skills/lanes.ts';
import { clashes } from '../../../../src/domain/skills/twice.ts';
import { undoWishes } from '../../../../src/domain/skills/undo.ts';
import { wfmCsv, wfmRows } from '../../../../src/domain/skills/wfm.ts';
import { readCsv } from '../../support/csv.ts';
import { runs } from '../../support/runs.ts';
import { held, row, T, wish } from './made.ts';

describe('undo', () => {
  it('is what rows that were written held before', () => {
    const written = { state: 'verified', attempts: 1 } as const;
    expect(
      undoWishes([
        row(0, { ...written, before: held(1) }),
        row(1, { ...written, attempts: 3, wish: null, before: held(2) }),
        row(2, written),
      ]),
    ).toEqual([
      { line: 2, userId: 'user-0', skillId: 'skill-1', held: held(1), expected: held() },
      { line: 3, userId: 'user-1', skillId: 'skill-1', held: held(2), expected: null },
      { line: 4, userId: 'user-2', skillId: 'skill-1', held: null, expected: held() },
    ]);
  });

  it('is not of what was so already, or did not certainly happen', () => {
    const others = ROW_STATES.filter((state) => state !== 'verified').map((state, index) => row(index, { state, attempts: 1 }));
    expect(undoWishes([...others, row(9, { state: 'verified', attempts: 0, before: held(1) })])).toEqual([]);
  });

  it.each([
    ['applied', { attempts: 1, ours: true }, 1],
    ['applied after 409', { attempts: 3, rounds: 2, ours: true }, 1],
    ['409, and found as wished: somebody else’s', { attempts: 1, rounds: 1, ours: false }, 0],
    ['cut off without effect, then 409, and found as wished', { attempts: 2, rounds: 1, cutOff: 1, ours: false }, 0],
    ['decided on, and found as wished without another send', { attempts: 0, ours: true }, 1],
    ['of a version that did not say, applied', { attempts: 1 }, 1],
    ['of a version that did not say, 409 alone', { attempts: 2, rounds: 2 }, 0],
  ] as const)('takes back our own alone: %s', (_name, more, count) => {
    expect(undoWishes([row(0, { state: 'verified', ...more })])).toHaveLength(count);
  });
});

describe('lanes', () => {
  it('are one per user, users and rows in the order of the file', () => {
    const of = (index: number, userId: string) => row(index, { userId });
    const lanes = lanesOf([of(0, 'b'), of(1, 'a'), of(2, 'b'), of(3, '7'), of(4, 'a')]);
    expect([...lanes].map(([userId, rows]) => [userId, rows.map(({ index }) => index)])).toEqual([
      ['b', [0, 2]],
      ['a', [1, 4]],
      ['7', [3]],
    ]);
  });
});

describe('wishes for the same', () => {
  it('are found by place', () => {
    expect(
      clashes([
        wish(),
        null,
        wish(),
        wish({ userId: 'user-2' }),
        wish({ skillId: 'skill-2' }),
        wish({ userId: 'user-2', held: null }),
      ]),
    ).toEqual(
      new Map([
        [2, { code: 'duplicate', other: 0 }],
        [3, { code: 'contradiction', other: 5 }],
        [5, { code: 'contradiction', other: 3 }],
      ]),
    );
  });
});

describe('the file for workforce management', () => {
  const verified = { state: 'verified' } as const;

  it('has the verified rows, ids and dates as they are', () => {
    const rows = [
      row(0, verified),
      row(1, { ...verified, userId: '-12345', skillId: '00042' }),
      row(2, { ...verified, userId: '=cmd|x' }),
    ];
    expect(wfmCsv(rows, T + 999)).toBe(
      '\uFEFFuserId,skillId,level,availableFrom,availableTo,exportTimestamp\r\n' +
        'user-0,skill-1,3,2026-01-15T08:00:00Z,2026-01-15T17:00:00Z,2026-01-15T08:00:00Z\r\n' +
        '-12345,00042,3,2026-01-15T08:00:00Z,2026-01-15T17:00:00Z,2026-01-15T08:00:00Z\r\n' +
        '"\'=cmd|x",skill-1,3,2026-01-15T08:00:00Z,2026-01-15T17:00:00Z,2026-01-15T08:00:00Z\r\n',
    );
    expect(wfmRows(rows, T)[0]).toEqual({
      userId: 'user-0',
      skillId: 'skill-1',
      level: 3,
      availableFrom: '2026-01-15T08:00:00Z',
      availableTo: '2026-01-15T17:00:00Z',
      exportTimestamp: '2026-01-15T08:00:00Z',
    });
  });

  it('has nobody who does not have the skill, or may not', () => {
    const rows = [
      ...ROW_STATES.filter((state) => state !== 'verified').map((state, index) => row(index, { state })),
      row(8, { ...verified, wish: null }),
      row(9, { ...verified, wish: held(3, { active: false }) }),
    ];
    expect(wfmRows(rows, T)).toEqual([]);
    expect(wfmCsv(rows, T)).toBe('\uFEFFuserId,skillId,level,availableFrom,availableTo,exportTimestamp\r\n');
  });

  it.each([
    ['-7', '-7', '-7'],
    ['-7.25', '-7.25', '-7.25'],
    ['+4912', '+4912', '"\'+4912"'],
    ['=1+2', '=1+2', '"\'=1+2"'],
    ['-A1', '-A1', '"\'-A1"'],
    ['@x', '@x', '"\'@x"'],
    ['a-1', 'a-1', 'a-1'],
    ['1E5', '1E5', '1E5'],
  ])('id %s: as it is where a program reads it, and no formula where a spreadsheet may', (id, sent, filed) => {
    const rows = [row(0, { ...verified, userId: id, skillId: id })];
    expect(wfmRows(rows, T)[0]).toMatchObject({ userId: sent, skillId: sent });
    const [, line = ''] = wfmCsv(rows, T).split('\r\n');
    expect(line.startsWith(`${filed},${filed},3,`)).toBe(true);
  });

  it('can be read in again, as the same wishes', () => {
    const anyRows = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^\w[\w.:-]{0,20}$/), fc.integer({ min: 1, max: 5 })).filter(([id]) => !/^\dE\d+$/i.test(id)),
      { selector: ([id]) => id, maxLength: 20 },
    );
    fc.assert(
      fc.property(anyRows, (list) => {
        const rows = list.map(([userId, level], index) => row(index, { ...verified, userId, wish: held(level) }));
        const [header = [], ...lines] = readCsv(wfmCsv(rows, T).slice(1));
        const raws = lines.map((fields, index) => ({ line: index + 2, cells: cellsOf(fields, guessMapping(header)) }));
        expect(checkRows(raws, SKILL_TRAITS.v2, 'Asia/Tokyo').map((each) => each.wish)).toEqual(
          rows.map(({ userId, skillId, wish: held }) => ({ userId, skillId, held })),
        );
      }),
      runs(100),
    );
  });
});
