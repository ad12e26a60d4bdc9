/** The part of `npm start` after everything is installed and built. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { Extension } from '../test/e2e/support/extension.ts';
import { connect, popup, signInFromPopup, watchEveryone } from '../test/e2e/support/flows.ts';
import { LOOPBACK } from '../test/e2e/support/launch.ts';
import { SCHEMES, shoot } from '../test/e2e/support/look.ts';
import { startTenant, type Tenant } from '../test/tenant/tenant.ts';

const AGENTS = 30;
const { values } = parseArgs({ options: { headless: { type: 'boolean', default: false }, shots: { type: 'string' } } });
const say = (text: string) => console.log(`› ${text}`);

let tenant: Tenant | undefined;
let extension: Extension | undefined;
let ending: Promise<void> | undefined;

async function tidyUp(): Promise<void> {
  await extension?.close();
  await tenant?.close();
}

/** Closing the browser ends this, and ending this closes the browser: whichever comes first, tidying up is done once and to its end. */
async function end(code: number): Promise<never> {
  ending ??= tidyUp().catch(() => undefined);
  await ending;
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));

async function demo(): Promise<void> {
  say(`Starting the test tenant: a busy day, ${AGENTS} agents`);
  tenant = await startTenant({ scenario: 'day', agents: AGENTS });
  say('Opening the browser with the extension in it');
  extension = await Extension.launch({ headless: values.headless, grant: [LOOPBACK], byHand: say });
  say('Options: filling in the connection, saving');
  const optionsPage = await connect(extension, tenant);
  say('Signing in as demo');
  await signInFromPopup(extension);
  await extension.untilPublished('view.glance', (glance) => glance.total > 0, 20_000);
  say(`Watching ${await watchEveryone(extension)} agents`);
  const consolePage = await extension.openConsole();
  await optionsPage.reload();
  if (values.shots) {
    say('Waiting for Dana Ortiz to go missing from CXone’s list, about 20 s after the start');
    await extension.untilPublished('view.glance', ({ rows }) => rows.some(({ flag }) => flag !== null), 60_000);
    await saveShots(extension, values.shots, { options: optionsPage, console: consolePage });
  }
  if (values.headless) return end(0);
  const { origin, context } = extension;
  await extension.leaveToUser();
  context.on('close', () => void end(0));
  console.log(`
Ready. Press the "Agent Watch" button in the toolbar (behind the puzzle piece, where it can be pinned).
  options   ${origin}/src/pages/options/index.html
  console   ${origin}/src/pages/console/index.html
  tenant    ${tenant.control}   (faults, states and clock: GET it for help)
Sign in again as demo, other or norole with any password. Ctrl+C or closing the browser ends it.`);
}

async function saveShots(from: Extension, folder: string, pages: { options: Page; console: Page }): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const pathOf = (name: string) => (scheme: string) => join(folder, `${name}-${scheme}.png`);
  const popupPage = await from.openPopup();
  await popup.rows(popupPage).first().waitFor();
  await shoot(popupPage, pathOf('popup'), { width: 360, height: 600 });
  await popupPage.close();
  for (const name of ['options', 'console'] as const) await shoot(pages[name], pathOf(name), { width: 1280, height: 800 });
  say(
    `Pictures saved in ${folder}: ${['popup', 'options', 'console'].flatMap((name) => SCHEMES.map((scheme) => `${name}-${scheme}.png`)).join(', ')}`,
  );
}

demo().catch(async (error: unknown) => {
  // What was under way when the user ended it is no news.
  if (!ending) console.error(`\n✗ ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}`);
  await end(1);
});
