/** Without a sign-in page: a service account, and a user's access key. No window opens, it polls, and the secret is nowhere to be read. */
import type { GrantType, Profile } from '../../src/domain/connection.ts';
import type { MessageKey } from '../../src/messages/words.ts';
import { Canary } from './support/canary.ts';
import { expect, test } from './support/fixtures.ts';
import { options, watchEveryone } from './support/flows.ts';
import { control, poll } from './support/polling.ts';
import { dropAccessToken, everythingKept, filesWith, placesOf } from './support/storage.ts';
import { words } from './support/words.ts';

interface Handed {
  service?: { clientId: string; clientSecret: string };
  accessKeys?: { account: string; accessKeyId: string; accessKeySecret: string }[];
}

interface Way {
  grant: GrantType;
  warning: MessageKey;
  kept: MessageKey;
  /** What the tenant hands over beforehand, as it is typed. */
  typed(handed: Handed): { clientId?: string; keyId?: string; secret: string };
}

const WAYS: Record<Profile, Way> = {
  v2: {
    grant: 'clientCredentials',
    warning: 'options_grantServiceWarning',
    kept: 'options_secretKept',
    typed: ({ service }) => ({ clientId: service?.clientId ?? '', secret: service?.clientSecret ?? '' }),
  },
  public: {
    grant: 'accessKey',
    warning: 'options_grantKeyWarning',
    kept: 'options_keyKept',
    typed: ({ accessKeys }) => {
      const key = accessKeys?.find(({ account }) => account === 'demo');
      return { keyId: key?.accessKeyId ?? '', secret: key?.accessKeySecret ?? '' };
    },
  },
};

for (const profile of ['v2', 'public'] as const)
  test.describe(profile, () => {
    test.use({ tenantOptions: { profile } });

    test(`${WAYS[profile].grant}: signed in without a window, polled and renewed; the secret is nowhere in the clear`, async ({
      extension,
      tenant,
    }) => {
      const { grant, warning, kept, typed } = WAYS[profile];
      const { clientId, keyId, secret } = typed(await control<Handed>(tenant, '/connection'));
      expect(secret.length).toBeGreaterThan(20);
      const canary = await Canary.watch(extension, tenant);
      canary.keep('secret', secret);

      const page = await extension.openOptions();
      await options.profile(page, profile).check();
      await options.grant(page, grant).check();
      await expect(page.getByText(words(warning))).toBeVisible();
      // An access key is taken at the host of the pages for people.
      const issuer = grant === 'accessKey' ? (tenant.uiBaseUrl ?? '') : tenant.issuer;
      await options.fill(page, { name: 'Demo tenant', issuer });
      if (profile === 'v2') await options.fill(page, { apiBaseUrl: tenant.apiBaseUrl });
      if (clientId !== undefined) await options.fill(page, { clientId });
      else await expect(options.field(page, 'clientId')).toHaveCount(0);
      const signIn = options.signInCard(page).getByRole('button', { name: words('options_signInButton') });
      await expect(signIn).toBeDisabled();
      if (keyId !== undefined) await page.locator('#secret-id').fill(keyId);
      await expect(page.locator('#secret-value')).toHaveAttribute('type', 'password');
      await page.locator('#secret-value').fill(secret);
      await page.getByRole('button', { name: words('options_secretKeep') }).click();
      await expect(page.getByText(words(kept))).toBeVisible();
      await expect(page.locator('#secret-value')).toHaveCount(0);

      const windows: string[] = [];
      extension.context.on('page', (opened) => void windows.push(opened.url()));
      await signIn.click();
      await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedIn');
      await extension.untilPublished('view.glance', ({ total, problem }) => total === 30 && problem === null);
      expect(windows).toEqual([]);
      expect(tenant.log.counts).toMatchObject({ interactiveLogins: 0, codeExchanges: 0 });
      await watchEveryone(extension);

      // A new token when the old one ends, again without anybody.
      const grants = () => tenant.log.counts.clientCredentials + tenant.log.counts.accessKeyGrants + tenant.log.counts.refreshes;
      const before = grants();
      await dropAccessToken(extension);
      await poll(extension);
      await expect.poll(grants).toBeGreaterThan(before);
      await extension.untilPublished('view.glance', ({ total, problem, stale }) => total === 30 && problem === null && !stale);

      await page.getByRole('button', { name: words('options_logShow') }).click();
      const log = (await page.locator('.log pre').textContent()) ?? '';
      expect(log).toContain('signed-in');
      expect(canary.secrets('secret').filter((piece) => log.includes(piece))).toEqual([]);
      expect(placesOf(await everythingKept(extension), canary.secrets('secret'))).toEqual([]);
      expect(filesWith(extension.profileDir, canary.secrets('secret'))).toEqual([]);
      expect(canary.leaks()).toEqual([]);
      expect(tenant.log.since(0).filter(({ path, query }) => JSON.stringify([path, query]).includes(secret))).toEqual([]);

      // Forgotten with the sign-out: nobody gets in again without typing it anew.
      await page.getByRole('button', { name: words('options_secretForget') }).click();
      await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedOut');
      await expect(page.locator('#secret-value')).toBeVisible();
      await expect(signIn).toBeDisabled();
      expect(placesOf(await everythingKept(extension), canary.secrets())).toEqual([]);
      expect(await extension.runtimeErrors()).toEqual([]);
    });
  });
