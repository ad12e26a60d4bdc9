import type { Category } from '../../../domain/agent-state.ts';
import type { Phrase } from '../../../domain/problem-words.ts';
import type { Rule } from '../../../domain/settings.ts';

/** The words a rule is made of, so that the sentence can be built (and tested) without a browser. */
export interface RuleVocabulary {
  label: (category: Category) => string;
  /** "Lunch or Break" */
  either: (items: string[]) => string;
  /** Where the sentence names a state: "any state". */
  anyState: string;
  /** The same where the sentence says "is": "in any state". */
  inAnyState: string;
  /** A label within a sentence that says "is": "unavailable". */
  within: (label: string) => string;
  /** "unavailable (Lunch)" */
  withReason: (state: string, reason: string) => string;
}

/** A rule as one sentence: a key of `_locales` and what fills it. */
export function ruleSentence(rule: Rule, words: RuleVocabulary): Phrase {
  const key = `rule_says_${rule.kind}`;
  if (rule.kind === 'enters' || rule.kind === 'leaves')
    return { key, params: [stateWords(rule, words, words.label, words.anyState)] };
  if (rule.kind === 'longerThan') {
    const label = (category: Category) => words.within(words.label(category));
    return { key, params: [stateWords(rule, words, label, words.inAnyState), String(rule.minutes)] };
  }
  return { key, params: [] };
}

function stateWords(
  { categories, reasons }: Rule,
  words: RuleVocabulary,
  label: RuleVocabulary['label'],
  anyState: string,
): string {
  const states = categories.length === 0 ? anyState : words.either(categories.map(label));
  return reasons.length === 0 ? states : words.withReason(states, words.either(reasons));
}

/** What tells two rules apart, whatever their ids and switches. */
export function sameRule(a: Rule, b: Rule): boolean {
  return content(a) === content(b);
}

function content(rule: Rule): string {
  const narrows = rule.kind === 'enters' || rule.kind === 'leaves' || rule.kind === 'longerThan';
  if (!narrows) return rule.kind;
  const reasons = rule.reasons.map((reason) => reason.toLowerCase()).sort();
  const minutes = rule.kind === 'longerThan' ? rule.minutes : 0;
  return JSON.stringify([rule.kind, [...rule.categories].sort(), reasons, minutes]);
}
