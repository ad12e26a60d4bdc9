import { prefixesFor, versionOf } from '../../../domain/connection-profile.ts';
import { t } from '../../../messages/words.ts';
import { FieldRow } from '../bits/field.tsx';
import { draft, change as edit } from '../state/connection-form.ts';

/** The version of the public API. A path that is none of the usual ones (set by policy, say) stays one to choose. */
export function VersionRow() {
  const { apiPrefix } = draft.value;
  const usual = prefixesFor('public');
  const all = usual.includes(apiPrefix) || apiPrefix === '' ? usual : [...usual, apiPrefix];
  return (
    <FieldRow field="apiPrefix" label={t('options_version_api')} help={t('options_version_apiHelp')}>
      {(aria, locked) => (
        <select
          {...aria}
          class="field"
          value={apiPrefix}
          disabled={locked}
          onChange={({ currentTarget }) => edit({ apiPrefix: currentTarget.value })}
        >
          {all.map((prefix, index) => (
            <option key={prefix} value={prefix}>
              {index === 0 ? t('options_version_newest', versionOf(prefix)) : index < usual.length ? versionOf(prefix) : prefix}
            </option>
          ))}
        </select>
      )}
    </FieldRow>
  );
}
