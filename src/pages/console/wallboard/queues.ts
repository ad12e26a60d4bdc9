import { computed, effect, signal } from '@preact/signals';
import type { Activity } from '../../../domain/skill-activity.ts';
import { send } from '../../../messages/send.ts';
import { now } from '../../parts/clock.ts';
import { glance, heartbeat } from '../../parts/store.ts';
import { shortList, sortQueues } from './queue-order.ts';

const CLOSED_KEY = 'console.queues.closed';
const ROOM_KEY = 'console.queues.room';
/** The worker asks every 30 s; three times that without an answer is old. */
const OLD_MS = 90_000;

const connectionId = computed(() => glance.value?.connection?.id ?? '');

/** The newest answer, and which connection it is about. */
const answer = signal<{ of: string; reply: Activity } | null>(null);

/** Null until the first answer about the connection shown. */
export const activity = computed(() => (answer.value?.of === connectionId.value ? answer.value.reply : null));
export const queues = computed(() => sortQueues(activity.value?.skills ?? []));
/** The numbers are older than they should be. */
export const old = computed(() => {
  const { atMs = 0, problem = null } = activity.value ?? {};
  return atMs > 0 && (problem !== null || now.value - atMs > OLD_MS);
});

export const closed = signal(localStorage.getItem(CLOSED_KEY) !== null);

export function setClosed(on: boolean): void {
  closed.value = on;
  if (on) localStorage.setItem(CLOSED_KEY, '1');
  else localStorage.removeItem(CLOSED_KEY);
}

/** Rows there were the last time, so that the list beneath does not jump when the first answer comes; 0 where there was no card. */
export function rowsBefore(): number {
  const [id, rows] = (localStorage.getItem(ROOM_KEY) ?? '').split(' ');
  return id === connectionId.value ? Number(rows) || 0 : 0;
}

let reading = false;

async function read(): Promise<void> {
  if (reading || document.visibilityState !== 'visible') return;
  reading = true;
  const of = connectionId.peek();
  try {
    const reply = await send('activity', {});
    // Another connection may be shown by now, and which of the two was meant nobody knows.
    if (of !== connectionId.peek()) return;
    answer.value = { of, reply };
    if (reply.atMs > 0 || !reply.supported) localStorage.setItem(ROOM_KEY, `${of} ${shortList(queues.peek(), false).length}`);
  } catch {
    // The page's banner says that the worker does not answer; what is shown grows old.
  } finally {
    reading = false;
  }
}

/** Keeps the queues fresh while the page can be seen: at each poll, of which the worker makes one question in 30 s. Returns how to stop. */
export function followQueues(): () => void {
  const stop = effect(() => {
    void heartbeat.value?.askedMs;
    if (connectionId.value !== '') void read();
  });
  document.addEventListener('visibilitychange', read);
  return () => {
    stop();
    document.removeEventListener('visibilitychange', read);
  };
}
