import { useComputed, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { formatDuration } from '../../domain/time.ts';
import { t } from '../../messages/words.ts';
import { now } from './clock.ts';

interface Props {
  sinceMs: number;
  /** False: we only know that it is at least this long. */
  known: boolean;
}

/** A running duration. The second's tick touches this text node alone, never the row around it. */
export function Elapsed({ sinceMs, known }: Props) {
  const since = useSignal(sinceMs);
  useLayoutEffect(() => {
    since.value = sinceMs;
  }, [sinceMs]);
  const text = useComputed(() => formatDuration(Math.max(0, now.value - since.value)));
  if (known) return <>{text}</>;
  return (
    <>
      <span aria-hidden="true">≥ </span>
      <span class="unseen">{t('state_atLeast')} </span>
      {text}
    </>
  );
}
