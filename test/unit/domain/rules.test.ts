import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, type StateKind } from '../../../src/domain/agent-state.ts';
import { isUnexpectedLogout, limitMinutes, matches } from '../../../src/domain/rules.ts';
import { DEFAULT_SETTINGS, type Rule } from '../../../src/domain/settings.ts';
import { runs } from '../support/runs.ts';

const kind = (category: StateKind['category'], reason = '', stateName = ''): StateKind => ({
  category,
  stateName,
  reason,
  skill: '',
});
const longer = (minutes: number, more: Partial<Rule> = {}): Rule => ({
  id: String(minutes),
  kind: 'longerThan',
  enabled: true,
  categories: [],
  reasons: [],
  minutes,
  ...more,
});

describe('matches', () => {
  it('takes an empty list for every one', () => {
    for (const category of CATEGORIES) expect(matches({ categories: [], reasons: [] }, kind(category, 'x'))).toBe(true);
  });
  it('needs both a category and a reason where both are named', () => {
    const rule = { categories: ['unavailable' as const], reasons: ['Lunch'] };
    expect(matches(rule, kind('unavailable', 'lunch'))).toBe(true);
    expect(matches(rule, kind('unavailable', 'Break'))).toBe(false);
    expect(matches(rule, kind('acw', 'Lunch'))).toBe(false);
  });
  it('takes the tenant’s name of the state for a reason, whole, ignoring case', () => {
    expect(matches({ categories: [], reasons: ['ON A CONTACT'] }, kind('working', '', 'On a contact'))).toBe(true);
    expect(matches({ categories: [], reasons: ['contact'] }, kind('working', '', 'On a contact'))).toBe(false);
  });
});

describe('limitMinutes', () => {
  it('knows the limits a newcomer starts with', () => {
    expect(limitMinutes(DEFAULT_SETTINGS.rules, kind('unavailable', 'Lunch'))).toBe(60);
    expect(limitMinutes(DEFAULT_SETTINGS.rules, kind('unavailable', 'Break'))).toBe(30);
    expect(limitMinutes(DEFAULT_SETTINGS.rules, kind('acw'))).toBe(10);
    expect(limitMinutes(DEFAULT_SETTINGS.rules, kind('available'))).toBe(0);
  });
  it('is the smallest of those that count', () => {
    const rule = fc.record({
      minutes: fc.integer({ min: 0, max: 720 }),
      enabled: fc.boolean(),
      kind: fc.constantFrom('longerThan' as const, 'enters' as const),
      categories: fc.subarray(['acw' as const, 'working' as const]),
    });
    fc.assert(
      fc.property(fc.array(rule), (list) => {
        const rules = list.map(({ minutes, ...more }) => longer(minutes, more));
        const counting = rules
          .filter((r) => r.enabled && r.kind === 'longerThan' && r.minutes > 0)
          .filter((r) => r.categories.length === 0 || r.categories.includes('acw'))
          .map((r) => r.minutes)
          .sort((a, b) => a - b);
        expect(limitMinutes(rules, kind('acw'))).toBe(counting[0] ?? 0);
      }),
      runs(10_000),
    );
  });
});

it('an unexpected logout is one from the middle of work', () => {
  const from = CATEGORIES.filter((category) => isUnexpectedLogout(kind(category), kind('loggedOut')));
  expect(from.sort()).toEqual(['acw', 'available', 'working']);
  expect(isUnexpectedLogout(null, kind('loggedOut'))).toBe(false);
  for (const to of CATEGORIES) if (to !== 'loggedOut') expect(isUnexpectedLogout(kind('working'), kind(to))).toBe(false);
});
