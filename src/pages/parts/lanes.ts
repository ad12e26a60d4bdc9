/** What is known of an agent as something to draw, count and list: one lane each. */
import type { AgentId } from '../../domain/agent-state.ts';
import type { AgentHistory, HistoryProblem, Segment } from '../../domain/history/history.ts';
import type { HistoryNote } from '../../domain/history/notes.ts';
import { type Difference, filledWithOurs, overlay } from '../../domain/history/overlay.ts';
import type { TimeRange } from '../../domain/history/ranges.ts';
import { segmentsSeen } from '../../domain/history/seen.ts';
import { segmentsOf } from '../../domain/history/segments.ts';

export interface Lane {
  agentId: AgentId;
  /** The tenant's, with ours where it has none. */
  segments: readonly Segment[];
  /** `ours`: nothing of it is from the tenant. `both`: some is. `none`: nobody knows anything. */
  source: 'tenant' | 'ours' | 'both' | 'none';
  /** Our own record, where the tenant's is there to compare it with. */
  ours: readonly Segment[] | null;
  notes: readonly HistoryNote[];
  problem: HistoryProblem | null;
}

/** What was read of one agent, and when. */
export interface Read {
  history: AgentHistory;
  /** Our clock. */
  atMs: number;
  /** When the list was last right; 0 = never. */
  okMs: number;
}

const knows = (segments: readonly Segment[]) => segments.some(({ source }) => source !== 'unknown');

export function laneOf({ history, atMs, okMs }: Read, range: TimeRange): Lane {
  const { agentId, records, loadedMs, problem } = history;
  const within = { fromMs: range.fromMs, toMs: range.toMs, nowMs: atMs };
  // A list that no longer has the agent does not say that the state goes on.
  const lastOkMs = Math.min(okMs, history.lastInListMs ?? okMs);
  const seen = segmentsSeen(history.seen, { ...within, lastOkMs });
  if (records === null || loadedMs === null) {
    return { agentId, segments: seen, source: knows(seen) ? 'ours' : 'none', ours: null, notes: [], problem };
  }
  const { segments: tenant, notes } = segmentsOf(records, { ...within, loadedMs });
  const segments = filledWithOurs(tenant, seen);
  const [theirs, ours] = [knows(tenant), segments.some(({ source }) => source === 'seen')];
  const source = theirs ? (ours ? 'both' : 'tenant') : ours ? 'ours' : 'none';
  return { agentId, segments, source, ours: theirs && knows(seen) ? seen : null, notes, problem };
}

const compared = new WeakMap<Lane, Difference[]>();

/** Where the tenant and we do not agree. Worked out when it is first wanted. */
export function differencesOf(lane: Lane): readonly Difference[] {
  if (!lane.ours) return [];
  let found = compared.get(lane);
  if (!found) {
    found = overlay(lane.segments, lane.ours);
    compared.set(lane, found);
  }
  return found;
}

/** The part of the segments that lies in `range`; a stretch that goes beyond it is cut there, and says so. */
export function clipped(segments: readonly Segment[], { fromMs, toMs }: TimeRange): readonly Segment[] {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last || (first.fromMs >= fromMs && last.toMs <= toMs)) return segments;
  const kept: Segment[] = [];
  for (const segment of segments) {
    if (segment.toMs <= fromMs) continue;
    if (segment.fromMs >= toMs) break;
    const whole = segment.fromMs >= fromMs && segment.toMs <= toMs;
    kept.push(
      whole
        ? segment
        : {
            ...segment,
            fromMs: Math.max(segment.fromMs, fromMs),
            toMs: Math.min(segment.toMs, toMs),
            running: segment.running && segment.toMs <= toMs,
            cut: segment.source !== 'unknown',
          },
    );
  }
  return kept;
}
