/** The console beside the page one works in: opened by a click in the popup, live like the full tab, whole in the room a panel has. */
import { expect, test } from './support/fixtures.ts';
import { setUp } from './support/flows.ts';

/** Chrome's own least width of a side panel, and more or less what people leave it at. */
const WIDTHS = [320, 400];
const ROOMS = ['wallboard', 'diagnosis', 'history', 'skills'];

test('one click in the popup docks the console beside the page', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  const popup = await extension.openPopup();
  await popup.getByRole('button', { name: 'Console beside the page' }).click();
  const docked = () =>
    extension.outside(async () => {
      const contexts = await chrome.runtime.getContexts({ contextTypes: ['SIDE_PANEL' as chrome.runtime.ContextType] });
      return contexts.map(({ documentUrl }) => documentUrl ?? '');
    }, null);
  await expect.poll(docked).toEqual([`${extension.origin}/src/pages/console/index.html`]);
  // A window without room for one gets the full tab.
  const other = await extension.openPopup();
  await other.evaluate(() => {
    chrome.sidePanel.open = () => Promise.reject(new Error('no room'));
  });
  const opening = extension.context.waitForEvent('page');
  await other.getByRole('button', { name: 'Console beside the page' }).click();
  const page = await opening;
  await expect(page).toHaveURL(/pages\/console\//);
  // What a panel shows is the console, at its width.
  for (const width of WIDTHS)
    for (const room of ROOMS) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `room=${room}`);
      await expect(page.locator('header nav a[aria-current="page"]')).toBeInViewport();
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(over, `${room} at ${width} px`).toBeLessThanOrEqual(0);
    }
});
