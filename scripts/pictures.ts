/** `npm run pictures`: the pictures of the README, made anew in `docs/pictures/`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Extension } from '../test/e2e/support/extension.ts';
import { popup, setUp } from '../test/e2e/support/flows.ts';
import { LOOPBACK, ROOT } from '../test/e2e/support/launch.ts';
import { shoot } from '../test/e2e/support/look.ts';
import { poll } from '../test/e2e/support/polling.ts';
import { startTenant } from '../test/tenant/tenant.ts';

const FOLDER = join(ROOT, 'docs', 'pictures');
const POPUP = { width: 360, height: 600 };
const TAB = { width: 1280, height: 800 };
const pathOf = (name: string) => (scheme: string) => join(FOLDER, `${name}-${scheme}.png`);

mkdirSync(FOLDER, { recursive: true });
const tenant = await startTenant({ scenario: 'day', agents: 30 });
const extension = await Extension.launch({ grant: [LOOPBACK] });
try {
  await setUp(extension, tenant);
  const glance = await extension.openPopup();
  await extension.untilPublished('view.glance', ({ rows }) => rows.some(({ flag }) => flag !== null), 60_000);
  await popup.rows(glance).first().waitFor();
  await shoot(glance, pathOf('popup'), POPUP);

  const board = await extension.openConsole();
  await board.getByRole('row').nth(5).waitFor();
  await shoot(board, pathOf('console'), TAB);
  await board.close();

  const options = await extension.openOptions();
  await options.getByRole('button', { name: 'Test connection' }).click();
  await extension.untilPublished('view.test', ({ running }) => !running, 30_000);
  await options.evaluate(() => scrollTo(0, 0));
  await shoot(options, pathOf('options'), { width: 1280, height: 1700 });
  await options.close();

  tenant.faults.clear();
  tenant.faults.arm({ kind: 'scopeDroppedOnRefresh', nth: 2, scopes: ['view:interaction'] });
  for (const _ of [1, 2]) {
    await extension.outside(async () => {
      const keys = Object.keys(await chrome.storage.session.get()).filter((name) => name.endsWith('/access'));
      await chrome.storage.session.remove(keys);
    }, null);
    if (_ === 1) await poll(extension);
    else await extension.ringAlarm('poll');
  }
  await extension.untilPublished('view.glance', ({ problem }) => problem?.code === 'scopeLost');
  await shoot(glance, pathOf('popup-scope'), POPUP);
  console.log(`Pictures saved in ${FOLDER}`);
} finally {
  await extension.close();
  await tenant.close();
}
