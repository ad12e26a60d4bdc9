import { expect, type Page } from '@playwright/test';
import type { MessageKey } from '../../../src/messages/words.ts';
import type { Extension } from './extension.ts';
import { wordsIn } from './words.ts';

/** Runs the test of the options page to its end and returns what stands at each step. */
export async function testLines(extension: Extension, page: Page): Promise<Record<string, string>> {
  const before = (await extension.published('view.test'))?.startedMs ?? 0;
  await page.getByRole('button', { name: /^(Test connection|Test again|Save and test)$/ }).click();
  const { lines } = await extension.untilPublished('view.test', ({ running, startedMs }) => !running && startedMs > before);
  for (const { key } of lines) {
    const line = page.locator('.test-lines li').filter({ hasText: wordsIn(key as MessageKey) });
    await expect(line.first()).toBeVisible();
  }
  return Object.fromEntries(lines.map(({ step, result, key }) => [step, `${result} ${key}`]));
}
