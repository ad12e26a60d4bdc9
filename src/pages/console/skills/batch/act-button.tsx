import { useSignal } from '@preact/signals';
import { t } from '../../../../messages/words.ts';
import { attempt } from '../../../parts/notice.tsx';

interface Props {
  label: string;
  run: () => Promise<unknown>;
  look?: 'main' | 'danger' | 'quiet';
  disabled?: boolean;
  /** Of a button in a row of a table: whether Tab stops at it. */
  tabStop?: boolean;
  /** Where the label alone does not say of what. */
  name?: string;
}

/** A button that is busy for as long as what it asked for; what goes wrong is said in the notice. */
export function ActButton({ label, run, look, disabled = false, tabStop = true, name }: Props) {
  const busy = useSignal(false);
  const onClick = async () => {
    if (busy.value || disabled) return;
    busy.value = true;
    await attempt(run);
    busy.value = false;
  };
  return (
    <button
      type="button"
      class={look ? `btn ${look}` : 'btn'}
      aria-disabled={busy.value || disabled}
      aria-label={name}
      tabIndex={tabStop ? undefined : -1}
      onClick={() => void onClick()}
    >
      {busy.value ? t('fix_busy') : label}
    </button>
  );
}
