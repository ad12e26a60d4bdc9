/**
 * Where the provider keeps sessions, grants and tokens: in memory, without the size limit of the built-in one (which forgets
 * after a thousand entries, far fewer than a long run of refreshes makes), and with a grace period for rotated refresh tokens.
 */

/** What the provider stores; only the members the store itself looks at are named. */
export interface Stored {
  grantId?: string;
  uid?: string;
  userCode?: string;
  consumed?: number;
  [member: string]: unknown;
}

interface Entry {
  model: string;
  payload: Stored;
  /** Real time in ms after which the entry is gone. */
  expiresAt: number;
  /** Refresh tokens: real time in ms of the first rotation. */
  rotatedAt?: number;
  /** Refresh tokens: the key of the token this one replaced. */
  replaces?: string;
  /** Refresh tokens: a token that replaced this one has itself been used, so the client did receive it. */
  successorUsed?: boolean;
}

export interface StoreOptions {
  /** For how long, in seconds, a just-rotated refresh token may be presented again; 0: never. */
  graceSeconds(): number;
  /** The id of the refresh token being rotated by the request at hand, if any. */
  rotating(): string | undefined;
  /** What an access token shall carry, where that is less or more than the provider thinks; by its id. */
  carried(id: string): string | undefined;
}

/**
 * The store. The grace works as Auth0 documents its overlap period: only the previous token may be presented again, only for a
 * while, and it answers with a further new pair, because the first answer may never have arrived. Once a successor has been used
 * the client evidently has it: the old one is then a replay and ends the family.
 */
export class Store {
  readonly #entries = new Map<string, Entry>();
  readonly #options: StoreOptions;
  #writes = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** The adapter the provider asks for, one per model. */
  adapter(model: string): object {
    return {
      upsert: async (id: string, payload: Stored, expiresIn?: number) => this.#upsert(model, id, payload, expiresIn),
      find: async (id: string) => this.#find(model, id),
      findByUid: async (uid: string) => this.#findBy(model, 'uid', uid),
      findByUserCode: async (code: string) => this.#findBy(model, 'userCode', code),
      consume: async (id: string) => this.#consume(model, id),
      destroy: async (id: string) => {
        this.#entries.delete(`${model}:${id}`);
      },
      revokeByGrantId: async (grantId: string) => {
        for (const [key, entry] of this.#entries) {
          if (entry.model !== 'Grant' && entry.payload.grantId === grantId) this.#entries.delete(key);
        }
      },
    };
  }

  /** Forgets everything of the named models, and says how many entries that were. */
  forget(...models: string[]): number {
    let count = 0;
    for (const [key, entry] of this.#entries) {
      if (models.includes(entry.model) && this.#entries.delete(key)) count++;
    }
    return count;
  }

  #upsert(model: string, id: string, payload: Stored, expiresIn?: number): void {
    const replaced = model === 'RefreshToken' ? this.#options.rotating() : undefined;
    const scope = model === 'AccessToken' ? this.#options.carried(id) : undefined;
    this.#entries.set(`${model}:${id}`, {
      model,
      payload: scope === undefined ? payload : { ...payload, scope },
      expiresAt: expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000,
      ...(replaced === undefined ? {} : { replaces: `${model}:${replaced}` }),
    });
    if (++this.#writes % 5000 === 0) this.#prune();
  }

  #find(model: string, id: string): Stored | undefined {
    const entry = this.#entries.get(`${model}:${id}`);
    if (!entry || entry.expiresAt <= Date.now()) return undefined;
    if (entry.rotatedAt !== undefined && this.#inGrace(entry)) {
      const { consumed: _, ...payload } = entry.payload;
      return payload;
    }
    return entry.payload;
  }

  #inGrace(entry: Entry): boolean {
    if (entry.rotatedAt === undefined || entry.successorUsed) return false;
    return Date.now() - entry.rotatedAt < this.#options.graceSeconds() * 1000;
  }

  #findBy(model: string, member: 'uid' | 'userCode', value: string): Stored | undefined {
    for (const entry of this.#entries.values()) {
      if (entry.model === model && entry.payload[member] === value && entry.expiresAt > Date.now()) return entry.payload;
    }
    return undefined;
  }

  #consume(model: string, id: string): void {
    const entry = this.#entries.get(`${model}:${id}`);
    if (!entry) return;
    entry.payload.consumed = Math.floor(Date.now() / 1000);
    if (model !== 'RefreshToken') return;
    // The period starts at the first rotation: asking again does not prolong it.
    entry.rotatedAt ??= Date.now();
    const parent = entry.replaces === undefined ? undefined : this.#entries.get(entry.replaces);
    if (parent) parent.successorUsed = true;
  }

  #prune(): void {
    const now = Date.now();
    for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(key);
  }
}
