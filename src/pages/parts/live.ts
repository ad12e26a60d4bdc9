import { signal } from '@preact/signals';
import { send } from '../../messages/send.ts';
import { glance } from './store.ts';

/** DESIGN section 6: while a page of ours can be seen. */
const LIVE_MS = 5000;

/** True while CXone is being asked on this page's behalf. */
export const asking = signal(false);
/** What the worker said when it could not be asked; empty when all is well. */
export const unreachable = signal('');

/** Asks CXone now, unless we are asking already. Never throws: the words of a failure are in `unreachable`. */
export async function ask(): Promise<void> {
  if (asking.peek()) return;
  asking.value = true;
  try {
    if (!glance.peek()) await send('publish', {});
    await send('poll', {});
    unreachable.value = '';
  } catch (error) {
    unreachable.value = error instanceof Error ? error.message : String(error);
  } finally {
    asking.value = false;
  }
}

/** Live mode: asks at once and every 5 s while the page can be seen. */
export function goLive(): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const follow = () => {
    clearInterval(timer);
    if (document.visibilityState !== 'visible') return;
    timer = setInterval(() => void ask(), LIVE_MS);
    void ask();
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
