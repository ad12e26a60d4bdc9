/** One file sets up other computers: what is exported holds no secret and makes the same connection elsewhere; what is wrong in it is named. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { PROFILES } from '../../src/domain/connection.ts';
import { Canary } from './support/canary.ts';
import { expect, test } from './support/fixtures.ts';
import { connect, options, setUp, signInFromPopup } from './support/flows.ts';
import { placesOf } from './support/storage.ts';
import { words, wordsIn } from './support/words.ts';

async function exported(page: Page): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: words('options_exportButton') }).click();
  return readFileSync(await (await saving).path(), 'utf8');
}

for (const profile of PROFILES)
  test.describe(profile, () => {
    test.use({ tenantOptions: { profile } });

    test('exported without any secret, and imported into a fresh browser, where signing in is all that is left', async ({
      launch,
      tenant,
    }) => {
      const first = await launch();
      const canary = await Canary.watch(first, tenant);
      await setUp(first, tenant);
      const text = await exported(await first.openOptions());
      const names = tenant.sim.agents.map(({ person }) => person.name);
      expect(placesOf({ file: text }, [...canary.secrets(), ...names])).toEqual([]);
      const values = JSON.parse(text) as Record<string, unknown>;
      expect(values).toMatchObject({ profile, issuer: tenant.issuer, clientId: tenant.clientId, grants: ['authorizationCode'] });
      expect(values.watchedAgentIds).toHaveLength(30);
      // Found, and so not exported: another tenant's file would lead there.
      expect(values.apiBaseUrl).toBe(profile === 'public' ? undefined : tenant.apiBaseUrl);
      await first.close();

      const second = await launch();
      const page = await second.openOptions();
      const file = { name: 'settings.json', mimeType: 'application/json', buffer: Buffer.from(text) };
      await page.locator('#import-file').setInputFiles(file);
      await expect(page.locator('#import-result')).toContainText(wordsIn('options_importChanges'));
      await expect(page.locator('#import-result')).toContainText(tenant.clientId);
      await page.getByRole('button', { name: words('options_importApply') }).click();
      await second.untilPublished('view.glance', ({ connection, rows }) => connection !== null && rows.length === 30);
      await expect(options.field(page, 'issuer')).toHaveValue(tenant.issuer);
      await signInFromPopup(second);
      const { rows } = await second.untilPublished('view.glance', (view) => view.total === 30 && view.problem === null);
      expect(rows).toHaveLength(30);
      expect(await second.runtimeErrors()).toEqual([]);
    });
  });

test('what is wrong in a file is named with its key and the reason; the rest is taken over, a token never', async ({
  extension,
  tenant,
}) => {
  const page = await connect(extension, tenant);
  const result = page.locator('#import-result');
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJl';
  const given = { pollSeconds: 5, issuer: 'http://login.example.com', clientId: token, retentionDays: 14, pollsecond: 1 };
  await page.locator('#import-text').fill(JSON.stringify(given));
  const refused = (key: string) => result.locator('.refused li').filter({ has: page.locator('code', { hasText: key }) });
  await expect(refused('pollSeconds')).toContainText(wordsIn('options_must_whole'));
  await expect(refused('issuer')).toContainText(wordsIn('options_must_address'));
  await expect(refused('clientId')).toContainText(wordsIn('options_must_notSecret'));
  await expect(result.locator('.refused li')).toHaveCount(3);
  await expect(result).toContainText('pollsecond');
  await expect(result).not.toContainText(token);
  await page.getByRole('button', { name: words('options_importApply') }).click();
  await expect(page.locator('#retention-days')).toHaveValue('14');
  await expect(page.locator('#poll-seconds')).toHaveValue('30');
  await expect(options.field(page, 'issuer')).toHaveValue(tenant.issuer);
  await expect(options.field(page, 'clientId')).toHaveValue(tenant.clientId);

  await page.locator('#import-text').fill('{"pollSeconds": 60');
  await expect(result).toContainText(wordsIn('options_importNotJson'));
  await page.locator('#import-text').fill(token);
  await expect(result).toContainText(wordsIn('options_importIsToken'));
  await expect(page.getByRole('button', { name: words('options_importApply') })).toHaveCount(0);
});
