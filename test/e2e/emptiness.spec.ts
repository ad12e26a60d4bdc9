/** `200 []` is a question, never an answer: what the product exists for. */
import type { Page } from '@playwright/test';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, popup, setUp, signIn } from './support/flows.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { words } from './support/words.ts';

/** However it is put: the claim that must not be made. */
const NOBODY = /nobody is|no one is|no agents? (are|is) logged|everyone is logged out|nobody logged/i;

const expectNoClaim = async (page: Page) => expect(page.locator('body')).not.toContainText(NOBODY);

async function watching(extension: Extension, tenant: Parameters<typeof setUp>[1]): Promise<Page> {
  await setUp(extension, tenant);
  const page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(30);
  return page;
}

test('a scope lost at the second renewal is flagged within one poll, the list stays, and one click brings it back', async ({
  extension,
  tenant,
}) => {
  const page = await watching(extension, tenant);
  await control(tenant, '/faults', { kind: 'scopeDroppedOnRefresh', nth: 2, scopes: ['view:interaction'] });
  // First renewal: all is well.
  await control(tenant, '/expire', {});
  expect((await poll(extension)).outcome).toBe('unchanged');
  expect((await extension.published('view.glance'))?.problem).toBeNull();
  // Second renewal: a token the provider narrowed without a word. A minute must pass before a rejected token is renewed again.
  await extension.outside(async () => {
    const [key] = Object.keys(await chrome.storage.session.get()).filter((name) => name.endsWith('/access'));
    if (key) await chrome.storage.session.remove(key);
  }, null);
  await extension.ringAlarm('poll');
  const { problem, rows } = await extension.untilPublished('view.glance', (glance) => glance.problem?.code === 'scopeLost');
  expect(problem?.params).toEqual(['view:interaction', expect.stringMatching(/^\d\d:\d\d$/), '2']);
  expect(rows).toHaveLength(30);
  await expect(
    page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: 'view:interaction' }).first(),
  ).toBeVisible();
  await expect(popup.rows(page)).toHaveCount(30);
  await expectNoClaim(page);
  expect((await extension.badge()).text).toBe('!');
  // Polling has stopped: asking with this token would only bring `[]`.
  const asked = await control<{ statesRequests: number }>(tenant, '/counts');
  await extension.ringAlarm('poll');
  await control(tenant, '/faults', undefined, 'DELETE');
  await signIn(extension, () => popup.signIn(page).click());
  await extension.untilPublished('view.glance', (glance) => glance.problem === null && !glance.stale);
  expect((await control<{ statesRequests: number }>(tenant, '/counts')).statesRequests).toBeGreaterThan(asked.statesRequests);
  const { ledger } = await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedIn');
  expect(ledger.map(({ kind, lost }) => [kind, lost])).toEqual([
    ['signIn', []],
    ['renewal', []],
    ['renewal', ['view:interaction']],
    ['signIn', []],
  ]);
});

test('a scope missing from the start is named, and no list is asked for', async ({ extension, tenant }) => {
  await control(tenant, '/scenario', { name: 'scopeMissing' });
  await (await connect(extension, tenant)).close();
  const page = await extension.openPopup();
  await popup.signIn(page).click();
  const window = await extension.context.waitForEvent('page', (opened) => opened.url().startsWith(tenant.issuer));
  await window.fill('#login', 'demo');
  await window.fill('#password', 'demo');
  await window.click('#submit');
  await window.click('#allow');
  const { problem } = await extension.untilPublished('view.glance', (glance) => glance.problem?.code === 'scopeMissing');
  expect(problem?.params[0]).toBe('view:interaction');
  expect((await control<{ statesRequests: number }>(tenant, '/counts')).statesRequests).toBe(0);
});

test('an empty list with every scope: late, then open, then confirmed; the list stays and nobody is called logged out', async ({
  extension,
  tenant,
}) => {
  const page = await watching(extension, tenant);
  await control(tenant, '/scenario', { name: 'roleLacksPermission' });
  await poll(extension);
  const first = await extension.untilPublished('view.glance', (glance) => glance.problem !== null);
  expect(first.problem?.code).toBe('emptyMayLag');
  expect(first.rows).toHaveLength(30);
  await expect(popup.rows(page)).toHaveCount(30);
  await expectNoClaim(page);
  // What half a minute makes of it, without waiting for it: the record is moved into the past.
  await backdateEmptiness(extension, 40_000);
  await poll(extension);
  await extension.untilPublished('view.glance', (glance) => glance.problem?.code === 'emptyConfirmed');
  await expect(popup.rows(page)).toHaveCount(30);
  await expect(page.getByText(words('problem_emptyConfirmed_title')).first()).toBeVisible();
  await expectNoClaim(page);
  expect((await extension.badge()).title).not.toMatch(NOBODY);
  await control(tenant, '/scenario', { name: 'calm' });
  await pollUntil(
    extension,
    (glance) => glance.problem === null && !glance.stale && glance.rows.every(({ flag }) => flag === null),
  );
});

test('one agent missing from the list is asked for singly, flagged at once with why, and comes back', async ({
  extension,
  tenant,
}) => {
  const page = await watching(extension, tenant);
  await control(tenant, '/faults', { kind: 'hidden', agentId: 'Dana Ortiz' });
  await poll(extension);
  const row = popup.rows(page).filter({ hasText: 'Dana Ortiz' });
  await expect(row).toContainText('why?');
  const log = await control<{ path: string; query: Record<string, string> }[]>(tenant, '/log');
  expect(log.at(-1)).toMatchObject({ path: '/api/v2/agents/states', query: { agentId: expect.any(String) } });
  const { problem, rows } = await extension.untilPublished('view.glance', (glance) => glance.problem?.code === 'agentsMissing');
  expect(problem?.params).toEqual(['1']);
  expect(rows.filter(({ flag }) => flag !== null).map(({ name, flag }) => [name, flag?.kind])).toEqual([
    ['Dana Ortiz', 'mayLag'],
  ]);
  await expectNoClaim(page);
  // Nor is the last known state shown as today's where everybody is listed.
  const wallboard = await extension.openConsole();
  const line = wallboard.getByRole('row').filter({ hasText: 'Dana Ortiz' });
  await expect(line).toContainText('Not known');
  await expect(line).toContainText(/last: .*No answer since /);
  await line.getByRole('link', { name: 'Why is there no state for Dana Ortiz?' }).click();
  await expect(wallboard).toHaveURL(/room=diagnosis/);
  await wallboard.close();
  await page.getByRole('searchbox').fill('Dana');
  await expect(page.locator('.results')).toContainText(/No answer since .*last: /);
  await page.getByRole('searchbox').fill('');
  await control(tenant, '/faults', undefined, 'DELETE');
  await pollUntil(extension, (glance) => glance.problem === null);
  await expect(row).not.toContainText('why?');
});

/** Moves the beginning of the emptiness into the past, in the worker's own database. */
async function backdateEmptiness(extension: Extension, byMs: number): Promise<void> {
  await extension.outside(
    (ms) =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open('agent-watch');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const store = open.result.transaction('poll', 'readwrite').objectStore('poll');
          const cursor = store.openCursor();
          cursor.onsuccess = () => {
            const { result } = cursor;
            if (!result) return;
            result.value.state.emptySinceMs -= ms;
            result.update(result.value);
            store.transaction.oncomplete = () => {
              open.result.close();
              resolve();
            };
          };
        };
      }),
    byMs,
  );
}
