import { setUp } from './support/flows.ts';
import { expect, test } from './support/fixtures.ts';

test('first run: connect, sign in, watch everyone', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  const glance = await extension.published('view.glance');
  console.log(JSON.stringify(glance?.rows.slice(0, 2)), glance?.problem, await extension.badge(), await extension.published('view.heartbeat'), await extension.alarms());
  const popup = await extension.openPopup();
  await popup.screenshot({ path: '/tmp/popup.png' });
  expect(await extension.runtimeErrors()).toEqual([]);
});
