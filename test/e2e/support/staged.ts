/**
 * `import { expect, test } from './support/staged.ts'`: tests that share one tenant and one browser, each put back in order after the last.
 * `test.use({ profile: 'public' })`, in a group as well: another tenant and another browser, in place of those of the other profile.
 */
import type { Profile } from '../../../src/domain/connection.ts';
import { test as base, expect } from './fixtures.ts';
import { Stage } from './stage.ts';

export { expect } from './fixtures.ts';

/** One stage at a time: two browsers at once would only slow each other down. */
class Stages {
  private open: { profile: Profile; stage: Stage } | null = null;

  async of(profile: Profile): Promise<Stage> {
    if (this.open?.profile !== profile) {
      await this.close();
      this.open = { profile, stage: await Stage.open(profile) };
    }
    return this.open.stage;
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.stage.close();
  }
}

export const test = base.extend<{ profile: Profile; stage: Stage }, { stages: Stages }>({
  profile: ['v2', { option: true }],
  stages: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures that are wanted from this pattern.
    async ({}, use) => {
      const stages = new Stages();
      await use(stages);
      await stages.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  stage: async ({ stages, profile }, use) => {
    const stage = await stages.of(profile);
    await use(stage);
    expect(await stage.extension.runtimeErrors()).toEqual([]);
    await stage.mend();
  },
});
