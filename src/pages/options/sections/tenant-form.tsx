import { TOKEN_PATHS } from '../../../domain/connection.ts';
import { prefixesFor } from '../../../domain/connection-profile.ts';
import { t } from '../../../messages/words.ts';
import { Presets, TextRow } from '../bits/field.tsx';
import { advancedFields, check, draft, foundApi, noteOf, saveAndAsk } from '../state/connection-form.ts';
import { CloudRow } from './cloud-row.tsx';
import { GrantRow } from './grant-row.tsx';
import { ProfileRow } from './profile-row.tsx';
import { ScopesRow } from './scopes-row.tsx';
import { Card } from './section.tsx';
import { VersionRow } from './version-row.tsx';

export const FORM_ID = 'connection-form';

export function TenantForm() {
  const { profile, grant } = draft.value;
  const isPublic = profile === 'public';
  return (
    <form
      id={FORM_ID}
      noValidate
      aria-label={t('options_tenant')}
      onSubmit={(event) => {
        event.preventDefault();
        saveAndAsk();
      }}
    >
      <Card title={t('options_tenant')}>
        <TextRow field="name" label={t('options_name')} help={t('options_nameHelp')} required />
        <ProfileRow />
        {isPublic && <CloudRow />}
        <TextRow
          field="issuer"
          label={t('options_issuer')}
          help={isPublic && grant === 'accessKey' ? t('options_issuerHelpKey') : t('options_issuerHelp')}
          placeholder={isPublic ? 'https://cxone.niceincontact.com' : 'https://login.example.com'}
          code
          url
          required={isPublic}
        />
        {!isPublic && <ApiAddress />}
        {grant !== 'accessKey' && (
          <TextRow field="clientId" label={t('options_clientId')} help={t('options_clientIdHelp')} code required />
        )}
        <ScopesRow />
        <GrantRow />
        <Advanced />
      </Card>
    </form>
  );
}

function ApiAddress() {
  const isPublic = draft.value.profile === 'public';
  const found = foundApi.value;
  const help = found === '' ? t('options_apiBaseUrlLater') : t('options_apiBaseUrlFound', found);
  return (
    <TextRow
      field="apiBaseUrl"
      label={t('options_apiBaseUrl')}
      help={isPublic ? help : t('options_apiBaseUrlHelp')}
      placeholder="https://api-na1.niceincontact.com"
      code
      url
      required={!isPublic}
    />
  );
}

/** What is found by itself, and the ways tenants differ. Open when something in it is wrong. */
function Advanced() {
  const { profile } = draft.value;
  const isPublic = profile === 'public';
  const wrong = advancedFields(profile).some((field) => noteOf(field)?.wrong);
  const base = check.value.draft.apiBaseUrl;
  const tokenPresets =
    isPublic || base === '' || check.value.errors.apiBaseUrl !== undefined ? [] : TOKEN_PATHS.map((path) => base + path);
  return (
    <details class="advanced" {...(wrong ? { open: true } : {})}>
      <summary>
        {t('options_advanced')} <span class="mut">{isPublic ? t('options_advancedWhatPublic') : t('options_advancedWhat')}</span>
      </summary>
      {isPublic && <ApiAddress />}
      {isPublic && <VersionRow />}
      <TextRow
        field="authorizationEndpoint"
        label={t('options_authorizationEndpoint')}
        help={t('options_endpointHelp')}
        code
        url
      />
      <TextRow
        field="tokenEndpoint"
        label={t('options_tokenEndpoint')}
        help={tokenPresets.length === 0 ? t('options_tokenEndpointHelp') : t('options_tokenEndpointPresets')}
        code
        url
        after={
          tokenPresets.length > 0 && (
            <Presets field="tokenEndpoint" values={tokenPresets} label={t('options_tokenEndpointPresets')} />
          )
        }
      />
      {!isPublic && (
        <TextRow
          field="apiPrefix"
          label={t('options_apiPrefix')}
          help={t('options_apiPrefixHelp')}
          code
          after={<Presets field="apiPrefix" values={prefixesFor(profile)} label={t('options_apiPrefixPresets')} />}
        />
      )}
      <TextRow
        field="tenantId"
        label={t('options_tenantId')}
        help={isPublic ? t('options_tenantIdHelpPublic') : t('options_tenantIdHelp')}
        code
      />
    </details>
  );
}
