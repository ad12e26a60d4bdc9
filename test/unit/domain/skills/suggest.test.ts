import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../src/domain/settings.ts';
import { type Performance, suggestedLevel } from '../../../../src/domain/skills/suggest.ts';
import { runs } from '../../support/runs.ts';

const rule = DEFAULT_SETTINGS.levelRule;
const of = (talkTime: number, resolutionRate: number | null, handleTime = 100): Performance => ({
  talkTime,
  handleTime,
  resolutionRate,
});

/** Seed 003, `calculate_optimized_level`, line by line. */
function seed003({ talkTime, handleTime, resolutionRate }: Performance): number {
  const resRate = resolutionRate ?? 0.5;
  const efficiency = handleTime > 0 ? talkTime / handleTime : 0;
  if (efficiency > 0.85 && resRate > 0.75) return 5;
  if (efficiency > 0.7 && resRate > 0.6) return 4;
  if (efficiency > 0.55) return 3;
  return 2;
}

describe('the suggested level', () => {
  it.each([
    [86, 0.76, 5],
    [85, 0.76, 4],
    [86, 0.75, 4],
    [71, 0.61, 4],
    [70, 0.61, 3],
    [71, 0.6, 3],
    [99, 0.6, 3],
    [56, 0, 3],
    [55, 1, 2],
    [0, 1, 2],
    [99, null, 3],
  ])('of %i %% talk and resolution rate %s is %i', (talk, resolution, level) => {
    expect(suggestedLevel(of(talk, resolution), rule)).toEqual({ level, basis: of(talk, resolution), efficiency: talk / 100 });
  });

  it('is the usual one without figures, and the lowest where nothing was handled', () => {
    expect(suggestedLevel(null, rule)).toEqual({ level: 3, basis: null, efficiency: 0 });
    expect(suggestedLevel(of(50, 1, 0), rule)).toMatchObject({ level: 2, efficiency: 0 });
  });

  it('goes by the thresholds of the settings', () => {
    const own = {
      five: { efficiency: 0.1, resolution: 0.2 },
      four: { efficiency: 0.05, resolution: 0.1 },
      three: { efficiency: 0.01 },
      none: 1,
    };
    expect([of(11, 0.21), of(11, 0.2), of(11, 0.1), of(1, 1)].map((each) => suggestedLevel(each, own).level)).toEqual([
      5, 4, 3, 2,
    ]);
    expect(suggestedLevel(null, own).level).toBe(1);
  });

  it('is what seed 003 says, whatever the figures', () => {
    const share = fc.oneof(fc.constantFrom(0, 0.5, 0.55, 0.6, 0.7, 0.75, 0.85, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        share,
        fc.constantFrom(0, 1, 100, 3600),
        fc.option(share, { nil: null }),
        (talk, handleTime, resolutionRate) => {
          const figures = { talkTime: talk * handleTime, handleTime, resolutionRate };
          expect(suggestedLevel(figures, rule).level).toBe(seed003(figures));
        },
      ),
      runs(2_000),
    );
  });
});
