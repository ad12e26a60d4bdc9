import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { panned, zoomed } from '../../../../src/domain/history/timeline.ts';
import { question } from '../../../../src/pages/console/history/state.ts';
import { bounds, counted, followView, isPart, show, shown, showWhole } from '../../../../src/pages/console/history/view.ts';
import { MINUTE, NOW } from '../rows.ts';
import { DAY, HOUR } from './made.ts';

const asked = (toMs: number) => ({ agentIds: ['a1'], range: '24h' as const, fromMs: toMs - DAY, toMs });
let stop = () => {};

beforeEach(() => {
  showWhole();
  question.value = asked(NOW);
  stop = followView();
});
afterEach(() => stop());

/** "Up to now", so much later. */
const later = (ms: number) => {
  question.value = asked(NOW + ms);
};

describe('what is in sight', () => {
  it('is the whole range at first, with room after now', () => {
    expect(shown.value).toEqual(bounds.value);
    expect(shown.value.toMs).toBeGreaterThan(NOW);
    expect(isPart.value).toBe(false);
    expect(counted.value).toEqual({ fromMs: NOW - DAY, toMs: NOW });
  });

  it('is a part one has chosen, and the same one when the range goes on up to now', () => {
    show({ fromMs: NOW - HOUR, toMs: NOW });
    later(MINUTE);
    expect(shown.value).toEqual({ fromMs: NOW - HOUR, toMs: NOW });
    expect(isPart.value).toBe(true);
  });

  it.each([
    ['zoomed out again', () => show(zoomed(shown.peek(), 1e6, NOW, bounds.peek()))],
    ['moved while all is in sight', () => show(panned(shown.peek(), HOUR, bounds.peek()))],
  ])('goes on up to now when it has been %s', (_how, move) => {
    show({ fromMs: NOW - 3 * HOUR, toMs: NOW - HOUR });
    showWhole();
    move();
    later(3 * HOUR);
    expect(shown.value).toEqual(bounds.value);
    expect(shown.value.toMs).toBeGreaterThan(NOW + 3 * HOUR);
    expect(isPart.value).toBe(false);
    expect(counted.value.toMs).toBe(NOW + 3 * HOUR);
  });

  it('zoomed out from a part to all is all', () => {
    show({ fromMs: NOW - 3 * HOUR, toMs: NOW - HOUR });
    show(zoomed(shown.peek(), 1e6, NOW - 2 * HOUR, bounds.peek()));
    later(3 * HOUR);
    expect(shown.value).toEqual(bounds.value);
  });

  it('is the whole of another range', () => {
    show({ fromMs: NOW - HOUR, toMs: NOW });
    question.value = { ...asked(NOW), range: '7d', fromMs: NOW - 7 * DAY };
    expect(shown.value).toEqual(bounds.value);
  });
});
