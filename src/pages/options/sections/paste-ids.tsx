import { useSignal } from '@preact/signals';
import { LIMITS } from '../../../domain/settings.ts';
import { send } from '../../../messages/send.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { type Mistake, type PastedIds, sortIds } from '../logic/agent-ids.ts';
import { settings } from '../state/autosave.ts';
import { learnNames } from '../state/load.ts';
import { watch } from '../state/watching.ts';
import { Card } from './section.tsx';

const MISTAKES: Record<Mistake, MessageKey> = {
  email: 'options_mistakeEmail',
  extension: 'options_mistakeExtension',
  name: 'options_mistakeName',
  secret: 'options_mistakeSecret',
  tooLong: 'options_mistakeTooLong',
};

type Outcome = PastedIds & { left: number };

/** Ids pasted from a report or a ticket. What is no agent id stays in the box, with the reason. */
export function PasteIds() {
  const text = useSignal('');
  const outcome = useSignal<Outcome | null>(null);
  const busy = useSignal(false);
  const add = async () => {
    if (text.value.trim() === '' || busy.value) return;
    busy.value = true;
    const watched = settings.peek().watchedAgentIds;
    const sorted = await withKnown(sortIds(text.value, new Set(watched)));
    const room = Math.max(0, LIMITS.watchedAgents - watched.length);
    const fresh = sorted.fresh.slice(0, room);
    const left = sorted.fresh.slice(room);
    const done = fresh.length === 0 || (await watch(fresh, t('options_watchedAddedMany', fresh.length)));
    busy.value = false;
    if (!done) return;
    outcome.value = { ...sorted, fresh, left: left.length };
    text.value = [...sorted.mistakes.map((mistake) => mistake.text), ...left].join('\n');
  };
  return (
    <Card title={t('options_paste')}>
      <label class="help" for="paste-ids">
        {t('options_pasteLabel')}
      </label>
      <textarea
        id="paste-ids"
        class="field wide code"
        rows={4}
        spellcheck={false}
        autocomplete="off"
        value={text.value}
        aria-describedby="paste-outcome"
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
      <div id="paste-outcome" role="status">
        {outcome.value && <OutcomeWords outcome={outcome.value} />}
      </div>
      <div class="acts">
        <button type="button" class="btn" onClick={() => void add()} disabled={busy.value || text.value.trim() === ''}>
          {t('options_pasteAdd')}
        </button>
      </div>
    </Card>
  );
}

/** A short number that CXone knows as an agent id is one, whatever it looks like. */
async function withKnown(sorted: PastedIds): Promise<PastedIds> {
  const doubtful = sorted.mistakes.filter(({ kind }) => kind === 'extension').slice(0, 20);
  const found = await Promise.all(doubtful.map(({ text }) => isKnown(text).catch(() => false)));
  const known = new Set(doubtful.filter((_, index) => found[index]).map(({ text }) => text));
  const watched = settings.peek().watchedAgentIds;
  return {
    fresh: [...sorted.fresh, ...[...known].filter((id) => !watched.includes(id))],
    duplicates: [...sorted.duplicates, ...[...known].filter((id) => watched.includes(id))],
    mistakes: sorted.mistakes.filter(({ text }) => !known.has(text)),
  };
}

async function isKnown(id: string): Promise<boolean> {
  const { agent } = await send('agent', { agentId: id });
  if (agent !== null) learnNames([agent]);
  return agent !== null;
}

function OutcomeWords({ outcome: { fresh, duplicates, mistakes, left } }: { outcome: Outcome }) {
  return (
    <>
      <p class="help">
        {t('options_pasteAdded', fresh.length)} {duplicates.length > 0 && t('options_pasteDuplicates', duplicates.join(', '))}
      </p>
      {left > 0 && <p class="note bad">{t('field_tooMany', LIMITS.watchedAgents)}</p>}
      {mistakes.length > 0 && (
        <ul class="plain">
          {mistakes.map(({ text, kind }) => (
            <li key={text} class="note bad">
              {t(MISTAKES[kind], kind === 'secret' || kind === 'tooLong' ? `${text.slice(0, 6)}…` : text)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
