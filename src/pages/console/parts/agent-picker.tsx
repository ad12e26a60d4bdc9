import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../../domain/agent-state.ts';
import { LIMITS } from '../../../domain/settings.ts';
import type { AgentRow } from '../../../messages/contract.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { SearchIcon } from '../../parts/icons.tsx';
import { glance } from '../../parts/store.ts';
import { nameOf } from '../diagnosis/names.ts';
import './picker.css';
import { asTyped, type Choosable, isFull, offered, type Team, teamsOf, withMore } from './picking.ts';

const WAIT_MS = 150;
/** A list one scrolls with the eye; a further letter narrows better. */
const FOUND = 60;
/** As long as an id may be (messages/contract.ts). */
const LONGEST = 200;

interface OptionProps {
  agent: Choosable;
  on: boolean;
  full: boolean;
  /** Only one can be chosen. */
  single: boolean;
  toggle: () => void;
}

function Option({ agent, on, full, single, toggle }: OptionProps) {
  return (
    <label class="pick">
      <input
        type={single ? 'radio' : 'checkbox'}
        name="picked-agents"
        checked={on}
        disabled={full && !on && !single}
        onChange={toggle}
      />
      <span class="cut">
        <bdi>{agent.name}</bdi>
      </span>
      <span class="mut sm cut">
        <bdi>{agent.team}</bdi>
      </span>
    </label>
  );
}

function Teams({ teams, add }: { teams: readonly Team[]; add: (team: Team) => void }) {
  if (teams.length === 0) return null;
  return (
    <fieldset class="teams" aria-label={t('history_teams')}>
      {teams.map((team) => (
        <button key={team.name} type="button" class="chip" onClick={() => add(team)}>
          <bdi>{team.name}</bdi>
          <span class="mut">{team.agentIds.length}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface PickerProps {
  chosen: readonly AgentId[];
  done: (agentIds: AgentId[]) => void;
  /** How many may be chosen. */
  most?: number;
  /** On the button; "Show" where nothing is said. */
  submit?: string;
}

/** Who: out of those watched, a team, or anybody by a part of the name, the team or the skill. Nothing happens before "Show". */
export function AgentPicker({ chosen: before, done, most = LIMITS.historyAgents, submit }: PickerProps) {
  const chosen = useSignal<AgentId[]>([...before]);
  /** Who stood on top on opening: nobody jumps there while one ticks. */
  const top = useSignal(before);
  const words = useSignal('');
  const found = useSignal<AgentRow[] | null>(null);
  const failed = useSignal('');
  const query = words.value.trim();
  useEffect(() => {
    let over = false;
    top.value = chosen.peek();
    if (query === '') {
      found.value = null;
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const { agents } = await send('search', { query, offset: 0, limit: FOUND });
        if (over) return;
        found.value = agents;
        failed.value = '';
      } catch (error) {
        if (!over) failed.value = error instanceof Error ? error.message : String(error);
      }
    }, WAIT_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [query]);

  const watched = glance.value?.rows ?? [];
  const typed = asTyped(query, found.value);
  const agents = offered(query === '' ? top.value : [], watched, found.value && [...found.value, ...typed], nameOf);
  const ids = new Set(chosen.value);
  const single = most === 1;
  const full = isFull(chosen.value, most);
  const toggle = (agentId: AgentId) => {
    if (single) chosen.value = [agentId];
    else if (ids.has(agentId)) chosen.value = chosen.value.filter((each) => each !== agentId);
    else chosen.value = withMore(chosen.value, [agentId], most);
  };
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.peek().length > 0) done(chosen.peek());
      }}
    >
      <search class="find">
        <SearchIcon />
        <input
          class="field"
          type="search"
          spellcheck={false}
          autocomplete="off"
          maxLength={LONGEST}
          aria-label={t('history_findAgents')}
          placeholder={t('history_findAgentsShort')}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
        />
      </search>
      {!single && (
        <Teams
          teams={teamsOf(found.value ?? watched)}
          add={(team) => {
            chosen.value = withMore(chosen.peek(), team.agentIds, most);
          }}
        />
      )}
      {failed.value && (
        <p class="fix-failed" role="alert">
          {failed.value}
        </p>
      )}
      <fieldset class="picks" aria-label={t(query === '' ? 'history_watchedAgents' : 'history_foundAgents')}>
        {agents.map((agent) => (
          <Option
            key={agent.agentId}
            agent={agent}
            on={ids.has(agent.agentId)}
            full={full}
            single={single}
            toggle={() => toggle(agent.agentId)}
          />
        ))}
        {agents.length === 0 && (
          <p class="mut">
            {t(query === '' ? 'history_watchNobody' : found.value === null ? 'history_searching' : 'history_foundNobody')}
          </p>
        )}
      </fieldset>
      <div class="picker-foot">
        <p class="mut sm" role="status">
          {!single && t(full ? 'history_chosenFull' : 'history_chosen', chosen.value.length, most)}
        </p>
        {!single && chosen.value.length > 0 && (
          <button
            type="button"
            class="btn quiet"
            onClick={() => {
              chosen.value = [];
            }}
          >
            {t('history_chooseNone')}
          </button>
        )}
        <button type="submit" class="btn main" aria-disabled={chosen.value.length === 0}>
          {submit ?? t('history_show')}
        </button>
      </div>
    </form>
  );
}
