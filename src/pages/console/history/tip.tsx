import { useEffect } from 'preact/hooks';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { xAt } from '../../../domain/history/timeline.ts';
import { t } from '../../../messages/words.ts';
import { differencesOf } from '../../parts/lanes.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { lanes, lastMs } from './state.ts';
import { compare, pointed } from './view.ts';
import { differenceText, lasted, what, when } from './words.ts';

/** Wide enough for what it says; CSS has the same. */
const WIDTH = 320;
/** A stretch is shown at least this wide: one pixel cannot be seen among others. */
const LEAST = 3;

interface Props {
  window: TimeRange;
  width: number;
  /** Where lane `index` begins, from the top of the first, and how high it is. */
  placeOf: (index: number) => { top: number; height: number } | null;
}

/** What the stretch one points at was, and a frame around it. What it says by keys is read out by the lane itself. */
export function Tip({ window, width, placeOf }: Props) {
  useEffect(() => {
    // Wherever the keys go: the pointer alone may have brought it.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !pointed.peek()) return;
      event.preventDefault();
      pointed.value = null;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const at = pointed.value;
  const lane = at && lanes.value[at.lane]?.lane;
  const segment = lane?.segments[at?.index ?? -1];
  const place = at && placeOf(at.lane);
  if (!at || !lane || !segment || !place) return null;
  const left = Math.max(0, xAt(segment.fromMs, window, width));
  const right = Math.min(width, xAt(segment.toMs, window, width));
  const middle = at.by === 'keys' ? (left + right) / 2 : xAt(at.ms, window, width);
  const difference = compare.value ? differencesOf(lane).find(({ fromMs, toMs }) => at.ms >= fromMs && at.ms < toMs) : undefined;
  const start = Math.max(0, Math.min(width - WIDTH, middle - WIDTH / 2));
  return (
    <>
      <i
        class="frame"
        style={{
          left: `${left}px`,
          top: `${place.top}px`,
          width: `${Math.max(LEAST, right - left)}px`,
          height: `${place.height}px`,
        }}
      />
      <div class="tip" role="tooltip" style={{ left: `${start}px`, top: `${place.top + place.height}px` }}>
        <p class="tip-what">
          <StateMark category={segment.category} />
          <b>{what(segment)}</b>
        </p>
        <p>{when(segment, lastMs.value)}</p>
        <p class="mut">{lasted(segment)}</p>
        {segment.source === 'seen' && <p class="mut sm">{t('history_source_seen')}</p>}
        {difference && <p class="differs sm">{differenceText(difference)}</p>}
      </div>
    </>
  );
}
