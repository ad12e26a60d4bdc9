import type { TimeRange } from '../../../domain/history/ranges.ts';
import { type Tick, xAt } from '../../../domain/history/timeline.ts';
import { t } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { tickLabel } from './words.ts';

/** Nearer to the edge a label would be cut off. */
const EDGE = 18;

/** Times over the lanes. For the eye: every stretch says its own time. */
export function Axis({ ticks, width }: { ticks: readonly Tick[]; width: number }) {
  return (
    <div class="axis" aria-hidden="true">
      {ticks
        .filter(({ x }) => x >= EDGE && x <= width - EDGE)
        .map((tick) => (
          <span key={tick.atMs} class={tick.startsDay ? 'day' : ''} style={{ left: `${tick.x}px` }}>
            {tickLabel(tick)}
          </span>
        ))}
    </div>
  );
}

/** Lines down through all lanes. */
export function Grid({ ticks }: { ticks: readonly Tick[] }) {
  return (
    <>
      {ticks.map(({ atMs, x, startsDay }) => (
        <i key={atMs} class={startsDay ? 'tick day' : 'tick'} style={{ left: `${x}px` }} />
      ))}
    </>
  );
}

/** Moves on each second, and nothing else with it. */
export function NowLine({ window, width }: { window: TimeRange; width: number }) {
  const at = now.value;
  if (at < window.fromMs || at > window.toMs) return null;
  return (
    <i class="now" style={{ left: `${xAt(at, window, width)}px` }}>
      <span>{t('history_now')}</span>
    </i>
  );
}
