import { CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import type { AgentRow } from '../../../messages/contract.ts';

export const COLUMNS = ['name', 'state', 'reason', 'skill', 'team', 'time'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  column: Column;
  descending: boolean;
}

export interface Filter {
  words: string;
  category: Category | null;
  watchedOnly: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const rank = new Map<string, number>(CATEGORIES.map((category, index) => [category, index]));
const byText = (a: string, b: string) => {
  // Nothing comes after something, whichever way it is sorted by the caller's sign: "" is no reason called "".
  if (!a || !b) return Number(!a) - Number(!b);
  return collator.compare(a, b);
};

const COMPARE: Record<Column, (a: AgentRow, b: AgentRow) => number> = {
  name: (a, b) => collator.compare(a.name, b.name),
  state: (a, b) => (rank.get(a.category) ?? 0) - (rank.get(b.category) ?? 0) || byText(a.stateName, b.stateName),
  reason: (a, b) => byText(a.reason, b.reason),
  skill: (a, b) => byText(a.skill, b.skill),
  team: (a, b) => byText(a.team, b.team),
  time: (a, b) => (a.sinceMs || Infinity) - (b.sinceMs || Infinity) || 0,
};

/** Sorted by one column, by name within it, by id at last so that the order never jumps. */
export function sortAgents(agents: readonly AgentRow[], { column, descending }: Sorting): AgentRow[] {
  const compare = COMPARE[column];
  const sign = descending ? -1 : 1;
  return [...agents].sort(
    (a, b) =>
      sign * compare(a, b) || collator.compare(a.name, b.name) || (a.agentId < b.agentId ? -1 : a.agentId > b.agentId ? 1 : 0),
  );
}

/** What a row is searched by; kept for as long as the row is. */
const haystacks = new WeakMap<AgentRow, string>();
function haystack(agent: AgentRow): string {
  let text = haystacks.get(agent);
  if (text === undefined) {
    text = [agent.name, agent.agentId, agent.team, agent.skill, agent.reason, agent.stateName].join('\n').toLocaleLowerCase();
    haystacks.set(agent, text);
  }
  return text;
}

/** Every word must be in it somewhere, as in the popup's search. */
export function filterAgents(agents: readonly AgentRow[], { words, category, watchedOnly }: Filter): AgentRow[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return agents.filter(
    (agent) =>
      (category === null || agent.category === category) &&
      (!watchedOnly || agent.watched) &&
      wanted.every((word) => haystack(agent).includes(word)),
  );
}

/** A click on a heading: sorts by it, or turns it round. */
export function nextSorting(now: Sorting, column: Column): Sorting {
  return { column, descending: now.column === column && !now.descending };
}
