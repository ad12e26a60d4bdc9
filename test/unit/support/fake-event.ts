/** A browser event whose listeners a test calls by `trigger`. */
export class FakeEvent<Args extends unknown[] = unknown[]> {
  private readonly listeners = new Set<(...args: Args) => unknown>();
  readonly addListener = (listener: (...args: Args) => unknown): void => void this.listeners.add(listener);
  readonly removeListener = (listener: (...args: Args) => unknown): void => void this.listeners.delete(listener);
  readonly hasListener = (listener: (...args: Args) => unknown): boolean => this.listeners.has(listener);
  readonly hasListeners = (): boolean => this.listeners.size > 0;
  /** Calls every listener and waits for all of them; their answers in the order they were added. */
  readonly trigger = (...args: Args): Promise<unknown[]> => Promise.all([...this.listeners].map((listener) => listener(...args)));
  clear(): void {
    this.listeners.clear();
  }
}
