import type { Category } from '../../../domain/agent-state.ts';
import { t } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { nameOf } from '../diagnosis/names.ts';
import { formatSpent } from '../parts/spent.ts';
import { type Counted, inSight } from './counts.ts';
import { lastMs } from './state.ts';
import { formatMoment } from './words.ts';

const STATES: readonly Category[] = ['available', 'working', 'acw', 'unavailable'];

function Times({ one: { totals } }: { one: Counted }) {
  const at = (ms: number) => formatMoment(ms, lastMs.value);
  const msOf = (category: Category) => totals.byCategory.find((each) => each.category === category)?.ms ?? 0;
  const { firstLogInMs, lastLogOutMs, loggedInSince, unknownMs, occupancy } = totals;
  return (
    <>
      <td>{firstLogInMs === null ? '—' : at(firstLogInMs)}</td>
      <td>{loggedInSince ? t('history_stillIn') : lastLogOutMs === null ? '—' : at(lastLogOutMs)}</td>
      {STATES.map((category) => (
        <td key={category}>{msOf(category) > 0 ? formatSpent(msOf(category)) : '—'}</td>
      ))}
      <td>{unknownMs > 0 ? formatSpent(unknownMs) : '—'}</td>
      <td>{occupancy === null ? '—' : t('history_percent', Math.round(occupancy * 100))}</td>
    </>
  );
}

/** Several agents beside each other: since when, until when, and how the time was spent. */
export function ByAgent() {
  const all = inSight.value;
  if (all.length < 2) return null;
  return (
    <div class="card by-agent">
      <h3 id="by-agent">{t('history_byAgent')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (axe: scrollable-region-focusable) */}
      <section class="scrolls" tabIndex={0} aria-labelledby="by-agent">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('console_column_name')}</th>
              <th scope="col">{t('history_firstLogIn')}</th>
              <th scope="col">{t('history_lastLogOut')}</th>
              {STATES.map((category) => (
                <th key={category} scope="col">
                  <StateMark category={category} /> {categoryLabel(category)}
                </th>
              ))}
              <th scope="col">
                <StateMark category="unknown" /> {categoryLabel('unknown')}
              </th>
              <th scope="col">{t('history_occupancy')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.agentId}>
                <th scope="row" class="cut" title={nameOf(one.agentId)}>
                  <bdi>{nameOf(one.agentId)}</bdi>
                </th>
                <Times one={one} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
