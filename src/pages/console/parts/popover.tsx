import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ChevronIcon } from '../../parts/icons.tsx';
import './popover.css';

interface Props {
  /** What the panel is for, said when it opens. */
  label: string;
  /** On the button. */
  text: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
  class?: string;
}

/** A button and what unfolds beneath it: focus goes in and comes back; Escape and a click elsewhere close it and change nothing. */
export function Popover({ label, text, children, class: look = '' }: Props) {
  const open: Signal<boolean> = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const close = () => {
    open.value = false;
    place.current?.querySelector('button')?.focus();
  };
  useEffect(() => {
    if (!open.value) return;
    place.current?.querySelector<HTMLElement>('.panel [autofocus], .panel input, .panel button')?.focus();
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) open.value = false;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      close();
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
      document.removeEventListener('keydown', onKey);
    };
  }, [open.value]);
  return (
    <div class={`popover ${look}`} ref={place}>
      <button
        type="button"
        class="btn"
        aria-haspopup="dialog"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {text}
        <ChevronIcon />
      </button>
      {open.value && (
        <div class="panel" role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
