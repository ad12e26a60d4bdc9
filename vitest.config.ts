import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Without the preset's dev helpers: tests render to real Preact, nothing else.
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  // As in the demo build: loopback http counts as a host. A test of the production rule stubs it to false (`vi.stubGlobal` does not reach a define).
  define: { __DEMO__: 'true' },
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}'],
    setupFiles: ['test/unit/support/setup.ts'],
    environment: 'node',
    mockReset: false,
    restoreMocks: true,
    unstubGlobals: true,
    // Longer than any wait for a condition, so that a test in trouble says which one it was (support/eventually.ts).
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Two cores: threads start faster than processes, and nothing here needs a process of its own.
    pool: 'threads',
    maxWorkers: 2,
  },
});
