/**
 * `import { expect, test } from './support/fixtures.ts'`.
 * Every test gets a tenant of its own on a free port and opens as many browsers as it likes; all are closed and removed afterwards.
 */
import { test as base } from '@playwright/test';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { Extension } from './extension.ts';
import { type LaunchOptions, LOOPBACK } from './launch.ts';

export { expect } from '@playwright/test';
export { LOOPBACK } from './launch.ts';

interface Fixtures {
  /** `test.use({ tenantOptions: { scenario: 'day' } })` */
  tenantOptions: TenantOptions;
  tenant: Tenant;
  /** Opens a browser; hosts of the tenant are granted unless told otherwise (`grant: []`). */
  launch: (options?: LaunchOptions) => Promise<Extension>;
  /** One browser with everything at its default. */
  extension: Extension;
}

export const test = base.extend<Fixtures>({
  tenantOptions: [{}, { option: true }],

  tenant: async ({ tenantOptions }, use) => {
    const tenant = await startTenant({ frozen: true, ...tenantOptions });
    await use(tenant);
    await tenant.close();
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures that are wanted from this pattern.
  launch: async ({}, use) => {
    const open: Extension[] = [];
    await use(async (options = {}) => {
      const extension = await Extension.launch({ grant: [LOOPBACK], ...options });
      open.push(extension);
      return extension;
    });
    for (const extension of open) await extension.close();
  },

  extension: async ({ launch }, use) => use(await launch()),
});
