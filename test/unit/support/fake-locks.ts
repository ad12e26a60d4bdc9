type Callback = (lock: { name: string; mode: 'exclusive' } | null) => unknown;
interface Options {
  ifAvailable?: boolean;
  signal?: AbortSignal;
}

/** Rejects when the wait is given up; never settles otherwise. Only waiting can be given up: who has the lock keeps it. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

/** `navigator.locks` as far as the worker uses it (exclusive, `ifAvailable`, `signal`): node 20 has none. */
export class FakeLocks {
  private readonly tails = new Map<string, Promise<unknown>>();

  readonly request = async (name: string, ...rest: [Callback] | [Options, Callback]): Promise<unknown> => {
    const [options, callback] = rest.length === 1 ? [{} as Options, rest[0]] : rest;
    const before = this.tails.get(name);
    if (options.ifAvailable && before) return callback(null);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = Promise.resolve(before).then(() => held);
    this.tails.set(name, tail);
    try {
      await Promise.race([before, aborted(options.signal)]);
      options.signal?.throwIfAborted();
      return await callback({ name, mode: 'exclusive' });
    } finally {
      release();
      if (this.tails.get(name) === tail) this.tails.delete(name);
    }
  };

  readonly query = async () => ({ held: [...this.tails.keys()].map((name) => ({ name, mode: 'exclusive' })), pending: [] });

  reset(): void {
    this.tails.clear();
  }
}
