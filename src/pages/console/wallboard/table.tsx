import { signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type MessageKey, t } from '../../../messages/words.ts';
import { nextIndex } from '../../parts/roving.ts';
import { measure, Room, scrollerOf } from '../parts/drawn-rows.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { type Span, scrollFor, spanOf } from '../parts/span.ts';
import { route } from '../route.ts';
import { shown, sorting } from './list.ts';
import { COLUMNS, type Column, nextSorting } from './order.ts';
import { ROW_HEIGHT, TableRow } from './table-row.tsx';

const LABELS: Record<Column, MessageKey> = {
  name: 'console_column_name',
  state: 'console_column_state',
  reason: 'console_column_reason',
  skill: 'console_column_skill',
  team: 'console_column_team',
  time: 'console_column_time',
};

/** The row that Tab goes to; arrows move it. */
const active = signal(0);

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

/** All agents in one table. Of ten thousand rows only those near the screen exist. */
export function AgentTable() {
  const place = useRef<HTMLTableElement>(null);
  const rows = shown.value;
  const count = rows.length;
  const span = useSignal<Span>(spanOf({ scrolled: 0, height: 800, rowHeight: ROW_HEIGHT, count }));

  const draw = () => {
    const scroller = scrollerOf(place.current);
    if (!place.current || !scroller) return;
    const next = spanOf({ ...measure(place.current, scroller, ROW_HEIGHT), count: shown.peek().length });
    const now = span.peek();
    if (next.first !== now.first || next.end !== now.end || next.after !== now.after) span.value = next;
  };
  useLayoutEffect(draw, [count]);
  useEffect(() => {
    const scroller = scrollerOf(place.current);
    if (!scroller) return;
    const sizes = new ResizeObserver(draw);
    sizes.observe(scroller);
    // What opens or closes above moves the rows without a scroll. In the next frame: drawing rows may resize what is observed.
    const moves = new ResizeObserver(() => requestAnimationFrame(draw));
    const room = place.current?.closest('.wallboard');
    if (room) moves.observe(room);
    scroller.addEventListener('scroll', draw, { passive: true });
    return () => {
      sizes.disconnect();
      moves.disconnect();
      scroller.removeEventListener('scroll', draw);
    };
  }, []);
  useEffect(() => {
    const table = place.current;
    const onKey = (event: KeyboardEvent) => {
      const row = (event.target as Element).closest<HTMLElement>('tr[data-index]');
      const scroller = scrollerOf(table);
      if (!row || !table || !scroller || event.ctrlKey || event.metaKey || event.altKey) return;
      const index = nextIndex(event.key, Number(row.dataset.index), shown.peek().length);
      if (index < 0) return;
      event.preventDefault();
      const view = measure(table, scroller, ROW_HEIGHT);
      const to = scrollFor(index, view, ROW_HEIGHT);
      if (to !== null) scroller.scrollBy(0, to - view.scrolled);
      active.value = index;
      draw();
      // The row may exist only after the next drawing.
      requestAnimationFrame(() =>
        table.querySelector<HTMLElement>(`tr[data-index="${index}"] a`)?.focus({ preventScroll: true }),
      );
    };
    table?.addEventListener('keydown', onKey);
    return () => table?.removeEventListener('keydown', onKey);
  }, []);

  const { first, before } = span.value;
  const end = Math.min(span.value.end, count);
  const after = (count - end) * ROW_HEIGHT;
  const stop = active.value >= first && active.value < end ? active.value : first;
  return (
    <table class="sorted agents" ref={place} aria-rowcount={count + 1}>
      <caption class="unseen">{t('console_tableCaption')}</caption>
      <thead>
        <tr>
          <th scope="col" class="c-watch">
            <span class="unseen">{t('console_column_watch')}</span>
          </th>
          {COLUMNS.map((column) => (
            <HeadCell key={column} column={column} />
          ))}
        </tr>
      </thead>
      <Room height={before} />
      <tbody>
        {rows.slice(first, end).map((agent, index) => (
          <TableRow
            key={agent.agentId}
            agent={agent}
            index={first + index}
            current={route.value.agent === agent.agentId}
            tabStop={first + index === stop}
          />
        ))}
      </tbody>
      <Room height={after} />
    </table>
  );
}
