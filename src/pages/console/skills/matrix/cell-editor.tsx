import type { RefObject } from 'preact';
import { t } from '../../../../messages/words.ts';
import { nameOf } from '../../diagnosis/names.ts';
import { traits } from '../access.ts';
import { Field } from '../input/field.tsx';
import { asField, heldText } from '../input/held-words.ts';
import { LevelScale } from '../input/level-scale.tsx';
import { heldOf, skillTitle } from '../input/lookup.ts';
import { Week } from '../input/week.tsx';
import { zone } from '../input/zones.ts';
import { isWrong } from './changes.ts';
import { active, columns, instantOf, put, putLevel, standing, takeAway, undo, users, wishOf } from './state.ts';

interface Props {
  place: RefObject<HTMLElement | null>;
  /** Back to the cell. */
  leave: () => void;
}

/** All there is about one cell, by mouse or keyboard: what it is now, what it is to be. */
export function CellEditor({ place, leave }: Props) {
  const { row, column } = active.value;
  const [userId, skill] = [users.value[row], columns.value.skills[column]];
  if (userId === undefined || skill === undefined) return null;
  const { skillId } = skill;
  const [before, now, wish] = [heldOf(userId, skillId), standing(userId, skillId), wishOf(userId, skillId)];
  const { levels, window, removal, activity } = traits.value;
  const late = wish !== undefined && isWrong(wish, traits.value);
  const bound = (field: 'availableFromAt' | 'availableToAt') => (event: { currentTarget: HTMLInputElement }) => {
    if (now) put(userId, skillId, { ...now, [field]: instantOf(event.currentTarget.value) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    leave();
  };
  return (
    <section class="cell-editor" ref={place} aria-label={t('skills_matrix_edit')} onKeyDown={onKeyDown}>
      <div class="cell-title">
        <h3>
          <bdi>{nameOf(userId)}</bdi> · <bdi>{skillTitle(skill)}</bdi>
        </h3>
        <p class="mut">
          {before === undefined ? t('skills_in_notRead') : `${t('skills_in_now')} ${heldText(before, traits.value, zone.value)}`}
        </p>
      </div>
      <Week userId={userId} />
      {before !== undefined && (
        <>
          <LevelScale levels={levels} value={now?.level ?? null} choose={(level) => putLevel(userId, skillId, level)} />
          {now && activity && (
            <label class="check">
              <input
                type="checkbox"
                checked={now.active}
                onChange={(event) => put(userId, skillId, { ...now, active: event.currentTarget.checked })}
              />
              {t('skills_in_active')}
            </label>
          )}
          {now && window && (
            <div class="fields">
              <Field label={t('skills_column_availableFrom')}>
                <input
                  class="field"
                  type="datetime-local"
                  value={asField(now.availableFromAt, zone.value)}
                  onChange={bound('availableFromAt')}
                />
              </Field>
              <Field label={t('skills_column_availableTo')} error={late ? t('skills_matrix_late') : ''}>
                <input
                  class="field"
                  type="datetime-local"
                  value={asField(now.availableToAt, zone.value)}
                  onChange={bound('availableToAt')}
                />
              </Field>
            </div>
          )}
          <div class="acts">
            {removal && now && (
              <button type="button" class="btn" onClick={() => takeAway(userId, skillId)}>
                {t('skills_in_remove')}
              </button>
            )}
            {wish && (
              <button type="button" class="btn" onClick={() => undo(userId, skillId)}>
                {t('notice_undo')}
              </button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
