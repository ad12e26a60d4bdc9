import { isUnserved, type SkillActivity } from '../../../domain/skill-activity.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import { Elapsed } from '../../parts/elapsed.tsx';
import { WarningIcon } from '../../parts/icons.tsx';
import { StateMark } from '../../parts/state-mark.tsx';

/** What CXone has not said is neither none nor nobody. */
function Unsaid() {
  return (
    <>
      <span aria-hidden="true" class="mut">
        —
      </span>
      <span class="unseen">{t('console_queues_unsaid')}</span>
    </>
  );
}

const countOf = (count: number | null) => (count === null ? <Unsaid /> : formatCount(count));

function Row({ queue, atMs }: { queue: SkillActivity; atMs: number }) {
  const { name, queueCount, longestWaitMs, serviceLevel, agentsAvailable, agentsWorking } = queue;
  const unserved = isUnserved(queue);
  return (
    <tr class={unserved ? 'unserved' : undefined}>
      <th scope="row" class="q-name">
        <span class="q-line">
          {unserved && <WarningIcon />}
          <bdi class="cut" title={name}>
            {name}
          </bdi>
        </span>
      </th>
      <td class={queueCount ? 'q-waiting some' : 'q-waiting'}>{countOf(queueCount)}</td>
      <td class="q-longest">
        {longestWaitMs !== null ? (
          <Elapsed sinceMs={atMs - longestWaitMs} known />
        ) : queueCount === 0 ? (
          <span class="unseen">{t('console_queues_noneWaiting')}</span>
        ) : (
          <Unsaid />
        )}
      </td>
      <td class="q-level">{serviceLevel === null ? <Unsaid /> : t('console_queues_percent', serviceLevel)}</td>
      <td class="q-available">{unserved ? <b>{t('console_queues_nobody')}</b> : countOf(agentsAvailable)}</td>
      <td class="q-working">{countOf(agentsWorking)}</td>
    </tr>
  );
}

const COLUMNS: readonly [css: string, label: MessageKey][] = [
  ['q-name', 'console_queues_column_name'],
  ['q-waiting', 'console_queues_column_waiting'],
  ['q-longest', 'console_queues_column_longest'],
  ['q-level', 'console_queues_column_level'],
];

/** @param atMs when CXone gave these numbers, our clock: waits run on from there */
export function QueueTable({ queues, atMs }: { queues: readonly SkillActivity[]; atMs: number }) {
  return (
    <table class="queue-table">
      <caption class="unseen">{t('console_queues_caption')}</caption>
      <thead>
        <tr>
          {COLUMNS.map(([css, label]) => (
            <th key={css} scope="col" class={css}>
              {t(label)}
            </th>
          ))}
          <th scope="col" class="q-available">
            <span class="q-line">
              <StateMark category="available" />
              {t('console_queues_column_available')}
            </span>
          </th>
          <th scope="col" class="q-working">
            <span class="q-line">
              <StateMark category="working" />
              {t('console_queues_column_working')}
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <Row key={queue.skillId} queue={queue} atMs={atMs} />
        ))}
      </tbody>
    </table>
  );
}
