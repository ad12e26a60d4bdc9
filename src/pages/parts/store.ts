import { computed, signal } from '@preact/signals';
import type { AuthStatus } from '../../domain/auth-status.ts';
import { type Glance, type Heartbeat, onPublished, type Published, readPublished } from '../../messages/published.ts';
import { keepGlance } from './keep.ts';

/** What the worker has published, as signals. Pages paint from these and never wait for the worker. */
export const glance = signal<Glance | undefined>(undefined);
export const heartbeat = signal<Heartbeat | undefined>(undefined);
export const auth = signal<AuthStatus | undefined>(undefined);
export const problem = computed(() => glance.value?.problem ?? null);

function take(views: Partial<Published>): void {
  if ('view.glance' in views) glance.value = keepGlance(glance.peek(), views['view.glance']);
  if ('view.heartbeat' in views) heartbeat.value = views['view.heartbeat'];
  if ('view.auth' in views) auth.value = views['view.auth'];
}

/** Follows the views and fills the signals with what is there now. */
export async function openStore(): Promise<void> {
  let changed: Partial<Published> = {};
  onPublished((views) => {
    changed = { ...changed, ...views };
    take(views);
  });
  // A change that arrived while reading is newer than what was read.
  take({ ...(await readPublished('view.glance', 'view.heartbeat', 'view.auth')), ...changed });
}
