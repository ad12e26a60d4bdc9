import { describe, expect, it, vi } from 'vitest';

vi.mock('../../../../src/pages/console/history/state.ts', () => ({ ZONE: 'Europe/Berlin' }));

import { formatEnds, formatExact, formatMoment, sentence, tickLabel } from '../../../../src/pages/console/history/words.ts';
import { segment } from './made.ts';

/** In Berlin clocks are put back from 03:00 to 02:00 at that moment. */
const CHANGE = Date.parse('2026-10-25T01:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the hour that comes twice', () => {
  it('says which of the two it is', () => {
    expect(formatExact(CHANGE - 30 * MINUTE, CHANGE)).toBe('02:30:00 GMT+2');
    expect(formatExact(CHANGE + 30 * MINUTE, CHANGE)).toBe('02:30:00 GMT+1');
    expect(formatMoment(CHANGE + 30 * MINUTE, CHANGE)).toBe('02:30 GMT+1');
    expect(tickLabel({ atMs: CHANGE - HOUR, startsDay: false })).toBe('02:00 GMT+2');
  });
  it('and no other hour does', () => {
    expect(formatExact(CHANGE - 90 * MINUTE, CHANGE)).toBe('01:30:00');
    expect(formatExact(CHANGE + HOUR, CHANGE)).toBe('03:00:00');
    expect(formatExact(CHANGE - 24 * HOUR, CHANGE - 24 * HOUR)).toBe('03:00:00');
  });
});

describe('a time in which clocks are changed', () => {
  it('says by which of them each end is', () => {
    expect(formatEnds({ fromMs: CHANGE - 2 * HOUR, toMs: CHANGE + 2 * HOUR }, CHANGE)).toEqual([
      '01:00:00 GMT+2',
      '04:00:00 GMT+1',
    ]);
    expect(sentence(segment('working', CHANGE - 20 * MINUTE, CHANGE + 20 * MINUTE), CHANGE)).toContain(
      '02:40:00 GMT+2 to 02:20:00 GMT+1',
    );
    expect(formatEnds({ fromMs: CHANGE - 48 * HOUR, toMs: CHANGE + HOUR }, CHANGE, formatMoment)[0]).toBe(
      'Fri 23 Oct 03:00 GMT+2',
    );
  });
  it('in which they are not says no more than before', () => {
    expect(formatEnds({ fromMs: CHANGE - 5 * HOUR, toMs: CHANGE - 3 * HOUR }, CHANGE)).toEqual([
      'Sat 24 Oct 22:00:00',
      'Sun 25 Oct 00:00:00',
    ]);
  });
});
