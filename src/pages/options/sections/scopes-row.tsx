import { SCOPE_VOCABULARIES, VOCABULARIES, type Vocabulary } from '../../../domain/connection.ts';
import { t } from '../../../messages/words.ts';
import { Chips } from '../bits/chips.tsx';
import { FieldRow } from '../bits/field.tsx';
import { draft, change as edit, fieldId, touch } from '../state/connection-form.ts';

/** Tenants name the same rights differently: three presets shown with what they mean, or a list of one's own. */
export function ScopesRow() {
  const { profile, vocabulary, scopes } = draft.value;
  if (profile === 'public') return <NoScopes />;
  const id = fieldId('scopes');
  const pick = (next: Vocabulary) => {
    // Nobody starts an own list from nothing: it begins with what the last preset said.
    const begin = next === 'custom' && scopes.length === 0 && vocabulary !== 'custom';
    edit(begin ? { vocabulary: next, scopes: [...SCOPE_VOCABULARIES[vocabulary].watch] } : { vocabulary: next });
  };
  return (
    <FieldRow field="scopes" label={t('options_scopes')} help={t('options_scopesHelp')} group>
      {(aria, locked) => (
        <div role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={aria['aria-describedby']} class="vocabularies">
          {VOCABULARIES.map((name) => (
            <label key={name} class="vocabulary">
              <input
                type="radio"
                name="vocabulary"
                value={name}
                checked={vocabulary === name}
                disabled={locked}
                onChange={() => pick(name)}
              />
              <span>{name === 'custom' ? t('options_scopesOwn') : <Codes values={SCOPE_VOCABULARIES[name].watch} />}</span>
            </label>
          ))}
          {vocabulary === 'custom' && (
            <Chips
              id={id}
              values={scopes}
              onChange={(values) => {
                edit({ scopes: values });
                touch('scopes');
              }}
              label={t('options_scopesOwnList')}
              inputLabel={t('options_scopesAdd')}
              describedBy={aria['aria-describedby']}
              invalid={aria['aria-invalid']}
              separators={/[\s,;]+/}
              disabled={locked}
              code
              onLeave={() => touch('scopes')}
            />
          )}
        </div>
      )}
    </FieldRow>
  );
}

function NoScopes() {
  return (
    <div class="row">
      <span class="row-label">{t('options_scopes')}</span>
      <div class="row-body">
        <p class="plain-value">
          <code>openid</code>
        </p>
        <p class="help">{t('options_scopesPublic')}</p>
      </div>
    </div>
  );
}

export function Codes({ values }: { values: readonly string[] }) {
  return (
    <span class="codes">
      {values.map((value) => (
        <code key={value}>{value}</code>
      ))}
    </span>
  );
}
