/** Which part of the range is on screen, and where in it one points. */
import { computed, effect, signal } from '@preact/signals';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { clamped } from '../../../domain/history/timeline.ts';
import { lanes, question } from './state.ts';

/** Room after a range that ends now, for the line that says so: it moves on while one looks. */
const AFTER_NOW = 0.015;
/** What is counted and listed follows what is drawn when that has come to rest. */
const REST_MS = 200;

const EMPTY: TimeRange = { fromMs: 0, toMs: 1 };

/** As far out as one can zoom. */
export const bounds = computed((): TimeRange => {
  const asked = question.value;
  if (!asked) return EMPTY;
  const { fromMs, toMs, range } = asked;
  const after = range === 'yesterday' || range === 'own' ? 0 : (toMs - fromMs) * AFTER_NOW;
  return { fromMs, toMs: toMs + after };
});

/** Null: the whole range. */
const chosen = signal<TimeRange | null>(null);
export const shown = computed((): TimeRange => {
  const part = chosen.value;
  return part ? clamped(part, bounds.value) : bounds.value;
});

const length = ({ fromMs, toMs }: TimeRange) => toMs - fromMs;
export const isPart = computed(() => length(shown.value) < length(bounds.value) - 1);

/** As far out as one can is the whole range, and goes on with it: "Up to now" moves its end on. */
export function show(part: TimeRange): void {
  chosen.value = length(part) < length(bounds.peek()) - 1 ? part : null;
}

export function showWhole(): void {
  chosen.value = null;
}

/** What is counted and listed: what is in sight of the range, a moment after it came to rest. */
export const counted = signal<TimeRange>(EMPTY);

/** One is at a stretch of a lane: by pointer, or by keys. `ms`: where in it. */
export interface Pointed {
  lane: number;
  index: number;
  ms: number;
  by: 'pointer' | 'keys';
}
export const pointed = signal<Pointed | null>(null);

/** Our own record is drawn beneath the tenant's history, and where they differ is marked. */
export const compare = signal(false);

export function followView(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = question.peek();
  const settle = (wanted: TimeRange) => {
    const now = counted.peek();
    if (now.fromMs !== wanted.fromMs || now.toMs !== wanted.toMs) counted.value = wanted;
  };
  const stops = [
    effect(() => {
      const next = question.value;
      const same =
        next !== null && asked !== null && next.range === asked.range && next.agentIds.join('\n') === asked.agentIds.join('\n');
      asked = next;
      pointed.value = null;
      // The same up to now leaves one where one is.
      if (!same) chosen.value = null;
    }),
    effect(() => {
      const { fromMs, toMs } = shown.value;
      const until = question.value?.toMs ?? toMs;
      const wanted = { fromMs: Math.floor(fromMs), toMs: Math.min(Math.ceil(toMs), until) };
      clearTimeout(timer);
      if (chosen.value === null) settle(wanted);
      else timer = setTimeout(() => settle(wanted), REST_MS);
    }),
    effect(() => {
      // A stretch one points at by its place may be another when more has arrived.
      void lanes.value;
      pointed.value = null;
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
