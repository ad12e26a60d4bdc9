import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { forget } from './state.ts';

/** Where our own record comes from, and the way to be rid of it. It cannot be brought back: this one asks before. */
export function OwnRecord() {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking.value) no.current?.focus();
  }, [asking.value]);
  const erase = async () => {
    if (busy.value) return;
    busy.value = true;
    await forget();
    busy.value = false;
    asking.value = false;
  };
  return (
    <footer class="own-record">
      <p class="mut sm">{t('history_ownRecord')}</p>
      {asking.value ? (
        <fieldset class="acts" aria-label={t('history_erase')}>
          <p class="sm">{t('history_eraseSure')}</p>
          <button
            ref={no}
            type="button"
            class="btn"
            onClick={() => {
              asking.value = false;
            }}
          >
            {t('history_eraseNo')}
          </button>
          <button type="button" class="btn danger" aria-disabled={busy.value} onClick={() => void erase()}>
            {busy.value ? t('fix_busy') : t('history_eraseYes')}
          </button>
        </fieldset>
      ) : (
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            asking.value = true;
          }}
        >
          {t('history_erase')}
        </button>
      )}
    </footer>
  );
}
