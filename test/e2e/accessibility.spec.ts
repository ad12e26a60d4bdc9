/** No page in any state has a violation that axe knows, light or dark, and nothing has to be scrolled sideways. */
import type { Page } from '@playwright/test';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, options, popup, setUp, signInFromPopup, watchEveryone } from './support/flows.ts';
import { axeViolations, SCHEMES } from './support/look.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { until } from './support/wait.ts';
import { words, wordsIn } from './support/words.ts';

/** Holds for the page as it is now, in both colour schemes. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  await test.step(state, async () => {
    // Rows out of sight keep the colours they were last drawn in until they are scrolled to: nobody sees those, but axe would.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { content-visibility: visible !important; }');
      document.adoptedStyleSheets = [sheet];
    });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await axeViolations(page), `${state}, ${colorScheme}`).toEqual([]);
    }
    await expectNoSidewaysScroll(page, state);
  });
}

/** Neither the page nor anything in it that scrolls; what scrolls on purpose (the log) is marked as such by its role. */
async function expectNoSidewaysScroll(page: Page, state: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const shell = document.scrollingElement;
    const places = [...document.querySelectorAll<HTMLElement>('body, main, .page, .card, .console-page, .popup-page, .detail')];
    return [shell, ...places].flatMap((place) =>
      place && place.scrollWidth > place.clientWidth + 1 && getComputedStyle(place).overflowX !== 'clip'
        ? [`${place.tagName}.${place.className}: ${place.scrollWidth} > ${place.clientWidth}`]
        : [],
    );
  });
  expect(wide, `${state} at ${page.viewportSize()?.width}`).toEqual([]);
}

/** Chrome's own zoom for all pages of the extension, as Ctrl + gives it. */
async function zoom(extension: Extension, page: Page, factor: number): Promise<void> {
  const before = await page.evaluate(() => innerWidth);
  await extension.outside(
    async ({ url, level }) => {
      const tab = (await chrome.tabs.query({})).find((each) => each.url === url);
      if (tab?.id !== undefined) await chrome.tabs.setZoom(tab.id, level);
    },
    { url: page.url(), level: factor },
  );
  await until('the zoom', async () => (await page.evaluate(() => innerWidth)) !== before || factor === 1);
}

test('the popup: first run, signed out, list with attention and flags, search, alert log, banner', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(120_000);
  let page = await extension.openPopup();
  await expect(page.getByText(words('problem_notConfigured_title'))).toBeVisible();
  await expectAccessible(page, 'welcome');
  await page.close();

  await (await connect(extension, tenant)).close();
  page = await extension.openPopup();
  await expect(popup.signIn(page)).toBeVisible();
  await expectAccessible(page, 'signed out');
  await page.close();

  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total }) => total > 0);
  page = await extension.openPopup();
  await expect(popup.watchEveryone(page)).toBeVisible();
  await expectAccessible(page, 'nobody watched');
  await page.close();
  await watchEveryone(extension);

  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  await control(tenant, '/agents/Jonas%20Weber', { state: 'NOT_READY', subState: 'Lunch', startDate: ago(74) });
  await control(tenant, '/faults', { kind: 'hidden', agentId: 'Dana Ortiz' });
  await pollUntil(extension, ({ alerts, rows }) => alerts.length > 0 && rows.some(({ flag }) => flag !== null));
  page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(30);
  await expect(page.getByRole('heading', { name: words('popup_attention') })).toBeVisible();
  await expectAccessible(page, 'attention and flags');

  await popup.rows(page).filter({ hasText: 'Dana Ortiz' }).click();
  await expect(page.locator('.more')).toBeVisible();
  await expectAccessible(page, 'a row open');

  await page.getByRole('button', { name: words('snooze_label') }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'snooze menu');
  await page.keyboard.press('Escape');

  await page.getByRole('searchbox').fill('a');
  await expect(page.locator('.star').first()).toBeVisible();
  await expectAccessible(page, 'search results');
  await page.getByRole('searchbox').fill('nobody of this name at all, however long the words may be');
  await expect(page.getByText(words('popup_noResult_title'))).toBeVisible();
  await expectAccessible(page, 'empty search');
  await page.getByRole('searchbox').fill('');

  await page.getByRole('button', { name: wordsIn('popup_alerts') }).click();
  await expect(page.locator('[data-row]').filter({ hasText: 'Jonas Weber' })).toBeVisible();
  await expectAccessible(page, 'alert log');
  await page.keyboard.press('Escape');

  await control(tenant, '/faults', { kind: 'status', status: 403, text: 'Security permissions prevent access', match: '/api' });
  await poll(extension);
  await expect(page.getByText(words('problem_forbidden_title'))).toBeVisible();
  await expectAccessible(page, 'banner');

  // Chrome's zoom: twice as large in twice the width, and a popup may not need to be scrolled sideways.
  await page.setViewportSize({ width: 720, height: 1200 });
  await zoom(extension, page, 2);
  expect(await page.evaluate(() => innerWidth)).toBe(360);
  await expectNoSidewaysScroll(page, 'banner at 200 %');
  await zoom(extension, page, 1);
});

