import { ISSUER_PRESETS, type IssuerPreset, presetOf } from '../../../domain/issuer-presets.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { FieldRow } from '../bits/field.tsx';
import { draft, change as edit, fieldId } from '../state/connection-form.ts';
import { isLocked } from '../state/load.ts';

const LABELS: Record<IssuerPreset['key'], MessageKey> = {
  commercial: 'options_cloudCommercial',
  fedRamp: 'options_cloudFedRamp',
  sovereignAu: 'options_cloudSovereignAu',
  sovereignEu: 'options_cloudSovereignEu',
};
const OWN = 'own';

/** Which of NICE's clouds: fills in the sign-in address, and with it all the rest. */
export function CloudRow() {
  const { issuer, grant } = draft.value;
  // Keys are taken at the address of the area, which no preset knows.
  if (grant === 'accessKey') return null;
  const chosen = presetOf(issuer)?.key ?? OWN;
  const choose = (key: string) => {
    const preset = ISSUER_PRESETS.find((known) => known.key === key);
    edit({ issuer: preset?.issuer ?? '' });
    if (!preset) document.getElementById(fieldId('issuer'))?.focus();
  };
  return (
    <FieldRow field="issuer" id="connection-cloud" label={t('options_cloud')} help={t('options_cloudHelp')} withoutNote>
      {(aria) => (
        <select
          {...aria}
          class="field"
          value={chosen}
          disabled={isLocked('issuer')}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {ISSUER_PRESETS.map(({ key }) => (
            <option key={key} value={key}>
              {t(LABELS[key])}
            </option>
          ))}
          <option value={OWN}>{t('options_cloudOwn')}</option>
        </select>
      )}
    </FieldRow>
  );
}
