/** A tenant of ten thousand, five hundred of them watched: all are there, one is found, and only what can be seen is drawn. */
import { expect, test } from './support/fixtures.ts';
import { connect, popup, signInFromPopup } from './support/flows.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { words } from './support/words.ts';

const AGENTS = 10_000;
const WATCHED = 500;
/** More rows than this near the screen would mean that the window of rows does not work. */
const DRAWN = 80;

test.use({ tenantOptions: { agents: AGENTS } });

test('500 watched of 10,000: listed, searched, scrolled', async ({ extension, tenant }) => {
  const options = await connect(extension, tenant);
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total }) => total === AGENTS, 30_000);
  const agents = await control<{ id: string; name: string }[]>(tenant, '/agents');
  const chosen = agents.filter((_, index) => index % (AGENTS / WATCHED) === 0);
  expect(chosen).toHaveLength(WATCHED);
  await options.bringToFront();
  await options.locator('#paste-ids').fill(chosen.map(({ id }) => id).join('\n'));
  await options.getByRole('button', { name: words('options_pasteAdd') }).click();
  await expect(options.getByText(words('options_watchedCount'))).toHaveText(`${WATCHED} watched`);
  await extension.untilPublished('view.glance', (view) => view.rows.length === WATCHED, 30_000);
  // Names come after states, and only once there is somebody to name.
  await pollUntil(extension, (view) => view.rows.every(({ agentId, name }) => name !== agentId));
  const { rows } = await extension.untilPublished('view.glance', (view) => view.rows.length === WATCHED);
  expect(new Set(rows.map(({ agentId }) => agentId))).toEqual(new Set(chosen.map(({ id }) => id)));
  await options.close();

  const requests = tenant.log.counts.statesRequests;
  await poll(extension);
  expect(tenant.log.counts.statesRequests, 'one request, however many are watched').toBe(requests + 1);

  const page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(WATCHED);
  await popup.rows(page).last().scrollIntoViewIfNeeded();
  await expect(popup.rows(page).last()).toBeInViewport();
  const name = new Map(agents.map((agent) => [agent.id, agent.name])).get(rows.at(-1)?.agentId ?? '') ?? '';
  expect(rows.at(-1)?.name).toBe(name);

  // Somebody whom nobody watches, and whose name is nobody else's.
  const taken = new Map<string, number>();
  for (const agent of agents) taken.set(agent.name, (taken.get(agent.name) ?? 0) + 1);
  const ids = new Set(chosen.map(({ id }) => id));
  const wanted = agents.findLast((agent) => taken.get(agent.name) === 1 && !ids.has(agent.id));
  expect(wanted).toBeDefined();
  await page.getByRole('searchbox').fill(wanted?.name ?? '');
  const star = page.locator(`.star[data-row="${wanted?.id}"]`);
  await expect(star).toBeVisible();
  await expect(star).toHaveAttribute('aria-pressed', 'false');
  await star.click();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('searchbox').fill('a');
  await expect(page.locator('.star')).toHaveCount(50);
  await page.close();

  const board = await extension.openConsole();
  const drawn = board.locator('tr[data-index]');
  await expect(board.locator('table')).toHaveAttribute('aria-rowcount', String(AGENTS + 1));
  expect(await drawn.count()).toBeLessThan(DRAWN);
  await drawn.first().locator('a').focus();
  await board.keyboard.press('End');
  await expect(board.locator(`tr[data-index="${AGENTS - 1}"]`)).toBeInViewport();
  expect(await drawn.count()).toBeLessThan(DRAWN);
  await board.keyboard.press('Home');
  await expect(board.locator('tr[data-index="0"]')).toBeInViewport();
  await board.getByRole('searchbox').fill(wanted?.name ?? '');
  await expect(drawn).toHaveCount(1);
  await expect(drawn).toContainText(wanted?.name ?? '');
  expect(await extension.runtimeErrors()).toEqual([]);
});
