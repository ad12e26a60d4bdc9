import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { CheckedRow } from '../../../../domain/skills/check-rows.ts';
import type { Column } from '../../../../domain/skills/columns.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { download } from '../../../parts/download.ts';
import { CloseIcon } from '../../../parts/icons.tsx';
import { say } from '../../../parts/notice.tsx';
import { traits } from '../access.ts';
import { type Column as Shown, VirtualTable } from '../listing/virtual-table.tsx';
import { badRowsCsv } from './bad-rows.ts';
import { columnLabel, issueLine, issueLines } from './issue-words.ts';
import {
  bad,
  editCell,
  good,
  isPlanned,
  leaveOut,
  listing,
  mapping,
  next,
  planNext,
  plannedCount,
  rows,
  source,
  takeBack,
  wasBad,
} from './many.ts';
import { columnsFor } from './rows.ts';

/** A cell of a row that was wrong: corrected where it stands. It is looked at when one leaves it, or by Enter. */
function Editable({ row, column }: { row: CheckedRow; column: Column }) {
  const wrong = row.problems.some((issue) => issue.column === column);
  return (
    <input
      class="field cell"
      aria-label={t('skills_in_cell', columnLabel(column), row.line)}
      aria-invalid={wrong}
      value={row.raw.cells[column]}
      maxLength={500}
      spellcheck={false}
      autocomplete="off"
      onChange={(event) => editCell(row.line, column, event.currentTarget.value)}
    />
  );
}

function Cell({ row, column }: { row: CheckedRow; column: Column }) {
  if (wasBad.peek().has(row.line)) return <Editable row={row} column={column} />;
  const text = row.raw.cells[column];
  return (
    <span class="line" title={text}>
      {text}
    </span>
  );
}

/** Where there is no room for all columns: the first cell that is wrong. It stays in hand when it has become right. */
function FirstWrong({ row }: { row: CheckedRow }) {
  const last = useRef<{ line: number; column: Column } | null>(null);
  const wrong = row.problems.find((issue) => issue.column !== null)?.column;
  if (wrong) last.current = { line: row.line, column: wrong };
  if (last.current?.line === row.line) return <Editable row={row} column={last.current.column} />;
  return (
    <span class="line">{[row.raw.cells.userId, row.raw.cells.skillId, row.raw.cells.level].filter(Boolean).join(' · ')}</span>
  );
}

function drop(line: number): void {
  leaveOut(line);
  say(t('skills_in_leftOut', line), () => takeBack(line));
}

function Verdict({ row }: { row: CheckedRow }) {
  const text = issueLines(row.problems);
  if (isPlanned(row.line)) return <span class="mut">{t('skills_in_handedOn')}</span>;
  if (text === '') return <span class={wasBad.peek().has(row.line) ? 'fixed' : 'mut'}>{t('skills_in_right')}</span>;
  return (
    <span class="row-verdict">
      <span class="two wrong" title={text}>
        {row.problems.map((issue) => (
          <span key={`${issue.column} ${issue.code}`}>{issueLine(issue)} </span>
        ))}
      </span>
      <button
        type="button"
        class="btn icon"
        aria-label={t('skills_in_leaveOut', row.line)}
        title={t('skills_in_leaveOut', row.line)}
        onClick={() => drop(row.line)}
      >
        <CloseIcon />
      </button>
    </span>
  );
}

function shownColumns(columns: readonly Column[]): Shown<CheckedRow>[] {
  return [
    { id: 'at', label: t('skills_in_line'), cell: ({ line }) => (line === 0 ? '' : line) },
    ...columns.map((column) => ({
      id: column,
      label: columnLabel(column),
      cell: (row: CheckedRow) => <Cell row={row} column={column} />,
    })),
    { id: 'first', label: t('skills_in_cellShort'), cell: (row) => <FirstWrong row={row} /> },
    { id: 'verdict', label: t('skills_in_verdict'), cell: (row) => <Verdict row={row} /> },
  ];
}

function saveBad(): void {
  const name = `${(source.peek()?.name || t('skills_in_pastedFile')).replace(/\.\w+$/, '')}-${t('skills_in_badFile')}.csv`;
  const columns = columnsFor(traits.peek()).filter((column) => mapping.peek()?.[column] !== null);
  download(name, new Blob([badRowsCsv(bad.peek(), columns, issueLines)], { type: 'text/csv;charset=utf-8' }));
  say(t('history_saved', name));
}

function Acts() {
  const busy = useSignal(false);
  const [count, more] = [next.value.length, good.value.length - next.value.length];
  const onClick = async () => {
    if (busy.value || count === 0) return;
    busy.value = true;
    await planNext();
    busy.value = false;
  };
  return (
    <>
      <div class="acts">
        <button type="button" class="btn main" aria-disabled={busy.value || count === 0} onClick={() => void onClick()}>
          {busy.value ? t('fix_busy') : t(count === 1 ? 'skills_in_check_one' : 'skills_in_check', formatCount(count))}
        </button>
        {bad.value.length > 0 && (
          <button type="button" class="btn" onClick={saveBad}>
            {t(bad.value.length === 1 ? 'skills_in_saveBad_one' : 'skills_in_saveBad', formatCount(bad.value.length))}
          </button>
        )}
        <p class="mut">{t('skills_in_nothingYet')}</p>
      </div>
      {more > 0 && <p>{t('skills_in_more', formatCount(count), formatCount(more))}</p>}
    </>
  );
}

/** What came of checking: how many are right, what is wrong with the others, and the way on for those that are right. */
export function ResultCard() {
  const shown = rows.value;
  const used = mapping.value;
  const columns = useMemo(
    () => shownColumns(columnsFor(traits.value).filter((column) => used?.[column] !== null)),
    [used, traits.value],
  );
  const said = useComputed(() => t('skills_in_counts', formatCount(good.value.length), formatCount(bad.value.length))).value;
  if (!shown) return null;
  return (
    <section class="card result" aria-labelledby="result">
      <h2 id="result">{t('skills_in_result')}</h2>
      <p class="unseen" role="status">
        {said}
      </p>
      <dl class="counts">
        <div>
          <dt>{t('skills_in_good')}</dt>
          <dd>{formatCount(good.value.length)}</dd>
        </div>
        <div class={bad.value.length > 0 ? 'bad' : undefined}>
          <dt>{t('skills_in_bad')}</dt>
          <dd>{formatCount(bad.value.length)}</dd>
        </div>
        {plannedCount.value > 0 && (
          <div>
            <dt>{t('skills_in_planned')}</dt>
            <dd>{formatCount(plannedCount.value)}</dd>
          </div>
        )}
      </dl>
      <Acts />
      <VirtualTable
        key={columns.map(({ id }) => id).join()}
        list={listing}
        columns={columns}
        caption={t('skills_in_tableCaption')}
        class="checked-rows"
      />
    </section>
  );
}
