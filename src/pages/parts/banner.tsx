import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { Problem } from '../../domain/problem.ts';
import { send } from '../../messages/send.ts';
import { t, tCode } from '../../messages/words.ts';
import './parts.css';
import { hostPatterns, type Phrase, problemText, problemTitle } from '../../domain/problem-words.ts';
import { ErrorIcon, WarningIcon } from './icons.tsx';
import { ask, unreachable } from './live.ts';
import { auth, glance, problem } from './store.ts';

const say = ({ key, params }: Phrase) => tCode(key, params);

/** Asked inside the click: Chrome shows its question only then. The worker hears of the answer even if this page is closed by it. */
async function grantHosts(params: readonly string[]): Promise<void> {
  await browser.permissions.request({ origins: hostPatterns(params) });
  await send('hostAccessChanged', {});
}

/** A connection set by policy has had no click yet that could ask for its hosts: this is the first. Where access is given, nothing is shown. */
async function signIn(): Promise<void> {
  const hosts = glance.peek()?.connection?.hosts ?? [];
  if (hosts.length > 0) await browser.permissions.request({ origins: hostPatterns(hosts) });
  await send('signIn', {});
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

/** Title and text of a problem, without the frame: for a page that is about nothing else. */
export function ProblemWords({ problem: shown, level }: { problem: Problem; level: 'p' | 'h2' }) {
  const Title = level;
  const failure = auth.value?.failure ?? null;
  return (
    <>
      <Title class="problem-title">{say(problemTitle(shown))}</Title>
      <p class="problem-text">{problemText(shown, failure).map(say).filter(Boolean).join(' ')}</p>
    </>
  );
}

/** The one most important problem, in words, with its one button. */
export function ProblemBanner() {
  const shown = problem.value;
  const bad = shown?.severity === 'error';
  return (
    <div role={bad ? 'alert' : 'status'}>
      {shown && (
        <div class={`banner ${shown.severity}`}>
          <span class="banner-icon">{bad ? <ErrorIcon /> : <WarningIcon />}</span>
          <div class="banner-words">
            <span class="unseen">{t(bad ? 'banner_error' : 'banner_warning')}</span>
            <ProblemWords problem={shown} level="p" />
          </div>
          <FixButton problem={shown} />
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
