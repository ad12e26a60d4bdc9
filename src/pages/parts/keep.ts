import type { Glance, GlanceRow } from '../../messages/published.ts';

/** True when two values of storage or a message hold the same: objects and lists of plain values. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** The new rows, with the old object wherever nothing changed, and the old list when nothing at all did: what is drawn once stays drawn. */
export function keepRows<R extends { agentId: string }>(before: R[], after: R[]): R[] {
  if (before.length === 0) return after;
  const known = new Map(before.map((row) => [row.agentId, row]));
  let changed = before.length !== after.length;
  const rows = after.map((row, index) => {
    const old = known.get(row.agentId);
    const kept = old && same(old, row) ? old : row;
    if (kept !== before[index]) changed = true;
    return kept;
  });
  return changed ? rows : before;
}

export function keepGlance(before: Glance | undefined, after: Glance | undefined): Glance | undefined {
  if (!before || !after) return after;
  const rows: GlanceRow[] = keepRows(before.rows, after.rows);
  return { ...after, rows, problem: same(before.problem, after.problem) ? before.problem : after.problem };
}
