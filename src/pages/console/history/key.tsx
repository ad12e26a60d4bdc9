import { CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import { t } from '../../../messages/words.ts';
import { Bars } from '../../parts/bars.tsx';
import { categoryLabel } from '../../parts/category.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { keyEntries } from './key-entries.ts';
import { lanes } from './state.ts';

const WIDTH = 24;
const HEIGHT = 22;
const WINDOW = { fromMs: 0, toMs: WIDTH };

const sample = (category: Category) => [
  {
    category,
    stateName: '',
    reason: '',
    skill: '',
    fromMs: 0,
    toMs: WIDTH,
    source: 'tenant' as const,
    running: false,
    cut: false,
  },
];
const SAMPLES = new Map(CATEGORIES.map((category) => [category, sample(category)]));
/** How each state is drawn, and its mark in all other places. Those alone that are there. */
export function Key() {
  const { categories, ours } = keyEntries(lanes.value.map(({ lane }) => lane));
  return (
    <ul class="plain key" aria-label={t('history_key')}>
      {categories.map((category) => (
        <li key={category}>
          <svg width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
            <Bars segments={SAMPLES.get(category) ?? []} window={WINDOW} width={WIDTH} middle={HEIGHT / 2} />
          </svg>
          <StateMark category={category} />
          {categoryLabel(category)}
        </li>
      ))}
      {ours && (
        <li>
          <svg width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
            <path class="ours-mark" d={`M0 ${HEIGHT / 2}h${WIDTH}`} />
          </svg>
          {t('history_source_seen')}
        </li>
      )}
    </ul>
  );
}