test('the options: every section, with field errors, everything open, and narrow', async ({ extension, tenant }) => {
  test.setTimeout(120_000);
  const page = await extension.openOptions();
  await expect(options.save(page).or(page.locator('#connection-name')).first()).toBeVisible();
  await expectAccessible(page, 'new');
  await options.fill(page, {
    name: '',
    issuer: 'http://login.example.com',
    apiBaseUrl: 'https://cxone.niceincontact.com/x',
    clientId: 'two words',
    authorizationEndpoint: 'https://login.example.com/authorize',
    apiPrefix: 'api',
  });
  await options.save(page).click();
  await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
  await expectAccessible(page, 'field errors');
  await page.reload();
  await options.fill(page, { authorizationEndpoint: '', apiPrefix: '/api/v2' });
  await page.close();

  await setUp(extension, tenant);
  const ready = await extension.openOptions();
  await expect(ready.locator('.person').first()).toBeVisible();
  await ready.getByRole('button', { name: words('test_run') }).click();
  await extension.untilPublished('view.test', ({ running, lines }) => !running && lines.every(({ result }) => result === 'ok'));
  await ready.locator('#find-agents').fill('a');
  await expect(ready.getByRole('button', { name: words('options_logShow') })).toBeVisible();
  await ready.getByRole('button', { name: words('options_logShow') }).click();
  await ready.locator('#quiet-on').check();
  await ready.getByRole('button', { name: words('rule_add') }).click();
  await ready.getByRole('button', { name: words('rule_addDone') }).click();
  await expect(ready.locator('#rule-states-note')).not.toBeEmpty();
  await ready.getByRole('button', { name: words('options_eraseButton') }).click();
  await ready.locator('#poll-seconds').fill('5');
  await ready.locator('#poll-seconds').blur();
  for (const details of await ready.locator('details').all()) await details.evaluate((each) => each.setAttribute('open', ''));
  await expectAccessible(ready, 'everything open');
  for (const width of [900, 640]) {
    await ready.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(ready, 'everything open');
  }
  await ready.setViewportSize({ width: 400, height: 800 });
  await expectAccessible(ready, 'everything open at 400');
  await ready.setViewportSize({ width: 800, height: 800 });
  await zoom(extension, ready, 2);
  expect(await ready.evaluate(() => innerWidth)).toBe(400);
  await expectNoSidewaysScroll(ready, 'everything open at 200 %');
  await zoom(extension, ready, 1);
});

test('the console: wallboard, detail, filtered to nothing, with a problem, and narrow', async ({ extension, tenant }) => {
  test.setTimeout(120_000);
  const first = await extension.openConsole();
  await expect(first.getByText(words('problem_notConfigured_title'))).toBeVisible();
  await expectAccessible(first, 'welcome');
  await first.close();

  await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });
  await setUp(extension, tenant);
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'NOT_READY', subState: 'Training with a long name for a reason' });
  await poll(extension);
  const page = await extension.openConsole();
  await expect(page.locator('tr[data-index]').first()).toBeVisible();
  await expectAccessible(page, 'wallboard');
  await page.getByRole('link', { name: /Dana Ortiz/ }).click();
  await expect(page.locator('.passages li').first()).toBeVisible();
  await expectAccessible(page, 'detail');
  await page.setViewportSize({ width: 400, height: 700 });
  await expectAccessible(page, 'detail at 400');
  await page.getByRole('button', { name: words('console_close') }).click();
  await expect(page.locator('tr[data-index]').first()).toBeVisible();
  await expectAccessible(page, 'wallboard at 400');
  await page.getByRole('searchbox').fill('nobody of this name');
  await expect(page.getByText(words('console_noMatch_title'))).toBeVisible();
  await expectAccessible(page, 'filtered to nothing at 400');
  await page.setViewportSize({ width: 800, height: 800 });
  await control(tenant, '/faults', { kind: 'html200', match: '/api' });
  await poll(extension);
  await expect(page.getByText(words('problem_portal_title'))).toBeVisible();
  await expectAccessible(page, 'a problem');
  await zoom(extension, page, 2);
  expect(await page.evaluate(() => innerWidth)).toBe(400);
  await expectNoSidewaysScroll(page, 'a problem at 200 %');
  await zoom(extension, page, 1);
});
