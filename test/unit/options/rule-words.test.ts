import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/domain/settings.ts';
import { type RuleVocabulary, ruleSentence, sameRule } from '../../../src/pages/options/logic/rule-words.ts';

const WORDS: RuleVocabulary = {
  label: (category) => category.toUpperCase(),
  within: (label) => label.toLowerCase(),
  either: (items) => items.join(' or '),
  anyState: 'any state',
  inAnyState: 'in any state',
  withReason: (state, reason) => `${state} (${reason})`,
};
const RULE: Rule = { id: 'r', kind: 'longerThan', enabled: true, categories: ['unavailable'], reasons: ['Lunch'], minutes: 60 };

describe('ruleSentence', () => {
  it.each<[Partial<Rule>, string[]]>([
    [{}, ['unavailable (Lunch)', '60']],
    [{ reasons: [] }, ['unavailable', '60']],
    [{ categories: ['acw', 'working'], reasons: ['Lunch', 'Break'] }, ['acw or working (Lunch or Break)', '60']],
    [{ categories: [] }, ['in any state (Lunch)', '60']],
    [{ kind: 'enters' }, ['UNAVAILABLE (Lunch)']],
    [{ kind: 'leaves', categories: [], reasons: [] }, ['any state']],
    [{ kind: 'anyChange' }, []],
    [{ kind: 'dataProblem' }, []],
  ])('%j', (change, params) => {
    const rule = { ...RULE, ...change };
    expect(ruleSentence(rule, WORDS)).toEqual({ key: `rule_says_${rule.kind}`, params });
  });
});

describe('sameRule', () => {
  it.each<[Partial<Rule>, boolean]>([
    [{ id: 'other', enabled: false }, true],
    [{ reasons: ['LUNCH'] }, true],
    [{ minutes: 30 }, false],
    [{ kind: 'enters' }, false],
    [{ categories: [] }, false],
  ])('%j: %s', (change, same) => {
    expect(sameRule(RULE, { ...RULE, ...change })).toBe(same);
  });

  it('does not look at what a kind does not use', () => {
    expect(sameRule({ ...RULE, kind: 'dataProblem' }, { ...RULE, kind: 'dataProblem', minutes: 5, reasons: [] })).toBe(true);
    expect(sameRule({ ...RULE, kind: 'enters' }, { ...RULE, kind: 'enters', minutes: 5 })).toBe(true);
  });
});
