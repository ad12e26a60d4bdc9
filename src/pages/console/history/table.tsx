import { computed, signal, useSignal } from '@preact/signals';
import { Component } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { categoryLabel, stateName } from '../../parts/category.ts';
import { formatCount } from '../../parts/count.ts';
import { nextIndex } from '../../parts/roving.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { nameOf } from '../diagnosis/names.ts';
import { measure, Room, scrollerOf } from '../parts/drawn-rows.tsx';
import { FindField } from '../parts/find-field.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { type Span, scrollFor, spanOf } from '../parts/span.ts';
import { type Counted, listed } from './counts.ts';
import { COLUMNS, type Column, type Filter, filterRows, nextSorting, type Row, type Sorting, sortRows } from './rows.ts';
import { lastMs, question } from './state.ts';
import { clocksChange, formatEnds, lasted, what } from './words.ts';

/** As in history.css: the windowing counts on it. */
const ROW_HEIGHT = 32;

const LABELS: Record<Column, MessageKey> = {
  name: 'console_column_name',
  from: 'history_column_from',
  to: 'history_column_to',
  lasted: 'history_column_lasted',
  state: 'console_column_state',
  reason: 'console_column_reason',
  source: 'history_column_source',
};
const SOURCES = {
  tenant: 'history_source_tenant',
  seen: 'history_source_seen',
  unknown: 'history_source_unknown',
} as const satisfies Record<Row['segment']['source'], MessageKey>;

const NO_FILTER: Filter = { words: '', category: null };
const sorting = signal<Sorting>({ column: 'from', descending: false });
const filter = signal<Filter>(NO_FILTER);
/** The row that Tab goes to; arrows move it. */
const active = signal(0);

/** What is drawn once stays drawn: a row is the same for as long as its agent's stretches are. */
const made = new WeakMap<Counted, { name: string; rows: Row[] }>();

function rowsOf(one: Counted): Row[] {
  const name = nameOf(one.agentId);
  const known = made.get(one);
  if (known?.name === name) return known.rows;
  const rows = one.segments.map((segment) => ({ agentId: one.agentId, name, segment }));
  made.set(one, { name, rows });
  return rows;
}

const all = computed((): Row[] => listed.value.flatMap(rowsOf));
const present = computed(
  () =>
    new Set<Category>(
      listed.value.flatMap(({ totals }) => [
        ...totals.byCategory.map(({ category }) => category),
        ...(totals.unknownMs > 0 ? (['unknown'] as const) : []),
      ]),
    ),
);
const rows = computed(() => sortRows(filterRows(all.value, filter.value, categoryLabel), sorting.value));

/** Somewhere in the range clocks are changed: some times are longer then. */
const changesClocks = computed(() => question.value !== null && clocksChange(question.value));

function HeadCell({ column }: { column: Column }) {
  const { column: by, descending } = sorting.value;
  return (
    <SortHead
      column={column}
      label={LABELS[column]}
      sorted={by !== column ? null : descending ? 'descending' : 'ascending'}
      onSort={() => {
        sorting.value = nextSorting(sorting.peek(), column);
      }}
    />
  );
}

interface RowProps {
  row: Row;
  index: number;
  several: boolean;
  tabStop: boolean;
}

class TableRow extends Component<RowProps> {
  override shouldComponentUpdate({ row, index, several, tabStop }: RowProps): boolean {
    const now = this.props;
    return row !== now.row || index !== now.index || several !== now.several || tabStop !== now.tabStop;
  }

  override render() {
    const { row, index, several, tabStop } = this.props;
    const { segment, name } = row;
    const { category, reason, source } = segment;
    const [from, to] = formatEnds(segment, lastMs.peek());
    const label = categoryLabel(category);
    const state = source === 'unknown' ? what(segment) : stateName(segment);
    return (
      <tr data-index={index} aria-rowindex={index + 2} tabIndex={tabStop ? 0 : -1}>
        {several && (
          <td class="c-name cut" title={name}>
            <bdi>{name}</bdi>
          </td>
        )}
        <td class="c-from">{from}</td>
        <td class="c-to">{to}</td>
        <td class="c-lasted">{lasted(segment)}</td>
        <td class="c-state cut" title={state}>
          <StateMark category={category} />
          {source !== 'unknown' && state !== label && <span class="unseen">{label}: </span>}
          {state}
          <span class="under">{reason}</span>
        </td>
        <td class="c-reason cut" title={reason}>
          {reason}
        </td>
        <td class="c-source cut">{t(SOURCES[source])}</td>
      </tr>
    );
  }
}

