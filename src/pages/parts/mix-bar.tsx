import type { Category } from '../../domain/agent-state.ts';
import { t } from '../../messages/words.ts';
import { categoryLabel } from './category.ts';
import { formatCount } from './count.ts';

/** From at work to away, so that the bar reads like the day of a team. */
const ORDER: readonly Category[] = ['available', 'working', 'acw', 'unavailable', 'unknown', 'loggedIn', 'loggedOut'];

/** How the whole team is spread over the states now: a picture for the eye, a sentence for the ear. */
export function MixBar({ counts }: { counts: Record<Category, number> }) {
  const present = ORDER.filter((category) => counts[category] > 0);
  const said = present.map((category) => t('mix_part', categoryLabel(category), formatCount(counts[category])));
  return (
    <div class="mix" role="img" aria-label={t('mix_label', said.join(', '))} title={said.join('\n')}>
      {present.map((category) => (
        <span key={category} class={category} style={{ flexGrow: counts[category] }} />
      ))}
    </div>
  );
}
