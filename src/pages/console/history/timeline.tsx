import { useComputed, useSignal } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { segmentIndexAt, ticksOf, zoomed } from '../../../domain/history/timeline.ts';
import { t } from '../../../messages/words.ts';
import { Patterns } from '../../parts/bars.tsx';
import { Axis, Grid, NowLine } from './axis.tsx';
import { Key } from './key.tsx';
import { placeFor, revealing, windowFor, ZOOM_STEP } from './keys.ts';
import { LaneRow } from './lane-row.tsx';
import { useDragging } from './pointer.ts';
import { lanes, ZONE } from './state.ts';
import { Tip } from './tip.tsx';
import { bounds, compare, isPart, pointed, show, shown, showWhole } from './view.ts';

const NONE = [] as const;

const firstShown = (lane: number) => Math.max(0, segmentIndexAt(lanes.peek()[lane]?.lane?.segments ?? NONE, shown.peek().fromMs));

function zoomBy(factor: number): void {
  const { fromMs, toMs } = shown.peek();
  show(zoomed(shown.peek(), factor, (fromMs + toMs) / 2, bounds.peek()));
}

function Tools() {
  const whole = !isPart.value;
  const comparable = useComputed(() => lanes.value.some(({ lane }) => lane?.ours)).value;
  return (
    <div class="tools">
      {comparable && (
        <label class="check">
          <input
            type="checkbox"
            checked={compare.value}
            onChange={(event) => {
              compare.value = event.currentTarget.checked;
            }}
          />
          {t('history_compare')}
        </label>
      )}
      <fieldset class="zoom" aria-label={t('history_zoom')}>
        <button
          type="button"
          class="btn"
          aria-label={t('history_zoomOut')}
          title={t('history_zoomOut')}
          aria-disabled={whole}
          onClick={() => zoomBy(ZOOM_STEP)}
        >
          −
        </button>
        <button
          type="button"
          class="btn"
          aria-label={t('history_zoomIn')}
          title={t('history_zoomIn')}
          onClick={() => zoomBy(1 / ZOOM_STEP)}
        >
          +
        </button>
        <button type="button" class="btn" aria-disabled={whole} onClick={showWhole}>
          {t('history_zoomWhole')}
        </button>
      </fieldset>
    </div>
  );
}

/** Each agent a lane, time from left to right. */
export function Timeline() {
  const area = useRef<HTMLFieldSetElement>(null);
  const over = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  /** The lane that Tab goes to. */
  const stop = useSignal(0);
  useLayoutEffect(() => {
    const measure = () => {
      width.value = over.current?.clientWidth ?? 0;
    };
    measure();
    const sizes = new ResizeObserver(measure);
    if (over.current) sizes.observe(over.current);
    return () => sizes.disconnect();
  }, []);
  useDragging(area, over);

  const plotOf = (index: number) => area.current?.querySelectorAll<HTMLElement>('.lane-plot')[index] ?? null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = pointed.peek()?.by === 'keys' ? pointed.peek() : null;
    const all = lanes.peek().map(({ lane }) => lane?.segments ?? NONE);
    const here = at ?? { lane: stop.peek(), index: firstShown(stop.peek()) };
    const segment = all[here.lane]?.[here.index];
    const [window, most] = [shown.peek(), bounds.peek()];
    const aroundMs = segment
      ? Math.min(Math.max((segment.fromMs + segment.toMs) / 2, window.fromMs), window.toMs)
      : window.fromMs;
    const next = windowFor(event.key, event.shiftKey, window, most, aroundMs);
    if (next) {
      event.preventDefault();
      if (next === 'whole') showWhole();
      else show(next);
      return;
    }
    const step = placeFor(event.key, here, all, segmentIndexAt);
    // The first key says where one is; the next ones go on from there.
    const place = step && !at ? here : step;
    const to = place && all[place.lane]?.[place.index];
    if (!place || !to) return;
    event.preventDefault();
    show(revealing(to, window, most));
    stop.value = place.lane;
    plotOf(place.lane)?.focus();
    pointed.value = { ...place, ms: (to.fromMs + to.toMs) / 2, by: 'keys' };
  };
  /** Whoever comes by Tab hears where they are at once. The same function each time: lanes that have not changed are not drawn anew. */
  const onFocus = useCallback((lane: number) => {
    if (pointed.peek()?.lane === lane && pointed.peek()?.by === 'keys') return;
    if (!plotOf(lane)?.matches(':focus-visible')) return;
    const index = firstShown(lane);
    const segment = lanes.peek()[lane]?.lane?.segments[index];
    stop.value = lane;
    if (segment) pointed.value = { lane, index, ms: (segment.fromMs + segment.toMs) / 2, by: 'keys' };
  }, []);
  useEffect(() => {
    const onOut = ({ relatedTarget }: FocusEvent) => {
      if (pointed.peek()?.by === 'keys' && !area.current?.contains(relatedTarget as Node | null)) pointed.value = null;
    };
    const element = area.current;
    element?.addEventListener('focusout', onOut);
    return () => element?.removeEventListener('focusout', onOut);
  }, []);

  const window = shown.value;
  const wide = width.value;
  const ticks = wide > 0 ? ticksOf(window, wide, ZONE) : [];
  return (
    <section class="card timeline" aria-labelledby="timeline">
      <div class="card-head">
        <h3 id="timeline">{t('history_timeline')}</h3>
        <p class="sm mut hint" id="timeline-keys">
          {t('history_timelineHint')}
        </p>
        <Tools />
      </div>
      <Patterns />
      <fieldset
        class={compare.value ? 'lanes comparing' : 'lanes'}
        aria-labelledby="timeline"
        dir="ltr"
        ref={area}
        onKeyDown={onKeyDown}
      >
        <div class="over" ref={over}>
          {wide > 0 && <Axis ticks={ticks} width={wide} />}
          <div class="grid" aria-hidden="true">
            <Grid ticks={ticks} />
          </div>
        </div>
        {lanes.value.map(({ agentId, lane }, index) => (
          <LaneRow
            key={agentId}
            agentId={agentId}
            lane={lane}
            window={window}
            width={wide}
            index={index}
            tabStop={index === Math.min(stop.value, lanes.value.length - 1)}
            onFocus={onFocus}
          />
        ))}
        <div class="over front">
          {wide > 0 && <NowLine window={window} width={wide} />}
          <Tip
            window={window}
            width={wide}
            placeOf={(index) => {
              const plot = plotOf(index);
              return plot && { top: plot.offsetTop, height: plot.offsetHeight };
            }}
          />
        </div>
      </fieldset>
      <Key />
    </section>
  );
}
