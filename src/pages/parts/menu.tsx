import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { nextIndex } from './roving.ts';

export interface MenuItem {
  label: string;
  run: () => void;
  /** What tells it from another with the same label. */
  key?: string;
  /** Drawn in place of the label, and read out in place of it. */
  body?: ComponentChildren;
  /** One of the items is chosen: this one, or not. */
  checked?: boolean;
}

interface Props {
  /** The button's name; the screen's words may be shorter. */
  label: string;
  items: MenuItem[];
  /** A line above the items. */
  note?: string;
  class?: string;
  children: ComponentChildren;
}

/** A menu button after the ARIA authoring practices: arrows, Home, End, Esc, and a click elsewhere closes. */
export function MenuButton({ label, items, note, class: look = '', children }: Props) {
  const open = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const buttons = () => [...(place.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];

  useEffect(() => {
    if (!open.value) return;
    const all = buttons();
    (all.find((button) => button.ariaChecked === 'true') ?? all[0])?.focus();
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) open.value = false;
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, [open.value]);

  const close = () => {
    open.value = false;
    place.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open.value) {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        open.value = true;
      }
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
      return;
    }
    const all = buttons();
    const index = nextIndex(event.key, all.indexOf(event.target as HTMLElement), all.length);
    if (index < 0) return;
    event.preventDefault();
    all[index]?.focus();
  };

  return (
    <div class={`menu-place ${look}`} ref={place}>
      <button
        type="button"
        class="btn"
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-label={label}
        title={label}
        onKeyDown={onKeyDown}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {children}
      </button>
      {open.value && (
        <div class="menu" role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
          {note && <p role="presentation">{note}</p>}
          {items.map((item) => (
            <button
              key={item.key ?? item.label}
              type="button"
              {...(item.checked === undefined
                ? { role: 'menuitem' as const }
                : { role: 'menuitemradio' as const, 'aria-checked': item.checked })}
              tabIndex={-1}
              onClick={() => {
                close();
                item.run();
              }}
            >
              {item.body ?? item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
