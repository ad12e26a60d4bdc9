/** From the start of the navigation to the paint that shows rows, against a page of an empty extension. */
import type { BrowserContext } from '@playwright/test';
import type { Lab } from '../support/lab.ts';
import { onePoll } from '../support/probe.ts';
import type { Row } from '../support/report.ts';
import { median, spread } from '../support/stats.ts';

const OPENINGS = 25;
const WARM_UP = 3;
const GOAL = 1.5;
const SIZE = { width: 360, height: 600 };

interface Seen {
  rowsMs?: number;
  framesMs?: number;
}

export async function popup(lab: Lab, watched: number): Promise<Row> {
  const { extension, empty } = lab;
  await lab.watch(lab.agentIds(watched));
  await onePoll(extension);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let opening = 0; opening < WARM_UP + OPENINGS; opening++) {
    // As in life: a popup is opened long after the last poll, and its worker is dead.
    await extension.stopWorker();
    const paint = await paintOf(extension.context, `${extension.origin}/src/pages/popup/index.html`, '[data-row]');
    await extension.stopWorker();
    const plain = await paintOf(extension.context, `${empty.origin}/page.html`, 'p');
    if (opening < WARM_UP) continue;
    ours.push(paint);
    theirs.push(plain);
  }
  return {
    name: `popup to first useful paint, ${watched} watched of 10,000`,
    unit: 'ms',
    value: median(ours),
    baseline: median(theirs),
    goal: GOAL,
    note: `${spread(ours)} over ${spread(theirs)}`,
  };
}

/** ms until the first contentful paint, or, where `selector` came after it, until the frame that shows it. */
async function paintOf(context: BrowserContext, url: string, selector: string): Promise<number> {
  const page = await context.newPage();
  try {
    await page.setViewportSize(SIZE);
    await page.addInitScript((awaited) => {
      const seen = globalThis as unknown as Seen;
      const observer = new MutationObserver(() => {
        if (seen.rowsMs !== undefined || !document.querySelector(awaited)) return;
        seen.rowsMs = performance.now();
        observer.disconnect();
        requestAnimationFrame(() =>
          setTimeout(() => {
            seen.framesMs = performance.now();
          }),
        );
      });
      observer.observe(document, { childList: true, subtree: true });
    }, selector);
    await page.goto(url);
    const seen = await page.waitForFunction(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const { rowsMs, framesMs } = globalThis as unknown as Seen;
      return paint && rowsMs !== undefined && framesMs !== undefined ? [paint.startTime, rowsMs, framesMs] : null;
    });
    const [paintMs = 0, rowsMs = 0, framesMs = 0] = (await seen.jsonValue()) ?? [];
    return rowsMs <= paintMs ? paintMs : framesMs;
  } finally {
    await page.close();
  }
}
