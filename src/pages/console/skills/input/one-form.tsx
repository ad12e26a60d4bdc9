import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../../../messages/words.ts';
import { attempt } from '../../../parts/notice.tsx';
import { nameOf, useNames } from '../../diagnosis/names.ts';
import { AgentPicker } from '../../parts/agent-picker.tsx';
import { Popover } from '../../parts/popover.tsx';
import { connectionId, traits } from '../access.ts';
import { Field } from './field.tsx';
import { asField, heldText } from './held-words.ts';
import { issueText } from './issue-words.ts';
import { LevelScale } from './level-scale.tsx';
import { heldOf, look, looking, lookProblem, skills, unread } from './lookup.ts';
import { asHeld, checkedOne, emptyOne, fill, one } from './one.ts';
import { plan } from './plan.ts';
import { Segments } from './segments.tsx';
import { SkillField } from './skill-field.tsx';
import { Week } from './week.tsx';
import { ZoneField } from './zone-field.tsx';
import { zone } from './zones.ts';

/** What the user holds of this skill today: what one is about to change. */
function Now() {
  const { userId, skillId } = one.value;
  const now = userId && skillId ? heldOf(userId, skillId) : undefined;
  if (looking.value) return <p class="mut">{t('skills_in_looking')}</p>;
  if (userId && unread.value.has(userId)) return <p class="mut">{t('skills_in_notRead')}</p>;
  if (now === undefined) return null;
  return (
    <div class="now-held">
      <p>
        {t('skills_in_now')} <b>{heldText(now, traits.value, zone.value)}</b>
      </p>
      {now && (
        <button type="button" class="btn quiet" onClick={() => fill(asHeld(now, (at) => asField(at, zone.peek())))}>
          {t('skills_in_takeOver')}
        </button>
      )}
    </div>
  );
}

function Agent({ error }: { error: string }) {
  const { userId } = one.value;
  useNames([userId]);
  return (
    <div class="labelled">
      <span class="label">{t('skills_column_userId')}</span>
      <Popover
        label={t('skills_in_chooseAgent')}
        text={userId ? <bdi>{nameOf(userId)}</bdi> : t('skills_in_chooseAgent')}
        class="start"
      >
        {(close) => (
          <AgentPicker
            chosen={userId ? [userId] : []}
            most={1}
            submit={t('skills_in_choose')}
            done={([chosen = '']) => {
              fill({ userId: chosen });
              close();
            }}
          />
        )}
      </Popover>
      {error ? <p class="sm wrong">{error}</p> : userId && nameOf(userId) !== userId && <p class="sm mut">{userId}</p>}
    </div>
  );
}

/** One skill for one user. */
export function OneForm() {
  const form = one.value;
  const { window, activity, removal, levels } = traits.value;
  /** What is wrong is said once one has tried: nobody is told off while typing. */
  const tried = useSignal(false);
  const busy = useSignal(false);
  const row = checkedOne(form, traits.value, zone.value);
  const errorOf = (column: string) => {
    const issue = tried.value ? row.problems.find((each) => each.column === column) : undefined;
    if (!issue) return '';
    return issue.code === 'required' ? t('skills_in_required') : issueText(issue);
  };
  useEffect(() => {
    if (form.userId || skills.peek() === null) void look(form.userId ? [form.userId] : []);
  }, [form.userId, connectionId.value]);
  const submit = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    const wish = row.wish;
    if (!wish || busy.value) return;
    busy.value = true;
    await attempt(() => plan(t('skills_in_oneName'), [{ line: 0, ...wish }], emptyOne));
    busy.value = false;
  };
  return (
    <form class="card skill-form" onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t('skills_in_one')}</h2>
      <div class="fields">
        <Agent error={errorOf('userId')} />
        <SkillField value={form.skillId} choose={(skillId) => fill({ skillId })} error={errorOf('skillId')} />
      </div>
      {lookProblem.value && (
        <p class="mut" role="status">
          {lookProblem.value}
        </p>
      )}
      <Now />
      <Week userId={form.userId} />
      {removal && (
        <Segments
          label={t('skills_in_what')}
          value={form.remove ? 'remove' : 'give'}
          choose={(what) => fill({ remove: what === 'remove' })}
          choices={[
            { value: 'give', label: t('skills_in_give') },
            { value: 'remove', label: t('skills_in_remove') },
          ]}
        />
      )}
      {!(form.remove && removal) && (
        <>
          <LevelScale levels={levels} value={form.level} choose={(level) => fill({ level })} error={errorOf('level')} />
          {activity && (
            <label class="check">
              <input type="checkbox" checked={form.active} onChange={(event) => fill({ active: event.currentTarget.checked })} />
              {t('skills_in_active')}
            </label>
          )}
          {window && (
            <div class="fields">
              <Field label={t('skills_column_availableFrom')} error={errorOf('availableFrom')}>
                <input
                  class="field"
                  type="datetime-local"
                  value={form.from}
                  onInput={(event) => fill({ from: event.currentTarget.value })}
                />
              </Field>
              <Field label={t('skills_column_availableTo')} error={errorOf('availableTo')}>
                <input
                  class="field"
                  type="datetime-local"
                  value={form.to}
                  onInput={(event) => fill({ to: event.currentTarget.value })}
                />
              </Field>
              <ZoneField
                choose={(chosen) => {
                  zone.value = chosen;
                }}
              />
            </div>
          )}
        </>
      )}
      {!removal && <p class="mut sm">{t('skills_in_noRemoval')}</p>}
      <div class="acts">
        <button type="submit" class="btn main" aria-disabled={busy.value}>
          {busy.value ? t('fix_busy') : t('skills_in_checkOne')}
        </button>
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            tried.value = false;
            emptyOne();
          }}
        >
          {t('skills_in_clear')}
        </button>
        <p class="mut">{t('skills_in_nothingYet')}</p>
      </div>
    </form>
  );
}
