/** Proves the harness: the build loads, the worker lives, dies and wakes, nothing is held against it, and it survives a restart. */
import { expect, test } from './support/fixtures.ts';
import { axeViolations } from './support/look.ts';
import { canWritePolicy, withPolicy } from './support/policy.ts';

test('the extension loads, its worker runs, and the browser has nothing against it', async ({ extension }) => {
  expect(await extension.isWorkerRunning()).toBe(true);
  expect(await extension.inWorker(() => chrome.runtime.getManifest().version, null)).toMatch(/^\d+\.\d+\.\d+$/);
  for (const page of [await extension.openPopup(), await extension.openOptions(), await extension.openConsole()]) {
    await expect(page.locator('h1').first()).toBeVisible();
    await expect(page).toHaveTitle(/\S/);
    expect(await axeViolations(page)).toEqual([]);
  }
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('the worker can be killed and comes back', async ({ extension }) => {
  for (const _ of [1, 2, 3]) {
    const before = extension.boots;
    await extension.stopWorker();
    expect(await extension.isWorkerRunning()).toBe(false);
    await extension.startWorker();
    expect(extension.boots).toBeGreaterThan(before);
  }
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('an extension installed in the profile is still there after a restart, with what it stored', async ({ launch }) => {
  const extension = await launch({ by: 'profile' });
  await extension.outside(() => chrome.storage.local.set({ smoke: 1 }), null);
  await extension.restart();
  expect(await extension.outside(async () => (await chrome.storage.local.get('smoke')).smoke, null)).toBe(1);
  expect(await extension.isWorkerRunning()).toBe(true);
});

test('with the worker killed before every message, a page still gets its answers', async ({ launch }) => {
  const extension = await launch({ suspend: true });
  const before = extension.boots;
  const options = await extension.openOptions();
  await expect(options.locator('h1').first()).toBeVisible();
  await expect.poll(() => extension.boots).toBeGreaterThan(before);
});

test('enterprise policy reaches the extension', async ({ extension }) => {
  test.skip(!canWritePolicy, 'needs root on Linux');
  const managed = () => extension.outside(() => chrome.storage.managed.get(), null);
  await withPolicy(extension.id, { pollSeconds: 60, pollsecond: 1 }, async () => {
    // Names that are not in the schema are dropped; a running browser looks again by itself within seconds.
    await expect.poll(managed, { timeout: 15_000 }).toEqual({ pollSeconds: 60 });
  });
});
