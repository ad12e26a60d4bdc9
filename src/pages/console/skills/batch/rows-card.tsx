import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { SKILL_TRAITS } from '../../../../domain/skills/assignment.ts';
import type { Batch, BatchRow } from '../../../../domain/skills/batch.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { zone } from '../input/zones.ts';
import { type PagedList, pagedList } from '../listing/paged.ts';
import { VirtualTable } from '../listing/virtual-table.tsx';
import { ActButton } from './act-button.tsx';
import { decideAll, pause, suggest, takeSuggestions } from './actions.ts';
import { ConfirmRows } from './confirm-rows.tsx';
import { saveRefused } from './files.ts';
import { SkillMark } from './marks.tsx';
import { useNames } from './names.ts';
import { choices, decidable, type Kind, narrowed, sameKind } from './narrow.ts';
import { decideColumns, lookColumns } from './row-columns.tsx';
import { RowDetails } from './row-details.tsx';
import { figuresOf, rowsOf } from './state.ts';
import { diffLabel, stateLabel } from './words.ts';

function Chips({ batch, kind, choose }: { batch: Batch; kind: Kind; choose: (kind: Kind) => void }) {
  return (
    <fieldset class="chips" aria-label={t('skills_batch_filter')}>
      {choices(batch, kind).map(({ kind: each, count }) => {
        const [of, label] =
          each === null
            ? [null, t('skills_batch_all')]
            : 'diff' in each
              ? [each.diff, diffLabel(each.diff)]
              : [each.state, stateLabel(each.state)];
        return (
          <button
            key={JSON.stringify(each)}
            type="button"
            class="chip"
            aria-pressed={sameKind(kind, each)}
            onClick={() => choose(each)}
          >
            {of && <SkillMark of={of} />}
            {label} <b>{formatCount(count)}</b>
          </button>
        );
      })}
    </fieldset>
  );
}

/** How far asking CXone for figures has come, and how to end it; or that it has failed. */
function Asking({ batch }: { batch: Batch }) {
  const figures = figuresOf(batch.id);
  if (!figures) return null;
  const { done, of, failed } = figures;
  if (failed)
    return (
      <p class="sm rows-note bad" role="alert">
        {t('error_batchFigures')}
      </p>
    );
  return (
    <div class="rows-note figures-asked">
      <p class="sm">{t('skills_batch_asking', formatCount(done), formatCount(of))}</p>
      <progress aria-label={t('skills_batch_suggest')} value={of > 0 ? done / of : 0} />
      <ActButton label={t('skills_batch_askingStop')} run={() => pause(batch)} />
    </div>
  );
}

/** What can be done with the rows in sight: suggested levels before, the user's word after. */
function Tools({ batch, kind, withSuggestions }: { batch: Batch; kind: Kind; withSuggestions: boolean }) {
  const state = decidable(kind);
  const refused = batch.counts.diffs.refused;
  const asking = figuresOf(batch.id)?.failed === false;
  const canSuggest =
    !asking && batch.status === 'ready' && SKILL_TRAITS[batch.target.profile].suggestions && batch.counts.states.planned > 0;
  if (state === null && refused === 0 && !canSuggest) return null;
  return (
    <div class="acts">
      {canSuggest && (
        <ActButton label={t(withSuggestions ? 'skills_batch_suggestAgain' : 'skills_batch_suggest')} run={() => suggest(batch)} />
      )}
      {canSuggest && withSuggestions && <ActButton label={t('skills_batch_takeAll')} run={() => takeSuggestions(batch)} />}
      {state !== null && (
        <>
          {batch.status !== 'cancelled' && (
            <ConfirmRows
              rows={batch.counts.states[state]}
              label={t('skills_batch_oursAll', formatCount(batch.counts.states[state]))}
              run={() => decideAll(batch, state, 'ours')}
            />
          )}
          <ActButton
            label={t('skills_batch_theirsAll', formatCount(batch.counts.states[state]))}
            run={() => decideAll(batch, state, 'theirs')}
          />
        </>
      )}
      {refused > 0 && <ActButton label={t('skills_batch_saveRefused', formatCount(refused))} run={() => saveRefused(batch)} />}
    </div>
  );
}

