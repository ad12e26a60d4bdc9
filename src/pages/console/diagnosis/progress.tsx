import { useSignal } from '@preact/signals';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { formatDuration } from '../../../domain/time.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { attempt } from '../../parts/notice.tsx';
import { useFromNow } from './from-now.ts';

/** That it goes on, for how long, how far it is, and the way out. Says nothing aloud by itself: it changes every second. */
export function Progress({ run }: { run: DiagnosisRun }) {
  const stopping = useSignal(false);
  const took = useFromNow((nowMs) => formatDuration(nowMs - run.startedMs), [run.startedMs]);
  const many = run.agents.length > 1;
  const done = run.finished.length;
  const cancel = async () => {
    if (stopping.value) return;
    stopping.value = true;
    await attempt(() => send('cancelDiagnosis', {}));
    stopping.value = false;
  };
  return (
    <section class="card going" aria-labelledby="going">
      <div class="going-words">
        <h3 id="going">{t('diagnosis_going')}</h3>
        <p class="mut">{many ? t('diagnosis_goingMany', done, run.agents.length, took) : t('diagnosis_goingFor', took)}</p>
      </div>
      <button type="button" class="btn" aria-disabled={stopping.value} onClick={() => void cancel()}>
        {stopping.value ? t('fix_busy') : t('diagnosis_cancel')}
      </button>
      {many ? (
        <progress max={run.agents.length} value={done} aria-label={t('diagnosis_progress')} />
      ) : (
        <progress aria-label={t('diagnosis_progress')} />
      )}
    </section>
  );
}
