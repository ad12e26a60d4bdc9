/** From a page's message to a dead worker until its answer, against the worker of an empty extension. */
import type { Page } from '@playwright/test';
import type { Lab } from '../support/lab.ts';
import type { Row } from '../support/report.ts';
import { median, spread } from '../support/stats.ts';

const WAKES = 20;

export async function wake(lab: Lab): Promise<Row> {
  const { extension, empty } = lab;
  const ourPage = await extension.openOptions();
  const version = await ourPage.evaluate(() => chrome.runtime.getManifest().version);
  const emptyPage = await extension.context.newPage();
  await emptyPage.goto(`${empty.origin}/page.html`);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < WAKES; turn++) {
    await extension.stopWorker();
    ours.push(await answerMs(ourPage, { type: 'publish', version, request: {} }));
    await extension.stopWorker();
    theirs.push(await answerMs(emptyPage, {}));
  }
  await ourPage.close();
  await emptyPage.close();
  return {
    name: 'cold wake, message to answer',
    unit: 'ms',
    value: median(ours),
    baseline: median(theirs),
    goal: null,
    note: `${spread(ours)} over ${spread(theirs)}`,
  };
}

async function answerMs(page: Page, message: object): Promise<number> {
  const [ms, answer] = await page.evaluate(async (sent) => {
    const from = performance.now();
    const answered: unknown = await chrome.runtime.sendMessage(sent);
    return [performance.now() - from, answered] as const;
  }, message);
  if (!(answer as { ok?: boolean } | undefined)?.ok) throw new Error(`no answer: ${JSON.stringify(answer)}`);
  return ms;
}
