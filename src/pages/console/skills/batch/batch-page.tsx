import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { SKILL_TRAITS } from '../../../../domain/skills/assignment.ts';
import type { Batch } from '../../../../domain/skills/batch.ts';
import { t } from '../../../../messages/words.ts';
import { now } from '../../../parts/clock.ts';
import { formatCount } from '../../../parts/count.ts';
import { WarningIcon } from '../../../parts/icons.tsx';
import { formatWhen } from '../../../parts/when.ts';
import { showBatch, showTab } from '../go.ts';
import { After } from './after.tsx';
import './batch.css';
import { Metrics } from './metrics-card.tsx';
import { type Kind, TO_DECIDE } from './narrow.ts';
import { RowsCard } from './rows-card.tsx';
import { Standing, StandingSaid } from './standing.tsx';
import { batchesError, batchOf, readBatches, useBatches } from './state.ts';
import { cannotTexts, statusLabel, targetText } from './words.ts';

function Head({ batch }: { batch: Batch }) {
  const { name, createdMs, counts, status, undoOf } = batch;
  const title = useRef<HTMLHeadingElement>(null);
  // What led here is gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  const parts = [
    t('skills_batch_rowsIn', formatCount(counts.total)),
    t('skills_batch_planned', formatWhen(createdMs, now.value)),
    targetText(batch),
  ];
  return (
    <div class="batch-head">
      <h2 ref={title} tabIndex={-1}>
        <bdi>{name || t('skills_batch_unnamed')}</bdi>
        <span class="batch-status">{statusLabel(status)}</span>
      </h2>
      <p class="mut">{parts.filter(Boolean).join(' · ')}</p>
      {undoOf && (
        <p class="mut">
          {t('skills_batch_isUndo')}{' '}
          <button type="button" class="btn quiet" onClick={() => showBatch(undoOf)}>
            {t('skills_batch_isUndoOf')}
          </button>
        </p>
      )}
    </div>
  );
}

/** Rows that wait for the user: said above all rows, with the way to them. */
function ToDecide({ batch, look }: { batch: Batch; look: (kind: Kind) => void }) {
  const waiting = TO_DECIDE.filter((state) => batch.counts.states[state] > 0);
  if (waiting.length === 0) return null;
  return (
    <div class="banner warning">
      <span class="banner-icon">
        <WarningIcon />
      </span>
      <div>
        <p class="problem-title">{t('skills_batch_toDecide')}</p>
        <p class="problem-text">{t('skills_batch_toDecideText')}</p>
      </div>
      <div class="banner-acts">
        {waiting.map((state) => (
          <button key={state} type="button" class="btn" onClick={() => look({ state })}>
            {t(`skills_batch_look_${state}`, formatCount(batch.counts.states[state]))}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What this tenant's API lacks: said once, left out everywhere. */
function Cannot({ batch }: { batch: Batch }) {
  const texts = cannotTexts(SKILL_TRAITS[batch.target.profile]);
  if (texts.length === 0) return null;
  return (
    <details class="card notes">
      <summary>
        <h3>{t('skills_batch_cannot')}</h3>
      </summary>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}

function Missing() {
  return (
    <section class="card step">
      <h2>{t('skills_batch_missing')}</h2>
      <p class="mut">{t('skills_batch_missingText')}</p>
      <button type="button" class="btn" onClick={() => showTab('past')}>
        {t('skills_tab_past')}
      </button>
    </section>
  );
}

function Loading() {
  if (batchesError.value === '')
    return (
      <section class="card bones" aria-busy="true" aria-label={t('skills_batch_loading')}>
        <span class="bone" />
        <span class="bone" />
        <span class="bone" />
      </section>
    );
  return (
    <section class="card step" role="alert">
      <h2>{t('skills_batch_notRead_title')}</h2>
      <p class="mut">{batchesError.value}</p>
      <button type="button" class="btn main" onClick={() => void readBatches()}>
        {t('fix_retry')}
      </button>
    </section>
  );
}

function Whole({ batch }: { batch: Batch }) {
  const kind = useSignal<Kind>(null);
  const started = batch.confirmed;
  // What counts is another thing once writing has begun.
  useEffect(() => {
    kind.value = null;
  }, [started]);
  const look = (to: Kind) => {
    kind.value = to;
  };
  return (
    <>
      <Head batch={batch} />
      <Standing batch={batch} />
      <StandingSaid batch={batch} />
      <ToDecide
        batch={batch}
        look={(to) => {
          look(to);
          document.getElementById('batch-rows')?.scrollIntoView({ block: 'start' });
        }}
      />
      <RowsCard batch={batch} kind={kind.value} choose={look} />
      {batch.metrics.attempts > 0 && (
        <section class="card" aria-labelledby="batch-metrics">
          <h3 id="batch-metrics">{t('skills_metrics')}</h3>
          <Metrics metrics={batch.metrics} />
        </section>
      )}
      <After batch={batch} />
      <Cannot batch={batch} />
    </>
  );
}

/** One batch: what it would do, how it comes along, what became of it, and the proof. */
export function BatchPage({ batchId }: { batchId: string }) {
  useBatches();
  const batch = batchOf(batchId);
  /** The list may be older than the page: a batch that was planned a moment ago is not in it. */
  const asked = useSignal(false);
  useEffect(() => {
    void readBatches().then(() => {
      asked.value = true;
    });
  }, []);
  const missing = batch === null && asked.value && batchesError.value === '';
  return <div class="batch">{batch ? <Whole key={batchId} batch={batch} /> : missing ? <Missing /> : <Loading />}</div>;
}
