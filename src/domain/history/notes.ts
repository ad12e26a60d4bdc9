/** What was wrong with the records of a history, and how it is said. */
import type { Phrase } from '../problem-words.ts';
import { formatDuration } from '../time.ts';

/** Words in `_locales`: `history_note_<code>`, and `history_note_<code>_one` for a count of one. */
export const HISTORY_NOTES = [
  /** The same record came more than once (pages that overlap): counted once. */
  'duplicates',
  /** Records did not come in order of time: put in order. */
  'outOfOrder',
  /** A record says again what the one before it said: shown as one stretch. */
  'repeated',
  /** A record's time contradicts the durations on both its sides by the same amount: put right. */
  'clockPutRight',
  /** A duration and the times around it differ, and nobody can say which is wrong: the times are believed. */
  'durationDiffers',
  /** A state ended before the next began, by its duration: what lay between is not known. */
  'gaps',
  /** A state went on, by its duration, when the next had begun: the next is believed. */
  'overlaps',
  /** No duration, though others have one: the next record's time is taken. */
  'noDuration',
  /** Dated later than now: left out. */
  'inFuture',
  /** Times are given to the minute only. */
  'toTheMinute',
] as const;
export type HistoryNoteCode = (typeof HISTORY_NOTES)[number];

export interface HistoryNote {
  code: HistoryNoteCode;
  /** How many records. */
  count: number;
  /** The largest difference, ms; 0 where the code has none. */
  mostMs: number;
}

/** Counts what is noted. */
export class NoteBook {
  readonly #notes = new Map<HistoryNoteCode, HistoryNote>();

  add(code: HistoryNoteCode, ms = 0, count = 1): void {
    const note = this.#notes.get(code);
    if (!note) this.#notes.set(code, { code, count, mostMs: ms });
    else {
      note.count += count;
      note.mostMs = Math.max(note.mostMs, ms);
    }
  }

  all(): HistoryNote[] {
    return HISTORY_NOTES.flatMap((code) => this.#notes.get(code) ?? []);
  }
}

/** A sentence about a note: `$1` how many records, `$2` the largest difference. */
export function notePhrase({ code, count, mostMs }: HistoryNote, locale: string): Phrase {
  const key = `history_note_${code}${count === 1 && code !== 'toTheMinute' ? '_one' : ''}`;
  return { key, params: [new Intl.NumberFormat(locale).format(count), formatDuration(mostMs, locale)] };
}
