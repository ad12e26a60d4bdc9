/** What the tenant's own list of reasons says about a rule's: which there are, which there are not, how long each may last. */
import type { StateKind } from '../../../domain/agent-state.ts';
import { CXONE_WORDS } from '../../../domain/cxone-words.ts';
import type { Reason } from '../../../domain/desk.ts';
import { LIMITS } from '../../../domain/settings.ts';

export interface KnownReasons {
  /** Of the tenant's list; empty where its API has none. */
  reasons: readonly Reason[];
  /** The kinds of state that have been seen. */
  seen: readonly StateKind[];
}

const plain = (text: string) => text.trim().toLowerCase();
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Reasons to choose from that the rule does not have yet: those agents can choose, and those that were seen. */
export function suggestedReasons({ reasons, seen }: KnownReasons, chosen: readonly string[]): string[] {
  const taken = new Set(chosen.map(plain));
  const names = [...reasons.flatMap(({ name, active }) => (active ? name : [])), ...seen.map(({ reason }) => reason)];
  const found = names.filter((name) => {
    const isNew = name !== '' && !taken.has(plain(name));
    taken.add(plain(name));
    return isNew;
  });
  return found.sort(collator.compare);
}

export interface Doubtful {
  reason: string;
  /** `unknown`: the tenant's list does not have it. `off`: it has, and no agent can choose it. */
  why: 'unknown' | 'off';
}

/** Reasons of a rule that can hardly be hit. Without the tenant's list nobody can tell; what was seen exists. */
export function doubtfulReasons({ reasons, seen }: KnownReasons, chosen: readonly string[]): Doubtful[] {
  if (reasons.length === 0) return [];
  const fine = new Set([
    ...CXONE_WORDS.map(plain),
    ...seen.flatMap(({ reason, stateName }) => [plain(reason), plain(stateName)]),
    ...reasons.flatMap(({ name, active }) => (active ? plain(name) : [])),
  ]);
  const off = new Set(reasons.map(({ name }) => plain(name)));
  return chosen
    .filter((reason) => !fine.has(plain(reason)))
    .map((reason) => ({ reason, why: off.has(plain(reason)) ? 'off' : 'unknown' }));
}

/** The shortest time the tenant sets for one of these reasons, where it is one a rule may have; null when it sets none. */
export function tenantLimit({ reasons }: KnownReasons, chosen: readonly string[]): { reason: string; minutes: number } | null {
  const wanted = new Set(chosen.map(plain));
  const { min, max } = LIMITS.ruleMinutes;
  const limits = reasons.flatMap(({ name, minutes }) =>
    minutes !== null && minutes >= min && minutes <= max && wanted.has(plain(name)) ? [{ reason: name, minutes }] : [],
  );
  return limits.sort((a, b) => a.minutes - b.minutes)[0] ?? null;
}
