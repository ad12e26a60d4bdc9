import { useComputed, useSignal } from '@preact/signals';
import type { HistoryLoad } from '../../../domain/history/history.ts';
import { formatAge, formatClock } from '../../../domain/time.ts';
import { t } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { formatCount } from '../../parts/count.ts';
import { loadStatus, progressOf } from './standing.ts';
import { ask, cancel, load, ZONE } from './state.ts';

function Busy({ label, run, main = false }: { label: string; run: () => Promise<unknown>; main?: boolean }) {
  const busy = useSignal(false);
  const onClick = async () => {
    if (busy.value) return;
    busy.value = true;
    await run().finally(() => {
      busy.value = false;
    });
  };
  return (
    <button type="button" class={main ? 'btn main' : 'btn'} aria-disabled={busy.value} onClick={() => void onClick()}>
      {busy.value ? t('fix_busy') : label}
    </button>
  );
}

function Going({ current }: { current: HistoryLoad }) {
  const { ended, agents, page, records, part } = progressOf(current);
  const how = t('history_loadingPage', page, formatCount(records));
  return (
    <>
      <div class="load-words">
        <h3>{t('history_loading')}</h3>
        <p class="mut">{agents > 1 ? `${t('history_loadingAgents', ended, agents)} · ${how}` : how}</p>
      </div>
      <Busy label={t('history_cancel')} run={cancel} />
      {part === null ? (
        <progress aria-label={t('history_progress')} />
      ) : (
        <progress aria-label={t('history_progress')} value={part} />
      )}
    </>
  );
}

/** Each second a second less: nobody is to wonder whether it goes on. */
function Countdown({ untilMs }: { untilMs: number }) {
  return <>{t('history_waitingText', formatClock(untilMs, 'en', ZONE), formatAge(Math.max(0, untilMs - now.value)))}</>;
}

/** How the load stands, for as long as there is something to say or to do about it. */
export function LoadBar() {
  const current = load.value;
  const status = useComputed(() => (load.value ? loadStatus(load.value, now.value) : null)).value;
  if (!current || !status || status === 'done') return null;
  if (status === 'running') {
    return (
      <section class="card loading" aria-label={t('history_loading')}>
        <Going current={current} />
      </section>
    );
  }
  const { records } = progressOf(current);
  const kept = t('history_keptSoFar', formatCount(records));
  return (
    <section class="card loading" aria-label={t('history_loading')}>
      <div class="load-words">
        <h3>
          {t(status === 'waiting' ? 'history_waiting' : status === 'cancelled' ? 'history_cancelled' : 'history_interrupted')}
        </h3>
        <p class="mut">{status === 'waiting' ? <Countdown untilMs={current.notBeforeMs} /> : kept}</p>
      </div>
      {status === 'waiting' ? (
        <Busy label={t('history_cancel')} run={cancel} />
      ) : (
        <Busy label={t('history_goOn')} run={ask} main />
      )}
    </section>
  );
}

/** Said once when a load begins and when it ends: progress by itself would chatter. */
export function LoadStatusSaid() {
  const said = useComputed(() => {
    const current = load.value;
    if (!current) return '';
    const status = loadStatus(current, now.value);
    if (status === 'running') return t('history_loading');
    return status === 'done' ? t('history_loaded', formatCount(progressOf(current).records)) : '';
  }).value;
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
