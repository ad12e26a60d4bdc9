import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../messages/words.ts';
import { CloseIcon } from './icons.tsx';

interface Notice {
  text: string;
  /** An error stays until dismissed; news leaves by itself. */
  bad: boolean;
  undo: (() => void) | null;
}

const STAYS_MS = 10_000;

const notice = signal<Notice | null>(null);

export function say(text: string, undo: (() => void) | null = null): void {
  notice.value = { text, bad: false, undo };
}

/** Runs what a click asked for; what goes wrong is said. False when it went wrong. */
export async function attempt(job: () => Promise<unknown>): Promise<boolean> {
  try {
    await job();
    return true;
  } catch (error) {
    notice.value = { text: error instanceof Error ? error.message : String(error), bad: true, undo: null };
    return false;
  }
}

/** The one place where a page says what it has done, with Undo in place of a question beforehand. */
export function NoticeBar() {
  const shown = notice.value;
  useEffect(() => {
    if (!shown || shown.bad) return;
    let timer = setTimeout(leave, STAYS_MS);
    // Nobody loses Undo while reaching for it.
    function leave() {
      if (document.querySelector('.notice:hover, .notice:focus-within')) timer = setTimeout(leave, 1000);
      else if (notice.peek() === shown) notice.value = null;
    }
    return () => clearTimeout(timer);
  }, [shown]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement;
      if (!shown?.undo || typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [shown]);

  const undo = () => {
    notice.value = null;
    shown?.undo?.();
  };
  return (
    <div class="notice-place" role={shown?.bad ? 'alert' : 'status'}>
      {shown && (
        <div class={`notice${shown.bad ? ' bad' : ''}`}>
          <p>{shown.text}</p>
          {shown.undo && (
            <button type="button" class="btn quiet" onClick={undo}>
              {t('notice_undo')}
            </button>
          )}
          <button
            type="button"
            class="btn icon"
            aria-label={t('notice_dismiss')}
            onClick={() => {
              notice.value = null;
            }}
          >
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
