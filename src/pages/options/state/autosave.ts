/** Settings save themselves: a change is on screen at once, and with the worker a moment later. */
import { signal } from '@preact/signals';
import { DEFAULT_SETTINGS, type Settings } from '../../../domain/settings.ts';
import { send } from '../../../messages/send.ts';
import { failureOf } from './failure.ts';

export const settings = signal<Settings>(DEFAULT_SETTINGS);
export type SaveState = { kind: 'idle' | 'saving' | 'saved' } | { kind: 'failed'; message: string };
export const saveState = signal<SaveState>({ kind: 'idle' });

const WAIT_MS = 400;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Counts changes, so that an answer to an older one does not say "Saved" over a newer one. */
let changes = 0;
let sent = 0;
/** Whose settings are on screen. */
let owner: string | null = null;

export function hasUnsaved(): boolean {
  return changes !== sent;
}

/** Takes what the worker has; a change of the same connection that is still on its way here wins. `id`: whose they are. */
export function takeSettings(next: Settings, id: string | null = null): void {
  if (id !== owner) dropChanges();
  owner = id;
  settings.value = hasUnsaved() ? { ...settings.peek(), watchedAgentIds: next.watchedAgentIds } : next;
}

/** Only whole, checked values come here: fields keep what is half typed to themselves. */
export function changeSettings(patch: Partial<Omit<Settings, 'watchedAgentIds'>>): void {
  settings.value = { ...settings.peek(), ...patch };
  changes += 1;
  saveState.value = { kind: 'saving' };
  clearTimeout(timer);
  timer = setTimeout(() => void saveNow(), WAIT_MS);
}

export async function saveNow(): Promise<void> {
  clearTimeout(timer);
  if (!hasUnsaved()) return;
  const mine = changes;
  saveState.value = { kind: 'saving' };
  try {
    // Who is watched goes by messages of its own (watching.ts).
    const { watchedAgentIds: _, ...mineOnly } = settings.peek();
    await send('saveSettings', { settings: mineOnly, ...(owner !== null && { id: owner }) });
    sent = Math.max(sent, mine);
    if (!hasUnsaved()) saveState.value = { kind: 'saved' };
  } catch (error) {
    saveState.value = { kind: 'failed', message: failureOf(error).message };
  }
}

/** After "erase everything": nothing waits to be written back. */
export function dropChanges(): void {
  clearTimeout(timer);
  sent = changes;
  saveState.value = { kind: 'idle' };
}

/** A tab that is closed right after a change must not take it along. */
export function saveOnLeave(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void saveNow();
  });
}
