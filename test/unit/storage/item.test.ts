import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { freshStorage, type Storage } from './fresh.ts';

const { local, session } = fakeBrowser.storage;
let storage: Storage;
beforeEach(async () => {
  storage = await freshStorage();
});
const counter = () => storage.item('local', 'counter', () => z.object({ n: z.number() }), { n: 0 });

describe('an item', () => {
  it('loses no update, however many change it at once', async () => {
    const one = counter();
    const other = counter();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).update(({ n }) => ({ n: n + 1 }))),
    );
    expect(await one.get()).toEqual({ n: 100 });
    expect(new Set(results.map(({ n }) => n)).size).toBe(100);
  });

  it('does not make items wait for each other', async () => {
    const slow = storage.item('local', 'slow', () => z.number(), 0);
    await counter().update(({ n }) => {
      void slow.update((value) => value + 1);
      return { n };
    });
    await slow.update((value) => value + 1);
    expect(await slow.get()).toBe(2);
  });

  it('writes nothing when the change returns what it was given', async () => {
    await counter().update((value) => value);
    expect(local.writes).toEqual([]);
    await counter().update(({ n }) => ({ n: n + 1 }));
    await counter().update((value) => value);
    expect(local.writes).toEqual([['counter']]);
  });

  it.each([null, 7, 'text', [], {}, { n: '1' }, { m: 1 }])('reads %j, which does not fit, as the default', async (stored) => {
    local.put({ counter: stored });
    expect(await counter().get()).toEqual({ n: 0 });
    expect(await counter().update(({ n }) => ({ n: n + 1 }))).toEqual({ n: 1 });
    expect(await counter().get()).toEqual({ n: 1 });
  });

  it('goes on after a write that failed, and after a change that threw', async () => {
    local.failWith = new Error('QUOTA_BYTES quota exceeded');
    await expect(counter().update(() => ({ n: 5 }))).rejects.toThrow('QUOTA');
    local.failWith = null;
    await expect(
      counter().update(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await counter().update(({ n }) => ({ n: n + 1 }))).toEqual({ n: 1 });
  });

  it('is gone when removed, and lives in its own area', async () => {
    const item = storage.item('session', 'counter', () => z.object({ n: z.number() }), { n: 0 });
    await item.update(() => ({ n: 3 }));
    expect(await counter().get()).toEqual({ n: 0 });
    expect(Object.keys(await session.get(null))).toEqual(['counter']);
    await item.remove();
    expect(await session.get(null)).toEqual({});
  });
});

describe('the items of the worker', () => {
  it('belong to one connection each', async () => {
    for (const id of ['a', 'b']) {
      await storage.settingsItem(id).update((settings) => ({ ...settings, watchedAgentIds: [id] }));
      await storage.alertsSeenItem(id).update(() => id.charCodeAt(0));
      await storage.snoozesItem(id).update(() => ({ allUntilMs: id.charCodeAt(0), agents: {} }));
      await storage.authStatusItem(id).update((status) => ({ ...status, organisationId: id }));
    }
    expect((await storage.settingsItem('a').get()).watchedAgentIds).toEqual(['a']);
    expect(await storage.alertsSeenItem('b').get()).toBe(98);
    expect((await storage.snoozesItem('a').get()).allUntilMs).toBe(97);
    expect((await storage.authStatusItem('b').get()).organisationId).toBe('b');
    expect(await storage.settingsItem('c').get()).toEqual(DEFAULT_SETTINGS);
  });

  it('refuse to store what they could not read again', async () => {
    const item = storage.settingsItem('a');
    await item.update((settings) => ({ ...settings, watchedAgentIds: ['kept'] }));
    const tooMany = Array.from({ length: 2001 }, (_, index) => `agent ${index}`);
    await item.update((settings) => ({ ...settings, watchedAgentIds: tooMany })).catch(() => undefined);
    expect((await item.get()).watchedAgentIds).toEqual(['kept']);
  });

  it('keep the transaction of a sign-in in memory only', async () => {
    const transaction = { state: 's', nonce: 'n', verifier: 'v', redirectUri: 'r', atMs: 1 };
    await storage.transactionItem('a').update(() => transaction);
    expect(await local.get(null)).toEqual({});
    expect(await storage.transactionItem('a').get()).toEqual(transaction);
  });
});
