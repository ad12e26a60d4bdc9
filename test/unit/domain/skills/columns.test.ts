import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import {
  COLUMNS,
  cellsOf,
  guessMapping,
  ignoredColumns,
  type Mapping,
  missingColumns,
} from '../../../../src/domain/skills/columns.ts';
import { wfmCsv } from '../../../../src/domain/skills/wfm.ts';
import { readCsv } from '../../support/csv.ts';

const none: Mapping = {
  userId: null,
  skillId: null,
  level: null,
  availableFrom: null,
  availableTo: null,
  active: null,
  action: null,
};

describe('what the first line of a file seems to mean', () => {
  it('finds our own names, in any order', () => {
    expect(guessMapping([...COLUMNS].reverse())).toEqual({
      userId: 6,
      skillId: 5,
      level: 4,
      availableFrom: 3,
      availableTo: 2,
      active: 1,
      action: 0,
    });
  });

  it.each([
    [' USER_ID ', 'Skill Id', 'Level', 'available-from', 'Available To'],
    ['\uFEFFagentId', 'skill', 'Proficiency', 'from', 'to'],
    ['Agent No.', 'Skill No', 'agentProficiencyValue', 'Start', 'End'],
    ['user', 'SKILL', 'skill level', 'validFrom', 'valid until'],
  ])('knows %s, %s, %s, %s, %s', (...header) => {
    expect(guessMapping(header)).toEqual({ ...none, userId: 0, skillId: 1, level: 2, availableFrom: 3, availableTo: 4 });
  });

  it('takes the likelier of two, and the first of two alike', () => {
    expect(guessMapping(['user', 'userId', 'skillId', 'skillId'])).toEqual({ ...none, userId: 1, skillId: 2 });
  });

  it('leaves open what no name fits, and what says a zone that would be forgotten', () => {
    expect(guessMapping(['name', 'team', 'availableFrom (UTC)', '', 'constructor'])).toEqual(none);
  });

  it('takes our own export for workforce management back in', () => {
    const [header = []] = readCsv(wfmCsv([], 0).slice(1));
    expect(header).toContain('exportTimestamp');
    expect(guessMapping(header)).toEqual({ ...none, userId: 0, skillId: 1, level: 2, availableFrom: 3, availableTo: 4 });
  });
});

describe('the cells of a line', () => {
  it('have our names, and are empty where the file has none or the line is short', () => {
    expect(cellsOf(['s', 'u'], { ...none, userId: 1, skillId: 0, level: 2 })).toEqual({
      userId: 'u',
      skillId: 's',
      level: '',
      availableFrom: '',
      availableTo: '',
      active: '',
      action: '',
    });
  });
});

describe('what the tenant makes of the columns', () => {
  const all = guessMapping(COLUMNS);
  const { v2 } = SKILL_TRAITS;
  const open = SKILL_TRAITS.public;

  it('the window is needed, or ignored', () => {
    expect(ignoredColumns(all, v2)).toEqual([]);
    expect(ignoredColumns(all, open)).toEqual(['availableFrom', 'availableTo']);
    expect(ignoredColumns({ ...all, availableFrom: null }, open)).toEqual(['availableTo']);
    expect(missingColumns(none, v2)).toEqual(['userId', 'skillId', 'level', 'availableFrom', 'availableTo']);
    expect(missingColumns(none, open)).toEqual(['userId', 'skillId', 'level']);
    expect(missingColumns(all, v2)).toEqual([]);
  });

  it('a list of skills to take away needs no level, where that can be done', () => {
    expect(missingColumns({ ...all, level: null }, open)).toEqual([]);
    expect(missingColumns({ ...all, level: null }, v2)).toEqual(['level']);
  });
});
