/**
 * The extension's stores seen from one of its own pages: what the worker has published and stored, and a wait that ends with the
 * next change instead of after a while.
 */
import type { AuthFailure, AuthPhase } from '../../src/domain/auth-status.ts';
import type { Transition } from '../../src/domain/transition.ts';
import type { Heartbeat } from '../../src/messages/published.ts';
import type { AlertRecord, PollRecord, TransitionRecord } from '../../src/storage/poll-store.ts';
import type { Extension } from '../e2e/support/extension.ts';

/** All that decides whether an iteration has gone well. */
export interface Sight {
  /** Grows with every change in `storage.local` and `storage.session`. */
  changes: number;
  phase: AuthPhase;
  failure: AuthFailure | null;
  /** Every phase since the browser started, as `phase(failure)`, the newest last. */
  phases: string[];
  access: { receivedMs: number; renewMs: number; expiresMs: number } | null;
  beat: Heartbeat | null;
  /** The step the worker hangs at; '' when none. */
  reached: string;
}

/** What polling has committed, as IndexedDB holds it. */
export interface Committed {
  record: PollRecord;
  ids: string[];
  alerts: AlertRecord[];
}

interface InPage {
  id: string;
  changes: number;
  phases: string[];
  waiting: (() => void)[];
}

interface Query {
  store: string;
  key?: string;
  /** Only records with a greater key. */
  after?: number;
  keysOnly?: boolean;
}

type ChangeOf = { newValue?: { phase?: string; failure?: string | null } };

export class Probe {
  private seen = -1;

  private constructor(
    private readonly extension: Extension,
    readonly connectionId: string,
  ) {}

  static async install(extension: Extension): Promise<Probe> {
    const id = await extension.outside(async () => {
      // tsx names functions with a helper that exists only where it was compiled.
      (globalThis as unknown as { __name: unknown }).__name = (named: unknown) => named;
      const { connections } = (await chrome.storage.local.get('connections')) as { connections: { activeId: string } };
      const page: InPage = { id: connections.activeId, changes: 0, phases: [], waiting: [] };
      (globalThis as unknown as { chaos: InPage }).chaos = page;
      chrome.storage.onChanged.addListener((changes, area) => {
        if (area !== 'local' && area !== 'session') return;
        page.changes++;
        const status = (changes[`${page.id}/auth`] as ChangeOf | undefined)?.newValue;
        const words = status && `${status.phase}${status.failure ? `(${status.failure})` : ''}`;
        if (words && page.phases.at(-1) !== words) page.phases.push(words);
        for (const wake of page.waiting.splice(0)) wake();
      });
      return page.id;
    }, null);
    return new Probe(extension, id);
  }

  /** What there is to see now, or, `ms` given, after the next change since we last looked. */
  async look(ms = 0): Promise<Sight> {
    const sight = await this.extension.outside(
      async ([after, patience]) => {
        const page = (globalThis as unknown as { chaos: InPage }).chaos;
        if (page.changes === after && patience > 0)
          await new Promise<void>((resolve) => {
            setTimeout(resolve, patience);
            page.waiting.push(resolve);
          });
        const { changes, id } = page;
        const [local, session] = await Promise.all([
          chrome.storage.local.get(`${id}/auth`),
          chrome.storage.session.get([`${id}/access`, 'view.heartbeat', 'chaosReached']),
        ]);
        const status = (local[`${id}/auth`] ?? { phase: 'signedOut', failure: null }) as Pick<Sight, 'phase' | 'failure'>;
        const access = session[`${id}/access`] as Sight['access'] | undefined;
        return {
          changes,
          phases: [...page.phases],
          phase: status.phase,
          failure: status.failure,
          access: access ? { receivedMs: access.receivedMs, renewMs: access.renewMs, expiresMs: access.expiresMs } : null,
          beat: session['view.heartbeat'] ? (JSON.parse(session['view.heartbeat'] as string) as Heartbeat) : null,
          reached: (session.chaosReached as string | undefined) ?? '',
        };
      },
      [this.seen, ms] as const,
    );
    this.seen = sight.changes;
    return sight;
  }