/** Rows are read again when they may have changed: what is published with the batch tells. */
function useRows(batch: Batch, kind: Kind): PagedList<BatchRow> {
  const list = useMemo(() => pagedList(rowsOf(batch.id, narrowed(kind))), [batch.id, JSON.stringify(kind)]);
  useEffect(() => () => list.stop(), [list]);
  const begunWith = useRef<typeof list | null>(null);
  useEffect(() => {
    if (begunWith.current === list) list.refresh();
    else list.look(0, 1);
    begunWith.current = list;
  }, [list, batch.updatedMs, batch.status, JSON.stringify(batch.counts)]);
  return list;
}

const anySuggestion = (list: PagedList<BatchRow>): boolean => {
  const total = list.total.value ?? 0;
  void list.version.value;
  for (let index = 0; index < Math.min(total, 400); index++) if (list.rowAt(index)?.suggestion) return true;
  return false;
};

/** The row of that index of the batch, where it is among those that are held: it was in sight when it was opened. */
function rowOf(list: PagedList<BatchRow>, opened: number | null): BatchRow | null {
  void list.version.value;
  if (opened === null) return null;
  for (let at = 0; at < (list.total.value ?? 0); at++) {
    const row = list.rowAt(at);
    if (row?.index === opened) return row;
  }
  return null;
}

interface Props {
  batch: Batch;
  kind: Kind;
  choose: (kind: Kind) => void;
}

/** The rows of a batch as a table, one kind of them at a time. */
export function RowsCard({ batch, kind, choose }: Props) {
  useNames();
  const list = useRows(batch, kind);
  const traits = SKILL_TRAITS[batch.target.profile];
  const opened = useSignal<number | null>(null);
  const hasSuggestions = batch.status === 'ready' && traits.suggestions && anySuggestion(list);
  const deciding = decidable(kind) !== null;
  const columns = useMemo(
    () => (deciding ? decideColumns(batch, traits) : lookColumns(batch, traits, hasSuggestions)),
    [batch.id, batch.status, batch.confirmed, traits, hasSuggestions, deciding],
  );
  const row = rowOf(list, opened.value);
  const none = list.total.value === 0;
  return (
    <section class="card rows-card" aria-labelledby="batch-rows">
      <div class="card-head">
        <h3 id="batch-rows">{t('skills_batch_rows')}</h3>
        {traits.window && <p class="mut sm">{t('history_zone', zone.value)}</p>}
        <Tools batch={batch} kind={kind} withSuggestions={hasSuggestions} />
      </div>
      <Chips batch={batch} kind={kind} choose={choose} />
      {deciding && batch.status !== 'cancelled' && <p class="sm rows-note">{t('skills_batch_decideText')}</p>}
      {hasSuggestions && <p class="sm rows-note">{t('skills_batch_suggestText')}</p>}
      {batch.status === 'ready' && <Asking batch={batch} />}
      {list.error.value !== '' && (
        <p class="sm rows-note bad" role="alert">
          {list.error.value}{' '}
          <button type="button" class="btn quiet" onClick={() => list.refresh()}>
            {t('fix_retry')}
          </button>
        </p>
      )}
      {none ? (
        <p class="mut rows-note">{t('skills_batch_noRows')}</p>
      ) : (
        <VirtualTable
          list={list}
          columns={columns}
          caption={t('skills_batch_caption')}
          class={`batch-rows${deciding ? ' deciding' : ''}${hasSuggestions ? ' suggesting' : ''}`}
          open={(chosen) => {
            opened.value = opened.peek() === chosen.index ? null : chosen.index;
          }}
          isCurrent={({ index }) => index === opened.value}
        />
      )}
      {row && (
        <RowDetails
          row={row}
          traits={traits}
          close={() => {
            opened.value = null;
          }}
        />
      )}
    </section>
  );
}
