import { computed, signal } from '@preact/signals';
import type { AuthStatus } from '../../domain/auth-status.ts';
import type { DiagnosisRun } from '../../domain/diagnosis/run.ts';
import type { HistoryLoad } from '../../domain/history/history.ts';
import {
  type BatchView,
  type Glance,
  type Heartbeat,
  type OtherConnection,
  onPublished,
  type Published,
  type PublishedKey,
  readPublished,
} from '../../messages/published.ts';
import { keepGlance } from './keep.ts';

/** What the worker has published, as signals. Pages paint from these and never wait for the worker. */
export const glance = signal<Glance | undefined>(undefined);
export const heartbeat = signal<Heartbeat | undefined>(undefined);
export const auth = signal<AuthStatus | undefined>(undefined);
/** The diagnosis under way or the last one; undefined until read, and in pages that do not follow it. */
export const diagnosis = signal<DiagnosisRun | null | undefined>(undefined);
/** The load of history under way or the last one; as above. */
export const historyLoad = signal<HistoryLoad | null | undefined>(undefined);
/** The batch of skills under way or the last one; as above. */
export const batchView = signal<BatchView | null | undefined>(undefined);
/** The connections beside the one shown. */
export const others = signal<readonly OtherConnection[]>([]);
export const problem = computed(() => glance.value?.problem ?? null);

function take(views: Partial<Published>): void {
  if ('view.glance' in views) glance.value = keepGlance(glance.peek(), views['view.glance']);
  if ('view.heartbeat' in views) heartbeat.value = views['view.heartbeat'];
  if ('view.auth' in views) auth.value = views['view.auth'];
  if ('view.others' in views) others.value = views['view.others'] ?? [];
  if ('view.diagnosis' in views) diagnosis.value = views['view.diagnosis'];
  if ('view.history' in views) historyLoad.value = views['view.history'];
  if ('view.batch' in views) batchView.value = views['view.batch'];
}

/** Follows the views and fills the signals with what is there now. `also`: views beyond those that every page shows. */
export async function openStore(...also: PublishedKey[]): Promise<void> {
  let changed: Partial<Published> = {};
  onPublished((views) => {
    changed = { ...changed, ...views };
    take(views);
  });
  // A change that arrived while reading is newer than what was read.
  take({ ...(await readPublished('view.glance', 'view.heartbeat', 'view.auth', 'view.others', ...also)), ...changed });
}
