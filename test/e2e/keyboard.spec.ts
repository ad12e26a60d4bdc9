/** Everything without a mouse, from the first run to the console and back, and always in sight where one is. */
import type { Page } from '@playwright/test';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { options, popup } from './support/flows.ts';
import { focusShown, hasFocus, tabTo } from './support/keyboard.ts';
import { control, poll } from './support/polling.ts';
import { until } from './support/wait.ts';
import { words, wordsIn } from './support/words.ts';

/** Presses Enter on what has the focus and returns the tab or window that opens. */
async function enterOpens(extension: Extension, page: Page, url: string): Promise<Page> {
  const opened = extension.context.waitForEvent('page', (candidate) => candidate !== page);
  await page.keyboard.press('Enter');
  const tab = await opened;
  await tab.waitForURL((address) => address.href.startsWith(url));
  return tab;
}

const button = (page: Page, name: RegExp) => page.getByRole('button', { name });

/** Sign-in and consent at the provider. The window closes itself at the end. */
async function signInByKeyboard(window: Page): Promise<void> {
  await expect(window.locator('#login')).toBeFocused();
  await window.keyboard.type('demo');
  await window.keyboard.press('Tab');
  await window.keyboard.type('demo');
  await window.keyboard.press('Enter');
  await expect(window.locator('#allow')).toBeVisible();
  await window.keyboard.press('Tab');
  await expect(window.locator('#allow')).toBeFocused();
  const closed = window.waitForEvent('close');
  await window.keyboard.press('Enter');
  await closed;
}

test('first run, connection, sign-in, watching, alerts and console by keyboard alone', async ({ extension, tenant }) => {
  test.setTimeout(120_000);
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });

  const first = await extension.openPopup();
  await tabTo(first, button(first, words('fix_openOptions')));
  const form = await enterOpens(extension, first, `${extension.origin}/src/pages/options/`);
  await first.close();

  const { issuer, apiBaseUrl, clientId } = tenant;
  for (const [name, value] of Object.entries({ name: 'Demo tenant', issuer, apiBaseUrl, clientId })) {
    await tabTo(form, options.field(form, name as 'name'));
    await form.keyboard.type(value);
  }
  await tabTo(form, options.save(form));
  await form.keyboard.press('Enter');
  await extension.untilPublished('view.glance', ({ connection }) => connection !== null);
  await expect(form.getByText(words('options_connectionSaved'))).toBeVisible();

  const signIn = form
    .locator('#connection')
    .getByRole('button', { name: words('options_signInButton') })
    .first();
  await tabTo(form, signIn, 'Shift+Tab');
  await signInByKeyboard(await enterOpens(extension, form, issuer));
  await extension.untilPublished('view.glance', ({ total }) => total === 30);
  await form.close();

  const page = await extension.openPopup();
  await tabTo(page, popup.watchEveryone(page));
  await page.keyboard.press('Enter');
  await expect(popup.rows(page)).toHaveCount(30);

  // Search: un-pin and pin again.
  await page.keyboard.press('/');
  const box = page.getByRole('searchbox');
  await expect(box).toBeFocused();
  expect(await focusShown(page)).toBe('');
  await page.keyboard.type('dana');
  const star = page.locator('.star');
  await expect(star).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(star).toBeFocused();
  expect(await focusShown(page)).toBe('');
  for (const pressed of ['false', 'true']) {
    await page.keyboard.press('Enter');
    await expect(star).toHaveAttribute('aria-pressed', pressed);
    await expect(star).toBeFocused();
  }
  await page.keyboard.press('Escape');
  await expect(popup.rows(page)).toHaveCount(30);

  // The list: arrows, a row's more, its snooze.
  const row = popup.rows(page).filter({ hasText: 'Dana Ortiz' });
  await tabTo(page, page.locator('[data-row][tabindex="0"]'));
  await page.keyboard.press('End');
  expect(await focusShown(page)).toBe('');
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 30 && !(await hasFocus(row)); presses++) await page.keyboard.press('ArrowDown');
  await expect(row).toBeFocused();
  expect(await focusShown(page)).toBe('');
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await tabTo(page, button(page, words('row_snooze')));
  await page.keyboard.press('Enter');
  await expect(page.getByText(words('notice_snoozed'))).toBeVisible();
  await extension.untilPublished('view.glance', ({ rows }) => rows.some(({ snoozedUntilMs }) => snoozedUntilMs > Date.now()));

  // Snoozed, so nothing is shown; it is in the log all the same.
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'LOGOUT' });
  await poll(extension);
  const bell = button(page, wordsIn('popup_alerts'));
  await tabTo(page, bell, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: words('popup_alerts') })).toBeFocused();
  const line = popup.rows(page).filter({ hasText: 'Dana Ortiz' });
  await tabTo(page, line);
  await page.keyboard.press('Escape');
  await expect(popup.rows(page)).toHaveCount(30);
  expect(extension.notifications).toEqual([]);

  // The snooze menu: opens, arrows, Esc brings the focus back.
  const menu = button(page, words('snooze_label'));
  await tabTo(page, menu, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem').nth(1)).toBeFocused();
  expect(await focusShown(page)).toBe('');
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();

  // The console: filter, watch, the agent's detail, and back.
  await tabTo(page, button(page, words('popup_console')));
  const board = await enterOpens(extension, page, `${extension.origin}/src/pages/console/`);
  await expect(board.locator('tr[data-index]').first()).toBeVisible();
  await board.keyboard.press('/');
  await expect(board.getByRole('searchbox')).toBeFocused();
  await board.keyboard.type('dana ortiz');
  await expect(board.locator('tr[data-index]')).toHaveCount(1);
  const watched = board.locator('tr[data-index] .star');
  await tabTo(board, watched);
  await board.keyboard.press('Space');
  await expect(watched).toHaveAttribute('aria-pressed', 'false');
  await expect(watched).toBeFocused();
  await board.keyboard.press('Space');
  await expect(watched).toHaveAttribute('aria-pressed', 'true');
  const link = board.locator('tr[data-index] a');
  await tabTo(board, link);
  await board.keyboard.press('Enter');
  await expect(board.getByRole('heading', { name: 'Dana Ortiz' })).toBeFocused();
  await board.keyboard.press('Escape');
  await expect(board.locator('.detail')).toHaveCount(0);
  await expect(link).toBeFocused();
  expect(await focusShown(board)).toBe('');
  await until('no errors', async () => (await extension.runtimeErrors()).length === 0);
});
