/** What was typed but not saved, kept across a reload of the tab; each connection has its own. */
import type { ConnectionDraft } from '../../../domain/connection.ts';
import { looksSecret } from '../../../domain/looks-secret.ts';

const KEY = 'connectionDrafts';

/** By connection id; '' is the one that has none yet. */
type Kept = Record<string, Partial<ConnectionDraft>>;

/** A token pasted by mistake is the one thing typed that is not kept. */
export function withoutSecrets(draft: ConnectionDraft): Partial<ConnectionDraft> {
  const holds = (value: unknown) =>
    typeof value === 'string' ? looksSecret(value) : Array.isArray(value) && value.some((item) => looksSecret(String(item)));
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => !holds(value)));
}

export function keepDraft(connectionId: string | null, draft: ConnectionDraft): void {
  write({ ...read(), [connectionId ?? '']: withoutSecrets(draft) });
}

export function forgetDraft(connectionId: string | null): void {
  const { [connectionId ?? '']: gone, ...rest } = read();
  if (gone !== undefined) write(rest);
}

export function forgetAllDrafts(): void {
  sessionStorage.removeItem(KEY);
}

export function hasKeptDraft(connectionId: string): boolean {
  return Object.hasOwn(read(), connectionId);
}

/** The kept draft of this connection; null when there is none. A kept value of another type than today's field is left out. */
export function keptDraft(connectionId: string | null, shape: ConnectionDraft): Partial<ConnectionDraft> | null {
  const kept = read()[connectionId ?? ''];
  if (kept === undefined) return null;
  const fits = (name: string, value: unknown) => {
    const today: unknown = shape[name as keyof ConnectionDraft];
    return typeof value === typeof today && Array.isArray(value) === Array.isArray(today);
  };
  return Object.fromEntries(Object.entries(kept).filter(([name, value]) => fits(name, value)));
}

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    const whole = typeof kept === 'object' && kept !== null && Object.values(kept).every((one) => typeof one === 'object' && one);
    return whole ? (kept as Kept) : {};
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  if (Object.keys(kept).length === 0) forgetAllDrafts();
  else sessionStorage.setItem(KEY, JSON.stringify(kept));
}
