/** Made-up pasts of any length: what an agent may have done, and everything that may be wrong with the way a tenant tells it. */
import type { Stretch } from './histories.ts';
import { Random } from './random.ts';
import type { StateCode } from './simulation.ts';

/** What may be wrong with a history that is told, and how. */
export const IRREGULARITIES = {
  duplicates: 'every 40th record comes twice, the second time a few records later',
  outOfOrder: 'in every 50 records five lie the wrong way round, and the very first one comes last',
  newestFirst: 'from the newest to the oldest',
  overlappingPages: 'each page but the first begins with the last 20 records of the page before',
  missingDuration: 'every 7th record has no duration: null, or not even a member of that name',
  clockDifferences: 'durations are taken by another clock: each is off by up to 3 seconds',
  shiftedTimes: 'every 80th record is dated up to 20 seconds wrong, never before or after its neighbours; durations are right',
  badRows: 'one row more in every 100 that cannot be read',
  gaps: 'every 60th record was never written',
} as const;
export type Irregularity = keyof typeof IRREGULARITIES;

export function isIrregularity(value: unknown): value is Irregularity {
  return typeof value === 'string' && Object.hasOwn(IRREGULARITIES, value);
}

/** How many records of the page before a page repeats under `overlappingPages`. */
export const OVERLAP = 20;

const REASONS = ['Break', 'Lunch', 'Coaching', 'Training', 'Meeting'];
/** Usual lengths, of which only the proportions count: the whole is stretched over the time there is. */
const USUAL_SECONDS: Record<StateCode, number> = {
  READY: 110,
  ON_CONTACT: 170,
  WRAP_UP: 54,
  NOT_READY: 600,
  LOGIN: 20,
  LOGOUT: 0,
};
const DAY_MS = 24 * 3_600_000;
/** A night off is in the middle of every day, with so much of it; only where the past is half a day long and has room for it. */
const NIGHT_SHARE = 0.4;
const NIGHT_FROM_MS = DAY_MS / 2;
const NIGHT_FROM_STATES = 8;

interface Step {
  state: StateCode;
  subState: string | null;
  /** In proportion to the other steps of the day. */
  length: number;
}

function workAfter(before: StateCode, random: Random): Step {
  const state = nextState(before, random);
  const subState = state === 'NOT_READY' && !random.chance(0.1) ? random.pick(REASONS) : null;
  return { state, subState, length: random.around(USUAL_SECONDS[state]) };
}

function nextState(before: StateCode, random: Random): StateCode {
  switch (before) {
    case 'READY':
      return random.chance(0.94) ? 'ON_CONTACT' : 'NOT_READY';
    case 'ON_CONTACT':
      return random.chance(0.88) ? 'WRAP_UP' : 'READY';
    case 'WRAP_UP':
      return random.chance(0.94) ? 'READY' : 'NOT_READY';
    case 'LOGOUT':
      return 'LOGIN';
    default:
      return 'READY';
  }
}

/** The states of one day, which begins and ends at work. */
function day(count: number, before: StateCode, night: boolean, random: Random): Step[] {
  const steps: Step[] = [];
  const nightAt = night ? Math.floor(count / 2) : -1;
  let last = before;
  for (let i = 0; i < count; i++) {
    const step: Step = i === nightAt ? { state: 'LOGOUT', subState: null, length: 0 } : workAfter(last, random);
    steps.push(step);
    last = step.state;
  }
  const off = steps[nightAt];
  if (off) off.length = (steps.reduce((sum, { length }) => sum + length, 0) * NIGHT_SHARE) / (1 - NIGHT_SHARE);
  return steps;
}

/**
 * States that follow each other without a gap up to `endMs`, oldest first, numbered from 1.
 * @param present the state after them, which the last of them is not
 */
export function makePast(options: {
  seed: number;
  states: number;
  spanMs: number;
  endMs: number;
  present: StateCode;
}): Stretch[] {
  const { seed, states, spanMs, endMs, present } = options;
  const random = new Random(seed, 0x9a57);
  const days = Math.max(1, Math.round(spanMs / DAY_MS));
  const dayMs = spanMs / days;
  const past: Stretch[] = [];
  for (let i = 0; i < days; i++) {
    const count = Math.floor((states * (i + 1)) / days) - Math.floor((states * i) / days);
    const night = spanMs >= NIGHT_FROM_MS && count >= NIGHT_FROM_STATES;
    const steps = day(count, past.at(-1)?.state ?? 'LOGIN', night, random);
    const total = steps.reduce((sum, { length }) => sum + length, 0);
    let passed = 0;
    for (const { state, subState, length } of steps) {
      const at = Math.round(endMs - spanMs + i * dayMs + (passed / total) * dayMs);
      past.push({ index: past.length + 1, state, subState, sinceMs: Math.max(at, (past.at(-1)?.sinceMs ?? 0) + 1) });
      passed += length;
    }
  }
  const last = past.at(-1);
  if (last && last.state === present)
    Object.assign(last, { state: present === 'READY' ? 'ON_CONTACT' : 'READY', subState: null });
  for (const [i, stretch] of past.entries()) stretch.untilMs = past[i + 1]?.sinceMs ?? endMs;
  return past;
}
