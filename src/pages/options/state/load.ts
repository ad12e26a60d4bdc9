import { computed, effect, signal } from '@preact/signals';
import type { AuthPhase } from '../../../domain/auth-status.ts';
import { type ConnectionDraft, EMPTY_DRAFT } from '../../../domain/connection.ts';
import { send } from '../../../messages/send.ts';
import { auth, glance, openStore } from '../../parts/store.ts';
import { hasUnsaved, saveNow, takeSettings } from './autosave.ts';
import { adding, connectionId, saves, startAdding, takeConnection } from './connection-form.ts';
import { allowedGrants, connections, refusedPolicy, secretKept, tenantFixed, writes } from './connections.ts';
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
let blank: ConnectionDraft = EMPTY_DRAFT;

/** True when the organisation sets this policy key (DESIGN section 8). */
export function isLocked(key: string): boolean {
  return locked.value.has(key);
}

export const lockedKeys = (): ReadonlySet<string> => locked.peek();

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

let asked = 0;

/** Takes all that the worker has of the connection shown. An answer that a later question has overtaken is not taken. */
export async function takeAll(): Promise<void> {
  const mine = ++asked;
  // They belong to the connection that is on screen now.
  await saveNow();
  const reply = await send('settings', {});
  if (mine !== asked) return;
  locked.value = new Set(reply.locked);
  names.value = { ...names.peek(), ...reply.names };
  about.value = { redirectUri: reply.redirectUri, extensionId: reply.extensionId, version: reply.version };
  connections.value = reply.connections.toSorted((a, b) => a.name.localeCompare(b.name));
  allowedGrants.value = reply.grants;
  refusedPolicy.value = reply.refused;
  tenantFixed.value = reply.tenantFixed;
  writes.value = reply.writes;
  secretKept.value = reply.secretKept;
  blank = reply.blank;
  // Who is adding another one goes on with it.
  if (!adding.peek()) takeConnection(reply.connection, reply.locked, blank, reply.foundApi);
  takeSettings(reply.settings, reply.connection?.id ?? null);
}

/** An empty form beside the connections there are. */
export function addConnection(): void {
  startAdding(blank, [...locked.peek()]);
  secretKept.value = false;
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

/** The popup or the console may show another connection from now on, and what was saved may change more than itself. */
export function followWorker(): void {
  const again = () => {
    if (loadState.peek().kind === 'ready') takeAll().catch(() => undefined);
  };
  effect(() => {
    const shown = glance.value?.connection?.id;
    if (shown !== undefined && shown !== connectionId.peek() && !adding.peek()) again();
  });
  effect(() => {
    if (saves.value > 0) again();
  });
  let before: AuthPhase | undefined;
  effect(() => {
    const phase = auth.value?.phase;
    // A capability is on once somebody has agreed to its scopes.
    if (before === 'signingIn' && phase !== 'signingIn') again();
    before = phase;
  });
}
