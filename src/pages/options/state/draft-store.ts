/** What was typed but not saved, kept across a reload of the tab. */
import type { ConnectionDraft } from '../../../domain/connection.ts';
import { looksSecret } from '../../../domain/connection-check.ts';

const KEY = 'connectionDraft';

interface Kept {
  connectionId: string | null;
  draft: Partial<ConnectionDraft>;
}

/** A token pasted by mistake is the one thing typed that is not kept. */
export function withoutSecrets(draft: ConnectionDraft): Partial<ConnectionDraft> {
  const holds = (value: unknown) =>
    typeof value === 'string' ? looksSecret(value) : Array.isArray(value) && value.some((item) => looksSecret(String(item)));
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => !holds(value)));
}

export function keepDraft(connectionId: string | null, draft: ConnectionDraft): void {
  sessionStorage.setItem(KEY, JSON.stringify({ connectionId, draft: withoutSecrets(draft) } satisfies Kept));
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEY);
}

/** The kept draft of this connection; null when there is none. A kept value of another type than today's field is left out. */
export function keptDraft(connectionId: string | null, shape: ConnectionDraft): Partial<ConnectionDraft> | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null;
    if (kept === null || kept.connectionId !== connectionId) return null;
    const fits = (name: string, value: unknown) => {
      const today: unknown = shape[name as keyof ConnectionDraft];
      return typeof value === typeof today && Array.isArray(value) === Array.isArray(today);
    };
    return Object.fromEntries(Object.entries(kept.draft).filter(([name, value]) => fits(name, value)));
  } catch {
    return null;
  }
}
