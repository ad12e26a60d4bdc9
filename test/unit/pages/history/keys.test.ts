import { describe, expect, it } from 'vitest';
import { segmentIndexAt } from '../../../../src/domain/history/timeline.ts';
import { placeFor, revealing, windowFor } from '../../../../src/pages/console/history/keys.ts';
import { NOW } from '../rows.ts';
import { DAY, HOUR, inARow, segment } from './made.ts';

const bounds = { fromMs: NOW, toMs: NOW + DAY };
const lanes = [
  inARow(NOW, ['available', HOUR], ['working', HOUR], ['acw', 22 * HOUR]),
  inARow(NOW, ['loggedOut', 20 * HOUR], ['available', 4 * HOUR]),
  [],
];
const to = (key: string, lane: number, index: number) => placeFor(key, { lane, index }, lanes, segmentIndexAt);

describe('from stretch to stretch', () => {
  it('goes to the next one and stops at the ends', () => {
    expect(to('ArrowRight', 0, 0)).toEqual({ lane: 0, index: 1 });
    expect(to('ArrowRight', 0, 2)).toEqual({ lane: 0, index: 2 });
    expect(to('ArrowLeft', 0, 0)).toEqual({ lane: 0, index: 0 });
    expect(to('Home', 0, 2)).toEqual({ lane: 0, index: 0 });
    expect(to('End', 0, 0)).toEqual({ lane: 0, index: 2 });
  });
  it('goes to the same time of the next agent', () => {
    expect(to('ArrowDown', 0, 1)).toEqual({ lane: 1, index: 0 });
    expect(to('ArrowUp', 1, 1)).toEqual({ lane: 0, index: 2 });
    expect(to('ArrowUp', 1, 0)).toEqual({ lane: 0, index: 2 });
    expect(to('ArrowUp', 0, 1)).toEqual({ lane: 0, index: 1 });
    expect(to('ArrowDown', 1, 1)).toEqual({ lane: 2, index: 0 });
  });
  it('leaves all other keys alone', () => {
    expect(to('Tab', 0, 0)).toBeNull();
    expect(to(' ', 0, 0)).toBeNull();
  });
});

describe('zooming and moving by keys', () => {
  const window = { fromMs: NOW + 10 * HOUR, toMs: NOW + 20 * HOUR };
  it('zooms about where one is', () => {
    const closer = windowFor('+', false, window, bounds, window.fromMs);
    expect(closer).toMatchObject({ fromMs: window.fromMs });
    expect(closer !== 'whole' && closer && closer.toMs).toBeLessThan(window.toMs);
    expect(windowFor('-', false, bounds, bounds, NOW)).toEqual(bounds);
    expect(windowFor('0', false, window, bounds, NOW)).toBe('whole');
  });
  it('moves with Shift alone, a fifth at a time, and never out of the range', () => {
    expect(windowFor('ArrowRight', false, window, bounds, NOW)).toBeNull();
    expect(windowFor('ArrowRight', true, window, bounds, NOW)).toEqual({ fromMs: NOW + 12 * HOUR, toMs: NOW + 22 * HOUR });
    expect(windowFor('ArrowLeft', true, { fromMs: NOW, toMs: NOW + HOUR }, bounds, NOW)).toEqual({
      fromMs: NOW,
      toMs: NOW + HOUR,
    });
  });
  it('brings a stretch into sight, and moves no further than that', () => {
    expect(revealing(segment('acw', NOW + 12 * HOUR, NOW + 13 * HOUR), window, bounds)).toBe(window);
    expect(revealing(segment('acw', NOW + 2 * HOUR, NOW + 3 * HOUR), window, bounds).fromMs).toBe(NOW + 2 * HOUR);
    expect(revealing(segment('acw', NOW + 21 * HOUR, NOW + 22 * HOUR), window, bounds).toMs).toBe(NOW + 22 * HOUR);
    // Longer than the window: any part of it will do.
    expect(revealing(segment('acw', NOW, NOW + 15 * HOUR), window, bounds)).toBe(window);
    expect(revealing(segment('acw', NOW + 20 * HOUR, NOW + 31 * HOUR), window, { fromMs: NOW, toMs: NOW + 2 * DAY }).fromMs).toBe(
      NOW + 20 * HOUR,
    );
  });
});
