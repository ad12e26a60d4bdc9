import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import type { QuietHours } from '../../../domain/settings.ts';
import { checkQuietHours } from '../../../domain/settings-check.ts';
import { t, tCode } from '../../../messages/words.ts';
import { SwitchRow } from '../bits/controls.tsx';
import { clockWords, dayName } from '../bits/language.ts';
import { quietExample, WEEK } from '../logic/quiet-words.ts';
import { changeSettings, settings } from '../state/autosave.ts';
import { Card } from './section.tsx';

/** What is not right yet stays on screen with its note and is not saved. */
export function QuietHoursCard() {
  const stored = settings.value.quietHours;
  const quiet = useSignal<QuietHours>(stored);
  useLayoutEffect(() => {
    quiet.value = stored;
  }, [stored]);
  const set = (patch: Partial<QuietHours>) => {
    quiet.value = { ...quiet.value, ...patch };
    if (Object.keys(checkQuietHours(quiet.value)).length === 0) changeSettings({ quietHours: quiet.value });
  };
  const { enabled, days } = quiet.value;
  const notes = checkQuietHours(quiet.value);
  const clockNote = notes.from ?? notes.to;
  const example = clockNote ? null : quietExample(quiet.value, dayName, clockWords);
  return (
    <Card title={t('options_quiet')}>
      <SwitchRow
        id="quiet-on"
        label={t('options_quietOn')}
        help={t('options_quietHelp')}
        checked={enabled}
        onChange={(on) => set({ enabled: on })}
      />
      {enabled && (
        <>
          <div class={`row ${clockNote ? 'wrong' : ''}`}>
            <span class="row-label" id="quiet-hours">
              {t('options_quietHours')}
            </span>
            <div class="row-body">
              <fieldset class="with-unit" aria-labelledby="quiet-hours" aria-describedby="quiet-example">
                <Clock
                  label={t('options_from')}
                  value={quiet.value.from}
                  wrong={notes.from !== undefined}
                  onChange={(from) => set({ from })}
                />
                <Clock
                  label={t('options_to')}
                  value={quiet.value.to}
                  wrong={notes.to !== undefined}
                  onChange={(to) => set({ to })}
                />
              </fieldset>
              {clockNote && <p class="note">{tCode(clockNote.key, clockNote.params)}</p>}
            </div>
          </div>
          <div class={`row ${notes.days ? 'wrong' : ''}`}>
            <span class="row-label" id="quiet-days">
              {t('options_quietDays')}
            </span>
            <div class="row-body">
              <fieldset class="days" aria-labelledby="quiet-days" aria-describedby="quiet-example quiet-days-note">
                {WEEK.map((day) => (
                  <label key={day} class="day">
                    <input
                      type="checkbox"
                      checked={days.includes(day)}
                      aria-label={dayName(day)}
                      onChange={({ currentTarget }) =>
                        set({ days: WEEK.filter((d) => (d === day ? currentTarget.checked : days.includes(d))) })
                      }
                    />
                    <span>{dayName(day, 'short')}</span>
                  </label>
                ))}
              </fieldset>
              <p class="help" id="quiet-example">
                {example && tCode(example.key, example.params)}
              </p>
              <p class="note" id="quiet-days-note">
                {notes.days && tCode(notes.days.key, notes.days.params)}
              </p>
            </div>
          </div>
        </>
      )}
    </Card>
  );
}

interface ClockProps {
  label: string;
  value: string;
  wrong: boolean;
  onChange: (value: string) => void;
}

function Clock({ label, value, wrong, onChange }: ClockProps) {
  return (
    <label class="clock">
      {label}
      <input
        class="field"
        type="time"
        value={value}
        aria-invalid={wrong}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
