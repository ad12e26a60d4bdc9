/** The totals of several agents as one. */
import type { Category } from '../../../domain/agent-state.ts';
import type { Totals } from '../../../domain/history/totals.ts';

export interface Part {
  category: Category;
  ms: number;
  longestMs: number;
  /** The longest reasons first. */
  reasons: { name: string; ms: number }[];
}

export interface Sum {
  rangeMs: number;
  parts: Part[];
}

/** What has not one millisecond in it is left out. */
export function sumOf(all: readonly Totals[]): Sum {
  const parts = new Map<Category, Part>();
  const partOf = (category: Category) => {
    let part = parts.get(category);
    if (!part) {
      part = { category, ms: 0, longestMs: 0, reasons: [] };
      parts.set(category, part);
    }
    return part;
  };
  for (const { byCategory, byReason, unknownMs } of all) {
    for (const { category, ms, longestMs } of byCategory) {
      const part = partOf(category);
      part.ms += ms;
      part.longestMs = Math.max(part.longestMs, longestMs);
    }
    if (unknownMs > 0) partOf('unknown').ms += unknownMs;
    for (const { category, stateName, reason, ms } of byReason) {
      // A state we have no category for is known by its name alone.
      const called = reason || (category === 'unknown' ? stateName : '');
      if (called === '') continue;
      const { reasons } = partOf(category);
      const known = reasons.find(({ name }) => name === called);
      if (known) known.ms += ms;
      else reasons.push({ name: called, ms });
    }
  }
  for (const { reasons } of parts.values()) reasons.sort((a, b) => b.ms - a.ms);
  return { rangeMs: all.reduce((sum, { rangeMs }) => sum + rangeMs, 0), parts: [...parts.values()].filter(({ ms }) => ms > 0) };
}
