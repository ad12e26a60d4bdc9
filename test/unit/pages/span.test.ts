import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scrollFor, spanOf } from '../../../src/pages/console/parts/span.ts';
import { runs } from '../support/runs.ts';

const view = fc.record({
  scrolled: fc.integer({ min: -2000, max: 500_000 }),
  height: fc.integer({ min: 0, max: 3000 }),
  rowHeight: fc.constant(40),
  count: fc.integer({ min: 0, max: 10_000 }),
});

it('always covers what can be seen, and its parts add up to the whole', () => {
  fc.assert(
    fc.property(view, ({ scrolled, height, rowHeight, count }) => {
      const span = spanOf({ scrolled, height, rowHeight, count });
      expect(span.before + (span.end - span.first) * rowHeight + span.after).toBe(count * rowHeight);
      const firstSeen = Math.max(0, Math.floor(scrolled / rowHeight));
      const lastSeen = Math.min(count, Math.ceil((scrolled + height) / rowHeight));
      if (firstSeen >= lastSeen) return;
      expect(span.first).toBeLessThanOrEqual(firstSeen);
      expect(span.end).toBeGreaterThanOrEqual(lastSeen);
      expect(span.end - span.first).toBeLessThanOrEqual(height / rowHeight + 45);
    }),
    runs(2000),
  );
});

it('scrolls only as far as it must', () => {
  const at = { scrolled: 400, height: 400, rowHeight: 40 };
  expect(scrollFor(12, at, 40)).toBeNull();
  expect(scrollFor(10, at, 40)).toBe(360);
  expect(scrollFor(20, at, 40)).toBe(440);
});
