import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Held, sameHeld } from '../../../../src/domain/skills/assignment.ts';
import { merge } from '../../../../src/domain/skills/merge.ts';
import { runs } from '../../support/runs.ts';
import { held } from './made.ts';

const anyHeld = fc.option(
  fc.record({
    level: fc.integer({ min: 1, max: 3 }),
    availableFromAt: fc.constant('2026-01-15T08:00:00Z'),
    availableToAt: fc.constantFrom('2026-01-15T17:00:00Z', '2026-01-15T18:00:00Z'),
    active: fc.boolean(),
  }),
  { nil: null },
);

describe('three-way merge', () => {
  it('says each of its words', () => {
    expect(merge(null, null, held())).toBe('send');
    expect(merge(held(1), held(1), null)).toBe('send');
    expect(merge(null, held(), held())).toBe('done');
    expect(merge(held(1), null, null)).toBe('done');
    expect(merge(held(2), held(2), held(2))).toBe('done');
    expect(merge(null, held(1), held())).toBe('conflict');
    expect(merge(held(1), null, held())).toBe('conflict');
    expect(merge(held(1), held(1, { availableToAt: '' }), held())).toBe('conflict');
    expect(merge(held(1), held(1, { active: false }), held())).toBe('conflict');
  });

  /**
   * A tenant that counts versions and refuses with 409 what was written after another version was read; somebody else who writes at any moment; and we,
   * who read, merge and send, again after a 409.
   */
  it('never writes over a third value, whenever somebody else writes it', () => {
    fc.assert(
      fc.property(
        anyHeld,
        anyHeld,
        fc.array(fc.option(anyHeld, { nil: undefined }), { maxLength: 8 }),
        (before, ours, meddling) => {
          let now = before;
          let version = 0;
          const turns = meddling.values();
          const somebody = () => {
            const theirs = turns.next().value;
            if (theirs === undefined) return;
            now = theirs;
            version++;
          };
          const overwritten: (Held | null)[] = [];
          let end = '';
          for (let round = 0; round < 4 && end === ''; round++) {
            somebody();
            const [theirs, seen] = [now, version];
            somebody();
            const word = merge(before, theirs, ours);
            if (word !== 'send') end = word;
            else if (seen === version) {
              overwritten.push(now);
              now = ours;
              version++;
              end = 'sent';
            }
          }
          for (const lost of overwritten) expect(sameHeld(lost, before)).toBe(true);
          expect(overwritten.length).toBeLessThanOrEqual(1);
          if (end === 'sent') expect(sameHeld(now, ours)).toBe(true);
        },
      ),
      runs(5_000),
    );
  });

  it('is one of the three for any three, and only what stands unchanged is written over', () => {
    fc.assert(
      fc.property(anyHeld, anyHeld, anyHeld, (before, theirs, ours) => {
        const word = merge(before, theirs, ours);
        expect(word === 'done').toBe(JSON.stringify(theirs) === JSON.stringify(ours));
        expect(word === 'conflict').toBe(![JSON.stringify(before), JSON.stringify(ours)].includes(JSON.stringify(theirs)));
      }),
      runs(1_000),
    );
  });
});
