import { t } from '../../messages/words.ts';
import { FORM_ID } from './sections/tenant-form.tsx';
import { saveNow, saveState } from './state/autosave.ts';
import { dirty, discard, saveFailure, saving } from './state/connection-form.ts';

/** What is not saved yet, wherever on the page one is. */
export function SaveBar() {
  const settingsState = saveState.value;
  const failure = saveFailure.value;
  return (
    <>
      {settingsState.kind === 'failed' && (
        <section class="bar bad" role="alert">
          <p>
            <b>{t('options_notSaved')}</b> {settingsState.message}
          </p>
          <button type="button" class="btn" onClick={() => void saveNow()}>
            {t('options_retry')}
          </button>
        </section>
      )}
      {dirty.value && (
        <section class={`bar ${failure ? 'bad' : ''}`} aria-label={t('options_unsaved')}>
          <p role={failure ? 'alert' : 'status'}>
            <b>{failure ? t('options_notSaved') : t('options_unsaved')}</b> {failure && `${failure.message} ${failure.fix}`}
          </p>
          <button type="button" class="btn" onClick={discard} disabled={saving.value}>
            {t('options_discard')}
          </button>
          <button type="submit" class="btn main" form={FORM_ID} disabled={saving.value}>
            {saving.value ? t('options_saving') : t('options_save')}
          </button>
        </section>
      )}
    </>
  );
}
