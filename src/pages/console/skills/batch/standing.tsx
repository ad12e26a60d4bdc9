import { useComputed } from '@preact/signals';
import type { Batch } from '../../../../domain/skills/batch.ts';
import { progressOf } from '../../../../domain/skills/progress.ts';
import { formatClock, formatDuration } from '../../../../domain/time.ts';
import { t, tCode } from '../../../../messages/words.ts';
import { now } from '../../../parts/clock.ts';
import { formatCount } from '../../../parts/count.ts';
import { glance } from '../../../parts/store.ts';
import { ActButton } from './act-button.tsx';
import { cancel, pause, run } from './actions.ts';
import { AskFirst } from './ask-first.tsx';
import { ConfirmRows } from './confirm-rows.tsx';
import { PauseBanner } from './pause-banner.tsx';
import { countsSentence, diffSentence, stateSentence, statusLabel } from './words.ts';

/** How far, how fast, how long still. By the second: the rate is of the time since it began. */
function Pace({ batch, label }: { batch: Batch; label: string }) {
  const { done, of, perMinute, leftMs } = progressOf(batch, now.value);
  const parts = [t('skills_batch_progress', formatCount(done), formatCount(of))];
  if (perMinute !== null) parts.push(t('skills_batch_rate', formatCount(Math.round(perMinute))));
  if (leftMs !== null && done < of) parts.push(t('skills_batch_left', formatDuration(leftMs)));
  return (
    <>
      <p>{parts.join(' · ')}</p>
      <progress aria-label={label} value={of > 0 ? done / of : 1} />
    </>
  );
}

function Cancel({ batch }: { batch: Batch }) {
  return (
    <AskFirst
      label={t('skills_batch_cancel')}
      question={t('skills_batch_cancelText', formatCount(batch.counts.states.planned))}
      yes={t('skills_batch_cancelYes')}
      no={t('skills_batch_cancelNo')}
      run={() => cancel(batch)}
    />
  );
}

/** Some users were written to a moment ago: why nothing seems to move, and until when. */
function Settling({ untilMs }: { untilMs: number }) {
  const leftMs = useComputed(() => Math.max(0, untilMs - now.value)).value;
  if (leftMs === 0) return null;
  return <p class="sm">{t('skills_batch_settling', formatClock(untilMs), formatDuration(leftMs))}</p>;
}

function Checking({ batch }: { batch: Batch }) {
  return (
    <>
      <h3>{t('skills_batch_checkingTitle')}</h3>
      <Pace batch={batch} label={t('skills_batch_checking')} />
      <p class="mut">{diffSentence(batch.counts)}</p>
      <p class="mut sm">{t('skills_batch_checkingText')}</p>
      <Settling untilMs={batch.notBeforeMs} />
      <div class="acts">
        <ActButton label={t('skills_batch_cancel')} run={() => cancel(batch)} />
      </div>
    </>
  );
}

function Ready({ batch }: { batch: Batch }) {
  const writes = glance.value?.connection?.skills.writes ?? true;
  const { planned } = batch.counts.states;
  return (
    <>
      <h3>{t('skills_batch_readyTitle', diffSentence(batch.counts))}</h3>
      {planned === 0 ? (
        <p class="mut">{t('skills_batch_nothingToWrite')}</p>
      ) : (
        <>
          <p class="mut">{t('skills_batch_readyText')}</p>
          {writes ? (
            <ConfirmRows
              main
              rows={planned}
              label={planned === 1 ? t('skills_batch_run_one', planned) : t('skills_batch_run', formatCount(planned))}
              run={() => run(batch, planned)}
            />
          ) : (
            <p class="bad">{t('skills_paused_writesDisabled_text')}</p>
          )}
        </>
      )}
    </>
  );
}

function Running({ batch }: { batch: Batch }) {
  return (
    <>
      <h3>{t('skills_batch_runningTitle')}</h3>
      <Pace batch={batch} label={t('skills_batch_running')} />
      <p class="mut">{stateSentence(batch.counts)}</p>
      <p class="mut sm">{t('skills_batch_runningText')}</p>
      <div class="acts">
        <ActButton label={t('skills_batch_pause')} look="main" run={() => pause(batch)} />
        <Cancel batch={batch} />
      </div>
    </>
  );
}

/** Each second a second less: nobody is to wonder whether it goes on. */
function Countdown({ untilMs }: { untilMs: number }) {
  const leftMs = useComputed(() => Math.max(0, untilMs - now.value)).value;
  if (leftMs === 0) return <>{t('skills_batch_goesOnNow')}</>;
  return <>{t('skills_batch_goesOnAt', formatClock(untilMs), formatDuration(leftMs))}</>;
}

function Waiting({ batch }: { batch: Batch }) {
  const code = batch.pause ?? 'rateLimited';
  return (
    <>
      <h3>{tCode(`skills_paused_${code}`)}</h3>
      <p>
        {tCode(`skills_paused_${code}_text`)} <Countdown untilMs={batch.notBeforeMs} />
      </p>
      {batch.detail && <p class="mut">{t('history_serverSaid', batch.detail)}</p>}
      <Pace batch={batch} label={t('skills_batch_waiting')} />
      <p class="mut">{countsSentence(batch)}</p>
      <div class="acts">
        {code !== 'rateLimited' && (
          <ActButton label={t('skills_batch_tryNow')} look="main" run={() => run(batch, batch.counts.states.planned)} />
        )}
        <ActButton label={t('skills_batch_pause')} run={() => pause(batch)} />
        <Cancel batch={batch} />
      </div>
    </>
  );
}

function Paused({ batch }: { batch: Batch }) {
  return (
    <>
      <PauseBanner batch={batch} />
      <Pace batch={batch} label={t('skills_batch_paused')} />
      <p class="mut">{countsSentence(batch)}</p>
      <div class="acts">
        <Cancel batch={batch} />
      </div>
    </>
  );
}

function Done({ batch }: { batch: Batch }) {
  return <h3>{t('skills_batch_doneTitle', stateSentence(batch.counts))}</h3>;
}

function Cancelled({ batch }: { batch: Batch }) {
  return (
    <>
      <h3>{t('skills_batch_cancelledTitle')}</h3>
      <p>{countsSentence(batch)}</p>
      <p class="mut">{t('skills_batch_cancelledText')}</p>
    </>
  );
}

const VIEWS = {
  checking: Checking,
  ready: Ready,
  running: Running,
  waiting: Waiting,
  paused: Paused,
  done: Done,
  cancelled: Cancelled,
};

/** How a batch stands, and the next thing to do about it. */
export function Standing({ batch }: { batch: Batch }) {
  const View = VIEWS[batch.status];
  return (
    <section class="card batch-standing" data-status={batch.status} aria-label={statusLabel(batch.status)}>
      <View batch={batch} />
    </section>
  );
}

/** Said when it comes to another pass, and how it ended: progress by itself would chatter. */
export function StandingSaid({ batch }: { batch: Batch }) {
  const { status, counts } = batch;
  const said =
    status === 'ready'
      ? t('skills_batch_readyTitle', diffSentence(counts))
      : status === 'done'
        ? t('skills_batch_doneTitle', stateSentence(counts))
        : statusLabel(status);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
