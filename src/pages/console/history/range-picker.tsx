import { type Signal, useSignal } from '@preact/signals';
import { type MessageKey, t } from '../../../messages/words.ts';
import { route } from '../route.ts';
import { showOwnRange, showRange } from './go.ts';
import { fromField, toField } from './local-time.ts';
import { isToCome, ownRangeFault, RANGES, rangeOf } from './question.ts';
import { question, ZONE } from './state.ts';
import { rangeLabel } from './words.ts';

const FAULTS = { order: 'history_ownOrder', long: 'history_ownLong', toCome: 'history_ownToCome' } as const;

/** A range of one's own begins as the one on screen. */
function OwnRange({ done }: { done: () => void }) {
  const asked = question.peek();
  const from = useSignal(toField(asked?.fromMs ?? Date.now() - 86_400_000));
  const to = useSignal(toField(asked?.toMs ?? Date.now()));
  const fault = useSignal<keyof typeof FAULTS | null>(null);
  return (
    <form
      class="own-range"
      onSubmit={(event) => {
        event.preventDefault();
        const [fromMs, toMs] = [fromField(from.value), fromField(to.value)];
        fault.value = ownRangeFault(fromMs, toMs) ?? (isToCome({ fromMs }, Date.now()) ? 'toCome' : null);
        if (fault.value !== null) return;
        showOwnRange(fromMs, toMs);
        done();
      }}
    >
      <TimeField label="history_ownFrom" value={from} wrong={fault.value !== null} />
      <TimeField label="history_ownTo" value={to} wrong={fault.value !== null} />
      <p id="own-range-note" class={fault.value ? 'sm fix-failed' : 'sm mut'} role={fault.value ? 'alert' : undefined}>
        {fault.value ? t(FAULTS[fault.value]) : t('history_zone', ZONE)}
      </p>
      <button type="submit" class="btn main">
        {t('history_show')}
      </button>
    </form>
  );
}

export function RangePicker({ close }: { close: () => void }) {
  const current = rangeOf(route.value);
  return (
    <div class="ranges">
      {RANGES.map((range) =>
        range === 'own' ? null : (
          <button
            key={range}
            type="button"
            class="range"
            aria-pressed={range === current}
            onClick={() => {
              close();
              showRange(range);
            }}
          >
            {rangeLabel(range)}
          </button>
        ),
      )}
      <p class="own-title">{rangeLabel('own')}</p>
      <OwnRange done={close} />
    </div>
  );
}

function TimeField({ label, value, wrong }: { label: MessageKey; value: Signal<string>; wrong: boolean }) {
  return (
    <label>
      {t(label)}
      <input
        class="field"
        type="datetime-local"
        required
        aria-invalid={wrong}
        aria-describedby="own-range-note"
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
