import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LIMITS } from '../../../domain/settings.ts';
import { t } from '../../../messages/words.ts';
import { StandingMark, standingWords } from '../../parts/connection-standing.tsx';
import { say } from '../../parts/notice.tsx';
import { others } from '../../parts/store.ts';
import { Sure } from '../bits/sure.tsx';
import { adding, connectionId } from '../state/connection-form.ts';
import { canAdd, connections, type Named, tenantFixed } from '../state/connections.ts';
import { hasKeptDraft } from '../state/draft-store.ts';
import { addConnection } from '../state/load.ts';
import { removeConnection, showConnection } from '../state/switching.ts';
import { Card } from './section.tsx';

const NAME_FIELD = 'connection-name';
const focusName = () => requestAnimationFrame(() => document.getElementById(NAME_FIELD)?.focus());

/** All connections, from the first one on. The form below is about the one that is shown. */
export function ConnectionsCard() {
  const list = connections.value;
  if (list.length === 0) return null;
  const add = () => {
    addConnection();
    focusName();
  };
  return (
    <Card
      title={t('options_connections')}
      aside={
        <button type="button" id="add-connection" class="btn" disabled={!canAdd.value} onClick={add}>
          {t('options_connectionAdd')}
        </button>
      }
    >
      {tenantFixed.value && <p class="help locked">{t('options_connectionsFixed')}</p>}
      {list.length >= LIMITS.connections && <p class="help">{t('field_tooMany', LIMITS.connections)}</p>}
      <ul class="plain connections">
        {list.map((connection) => (
          <Row key={connection.id} connection={connection} />
        ))}
        {adding.value && <NewRow />}
      </ul>
    </Card>
  );
}

/** The one being added: not saved yet, and left by going back to another. */
function NewRow() {
  const back = () => {
    const shown = others.peek().map(({ id }) => id);
    const active = connections.peek().find(({ id }) => !shown.includes(id)) ?? connections.peek()[0];
    if (active) void showConnection(active.id);
  };
  return (
    <li class="connection-row" aria-current="true">
      <span class="connection-words">
        <b>{t('options_connectionNew')}</b>
        <span class="help">{t('options_connectionNewHelp')}</span>
      </span>
      <button type="button" class="btn" onClick={back}>
        {t('options_cancel')}
      </button>
    </li>
  );
}

function Row({ connection: { id, name } }: { connection: Named }) {
  const asking = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (!asking.value && asked.current) opener.current?.focus();
    asked.current ||= asking.value;
  }, [asking.value]);
  const shown = !adding.value && id === connectionId.value;
  const other = others.value.find((each) => each.id === id);
  const standing = () => {
    if (shown) return t('options_connectionShown');
    // Beside one that is being added.
    if (!other) return t('options_connectionActive');
    return standingWords(other) || t('switch_fine');
  };
  const remove = async () => {
    if (!(await removeConnection(id))) return;
    say(t('options_connectionRemoved', name));
    const next = () => document.getElementById('add-connection') ?? document.getElementById(NAME_FIELD);
    requestAnimationFrame(() => next()?.focus());
  };
  const show = async () => {
    await showConnection(id);
    // The button that was pressed is gone.
    requestAnimationFrame(() => document.getElementById(`shown-${id}`)?.focus());
  };
  return (
    <li id={`shown-${id}`} class="connection-row" {...(shown ? { 'aria-current': 'true' as const, tabIndex: -1 } : {})}>
      <span class="connection-words">
        <b>
          <bdi>{name}</bdi>
        </b>
        <span class="help">
          {standing()}
          {!shown && hasKeptDraft(id) && ` · ${t('options_connectionDraft')}`}
        </span>
      </span>
      {other && !shown && <StandingMark of={other} />}
      <span class="connection-acts">
        {!shown && (
          <button type="button" class="btn" onClick={() => void show()}>
            {t('options_connectionShow')}
            <span class="unseen"> {name}</span>
          </button>
        )}
        {!tenantFixed.value && (
          <button
            type="button"
            class="btn quiet danger-text"
            ref={opener}
            aria-expanded={asking.value}
            onClick={() => {
              asking.value = !asking.value;
            }}
          >
            {t('options_connectionRemove')}
            <span class="unseen"> {name}</span>
          </button>
        )}
      </span>
      {asking.value && (
        <Sure
          title={t('options_connectionSure', name)}
          text={t('options_connectionSureText')}
          keep={t('options_connectionKeep')}
          yes={t('options_connectionRemoveNow')}
          onKeep={() => {
            asking.value = false;
          }}
          onYes={remove}
        />
      )}
    </li>
  );
}
