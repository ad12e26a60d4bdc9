/**
 * Made when first asked for, and kept. For the schemas: a worker that wakes for a poll needs a handful of them, and making all took a fifth
 * of its wake.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
