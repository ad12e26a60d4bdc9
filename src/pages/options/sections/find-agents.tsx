import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { LIMITS } from '../../../domain/settings.ts';
import type { AgentRow } from '../../../messages/contract.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { rowText } from '../../parts/last-known.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { auth } from '../../parts/store.ts';
import { Callout } from '../bits/callout.tsx';
import { settings } from '../state/autosave.ts';
import { failureOf } from '../state/failure.ts';
import { learnNames } from '../state/load.ts';
import { watch } from '../state/watching.ts';
import { Card } from './section.tsx';

const WAIT_MS = 200;
const RESULTS = 20;
/** "Watch everyone" is for a team, not for a tenant. */
const EVERYONE_MAX = 200;

type Found =
  | { kind: 'none' }
  | { kind: 'looking' }
  | { kind: 'failed'; message: string }
  | { kind: 'found'; agents: AgentRow[]; total: number };

export function FindAgents() {
  const query = useSignal('');
  const found = useSignal<Found>({ kind: 'none' });
  const again = useSignal(0);
  const words = query.value.trim();
  useEffect(() => {
    if (words === '') {
      found.value = { kind: 'none' };
      return;
    }
    let over = false;
    const timer = setTimeout(async () => {
      if (found.peek().kind !== 'found') found.value = { kind: 'looking' };
      const next = await search(words, RESULTS);
      if (!over) found.value = next;
    }, WAIT_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [words, again.value]);

  return (
    <Card title={t('options_find')} aside={<Everyone />}>
      <label class="unseen" for="find-agents">
        {t('options_findLabel')}
      </label>
      <input
        id="find-agents"
        class="field wide"
        type="search"
        placeholder={t('options_findLabel')}
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        aria-describedby="find-status"
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
        }}
      />
      <p id="find-status" class="help" role="status">
        {statusWords(found.value)}
      </p>
      {found.value.kind === 'failed' && (
        <Callout
          tone="bad"
          title={found.value.message}
          action={
            <button type="button" class="btn" onClick={() => again.value++}>
              {t('options_retry')}
            </button>
          }
        />
      )}
      {found.value.kind === 'found' && (
        <ul class="plain people" aria-label={t('options_findResults')}>
          {found.value.agents.map((agent) => (
            <Result key={agent.agentId} agent={agent} />
          ))}
        </ul>
      )}
    </Card>
  );
}

async function search(query: string, limit: number): Promise<Found> {
  try {
    const { agents, total } = await send('search', { query, offset: 0, limit });
    learnNames(agents);
    return { kind: 'found', agents, total };
  } catch (error) {
    return { kind: 'failed', message: failureOf(error).message };
  }
}

function statusWords(found: Found): string {
  if (found.kind === 'looking') return t('options_findLooking');
  if (found.kind !== 'found') return '';
  if (found.total === 0) return t('options_findNothing');
  return found.total > found.agents.length
    ? t('options_findSome', found.agents.length, found.total)
    : t('options_findCount', found.total);
}

function Result({ agent }: { agent: AgentRow }) {
  const watched = settings.value.watchedAgentIds.includes(agent.agentId);
  const full = settings.value.watchedAgentIds.length >= LIMITS.watchedAgents;
  const name = agent.name || agent.agentId;
  return (
    <li class="person">
      <StateMark category={agent.category} />
      <span class="person-words">
        <span>
          <bdi>{name}</bdi>
        </span>
        <span class="mut sm">{[agent.team, rowText(agent)].filter(Boolean).join(' · ')}</span>
      </span>
      {watched ? (
        <span class="mut">{t('options_watchedAlready')}</span>
      ) : (
        <button
          type="button"
          class="btn"
          aria-label={t('options_watchNamed', name)}
          disabled={full}
          onClick={() => void watch([agent.agentId], t('options_watchedAdded', name))}
        >
          {t('options_watch')}
        </button>
      )}
    </li>
  );
}

/** Offered while the tenant is small enough for one person to look after. */
function Everyone() {
  const everyone = useSignal<string[]>([]);
  // There is nobody to offer before the first sign-in.
  const phase = auth.value?.phase;
  useEffect(() => {
    void search('', EVERYONE_MAX).then((reply) => {
      if (reply.kind === 'found' && reply.total <= EVERYONE_MAX) everyone.value = reply.agents.map((agent) => agent.agentId);
    });
  }, [phase]);
  const missing = everyone.value.filter((id) => !settings.value.watchedAgentIds.includes(id));
  if (missing.length === 0) return null;
  return (
    <button type="button" class="btn quiet" onClick={() => void watch(missing, t('options_watchedAddedMany', missing.length))}>
      {t('options_watchEveryone', everyone.value.length)}
    </button>
  );
}
