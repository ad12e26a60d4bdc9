import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const STEPS: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Where focus goes for a key in a list of `count`; -1 when the key is none of ours. */
export function nextIndex(key: string, index: number, count: number): number {
  const step = STEPS[key];
  return step && count > 0 ? step(index, count - 1) : -1;
}

const SELECTOR = '[data-row]';

/**
 * One Tab stop for a whole list, arrows within it. Done on the elements themselves, as all rows would
 * otherwise be drawn anew for each key press. Rows carry `data-row` and `tabIndex={-1}`.
 */
export function useRoving(list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const place = list.current;
    if (!place) return;
    const items = rows(place);
    const current = items.find((item) => item.tabIndex === 0);
    const { focusId, focusIndex } = place.dataset;
    // The focused row was moved or went away (sorted anew, unwatched): it, or its neighbour, takes the focus again.
    if (focusId !== undefined && document.activeElement === document.body) {
      const same = items.find((item) => item.dataset.row === focusId);
      (same ?? items[Math.min(Number(focusIndex), items.length - 1)])?.focus();
    } else if (!current) {
      const first = items[0];
      if (first) first.tabIndex = 0;
    }
  });
  useLayoutEffect(() => {
    const place = list.current;
    if (!place) return;
    const onIn = ({ target }: FocusEvent) => {
      const items = rows(place);
      const row = (target as Element).closest<HTMLElement>('li')?.querySelector<HTMLElement>(SELECTOR);
      const index = row ? items.indexOf(row) : -1;
      if (!row || index < 0) return;
      for (const item of items) if (item.tabIndex === 0) item.tabIndex = -1;
      row.tabIndex = 0;
      place.dataset.focusIndex = String(index);
      place.dataset.focusId = row.dataset.row ?? '';
    };
    const onOut = ({ target }: FocusEvent) => {
      // Drawing anew takes focus away, too; by the time this runs the effect above has given it back.
      queueMicrotask(() => {
        const still = document.activeElement;
        const left = still === document.body ? (target as Element).isConnected : !place.contains(still);
        if (left) delete place.dataset.focusId;
      });
    };
    const onKey = (event: KeyboardEvent) => {
      const row = (event.target as Element).closest<HTMLElement>(SELECTOR);
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const items = rows(place);
      const index = nextIndex(event.key, items.indexOf(row), items.length);
      if (index < 0) return;
      event.preventDefault();
      items[index]?.focus();
    };
    place.addEventListener('keydown', onKey);
    place.addEventListener('focusin', onIn);
    place.addEventListener('focusout', onOut);
    return () => {
      place.removeEventListener('keydown', onKey);
      place.removeEventListener('focusin', onIn);
      place.removeEventListener('focusout', onOut);
    };
  }, []);
}

function rows(place: HTMLElement): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(SELECTOR)];
}
