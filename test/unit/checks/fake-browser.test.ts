import { describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { EXTENSION_ID, fake, fakeBrowser, killFakeWorker } from '../support/fake-browser.ts';

describe('the fake browser', () => {
  it('stores what Chrome would keep and tells of real changes only', async () => {
    const seen: unknown[] = [];
    browser.storage.onChanged.addListener((changes, area) => seen.push([area, changes]));
    await browser.storage.local.set({ a: { list: [1], lost: undefined } });
    await browser.storage.local.set({ a: { list: [1] } });
    await browser.storage.local.remove('a');
    await Promise.resolve();
    expect(seen).toEqual([
      ['local', { a: { newValue: { list: [1] } } }],
      ['local', { a: { oldValue: { list: [1] } } }],
    ]);
    expect(fakeBrowser.storage.local.writes).toHaveLength(3);
    expect(await browser.storage.local.get({ a: 7 })).toEqual({ a: 7 });
  });

  it('is empty for each test', async () => {
    expect(await browser.storage.local.get(null)).toEqual({});
  });

  it('answers a message by promise and keeps storage when the worker dies', async () => {
    browser.runtime.onMessage.addListener(async (message: unknown) => ({ got: message }));
    expect(await browser.runtime.sendMessage({ type: 'x' })).toEqual({ got: { type: 'x' } });
    await browser.storage.session.set({ kept: 1 });
    killFakeWorker();
    await expect(browser.runtime.sendMessage({})).rejects.toThrow('Receiving end does not exist');
    vi.resetModules();
    const again = (await import('webextension-polyfill')).default;
    expect(await again.storage.session.get('kept')).toEqual({ kept: 1 });
  });

  it('grants hosts by pattern', async () => {
    fake.granted.add('https://*/*');
    expect(await browser.permissions.contains({ origins: ['https://api.example.com/*'] })).toBe(true);
    expect(await browser.permissions.contains({ origins: ['http://127.0.0.1/*'] })).toBe(false);
    fake.grantAnswer = false;
    expect(await browser.permissions.request({ origins: ['http://127.0.0.1/*'] })).toBe(false);
    fake.grantAnswer = true;
    expect(await browser.permissions.request({ origins: ['http://127.0.0.1/*'] })).toBe(true);
    expect(await browser.permissions.contains({ origins: ['http://127.0.0.1/*'] })).toBe(true);
  });

  it('has the real texts, the fixed id, locks and a database', async () => {
    expect(browser.i18n.getMessage('extensionName')).toBe('Agent Watch for CXone');
    expect(browser.identity.getRedirectURL()).toBe(`https://${EXTENSION_ID}.chromiumapp.org/`);
    expect(EXTENSION_ID).toMatch(/^[a-p]{32}$/);
    const order: number[] = [];
    const first = navigator.locks.request('one', async () => {
      await Promise.resolve();
      order.push(1);
    });
    const busy = await navigator.locks.request('one', { ifAvailable: true }, async (lock) => lock);
    await Promise.all([first, navigator.locks.request('one', async () => order.push(2))]);
    expect([busy, order]).toEqual([null, [1, 2]]);
    expect(indexedDB).toBeDefined();
  });
});

it('lets a wait for a lock be given up, without letting the next one in early', async () => {
  const order: string[] = [];
  let open = (): void => undefined;
  const first = navigator.locks.request('two', () => new Promise<void>((resolve) => (open = resolve)));
  const giveUp = new AbortController();
  const second = navigator.locks.request('two', { signal: giveUp.signal }, () => order.push('second'));
  const third = navigator.locks.request('two', () => order.push('third'));
  giveUp.abort();
  await expect(second).rejects.toThrow('aborted');
  expect(order).toEqual([]);
  open();
  await Promise.all([first, third]);
  expect(order).toEqual(['third']);
});
