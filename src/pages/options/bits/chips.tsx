import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { CloseIcon } from '../../parts/icons.tsx';

interface Props {
  id: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** What the list is called, for screen readers. */
  label: string;
  /** Names of the input, where it has no visible label of its own. */
  inputLabel: string;
  describedBy?: string;
  invalid?: boolean;
  disabled?: boolean;
  /** What ends a value; scopes have no spaces in them, reasons may. */
  separators: RegExp;
  code?: boolean;
  /** Values to choose from; any other can be typed. */
  suggestions?: readonly string[];
  onLeave?: () => void;
}

/** Free words as chips: Enter or a separator adds, Backspace in the empty field takes the last one back into it. */
export function Chips(props: Props) {
  const { values, separators, disabled = false, code = false, suggestions = [] } = props;
  const typed = useSignal('');
  const input = useRef<HTMLInputElement>(null);

  const put = (found: string[]) => {
    if (found.length > 0) props.onChange([...new Set([...values, ...found])]);
    typed.value = '';
  };
  const add = (text: string) => {
    const found = text.split(separators).map((value) => value.trim());
    put(found.filter((value) => value !== ''));
  };
  const remove = (value: string) => {
    props.onChange(values.filter((other) => other !== value));
    input.current?.focus();
  };
  const onInput = (text: string, event: Event) => {
    // Chosen from the list, whole: what was only typed may go on, and a name of the tenant's may have a comma in it.
    const chosen = !(event instanceof InputEvent) || event.inputType === 'insertReplacementText';
    if (chosen && suggestions.includes(text)) put([text]);
    else if (separators.test(text)) add(text);
    else typed.value = text;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && typed.value.trim() !== '') {
      event.preventDefault();
      add(typed.value);
    } else if (event.key === 'Backspace' && typed.value === '' && values.length > 0) {
      event.preventDefault();
      typed.value = values.at(-1) ?? '';
      props.onChange(values.slice(0, -1));
    }
  };

  return (
    <div class="chips">
      {values.length > 0 && (
        <ul class="plain chip-list" aria-label={props.label}>
          {values.map((value) => (
            <li key={value} class={`chip ${code ? 'code' : ''}`}>
              <bdi>{value}</bdi>
              {!disabled && (
                <button
                  type="button"
                  class="chip-remove"
                  aria-label={t('options_removeNamed', value)}
                  onClick={() => remove(value)}
                >
                  <CloseIcon />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!disabled && (
        <input
          ref={input}
          id={props.id}
          class={`field chip-input ${code ? 'code' : ''}`}
          type="text"
          value={typed.value}
          aria-label={props.inputLabel}
          aria-describedby={props.describedBy}
          aria-invalid={props.invalid ?? false}
          placeholder={t('options_chipHint')}
          spellcheck={false}
          autocomplete="off"
          list={suggestions.length > 0 ? `${props.id}-list` : undefined}
          onInput={(event) => onInput(event.currentTarget.value, event)}
          onKeyDown={onKeyDown}
          onBlur={() => {
            add(typed.value);
            props.onLeave?.();
          }}
        />
      )}
      {suggestions.length > 0 && (
        <datalist id={`${props.id}-list`}>
          {suggestions.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </div>
  );
}
