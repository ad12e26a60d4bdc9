import type { AgentId } from '../../../domain/agent-state.ts';
import type { Difference } from '../../../domain/history/overlay.ts';
import { t } from '../../../messages/words.ts';
import { stateText } from '../../parts/category.ts';
import { now } from '../../parts/clock.ts';
import { differencesOf } from '../../parts/lanes.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { glance } from '../../parts/store.ts';
import { nameOf } from '../diagnosis/names.ts';
import { inSight } from './counts.ts';
import { lastMs } from './state.ts';
import { compare, counted } from './view.ts';
import { whyLate } from './why-late.ts';
import { differenceText, formatExact } from './words.ts';

/** More are seen better in the picture. */
const MOST = 50;

function WhyLate({ agentId, difference }: { agentId: AgentId; difference: Difference }) {
  const href = whyLate(difference, agentId, glance.value?.cause ?? null, now.peek());
  if (href === null) return null;
  return (
    <a class="ask" href={href} aria-label={t('history_whyLate', nameOf(agentId))}>
      {t('diagnosis_findOut')}
    </a>
  );
}

/** Where CXone's history and our own record do not agree, in words: what is late here was late on screen as well. */
export function Differences() {
  const { fromMs, toMs } = counted.value;
  if (!compare.value) return null;
  const all = inSight.value.flatMap(({ agentId, lane }) =>
    differencesOf(lane)
      .filter((each) => each.toMs > fromMs && each.fromMs < toMs)
      .map((difference) => ({ agentId, difference })),
  );
  const shown = all.toSorted((a, b) => b.difference.fromMs - a.difference.fromMs).slice(0, MOST);
  const several = inSight.value.length > 1;
  return (
    <section class="card" aria-labelledby="differences">
      <h3 id="differences">{t('history_differences', all.length)}</h3>
      {all.length === 0 ? (
        <p class="mut">{t('history_differencesNone')}</p>
      ) : (
        // biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list
        <ul class="plain difference-list" role="list">
          {shown.map(({ agentId, difference }) => (
            <li key={`${agentId} ${difference.fromMs}`}>
              <time class="mut">{formatExact(difference.fromMs, lastMs.value)}</time>
              <span>
                {several && (
                  <b>
                    <bdi>{nameOf(agentId)}</bdi>{' '}
                  </b>
                )}
                {differenceText(difference)}
                <WhyLate agentId={agentId} difference={difference} />
              </span>
              <span class="mut sm pair">
                {t('history_inCxone')} <StateMark category={difference.tenant.category} /> {stateText(difference.tenant)} ·{' '}
                {t('history_inOurs')} <StateMark category={difference.seen.category} /> {stateText(difference.seen)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {all.length > MOST && <p class="mut sm">{t('history_differencesMore', all.length - MOST)}</p>}
    </section>
  );
}
