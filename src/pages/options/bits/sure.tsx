import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** What is lost. */
  text: string;
  keep: string;
  yes: string;
  onKeep: () => void;
  onYes: () => Promise<void>;
}

/** The second step before what cannot be undone. The harmless button has the focus, so that a double press of Enter does nothing. */
export function Sure({ title, text, keep, yes, onKeep, onYes }: Props) {
  const busy = useSignal(false);
  const harmless = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => harmless.current?.focus(), []);
  const go = async () => {
    if (busy.peek()) return;
    busy.value = true;
    await onYes();
    busy.value = false;
  };
  return (
    <fieldset class="acts sure" aria-label={title}>
      <p class="callout-title">{title}</p>
      <p class="sure-text">{text}</p>
      <button type="button" class="btn" ref={harmless} onClick={onKeep}>
        {keep}
      </button>
      <button type="button" class="btn danger" disabled={busy.value} onClick={() => void go()}>
        {yes}
      </button>
    </fieldset>
  );
}
