/** The mouse on the timeline: pointing, dragging along, zooming with the wheel. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { msAt, panned, segmentIndexAt, zoomed } from '../../../domain/history/timeline.ts';
import { lanes } from './state.ts';
import { bounds, pointed, show, shown } from './view.ts';

/** Less is a click by an unsteady hand. */
const DRAG_PX = 4;
/** A notch of a common wheel is 100 px; that much in or out. */
const WHEEL_STEP = 1.25;
const NOTCH_PX = 100;
/** Firefox and some mice count in lines. */
const LINE_PX = 16;

/** Whatever comes in between two frames is drawn once. */
function onceAFrame(): (job: () => void) => void {
  let waiting: (() => void) | null = null;
  return (job) => {
    if (!waiting)
      requestAnimationFrame(() => {
        const run = waiting;
        waiting = null;
        run?.();
      });
    waiting = job;
  };
}

/**
 * Dragging moves along, Ctrl and the wheel zooms (so does a pinch on a touchpad: Chrome reports it so), Shift and the wheel or a sidewise one moves
 * along. The wheel alone is the page's: nobody is to be caught in a picture on the way down.
 * @param area the lanes @param over an element as wide as what is drawn
 */
export function useDragging(area: RefObject<HTMLElement | null>, over: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const soon = onceAFrame();
    const box = () => over.current?.getBoundingClientRect() ?? new DOMRect();
    const laneOf = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>('.lane-plot') : null);
    let drag: { pointerId: number; x: number; fromMs: number; moved: boolean } | null = null;

    const point = (event: PointerEvent) => {
      const plot = laneOf(event.target);
      const { left, width } = box();
      if (!plot || width === 0) {
        if (pointed.peek()?.by === 'pointer') pointed.value = null;
        return;
      }
      const lane = Number(plot.dataset.lane);
      const ms = msAt(event.clientX - left, shown.peek(), width);
      const index = segmentIndexAt(lanes.peek()[lane]?.lane?.segments ?? [], ms);
      pointed.value = index < 0 ? null : { lane, index, ms, by: 'pointer' };
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || !laneOf(event.target)) return;
      drag = { pointerId: event.pointerId, x: event.clientX, fromMs: shown.peek().fromMs, moved: false };
    };
    const onMove = (event: PointerEvent) => {
      if (!drag) {
        soon(() => point(event));
        return;
      }
      const by = event.clientX - drag.x;
      if (!drag.moved && Math.abs(by) < DRAG_PX) return;
      if (!drag.moved) {
        drag.moved = true;
        element.setPointerCapture(drag.pointerId);
        element.classList.add('dragging');
        pointed.value = null;
      }
      const { fromMs } = drag;
      soon(() => {
        const { width } = box();
        const window = shown.peek();
        const perPx = (window.toMs - window.fromMs) / Math.max(1, width);
        show(panned(window, fromMs - by * perPx - window.fromMs, bounds.peek()));
      });
    };
    const onUp = () => {
      drag = null;
      element.classList.remove('dragging');
    };
    const onLeave = () => {
      if (pointed.peek()?.by === 'pointer')
        soon(() => {
          if (pointed.peek()?.by === 'pointer') pointed.value = null;
        });
    };
    const onWheel = (event: WheelEvent) => {
      const { left, width } = box();
      if (width === 0) return;
      const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      const sidewise = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey) {
        event.preventDefault();
        const factor = WHEEL_STEP ** ((event.deltaY * px) / NOTCH_PX);
        const window = shown.peek();
        show(zoomed(window, factor, msAt(event.clientX - left, window, width), bounds.peek()));
      } else if (Math.abs(sidewise) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        const window = shown.peek();
        show(panned(window, (sidewise * px * (window.toMs - window.fromMs)) / width, bounds.peek()));
      }
    };
    const onDouble = (event: MouseEvent) => {
      if (!laneOf(event.target)) return;
      const { left, width } = box();
      show(zoomed(shown.peek(), 0.5, msAt(event.clientX - left, shown.peek(), width), bounds.peek()));
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('dblclick', onDouble);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('dblclick', onDouble);
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
}
