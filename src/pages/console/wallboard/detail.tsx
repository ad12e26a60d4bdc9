import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { StateKind } from '../../../domain/agent-state.ts';
import { formatClock } from '../../../domain/time.ts';
import type { AgentRow, Reply, TransitionRow } from '../../../messages/contract.ts';
import type { GlanceRow } from '../../../messages/published.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { setSnoozed, setWatched } from '../../parts/actions.ts';
import { unanswered } from '../../parts/attention.ts';
import { stateText } from '../../parts/category.ts';
import { now } from '../../parts/clock.ts';
import { Elapsed } from '../../parts/elapsed.tsx';
import { reasonText } from '../../parts/flag-words.ts';
import { CloseIcon, StarIcon } from '../../parts/icons.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { glance, heartbeat } from '../../parts/store.ts';
import { formatWhen } from '../../parts/when.ts';
import { routeHash } from '../../parts/where.ts';
import { agentWhy } from '../../parts/why.ts';
import { go } from '../route.ts';
import './detail.css';

type Known = Reply<'agent'>;
type Shown = AgentRow | GlanceRow;

function Step({ kind }: { kind: StateKind }) {
  return (
    <span class="step-in">
      <StateMark category={kind.category} />
      {stateText(kind)}
    </span>
  );
}

function Passage({ transition: { from, to, atMs, gap } }: { transition: TransitionRow }) {
  return (
    <li>
      <time class="mut">{formatWhen(atMs, now.peek())}</time>
      <span>
        {gap && <span class="gap-note sm mut">{t('console_gap')}</span>}
        <span class="passage">
          {from ? (
            <>
              <Step kind={from} />
              <span aria-hidden="true">→</span>
              <span class="unseen">{t('console_then')}</span>
            </>
          ) : (
            <span class="mut">{t('console_firstSeen')}</span>
          )}
          <Step kind={to} />
        </span>
      </span>
    </li>
  );
}

function StateNow({ agent, flagged }: { agent: Shown; flagged: GlanceRow | null }) {
  const flag = flagged && unanswered(flagged);
  if (flag) {
    return (
      <div class="banner error">
        <StateMark category="unknown" large />
        <div>
          <p class="problem-title">
            {flag.kind === 'neverSeen' ? t('row_noAnswerYet') : t('row_noAnswer', formatWhen(flag.missingSinceMs, now.peek()))}
          </p>
          <p class="problem-text">{reasonText(flagged, flag)}</p>
          <p class="problem-text">
            {agent.category === 'unknown' || agent.sinceMs <= 0
              ? t('row_lastNever')
              : t('row_lastKnown', stateText(agent), formatWhen(agent.sinceMs, now.peek()))}
          </p>
          <div class="acts">
            <button type="button" class="btn" onClick={() => go(agentWhy(flagged.agentId, flagged.cause, now.peek()))}>
              {t('diagnosis_why')}
            </button>
          </div>
        </div>
      </div>
    );
  }
  const when = agent.sinceMs > 0 ? formatWhen(agent.sinceMs, now.peek()) : '';
  return (
    <div class="state-now">
      <StateMark category={agent.category} large />
      <div>
        <p class="state-name">{stateText(agent)}</p>
        {when && (
          <p class="mut">
            <Elapsed sinceMs={agent.sinceMs} known={agent.sinceKnown} /> ·{' '}
            {agent.sinceKnown ? t('row_since', when) : t('row_sinceBefore', when)}
          </p>
        )}
      </div>
    </div>
  );
}

function Acts({ agent, row }: { agent: Shown; row: GlanceRow | null }) {
  const watched = row !== null || ('watched' in agent && agent.watched);
  const snoozed = row !== null && row.snoozedUntilMs > now.value;
  return (
    <div class="acts">
      <button type="button" class="btn" onClick={() => void setWatched(agent, !watched)}>
        <StarIcon on={watched} />
        {watched ? t('row_unwatch') : t('console_watch')}
      </button>
      {row && (
        <button type="button" class="btn" onClick={() => void setSnoozed(agent, !snoozed)}>
          {snoozed ? t('row_unsnooze') : t('row_snooze')}
        </button>
      )}
      <a class="btn" href={routeHash({ room: 'history', agent: agent.agentId })}>
        {t('history_open')}
      </a>
      {snoozed && <p class="mut sm">{t('row_snoozedUntil', formatClock(row.snoozedUntilMs))}</p>}
    </div>
  );
}

function Facts({ agent, known, row }: { agent: Shown; known: Known | null; row: GlanceRow | null }) {
  const transitions = known?.transitions ?? [];
  return (
    <>
      <StateNow agent={agent} flagged={row} />
      {agent.team && <p class="mut">{t('row_team', agent.team)}</p>}
      <Acts agent={agent} row={row} />
      <h3>{t('console_transitions')}</h3>
      {transitions.length === 0 ? (
        <p class="mut">{t('console_noTransitions')}</p>
      ) : (
        // biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list
        <ul class="plain passages" role="list">
          {transitions.map((transition) => (
            <Passage key={`${transition.atMs}|${transition.to.stateName}`} transition={transition} />
          ))}
        </ul>
      )}
    </>
  );
}

/** One agent: what now, why not if not, and what we saw before. */
export function AgentDetail({ agentId }: { agentId: string }) {
  const known = useSignal<Known | null>(null);
  const error = useSignal('');
  const heading = useRef<HTMLHeadingElement>(null);
  const row = glance.value?.rows.find((each) => each.agentId === agentId) ?? null;
  const pulse = heartbeat.value?.okMs ?? 0;
  useEffect(() => {
    let gone = false;
    send('agent', { agentId }).then(
      (reply) => {
        if (gone) return;
        known.value = reply;
        error.value = '';
      },
      (failure: unknown) => {
        if (!gone) error.value = failure instanceof Error ? failure.message : String(failure);
      },
    );
    return () => {
      gone = true;
    };
  }, [agentId, pulse, row]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const close = () => {
    // Back to where one came from, for whoever came by keyboard.
    document.querySelector<HTMLElement>('tr.current a')?.focus({ preventScroll: true });
    go({});
  };
  const agent: Shown | null = row ?? known.value?.agent ?? null;
  return (
    <aside class="card detail" aria-labelledby="detail-name">
      <div class="detail-head">
        <h2 id="detail-name" ref={heading} tabIndex={-1} class="cut" title={agent?.name ?? agentId}>
          <bdi>{agent?.name ?? agentId}</bdi>
        </h2>
        <button type="button" class="btn icon" aria-label={t('console_close')} title={t('console_close')} onClick={close}>
          <CloseIcon />
        </button>
      </div>
      {error.value && (
        <p class="fix-failed" role="alert">
          {t('console_detailFailed')} {error.value}
        </p>
      )}
      {agent && <Facts agent={agent} known={known.value} row={row} />}
      {!agent && known.value && (
        <>
          <p class="mut">{t('console_neverSeen')}</p>
          <div class="acts">
            <button type="button" class="btn" onClick={() => go(agentWhy(agentId, null, now.peek()))}>
              {t('diagnosis_why')}
            </button>
          </div>
        </>
      )}
      {!agent && !known.value && !error.value && (
        <p class="mut" role="status">
          {t('console_detailLoading')}
        </p>
      )}
    </aside>
  );
}
