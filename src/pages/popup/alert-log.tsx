import { useEffect, useRef } from 'preact/hooks';
import { problemTitle } from '../../domain/problem-words.ts';
import type { AlertLine } from '../../messages/published.ts';
import { send } from '../../messages/send.ts';
import { t, tCode } from '../../messages/words.ts';
import { stateText } from '../parts/category.ts';
import { now } from '../parts/clock.ts';
import { BackIcon, BellOffIcon, WarningIcon } from '../parts/icons.tsx';
import { attempt } from '../parts/notice.tsx';
import { useRoving } from '../parts/roving.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { glance } from '../parts/store.ts';
import { openConsole } from '../parts/tabs.ts';
import { formatWhen } from '../parts/when.ts';
import { view } from './view.ts';

/** What happened, in a supervisor's words. */
function story({ kind, state, minutes, problem }: AlertLine): string {
  if (problem) {
    const { key, params } = problemTitle(problem);
    return tCode(key, params);
  }
  const what = state ? stateText(state) : '';
  if (kind === 'longerThan') return t('alert_longerThan', what, minutes);
  if (kind === 'unexpectedLogout') return t('alert_unexpectedLogout');
  if (kind === 'leaves') return t('alert_leaves', what);
  return t('alert_now', what);
}

function Line({ alert, isNew }: { alert: AlertLine; isNew: boolean }) {
  const { agentId } = alert;
  return (
    <li class={`agent${isNew ? ' new' : ''}`}>
      <button
        type="button"
        class="row"
        data-row={alert.id}
        tabIndex={-1}
        onClick={() => void openConsole(agentId === null ? undefined : { agent: agentId })}
      >
        {alert.state ? (
          <StateMark category={alert.state.category} />
        ) : (
          <span class="problem-mark">
            <WarningIcon />
          </span>
        )}
        <span class="who">
          <b class="cut">
            {isNew && <span class="pill">{t('alert_new')}</span>}
            <bdi>{alert.name || t('alert_connection')}</bdi>
          </b>
          <span class="mut sm">{story(alert)}</span>
          {alert.silent && (
            <span class="mut sm silent">
              <BellOffIcon />
              {t('alert_silent')}
            </span>
          )}
        </span>
        <span class="time">
          <span class="mut sm">{formatWhen(alert.atMs, now.peek())}</span>
        </span>
      </button>
    </li>
  );
}

/** What was alerted, the newest first. Looking at it is what "seen" means. */
export function AlertLog() {
  const place = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useRoving(place);
  const alerts = glance.value?.alerts ?? [];
  // What was new on opening stays marked while one reads.
  const fresh = useRef(new Set<string>());
  for (const alert of alerts) if (!alert.seen) fresh.current.add(alert.id);
  const unseen = alerts.some((alert) => !alert.seen);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (unseen) void attempt(() => send('alertsSeen', {}));
  }, [unseen]);
  return (
    <div ref={place}>
      <div class="group">
        <button
          type="button"
          class="btn icon"
          aria-label={t('popup_back')}
          title={t('popup_back')}
          onClick={() => {
            view.value = 'agents';
          }}
        >
          <BackIcon />
        </button>
        <h2 ref={heading} tabIndex={-1}>
          {t('popup_alerts')}
        </h2>
      </div>
      {alerts.length === 0 ? (
        <div class="step">
          <h3>{t('alert_none_title')}</h3>
          <p class="mut">{t('alert_none_text')}</p>
        </div>
      ) : (
        // biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list
        <ul class="plain" role="list">
          {alerts.map((alert) => (
            <Line key={alert.id} alert={alert} isNew={fresh.current.has(alert.id)} />
          ))}
        </ul>
      )}
    </div>
  );
}