/** Tens of thousands of stretches: only those near the screen exist. */
function Stretches({ several }: { several: boolean }) {
  const place = useRef<HTMLTableElement>(null);
  const shown = rows.value;
  const count = shown.length;
  const span = useSignal<Span>(spanOf({ scrolled: -1000, height: 800, rowHeight: ROW_HEIGHT, count }));
  const draw = () => {
    const scroller = scrollerOf(place.current);
    if (!place.current || !scroller) return;
    const next = spanOf({ ...measure(place.current, scroller, ROW_HEIGHT), count: rows.peek().length });
    const now = span.peek();
    if (next.first !== now.first || next.end !== now.end || next.after !== now.after) span.value = next;
  };
  useLayoutEffect(draw, [count]);
  useEffect(() => {
    const table = place.current;
    const scroller = scrollerOf(table);
    if (!table || !scroller) return;
    const sizes = new ResizeObserver(draw);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', draw, { passive: true });
    const onKey = (event: KeyboardEvent) => {
      const row = (event.target as Element).closest<HTMLElement>('tr[data-index]');
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const index = nextIndex(event.key, Number(row.dataset.index), rows.peek().length);
      if (index < 0) return;
      event.preventDefault();
      const view = measure(table, scroller, ROW_HEIGHT);
      const to = scrollFor(index, view, ROW_HEIGHT);
      if (to !== null) scroller.scrollBy(0, to - view.scrolled);
      active.value = index;
      draw();
      // The row may exist only after the next drawing.
      requestAnimationFrame(() => table.querySelector<HTMLElement>(`tr[data-index="${index}"]`)?.focus({ preventScroll: true }));
    };
    table.addEventListener('keydown', onKey);
    return () => {
      sizes.disconnect();
      scroller.removeEventListener('scroll', draw);
      table.removeEventListener('keydown', onKey);
    };
  }, []);
  const { first, before } = span.value;
  const end = Math.min(span.value.end, count);
  const stop = active.value >= first && active.value < end ? active.value : first;
  return (
    <table
      class={`sorted stretches${several ? ' several' : ''}${changesClocks.value ? ' longer' : ''}`}
      ref={place}
      aria-rowcount={count + 1}
    >
      <caption class="unseen">{t('history_tableCaption')}</caption>
      <thead>
        <tr>
          {COLUMNS.filter((column) => several || column !== 'name').map((column) => (
            <HeadCell key={column} column={column} />
          ))}
        </tr>
      </thead>
      <Room height={before} />
      <tbody>
        {shown.slice(first, end).map((row, index) => (
          <TableRow
            key={`${row.agentId} ${row.segment.fromMs} ${row.segment.stateName} ${row.segment.toMs}`}
            row={row}
            index={first + index}
            several={several}
            tabStop={first + index === stop}
          />
        ))}
      </tbody>
      <Room height={(count - end) * ROW_HEIGHT} />
    </table>
  );
}

function FilterBar() {
  const { words, category } = filter.value;
  const [total, count] = [all.value.length, rows.value.length];
  return (
    <div class="filters">
      <FindField
        label="history_filter"
        placeholder="history_filterShort"
        value={words}
        onFind={(typed) => {
          filter.value = { ...filter.peek(), words: typed };
        }}
      />
      <select
        class="field"
        aria-label={t('history_filterState')}
        value={category ?? ''}
        onChange={(event) => {
          const chosen = CATEGORIES.find((each) => each === event.currentTarget.value) ?? null;
          filter.value = { ...filter.peek(), category: chosen };
        }}
      >
        <option value="">{t('history_anyState')}</option>
        {CATEGORIES.filter((each) => present.value.has(each) || each === category).map((each) => (
          <option key={each} value={each}>
            {categoryLabel(each)}
          </option>
        ))}
      </select>
      <p class="mut" role="status">
        {count === total ? t('history_count', formatCount(count)) : t('history_countOf', formatCount(count), formatCount(total))}
      </p>
    </div>
  );
}

/** All that the picture shows, as a table: to be read, searched and sorted. */
export function StretchTable() {
  const several = listed.value.length > 1;
  if (all.value.length === 0) return null;
  return (
    <section class="card stretch-card" aria-labelledby="stretches">
      <h3 id="stretches">{t('history_table')}</h3>
      <FilterBar />
      {rows.value.length > 0 ? (
        <Stretches several={several} />
      ) : (
        <div class="step">
          <h4>{t('history_noMatch')}</h4>
          <button
            type="button"
            class="btn"
            onClick={() => {
              filter.value = NO_FILTER;
            }}
          >
            {t('history_showAll')}
          </button>
        </div>
      )}
    </section>
  );
}
