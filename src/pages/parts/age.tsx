import { useComputed } from '@preact/signals';
import { formatAge } from '../../domain/time.ts';
import { t } from '../../messages/words.ts';
import { now } from './clock.ts';
import { type Freshness, freshness } from './freshness.ts';
import { glance, heartbeat } from './store.ts';
import { formatWhen } from './when.ts';

function words(fresh: Freshness): string {
  if (fresh.kind === 'live') return t('age_live', formatAge(fresh.ageMs));
  if (fresh.kind === 'stale') return t('age_stale', formatWhen(fresh.fromMs, now.value));
  return t('age_never');
}

/** How old the list is, always in sight: a dot and words, never the dot alone. */
export function Age() {
  const fresh = useComputed(() => freshness(glance.value, heartbeat.value, now.value));
  const kind = useComputed(() => fresh.value.kind);
  const text = useComputed(() => words(fresh.value));
  return (
    <span class={`age ${kind.value}`}>
      <i aria-hidden="true" />
      <span class="cut">{text}</span>
    </span>
  );
}
