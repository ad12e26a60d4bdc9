import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import { Waiting } from '../../parts/first-run.tsx';
import { WarningIcon } from '../../parts/icons.tsx';
import { glance, problem } from '../../parts/store.ts';
import { FindField } from '../parts/find-field.tsx';
import { route } from '../route.ts';
import { AgentDetail } from './detail.tsx';
import { agents, filter, followList, listError, readList, shown } from './list.ts';
import { NO_FILTER } from './order.ts';
import { QueuesCard } from './queues-card.tsx';
import { AgentTable } from './table.tsx';
import { followTeams, teams } from './teams.ts';
import { Tiles } from './tiles.tsx';
import './wallboard.css';

function TeamChoice() {
  const { team } = filter.value;
  // With one team alone there is nothing to choose; one that has gone from the list can still be left.
  const names = team === '' || teams.value.includes(team) ? teams.value : [...teams.value, team];
  if (names.length < 2 && team === '') return null;
  return (
    <select
      class={`field ${team === '' ? '' : 'narrows'}`}
      aria-label={t('console_team')}
      value={team}
      onChange={({ currentTarget }) => {
        filter.value = { ...filter.value, team: currentTarget.value };
      }}
    >
      <option value="">{t('console_allTeams')}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function FilterBar() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const { words, watchedOnly } = filter.value;
  const all = agents.value?.length ?? 0;
  const count = shown.value.length;
  return (
    <div class="filters">
      <FindField
        box={box}
        label="console_filter"
        shortcut="/"
        placeholder="console_filterShort"
        value={words}
        onFind={(typed) => {
          filter.value = { ...filter.value, words: typed };
        }}
      />
      <TeamChoice />
      <button
        type="button"
        class="btn toggle"
        aria-pressed={watchedOnly}
        onClick={() => {
          filter.value = { ...filter.value, watchedOnly: !watchedOnly };
        }}
      >
        {t('console_watchedOnly')}
      </button>
      <p class="mut" role="status">
        {count === all ? t('console_count', formatCount(all)) : t('console_countOf', formatCount(count), formatCount(all))}
      </p>
    </div>
  );
}

function ListFailed() {
  return (
    <div class="banner warning" role="alert">
      <span class="banner-icon">
        <WarningIcon />
      </span>
      <div>
        <p class="problem-title">{t('console_listFailed')}</p>
        <p class="problem-text">{listError.value}</p>
      </div>
      <div class="fix">
        <button type="button" class="btn" onClick={() => void readList()}>
          {t('fix_retry')}
        </button>
      </div>
    </div>
  );
}

/** An empty table never speaks about agents, only about the list and the filter. */
function Nothing() {
  if (agents.value?.length === 0) {
    return (
      <div class="step">
        <h2>{t('console_noList_title')}</h2>
        <p class="mut">{t(problem.value ? 'console_noList_problem' : 'console_noList_text')}</p>
      </div>
    );
  }
  const { team } = filter.value;
  return (
    <div class="step">
      <h2>{t('console_noMatch_title')}</h2>
      <p class="mut">{team === '' ? t('console_noMatch_text') : t('console_noMatch_team', team)}</p>
      <button
        type="button"
        class="btn"
        onClick={() => {
          filter.value = NO_FILTER;
        }}
      >
        {t('console_showAll')}
      </button>
    </div>
  );
}

function List() {
  if (agents.value === null) return <Waiting />;
  return shown.value.length > 0 ? <AgentTable /> : <Nothing />;
}

export function Wallboard() {
  useEffect(followList, []);
  useEffect(followTeams, []);
  const { agent } = route.value;
  if (!glance.value) return null;
  return (
    <div class={`wallboard${agent ? ' with-detail' : ''}`}>
      <Tiles />
      <QueuesCard key={glance.value.connection?.id} />
      {listError.value && <ListFailed />}
      {(agents.value !== null || !listError.value) && (
        <section class="card list" aria-labelledby="all-agents">
          <h2 id="all-agents" class="unseen">
            {t('console_agents')}
          </h2>
          {agents.value !== null && agents.value.length > 0 && <FilterBar />}
          <List />
        </section>
      )}
      {agent && <AgentDetail key={agent} agentId={agent} />}
    </div>
  );
}
