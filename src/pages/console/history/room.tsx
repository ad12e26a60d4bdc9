import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { glance } from '../../parts/store.ts';
import { nameOf, useNames } from '../diagnosis/names.ts';
import { AgentPicker } from '../parts/agent-picker.tsx';
import { withMore } from '../parts/picking.ts';
import { Popover } from '../parts/popover.tsx';
import { route } from '../route.ts';
import { ByAgent } from './by-agent.tsx';
import { followCounts } from './counts.ts';
import { Differences } from './differences.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { showAgents } from './go.ts';
import './history.css';
import { LoadBar, LoadStatusSaid } from './load-bar.tsx';
import { Notes } from './notes.tsx';
import { OwnRecord } from './own-record.tsx';
import { Problems } from './problems.tsx';
import { agentsOf, isToCome } from './question.ts';
import { RangePicker } from './range-picker.tsx';
import { followHistory, lanes, lastMs, load, question, refresh, ZONE } from './state.ts';
import { StretchTable } from './table.tsx';
import { Timeline } from './timeline.tsx';
import { TotalsCard } from './totals.tsx';
import { followView } from './view.ts';
import { formatEnds, formatMoment, rangeLabel } from './words.ts';

const A_MINUTE_MS = 60_000;

/** Nobody is named yet. */
function Start() {
  const watched = glance.value?.rows ?? [];
  return (
    <section class="card history-start" aria-labelledby="whose">
      <h2 id="whose">{t('history_start')}</h2>
      <p class="mut">{t('history_startText')}</p>
      {watched.length > 1 && (
        <div class="acts">
          <button
            type="button"
            class="btn"
            onClick={() =>
              showAgents(
                withMore(
                  [],
                  watched.map(({ agentId }) => agentId),
                ),
              )
            }
          >
            {t(
              'history_showWatched',
              withMore(
                [],
                watched.map(({ agentId }) => agentId),
              ).length,
            )}
          </button>
        </div>
      )}
      <AgentPicker chosen={[]} done={showAgents} />
    </section>
  );
}

function Head() {
  const asked = question.value;
  const busy = useComputed(() => load.value?.status === 'running' || load.value?.status === 'waiting').value;
  if (!asked) return null;
  const { agentIds, range, toMs } = asked;
  const [only = ''] = agentIds;
  const ends = range === 'own' || range === 'yesterday';
  const span = ends
    ? t('history_span', ...formatEnds(asked, lastMs.value, formatMoment))
    : t('history_until', formatMoment(toMs, lastMs.value));
  return (
    <div class="history-head">
      <h2 tabIndex={-1}>
        {agentIds.length === 1 ? <bdi>{nameOf(only)}</bdi> : t('diagnosis_agents', agentIds.length)}
        <span class="range-title">{rangeLabel(range)}</span>
      </h2>
      <p class="mut">
        {span} · {t('history_zone', ZONE)}
      </p>
      <div class="acts">
        <Popover
          label={t('history_chooseAgents')}
          text={agentIds.length === 1 ? t('diagnosis_agents_one', 1) : t('diagnosis_agents', agentIds.length)}
        >
          {(close) => (
            <AgentPicker
              chosen={agentIds}
              done={(chosen) => {
                close();
                showAgents(chosen);
              }}
            />
          )}
        </Popover>
        <Popover label={t('history_chooseRange')} text={rangeLabel(range)}>
          {(close) => <RangePicker close={close} />}
        </Popover>
        <button
          type="button"
          class="btn"
          aria-disabled={busy}
          onClick={() => {
            if (!busy) refresh();
          }}
        >
          {t('history_refresh')}
        </button>
        <ExportButtons />
      </div>
    </div>
  );
}

/** What is known, counted and listed; where nothing is, that is said in place of empty tables. */
function Known() {
  const none = useComputed(() => lanes.value.every(({ lane }) => lane?.source === 'none')).value;
  const busy = useComputed(() => load.value?.status === 'running' || load.value?.status === 'waiting').value;
  if (!none)
    return (
      <>
        <TotalsCard />
        <ByAgent />
        <Differences />
        <StretchTable />
      </>
    );
  // Of the time to come nothing else was to be expected.
  if (busy || (question.value && isToCome(question.value, now.peek()))) return null;
  return (
    <section class="card step">
      <h3>{t('history_nothing')}</h3>
      <p class="mut">{t('history_nothingText')}</p>
    </section>
  );
}

/** What this CXone's histories do not have, and where it is from instead. */
function Lacking() {
  const asked = question.value;
  const endsNow = useComputed(() => (question.value?.toMs ?? 0) >= (load.value?.startedMs ?? now.peek()) - A_MINUTE_MS).value;
  if (!asked || !endsNow || glance.value?.connection?.profile !== 'public') return null;
  return <p class="mut sm lacking">{t('history_presentIsOurs')}</p>;
}

/** Console › History: what agents did, from the tenant and from what we saw ourselves. */
export function History() {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stops = [followView(), followCounts(), followHistory()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  const agentIds = agentsOf(route.value);
  useNames(agentIds);
  const asked = question.value;
  return (
    <div class="history" ref={area}>
      {agentIds.length === 0 ? (
        <Start />
      ) : (
        asked && (
          <>
            <Head />
            <Problems />
            <LoadBar />
            <LoadStatusSaid />
            <Timeline />
            <Lacking />
            <Known />
            <Notes />
          </>
        )
      )}
      <OwnRecord />
    </div>
  );
}
