/** Watching, alerts and emptiness on both profiles: the documented API is held to everything v2 is, or the table says why not. */
import { PROFILES } from '../../src/domain/connection.ts';
import { PROMISES } from './support/promises.ts';
import { test } from './support/staged.ts';

// The profile whose stage is open already, from the diagnoses, goes first.
for (const profile of [...PROFILES].reverse())
  test.describe(profile, () => {
    test.use({ profile });
    for (const { holds, on } of Object.values(PROMISES)) {
      const kept = on[profile];
      if ('notHere' in kept)
        test(`${holds}: not with this profile, ${kept.notHere}`, () => {
          // Named, so that nobody has to wonder; there is nothing to bring about.
        });
      else test(holds, async ({ stage }) => kept(stage));
    }
  });
