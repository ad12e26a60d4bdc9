import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { checkWhole } from '../../../domain/settings-check.ts';
import { t, tCode } from '../../../messages/words.ts';
import { isLocked } from '../state/load.ts';

interface SwitchProps {
  id: string;
  label: ComponentChildren;
  help?: ComponentChildren;
  checked: boolean;
  policyKey?: string;
  /** Not to be switched now, for a reason that the page tells. */
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** A yes-or-no setting with what it means beneath. */
export function SwitchRow({ id, label, help, checked, policyKey, disabled = false, onChange }: SwitchProps) {
  const locked = policyKey !== undefined && isLocked(policyKey);
  return (
    <div class="switch-row">
      <input
        id={id}
        type="checkbox"
        class="switch"
        checked={checked}
        disabled={locked || disabled}
        aria-describedby={`${id}-help`}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        <p id={`${id}-help`} class="help">
          {locked && <span class="locked">{t('options_locked')} </span>}
          {help}
        </p>
      </div>
    </div>
  );
}

interface NumberProps {
  id: string;
  label: string;
  unit: string;
  help?: ComponentChildren;
  value: number;
  limits: { min: number; max: number };
  policyKey?: string;
  /** Called with values within the limits alone. */
  onChange: (value: number) => void;
}

/** A whole number. What is half typed or out of range stays in the field with a note, and is not saved. */
export function NumberRow({ id, label, unit, help, value, limits, policyKey, onChange }: NumberProps) {
  const locked = policyKey !== undefined && isLocked(policyKey);
  const typed = useSignal(String(value));
  const left = useSignal(false);
  useLayoutEffect(() => {
    typed.value = String(value);
  }, [value]);
  const number = typed.value.trim() === '' ? Number.NaN : Number(typed.value);
  const problem = checkWhole(number, limits);
  const note = left.value ? problem : null;
  const set = (text: string) => {
    typed.value = text;
    const next = text.trim() === '' ? Number.NaN : Number(text);
    if (checkWhole(next, limits) === null) onChange(next);
  };
  return (
    <div class={`row ${note ? 'wrong' : ''}`}>
      <label class="row-label" for={id}>
        {label}
      </label>
      <div class="row-body">
        <span class="with-unit">
          <input
            id={id}
            class="field short"
            type="text"
            inputMode="numeric"
            autocomplete="off"
            value={typed.value}
            disabled={locked}
            aria-invalid={note !== null}
            aria-describedby={`${id}-unit ${id}-help ${id}-note`}
            onInput={({ currentTarget }) => set(currentTarget.value)}
            onBlur={() => {
              left.value = true;
            }}
          />
          <span id={`${id}-unit`}>{unit}</span>
        </span>
        <p id={`${id}-help`} class="help">
          {locked && <span class="locked">{t('options_locked')} </span>}
          {help}
        </p>
        <div id={`${id}-note`} aria-live="polite">
          {note && (
            <p class="note">
              {tCode(note.key, note.params)} {t('field_notSavedYet', value)}{' '}
              {note.suggestion !== undefined && (
                <button type="button" class="btn quiet take" onClick={() => set(note.suggestion ?? '')}>
                  {t('field_use', note.suggestion)}
                </button>
              )}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
