import { type ConnectionDraft, requiredScopes } from '../../../domain/connection.ts';
import { t, tCode } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { CopyButton } from '../bits/copy-button.tsx';
import { check } from '../state/connection-form.ts';
import { refusedPolicy } from '../state/connections.ts';
import { about } from '../state/load.ts';
import { Codes } from './scopes-row.tsx';
import { Card } from './section.tsx';

/** What the tenant's admin has to do before anybody can sign in, ready to be sent; and what of the organisation's policy is not in force. */
export function AdminCard() {
  const { draft } = check.value;
  return (
    <>
      <RefusedPolicy />
      {draft.grant === 'accessKey' ? <KeyCard /> : <RegistrationCard draft={draft} />}
    </>
  );
}

function RegistrationCard({ draft }: { draft: ConnectionDraft }) {
  const { redirectUri } = about.value;
  const isPublic = draft.profile === 'public';
  const isService = draft.grant === 'clientCredentials';
  const scopes = isPublic ? ['openid'] : requiredScopes(draft);
  const scopeText = scopes.length === 0 ? t('options_scopesNone') : scopes.join(' ');
  const text = isService
    ? t('options_registrationTextService', scopeText)
    : isPublic
      ? t('options_registrationTextPublic', redirectUri)
      : t('options_registrationText', redirectUri, scopeText);
  return (
    <Card title={t('options_admin')}>
      <p class="help">{isPublic ? t('options_adminIntroPublic') : t('options_adminIntro')}</p>
      <dl class="facts">
        {!isService && (
          <>
            <dt>{t('options_redirect')}</dt>
            <dd>
              <code>{redirectUri}</code> <CopyButton text={redirectUri} what={t('options_redirect')} />
            </dd>
          </>
        )}
        <dt>{t('options_clientType')}</dt>
        <dd>
          {isService ? t('options_clientTypeService') : isPublic ? t('options_clientTypePublic') : t('options_clientTypeText')}
        </dd>
        <dt>{t('options_scopesToAsk')}</dt>
        <dd>
          {scopes.length === 0 ? <span class="mut">{t('options_scopesNone')}</span> : <Codes values={scopes} />}
          {!isService && <p class="help">{isPublic ? t('options_scopesPublic') : t('options_scopesOwnOnes')}</p>}
        </dd>
      </dl>
      <CopyButton text={text} label={t('options_copyRegistration')} what="" />
    </Card>
  );
}

/** Nothing has to be registered for an access key. */
function KeyCard() {
  return (
    <Card title={t('options_admin')}>
      <p class="help">{t('options_adminIntroKey')}</p>
    </Card>
  );
}

function RefusedPolicy() {
  const refused = refusedPolicy.value;
  if (refused.length === 0) return null;
  return (
    <Callout tone="warn" title={t('options_policyRefused')}>
      <p>{t('options_policyRefusedText')}</p>
      <ul class="plain refused">
        {refused.map(({ key, why }) => (
          <li key={key}>
            <code>{key}</code> {tCode(why.key, why.params)}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
