const EVERY_MS = 40;

/**
 * Asks again and again until `ask` gives something truthy, and returns it. An error of `ask` counts as "not yet".
 * Own, because the demo runs without a test runner too.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 15_000,
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      last = await ask();
      if (last) return last as Exclude<T, false | 0 | '' | null | undefined>;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`Waited ${timeoutMs / 1000} s for ${what}; last: ${seen}`);
}
