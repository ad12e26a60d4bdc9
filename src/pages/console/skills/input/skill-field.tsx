import { useId } from 'preact/hooks';
import { t } from '../../../../messages/words.ts';
import { Field } from './field.tsx';
import { skills, skillTitle } from './lookup.ts';

interface Props {
  value: string;
  choose: (skillId: string) => void;
  error: string;
}

/** A skill by its id, found by its name: whoever types a whole name means its id. */
export function SkillField({ value, choose, error }: Props) {
  const list = useId();
  const all = skills.value ?? [];
  const chosen = all.find(({ skillId }) => skillId === value);
  const typed = (text: string) => {
    const named = all.filter(({ name }) => name !== '' && name.toLowerCase() === text.trim().toLowerCase());
    choose(named.length === 1 ? (named[0]?.skillId ?? text) : text.trim());
  };
  const hint = chosen ? (
    <>
      <bdi>{skillTitle(chosen)}</bdi>
      {!chosen.active && ` · ${t('skills_notRouted')}`}
    </>
  ) : (
    t(skills.value === null ? 'skills_in_skillId' : 'skills_in_skillHint')
  );
  return (
    <>
      <Field label={t('skills_column_skillId')} error={error} hint={hint}>
        <input
          class="field"
          list={list}
          value={value}
          maxLength={200}
          spellcheck={false}
          autocomplete="off"
          onChange={(event) => typed(event.currentTarget.value)}
        />
      </Field>
      <datalist id={list}>
        {all.map((skill) => (
          <option key={skill.skillId} value={skill.skillId}>
            {skillTitle(skill)}
          </option>
        ))}
      </datalist>
    </>
  );
}
