/** Ranges of time a supervisor asks for, as functions of the time and an IANA zone. All times are epoch ms; `toMs` is not part of a range. */
import { dateInZone, startOfDay, startOfNextDay } from './zone.ts';

export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** `7d`: today and the six days before, from midnight on, so that each of them is whole. */
export const RANGE_PRESETS = ['24h', 'today', 'yesterday', '7d'] as const;
export type RangePreset = (typeof RANGE_PRESETS)[number];

/** What the preset means at `nowMs`. Days are those of the zone: 23 or 25 hours where clocks are changed. None reaches beyond now. */
export function presetRange(preset: RangePreset, nowMs: number, zone: string): TimeRange {
  const today = startOfDay(nowMs, zone);
  switch (preset) {
    case '24h':
      return { fromMs: nowMs - 86_400_000, toMs: nowMs };
    case 'today':
      return { fromMs: today, toMs: nowMs };
    case 'yesterday':
      return { fromMs: startOfDay(today - 1, zone), toMs: today };
    case '7d': {
      let fromMs = today;
      for (let day = 0; day < 6; day++) fromMs = startOfDay(fromMs - 1, zone);
      return { fromMs, toMs: nowMs };
    }
  }
}

/** A day of a range. */
export interface DayRange extends TimeRange {
  /** `2026-03-29`. */
  date: string;
  /** The range holds the day from its start to its end. */
  whole: boolean;
}

/** The range cut at every midnight of the zone; the parts add up to it exactly. */
export function dayRanges({ fromMs, toMs }: TimeRange, zone: string): DayRange[] {
  const days: DayRange[] = [];
  let startMs = fromMs;
  while (startMs < toMs) {
    const nextMs = startOfNextDay(startMs, zone);
    const endMs = Math.min(nextMs, toMs);
    days.push({
      fromMs: startMs,
      toMs: endMs,
      date: dateInZone(startMs, zone),
      whole: endMs === nextMs && startMs === startOfDay(startMs, zone),
    });
    startMs = endMs;
  }
  return days;
}
