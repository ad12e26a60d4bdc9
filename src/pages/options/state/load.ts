import { computed, signal } from '@preact/signals';
import { send } from '../../../messages/send.ts';
import { auth, openStore } from '../../parts/store.ts';
import { hasUnsaved, takeSettings } from './autosave.ts';
import { takeConnection } from './connection-form.ts';
import { type Failure, failureOf } from './failure.ts';

export type LoadState = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; failure: Failure };
export const loadState = signal<LoadState>({ kind: 'loading' });

export interface About {
  redirectUri: string;
  extensionId: string;
  version: string;
}
export const about = signal<About>({ redirectUri: '', extensionId: '', version: '' });
export const names = signal<Readonly<Record<string, string>>>({});
const locked = signal<ReadonlySet<string>>(new Set());
export const anyLocked = computed(() => locked.value.size > 0);

/** True when the organisation sets this policy key (DESIGN section 8). */
export function isLocked(key: string): boolean {
  return locked.value.has(key);
}

export async function load(): Promise<void> {
  if (loadState.peek().kind === 'failed') loadState.value = { kind: 'loading' };
  try {
    await takeAll();
    loadState.value = { kind: 'ready' };
  } catch (error) {
    loadState.value = { kind: 'failed', failure: failureOf(error) };
  }
}

/** False until we know that there is no `view.auth` to wait for. */
export const viewsRead = signal(false);

/** Follows the worker's views; after a start of the browser it may have published none yet. */
export async function openViews(): Promise<void> {
  await openStore();
  if (auth.peek() === undefined) await send('publish', {}).catch(() => undefined);
  viewsRead.value = true;
}

async function takeAll(): Promise<void> {
  const reply = await send('settings', {});
  locked.value = new Set(reply.locked);
  names.value = { ...names.peek(), ...reply.names };
  about.value = { redirectUri: reply.redirectUri, extensionId: reply.extensionId, version: reply.version };
  takeConnection(reply.connection, reply.locked);
  takeSettings(reply.settings);
}

export function learnNames(agents: readonly { agentId: string; name: string }[]): void {
  const found = Object.fromEntries(agents.filter(({ name }) => name !== '').map(({ agentId, name }) => [agentId, name]));
  names.value = { ...names.peek(), ...found };
}

export function forgetNames(): void {
  names.value = {};
}

/** Who is watched may have changed in the popup meanwhile, and a policy may have arrived. */
export function refreshOnReturn(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || loadState.peek().kind !== 'ready' || hasUnsaved()) return;
    takeAll().catch(() => undefined);
  });
}
