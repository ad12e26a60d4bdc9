import { CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import type { Team } from '../../../domain/desk.ts';
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
  /** Name of a team; '' = all. */
  team: string;
}

export const NO_FILTER: Filter = { words: '', category: null, watchedOnly: false, team: '' };

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const CATEGORY_RANK = new Map<string, number>(CATEGORIES.map((category, index) => [category, index]));

/**
 * Places of texts in the alphabet. Comparing by locale is the dear part of sorting 10,000 agents every few seconds, and
 * names hardly change between two lists: it is done once for each new text, and the sorting itself compares numbers.
 */
class Alphabet {
  #places = new Map<string, number>();

  placesOf(agents: readonly AgentRow[], textOf: (agent: AgentRow) => string): ReadonlyMap<string, number> {
    if (!agents.every((agent) => this.#places.has(textOf(agent)))) {
      const texts = [...new Set(agents.map(textOf))].sort(collator.compare);
      this.#places = new Map(texts.map((text, index) => [text, index]));
    }
    return this.#places;
  }
}

type TextColumn = Exclude<Column, 'time'>;
const TEXTS: Record<TextColumn, (agent: AgentRow) => string> = {
  name: (agent) => agent.name,
  state: (agent) => agent.stateName,
  reason: (agent) => agent.reason,
  skill: (agent) => agent.skill,
  team: (agent) => agent.team,
};
const alphabets: Record<TextColumn, Alphabet> = {
  name: new Alphabet(),
  state: new Alphabet(),
  reason: new Alphabet(),
  skill: new Alphabet(),
  team: new Alphabet(),
};

function placesIn(column: TextColumn, agents: readonly AgentRow[]): (agent: AgentRow) => number {
  const textOf = TEXTS[column];
  const places = alphabets[column].placesOf(agents, textOf);
  return (agent) => places.get(textOf(agent)) ?? 0;
}

/** What a column sorts by, as a number; null for "nothing there", which comes last whichever way one sorts. */
function keyOf(column: Column, agents: readonly AgentRow[]): (agent: AgentRow) => number | null {
  // Ascending is the shortest time, so the latest start.
  if (column === 'time') return (agent) => (agent.sinceMs > 0 && agent.missingSinceMs === 0 ? -agent.sinceMs : null);
  const place = placesIn(column, agents);
  if (column === 'name') return place;
  if (column === 'state') return (agent) => (CATEGORY_RANK.get(agent.category) ?? 0) * 1e6 + place(agent);
  return (agent) => (TEXTS[column](agent) ? place(agent) : null);
}

/** Sorted by one column, by name within it, by id at last so that the order never jumps. */
export function sortAgents(agents: readonly AgentRow[], { column, descending }: Sorting): AgentRow[] {
  const sign = descending ? -1 : 1;
  const keyed = keyOf(column, agents);
  const named = placesIn('name', agents);
  return agents
    .map((agent) => ({ agent, key: keyed(agent), name: named(agent) }))
    .sort((a, b) => {
      if (a.key !== b.key) return a.key === null ? 1 : b.key === null ? -1 : sign * (a.key - b.key);
      return a.name - b.name || (a.agent.agentId < b.agent.agentId ? -1 : 1);
    })
    .map(({ agent }) => agent);
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
export function filterAgents(agents: readonly AgentRow[], { words, category, watchedOnly, team }: Filter): AgentRow[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return agents.filter(
    (agent) =>
      (category === null || agent.category === category) &&
      (!watchedOnly || agent.watched) &&
      (team === '' || agent.team === team) &&
      wanted.every((word) => haystack(agent).includes(word)),
  );
}

/** Teams to choose from, each once: those of the agents listed, and those the tenant names that agents may still come from. */
export function teamNames(agents: readonly AgentRow[], tenant: readonly Team[]): string[] {
  const names = new Set(agents.map(({ team }) => team));
  for (const { name, active } of tenant) if (active) names.add(name);
  names.delete('');
  return [...names].sort(collator.compare);
}

/** A click on a heading: sorts by it, or turns it round. Of times one wants the longest first. */
export function nextSorting(now: Sorting, column: Column): Sorting {
  return { column, descending: now.column === column ? !now.descending : column === 'time' };
}
