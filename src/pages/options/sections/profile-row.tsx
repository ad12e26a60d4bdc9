import type { Profile } from '../../../domain/connection.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { Choice } from '../bits/choice.tsx';
import { FieldRow } from '../bits/field.tsx';
import { changeProfile, draft, fieldId } from '../state/connection-form.ts';

const CHOICES: readonly { profile: Profile; label: MessageKey; help: MessageKey }[] = [
  { profile: 'public', label: 'options_profilePublic', help: 'options_profilePublicHelp' },
  { profile: 'v2', label: 'options_profileV2', help: 'options_profileV2Help' },
];

/** Which CXone API the tenant speaks. */
export function ProfileRow() {
  return (
    <FieldRow field="profile" label={t('options_profile')} group>
      {(aria, locked) => (
        <div
          role="radiogroup"
          aria-labelledby={`${fieldId('profile')}-label`}
          aria-describedby={aria['aria-describedby']}
          class="choices"
        >
          {CHOICES.map(({ profile, label, help }) => (
            <Choice
              key={profile}
              name="profile"
              value={profile}
              label={t(label)}
              help={t(help)}
              checked={draft.value.profile === profile}
              disabled={locked}
              onChoose={() => changeProfile(profile)}
            />
          ))}
        </div>
      )}
    </FieldRow>
  );
}
