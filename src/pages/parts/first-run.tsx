import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ProblemCode } from '../../domain/problem.ts';
import type { Glance } from '../../messages/published.ts';
import { t } from '../../messages/words.ts';
import { FixButton, ProblemWords } from './banner.tsx';
import { ask, asking } from './live.ts';
import { problem } from './store.ts';

/** These are steps on the way in rather than faults: with nothing else to show they have the page to themselves. */
const STEPS: readonly ProblemCode[] = [
  'notConfigured',
  'signedOut',
  'signingIn',
  'signInInterrupted',
  'signInFailed',
  'needsSignIn',
];

export function isFirstRun({ problem: shown, rows, total }: Glance): boolean {
  return shown !== null && STEPS.includes(shown.code) && rows.length === 0 && total === 0;
}

function Emblem() {
  return <img class="emblem" src="/icons/48.png" width="48" height="48" alt="" />;
}

export function Welcome() {
  const shown = problem.value;
  if (!shown) return null;
  return (
    <section class="step">
      <Emblem />
      <ProblemWords problem={shown} level="h2" />
      <FixButton problem={shown} />
    </section>
  );
}

/** After this long without a list the page says what to do rather than go on waiting. */
const SLOW_MS = 5000;

const BONES = [62, 48, 70, 54, 60];

/** The shape of what will come; after a while, what to do if it does not. */
export function Waiting() {
  const late = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      late.value = true;
    }, SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const slow = late.value;
  return (
    <section aria-label={t('popup_loading')}>
      <p class="unseen" role="status">
        {slow ? '' : t('popup_loading')}
      </p>
      {!slow &&
        BONES.map((width) => (
          <div class="bones" key={width} aria-hidden="true">
            <span class="bone" style={{ inlineSize: `${width}%` }} />
            <span class="bone thin" style={{ inlineSize: `${width - 20}%` }} />
          </div>
        ))}
      {slow && (
        <div class="step" role="alert">
          <h2>{t('popup_slow_title')}</h2>
          <p class="mut">{t('popup_slow_text')}</p>
          <button type="button" class="btn main" aria-disabled={asking.value} onClick={() => void ask()}>
            {asking.value ? t('fix_busy') : t('fix_retry')}
          </button>
        </div>
      )}
    </section>
  );
}
