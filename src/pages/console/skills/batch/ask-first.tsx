import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../../messages/words.ts';
import { ActButton } from './act-button.tsx';

interface Props {
  label: string;
  /** What will happen, and what will not. */
  question: string;
  yes: string;
  no?: string;
  run: () => Promise<unknown>;
  quiet?: boolean;
  name?: string;
  tabStop?: boolean;
}

/** For what cannot be taken back: it asks in place, with the answer that changes nothing in focus. */
export function AskFirst({ label, question, yes, no = t('skills_batch_no'), run, quiet = false, name, tabStop = true }: Props) {
  const asking = useSignal(false);
  const place = useRef<HTMLFieldSetElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (asking.value) place.current?.querySelector('button')?.focus();
    else if (was.current) opener.current?.focus();
    was.current = asking.value;
  }, [asking.value]);
  if (!asking.value)
    return (
      <button
        ref={opener}
        type="button"
        class={quiet ? 'btn quiet' : 'btn'}
        aria-label={name}
        tabIndex={tabStop ? undefined : -1}
        onClick={() => {
          asking.value = true;
        }}
      >
        {label}
      </button>
    );
  return (
    <fieldset
      ref={place}
      class="ask-first"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') asking.value = false;
      }}
    >
      <p class="sm">{question}</p>
      <button
        type="button"
        class="btn"
        onClick={() => {
          asking.value = false;
        }}
      >
        {no}
      </button>
      <ActButton
        label={yes}
        look="danger"
        run={async () => {
          await run();
          asking.value = false;
        }}
      />
    </fieldset>
  );
}
