import type { StateKind } from './agent-state.ts';
import type { Rule } from './settings.ts';

/** Whether a state is one the rule is about. No categories, or no reasons, means every one; a reason matches whole, ignoring case. */
export function matches(rule: Pick<Rule, 'categories' | 'reasons'>, state: StateKind): boolean {
  if (rule.categories.length > 0 && !rule.categories.includes(state.category)) return false;
  if (rule.reasons.length === 0) return true;
  const names = [state.reason.toLowerCase(), state.stateName.toLowerCase()];
  return rule.reasons.some((reason) => names.includes(reason.toLowerCase()));
}

/** Minutes after which a state needs attention: the smallest limit of the enabled `longerThan` rules that match; 0 = none. */
export function limitMinutes(rules: readonly Rule[], state: StateKind): number {
  let limit = 0;
  for (const rule of rules) {
    if (rule.kind !== 'longerThan' || !rule.enabled || !(rule.minutes > 0)) continue;
    if ((limit === 0 || rule.minutes < limit) && matches(rule, state)) limit = rule.minutes;
  }
  return limit;
}

/** Gone from the middle of work: nobody logs out on purpose while available, on a contact or wrapping one up. */
export function isUnexpectedLogout(from: StateKind | null, to: StateKind): boolean {
  return (
    to.category === 'loggedOut' && (from?.category === 'available' || from?.category === 'working' || from?.category === 'acw')
  );
}
