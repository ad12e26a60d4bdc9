import { vi } from 'vitest';

/**
 * Waits until the condition no longer throws, as long as a machine with other work to do may need: a second, which is vitest's own patience,
 * says more about the machine than about the code. A test that waits in vain ends by this and says what was not so.
 * @returns what the condition returned at last
 */
export const eventually = <T>(condition: () => T | Promise<T>, everyMs = 50): Promise<T> =>
  vi.waitFor(condition, { timeout: 30_000, interval: everyMs });
