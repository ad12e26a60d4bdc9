/** What an administrator rolls out: it configures, it locks, it changes while running, and its absence at a start loosens nothing. */
import type { Page } from '@playwright/test';
import type { Extension } from './support/extension.ts';
import { expect, LOOPBACK, test } from './support/fixtures.ts';
import { options, popup, signIn } from './support/flows.ts';
import { canWritePolicy, removePolicy, withPolicy, writePolicy } from './support/policy.ts';
import { poll } from './support/polling.ts';
import { openPopupWithPrompt } from './support/prompt.ts';
import { until } from './support/wait.ts';
import { words, wordsIn } from './support/words.ts';

test.skip(!canWritePolicy, 'needs root on Linux');
test.afterEach(removePolicy);

const ID = 'lkpmcfmpfdgjhdidmfjfhciimkgibomi';
/** A running browser looks for policy every few seconds, and answers seconds late after its start. */
const PATIENCE = 30_000;

function connectionPolicy({ issuer, apiBaseUrl, clientId }: { issuer: string; apiBaseUrl: string; clientId: string }) {
  return { profile: 'v2', issuer, apiBaseUrl, apiPrefix: '/api/v2', clientId, scopes: ['view:agent', 'view:interaction'] };
}

const managed = (extension: Extension) => extension.outside(() => chrome.storage.managed.get(), null);

async function logLines(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: /^(Show log|Read again)$/ }).click();
  const log = page.locator('.log pre');
  await expect(log).toBeVisible();
  return ((await log.textContent()) ?? '').split('\n');
}

test('with every connection key by policy, signing in is the only click', async ({ launch, tenant }) => {
  await withPolicy(ID, { ...connectionPolicy(tenant), pollSeconds: 60, showNamesInNotifications: false }, async () => {
    // As on a computer it has just come to: no host has been allowed, and the click that signs in asks for them.
    const extension = await launch({ grant: [] });
    expect(extension.id).toBe(ID);
    await extension.untilPublished('view.glance', ({ connection }) => connection !== null, PATIENCE);
    const { page, asked } = await openPopupWithPrompt(extension);
    await expect(page.getByText(words('problem_signedOut_title'))).toBeVisible();
    await signIn(extension, () => popup.signIn(page).click());
    await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);
    expect(asked).toEqual([[`${tenant.issuer}/*`]]);
    await expect(popup.watchEveryone(page)).toBeVisible();

    const settings = await extension.openOptions();
    await expect(settings.getByText(words('options_someLocked'))).toBeVisible();
    for (const field of ['issuer', 'apiBaseUrl', 'apiPrefix', 'clientId']) {
      const input = settings.locator(`#connection-${field}`);
      await expect(input).toBeDisabled();
      await expect(settings.locator(`#connection-${field}-help`)).toContainText(wordsIn('options_locked'));
    }
    await expect(settings.locator('#connection-issuer')).toHaveValue(tenant.issuer);
    for (const radio of await settings.locator('input[name=vocabulary]').all()) await expect(radio).toBeDisabled();
    await expect(settings.locator('#poll-seconds')).toBeDisabled();
    await expect(settings.locator('#poll-seconds')).toHaveValue('60');
    await expect(settings.locator('#show-names')).toBeDisabled();
    await expect(settings.locator('#show-names')).not.toBeChecked();
    // What the organisation does not set stays the user's.
    await expect(settings.locator('#persist-session')).toBeEnabled();
    await expect(settings.locator('#connection-tenantId')).toBeEnabled();
    expect((await poll(extension)).outcome).toBe('unchanged');
    expect((await extension.alarms()).find(({ name }) => name === 'poll')?.periodInMinutes).toBe(1);
  });
});

