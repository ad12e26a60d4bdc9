/** One agent's stretch of time being covered with segments, from left to right: no hole and no overlap by construction. */
import type { StateKind } from '../agent-state.ts';
import type { Segment } from './history.ts';
import type { TimeRange } from './ranges.ts';

/** What nobody knows. */
const NOTHING: StateKind = { category: 'unknown', stateName: '', reason: '', skill: '' };

/** A range that ends so shortly before now still ends "now": asking and painting take their time. */
const NOW_MS = 60_000;

export interface SegmentsRange extends TimeRange {
  /** Server time. Nothing is known of what comes after it: segments end there. */
  nowMs: number;
}

export function sameKind(a: StateKind, b: StateKind): boolean {
  return a.stateName === b.stateName && a.category === b.category && a.reason === b.reason && a.skill === b.skill;
}

export class Lane {
  readonly segments: Segment[] = [];
  readonly fromMs: number;
  /** Where the range ends, or now. */
  readonly endMs: number;
  /** It ends now, and not some time ago. */
  readonly endsNow: boolean;
  readonly #source: Segment['source'];
  /** Everything before it is covered. */
  #cursorMs: number;

  constructor({ fromMs, toMs, nowMs }: SegmentsRange, source: Segment['source']) {
    this.fromMs = Math.round(fromMs);
    this.endMs = Math.max(this.fromMs, Math.round(Math.min(toMs, nowMs)));
    this.endsNow = this.endMs >= nowMs - NOW_MS;
    this.#cursorMs = this.fromMs;
    this.#source = source;
  }

  /**
   * From `fromMs` to `toMs` it was this state. What lies outside the range, or is covered already, is cut off; what was passed over is unknown.
   * A stretch of no length is kept where it stands in the range: a log-in takes no time, and is one.
   * @param open nobody has said that it ended
   * @param joins it goes on with the stretch before it when that is the same state
   * @param cut it is longer than is known
   */
  add(kind: StateKind, fromMs: number, toMs: number, { open = false, joins = false, cut = false } = {}): void {
    const began = Math.round(fromMs);
    const ended = Math.max(began, Math.round(toMs));
    const from = Math.max(began, this.#cursorMs);
    const to = Math.min(ended, this.endMs);
    if (began >= this.endMs || to < from || (to === from && ended > began)) return;
    this.#pass(from);
    this.#cursorMs = to;
    const longer = cut || began < this.fromMs || ended > this.endMs;
    const atEnd = open && ended >= this.endMs;
    const running = atEnd && this.endsNow;
    const last = this.segments.at(-1);
    if (joins && last?.toMs === from && last.source === this.#source && sameKind(last, kind)) {
      last.toMs = to;
      last.running = running;
      last.cut ||= longer || (atEnd && !running);
      return;
    }
    this.segments.push({
      category: kind.category,
      stateName: kind.stateName,
      reason: kind.reason,
      skill: kind.skill,
      fromMs: from,
      toMs: to,
      source: this.#source,
      running,
      cut: longer || (atEnd && !running),
    });
  }

  /** The rest of the range is unknown. */
  done(): Segment[] {
    this.#pass(this.endMs);
    return this.segments;
  }

  #pass(toMs: number): void {
    if (toMs <= this.#cursorMs) return;
    this.segments.push({ ...NOTHING, fromMs: this.#cursorMs, toMs, source: 'unknown', running: false, cut: false });
    this.#cursorMs = toMs;
  }
}
