import { describe, expect, it } from 'vitest';
import english from '../../../../public/_locales/en/messages.json';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import { ROW_ISSUES } from '../../../../src/domain/skills/check-rows.ts';
import { COLUMNS } from '../../../../src/domain/skills/columns.ts';
import { asField, atInZone, heldText } from '../../../../src/pages/console/skills/input/held-words.ts';
import { columnLabel, issueText } from '../../../../src/pages/console/skills/input/issue-words.ts';
import { levelWords } from '../../../../src/pages/console/skills/input/level-scale.tsx';
import { levelsOf, meritOf } from '../../../../src/pages/console/skills/input/levels.ts';

/** How many params the rules give (check-rows.ts). */
const PARAMS: Record<(typeof ROW_ISSUES)[number], number> = {
  required: 0,
  idBlank: 1,
  idForm: 1,
  levelNumber: 1,
  levelRange: 3,
  date: 1,
  dateGap: 2,
  dateZone: 1,
  order: 2,
  activeWord: 1,
  activityUnsupported: 0,
  action: 1,
  removalUnsupported: 0,
  duplicate: 1,
  contradiction: 1,
};

describe('what is wrong with a row', () => {
  it.each(ROW_ISSUES)('%s has words, and uses what it is given', (code) => {
    const params = Array.from({ length: PARAMS[code] }, (_, index) => `<${index}>`);
    const text = issueText({ column: null, code, params });
    expect(text).not.toBe('');
    for (const param of params) expect(text).toContain(param);
    expect(text).not.toMatch(/\$\d/);
    expect(english).toHaveProperty(`skills_issue_${code}`);
  });
  it.each(COLUMNS)('%s has a name', (column) => {
    expect(columnLabel(column)).not.toBe('');
  });
});

describe('a level', () => {
  it('is said by the ends of its scale', () => {
    expect(levelWords(SKILL_TRAITS.v2.levels)).toBe('1 is the lowest, 5 the best');
    expect(levelWords(SKILL_TRAITS.public.levels)).toBe('1 is the best, 20 the lowest');
  });
  it.each(['v2', 'public'] as const)('of %s is drawn the fuller the better', (profile) => {
    const { levels } = SKILL_TRAITS[profile];
    const merits = levelsOf(levels).map((level) => meritOf(level, levels));
    expect(levelsOf(levels)).toHaveLength(levels.max - levels.min + 1);
    expect(Math.min(...merits)).toBe(0.15);
    expect(Math.max(...merits)).toBe(1);
    expect(merits).toEqual([...merits].sort((a, b) => (levels.best === 'high' ? a - b : b - a)));
  });
});

describe('what a user holds', () => {
  const held = { level: 3, availableFromAt: '2026-07-01T06:00:00Z', availableToAt: '2026-12-31T23:00:00Z', active: true };
  it('is said with its window, in the zone chosen', () => {
    expect(heldText(held, SKILL_TRAITS.v2, 'Europe/Berlin')).toBe('level 3, 2026-07-01 08:00 to 2027-01-01 00:00');
    expect(heldText({ ...held, active: false }, SKILL_TRAITS.public, 'UTC')).toBe('level 3, not active');
    expect(heldText(null, SKILL_TRAITS.v2, 'UTC')).toBe('not assigned');
  });
  it('fits the field for a time', () => {
    expect(asField(held.availableFromAt, 'Europe/Berlin')).toBe('2026-07-01T08:00');
    expect(atInZone('', 'UTC')).toBe('');
  });
});
