import { CATEGORIES, type Category } from '../../domain/agent-state.ts';
import type { GlanceRow } from '../../messages/published.ts';
import { overLimitMs, unanswered } from '../parts/attention.ts';

export const ORDERS = ['attention', 'state', 'name', 'time', 'team'] as const;
export type Order = (typeof ORDERS)[number];

/** `attention` and `watching` have fixed names; the rest is named by its category or team. */
export type GroupTitle =
  | { kind: 'attention' | 'watching' | 'noTeam' }
  | { kind: 'category'; category: Category }
  | { kind: 'team'; team: string };

export interface Group {
  id: string;
  title: GroupTitle;
  rows: GlanceRow[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const byName = (a: GlanceRow, b: GlanceRow) => collator.compare(a.name, b.name) || (a.agentId < b.agentId ? -1 : 1);
/** The longest in its state first; who has no time is last. */
const byTime = (a: GlanceRow, b: GlanceRow) => (a.sinceMs || Infinity) - (b.sinceMs || Infinity) || byName(a, b);
const rank = new Map(CATEGORIES.map((category, index) => [category, index]));
const byCategory = (a: GlanceRow, b: GlanceRow) => (rank.get(a.category) ?? 0) - (rank.get(b.category) ?? 0);

/** Without an answer first, the longest missing on top; then who is furthest past the limit. */
function byUrgency(nowMs: number) {
  return (a: GlanceRow, b: GlanceRow) => {
    const [first, second] = [unanswered(a), unanswered(b)];
    if (first || second) return first && second ? first.missingSinceMs - second.missingSinceMs || byName(a, b) : first ? -1 : 1;
    return overLimitMs(b, nowMs) - overLimitMs(a, nowMs) || byName(a, b);
  };
}

const SORTS: Record<Order, (a: GlanceRow, b: GlanceRow) => number> = {
  attention: (a, b) => byCategory(a, b) || byTime(a, b),
  state: (a, b) => byCategory(a, b) || byName(a, b),
  name: byName,
  time: byTime,
  team: byName,
};

/** The watched agents as the popup lists them: who needs attention always first, the others as chosen. */
export function arrange(rows: readonly GlanceRow[], order: Order, attention: ReadonlySet<string>, nowMs: number): Group[] {
  const urgent = rows.filter((row) => attention.has(row.agentId)).sort(byUrgency(nowMs));
  const calm = rows.filter((row) => !attention.has(row.agentId)).sort(SORTS[order]);
  const groups: Group[] = urgent.length > 0 ? [{ id: 'attention', title: { kind: 'attention' }, rows: urgent }] : [];
  if (calm.length === 0) return groups;
  if (order === 'state') return [...groups, ...byKey(calm, (row) => row.category, categoryTitle)];
  if (order === 'team') return [...groups, ...teams(calm)];
  return [...groups, { id: 'watching', title: { kind: 'watching' }, rows: calm }];
}

const categoryTitle = (category: Category): GroupTitle => ({ kind: 'category', category });

/** Teams by name; who has none comes last. */
function teams(rows: readonly GlanceRow[]): Group[] {
  const sorted = [...rows].sort((a, b) => Number(!a.team) - Number(!b.team) || collator.compare(a.team, b.team));
  return byKey(
    sorted,
    (row) => row.team,
    (team): GroupTitle => (team ? { kind: 'team', team } : { kind: 'noTeam' }),
  );
}

function byKey<K extends string>(
  rows: readonly GlanceRow[],
  keyOf: (row: GlanceRow) => K,
  titleOf: (key: K) => GroupTitle,
): Group[] {
  const groups = new Map<K, Group>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { id: `g:${key}`, title: titleOf(key), rows: [row] });
  }
  return [...groups.values()];
}

/** The first `count` rows of all groups: what the first paint needs. */
export function firstRows(groups: readonly Group[], count: number): Group[] {
  const first: Group[] = [];
  let left = count;
  for (const group of groups) {
    if (left <= 0) break;
    first.push(group.rows.length > left ? { ...group, rows: group.rows.slice(0, left) } : group);
    left -= group.rows.length;
  }
  return first;
}
