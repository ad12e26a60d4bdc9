import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, vi } from 'vitest';
import { fakeBrowser, resetFakeBrowser } from './fake-browser.ts';
import { FakeLocks } from './fake-locks.ts';

// The real module throws outside an extension. By way of the global, so that a worker imported anew after `vi.resetModules()` finds the same browser.
vi.mock('webextension-polyfill', () => ({ default: globalThis.chrome }));

const locks = new FakeLocks();
Object.defineProperty(globalThis, 'chrome', { value: fakeBrowser, configurable: true, writable: true });
// Node 20 has no navigator at all; later ones have one without locks, so it is replaced whole.
Object.defineProperty(globalThis, 'navigator', {
  value: { locks, onLine: true, language: 'en', userAgent: 'node' },
  configurable: true,
});

beforeEach(() => {
  resetFakeBrowser();
  locks.reset();
  globalThis.indexedDB = new IDBFactory();
});
