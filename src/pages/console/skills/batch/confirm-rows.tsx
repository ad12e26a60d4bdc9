import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { attempt } from '../../../parts/notice.tsx';

/** Up to so many rows a click is enough; above, their number is typed. */
export const CLICK_ROWS = 50;

/** The number somebody typed, however they set it apart: `1 917`, `1,917`; null for anything else. */
export function typedNumber(text: string): number | null {
  const digits = text.trim().replace(/(?<=\d)[\s,.'’](?=\d{3}(?:\D|$))/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

interface Props {
  /** How many rows it is about. */
  rows: number;
  label: string;
  run: () => Promise<unknown>;
  main?: boolean;
}

/** The last step before many rows are written. */
export function ConfirmRows({ rows, label, run, main = false }: Props) {
  const typed = useSignal('');
  const busy = useSignal(false);
  const field = useId();
  const asks = rows > CLICK_ROWS;
  const agreed = !asks || typedNumber(typed.value) === rows;
  const wrong = asks && typed.value.trim() !== '' && !agreed;
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (!agreed || busy.value) return;
    busy.value = true;
    await attempt(run);
    busy.value = false;
  };
  return (
    <form class="confirm" onSubmit={(event) => void onSubmit(event)}>
      {asks && (
        <label for={field}>
          {t('skills_confirmType', formatCount(rows))}
          <input
            id={field}
            class="field"
            inputMode="numeric"
            autocomplete="off"
            spellcheck={false}
            aria-invalid={wrong}
            aria-describedby={wrong ? `${field}-wrong` : undefined}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <button type="submit" class={main ? 'btn main' : 'btn'} aria-disabled={!agreed || busy.value}>
        {busy.value ? t('fix_busy') : label}
      </button>
      {wrong && (
        <p id={`${field}-wrong`} class="sm bad">
          {t('skills_confirmWrong', formatCount(rows))}
        </p>
      )}
    </form>
  );
}
