import { useComputed } from '@preact/signals';
import type { TestLine, TestRun } from '../../../messages/published.ts';
import { send } from '../../../messages/send.ts';
import { type MessageKey, t, tCode } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { attempt } from '../../parts/notice.tsx';
import { Callout } from '../bits/callout.tsx';
import { ResultMark } from '../bits/result-mark.tsx';
import { remedy, summary, tookText } from '../logic/test-lines.ts';
import { canUse, connectionId, dirty } from '../state/connection-form.ts';
import { hostsAsked } from '../state/host-access.ts';
import { startTest, testFailure, testHeardMs, testRun, testStarting } from '../state/test-run.ts';
import { Card } from './section.tsx';

const RESULTS: Record<TestLine['result'], MessageKey> = {
  ok: 'test_resultOk',
  failed: 'test_resultFailed',
  running: 'test_resultRunning',
  waiting: 'test_resultWaiting',
  skipped: 'test_resultSkipped',
};

export function TestCard() {
  const mine = useComputed(() => (testRun.value?.connectionId === connectionId.value ? testRun.value : null));
  const run = mine.value;
  const kind = useComputed(() => (mine.value ? summary(mine.value, testHeardMs.value, now.value).kind : null)).value;
  const busy = testStarting.value || kind === 'running';
  return (
    <Card
      title={t('test_title')}
      aside={
        <span class="mut" role="status">
          {run && kind ? summaryWords(run, kind) : ''}
        </span>
      }
    >
      {run === null && <p class="help">{t('test_intro')}</p>}
      {run !== null && <Lines run={run} />}
      {kind === 'stalled' && <Callout tone="warn" title={t('test_stalled')} />}
      {testFailure.value && <Callout tone="bad" title={testFailure.value.message} role="alert" />}
      <div class="acts">
        <button type="button" class="btn" disabled={busy || !canUse.value} onClick={() => void startTest()}>
          {hostsAsked.value ? t('options_hostsAsked') : buttonWords(run !== null)}
        </button>
        {run !== null && <Remedy run={run} />}
        {!canUse.value && <p class="help">{t('options_signInFirst')}</p>}
      </div>
    </Card>
  );
}

function buttonWords(again: boolean): string {
  if (dirty.value) return t('test_saveAndRun');
  return again ? t('test_again') : t('test_run');
}

function summaryWords(run: TestRun, kind: string): string {
  const { passed, of } = summary(run, 0, 0);
  if (kind === 'running') return t('test_runningCount', passed, of);
  return kind === 'passed' ? t('test_allPassed', of) : t('test_passedCount', passed, of);
}

function Lines({ run }: { run: TestRun }) {
  return (
    <ol class="plain test-lines">
      {run.lines.map((line) => {
        const took = tookText(line.tookMs);
        return (
          <li key={line.step} class={line.result}>
            <ResultMark result={line.result} />
            <b>{tCode(`test_step_${line.step}`)}</b>
            <span class="test-words">
              <span class="unseen">{t(RESULTS[line.result])} </span>
              {line.result === 'running' && line.key === '' ? t('test_resultRunning') : tCode(line.key, line.params)}
            </span>
            <span class="took">{line.tookMs > 0 && t(took.key, took.value)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** The one thing to do about the first step that did not pass. Host access has its own button at the top of the section. */
function Remedy({ run }: { run: TestRun }) {
  if (remedy(run) !== 'signIn' || dirty.value) return null;
  return (
    <button type="button" class="btn" onClick={() => void attempt(() => send('signIn', {}))}>
      {t('options_signInButton')}
    </button>
  );
}
