/** What becomes of the tenant's own lists: reasons in the rule editor, teams on the wallboard. */
import { expect, type Page } from '@playwright/test';
import { control, poll } from './polling.ts';
import type { Stage } from './stage.ts';
import { words, wordsIn } from './words.ts';

const reasonsOf = (page: Page) =>
  page.locator('#rule-reasons-list option').evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));

/** A new rule, open in the options page. The worker has read the tenant's lists, and seen somebody at lunch. */
async function newRule({ extension, tenant }: Stage): Promise<Page> {
  await control(tenant, `/agents/${encodeURIComponent('Jonas Weber')}`, { state: 'NOT_READY', subState: 'Lunch' });
  await poll(extension);
  const page = await extension.openOptions();
  await page.getByRole('button', { name: words('rule_add') }).click();
  return page;
}

/** As typed and ended with Enter. */
async function giveReason(page: Page, reason: string): Promise<void> {
  await page.locator('#rule-reasons').fill(reason);
  await page.locator('#rule-reasons').press('Enter');
  await expect(page.locator('.rule-editor .chip').filter({ hasText: reason })).toBeVisible();
}

/** Chosen from the list, a reason is taken at once and no longer offered. */
export async function offersReasons(stage: Stage): Promise<void> {
  const page = await newRule(stage);
  await expect.poll(() => reasonsOf(page)).toContain('Lunch');
  await expect(page.locator('#rule-reasons-help')).toContainText(wordsIn('rule_reasonsHelpList'));
  // What Chrome does when a line of its own list is chosen.
  await page.locator('#rule-reasons').evaluate((field) => {
    (field as HTMLInputElement).value = 'Lunch';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
  });
  await expect(page.locator('.rule-editor .chip').filter({ hasText: 'Lunch' })).toBeVisible();
  await expect.poll(() => reasonsOf(page)).not.toContain('Lunch');
  await page.close();
}

export async function knowsReasons(stage: Stage): Promise<void> {
  const page = await newRule(stage);
  const editor = page.locator('.rule-editor');
  // Nobody is in a meeting, and nobody can be in a fire drill.
  await expect.poll(() => reasonsOf(page)).toContain('Meeting');
  expect(await reasonsOf(page)).not.toContain('Fire drill');
  await giveReason(page, 'lunch');
  await expect(editor).toContainText(wordsIn('rule_tenantLimit'));
  await page.getByRole('button', { name: 'Use 45 minutes' }).click();
  await expect(page.locator('#rule-minutes')).toHaveValue('45');
  await expect(editor).not.toContainText(wordsIn('rule_tenantLimit'));
  await giveReason(page, 'Lunhc');
  await expect(editor).toContainText('Your tenant has no reason called “Lunhc”.');
  await giveReason(page, 'Fire drill');
  await expect(editor).toContainText('“Fire drill” is switched off in CXone');
  await giveReason(page, 'Refused');
  await expect(editor).not.toContainText('“Refused”');
  await page.close();
}

export async function narrowsToTeam({ extension, tenant }: Stage): Promise<void> {
  const page = await extension.openConsole();
  // Nobody looks at the stage's pages, and a wallboard nobody looks at reads nothing.
  await page.evaluate(() => {
    Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => 'visible' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const choice = page.getByRole('combobox', { name: words('console_team') });
  const team = tenant.sim.agents[0]?.person.teamName ?? '';
  const inTeam = tenant.sim.agents.filter(({ person }) => person.teamName === team).length;
  await choice.selectOption(team);
  const status = page.locator('.filters [role=status]');
  await expect(status).toHaveText(`${inTeam} of ${tenant.sim.agents.length} agents`);
  await page.getByLabel(words('console_filter')).fill('nobody of this name');
  await expect(page.locator('.list')).toContainText(`Nobody of team “${team}”`);
  await page.getByRole('button', { name: words('console_showAll') }).click();
  await expect(choice).toHaveValue('');
  await expect(status).toHaveText(`${tenant.sim.agents.length} agents`);
  await page.close();
}
