/** The real ones, whatever a test makes of them later: waiting is not to move its clock. */
const later = globalThis.setTimeout;
const nowMs = performance.now.bind(performance);
const PATIENCE_MS = 30_000;

/**
 * Waits until the condition no longer throws, as long as a machine with other work to do may need: a second says more about the machine than
 * about the code. A test that waits in vain ends by this and says what was not so. (`vi.waitFor` would move a faked clock on with each try, so
 * that a slow machine came to other times.)
 * @returns what the condition returned at last
 */
export async function eventually<T>(condition: () => T | Promise<T>, everyMs = 20): Promise<T> {
  const endMs = nowMs() + PATIENCE_MS;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (nowMs() > endMs) throw error;
    }
    await new Promise((resolve) => later(resolve, everyMs));
  }
}
