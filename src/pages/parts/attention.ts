import type { Flag } from '../../domain/emptiness.ts';
import type { GlanceRow } from '../../messages/published.ts';

/** How long past its limit an agent is, ms; 0 when within it or when there is none. */
export function overLimitMs(row: Pick<GlanceRow, 'limitMinutes' | 'sinceMs' | 'flag'>, nowMs: number): number {
  if (row.limitMinutes <= 0 || row.sinceMs <= 0 || row.flag) return 0;
  return Math.max(0, nowMs - row.sinceMs - row.limitMinutes * 60_000);
}

/** Why there is no state to show; null for someone who logged out and whom CXone then leaves out of its list: gone home is no riddle. */
export function unanswered({ flag }: Pick<GlanceRow, 'flag'>): Flag | null {
  return flag?.kind === 'loggedOut' ? null : flag;
}

export function needsAttention(row: GlanceRow, nowMs: number): boolean {
  return unanswered(row) !== null || overLimitMs(row, nowMs) > 0;
}

/** The ids that need attention, as one text: a signal of it changes only when a row crosses its limit, not each second. */
export function attentionKey(rows: readonly GlanceRow[], nowMs: number): string {
  return rows
    .filter((row) => needsAttention(row, nowMs))
    .map((row) => row.agentId)
    .join('\n');
}
