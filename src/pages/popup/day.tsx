import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../domain/agent-state.ts';
import { presetRange, type TimeRange } from '../../domain/history/ranges.ts';
import { totalsOf } from '../../domain/history/totals.ts';
import { formatDuration } from '../../domain/time.ts';
import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import { Bars, Patterns } from '../parts/bars.tsx';
import { categoryLabel } from '../parts/category.ts';
import { type Lane, laneOf } from '../parts/lanes.ts';
import { heartbeat } from '../parts/store.ts';
import { openConsole } from '../parts/tabs.ts';

/** As wide as an opened row; in popup.css as well. */
const WIDTH = 314;
const HEIGHT = 22;

function said(lane: Lane): string {
  const { byCategory } = totalsOf(lane.segments);
  return t('history_today', byCategory.map(({ category, ms }) => `${categoryLabel(category)} ${formatDuration(ms)}`).join(', '));
}

/** What is known of the agent's day, at a glance; a click shows all of it. Nobody is asked for it. */
export function Day({ agentId }: { agentId: AgentId }) {
  const day = useSignal<{ lane: Lane; range: TimeRange } | null>(null);
  useEffect(() => {
    let gone = false;
    const nowMs = Date.now();
    const range = presetRange('today', nowMs, Intl.DateTimeFormat().resolvedOptions().timeZone);
    send('history', { agentIds: [agentId], ...range }).then(
      ({ agents: [history] }) => {
        if (gone || !history) return;
        day.value = { lane: laneOf({ history, atMs: nowMs, okMs: heartbeat.peek()?.okMs ?? 0 }, range), range };
      },
      // The row says what matters without it.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [agentId]);
  if (!day.value || day.value.lane.source === 'none') return null;
  const { lane, range } = day.value;
  return (
    <button
      type="button"
      class="day"
      aria-label={`${said(lane)}. ${t('history_todayOpen')}`}
      title={t('history_todayOpen')}
      onClick={() => void openConsole({ room: 'history', agent: agentId, range: 'today' })}
    >
      <Patterns />
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
        <Bars segments={lane.segments} window={range} width={WIDTH} middle={HEIGHT / 2} scale={0.8} />
      </svg>
    </button>
  );
}
