import type { ComponentChildren } from 'preact';
import type { FieldNote } from '../../../domain/field-note.ts';
import { t, tCode } from '../../../messages/words.ts';
import {
  check,
  type DraftField,
  draft,
  change as edit,
  fieldId,
  noteOf,
  type TextField as TextFieldName,
  takeSuggestion,
  touch,
} from '../state/connection-form.ts';
import { isLocked } from '../state/load.ts';

/** What a control needs to be tied to its help and its note. */
export interface Aria {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

interface RowProps {
  field: DraftField;
  /** The policy key, where it is named otherwise than the field. */
  policyKey?: string;
  label: string;
  help?: ComponentChildren;
  children: (aria: Aria, locked: boolean) => ComponentChildren;
  /** The label belongs to one control; a group names itself. */
  group?: boolean;
  /** Another control of the same field: its own id, and the note stands at the other. */
  id?: string;
  withoutNote?: boolean;
}

/** A labelled row of the connection form: control, help, the note about it, and who has set it. */
export function FieldRow({
  field,
  policyKey = field,
  label,
  help,
  children,
  group = false,
  id = fieldId(field),
  withoutNote = false,
}: RowProps) {
  const note = withoutNote ? null : noteOf(field);
  const locked = isLocked(policyKey);
  const aria = { id, 'aria-describedby': `${id}-help ${id}-note`, 'aria-invalid': note?.wrong ?? false };
  return (
    <div class={`row ${note?.wrong ? 'wrong' : ''}`}>
      {group ? (
        <span class="row-label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label class="row-label" for={id}>
          {label}
        </label>
      )}
      <div class="row-body">
        {children(aria, locked)}
        <p id={`${id}-help`} class="help">
          {locked && <span class="locked">{t('options_locked')} </span>}
          {help}
        </p>
        <div id={`${id}-note`} aria-live="polite">
          {note && (
            <p class="note">
              {tCode(note.key, note.params)}{' '}
              {note.suggestion !== undefined && !locked && (
                <button type="button" class="btn quiet take" onClick={() => takeSuggestion(field, note)}>
                  {useWords(note)}
                </button>
              )}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

/** The value is on the button, but for screen readers alone where the note beside it names it already. */
function useWords({ suggestion = '', params }: FieldNote): ComponentChildren {
  if (!params.includes(suggestion)) return t('field_use', suggestion);
  return (
    <>
      {t('field_useThis')}
      <span class="unseen"> {suggestion}</span>
    </>
  );
}

interface TextProps {
  field: TextFieldName;
  label: string;
  help?: ComponentChildren;
  placeholder?: string;
  /** An address or code: no spelling marks, fixed-width. */
  code?: boolean;
  url?: boolean;
  required?: boolean;
  after?: ComponentChildren;
}

export function TextRow({ field, label, help, placeholder, code = false, url = false, required = false, after }: TextProps) {
  return (
    <FieldRow field={field} label={label} help={help}>
      {(aria, locked) => (
        <>
          <input
            {...aria}
            class={`field ${code ? 'code' : ''}`}
            type="text"
            inputMode={url ? 'url' : 'text'}
            value={draft.value[field]}
            placeholder={placeholder}
            spellcheck={!code}
            autocomplete="off"
            autocapitalize={code ? 'off' : 'on'}
            aria-required={required}
            disabled={locked}
            onInput={({ currentTarget }) => edit({ [field]: currentTarget.value })}
            onBlur={() => leave(field)}
          />
          {!locked && after}
        </>
      )}
    </FieldRow>
  );
}

/** An empty field that is only passed through is not told off; Save does that. */
function leave(field: TextFieldName): void {
  if (draft.peek()[field].trim() !== '' || check.peek().errors[field]?.key === 'field_endpointsBoth') touch(field);
}

/** One-click values under a field. */
export function Presets({ field, values, label }: { field: TextFieldName; values: readonly string[]; label: string }) {
  return (
    <ul class="plain presets" aria-label={label}>
      {values.map((value) => (
        <li key={value}>
          <button
            type="button"
            class="preset"
            aria-pressed={draft.value[field] === value}
            onClick={() => {
              edit({ [field]: value });
              touch(field);
            }}
          >
            {value}
          </button>
        </li>
      ))}
    </ul>
  );
}
