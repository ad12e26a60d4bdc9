/** No page in any state has a violation that axe knows, light or dark, and nothing has to be scrolled sideways. */
import type { Page } from '@playwright/test';
import { askWhy, diagnosed, lookAway, noneByItself, subject, titleOf, topOf, untilEnded, untilRun } from './support/diagnosis.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, options, popup, setUp, signIn, signInFromPopup, watchEveryone } from './support/flows.ts';
import { idOf, isDone, plant, ready, room, switchOn, untilLoad } from './support/history.ts';
import { axeViolations, SCHEMES } from './support/look.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { FROM, openRoom, planned, run, skillId, TO, V2_COLUMNS } from './support/skills.ts';
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
      // The page hears of it a moment later: half of it would be looked at in the colours of before.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
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

test('the history: off, one agent, a stretch pointed at by keys, several agents compared, the pickers, erasing, and narrow; the day in the popup', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(120_000);
  await plant(tenant, 200);
  const page = await ready(extension, tenant, false);
  await room.open(extension, page, idOf(tenant));
  await expect(room.problem(page, 'capabilityOff')).toBeVisible();
  await expectAccessible(page, 'off');

  await switchOn(extension, page);
  await untilLoad(extension, isDone);
  await expect.poll(() => room.stretches(page)).toBe(1 + 200);
  await expectAccessible(page, 'one agent');
  await page.locator('.lane-plot').first().focus();
  for (const key of ['ArrowRight', '+', '+', 'ArrowRight']) await page.keyboard.press(key);
  await expect(page.locator('.tip')).toBeVisible();
  await expectAccessible(page, 'a stretch pointed at');
  await page.getByRole('button', { name: words('history_erase') }).click();
  await expectAccessible(page, 'erasing');

  const others = ['Jonas Weber', 'ليلى حداد'].map((name) => idOf(tenant, name));
  await control(tenant, '/agents/Jonas%20Weber', { state: 'READY' });
  await poll(extension);
  await page.goto(
    `${page.url().split('#')[0]}#room=history&agent=${idOf(tenant)}${others.map((id) => `&agents=${id}`).join('')}`,
  );
  await untilLoad(extension, (load) => isDone(load) && load.agentIds.length === 3);
  await expect(page.locator('.by-agent tbody tr')).toHaveCount(3);
  await page.getByLabel(words('history_compare')).check();
  await expectAccessible(page, 'several, compared');
  for (const [index, name] of ['agents', 'range'].entries()) {
    await page.locator('.popover > button').nth(index).click();
    await expectAccessible(page, `choosing ${name}`);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 400, height: 800 });
  await expectAccessible(page, 'several, compared, at 400');

  await watchEveryone(extension);
  const small = await extension.openPopup();
  await popup.rows(small).filter({ hasText: 'Dana Ortiz' }).click();
  await expect(small.locator('.day')).toBeVisible();
  await expectAccessible(small, 'the day in the popup');
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('the skills: off, each way in, a file with mistakes, a dry run, what came of it, past batches, the log, and narrow', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(120_000);
  const off = await ready(extension, tenant, false);
  await openRoom(extension, off);
  await expect(off.getByRole('heading', { name: words('skills_off') })).toBeVisible();
  await expectAccessible(off, 'off');
  await signIn(extension, () => off.getByRole('button', { name: words('skills_use') }).click());
  await expect(off.getByRole('heading', { name: words('skills_in_many') })).toBeVisible();
  await expectAccessible(off, 'nothing read in yet');
  const rows = tenant.sim.agents.slice(0, 6).map(({ person: { id } }, index) => ({
    line: index + 2,
    userId: id,
    skillId: skillId(tenant, index === 2 ? 'Sales' : 'Chat'),
    held: { level: 1 + (index % 5), availableFromAt: FROM, availableToAt: TO, active: true },
  }));
  const lines = rows.map(({ userId, skillId: skill, held }) => [userId, skill, held.level + 3, FROM, TO].join(','));
  await off.getByLabel(words('skills_in_chooseFile')).setInputFiles({
    name: 'spring.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from([V2_COLUMNS.join(','), ...lines].join('\r\n')),
  });
  await expect(off.getByRole('button', { name: words('skills_in_saveBad') })).toBeVisible();
  await expectAccessible(off, 'a file with mistakes');
  for (const way of ['skills_way_one', 'skills_way_matrix'] as const) {
    await off.getByRole('radio', { name: words(way) }).check({ force: true });
    await expectAccessible(off, way);
  }
  const id = await planned(extension, off, rows);
  await openRoom(extension, off, { tab: 'batch', batch: id });
  await expect(off.getByRole('row')).toHaveCount(1 + rows.length);
  await expectAccessible(off, 'a dry run');
  await control(tenant, '/faults', { kind: 'writeStatus', status: 400, when: 'before', times: 1 });
  await run(extension, off, id);
  await expect(off.getByRole('button', { name: words('skills_batch_saveWfm') })).toBeVisible();
  await expectAccessible(off, 'what came of it');
  for (const tab of ['past', 'audit']) {
    await openRoom(extension, off, { tab });
    await expect(off.getByRole('row').nth(1)).toBeVisible();
    await expectAccessible(off, tab);
  }
  await off.setViewportSize({ width: 400, height: 800 });
  await expectAccessible(off, 'the log at 400');
  await openRoom(extension, off, { tab: 'batch', batch: id });
  await expect(off.getByRole('button', { name: words('skills_batch_saveWfm') })).toBeVisible();
  await expectAccessible(off, 'a batch at 400');
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('the diagnosis: nothing asked yet, under way, a verdict, nothing found, many at once, the past ones, and narrow', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(150_000);
  await lookAway(extension);
  await setUp(extension, tenant);
  await noneByItself(extension);
  const page = await extension.context.newPage();
  const start = `${extension.origin}/src/pages/console/index.html#room=diagnosis`;
  await page.goto(start);
  await expect(page.getByRole('heading', { name: words('diagnosis_past') })).toBeVisible();
  await expectAccessible(page, 'nothing asked yet');

  // Nothing is to be found out about him.
  await control(tenant, '/faults', { kind: 'hidden', agentId: 'Jonas Weber' });
  const runId = await askWhy(extension, page, tenant.sim.find('Jonas Weber')?.person.id ?? '');
  await untilRun(extension, ({ id, doing }) => id === runId && (doing?.untilMs ?? 0) > 0);
  await expectAccessible(page, 'under way');
  await untilEnded(extension, runId);
  await expect(page.locator('#verdict')).toHaveText(words('diagnosis_unexplained_title'));
  for (const other of await page.locator('.others summary').all()) await other.click();
  await expectAccessible(page, 'nothing found');

  await control(tenant, '/faults', { kind: 'skillInactive', agentId: subject(tenant).id });
  await poll(extension);
  const sure = await diagnosed(extension, page, subject(tenant).id);
  await expect(page.locator('#verdict')).toHaveText(titleOf(topOf(sure) ?? { cause: 'skillInactive', params: [] }));
  await expectAccessible(page, 'a verdict');
  await page.setViewportSize({ width: 400, height: 800 });
  await expectAccessible(page, 'a verdict at 400');
  await page.setViewportSize({ width: 1280, height: 900 });

  const many = tenant.sim.agents.filter(({ state }) => state !== 'LOGOUT').map(({ person }) => person.id);
  await control(tenant, '/faults', { kind: 'noSkillGroups', agentId: many.slice(4, 8) });
  await control(tenant, '/faults', { kind: 'agentOtherOrganisation', agentId: many.slice(10, 12) });
  await poll(extension);
  await page.goto(start);
  await page.getByRole('button', { name: words('diagnosis_whyThese') }).click();
  await untilRun(extension, ({ agents, status }) => agents.length > 4 && status === 'done');
  await expect(page.locator('.cause-group').first()).toBeVisible();
  await expectAccessible(page, 'many at once');
  await page.setViewportSize({ width: 400, height: 800 });
  await expectAccessible(page, 'many at once, at 400');
  await page.goto(start);
  await expect(page.locator('.past-runs li').nth(2)).toBeVisible();
  await expectAccessible(page, 'the past ones, at 400');
  expect(await extension.runtimeErrors()).toEqual([]);
});
