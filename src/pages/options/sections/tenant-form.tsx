import { API_PREFIXES, TOKEN_PATHS } from '../../../domain/connection.ts';
import { t } from '../../../messages/words.ts';
import { Presets, TextRow } from '../bits/field.tsx';
import { ADVANCED, check, noteOf, saveAndAsk } from '../state/connection-form.ts';
import { ScopesRow } from './scopes-row.tsx';
import { Card } from './section.tsx';

export const FORM_ID = 'connection-form';

export function TenantForm() {
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
        <div class="row">
          <span class="row-label">{t('options_profile')}</span>
          <p class="row-body plain-value">{t('options_profileV2')}</p>
        </div>
        <TextRow
          field="issuer"
          label={t('options_issuer')}
          help={t('options_issuerHelp')}
          placeholder="https://login.example.com"
          code
          url
        />
        <TextRow
          field="apiBaseUrl"
          label={t('options_apiBaseUrl')}
          help={t('options_apiBaseUrlHelp')}
          placeholder="https://api-na1.niceincontact.com"
          code
          url
          required
        />
        <TextRow field="clientId" label={t('options_clientId')} help={t('options_clientIdHelp')} code required />
        <ScopesRow />
        <Advanced />
      </Card>
    </form>
  );
}

/** What discovery finds by itself, and the ways tenants differ. Open when something in it is wrong. */
function Advanced() {
  const wrong = ADVANCED.some((field) => noteOf(field)?.wrong);
  const base = check.value.draft.apiBaseUrl;
  const tokenPresets = base === '' || check.value.errors.apiBaseUrl !== undefined ? [] : TOKEN_PATHS.map((path) => base + path);
  return (
    <details class="advanced" {...(wrong ? { open: true } : {})}>
      <summary>
        {t('options_advanced')} <span class="mut">{t('options_advancedWhat')}</span>
      </summary>
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
      <TextRow
        field="apiPrefix"
        label={t('options_apiPrefix')}
        help={t('options_apiPrefixHelp')}
        code
        after={<Presets field="apiPrefix" values={API_PREFIXES} label={t('options_apiPrefixPresets')} />}
      />
      <TextRow field="tenantId" label={t('options_tenantId')} help={t('options_tenantIdHelp')} code />
    </details>
  );
}
