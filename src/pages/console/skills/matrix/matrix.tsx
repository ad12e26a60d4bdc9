import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentId } from '../../../../domain/agent-state.ts';
import { LIMITS } from '../../../../domain/settings.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { say } from '../../../parts/notice.tsx';
import { glance } from '../../../parts/store.ts';
import { useNames } from '../../diagnosis/names.ts';
import { AgentPicker } from '../../parts/agent-picker.tsx';
import { FindField } from '../../parts/find-field.tsx';
import { withMore } from '../../parts/picking.ts';
import { Popover } from '../../parts/popover.tsx';
import { access, connectionId, traits } from '../access.ts';
import { Field } from '../input/field.tsx';
import { look, looking, lookProblem, skills, stopLooking, unread } from '../input/lookup.ts';
import { ZoneField } from '../input/zone-field.tsx';
import { zone } from '../input/zones.ts';
import { CellEditor } from './cell-editor.tsx';
import { Grid } from './grid.tsx';
import {
  changes,
  chooseWindow,
  columns,
  elsewhere,
  list,
  moveTo,
  newWindow,
  planChanges,
  undoAll,
  users,
  words,
  wrong,
} from './state.ts';

function show(agentIds: AgentId[]): void {
  moveTo({ row: 0, column: 0 });
  users.value = agentIds;
}

/** Nobody is named yet. */
function Start() {
  const watched = (glance.value?.rows ?? []).map(({ agentId }) => agentId);
  const some = withMore([], watched, LIMITS.matrixUsers);
  return (
    <section class="card skill-form" aria-labelledby="matrix-start">
      <h2 id="matrix-start">{t('skills_matrix_start')}</h2>
      <p class="mut">{t('skills_matrix_startText', LIMITS.matrixUsers)}</p>
      {some.length > 1 && (
        <div class="acts">
          <button type="button" class="btn" onClick={() => show(some)}>
            {t('history_showWatched', some.length)}
          </button>
        </div>
      )}
      <div class="matrix-picker">
        <AgentPicker chosen={[]} done={show} most={LIMITS.matrixUsers} />
      </div>
    </section>
  );
}

function Head() {
  const count = users.value.length;
  return (
    <div class="matrix-head">
      <Popover
        label={t('history_chooseAgents')}
        text={count === 1 ? t('diagnosis_agents_one', 1) : t('diagnosis_agents', count)}
        class="start"
      >
        {(close) => (
          <AgentPicker
            chosen={users.peek()}
            most={LIMITS.matrixUsers}
            done={(agentIds) => {
              close();
              show(agentIds);
            }}
          />
        )}
      </Popover>
      <FindField
        label="skills_matrix_filter"
        placeholder="skills_matrix_filterShort"
        value={words.value}
        onFind={(typed) => {
          moveTo({ row: 0, column: 0 });
          words.value = typed;
        }}
      />
      <button
        type="button"
        class="btn"
        aria-disabled={looking.value !== null}
        onClick={() => {
          if (!looking.peek()) void look(users.peek());
        }}
      >
        {t('skills_matrix_again')}
      </button>
    </div>
  );
}

function Looking() {
  const now = looking.value;
  if (!now) return null;
  return (
    <div class="loading matrix-looking">
      <p class="load-words mut" role="status">
        {t('skills_matrix_looking', now.done, now.of)}
      </p>
      <button type="button" class="btn" onClick={stopLooking}>
        {t('skills_in_cancel')}
      </button>
      <progress aria-label={t('skills_in_looking')} value={now.done} max={now.of} />
    </div>
  );
}

/** What is new has to begin and end somewhere. */
function NewWindow() {
  const { from, to } = newWindow.value;
  return (
    <details class="how-read">
      <summary>{t('skills_matrix_window', from.replace('T', ' '), to.replace('T', ' '), zone.value)}</summary>
      <div class="fields">
        <Field label={t('skills_column_availableFrom')}>
          <input
            class="field"
            type="datetime-local"
            value={from}
            onChange={(event) => chooseWindow({ from: event.currentTarget.value })}
          />
        </Field>
        <Field label={t('skills_column_availableTo')}>
          <input
            class="field"
            type="datetime-local"
            value={to}
            onChange={(event) => chooseWindow({ to: event.currentTarget.value })}
          />
        </Field>
        <ZoneField
          choose={(chosen) => {
            zone.value = chosen;
          }}
        />
      </div>
    </details>
  );
}

function Acts() {
  const busy = useSignal(false);
  const count = list.value.length;
  const most = access.value?.batchRows ?? 0;
  const blocked = wrong.value > 0 || count > most;
  if (count === 0) return <p class="mut">{t('skills_matrix_none')}</p>;
  const onClick = async () => {
    if (busy.value || blocked) return;
    busy.value = true;
    await planChanges();
    busy.value = false;
  };
  return (
    <>
      <div class="acts">
        <button type="button" class="btn main" aria-disabled={busy.value || blocked} onClick={() => void onClick()}>
          {busy.value ? t('fix_busy') : t(count === 1 ? 'skills_matrix_check_one' : 'skills_matrix_check', formatCount(count))}
        </button>
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            const before = changes.peek();
            undoAll();
            say(t('skills_matrix_undone'), () => {
              changes.value = before;
            });
          }}
        >
          {t('skills_matrix_undoAll')}
        </button>
        <p class="mut">{t('skills_in_nothingYet')}</p>
      </div>
      {elsewhere.value > 0 && <p class="mut">{t('skills_matrix_elsewhere', elsewhere.value)}</p>}
      {wrong.value > 0 && <p class="wrong">{t('skills_matrix_wrong', wrong.value)}</p>}
      {count > most && <p class="wrong">{t('skills_matrix_tooMany', formatCount(most))}</p>}
    </>
  );
}

/** Who has which skills, and small changes to it. Nothing is written here: the changes become a batch. */
export function Matrix() {
  const editor = useRef<HTMLElement>(null);
  const area = useRef<HTMLElement>(null);
  const chosen = users.value.join('\n');
  useNames(users.value);
  useEffect(() => {
    if (users.peek().length > 0) void look(users.peek());
    return stopLooking;
  }, [chosen, connectionId.value]);
  if (users.value.length === 0) return <Start />;
  const missing = users.value.filter((userId) => unread.value.has(userId)).length;
  const { more, skills: shown } = columns.value;
  return (
    <section class="card matrix-card" aria-labelledby="matrix" ref={area}>
      <h2 id="matrix">{t('skills_matrix')}</h2>
      <Head />
      {traits.value.window && <NewWindow />}
      <Looking />
      {lookProblem.value && (
        <p class="wrong" role="alert">
          {lookProblem.value}
        </p>
      )}
      {missing > 0 && <p class="mut">{t(missing === 1 ? 'skills_matrix_unread_one' : 'skills_matrix_unread', missing)}</p>}
      {skills.value !== null && shown.length === 0 && (
        <p class="mut">{t(words.value.trim() === '' ? 'skills_matrix_nothingHeld' : 'skills_matrix_noSkill')}</p>
      )}
      {shown.length > 0 && (
        <>
          <Grid edit={() => editor.current?.querySelector<HTMLElement>('input, button')?.focus()} />
          {more > 0 && <p class="mut">{t('skills_matrix_more', more)}</p>}
          <p class="mut sm" id="matrix-keys">
            {t(traits.value.removal ? 'skills_matrix_keysRemoval' : 'skills_matrix_keys')}
          </p>
          <CellEditor place={editor} leave={() => area.current?.querySelector<HTMLElement>('td[tabindex="0"]')?.focus()} />
        </>
      )}
      <Acts />
    </section>
  );
}
