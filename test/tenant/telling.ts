/** Records of a history as an imperfect tenant tells them: left out, doubled, broken, in another order. The same list each time it is asked for. */
import type { Telling } from './histories.ts';
import type { Irregularity } from './past.ts';
import type { Row } from './public-query.ts';
import { Random } from './random.ts';

/** Where a profile has what. */
interface Members {
  /** When it was. */
  time: string;
  state: string;
  duration: string;
}

const DUPLICATE_EVERY = 40;
const DUPLICATE_AFTER = 3;
const DISORDER_EVERY = 50;
const DISORDER_ROWS = 5;
const NO_DURATION_EVERY = 7;
const BAD_EVERY = 100;
const GAP_EVERY = 60;
const CLOCKS_MS = 3000;
const SHIFT_EVERY = 80;
const SHIFT_MS = 20_000;
/** So much of the way to the neighbour at most. */
const SHIFT_SHARE = 0.4;

/** One kind of damage per place. */
function breakage(row: Row, { time, state }: Members, nth: number): unknown {
  const kinds: unknown[] = [
    null,
    { ...row, [time]: 'yesterday' },
    42,
    { ...row, [time]: undefined },
    [row],
    'row',
    { ...row, [state]: { name: row[state] } },
    { ...row, [time]: {} },
  ];
  return kinds[nth % kinds.length];
}

/** Every so many of them dated wrong: the first early, the second late, and so on. */
function shifted<T extends { sinceMs: number }>(items: readonly T[]): T[] {
  return items.map((item, i) => {
    if (i % SHIFT_EVERY !== SHIFT_EVERY - 1) return item;
    const sign = Math.floor(i / SHIFT_EVERY) % 2 === 0 ? -1 : 1;
    const neighbour = items[i + sign];
    const room = neighbour ? Math.abs(neighbour.sinceMs - item.sinceMs) * SHIFT_SHARE : 0;
    return { ...item, sinceMs: Math.round(item.sinceMs + sign * Math.min(SHIFT_MS, room)) };
  });
}

/** Which of the states were written at all, and their times and lengths as other clocks have them: what records are then made of. */
export function toldTimes<T extends { sinceMs: number; lengthMs: number | null }>(
  items: readonly T[],
  { seed, irregularities }: Telling,
): T[] {
  const random = new Random(seed, 0xc10c4);
  const dated = irregularities.has('shiftedTimes') ? shifted(items) : [...items];
  const written = irregularities.has('gaps') ? dated.filter((_, i) => i % GAP_EVERY !== GAP_EVERY - 1) : dated;
  if (!irregularities.has('clockDifferences')) return written;
  return written.map((item) => {
    const off = Math.round(random.between(-CLOCKS_MS, CLOCKS_MS));
    return item.lengthMs === null ? item : { ...item, lengthMs: Math.max(0, item.lengthMs + off) };
  });
}

/** The rows as they are told. `rows`: all there are, oldest first. */
export function toldRows(rows: readonly Row[], { irregularities }: Telling, members: Members): unknown[] {
  const has = (irregularity: Irregularity) => irregularities.has(irregularity);
  let told: unknown[] = [...rows];
  if (has('missingDuration')) {
    told = rows.map((row, i) => {
      if (i % NO_DURATION_EVERY !== NO_DURATION_EVERY - 1) return row;
      return { ...row, [members.duration]: i % 2 === 0 ? null : undefined };
    });
  }
  if (has('badRows')) {
    told = told.flatMap((row, i) =>
      i % BAD_EVERY === BAD_EVERY / 2 ? [row, breakage(rows[i] as Row, members, Math.floor(i / BAD_EVERY))] : [row],
    );
  }
  if (has('duplicates')) {
    told = told.flatMap((row, i) => {
      const earlier = i - DUPLICATE_AFTER;
      return earlier >= 0 && earlier % DUPLICATE_EVERY === 0 ? [row, told[earlier]] : [row];
    });
  }
  if (has('newestFirst')) told.reverse();
  if (has('outOfOrder')) {
    for (let i = DISORDER_EVERY; i + DISORDER_ROWS <= told.length; i += DISORDER_EVERY) {
      told.splice(i, DISORDER_ROWS, ...told.slice(i, i + DISORDER_ROWS).reverse());
    }
    told.push(...told.splice(0, 1));
  }
  return told;
}
