import type { Batch } from '../../../../domain/skills/batch.ts';
import { merged } from '../../../../domain/skills/metrics.ts';
import { t } from '../../../../messages/words.ts';
import { now } from '../../../parts/clock.ts';
import { formatCount } from '../../../parts/count.ts';
import { formatWhen } from '../../../parts/when.ts';
import { routeHash } from '../../../parts/where.ts';
import { drop } from '../batch/actions.ts';
import { AskFirst } from '../batch/ask-first.tsx';
import { Metrics } from '../batch/metrics-card.tsx';
import { batches, batchesError, readBatches, useBatches } from '../batch/state.ts';
import { countsSentence, percent, statusLabel } from '../batch/words.ts';
import { ROOM, showTab } from '../go.ts';
import './past.css';

/** One that is at work cannot be forgotten: it is cancelled first. */
const RESTS: readonly Batch['status'][] = ['ready', 'paused', 'done', 'cancelled'];

function Row({ batch }: { batch: Batch }) {
  const { id, name, createdMs, status, counts, metrics, target } = batch;
  const shown = name || t('skills_batch_unnamed');
  return (
    <tr>
      <th scope="row">
        <a href={routeHash({ room: ROOM, tab: 'batch', batch: id })}>
          <bdi>{shown}</bdi>
        </a>
      </th>
      <td>{formatWhen(createdMs, now.value)}</td>
      <td>
        <bdi>{target.actor}</bdi>
      </td>
      <td>{statusLabel(status)}</td>
      <td class="n">{formatCount(counts.total)}</td>
      <td>{countsSentence(batch)}</td>
      <td class="n">{metrics.attempts > 0 ? percent((metrics.attempts - metrics.succeeded) / metrics.attempts) : '–'}</td>
      <td>
        {RESTS.includes(status) && (
          <AskFirst
            quiet
            label={t('skills_batch_drop')}
            name={t('skills_past_drop', shown)}
            question={t('skills_batch_dropText')}
            yes={t('skills_batch_dropYes')}
            run={() => drop(batch)}
          />
        )}
      </td>
    </tr>
  );
}

function List({ list }: { list: Batch[] }) {
  return (
    <section class="card past-card" aria-labelledby="past-list">
      <h2 id="past-list">{t('skills_past_title')}</h2>
      <div class="scrolls">
        <table class="past-list">
          <thead>
            <tr>
              <th scope="col">{t('skills_past_name')}</th>
              <th scope="col">{t('skills_past_when')}</th>
              <th scope="col">{t('skills_past_who')}</th>
              <th scope="col">{t('skills_batch_column_state')}</th>
              <th scope="col" class="n">
                {t('skills_past_rows')}
              </th>
              <th scope="col">{t('skills_past_result')}</th>
              <th scope="col" class="n">
                {t('skills_metrics_errorRate')}
              </th>
              <th scope="col">
                <span class="unseen">{t('skills_past_acts')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((batch) => (
              <Row key={batch.id} batch={batch} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function None() {
  return (
    <section class="card step">
      <h2>{t('skills_past_none')}</h2>
      <p class="mut">{t('skills_past_noneText')}</p>
      <button type="button" class="btn main" onClick={() => showTab('new')}>
        {t('skills_tab_new')}
      </button>
    </section>
  );
}

/** The batches there have been, the newest first, and how their writes went in all. */
export function PastBatches() {
  useBatches();
  const list = batches.value;
  const all = list ? merged(list.map(({ metrics }) => metrics)) : null;
  return (
    <div class="past">
      {batchesError.value !== '' && (
        <div class="banner error" role="alert">
          <p class="problem-text">{batchesError.value}</p>
          <button type="button" class="btn" onClick={() => void readBatches()}>
            {t('fix_retry')}
          </button>
        </div>
      )}
      {list && (list.length > 0 ? <List list={list} /> : <None />)}
      {all && all.attempts > 0 && (
        <section class="card" aria-labelledby="past-metrics">
          <h3 id="past-metrics">{t('skills_past_metrics')}</h3>
          <Metrics metrics={all} />
        </section>
      )}
    </div>
  );
}