test.describe('the documented API', () => {
  test.use({ tenantOptions: { profile: 'public' } });

  test('with issuer and client id by policy, signing in is the only click', async ({ launch, tenant }) => {
    const { issuer, clientId } = tenant;
    await withPolicy(ID, { profile: 'public', issuer, clientId, grants: ['authorizationCode'] }, async () => {
      const extension = await launch();
      await extension.untilPublished('view.glance', ({ connection }) => connection !== null, PATIENCE);
      const page = await extension.openPopup();
      await signIn(extension, () => popup.signIn(page).click());
      await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);
      await expect(popup.watchEveryone(page)).toBeVisible();

      const settings = await extension.openOptions();
      for (const radio of await settings.locator('input[name=profile]').all()) await expect(radio).toBeDisabled();
      await expect(options.profile(settings, 'public')).toBeChecked();
      for (const [field, value] of [
        ['issuer', issuer],
        ['clientId', clientId],
      ] as const) {
        await expect(options.field(settings, field)).toHaveValue(value);
        await expect(options.field(settings, field)).toBeDisabled();
      }
      await expect(options.grant(settings, 'accessKey')).toBeDisabled();
      // Found by itself, and nobody has to set it.
      await expect(settings.locator('#connection-apiBaseUrl-help')).toContainText(tenant.apiBaseUrl);
      await expect(settings.locator('#add-connection')).toBeDisabled();
    });
  });
});

test('a wrong value is left out and logged, the others count, and a change arrives while running', async ({ launch, tenant }) => {
  const wrong = { pollSeconds: 5, profile: 'v9', scopes: [] };
  await withPolicy(ID, { ...connectionPolicy(tenant), ...wrong, retentionDays: 'long' }, async () => {
    const extension = await launch();
    await extension.untilPublished('view.glance', ({ connection }) => connection !== null, PATIENCE);
    const settings = await extension.openOptions();
    await expect(settings.locator('#connection-clientId')).toBeDisabled();
    await expect(settings.locator('#poll-seconds')).toBeEnabled();
    await expect(settings.locator('#poll-seconds')).toHaveValue('30');
    await expect(settings.locator('#retention-days')).toBeEnabled();
    const refused = (await logLines(settings)).filter((line) => line.includes('policy-value-refused'));
    for (const field of Object.keys(wrong))
      expect(
        refused.some((line) => line.endsWith(`field=${field}`)),
        field,
      ).toBe(true);
    expect(refused.join('\n')).not.toContain('v9');

    writePolicy(ID, { ...connectionPolicy(tenant), pollSeconds: 120, watchedAgentIds: ['11', '12'] });
    const { rows } = await extension.untilPublished('view.glance', (view) => view.rows.length === 2, PATIENCE);
    expect(rows.map(({ agentId }) => agentId)).toEqual(['11', '12']);
    await settings.reload();
    await expect(settings.locator('#poll-seconds')).toBeDisabled();
    await expect(settings.locator('#poll-seconds')).toHaveValue('120');
    await expect(settings.locator('#find-agents')).toHaveCount(0);
  });
});

test('a policy that is not there any more when the browser starts stays in force', async ({ launch, tenant }) => {
  await withPolicy(ID, { ...connectionPolicy(tenant), persistSession: false }, async () => {
    const extension = await launch({ by: 'profile', grant: [LOOPBACK] });
    await extension.untilPublished('view.glance', ({ connection }) => connection !== null, PATIENCE);
    // Still there, but told seconds late by the browser: what was read last counts at once.
    await extension.restart();
    await expectLocked(extension, tenant.issuer);
    removePolicy();
    await extension.restart();
    // Until the browser has answered there is nothing to prove.
    await until('policy to be gone', async () => Object.keys(await managed(extension)).length === 0, PATIENCE);
    await extension.stopWorker();
    await expectLocked(extension, tenant.issuer);
  });
});

async function expectLocked(extension: Extension, issuer: string): Promise<void> {
  const settings = await extension.openOptions();
  await expect(settings.locator('#connection-issuer')).toHaveValue(issuer);
  await expect(settings.locator('#connection-issuer')).toBeDisabled();
  await expect(settings.locator('#persist-session')).toBeDisabled();
  await expect(settings.locator('#persist-session')).not.toBeChecked();
  await settings.close();
}
