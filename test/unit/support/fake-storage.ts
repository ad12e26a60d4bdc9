import { FakeEvent } from './fake-event.ts';

export type Stored = Record<string, unknown>;
export type Changes = Record<string, { oldValue?: unknown; newValue?: unknown }>;
type Keys = string | string[] | Stored | null | undefined;

/** What Chrome keeps of a value: JSON, so `undefined` is lost and a Map becomes `{}`. Tests must see that too. */
const kept = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export class FakeStorageArea {
  readonly onChanged = new FakeEvent<[Changes]>();
  /** Every `set`, `remove` and `clear` since the last reset, for "nothing changed, nothing written". */
  writes: string[][] = [];
  accessLevel: string | null = null;
  /** Set to make the next calls fail as Chrome does when the disk is full or the profile is read-only. */
  failWith: Error | null = null;
  private data = new Map<string, unknown>();

  constructor(
    private readonly name: string,
    private readonly everyArea: FakeEvent<[Changes, string]>,
  ) {}

  readonly get = async (keys?: Keys): Promise<Stored> => {
    if (this.failWith) throw this.failWith;
    if (keys === null || keys === undefined) return Object.fromEntries([...this.data].map(([key, value]) => [key, kept(value)]));
    const fallback: Stored = typeof keys === 'object' && !Array.isArray(keys) ? keys : {};
    const wanted = typeof keys === 'string' ? [keys] : Array.isArray(keys) ? keys : Object.keys(keys);
    const found = wanted.filter((key) => this.data.has(key)).map((key) => [key, kept(this.data.get(key))]);
    return { ...fallback, ...Object.fromEntries(found) };
  };

  readonly set = async (items: Stored): Promise<void> => {
    if (this.name === 'managed') throw new Error('This is a read-only store.');
    this.put(items);
  };

  readonly remove = async (keys: string | string[]): Promise<void> => {
    const gone = [keys].flat().filter((key) => this.data.has(key));
    this.begin([keys].flat());
    const changes = Object.fromEntries(gone.map((key) => [key, { oldValue: this.data.get(key) }]));
    for (const key of gone) this.data.delete(key);
    this.tell(changes);
  };

  readonly clear = async (): Promise<void> => this.remove([...this.data.keys()]);
  readonly getKeys = async (): Promise<string[]> => [...this.data.keys()];
  readonly getBytesInUse = async (): Promise<number> => JSON.stringify([...this.data]).length;
  readonly setAccessLevel = async ({ accessLevel }: { accessLevel: string }): Promise<void> => {
    this.accessLevel = accessLevel;
  };

  /** As `set`; also for the managed area, as policy does. */
  put(items: Stored): void {
    this.begin(Object.keys(items));
    const changes: Changes = {};
    for (const [key, value] of Object.entries(items)) {
      const newValue = kept(value);
      if (newValue === undefined) continue;
      const oldValue = this.data.get(key);
      if (!this.data.has(key)) changes[key] = { newValue };
      else if (!same(oldValue, newValue)) changes[key] = { oldValue, newValue };
      this.data.set(key, newValue);
    }
    this.tell(changes);
  }

  reset(): void {
    this.data = new Map();
    this.writes = [];
    this.accessLevel = null;
    this.failWith = null;
    this.onChanged.clear();
  }

  private begin(keys: string[]): void {
    if (this.failWith) throw this.failWith;
    this.writes.push(keys);
  }

  /** Later, as in Chrome: the writer never finds its own event already handled. */
  private tell(changes: Changes): void {
    if (Object.keys(changes).length === 0) return;
    queueMicrotask(() => {
      void this.onChanged.trigger(changes);
      void this.everyArea.trigger(changes, this.name);
    });
  }
}
