/** The main job: from a first run to a supervisor who sees, is shown and is told what changes. */
import { expect, test } from './support/fixtures.ts';
import { popup, setUp } from './support/flows.ts';
import { control, poll } from './support/polling.ts';
import { words } from './support/words.ts';

test('a newcomer connects, signs in in the window and sees the agents', async ({ extension, tenant }) => {
  const first = await extension.openPopup();
  await expect(first.getByText(words('problem_notConfigured_title'))).toBeVisible();
  await first.close();
  await setUp(extension, tenant);
  const page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(30);
  await expect(page.getByText('Dana Ortiz')).toBeVisible();
  const { text, title } = await extension.badge();
  const agents = await control<{ state: string }[]>(tenant, '/agents');
  const available = agents.filter(({ state }) => state === 'READY').length;
  expect(text).toBe(String(available));
  expect(title).toContain('Demo tenant');
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('a change of state reaches popup, badge and notification, and the click leads to the agent', async ({
  extension,
  tenant,
}) => {
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });
  await setUp(extension, tenant);
  const page = await extension.openPopup();
  const row = popup.rows(page).filter({ hasText: 'Dana Ortiz' });
  await expect(row).toContainText('Available');
  const before = Number((await extension.badge()).text);
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'LOGOUT' });
  await poll(extension);
  await expect(row).toContainText('Logged out');
  await expect.poll(() => extension.notifications.length).toBe(1);
  const [notification] = extension.notifications;
  expect(notification?.options.title).toBe('Dana Ortiz logged out unexpectedly');
  // The alert comes before the count; when it was looked at, the count is back.
  expect((await extension.badge()).text).toBe('1!');
  await page.getByRole('button', { name: words('popup_alertsUnseen') }).click();
  await expect.poll(async () => (await extension.badge()).text).toBe(String(before - 1));
  const opened = extension.context.waitForEvent('page');
  await extension.clickNotification(notification?.id ?? '');
  const tab = await opened;
  await expect(tab.getByRole('heading', { name: 'Dana Ortiz' })).toBeVisible();
});

test('one poll is one request, and a quiet floor writes nothing', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  await poll(extension);
  const last = (await control<{ seq: number }[]>(tenant, '/log')).at(-1)?.seq ?? 0;
  for (let turn = 0; turn < 3; turn++) expect((await poll(extension)).outcome).toBe('unchanged');
  const since = await control<{ path: string }[]>(tenant, `/log?since=${last}`);
  expect(since.map(({ path }) => path)).toEqual(Array(3).fill('/api/v2/agents/states'));
});
