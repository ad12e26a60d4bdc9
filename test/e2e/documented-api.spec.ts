/** The documented API with an issuer and a client id, and nothing else typed: issuer, API and pages for people are hosts of their own. */
import type { Page } from '@playwright/test';
import { DISCOVERY_MISTAKES, type DiscoveryMistake } from '../../src/domain/discovered.ts';
import type { MessageKey } from '../../src/messages/words.ts';
import type { FaultSpec } from '../tenant/faults.ts';
import { Canary } from './support/canary.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, options, popup, setUp, signIn, signInFromPopup } from './support/flows.ts';
import { control, poll } from './support/polling.ts';
import { everythingKept, placesOf } from './support/storage.ts';
import { testLines } from './support/test-lines.ts';
import { words, wordsIn } from './support/words.ts';

test.use({ tenantOptions: { profile: 'public' } });

const FOREIGN = 'api-na1.example.org';

test('issuer and client id alone: connected in one sign-in, with a token for the API and for nobody else', async ({
  extension,
  tenant,
}) => {
  expect(new Set([tenant.issuer, tenant.apiBaseUrl, tenant.uiBaseUrl]).size).toBe(3);
  const page = await connect(extension, tenant);
  await expect(options.field(page, 'apiBaseUrl')).toHaveValue('');
  await expect(options.field(page, 'tenantId')).toHaveValue('');
  const before = await testLines(extension, page);
  expect(before).toMatchObject({
    hosts: 'ok test_hostsOk',
    discovery: 'ok test_discoveryOk',
    api: 'skipped test_apiAfterSignIn',
  });
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);

  const { codeExchanges, interactiveLogins } = tenant.log.counts;
  expect([codeExchanges, interactiveLogins]).toEqual([1, 1]);
  const log = tenant.log.since(0);
  expect(log.find(({ path }) => path === '/auth/authorize')?.query).toMatchObject({
    scope: 'openid',
    client_id: tenant.clientId,
  });
  expect(log.find(({ path }) => path === '/.well-known/cxone-configuration')?.query).toEqual({ tenantId: tenant.tenantId });
  expect([...new Set(log.filter(({ authorization }) => authorization).map(({ host }) => host))]).toEqual(['api']);
  expect(log.filter(({ status, authorization }) => authorization && status === 401)).toEqual([]);

  expect(await testLines(extension, page)).toEqual({
    hosts: 'ok test_hostsOk',
    discovery: 'ok test_discoveryOk',
    api: 'ok test_apiOk',
    signIn: 'ok test_signInOk',
    scopes: 'ok test_scopesNone',
    states: 'ok test_statesOk',
  });
  // Found, and not taken for typed.
  await page.reload();
  await expect(options.field(page, 'apiBaseUrl')).toHaveValue('');
  await expect(page.locator('#connection-apiBaseUrl-help')).toContainText(tenant.apiBaseUrl);
  expect(await extension.runtimeErrors()).toEqual([]);
});

/** What leads to each mistake; every one is said in the test and in the popup. */
const MISTAKES: Record<DiscoveryMistake, { fault: FaultSpec | 'plainText' } | { notHere: string }> = {
  hostRefused: { fault: { kind: 'configurationFields', patch: { api_endpoint: `https://${FOREIGN}` } } },
  unknownTenant: { fault: { kind: 'configurationStatus' } },
  uiHost: { fault: { kind: 'configurationStatus', html: true } },
  wrongShape: { fault: { kind: 'configurationFields', patch: { api_endpoint: '__delete__' } } },
  notJson: { fault: 'plainText' },
  unreachable: { fault: { kind: 'configurationStatus', status: 503 } },
  wrongArea: { notHere: 'an address on loopback is that of no area' },
};

