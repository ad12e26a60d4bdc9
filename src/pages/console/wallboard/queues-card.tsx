import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { formatCount } from '../../parts/count.ts';
import { Elapsed } from '../../parts/elapsed.tsx';
import { ChevronIcon, WarningIcon } from '../../parts/icons.tsx';
import { formatWhen } from '../../parts/when.ts';
import { shortList, summaryOf } from './queue-order.ts';
import { QueueTable } from './queue-table.tsx';
import { activity, closed, followQueues, old, queues, rowsBefore, setClosed } from './queues.ts';
import './queues.css';

/** What there is to know without opening the card. */
function Summary() {
  const { waiting, longestWaitMs, unserved } = summaryOf(queues.value);
  const atMs = activity.value?.atMs ?? 0;
  return (
    <p class="queues-summary mut">
      {unserved > 0 && (
        <span class="q-line warn">
          <WarningIcon />
          {t('console_queues_unserved', formatCount(unserved), formatCount(queues.value.length))}
        </span>
      )}
      <span>
        {waiting === 0 ? t('console_queues_noneWaiting') : t('console_queues_waiting', formatCount(waiting))}
        {longestWaitMs !== null && (
          <>
            {' · '}
            {t('console_queues_longest')} <Elapsed sinceMs={atMs - longestWaitMs} known />
          </>
        )}
      </span>
      {old.value && <span class="warn">{t('console_queues_old', formatWhen(atMs, now.peek()))}</span>}
    </p>
  );
}

/** Why there are no rows, in words that blame nobody; '' when there are. */
function whyNone(): string {
  const { problem = null, skills = [] } = activity.value ?? {};
  if (problem === 'forbidden') return t('console_queues_forbidden');
  if (skills.length > 0) return '';
  return problem === null ? t('console_queues_empty') : t('console_queues_failed');
}

function Body({ all }: { all: boolean }) {
  const why = whyNone();
  if (why !== '') return <p class="queues-note mut">{why}</p>;
  return <QueueTable queues={shortList(queues.value, all)} atMs={activity.value?.atMs ?? 0} />;
}

/** The shape of what will come: as many rows as there were the last time. */
function Room({ rows }: { rows: number }) {
  return (
    <div class="queues-room" aria-hidden="true">
      {Array.from({ length: rows + 1 }, (_, index) => (
        <span key={index}>
          <span class="bone" />
        </span>
      ))}
    </div>
  );
}

/** Who waits for whom, above the agents. An API without queues, and one that was not asked yet, have no card. */
export function QueuesCard() {
  useEffect(followQueues, []);
  const all = useSignal(false);
  const shown = activity.value;
  const expected = shown === null ? rowsBefore() : 0;
  if (shown === null ? expected === 0 : !shown.supported || (shown.atMs === 0 && shown.problem === null)) return null;
  const open = !closed.value;
  return (
    <section class="card queues" aria-labelledby="queues-title">
      <div class="queues-head">
        <h2 id="queues-title">
          <button type="button" aria-expanded={open} aria-controls="queues-body" onClick={() => setClosed(open)}>
            <ChevronIcon />
            {t('console_queues')}
          </button>
        </h2>
        {shown && shown.skills.length > 0 && <Summary />}
        {open && queues.value.length > shortList(queues.value, false).length && (
          <button
            type="button"
            class="btn queues-all"
            aria-controls="queues-body"
            onClick={() => {
              all.value = !all.value;
            }}
          >
            {all.value ? t('console_queues_fewer') : t('console_queues_all', formatCount(queues.value.length))}
          </button>
        )}
      </div>
      <div id="queues-body" hidden={!open}>
        {shown === null ? <Room rows={expected} /> : <Body all={all.value} />}
      </div>
    </section>
  );
}
