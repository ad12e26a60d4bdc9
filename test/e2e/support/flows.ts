/** What a user does, page by page: the one place that knows the pages' controls. Shared by the tests and `npm start`. */
import type { Page } from '@playwright/test';
import type { ConnectionDraft, GrantType, Profile } from '../../../src/domain/connection.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Extension } from './extension.ts';
import { until } from './wait.ts';
import { words } from './words.ts';

/** Without a profile it is v2. */
type TenantAddress = Pick<Tenant, 'issuer' | 'apiBaseUrl' | 'clientId'> & Partial<Pick<Tenant, 'profile'>>;
type TextField =
  | 'name'
  | 'issuer'
  | 'apiBaseUrl'
  | 'clientId'
  | 'authorizationEndpoint'
  | 'tokenEndpoint'
  | 'apiPrefix'
  | 'tenantId';
export type ConnectionFields = Partial<Pick<ConnectionDraft, TextField>>;

export interface SignInAnswer {
  /** demo: a supervisor; other: of another organisation; norole: without the right. */
  account?: 'demo' | 'other' | 'norole';
  consent?: 'allow' | 'deny';
  password?: string;
}

// The options page

export const options = {
  field: (page: Page, name: TextField) => page.locator(`#connection-${name}`),
  save: (page: Page) => page.getByRole('button', { name: words('options_save') }),
  profile: (page: Page, profile: Profile) => page.locator(`#profile-${profile}`),
  grant: (page: Page, grant: GrantType) => page.locator(`#grant-${grant}`),
  /** The card that says where sign-in stands, with its buttons. */
  signInCard: (page: Page) => page.locator('.card').filter({ has: page.locator('.phase') }),

  async fill(page: Page, fields: ConnectionFields): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      const field = options.field(page, name as TextField);
      await field.evaluate((element) => element.closest('details')?.setAttribute('open', ''));
      await field.fill(value);
    }
  },
};

// The popup

export const popup = {
  signIn: (page: Page) => page.getByRole('button', { name: words('fix_signIn') }),
  watchEveryone: (page: Page) => page.getByRole('button', { name: words('popup_watchEveryone') }),
  rows: (page: Page) => page.locator('[data-row]'),
};

// Whole ways through

/**
 * A user who has never seen the extension: opens the options, fills the form, saves and lets Chrome reach the tenant. Of the documented API
 * nobody types where it is: CXone tells once somebody is signed in.
 */
export async function connect(extension: Extension, tenant: TenantAddress, fields: ConnectionFields = {}): Promise<Page> {
  const page = await extension.openOptions();
  const { issuer, apiBaseUrl, clientId, profile = 'v2' } = tenant;
  await options.profile(page, profile).check();
  await options.fill(page, { name: 'Demo tenant', issuer, ...(profile === 'v2' ? { apiBaseUrl } : {}), clientId, ...fields });
  await options.save(page).click();
  await extension.untilPublished('view.glance', (glance) => glance.connection !== null);
  return page;
}

/**
 * Presses `button` and answers whatever sign-in pages come up, until the worker says how it ended.
 * None may come up at all: with a session at the provider the window closes before it is seen.
 */
export async function signIn(extension: Extension, button: () => Promise<void>, answer: SignInAnswer = {}): Promise<void> {
  const before = (await extension.published('view.auth'))?.sinceMs;
  const windows: Page[] = [];
  const opened = (page: Page) => void windows.push(page);
  extension.context.on('page', opened);
  try {
    await button();
    await until(
      'the sign-in to end',
      async () => {
        for (const window of windows) await answerWindow(window, answer);
        const status = await extension.published('view.auth');
        // Before the click is dealt with, the phase is still the old one: only a phase that began afterwards counts.
        if (!status || status.sinceMs === before || status.phase === 'signingIn') return false;
        return status.phase === 'signedIn' || status.phase === 'scopeLost' || status.failure !== null;
      },
      20_000,
    );
  } finally {
    extension.context.off('page', opened);
  }
}

/** Does the next step in a window of the provider, if there is one to do. */
async function answerWindow(
  window: Page,
  { account = 'demo', consent = 'allow', password = 'demo' }: SignInAnswer,
): Promise<void> {
  if (window.isClosed() || !window.url().startsWith('http')) return;
  try {
    if (await window.locator('#login').isVisible()) {
      await window.fill('#login', account);
      await window.fill('#password', password);
      await window.click('#submit');
    }
    if (await window.locator(`#${consent}`).isVisible()) await window.click(`#${consent}`);
  } catch (error) {
    // The window closes itself the moment the provider redirects: what was being asked of it no longer matters.
    if (!window.isClosed()) throw error;
  }
}

/** Signs in from the popup, as a first-time user does. */
export async function signInFromPopup(extension: Extension, answer: SignInAnswer = {}): Promise<void> {
  const page = await extension.openPopup();
  await signIn(extension, () => popup.signIn(page).click(), answer);
  await page.close();
}

/** From the popup of somebody who is signed in and watches nobody yet. Returns how many are watched then. */
export async function watchEveryone(extension: Extension): Promise<number> {
  const page = await extension.openPopup();
  await popup.watchEveryone(page).click();
  const { rows } = await extension.untilPublished(
    'view.glance',
    (glance) => glance.rows.length > 0 && glance.rows.length === glance.total,
  );
  await page.close();
  return rows.length;
}

/** All of it: connected, signed in as `demo`, watching everyone. */
export async function setUp(extension: Extension, tenant: TenantAddress): Promise<void> {
  const page = await connect(extension, tenant);
  await page.close();
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', (glance) => glance.total > 0);
  await watchEveryone(extension);
}
