import type { Signal } from '@preact/signals';
import { type MessageKey, t } from '../../../messages/words.ts';

interface Props {
  id: string;
  label: string;
  value: Signal<string>;
  note: MessageKey | null;
  /** Shown as dots. The id of a key is no secret, and typing it blindly helps nobody. */
  secret: boolean;
}

/** A field whose value is handed over and not kept: no draft of it, no suggestion for it. */
export function SecretField({ id, label, value, note, secret }: Props) {
  return (
    <div class={`row ${note ? 'wrong' : ''}`}>
      <label class="row-label" for={id}>
        {label}
      </label>
      <div class="row-body">
        <input
          id={id}
          class="field code"
          {...(secret
            ? { type: 'password' as const, autocomplete: 'new-password' as const }
            : { type: 'text' as const, autocomplete: 'off' as const })}
          value={value.value}
          autocapitalize="off"
          spellcheck={false}
          aria-required
          aria-invalid={note !== null}
          aria-describedby={`${id}-note`}
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value;
          }}
        />
        <div id={`${id}-note`} aria-live="polite">
          {note && <p class="note">{t(note)}</p>}
        </div>
      </div>
    </div>
  );
}
