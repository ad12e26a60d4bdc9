import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { checkEndpoint } from '../../../domain/settings-check.ts';
import { t, tCode } from '../../../messages/words.ts';
import { changeSettings, settings } from '../state/autosave.ts';
import { allowedOrigins, askForOrigin, originOf } from '../state/endpoints.ts';
import { hostsAsked } from '../state/host-access.ts';
import { isLocked } from '../state/load.ts';

interface Props {
  field: 'auditUrl' | 'wfmUrl';
  label: string;
  help: string;
}

/** An address to send on to, and whether Chrome lets us. Saved when the field is left: half an address may be another host's. */
export function EndpointRow({ field, label, help }: Props) {
  const id = `endpoint-${field}`;
  const value = settings.value[field];
  const locked = isLocked(field);
  const typed = useSignal(value);
  const left = useSignal(false);
  useLayoutEffect(() => {
    typed.value = value;
  }, [value]);
  const problem = checkEndpoint(typed.value.trim(), __DEMO__);
  const note = left.value ? problem : null;
  const save = (text: string) => {
    typed.value = text.trim();
    left.value = true;
    if (typed.value !== value && checkEndpoint(typed.value, __DEMO__) === null) changeSettings({ [field]: typed.value });
  };
  return (
    <div class={`row ${note ? 'wrong' : ''}`}>
      <label class="row-label" for={id}>
        {label}
      </label>
      <div class="row-body">
        <input
          id={id}
          class="field code"
          type="text"
          inputMode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder="https://"
          value={typed.value}
          disabled={locked}
          aria-invalid={note !== null}
          aria-describedby={`${id}-help ${id}-note`}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value;
          }}
          onChange={({ currentTarget }) => save(currentTarget.value)}
        />
        <p id={`${id}-help`} class="help">
          {locked && <span class="locked">{t('options_locked')} </span>}
          {help}
        </p>
        <div id={`${id}-note`} aria-live="polite">
          {note ? (
            <p class="note">
              {tCode(note.key, note.params)}{' '}
              {note.suggestion !== undefined && (
                <button type="button" class="btn quiet take" onClick={() => save(note.suggestion ?? '')}>
                  {t('field_use', note.suggestion)}
                </button>
              )}
            </p>
          ) : (
            <Access origin={originOf(typed.value.trim())} onAllow={() => save(typed.value)} />
          )}
        </div>
      </div>
    </div>
  );
}

function Access({ origin, onAllow }: { origin: string; onAllow: () => void }) {
  if (origin === '') return null;
  const host = new URL(origin).host;
  if (allowedOrigins.value.has(origin)) return <p class="note">{t('skills_settings_allowed', host)}</p>;
  return (
    <div class="acts">
      <p class="note bad">{t('skills_settings_notAllowed', host)}</p>
      <button
        type="button"
        class="btn"
        disabled={hostsAsked.value}
        onClick={() => {
          askForOrigin(origin);
          onAllow();
        }}
      >
        {hostsAsked.value ? t('options_hostsAsked') : t('options_hostsAllow')}
      </button>
    </div>
  );
}
