import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LIMITS } from '../../../domain/settings.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { NumberRow, SwitchRow } from '../bits/controls.tsx';
import { changeSettings, dropChanges, settings } from '../state/autosave.ts';
import { forgetForm } from '../state/connection-form.ts';
import { forgetNames, load } from '../state/load.ts';
import { Card, Section } from './section.tsx';

export function PrivacySection() {
  const { showNamesInNotifications, retentionDays, persistSession, auditUrl, wfmUrl } = settings.value;
  const intro = auditUrl === '' && wfmUrl === '' ? 'options_privacyIntro' : 'skills_settings_privacyIntro';
  return (
    <Section id="privacy" ofConnection title={t('options_privacy')} intro={t(intro)}>
      <Card title={t('options_privacyKept')}>
        <SwitchRow
          id="show-names"
          label={t('options_showNames')}
          help={showNamesInNotifications ? t('options_showNamesOn') : t('options_showNamesOff')}
          checked={showNamesInNotifications}
          policyKey="showNamesInNotifications"
          onChange={(on) => changeSettings({ showNamesInNotifications: on })}
        />
        <SwitchRow
          id="persist-session"
          label={t('options_persist')}
          help={persistSession ? t('options_persistOn') : t('options_persistOff')}
          checked={persistSession}
          policyKey="persistSession"
          onChange={(on) => changeSettings({ persistSession: on })}
        />
        <NumberRow
          id="retention-days"
          label={t('options_retention')}
          unit={t('options_days')}
          help={t('options_retentionHelp', LIMITS.retentionDays.min, LIMITS.retentionDays.max)}
          value={retentionDays}
          limits={LIMITS.retentionDays}
          policyKey="retentionDays"
          onChange={(value) => changeSettings({ retentionDays: value })}
        />
      </Card>
      <EraseCard />
    </Section>
  );
}

/** The one thing that cannot be undone: it says what goes, and asks for a second click. */
function EraseCard() {
  const sure = useSignal(false);
  const busy = useSignal(false);
  const keep = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);
  useLayoutEffect(() => {
    // The harmless button has the focus, so that a double press of Enter erases nothing.
    if (sure.value) keep.current?.focus();
    else if (opened.current) opener.current?.focus();
    opened.current ||= sure.value;
  }, [sure.value]);
  const erase = async () => {
    busy.value = true;
    dropChanges();
    const done = await attempt(() => send('erase', {}));
    if (done) {
      localStorage.clear();
      forgetForm();
      forgetNames();
      await load();
      say(t('options_erased'));
      sure.value = false;
    }
    busy.value = false;
  };
  return (
    <Card title={t('options_erase')}>
      <p>{t('options_eraseWhat')}</p>
      <ul class="erased">
        <li>{t('options_eraseTokens')}</li>
        <li>{t('options_eraseSettings')}</li>
        <li>{t('options_eraseHistory')}</li>
        <li>{t('options_eraseLog')}</li>
      </ul>
      <p class="help">{t('options_eraseNot')}</p>
      {sure.value ? (
        <fieldset class="acts sure" aria-label={t('options_eraseSure')}>
          <p class="callout-title">{t('options_eraseSure')}</p>
          <button
            type="button"
            class="btn"
            ref={keep}
            onClick={() => {
              sure.value = false;
            }}
          >
            {t('options_eraseKeep')}
          </button>
          <button type="button" class="btn danger" disabled={busy.value} onClick={() => void erase()}>
            {t('options_eraseNow')}
          </button>
        </fieldset>
      ) : (
        <div class="acts">
          <button
            type="button"
            class="btn danger"
            ref={opener}
            onClick={() => {
              sure.value = true;
            }}
          >
            {t('options_eraseButton')}
          </button>
        </div>
      )}
    </Card>
  );
}
