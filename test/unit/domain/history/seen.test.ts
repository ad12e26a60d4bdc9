import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SeenTransition, segmentsSeen } from '../../../../src/domain/history/seen.ts';
import { runs } from '../../support/runs.ts';
import { anyRange, D, H, holes, kind, S, shown, T } from './made.ts';

const hour = { fromMs: T, toMs: T + H, nowMs: T + H, lastOkMs: T + H };
const went = (from: string | null, to: string, seconds: number, gap = false): SeenTransition => ({
  atMs: T + seconds * S,
  from: from === null ? null : kind(from),
  to: kind(to),
  gap,
});

describe('our own record', () => {
  const seen = [went('LOGOUT', 'READY', -60), went('READY', 'ON_CONTACT', 600), went('ON_CONTACT', 'WRAP_UP', 900)];

  it('tells what was at the beginning of the range from the transition before it', () => {
    expect(shown(segmentsSeen(seen, hour))).toEqual(['READY 0-600*~', 'ON_CONTACT 600-900*', 'WRAP_UP 900-3600*>']);
  });

  it('is unknown before its first transition', () => {
    expect(shown(segmentsSeen(seen.slice(1), hour))[0]).toBe('? 0-600');
    expect(shown(segmentsSeen([], hour))).toEqual(['? 0-3600']);
  });

  it('ends with the last answer, unless that was a moment ago', () => {
    expect(shown(segmentsSeen(seen, { ...hour, lastOkMs: T + 1800 * S })).slice(-2)).toEqual([
      'WRAP_UP 900-1800*~',
      '? 1800-3600',
    ]);
    expect(shown(segmentsSeen(seen, { ...hour, lastOkMs: T + H - 60 * S })).at(-1)).toBe('WRAP_UP 900-3600*>');
    expect(shown(segmentsSeen(seen, { ...hour, lastOkMs: 0 })).slice(-2)).toEqual(['WRAP_UP 900-900*~', '? 900-3600']);
  });

  it('fills in nothing before a gap: only the moment of the transition before it was seen', () => {
    const gap = [seen[0], seen[1], went('ON_CONTACT', 'READY', 2400, true)].flatMap((each) => each ?? []);
    expect(shown(segmentsSeen(gap, hour))).toEqual(['READY 0-600*~', 'ON_CONTACT 600-600*~', '? 600-2400', 'READY 2400-3600*>']);
  });

  it('takes a transition that does not begin where the last one ended for a gap', () => {
    for (const odd of [went('NOT_READY', 'READY', 2400), went(null, 'READY', 2400)])
      expect(shown(segmentsSeen([...seen, odd], hour)).slice(-3)).toEqual([
        'WRAP_UP 900-900*~',
        '? 900-2400',
        'READY 2400-3600*>',
      ]);
  });

  it('is put in order: a state may turn out to have begun before one we heard of earlier', () => {
    const [first, second, third] = seen;
    expect(
      segmentsSeen(
        [third, first, second].flatMap((each) => each ?? []),
        hour,
      ),
    ).toEqual(segmentsSeen(seen, hour));
  });

  it('keeps a stay that began anew in the same state apart', () => {
    const anew = [...seen, went('WRAP_UP', 'WRAP_UP', 1200)];
    expect(shown(segmentsSeen(anew, hour)).slice(-2)).toEqual(['WRAP_UP 900-1200*', 'WRAP_UP 1200-3600*>']);
  });

  it('covers the range exactly, whatever was seen', () => {
    const transition = fc.record({
      atMs: fc.integer({ min: T - D, max: T + D }),
      from: fc.option(fc.constantFrom(kind('READY'), kind('LOGOUT'))),
      to: fc.constantFrom(kind('READY'), kind('LOGOUT')),
      gap: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(transition), anyRange, fc.integer({ min: T - D, max: T + D }), (any, range, lastOkMs) => {
        expect(holes(segmentsSeen(any, { ...range, lastOkMs }), range)).toEqual([]);
      }),
      runs(300),
    );
  });
});
