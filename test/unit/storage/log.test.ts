import { beforeEach, describe, expect, it, vi } from 'vitest';
import { freshStorage, type Storage } from './fresh.ts';

let storage: Storage;
beforeEach(async () => {
  storage = await freshStorage();
});

describe('the log', () => {
  it('is lines of a time, an event and short facts', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-20T10:00:00Z'), toFake: ['Date'] });
    await storage.log('poll', { connection: 'a', outcome: 'offline', status: 0, field: 'network' });
    vi.useRealTimers();
    expect(await storage.logLines()).toEqual([
      '2026-11-20T10:00:00.000Z poll connection=a outcome=offline status=0 field=network',
    ]);
  });

  it('lets no line be forged and no line grow long', async () => {
    await storage.log('x', { field: 'a\r\n2026-01-01T00:00:00.000Z signed-in\u2028<b>"{}', scopes: 'view:agent '.repeat(100) });
    const [line = '', ...more] = await storage.logLines();
    expect(more).toEqual([]);
    expect(line).toContain('field=a__2026-01-01T00:00:00.000Z signed-in__b_');
    expect(line).not.toMatch(/[\r\n\u2028<>"{}]/);
    expect(line.length).toBeLessThan(300);
  });

  it('takes no address: what makes a URL and its query is struck out', async () => {
    await storage.log('x', { field: 'https://api.example.com/cb?code=abc&state=def' });
    expect((await storage.logLines())[0]).not.toMatch(/\/|\?|&|code=/);
  });

  it('keeps the last 500 lines, in order, and lets go of the older ones', async () => {
    for (let i = 0; i < 1130; i++) await storage.log('e', { count: i });
    const lines = await storage.logLines();
    expect(lines).toHaveLength(500);
    expect(lines[0]).toContain('count=630');
    expect(lines.at(-1)).toContain('count=1129');
    expect(await (await storage.database()).count('log')).toBeLessThan(560);
  });

  it('never stops what it was to tell of', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new Error('no disk');
    });
    await expect(storage.log('x')).resolves.toBeUndefined();
  });
});
