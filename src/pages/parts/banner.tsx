import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { Problem } from '../../domain/problem.ts';
import { send } from '../../messages/send.ts';
import { t, tCode } from '../../messages/words.ts';
import './parts.css';
import type { KnownCause } from '../../domain/diagnosis/run.ts';
import { hostPatterns, type Phrase, problemText, problemTitle } from '../../domain/problem-words.ts';
import { now } from './clock.ts';
import { causeSentences } from './flag-words.ts';
import { ErrorIcon, WarningIcon } from './icons.tsx';
import { ask, unreachable } from './live.ts';
import { auth, glance, problem } from './store.ts';
import type { Route } from './where.ts';
import { isRiddle, problemWhy } from './why.ts';

const say = ({ key, params }: Phrase) => tCode(key, params);

/** Asked inside the click: Chrome shows its question only then. The worker hears of the answer even if this page is closed by it. */
export async function grantHosts(params: readonly string[]): Promise<boolean> {
  const granted = await browser.permissions.request({ origins: hostPatterns(params) });
  await send('hostAccessChanged', {});
  return granted;
}

/**
 * A connection set by policy has had no click yet that could ask for its hosts: this is the first. Where access is given, nothing is shown.
 * `thenDiagnose`: the id of a diagnosis to make again when it went well.
 */
export async function signIn(thenDiagnose?: string): Promise<void> {
  const origins = glance.peek()?.connection?.ask ?? [];
  if (origins.length > 0) await browser.permissions.request({ origins });
  await send('signIn', thenDiagnose === undefined ? {} : { thenDiagnose });
}

async function retry(): Promise<void> {
  await ask();
  if (unreachable.peek()) throw new Error(unreachable.peek());
}

function runFix({ fix, params }: Problem): Promise<unknown> {
  switch (fix) {
    case 'openOptions':
      return browser.runtime.openOptionsPage();
    case 'signIn':
      return signIn();
    case 'cancelSignIn':
      return send('cancelSignIn', {});
    case 'grantHosts':
      return grantHosts(params);
    case 'retry':
      return retry();
    default:
      return Promise.resolve();
  }
}

/** The one button of a problem, with its progress and, where it fails, the reason. */
export function FixButton({ problem: shown, main = true }: { problem: Problem; main?: boolean }) {
  const busy = useSignal(false);
  const failed = useSignal('');
  useEffect(() => {
    failed.value = '';
  }, [shown]);
  if (!shown.fix) return null;
  const fix = shown.fix;
  const onClick = async () => {
    if (busy.value) return;
    busy.value = true;
    failed.value = '';
    try {
      await runFix(shown);
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="fix">
      <button type="button" class={`btn${main ? ' main' : ''}`} aria-disabled={busy.value} onClick={onClick}>
        {busy.value ? t('fix_busy') : tCode(`fix_${fix}`)}
      </button>
      {failed.value && (
        <p class="sm fix-failed" role="alert">
          {failed.value}
        </p>
      )}
    </div>
  );
}

interface Words {
  problem: Problem;
  /** What a diagnosis has found about it takes the place of what may be the reason. */
  cause?: KnownCause | null;
  level: 'p' | 'h2';
}

/** Title and text of a problem, without the frame: for a page that is about nothing else. */
export function ProblemWords({ problem: shown, cause, level }: Words) {
  const Title = level;
  const failure = auth.value?.failure ?? null;
  const sentences = cause ? causeSentences(cause) : problemText(shown, failure).map(say);
  return (
    <>
      <Title class="problem-title">{say(problemTitle(shown))}</Title>
      <p class="problem-text">{sentences.filter(Boolean).join(' ')}</p>
    </>
  );
}

/** The one most important problem, in words, with its one button, and where a diagnosis can tell more, the way to it. */
export function ProblemBanner({ openWhy }: { openWhy: (to: Partial<Route>) => void }) {
  const shown = problem.value;
  const bad = shown?.severity === 'error';
  const why = () => {
    const known = glance.peek();
    const to = known ? problemWhy(known, now.peek()) : null;
    if (to) openWhy(to);
  };
  return (
    <div role={bad ? 'alert' : 'status'}>
      {shown && (
        <div class={`banner ${shown.severity}`}>
          <span class="banner-icon">{bad ? <ErrorIcon /> : <WarningIcon />}</span>
          <div class="banner-words">
            <span class="unseen">{t(bad ? 'banner_error' : 'banner_warning')}</span>
            <ProblemWords problem={shown} cause={glance.value?.cause ?? null} level="p" />
          </div>
          <div class="banner-acts">
            <FixButton problem={shown} />
            {isRiddle(shown) && (
              <button type="button" class="btn" onClick={why}>
                {t('diagnosis_why')}
              </button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

/** Our own background part does not answer: said apart from what CXone does. */
export function UnreachableBanner() {
  const text = unreachable.value;
  return (
    <div role="alert">
      {text && (
        <div class="banner warning">
          <span class="banner-icon">
            <WarningIcon />
          </span>
          <p class="problem-text">{text}</p>
        </div>
      )}
    </div>
  );
}
