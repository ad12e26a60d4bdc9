import { type GrantType, grantsFor } from '../../../domain/connection.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { Choice } from '../bits/choice.tsx';
import { FieldRow } from '../bits/field.tsx';
import { draft, change as edit, fieldId } from '../state/connection-form.ts';
import { allowedGrants } from '../state/connections.ts';

const LABELS: Record<GrantType, { label: MessageKey; help: MessageKey }> = {
  authorizationCode: { label: 'options_grantOwn', help: 'options_grantOwnHelp' },
  clientCredentials: { label: 'options_grantService', help: 'options_grantServiceHelp' },
  accessKey: { label: 'options_grantKey', help: 'options_grantKeyHelp' },
};
const WARNINGS: Record<Exclude<GrantType, 'authorizationCode'>, { title: MessageKey; text: MessageKey }> = {
  clientCredentials: { title: 'options_grantServiceWarning', text: 'options_grantServiceWarningText' },
  accessKey: { title: 'options_grantKeyWarning', text: 'options_grantKeyWarningText' },
};

/** How one signs in: in a window of CXone's own, or, behind a warning, with a secret that is kept here. */
export function GrantRow() {
  const { profile, grant } = draft.value;
  const allowed = allowedGrants.value;
  const forbidden = (way: GrantType) => allowed !== null && !allowed.includes(way);
  return (
    <FieldRow field="grant" policyKey="grants" label={t('options_grant')} group>
      {(aria) => (
        <div
          role="radiogroup"
          aria-labelledby={`${fieldId('grant')}-label`}
          aria-describedby={aria['aria-describedby']}
          class="choices"
        >
          {grantsFor(profile).map((way) => (
            <Choice
              key={way}
              name="grant"
              value={way}
              label={t(LABELS[way].label)}
              help={forbidden(way) ? <span class="locked">{t('options_grantForbidden')}</span> : t(LABELS[way].help)}
              checked={grant === way}
              disabled={forbidden(way)}
              onChoose={() => edit({ grant: way })}
            />
          ))}
          {grant !== 'authorizationCode' && (
            <Callout tone="warn" title={t(WARNINGS[grant].title)}>
              <p>{t(WARNINGS[grant].text)}</p>
            </Callout>
          )}
        </div>
      )}
    </FieldRow>
  );
}
