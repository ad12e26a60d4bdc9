/** Histories made for tests: what really was, and the ways in which a tenant may tell of it. */
import fc from 'fast-check';
import type { Category, StateKind } from '../../../../src/domain/agent-state.ts';
import type { HistoryRecord, Segment } from '../../../../src/domain/history/history.ts';

export const S = 1000;
export const MIN = 60 * S;
export const H = 60 * MIN;
export const D = 24 * H;
/** A Monday, 08:00 UTC. */
export const T = Date.UTC(2026, 2, 2, 8);

const NAMES: Record<string, Category> = {
  READY: 'available',
  NOT_READY: 'unavailable',
  ON_CONTACT: 'working',
  WRAP_UP: 'acw',
  LOGIN: 'loggedIn',
  LOGOUT: 'loggedOut',
};

export function kind(stateName: string, reason = ''): StateKind {
  return { category: NAMES[stateName] ?? 'unknown', stateName, reason, skill: '' };
}

/** @param durations as a profile gives them; neither is said when left out */
export function record(stateName: string, atMs: number, durations: Partial<HistoryRecord> = {}): HistoryRecord {
  return { ...kind(stateName), atMs, beforeMs: null, lastsMs: null, ...durations };
}

/** `READY 0-90`: state and seconds after `T`, with `?` for what nobody knows, `~` for longer than known, `>` for running, `*` for ours. */
export function shown(segments: readonly Segment[]): string[] {
  return segments.map(({ stateName, category, reason, fromMs, toMs, source, running, cut }) => {
    const name = source === 'unknown' ? '?' : stateName || category;
    const marks = `${source === 'seen' ? '*' : ''}${cut ? '~' : ''}${running ? '>' : ''}`;
    return `${name}${reason ? `(${reason})` : ''} ${(fromMs - T) / S}-${(toMs - T) / S}${marks}`;
  });
}

export interface Stay {
  kind: StateKind;
  fromMs: number;
  toMs: number;
}

/** What an agent really did: stays in whole seconds, none shorter than a minute, no two alike in a row. */
export const anyPast = (min = 1, max = 40): fc.Arbitrary<Stay[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 60, max: 7200 }), fc.integer({ min: 0, max: 3 })), { minLength: min, maxLength: max })
    .map((steps) => {
      let atMs = T;
      const last = { place: 0 };
      const names = ['READY', 'NOT_READY', 'ON_CONTACT', 'WRAP_UP', 'LOGOUT'];
      return steps.map(([seconds, step]) => {
        last.place = (last.place + 1 + step) % names.length;
        const fromMs = atMs;
        atMs += seconds * S;
        return { kind: kind(names[last.place] ?? ''), fromMs, toMs: atMs };
      });
    });

/** As profile v2 tells it (seed 001): each record with the length of the stay before. */
export const toldBefore = (past: readonly Stay[]): HistoryRecord[] =>
  past.map(({ kind: state, fromMs }, index) => {
    const before = past[index - 1];
    return { ...state, atMs: fromMs, beforeMs: before ? before.toMs - before.fromMs : null, lastsMs: null };
  });

/** As profile public tells it: each record with its own length, but for the last, which lasts. */
export const toldLasts = (past: readonly Stay[]): HistoryRecord[] =>
  past.map(({ kind: state, fromMs, toMs }, index) => ({
    ...state,
    atMs: fromMs,
    beforeMs: null,
    lastsMs: index < past.length - 1 ? toMs - fromMs : null,
  }));

/** Any records at all: nonsense as well. */
export const anyRecords: fc.Arbitrary<HistoryRecord[]> = fc
  .array(
    fc.record({
      stateName: fc.constantFrom('READY', 'NOT_READY', 'LOGIN', 'LOGOUT', 'WRAP_UP', 'SOMETHING'),
      reason: fc.constantFrom('', 'Lunch'),
      atMs: fc.oneof(
        fc.integer({ min: T - D, max: T + D }),
        fc.integer({ min: 0, max: 20 }).map((n) => T + n * MIN),
      ),
      beforeMs: fc.option(fc.oneof(fc.integer({ min: -5, max: D }), fc.double({ min: 0, max: 1e6, noNaN: true }))),
      lastsMs: fc.option(fc.oneof(fc.integer({ min: -5, max: D }), fc.double({ min: 0, max: 1e6, noNaN: true }))),
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.map(({ stateName, reason, ...rest }) => ({ ...kind(stateName, reason), ...rest })));

export const anyRange = fc
  .tuple(fc.integer({ min: T - 2 * D, max: T + 2 * D }), fc.integer({ min: 1, max: 2 * D }), fc.integer({ min: -D, max: D }))
  .map(([fromMs, long, ahead]) => ({ fromMs, toMs: fromMs + long, nowMs: fromMs + long + ahead }));

/** In order, touching each other, from one end of the range to the other; only what takes no time may have no length. */
export function holes(
  segments: readonly Segment[],
  { fromMs, toMs, nowMs }: { fromMs: number; toMs: number; nowMs: number },
): string[] {
  const endMs = Math.max(fromMs, Math.min(toMs, nowMs));
  const found: string[] = [];
  let atMs = fromMs;
  for (const segment of segments) {
    if (segment.fromMs !== atMs) found.push(`at ${atMs}: ${segment.fromMs}`);
    if (segment.toMs < segment.fromMs) found.push(`backwards at ${segment.fromMs}`);
    if (segment.source === 'unknown' && segment.toMs === segment.fromMs) found.push(`nothing at ${segment.fromMs}`);
    atMs = segment.toMs;
  }
  if (atMs !== endMs) found.push(`ends at ${atMs}, not ${endMs}`);
  return found;
}
