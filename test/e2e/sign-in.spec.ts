/** Every way a sign-in can end but well: said in words, and the next click works. */
import type { Page } from '@playwright/test';
import type { AuthFailure } from '../../src/domain/auth-status.ts';
import type { MessageKey } from '../../src/messages/words.ts';
import type { Extension } from './support/extension.ts';
import { expect, LOOPBACK, test } from './support/fixtures.ts';
import { connect, popup, setUp, signIn } from './support/flows.ts';
import { control, poll } from './support/polling.ts';
import { openPopupWithPrompt } from './support/prompt.ts';
import { words, wordsIn } from './support/words.ts';

interface Provider {
  issuer: string;
}

/** Presses the popup's sign-in button and returns the window it opens. */
async function openWindow(extension: Extension, { issuer }: Provider, page: Page): Promise<Page> {
  const opened = extension.context.waitForEvent('page', (window) => window !== page);
  await popup.signIn(page).click();
  const window = await opened;
  await window.waitForURL((url) => url.href.startsWith(issuer));
  await expect(window.locator('#login')).toBeVisible();
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'signingIn');
  return window;
}

async function answer(window: Page): Promise<void> {
  await window.fill('#login', 'demo');
  await window.fill('#password', 'demo');
  await window.click('#submit');
  await window.click('#allow');
}

async function expectFailure(extension: Extension, page: Page, failure: AuthFailure, title: MessageKey): Promise<void> {
  await extension.untilPublished('view.auth', (auth) => auth.failure === failure && auth.phase === 'signedOut');
  await expect(page.getByText(words(title))).toBeVisible();
  if (failure !== 'interrupted') await expect(page.getByText(wordsIn(`auth_${failure}` as MessageKey))).toBeVisible();
  await expect(popup.signIn(page)).toBeEnabled();
}

async function expectWorks(extension: Extension, page: Page): Promise<void> {
  await signIn(extension, () => popup.signIn(page).click());
  await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);
}

async function popupToSignIn(extension: Extension, tenant: Parameters<typeof connect>[1]): Promise<Page> {
  await (await connect(extension, tenant)).close();
  return extension.openPopup();
}

