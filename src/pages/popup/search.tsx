import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentRow } from '../../messages/contract.ts';
import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import { setWatched } from '../parts/actions.ts';
import { formatCount } from '../parts/count.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { SearchIcon, StarIcon } from '../parts/icons.tsx';
import { rowText } from '../parts/last-known.ts';
import { useRoving } from '../parts/roving.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { glance } from '../parts/store.ts';
import { query } from './view.ts';

const LIMIT = 50;
const DEBOUNCE_MS = 120;

interface Found {
  query: string;
  agents: AgentRow[];
  total: number;
  error: string;
}

const found = signal<Found | null>(null);
let latest = 0;

/** The newest question wins, however the answers come in. */
async function find(words: string, limit: number): Promise<void> {
  latest += 1;
  const mine = latest;
  let answer: Found;
  try {
    answer = { query: words, error: '', ...(await send('search', { query: words, offset: 0, limit })) };
  } catch (error) {
    answer = { query: words, agents: [], total: 0, error: error instanceof Error ? error.message : String(error) };
  }
  if (mine === latest) found.value = answer;
}

export function SearchBox({ box }: { box: RefObject<HTMLInputElement | null> }) {
  return (
    <search class="find">
      <SearchIcon />
      <input
        ref={box}
        class="field"
        type="search"
        spellcheck={false}
        autocomplete="off"
        aria-label={t('popup_search')}
        aria-keyshortcuts="/"
        placeholder={t('popup_search')}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          const first = document.querySelector<HTMLElement>('main [data-row]');
          if (!first) return;
          event.preventDefault();
          first.focus();
        }}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </search>
  );
}

function Result({ agent }: { agent: AgentRow }) {
  const label = t(agent.watched ? 'popup_unwatchName' : 'popup_watchName', agent.name);
  return (
    <li class="agent">
      <div class="row">
        <StateMark category={agent.category} />
        <span class="who">
          <b class="cut" title={agent.name}>
            <bdi>{agent.name}</bdi>
          </b>
          <span class="cut mut sm">{[rowText(agent), agent.team].filter(Boolean).join(' · ')}</span>
        </span>
        <span class="time">
          <span>
            {agent.category === 'unknown' || agent.category === 'loggedOut' || agent.sinceMs <= 0 ? (
              '—'
            ) : (
              <Elapsed sinceMs={agent.sinceMs} known={agent.sinceKnown} />
            )}
          </span>
        </span>
        <button
          type="button"
          class="btn icon star"
          data-row={agent.agentId}
          tabIndex={-1}
          aria-label={label}
          title={label}
          aria-pressed={agent.watched}
          onClick={() => void toggle(agent)}
        >
          <StarIcon on={agent.watched} />
        </button>
      </div>
    </li>
  );
}

async function toggle(agent: AgentRow): Promise<void> {
  await setWatched(agent, !agent.watched);
  const shown = found.peek();
  if (shown) await find(shown.query, Math.max(LIMIT, shown.agents.length));
}

/** Says what an empty result does and does not mean. */
function NoResult({ words }: { words: string }) {
  const total = glance.value?.total ?? 0;
  return (
    <div class="step">
      <h2>{t('popup_noResult_title', words)}</h2>
      <p class="mut">{total > 0 ? t('popup_noResult_text', formatCount(total)) : t('popup_noResult_noList')}</p>
    </div>
  );
}

export function SearchResults() {
  const place = useRef<HTMLDivElement>(null);
  useRoving(place);
  const words = query.value.trim();
  const shown = found.value;
  const list = glance.value;
  useEffect(() => {
    const more = found.peek()?.query === words ? (found.peek()?.agents.length ?? 0) : 0;
    const timer = setTimeout(() => void find(words, Math.max(LIMIT, more)), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [words, list]);

  const left = shown ? shown.total - shown.agents.length : 0;
  return (
    <div class="results" ref={place}>
      <p class="unseen" role="status">
        {shown && !shown.error ? t('popup_resultCount', shown.total) : ''}
      </p>
      {shown?.error && (
        <div class="step" role="alert">
          <h2>{t('popup_searchFailed')}</h2>
          <p class="mut">{shown.error}</p>
          <button type="button" class="btn main" onClick={() => void find(words, LIMIT)}>
            {t('fix_retry')}
          </button>
        </div>
      )}
      {shown && !shown.error && shown.agents.length === 0 && <NoResult words={shown.query} />}
      {shown && shown.agents.length > 0 && (
        <>
          {/* biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list */}
          <ul class="plain" role="list" aria-label={t('popup_results')}>
            {shown.agents.map((agent) => (
              <Result key={agent.agentId} agent={agent} />
            ))}
          </ul>
          {left > 0 && (
            <p class="left">
              <button type="button" class="btn quiet" onClick={() => void find(words, shown.agents.length + LIMIT)}>
                {t('popup_more', formatCount(left))}
              </button>
            </p>
          )}
        </>
      )}
    </div>
  );
}
