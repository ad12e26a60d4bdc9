import { requiredScopes } from '../../../domain/connection.ts';
import { t } from '../../../messages/words.ts';
import { CopyButton } from '../bits/copy-button.tsx';
import { check } from '../state/connection-form.ts';
import { about } from '../state/load.ts';
import { Codes } from './scopes-row.tsx';
import { Card } from './section.tsx';

/** What the tenant's admin has to register before anybody can sign in, ready to be sent. */
export function AdminCard() {
  const { redirectUri } = about.value;
  const scopes = requiredScopes(check.value.draft);
  const text = t('options_registrationText', redirectUri, scopes.length === 0 ? t('options_scopesNone') : scopes.join(' '));
  return (
    <Card title={t('options_admin')}>
      <p class="help">{t('options_adminIntro')}</p>
      <dl class="facts">
        <dt>{t('options_redirect')}</dt>
        <dd>
          <code>{redirectUri}</code> <CopyButton text={redirectUri} what={t('options_redirect')} />
        </dd>
        <dt>{t('options_clientType')}</dt>
        <dd>{t('options_clientTypeText')}</dd>
        <dt>{t('options_scopesToAsk')}</dt>
        <dd>
          {scopes.length === 0 ? <span class="mut">{t('options_scopesNone')}</span> : <Codes values={scopes} />}
          <p class="help">{t('options_scopesOwnOnes')}</p>
        </dd>
      </dl>
      <CopyButton text={text} label={t('options_copyRegistration')} what="" />
    </Card>
  );
}
