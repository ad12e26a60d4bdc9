import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentRow } from '../../../messages/contract.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { stateText } from '../../parts/category.ts';
import { nextIndex } from '../../parts/roving.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { type Choice, choicesFor, SUGGESTIONS } from './choices.ts';
import { asking } from './state.ts';

const WAIT_MS = 150;
/** The contract's longest id. */
const LONGEST = 200;

interface Found {
  words: string;
  agents: AgentRow[];
}

/** The agents that fit; none when they cannot be read: what was typed can be asked about all the same. */
async function find(words: string): Promise<Found> {
  const none = { words, agents: [] };
  if (words === '') return none;
  return send('search', { query: words, offset: 0, limit: SUGGESTIONS }).then(
    ({ agents }) => ({ words, agents }),
    () => none,
  );
}

function Option({ choice, id, active, choose }: { choice: Choice; id: string; active: boolean; choose: () => void }) {
  const { agent, agentId } = choice;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which points at the option (ARIA combobox)
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      id={id}
      role="option"
      aria-selected={active}
      class="option"
      // The field keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <StateMark category={agent?.category ?? 'unknown'} />
      {agent ? (
        <span class="option-words">
          <b class="cut">
            <bdi>{agent.name}</bdi>
          </b>
          <span class="mut sm cut">
            {[agent.team, stateText(agent), agentId === agent.name ? '' : agentId].filter(Boolean).join(' · ')}
          </span>
        </span>
      ) : (
        <span class="option-words">
          <b class="cut">
            <bdi>{agentId}</bdi>
          </b>
          <span class="mut sm">{t('diagnosis_asTyped')}</span>
        </span>
      )}
    </div>
  );
}

/** Whom to ask about: a name to choose from, or an id of any kind as it stands. After the ARIA practices' combobox with a list. */
export function AgentField({ ask }: { ask: (agentId: AgentId) => void }) {
  const typed = useSignal('');
  const found = useSignal<Found>({ words: '', agents: [] });
  const open = useSignal(false);
  const active = useSignal(0);
  const place = useRef<HTMLFormElement>(null);
  const words = typed.value.trim();
  useEffect(() => {
    let over = false;
    const timer = setTimeout(async () => {
      const next = await find(words);
      if (!over) found.value = next;
    }, WAIT_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [words]);
  useEffect(() => {
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) open.value = false;
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, []);

  const choices = choicesFor(words, found.value.agents);
  const index = Math.min(active.value, choices.length - 1);
  const listed = open.value && choices.length > 0;
  const submit = async () => {
    if (words === '' || asking.value) return;
    // Whoever types fast is not asked about before the suggestions for what they typed are there.
    const fitting = found.value.words === words ? choices : choicesFor(words, (await find(words)).agents);
    const chosen = fitting[found.value.words === words ? index : 0];
    if (chosen) ask(chosen.agentId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && listed) {
      event.preventDefault();
      open.value = false;
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    active.value = listed ? nextIndex(event.key, index, choices.length) : index;
    open.value = true;
  };
  return (
    <form
      class="agent-field"
      ref={place}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label for="whom">{t('diagnosis_field')}</label>
      <div class="field-row">
        <div class="combo">
          <input
            id="whom"
            class="field"
            type="text"
            role="combobox"
            aria-expanded={listed}
            aria-controls="whom-choices"
            aria-autocomplete="list"
            aria-activedescendant={listed ? `whom-${index}` : undefined}
            autocomplete="off"
            spellcheck={false}
            maxLength={LONGEST}
            placeholder={t('diagnosis_fieldExample')}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              active.value = 0;
              open.value = true;
            }}
            onKeyDown={onKeyDown}
          />
          <div id="whom-choices" role="listbox" aria-label={t('diagnosis_choices')} class="choices" hidden={!listed}>
            {listed &&
              choices.map((choice, at) => (
                <Option
                  key={`${choice.agent ? 'agent' : 'typed'} ${choice.agentId}`}
                  id={`whom-${at}`}
                  choice={choice}
                  active={at === index}
                  choose={() => ask(choice.agentId)}
                />
              ))}
          </div>
        </div>
        <button type="submit" class="btn main" aria-disabled={words === '' || asking.value}>
          {asking.value ? t('fix_busy') : t('diagnosis_findOut')}
        </button>
      </div>
    </form>
  );
}