  /** Looks at every change until `holds`; null when it did not within `ms`. */
  async until(holds: (sight: Sight) => boolean, ms: number): Promise<Sight | null> {
    const end = performance.now() + ms;
    let sight = await this.look();
    while (!holds(sight)) {
      const left = end - performance.now();
      if (left <= 0) return null;
      sight = await this.look(left);
    }
    return sight;
  }

  /** Asks the worker to hang at a step, or (null) at none. */
  async hangAt(step: string | null): Promise<void> {
    await this.extension.outside((wanted) => chrome.storage.session.set({ chaosStep: wanted ?? '', chaosReached: '' }), step);
  }

  /** Changes the stored access token as time would. */
  async age(how: 'absent' | 'due' | 'expired' | 'rejected'): Promise<void> {
    await this.extension.outside(
      async ([key, manner]) => {
        if (manner === 'absent') return chrome.storage.session.remove(key);
        const access = (await chrome.storage.session.get(key))[key] as NonNullable<Sight['access']> | undefined;
        if (!access) return undefined;
        const past = Date.now() - 2 * 60_000;
        const aged =
          manner === 'rejected'
            ? { receivedMs: past }
            : { receivedMs: past, renewMs: past, ...(manner === 'expired' ? { expiresMs: past } : {}) };
        return chrome.storage.session.set({ [key]: { ...access, ...aged } });
      },
      [`${this.connectionId}/access`, how] as const,
    );
  }

  /** Transitions written after `key`, and the newest key. */
  async transitionsAfter(key: number): Promise<{ key: number; records: Transition[] }> {
    const [keys, records] = await this.read([
      { store: 'transitions', after: key, keysOnly: true },
      { store: 'transitions', after: key },
    ]);
    return {
      key: (keys as number[]).at(-1) ?? key,
      records: (records as TransitionRecord[]).flatMap(({ transitions }) => transitions),
    };
  }

  async committed(): Promise<Committed | null> {
    const { connectionId } = this;
    const [record, roster, alerts] = await this.read([
      { store: 'poll', key: connectionId },
      { store: 'roster', key: connectionId },
      { store: 'alerts' },
    ]);
    if (!record || !roster) return null;
    const { ids } = roster as { ids: string };
    return { record: record as PollRecord, ids: ids === '' ? [] : ids.split('\n'), alerts: alerts as AlertRecord[] };
  }

  /** One record of a store, as it is on disk; null: there is none. */
  async one<T>(store: string, key: string): Promise<T | null> {
    const [found] = await this.read([{ store, key }]);
    return (found as T | undefined) ?? null;
  }

  /** The worker's redacted log, for the trace of an iteration that failed. */
  async log(lines: number): Promise<string[]> {
    const [all] = await this.read([{ store: 'log' }]);
    return (all as string[]).slice(-lines);
  }

  /** All in one transaction, so that the answers belong together. */
  private async read(queries: Query[]): Promise<unknown[]> {
    return this.extension.outside(
      (asked) =>
        new Promise<unknown[]>((resolve, reject) => {
          const opening = indexedDB.open('agent-watch');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const db = opening.result;
            const tx = db.transaction(asked.map(({ store }) => store));
            const requests = asked.map(({ store, key, after, keysOnly }) => {
              const objects = tx.objectStore(store);
              if (key !== undefined) return objects.get(key);
              const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true);
              return keysOnly ? objects.getAllKeys(range) : objects.getAll(range);
            });
            tx.onabort = () => reject(tx.error);
            tx.oncomplete = () => {
              db.close();
              resolve(requests.map(({ result }) => result as unknown));
            };
          };
        }),
      queries,
    );
  }
}