test('the window closed, the request denied, an error page of the provider: told apart, and the next try works', async ({
  extension,
  tenant,
}) => {
  const page = await popupToSignIn(extension, tenant);
  await (await openWindow(extension, tenant, page)).close();
  await expectFailure(extension, page, 'userClosed', 'problem_signedOut_title');

  await control(tenant, '/faults', { kind: 'authorizeStatus', status: 500, times: 1 });
  await popup.signIn(page).click();
  await expectFailure(extension, page, 'pageFailed', 'problem_signInFailed_title');
  expect(tenant.faults.list()).toEqual([]);

  await signIn(extension, () => popup.signIn(page).click(), { consent: 'deny' });
  await expectFailure(extension, page, 'denied', 'problem_signInFailed_title');
  expect((await extension.badge()).text).toBe('!');

  await control(tenant, '/faults', { kind: 'invalidGrant', on: 'code', times: 1 });
  await signIn(extension, () => popup.signIn(page).click());
  await expectFailure(extension, page, 'refused', 'problem_signInFailed_title');

  await expectWorks(extension, page);
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('the worker killed under an open window: said at the next start, and signing in again works beside the old window', async ({
  extension,
  tenant,
}) => {
  const page = await popupToSignIn(extension, tenant);
  const old = await openWindow(extension, tenant, page);
  await extension.stopWorker();
  await extension.startWorker();
  await expectFailure(extension, page, 'interrupted', 'problem_signInInterrupted_title');
  // What is finished in the old window comes to nobody.
  await answer(old);
  expect((await extension.published('view.auth'))?.phase).toBe('signedOut');
  await expectWorks(extension, page);
});

test('cancelled: the old window signs nobody in, and a new click does', async ({ extension, tenant }) => {
  const page = await popupToSignIn(extension, tenant);
  const old = await openWindow(extension, tenant, page);
  await page.getByRole('button', { name: words('fix_cancelSignIn') }).click();
  await extension.untilPublished('view.auth', ({ phase, failure }) => phase === 'signedOut' && failure === 'cancelled');
  await expect(popup.signIn(page)).toBeEnabled();
  if (!old.isClosed()) {
    await answer(old);
    await expect.poll(() => old.isClosed()).toBe(true);
  }
  expect(tenant.log.counts.codeExchanges).toBe(0);
  expect((await extension.published('view.auth'))?.phase).toBe('signedOut');
  await expectWorks(extension, page);
});

test('cancelled with the old window still open: the next click signs in all the same', async ({ extension, tenant }) => {
  const page = await popupToSignIn(extension, tenant);
  await openWindow(extension, tenant, page);
  await page.getByRole('button', { name: words('fix_cancelSignIn') }).click();
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedOut');
  await expectWorks(extension, page);
});

test('a second sign-in while the window is open does not disturb the first', async ({ extension, tenant }) => {
  const page = await popupToSignIn(extension, tenant);
  const window = await openWindow(extension, tenant, page);
  const other = await extension.openConsole();
  // As of a page that has not yet heard of the first, or repeats a message whose answer was lost.
  const reply = await other.evaluate(
    () =>
      chrome.runtime.sendMessage({
        type: 'signIn',
        version: chrome.runtime.getManifest().version,
        request: {},
      }) as Promise<unknown>,
  );
  expect(reply).toMatchObject({ ok: true });
  await expect(other.getByRole('button', { name: words('fix_cancelSignIn') })).toBeVisible();
  await answer(window);
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedIn');
  await extension.untilPublished('view.glance', ({ total }) => total === 30);
  expect(tenant.log.counts.codeExchanges).toBe(1);
});

test('the settings say at once that they wait for the window, and what became of it', async ({ extension, tenant }) => {
  // No other page is open that would ask, and so publish, every few seconds.
  const page = await connect(extension, tenant);
  const opened = extension.context.waitForEvent('page', (window) => window !== page);
  const card = page.locator('.card').filter({ has: page.locator('.phase') });
  await card.getByRole('button', { name: words('options_signInButton') }).click();
  const window = await opened;
  await expect(window.locator('#login')).toBeVisible();
  await expect(card.getByText(words('options_phaseSigningIn'))).toBeVisible();
  await window.close();
  await expect(card.getByText(words('auth_userClosed'))).toBeVisible();
  await expect(card.getByRole('button', { name: words('options_signInButton') })).toBeEnabled();
});

test('host access taken away while watching: the list stays, marked, with a button that brings it back', async ({
  extension,
  tenant,
}) => {
  await setUp(extension, tenant);
  await poll(extension);
  await extension.revoke(LOOPBACK);
  const { stale, rows } = await extension.untilPublished('view.glance', ({ problem }) => problem?.code === 'hostAccessMissing');
  expect(rows).toHaveLength(30);
  const asked = tenant.log.counts.statesRequests;
  await poll(extension).catch(() => undefined);
  expect(tenant.log.counts.statesRequests, 'nothing is asked without permission').toBe(asked);
  const { page } = await openPopupWithPrompt(extension);
  await expect(page.getByText(words('problem_hostAccessMissing_title'))).toBeVisible();
  await expect(popup.rows(page)).toHaveCount(30);
  await expect(page.locator('.age')).toContainText(wordsIn('age_stale'));
  expect((await extension.badge()).text).toBe('!');
  expect(stale || (await extension.published('view.glance'))?.stale).toBe(true);
  await page.getByRole('button', { name: words('fix_grantHosts') }).click();
  await extension.untilPublished('view.glance', (view) => view.problem === null && !view.stale);
  await expect(page.getByText(words('problem_hostAccessMissing_title'))).toHaveCount(0);
  expect((await extension.badge()).text).toMatch(/^\d+$/);
});
