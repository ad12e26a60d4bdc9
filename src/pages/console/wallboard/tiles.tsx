import type { Category } from '../../../domain/agent-state.ts';
import { t } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import { formatCount } from '../../parts/count.ts';
import { MixBar } from '../../parts/mix-bar.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { glance } from '../../parts/store.ts';
import { filter } from './list.ts';

const ORDER: readonly Category[] = ['available', 'working', 'acw', 'unavailable', 'unknown', 'loggedIn', 'loggedOut'];

/** How many are in each state; a tile narrows the table to its state and back. Without a list nothing was counted: no zeros then. */
export function Tiles() {
  const now = glance.value;
  if (!now) return null;
  const chosen = filter.value.category;
  const toggle = (category: Category) => {
    filter.value = { ...filter.value, category: chosen === category ? null : category };
  };
  return (
    <section class="card team-now" aria-labelledby="team-now">
      <div class="team-head">
        <h2 id="team-now">{t('console_teamNow')}</h2>
        {now.total > 0 && <MixBar counts={now.counts} />}
      </div>
      <div class="tiles">
        {ORDER.map((category) => (
          <button key={category} type="button" class="tile" aria-pressed={chosen === category} onClick={() => toggle(category)}>
            <StateMark category={category} />
            <b>{now.total > 0 ? formatCount(now.counts[category]) : '—'}</b>
            <span class="label">{categoryLabel(category)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