test('each failure of discovery names the step and the likely mistake; a host that is not CXone’s never sees a token', async ({
  extension,
  tenant,
}) => {
  const asked: string[] = [];
  extension.context.on('request', (request) => void asked.push(request.url()));
  let plainText = false;
  await extension.context.route(`${tenant.issuer}/.well-known/cxone-configuration**`, (route) =>
    plainText ? route.fulfill({ status: 200, contentType: 'text/plain', body: 'It works!' }) : route.fallback(),
  );
  const page = await connect(extension, tenant);
  for (const [fault, line] of [
    [{ kind: 'discoveryStatus' }, 'failed test_discoveryNotFound'],
    [{ kind: 'discoveryHtml' }, 'failed test_discoveryNotJson'],
  ] as const) {
    await control(tenant, '/faults', fault);
    expect((await testLines(extension, page)).discovery).toBe(line);
    await control(tenant, '/faults', undefined, 'DELETE');
  }

  await control(tenant, '/faults', { kind: 'configurationStatus' });
  const shown = await extension.openPopup();
  await signIn(extension, () => popup.signIn(shown).click());
  for (const mistake of DISCOVERY_MISTAKES) {
    const row = MISTAKES[mistake];
    if ('notHere' in row) continue;
    await test.step(mistake, async () => {
      await control(tenant, '/faults', undefined, 'DELETE');
      plainText = row.fault === 'plainText';
      if (row.fault !== 'plainText') await control(tenant, '/faults', row.fault);
      await longAgo(extension);
      await expectMistake(extension, page, shown, mistake);
    });
  }
  expect(
    tenant.log.since(0).filter(({ authorization }) => authorization),
    'no token was sent anywhere',
  ).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((url) => url.includes(FOREIGN))).toEqual([]);

  // Put right at CXone: found at the next poll, without another sign-in.
  plainText = false;
  await control(tenant, '/faults', undefined, 'DELETE');
  await longAgo(extension);
  await extension.ringAlarm('poll');
  await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);
  expect(tenant.log.counts.interactiveLogins).toBe(1);
});

async function expectMistake(extension: Extension, page: Page, shown: Page, mistake: DiscoveryMistake): Promise<void> {
  await extension.ringAlarm('poll');
  const { problem } = await extension.untilPublished(
    'view.glance',
    (view) => view.problem?.code === 'apiNotFound' && view.problem.params[0] === mistake,
  );
  if (mistake === 'hostRefused') expect(problem?.params[1]).toBe(FOREIGN);
  const said = wordsIn(`discovery_${mistake}` as MessageKey);
  await expect(shown.getByText(words('problem_apiNotFound_title'))).toBeVisible();
  await expect(shown.getByText(said).first()).toBeVisible();
  expect((await testLines(extension, page)).api).toBe('failed test_apiNotLocated');
  await expect(page.locator('.test-lines')).toContainText(said);
}

/** As if CXone had been asked where the API is more than a minute ago. */
async function longAgo(extension: Extension): Promise<void> {
  await extension.outside(async () => {
    for (const [key, found] of Object.entries(await chrome.storage.local.get()))
      if (key.endsWith('/discovered')) await chrome.storage.local.set({ [key]: { ...(found as object), atMs: 1 } });
  }, null);
}

test('the address of the pages for people in place of the API’s: the test says so', async ({ extension, tenant }) => {
  await control(tenant, '/scenario', { name: 'wrongHostOrVersion_uiHost' });
  const page = await connect(extension, tenant);
  await signInFromPopup(extension);
  await extension.untilPublished('view.heartbeat', ({ askedMs }) => askedMs > 0);
  expect((await testLines(extension, page)).api).toBe('failed test_apiWebPage');
});

test('signing out ends the session at CXone as well, and leaves nothing here', async ({ extension, tenant }) => {
  const canary = await Canary.watch(extension, tenant);
  await setUp(extension, tenant);
  expect(canary.kinds()).toEqual(['access_token', 'code', 'code_verifier', 'id_token', 'nonce', 'refresh_token', 'state']);
  expect(placesOf(await everythingKept(extension), canary.secrets('access_token'))).toEqual([
    expect.stringMatching(/^session\/.*\/access$/),
  ]);
  const page = await extension.openOptions();
  await page.getByRole('button', { name: words('options_signOut') }).click();
  await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedOut');
  await expect.poll(() => tenant.log.counts.signOuts).toBe(1);
  const goodbye = tenant.log.since(0).find(({ path }) => path === '/auth/authorize/logout');
  expect(goodbye?.query).toMatchObject({ id_token_hint: '(present)' });
  await expect.poll(async () => placesOf(await everythingKept(extension), canary.secrets())).toEqual([]);
  expect(placesOf(await everythingKept(extension), ['Dana Ortiz', 'Jonas Weber'])).toEqual([]);

  // Nobody is asked any more, and the next sign-in is a real one.
  const before = tenant.log.since(0).at(-1)?.seq ?? 0;
  await extension.ringAlarm('poll');
  expect(tenant.log.since(before).filter(({ host }) => host === 'api')).toEqual([]);
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', ({ total }) => total === 30);
  expect(tenant.log.counts.interactiveLogins).toBe(2);
  await poll(extension);
});
