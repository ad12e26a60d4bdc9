import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLanes } from '../../../src/background/batch-lanes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const lane = (userId: string, waitMs = 0) => ({ userId, waitMs, tries: 0 });
const never = () => false;

describe('lanes', () => {
  it('work so many at once, each once', async () => {
    let atOnce = 0;
    let most = 0;
    const seen: string[] = [];
    const lanes = createLanes(Array.from({ length: 20 }, (_, at) => lane(String(at))));
    const work = lanes.work(
      4,
      async ({ userId }) => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 10));
        atOnce--;
        seen.push(userId);
        return 0;
      },
      never,
    );
    await vi.runAllTimersAsync();
    await work;
    expect(most).toBe(4);
    expect(seen).toHaveLength(20);
    expect(new Set(seen).size).toBe(20);
  });

  it('let others by while one waits for its time', async () => {
    const startMs = Date.now();
    const turns: string[] = [];
    const lanes = createLanes([lane('late', 1000), lane('a'), lane('b')]);
    let again = true;
    const work = lanes.work(
      1,
      async ({ userId }) => {
        turns.push(`${userId} ${Date.now() - startMs}`);
        if (userId !== 'a' || !again) return 0;
        again = false;
        return 500;
      },
      never,
    );
    await vi.runAllTimersAsync();
    await work;
    expect(turns).toEqual(['a 0', 'b 0', 'a 500', 'late 1000']);
  });

  it.each([-3_600_000, 3_600_000])('wait as long as they are to, though the clock is put %d ms on', async (jumpMs) => {
    const startMs = performance.now();
    const turns: number[] = [];
    const lanes = createLanes([lane('a', 1000)]);
    const work = lanes.work(
      1,
      async () => {
        turns.push(performance.now() - startMs);
        vi.setSystemTime(Date.now() + jumpMs);
        return turns.length < 2 ? 1000 : 0;
      },
      never,
    );
    await vi.advanceTimersByTimeAsync(500);
    vi.setSystemTime(Date.now() + jumpMs);
    await vi.advanceTimersByTimeAsync(1500);
    await work;
    expect(turns).toEqual([1000, 2000]);
  });

  it('end at once when they are over, though one waits', async () => {
    let over = false;
    const turn = vi.fn(async () => 0);
    const lanes = createLanes([lane('late', 60_000)]);
    const work = lanes.work(3, turn, () => over);
    await vi.advanceTimersByTimeAsync(10);
    over = true;
    lanes.nudge();
    await work;
    expect(turn).not.toHaveBeenCalled();
  });

  it('end with what went wrong, after the turns that were begun', async () => {
    const ended: string[] = [];
    const lanes = createLanes([lane('a'), lane('b'), lane('c'), lane('d', 1e6)]);
    const work = lanes.work(
      2,
      async ({ userId }) => {
        if (userId === 'a') throw new Error('broken');
        await new Promise((resolve) => setTimeout(resolve, 10));
        ended.push(userId);
        return 0;
      },
      never,
    );
    const failed = expect(work).rejects.toThrow('broken');
    await vi.advanceTimersByTimeAsync(100);
    await failed;
    expect(ended).toEqual(['b']);
  });
});
