import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What is read first of a page that has changed under the reader: the verdict, else the title. */
const LANDINGS = ['[data-landing=verdict]', '[data-landing=title]'];

function land(area: HTMLElement | null): void {
  const places = LANDINGS.map((selector) => area?.querySelector<HTMLElement>(selector));
  places.find(Boolean)?.focus({ preventScroll: true });
}

/**
 * Whoever was in `area` when a run ended is brought to the verdict; nobody else is. Neither is anybody left nowhere when the button
 * they pressed is gone. `ended`: the verdict is there.
 */
export function useLanding(area: RefObject<HTMLElement | null>, ended: boolean): void {
  const was = useRef(ended);
  // Read while drawing: what had the focus may not be there afterwards.
  const held = area.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const justEnded = ended && !was.current;
    was.current = ended;
    if (held && (justEnded || document.activeElement === document.body)) land(area.current);
  });
}

/** The same for going from one view of the room to another by a link that is gone then; `view` null: there is none yet. A new view begins at its top. */
export function useArrival(area: RefObject<HTMLElement | null>, view: string | null): void {
  const was = useRef(view);
  useLayoutEffect(() => {
    const from = was.current;
    was.current = view;
    if (from === null || from === view) return;
    area.current?.closest('main')?.scrollTo(0, 0);
    if (document.activeElement === document.body) land(area.current);
  }, [view]);
}
