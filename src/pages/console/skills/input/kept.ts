/** What was typed, kept over a reload of the page: in the session's storage, by connection, never on disk. */
import { effect, type Signal, signal } from '@preact/signals';
import { connectionId } from '../access.ts';

/** Longer than this is not kept: the session's storage ends at five. In characters. */
export const KEPT_MOST = 1_000_000;
/** Typing has paused. */
const REST_MS = 250;

const store = () => (typeof sessionStorage === 'undefined' ? null : sessionStorage);

/** Its own kind of thing, or nothing: another version of the page may have written it. */
function read<T>(key: string, empty: T): T {
  try {
    const found: unknown = JSON.parse(store()?.getItem(key) ?? 'null');
    if (found === null || typeof found !== typeof empty || Array.isArray(found) !== Array.isArray(empty)) return empty;
    return typeof empty === 'object' && !Array.isArray(empty) ? { ...empty, ...(found as T) } : (found as T);
  } catch {
    return empty;
  }
}

function write(key: string, value: unknown, isEmpty: boolean): void {
  const text = JSON.stringify(value);
  try {
    if (isEmpty || text.length > KEPT_MOST) store()?.removeItem(key);
    else store()?.setItem(key, text);
  } catch {
    // No room left: it stays on screen, and a reload loses it.
    store()?.removeItem(key);
  }
}

/** A signal that outlives the page's reload and is another one for each connection. @param empty what it is before anything was typed */
export function kept<T>(name: string, empty: T): Signal<T> {
  const value = signal(empty);
  let key = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    write(key, value.peek(), value.peek() === empty);
  };
  effect(() => {
    const id = connectionId.value;
    const next = id && `skills.${id}.${name}`;
    if (next === key || next === '') return;
    if (timer !== undefined) save();
    key = next;
    value.value = read(key, empty);
  });
  effect(() => {
    void value.value;
    if (key === '') return;
    clearTimeout(timer);
    timer = setTimeout(save, REST_MS);
  });
  // A reload in the middle of typing.
  globalThis.addEventListener?.('pagehide', () => {
    if (timer !== undefined) save();
  });
  return value;
}
