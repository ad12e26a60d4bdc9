import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // One at a time: two cores gain nothing from more (facts/e2e.md section 12), and policy files are machine-wide.
  workers: 1,
  fullyParallel: false,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // How long is no promise here (that is the benchmark's): these end what hangs, on a machine that may have other work to do.
  timeout: 90_000,
  // So that the report is written even when everything hangs; scripts/test.mjs stops at 56 minutes.
  globalTimeout: 55 * 60_000,
  expect: { timeout: 20_000 },
  use: { trace: 'retain-on-failure' },
  reporter: [['list'], ['json', { outputFile: '.cache/playwright.json' }]],
});
