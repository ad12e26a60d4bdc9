import { t } from '../../../../messages/words.ts';
import { Field } from './field.tsx';
import { zone, zoneNames } from './zones.ts';

/** Whose clocks times are read by. */
export function ZoneField({ choose }: { choose: (zone: string) => void }) {
  return (
    <Field label={t('skills_zone')} hint={t('skills_zoneHint')}>
      <select class="field" value={zone.value} onChange={(event) => choose(event.currentTarget.value)}>
        {zoneNames().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}
