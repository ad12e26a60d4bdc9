/** Chrome's own question for access to hosts, which nobody can press in headless mode. */
import type { Page } from '@playwright/test';
import type { Extension } from './extension.ts';
import { LOOPBACK } from './launch.ts';

/** The popup, in which the question is answered with "Allow". `asked`: the patterns of each question. */
export async function openPopupWithPrompt(extension: Extension): Promise<{ page: Page; asked: string[][] }> {
  const asked: string[][] = [];
  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 360, height: 600 });
  await page.exposeFunction('__allow', async (origins: string[]) => {
    asked.push(origins);
    await extension.grant(LOOPBACK);
  });
  await page.addInitScript(() => {
    type Asked = { origins: string[] };
    type Globals = Record<string, { permissions?: { request(asked: Asked): Promise<boolean> } } | undefined>;
    const globals = globalThis as unknown as Globals & { __allow(origins: string[]): Promise<void> };
    // Two names, and in newer versions one thing.
    for (const permissions of new Set([globals.chrome?.permissions, globals.browser?.permissions])) {
      if (!permissions) continue;
      const request = permissions.request.bind(permissions);
      // What was agreed to beforehand Chrome gives without a question, but only to whom asks.
      permissions.request = (question) => globals.__allow(question.origins).then(() => request(question));
    }
  });
  await page.goto(`${extension.origin}/src/pages/popup/index.html`);
  return { page, asked };
}
