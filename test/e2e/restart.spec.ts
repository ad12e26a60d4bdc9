/** The browser was closed and is opened again: what was known is there at once, what is secret was never on disk, and nothing is made up. */
import type { Page } from '@playwright/test';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { popup, setUp, signIn } from './support/flows.ts';
import { control, poll } from './support/polling.ts';
import { everythingKept, filesWith, placesOf } from './support/storage.ts';
import { until } from './support/wait.ts';
import { words, wordsIn } from './support/words.ts';

interface Counts {
  refreshes: number;
  interactiveLogins: number;
  silentLogins: number;
}

/** A popup whose messages never get an answer: what it shows comes from what is published alone. */
async function openMutePopup(extension: Extension): Promise<Page> {
  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 360, height: 600 });
  await page.addInitScript(() => {
    type Api = { runtime?: { sendMessage?: unknown } } | undefined;
    const globals = globalThis as unknown as { chrome?: Api; browser?: Api };
    for (const runtime of new Set([globals.chrome?.runtime, globals.browser?.runtime]))
      if (runtime) runtime.sendMessage = () => new Promise(() => undefined);
  });
  await page.goto(`${extension.origin}/src/pages/popup/index.html`);
  return page;
}

test('after a browser restart the list is there at once with names and age, renewed once, and nothing is invented', async ({
  launch,
  tenant,
}) => {
  const extension = await launch({ by: 'profile' });
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });
  await setUp(extension, tenant);
  await poll(extension);
  const names = (await control<{ name: string }[]>(tenant, '/agents')).map(({ name }) => name);
  const { interactiveLogins, silentLogins, refreshes } = await control<Counts>(tenant, '/counts');

  await control(tenant, '/agents/Dana%20Ortiz', { state: 'LOGOUT' });
  // Whatever asks CXone too early gets nothing: what is on screen is from storage.
  await control(tenant, '/faults', { kind: 'status', status: 503, match: '/api' });
  await extension.restart();
  await until('the badge', async () => (await extension.badge()).text !== '');
  expect((await extension.alarms()).map(({ name }) => name).sort()).toEqual(['daily', 'poll']);

  const page = await openMutePopup(extension);
  await expect(popup.rows(page)).toHaveCount(30);
  for (const name of names) await expect(page.getByText(name, { exact: true })).toBeAttached();
  await expect(popup.rows(page).filter({ hasText: 'Dana Ortiz' })).toContainText('Available');
  await expect(page.locator('.age')).toContainText(words('age_stale'));
  await page.close();

  const kept = await everythingKept(extension);
  const onDisk = Object.fromEntries(Object.entries(kept).filter(([place]) => !place.startsWith('session/')));
  expect(placesOf(onDisk, names)).toEqual([]);
  expect(placesOf(kept, ['Dana Ortiz']).length, 'the search finds what is there').toBeGreaterThan(0);
  expect(filesWith(extension.profileDir, names)).toEqual([]);
  expect(filesWith(extension.profileDir, ['Demo tenant']).length, 'the search finds what is there').toBeGreaterThan(0);

  await control(tenant, '/faults', undefined, 'DELETE');
  await expect.poll(async () => (await poll(extension)).outcome, { timeout: 20_000 }).toMatch(/ok|unchanged/);
  expect(await control<Counts>(tenant, '/counts')).toMatchObject({
    refreshes: refreshes + 1,
    interactiveLogins,
    silentLogins,
  });

  const { rows } = await extension.untilPublished('view.glance', (view) => !view.stale && view.problem === null);
  const dana = rows.find(({ name }) => name === 'Dana Ortiz');
  expect(dana?.category).toBe('loggedOut');
  expect(extension.notifications).toEqual([]);
  const board = await extension.openConsole(`#agent=${dana?.agentId}`);
  const passages = board.locator('.passages li');
  await expect(passages.filter({ hasText: wordsIn('console_gap') })).toHaveCount(1);
  expect(await extension.runtimeErrors()).toEqual([]);
});

for (const session of ['alive', 'over'] as const) {
  test(`kept in memory only, with the session at the provider ${session}: ${
    session === 'alive' ? 'a silent sign-in' : '"sign in again"'
  } after a browser restart`, async ({ launch, tenant }) => {
    const extension = await launch({ by: 'profile' });
    await setUp(extension, tenant);
    expect(Object.keys(await everythingKept(extension)).filter((place) => /^database\/sealed\/.*grant/.test(place))).toHaveLength(
      1,
    );
    const options = await extension.openOptions();
    await options.locator('#persist-session').uncheck();
    await until('the grant to leave the disk', async () =>
      Object.keys(await everythingKept(extension)).every((place) => !/^database\/sealed\/.*grant/.test(place)),
    );
    const before = await control<Counts>(tenant, '/counts');
    if (session === 'over') await control(tenant, '/sessions/end', {});
    await extension.restart();
    await extension.ringAlarm('poll');
    if (session === 'alive') {
      await extension.untilPublished('view.heartbeat', ({ okMs }) => okMs > 0);
      await extension.untilPublished('view.glance', (view) => view.problem === null && view.rows.length === 30);
      const after = await control<Counts>(tenant, '/counts');
      expect(after).toMatchObject({
        refreshes: before.refreshes,
        interactiveLogins: before.interactiveLogins,
        silentLogins: before.silentLogins + 1,
      });
      return;
    }
    await extension.untilPublished('view.glance', (view) => view.problem?.code === 'needsSignIn');
    const page = await extension.openPopup();
    await expect(popup.rows(page)).toHaveCount(30);
    await signIn(extension, () => popup.signIn(page).click());
    await extension.untilPublished('view.glance', (view) => view.problem === null && !view.stale);
  });
}
