import { useSignal } from '@preact/signals';
import { t } from '../../../messages/words.ts';

const STAYS_MS = 2500;

/** Copies, and says so where it was pressed. */
export function CopyButton({ text, label, what }: { text: string; label?: string; what: string }) {
  const said = useSignal<'' | 'copied' | 'failed'>('');
  const copy = async () => {
    said.value = await navigator.clipboard.writeText(text).then(
      () => 'copied' as const,
      () => 'failed' as const,
    );
    setTimeout(() => {
      said.value = '';
    }, STAYS_MS);
  };
  return (
    <span class="copy">
      <button type="button" class={label === undefined ? 'btn quiet' : 'btn'} onClick={() => void copy()}>
        {label ?? t('options_copy')}
        {label === undefined && <span class="unseen"> {what}</span>}
      </button>
      <span role="status" class={`said ${said.value}`}>
        {said.value === 'copied' && t('options_copied')}
        {said.value === 'failed' && t('options_copyFailed')}
      </span>
    </span>
  );
}
