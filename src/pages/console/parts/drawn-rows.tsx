/** What tables of which only the rows near the screen exist have in common; `span.ts` says which rows those are. */

/** Where the rows that are not drawn would be. */
export function Room({ height }: { height: number }) {
  return (
    <tbody aria-hidden="true">
      <tr class="gap" style={{ blockSize: `${height}px` }} />
    </tbody>
  );
}

/** The part of the page that scrolls with the table in it. */
export const scrollerOf = (table: HTMLElement | null) => table?.closest('main') ?? null;

/** What can be seen of the rows within it. @param rowHeight px */
export function measure(table: HTMLTableElement, scroller: HTMLElement, rowHeight: number) {
  const box = scroller.getBoundingClientRect();
  const top = table.getBoundingClientRect().top + (table.tHead?.offsetHeight ?? 0);
  return { scrolled: box.top - top, height: box.height, rowHeight };
}
