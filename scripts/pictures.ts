/** `npm run pictures`: the pictures of the README, made anew in `docs/pictures/`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { routeHash } from '../src/pages/parts/where.ts';
import { send, untilEnded } from '../test/e2e/support/diagnosis.ts';
import { Extension } from '../test/e2e/support/extension.ts';
import { popup, setUp } from '../test/e2e/support/flows.ts';
import { switchOn, untilLoad } from '../test/e2e/support/history.ts';
import { LOOPBACK, ROOT } from '../test/e2e/support/launch.ts';
import { shoot } from '../test/e2e/support/look.ts';
import { control, poll } from '../test/e2e/support/polling.ts';
import { startTenant } from '../test/tenant/tenant.ts';
import { shootSkills } from './lib/skills-pictures.ts';

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

  const room = await extension.openConsole();
  const verdict = async (name: string, agentIds: string[], height = 800) => {
    const { runId } = await send(room, 'diagnose', { agentIds });
    await untilEnded(extension, runId);
    await room.goto(`${extension.origin}/src/pages/console/index.html#${new URLSearchParams({ room: 'diagnosis', run: runId })}`);
    await room.getByRole('heading', { level: 2 }).first().waitFor();
    await shoot(room, pathOf(name), { ...TAB, height });
  };
  const people = tenant.sim.agents.map(({ person }) => person);
  const named = (from: number, to: number) => people.slice(from, to).map(({ name }) => name);
  tenant.faults.clear();
  // Not the first: what is known of her from a moment ago is not asked again.
  tenant.faults.arm({ kind: 'noSkillGroups', agentId: named(1, 6) });
  tenant.faults.arm({ kind: 'agentOtherOrganisation', agentId: named(6, 10) });
  tenant.faults.arm({ kind: 'agentUnknown', agentId: named(10, 13) });
  await poll(extension);
  await verdict(
    'diagnosis-many',
    people.slice(1, 13).map(({ id }) => id),
    900,
  );
  await verdict('diagnosis-id', [people[14]?.email ?? '']);

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
  await verdict(
    'diagnosis-scope',
    people.slice(0, 1).map(({ id }) => id),
  );

  // The sign-in that adds the scope also brings back what the renewal lost.
  tenant.faults.clear();
  await control(tenant, '/history', { agent: '*', records: 90, seed: 11 });
  const past = await extension.openConsole();
  await switchOn(extension, past);
  const history = async (name: string, [agent, ...agents]: string[], height: number) => {
    await past.goto(
      `${extension.origin}/src/pages/console/index.html${routeHash({ room: 'history', agent: agent ?? '', agents })}`,
    );
    await untilLoad(extension, ({ status, agentIds }) => status === 'done' && agentIds.length === 1 + agents.length);
    await past.locator('.stretches').waitFor();
    // Totals follow the lanes now and then.
    await past.waitForTimeout(600);
    await shoot(past, pathOf(name), { ...TAB, height });
  };
  await history('history-one', [people[0]?.id ?? ''], 860);
  await history(
    'history',
    people.slice(0, 8).map(({ id }) => id),
    1000,
  );
  await past.close();
  const row = popup.rows(glance).filter({ hasText: people[1]?.name ?? '' });
  await row.click();
  await glance.locator('.day').waitFor();
  await shoot(glance, pathOf('popup-day'), POPUP);
} finally {
  await extension.close();
  await tenant.close();
}
await shootSkills(pathOf, TAB.width);
console.log(`Pictures saved in ${FOLDER}`);
