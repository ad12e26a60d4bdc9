/** Tokens, codes and verifiers: in the vault and on their way to their own provider, and nowhere else; after signing out, nowhere. */
import type { Tenant } from '../tenant/tenant.ts';
import { Canary } from './support/canary.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, popup, signIn, watchEveryone } from './support/flows.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { dropAccessToken, everythingKept, filesWith, placesOf } from './support/storage.ts';
import { until } from './support/wait.ts';
import { words } from './support/words.ts';

/** All that can be read in the clear, but the three records whose purpose it is. */
async function expectNowhere(extension: Extension, canary: Canary, step: string): Promise<void> {
  await test.step(step, async () => {
    const places = placesOf(await everythingKept(extension), canary.secrets());
    expect(places.filter((place) => !/^session\/.*\/(access|transaction|grant)$/.test(place))).toEqual([]);
    expect(canary.leaks()).toEqual([]);
    const shown = JSON.stringify(extension.notifications) + JSON.stringify(await extension.badge());
    expect(canary.secrets().filter((secret) => shown.includes(secret))).toEqual([]);
    const pages = extension.context.pages().map((page) => page.url());
    expect(canary.secrets().filter((secret) => pages.some((url) => url.includes(secret)))).toEqual([]);
  });
}

/** A renewal now; a poll that is under way already may drop the ring. */
async function renew(extension: Extension, canary: Canary, { log: { counts } }: Tenant): Promise<void> {
  // Both: what the canary answered itself, and what a worker that has just been started asked behind its back.
  const asked = () => canary.tokenRequests + counts.refreshes;
  const before = asked();
  await until('a renewal', async () => {
    if (asked() > before) return true;
    // Again each time: the renewal before may only now have written down what it got.
    await dropAccessToken(extension);
    await extension.ringAlarm('poll');
    return false;
  });
}

async function log(extension: Extension): Promise<string> {
  const page = await extension.openOptions();
  await page.getByRole('button', { name: words('options_logShow') }).click();
  const text = (await page.locator('.log pre').textContent()) ?? '';
  await page.close();
  return text;
}

test('no secret is said, shown, logged or written in the clear, whatever goes wrong; after sign-out none is left', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(120_000);
  const canary = await Canary.watch(extension, tenant);
  const options = await connect(extension, tenant);
  const page = await extension.openPopup();
  await signIn(extension, () => popup.signIn(page).click());
  await extension.untilPublished('view.glance', ({ total }) => total > 0);
  await watchEveryone(extension);
  expect(canary.kinds()).toEqual(['access_token', 'code', 'code_verifier', 'id_token', 'nonce', 'refresh_token', 'state']);
  await expectNowhere(extension, canary, 'signed in');
  const kept = await everythingKept(extension);
  expect(placesOf(kept, canary.secrets('access_token')), 'the search finds what is there').toEqual([
    expect.stringMatching(/^session\/.*\/access$/),
  ]);
  expect(Object.entries(kept).find(([place]) => place === 'database/keys/sealed')?.[1]).toBe('"CryptoKey extractable=false"');

  for (let turn = 0; turn < 2; turn++) {
    const before = tenant.log.counts.refreshesOk;
    await renew(extension, canary, tenant);
    await expect.poll(() => tenant.log.counts.refreshesOk).toBeGreaterThan(before);
    await extension.untilPublished('view.glance', ({ problem, stale }) => problem === null && !stale);
  }
  await expectNowhere(extension, canary, 'renewed twice');

  // Whoever answers repeats our secrets in its words: the API the access token, the provider the refresh token.
  await control(tenant, '/faults', {
    kind: 'status',
    status: 403,
    text: `${canary.latest('access_token').slice(30)} is not accepted`,
    match: '/api',
  });
  await poll(extension);
  await expect(page.getByText(words('problem_forbidden_title'))).toBeVisible();
  await expectNowhere(extension, canary, 'the API repeats the token');
  await control(tenant, '/faults', undefined, 'DELETE');
  for (const status of [400, 500]) {
    canary.answerNext = (form) => ({
      status,
      json: { error: form.get('refresh_token'), error_description: `${form.get('refresh_token')} is not accepted` },
    });
    await renew(extension, canary, tenant);
    await pollUntil(extension, ({ problem }) => problem === null);
    await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedIn');
  }
  await expectNowhere(extension, canary, 'the provider repeats the refresh token');
  for (const kind of ['tokenHtml', 'invalidGrant']) {
    await control(tenant, '/faults', { kind, times: 1 });
    await renew(extension, canary, tenant);
    await pollUntil(extension, ({ problem }) => problem === null);
  }
  await control(tenant, '/faults', { kind: 'scopeDroppedOnRefresh', nth: 1, scopes: ['view:interaction'] });
  await renew(extension, canary, tenant);
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'scopeLost');
  await control(tenant, '/faults', undefined, 'DELETE');
  await signIn(extension, () => popup.signIn(page).click());
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'READY' });
  await poll(extension);
  await control(tenant, '/agents/Dana%20Ortiz', { state: 'LOGOUT' });
  await poll(extension);
  await expect.poll(() => extension.notifications.length).toBeGreaterThan(0);
  await page.getByRole('combobox').selectOption('name');
  await expectNowhere(extension, canary, 'after every fault');
  const lines = await log(extension);
  expect(lines).toContain('signed-in');
  expect(canary.secrets().filter((secret) => lines.includes(secret))).toEqual([]);
  expect(filesWith(extension.profileDir, canary.secrets('access_token', 'refresh_token', 'id_token', 'code_verifier'))).toEqual(
    [],
  );

  await options.bringToFront();
  await options.getByRole('button', { name: words('options_signOut') }).click();
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedOut');
  await expect.poll(async () => placesOf(await everythingKept(extension), canary.secrets())).toEqual([]);
  const left = await everythingKept(extension);
  expect(Object.keys(left).filter((place) => /grant|directory/.test(place))).toEqual([]);
  expect(placesOf(left, ['Dana Ortiz', 'Jonas Weber'])).toEqual([]);
  expect(canary.leaks()).toEqual([]);
  expect(await extension.runtimeErrors()).toEqual([]);
});

test('"Erase everything" leaves every store empty', async ({ extension, tenant }) => {
  const options = await connect(extension, tenant);
  const page = await extension.openPopup();
  await signIn(extension, () => popup.signIn(page).click());
  await extension.untilPublished('view.glance', ({ total }) => total > 0);
  await watchEveryone(extension);
  await page.getByRole('combobox').selectOption('name');
  expect(Object.keys(await everythingKept(extension)).length).toBeGreaterThan(10);
  await page.close();
  await options.bringToFront();
  await options.getByRole('button', { name: words('options_eraseButton') }).click();
  await options.getByRole('button', { name: words('options_eraseNow') }).click();
  await expect(options.getByText(words('options_erased'))).toBeVisible();
  await extension.untilPublished('view.glance', ({ connection }) => connection === null);
  const left = await everythingKept(extension);
  // What is published says that nothing is known.
  expect(Object.keys(left).filter((place) => !/^session\/view\./.test(place))).toEqual([]);
  expect(await options.evaluate(() => sessionStorage.length)).toBe(0);
  expect((await extension.badge()).text).toBe('');
  expect((await extension.published('view.glance'))?.rows).toEqual([]);
  expect(await extension.outside(() => chrome.notifications.getAll(), null)).toEqual({});
  expect(await extension.inWorker(() => chrome.declarativeNetRequest.getSessionRules(), null)).toEqual([]);
  await options.reload();
  await expect(options.locator('#connection-issuer')).toHaveValue('');
});
