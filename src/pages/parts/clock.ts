import { signal } from '@preact/signals';

/** The time, once a second: the one timer behind every running duration of a page. */
export const now = signal(Date.now());

/** Ticks on the full second while the page can be seen. */
export function startClock(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    clearTimeout(timer);
    now.value = Date.now();
    if (document.visibilityState === 'visible') timer = setTimeout(tick, 1000 - (now.value % 1000));
  };
  document.addEventListener('visibilitychange', tick);
  tick();
}
