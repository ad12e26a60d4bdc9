import type { Category, StateKind } from '../../domain/agent-state.ts';
import { type MessageKey, t } from '../../messages/words.ts';

const LABELS: Record<Category, MessageKey> = {
  available: 'category_available',
  working: 'category_working',
  acw: 'category_acw',
  unavailable: 'category_unavailable',
  loggedIn: 'category_loggedIn',
  loggedOut: 'category_loggedOut',
  unknown: 'category_unknown',
};

export function categoryLabel(category: Category): string {
  return t(LABELS[category]);
}

/** The tenant's own name for the state; ours where it has none. */
export function stateName(kind: Pick<StateKind, 'category' | 'stateName'>): string {
  return kind.stateName || categoryLabel(kind.category);
}

/** State, reason and skill in one line, each only where given and not said before. */
export function stateText(kind: StateKind): string {
  const parts = [stateName(kind), kind.reason, kind.skill].filter(Boolean);
  return [...new Set(parts)].join(' · ');
}
