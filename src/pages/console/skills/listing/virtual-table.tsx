import { signal, useSignal } from '@preact/signals';
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { nextIndex } from '../../../parts/roving.ts';
import { measure, Room, scrollerOf } from '../../parts/drawn-rows.tsx';
import { type Span, scrollFor, spanOf } from '../../parts/span.ts';
import './listing.css';
import type { PagedList } from './paged.ts';

/** So many stand in for what is being read. */
const BONES = 8;
/** As in listing.css: the windowing counts on it. Two lines of text. */
const ROW_HEIGHT = 48;

export interface Column<R> {
  /** Its class is `c-<id>`. */
  id: string;
  label: string;
  /** `tabStop`: the row is the one that Tab goes to, and so are the buttons in it. */
  cell: (row: R, tabStop: boolean) => ComponentChildren;
}

interface RowProps<R> {
  row: R | undefined;
  index: number;
  columns: readonly Column<R>[];
  tabStop: boolean;
  current: boolean;
}

class TableRow<R> extends Component<RowProps<R>> {
  override shouldComponentUpdate({ row, index, columns, tabStop, current }: RowProps<R>): boolean {
    const now = this.props;
    return (
      row !== now.row || index !== now.index || columns !== now.columns || tabStop !== now.tabStop || current !== now.current
    );
  }

  override render() {
    const { row, index, columns, tabStop, current } = this.props;
    return (
      <tr data-index={index} aria-rowindex={index + 2} tabIndex={tabStop ? 0 : -1} class={current ? 'current' : undefined}>
        {columns.map(({ id, cell }) => (
          <td key={id} class={`c-${id}`}>
            {row === undefined ? <span class="bone" /> : cell(row, tabStop)}
          </td>
        ))}
      </tr>
    );
  }
}

interface Props<R> {
  list: Pick<PagedList<R>, 'total' | 'version' | 'rowAt' | 'look'>;
  columns: readonly Column<R>[];
  /** For who hears the page. */
  caption: string;
  class: string;
  /** A row was chosen: by a click on it, or Enter. */
  open?: (row: R) => void;
  isCurrent?: (row: R) => boolean;
}

/** A table of which only the rows near the screen exist, and of which only those are asked for. */
export function VirtualTable<R>({ list, columns, caption, class: look, open, isCurrent }: Props<R>) {
  const place = useRef<HTMLTableElement>(null);
  /** The row that Tab goes to; arrows move it. */
  const active = useMemo(() => signal(0), [list]);
  void list.version.value;
  const count = list.total.value ?? 0;
  const span = useSignal<Span>(spanOf({ scrolled: -1000, height: 800, rowHeight: ROW_HEIGHT, count }));
  const draw = () => {
    const scroller = scrollerOf(place.current);
    if (!place.current || !scroller) return;
    const next = spanOf({ ...measure(place.current, scroller, ROW_HEIGHT), count: list.total.peek() ?? 0 });
    const now = span.peek();
    if (next.first !== now.first || next.end !== now.end || next.after !== now.after) span.value = next;
    list.look(next.first, next.end);
  };
  useLayoutEffect(draw, [count, list]);
  // What was pressed in a row may have gone with it: the row itself takes the focus, so that nobody loses their place.
  useLayoutEffect(() => {
    const index = place.current?.dataset.focusIndex;
    if (index !== undefined && document.activeElement === document.body)
      place.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`)?.focus({ preventScroll: true });
  });
  const opens = useRef(open);
  opens.current = open;
  useEffect(() => {
    const table = place.current;
    const scroller = scrollerOf(table);
    if (!table || !scroller) return;
    const sizes = new ResizeObserver(draw);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', draw, { passive: true });
    const rowOf = (target: EventTarget | null) => (target as Element).closest<HTMLElement>('tr[data-index]');
    const onKey = (event: KeyboardEvent) => {
      const row = rowOf(event.target);
      // What is typed into a cell is the cell's.
      const typing = (event.target as Element).matches('input, select');
      if (!row || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = Number(row.dataset.index);
      if (event.key === 'Enter' && event.target === row) {
        const chosen = list.rowAt(at);
        if (chosen !== undefined) opens.current?.(chosen);
        return;
      }
      const index = nextIndex(event.key, at, list.total.peek() ?? 0);
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
    const onClick = (event: MouseEvent) => {
      const row = rowOf(event.target);
      // Marking text to copy it is no choice, nor is a button's click.
      if (!row || (event.target as Element).closest('button, a, input') || getSelection()?.type === 'Range') return;
      const at = Number(row.dataset.index);
      active.value = at;
      const chosen = list.rowAt(at);
      if (chosen !== undefined) opens.current?.(chosen);
    };
    const onIn = ({ target }: FocusEvent) => {
      const row = rowOf(target);
      if (row?.dataset.index !== undefined) table.dataset.focusIndex = row.dataset.index;
    };
    const onOut = ({ target }: FocusEvent) => {
      // Drawing anew takes focus away, too; what was focused is not there any more then.
      queueMicrotask(() => {
        if ((target as Element).isConnected && !table.contains(document.activeElement)) delete table.dataset.focusIndex;
      });
    };
    table.addEventListener('focusin', onIn);
    table.addEventListener('focusout', onOut);
    table.addEventListener('keydown', onKey);
    table.addEventListener('click', onClick);
    return () => {
      sizes.disconnect();
      scroller.removeEventListener('scroll', draw);
      table.removeEventListener('focusin', onIn);
      table.removeEventListener('focusout', onOut);
      table.removeEventListener('keydown', onKey);
      table.removeEventListener('click', onClick);
    };
  }, [list]);
  const { first, before } = span.value;
  const end = list.total.value === null ? BONES : Math.min(Math.max(span.value.end, first + 16), count);
  const stop = active.value >= first && active.value < end ? active.value : first;
  return (
    <table class={`listing ${look}${open ? ' opens' : ''}`} ref={place} aria-rowcount={count + 1}>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ id, label }) => (
            <th key={id} scope="col" class={`c-${id}`}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <Room height={before} />
      <tbody>
        {Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
          const index = first + offset;
          const row = list.rowAt(index);
          return (
            <TableRow
              key={index}
              row={row}
              index={index}
              columns={columns as readonly Column<unknown>[]}
              tabStop={index === stop}
              current={row !== undefined && (isCurrent?.(row) ?? false)}
            />
          );
        })}
      </tbody>
      <Room height={Math.max(0, count - end) * ROW_HEIGHT} />
    </table>
  );
}
