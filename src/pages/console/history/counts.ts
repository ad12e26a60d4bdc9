/** What is in sight, counted: for the totals, the agents beside each other, and the table. */
import { computed, effect, signal } from '@preact/signals';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { Segment } from '../../../domain/history/history.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { type Totals, totalsOf } from '../../../domain/history/totals.ts';
import { clipped, type Lane } from '../../parts/lanes.ts';
import { lanes } from './state.ts';
import { counted } from './view.ts';

export interface Counted {
  agentId: AgentId;
  lane: Lane;
  segments: readonly Segment[];
  totals: Totals;
}

const made = new WeakMap<Lane, { fromMs: number; toMs: number; one: Counted }>();

/** Counting and listing all agents takes longer than drawing one: while they come in one by one it is done now and then. */
const PAUSE_MS = 300;
const drawn = signal(lanes.peek());
let drawnMs = 0;

/** Keeps what is counted as fresh as what is drawn, nearly, and what is listed as what is counted. Returns how to stop. */
export function followCounts(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;
  const take = () => {
    timer = undefined;
    drawnMs = Date.now();
    drawn.value = lanes.peek();
  };
  const stops = [
    effect(() => {
      // Each is counted when it comes: all of them together would take one long task.
      for (const { agentId, lane } of lanes.value) if (lane) countedOf(agentId, lane, counted.peek());
      const fresh = lanes.value.every(({ lane }) => lane === null);
      if (fresh || Date.now() - drawnMs > PAUSE_MS) {
        clearTimeout(timer);
        take();
      } else timer ??= setTimeout(take, PAUSE_MS);
    }),
    effect(() => {
      const all = inSight.value;
      clearTimeout(next);
      next = setTimeout(() => {
        listed.value = all;
      });
    }),
  ];
  return () => {
    clearTimeout(timer);
    clearTimeout(next);
    for (const stop of stops) stop();
  };
}

/** Once for each lane and range. */
function countedOf(agentId: AgentId, lane: Lane, range: TimeRange): Counted {
  const known = made.get(lane);
  if (known?.fromMs === range.fromMs && known.toMs === range.toMs) return known.one;
  const segments = clipped(lane.segments, range);
  const one = { agentId, lane, segments, totals: totalsOf(segments) };
  made.set(lane, { ...range, one });
  return one;
}

/** Of each agent who has been read, in the order asked for. */
export const inSight = computed((): Counted[] => {
  const range = counted.value;
  return drawn.value.flatMap(({ agentId, lane }) => (lane ? [countedOf(agentId, lane, range)] : []));
});

/** The same for the table: in a task of its own, as tens of thousands of rows are to be put in order. */
export const listed = signal<readonly Counted[]>([]);
