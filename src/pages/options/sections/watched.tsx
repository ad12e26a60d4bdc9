import { useSignal } from '@preact/signals';
import { LIMITS } from '../../../domain/settings.ts';
import { t } from '../../../messages/words.ts';
import { CloseIcon } from '../../parts/icons.tsx';
import { settings } from '../state/autosave.ts';
import { isLocked, names } from '../state/load.ts';
import { unwatch } from '../state/watching.ts';
import { FindAgents } from './find-agents.tsx';
import { PasteIds } from './paste-ids.tsx';
import { Card, Section } from './section.tsx';

/** More rows than this are shown on request: drawing 2,000 at once is felt. */
const FIRST = 100;

export function WatchedSection() {
  const locked = isLocked('watchedAgentIds');
  return (
    <Section id="watched" ofConnection title={t('options_watched')} intro={t('options_watchedIntro')}>
      <WatchedList locked={locked} />
      {!locked && <FindAgents />}
      {!locked && <PasteIds />}
    </Section>
  );
}

function WatchedList({ locked }: { locked: boolean }) {
  const all = useSignal(false);
  const ids = settings.value.watchedAgentIds;
  const shown = all.value ? ids : ids.slice(0, FIRST);
  return (
    <Card
      title={ids.length === 0 ? t('options_watchedNone') : t('options_watchedCount', ids.length)}
      aside={
        ids.length > 1 &&
        !locked && (
          <button type="button" class="btn quiet" onClick={() => void unwatch(ids, t('options_watchedCleared', ids.length))}>
            {t('options_watchedClear')}
          </button>
        )
      }
    >
      {locked && <p class="help locked">{t('options_locked')}</p>}
      {ids.length === 0 && <p class="help">{t('options_watchedNoneHelp')}</p>}
      {shown.length > 0 && (
        <ul class="plain people">
          {shown.map((id) => (
            <Person key={id} id={id} locked={locked} />
          ))}
        </ul>
      )}
      {ids.length > shown.length && (
        <button
          type="button"
          class="btn"
          onClick={() => {
            all.value = true;
          }}
        >
          {t('options_showAll', ids.length)}
        </button>
      )}
      {ids.length >= LIMITS.watchedAgents && <p class="note">{t('field_tooMany', LIMITS.watchedAgents)}</p>}
    </Card>
  );
}

function Person({ id, locked }: { id: string; locked: boolean }) {
  const name = names.value[id];
  const remove = () => {
    void unwatch([id], t('options_watchedRemoved', name ?? id));
  };
  return (
    <li class="person">
      <span class="person-words">
        {name === undefined ? (
          <span class="mut">{t('options_nameUnknown')}</span>
        ) : (
          <span>
            <bdi>{name}</bdi>
          </span>
        )}
        <code class="person-id">{id}</code>
      </span>
      {!locked && (
        <button type="button" class="btn icon" aria-label={t('options_removeNamed', name ?? id)} onClick={remove}>
          <CloseIcon />
        </button>
      )}
    </li>
  );
}
