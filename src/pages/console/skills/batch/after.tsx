import type { Batch } from '../../../../domain/skills/batch.ts';
import { t, tCode } from '../../../../messages/words.ts';
import { now } from '../../../parts/clock.ts';
import { formatCount } from '../../../parts/count.ts';
import { glance } from '../../../parts/store.ts';
import { formatWhen } from '../../../parts/when.ts';
import { showTab } from '../go.ts';
import { ActButton } from './act-button.tsx';
import { deliver, drop, undo } from './actions.ts';
import { AskFirst } from './ask-first.tsx';
import { saveWfm } from './files.ts';
import { deliveryNow } from './state.ts';

/** Where the WFM system stands with these rows. */
function wfmText({ wfmSentMs }: Batch, nowMs: number): string {
  const delivery = deliveryNow();
  if (delivery && delivery.wfmWaiting > 0 && wfmSentMs === 0) {
    if (delivery.problem) return tCode(delivery.problem.key, delivery.problem.params);
    return t('skills_batch_wfmWaiting');
  }
  return wfmSentMs > 0 ? t('skills_batch_wfmSent', formatWhen(wfmSentMs, nowMs)) : t('skills_batch_wfmNotSent');
}

function Wfm({ batch }: { batch: Batch }) {
  const sends = glance.value?.connection?.skills.sendsWfm ?? false;
  return (
    <div>
      <h4>{t('skills_batch_wfm')}</h4>
      <p class="mut sm">{t('skills_batch_wfmText', formatCount(batch.counts.states.verified))}</p>
      {sends && <p class="sm">{wfmText(batch, now.value)}</p>}
      <div class="acts">
        <ActButton label={t('skills_batch_saveWfm')} run={() => saveWfm(batch)} />
        {sends && <ActButton label={t('skills_batch_sendWfm')} run={() => deliver(batch)} />}
      </div>
    </div>
  );
}

/** What there is to do with a batch that does not run: its proof, its way back, its end. */
export function After({ batch }: { batch: Batch }) {
  const { status, counts } = batch;
  const over = status === 'done' || status === 'cancelled';
  if (!over && status !== 'ready' && status !== 'paused') return null;
  const written = counts.states.verified;
  return (
    <section class="card after" aria-label={t('skills_batch_after')}>
      {over && written > 0 && <Wfm batch={batch} />}
      {over && written > 0 && (
        <div>
          <h4>{t('skills_batch_undoTitle')}</h4>
          <p class="mut sm">{t('skills_batch_undoText')}</p>
          <div class="acts">
            <ActButton label={t('skills_batch_undo')} run={() => undo(batch)} />
          </div>
        </div>
      )}
      <div>
        <h4>{t('skills_batch_proof')}</h4>
        <p class="mut sm">{t('skills_batch_proofText')}</p>
        <div class="acts">
          <button type="button" class="btn" onClick={() => showTab('audit', batch.id)}>
            {t('skills_batch_audit')}
          </button>
          <AskFirst
            label={t('skills_batch_drop')}
            question={t('skills_batch_dropText')}
            yes={t('skills_batch_dropYes')}
            run={async () => {
              await drop(batch);
              showTab('past');
            }}
          />
        </div>
      </div>
    </section>
  );
}
