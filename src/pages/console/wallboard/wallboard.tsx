import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import { Waiting } from '../../parts/first-run.tsx';
import { SearchIcon, WarningIcon } from '../../parts/icons.tsx';
import { glance, problem } from '../../parts/store.ts';
import { route } from '../route.ts';
import { AgentDetail } from './detail.tsx';
import { agents, filter, followList, listError, readList, shown } from './list.ts';
import { AgentTable } from './table.tsx';
import { Tiles } from './tiles.tsx';
import './wallboard.css';

const ALL = { words: '', category: null, watchedOnly: false };

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
      <search class="find">
        <SearchIcon />
        <input
          ref={box}
          class="field"
          type="search"
          spellcheck={false}
          autocomplete="off"
          aria-label={t('console_filter')}
          aria-keyshortcuts="/"
          placeholder={t('console_filterShort')}
          value={words}
          onInput={(event) => {
            filter.value = { ...filter.value, words: event.currentTarget.value };
          }}
        />
      </search>
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
  return (
    <div class="step">
      <h2>{t('console_noMatch_title')}</h2>
      <p class="mut">{t('console_noMatch_text')}</p>
      <button
        type="button"
        class="btn"
        onClick={() => {
          filter.value = ALL;
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
  const { agent } = route.value;
  if (!glance.value) return null;
  return (
    <div class={`wallboard${agent ? ' with-detail' : ''}`}>
      <Tiles />
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
