/**
 * The timeline of a week of thirty agents, 300 changes a day, all of it kept: CPU time of the longest task while it opens and at each step along and into it,
 * with whatever follows from that (totals, table); against the task that paints as many empty rectangles as its lanes have.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { routeHash } from '../../../src/pages/parts/where.ts';
import { send } from '../../e2e/support/diagnosis.ts';
import { switchOn, untilLoad } from '../../e2e/support/history.ts';
import { control } from '../../e2e/support/polling.ts';
import { until } from '../../e2e/support/wait.ts';
import type { Lab } from '../support/lab.ts';
import type { Row } from '../support/report.ts';
import { median, spread } from '../support/stats.ts';
import { type Longest, longestTask } from '../support/trace.ts';

const AGENTS = 30;
const DAYS = 7;
const CHANGES = DAYS * 300;
const MINUTE_MS = 60_000;
const OPENINGS = 9;
const STEPS = 12;
const WARM_UP = 2;
/** A task that holds up the page longer is felt (https://web.dev/articles/long-tasks). */
const GOAL_MS = 50;
const LOAD_MS = 180_000;
/** Everything that follows from a step has been done by then. */
const REST_MS = 900;
const SIZE = { width: 1280, height: 900 };

/** Longest tasks, and how many rectangles stand for what was on screen then. */
interface Took {
  ours: Longest[];
  theirs: Longest[];
  rects: number;
}

export async function timeline(lab: Lab): Promise<Row[]> {
  const page = await lab.extension.openConsole();
  try {
    await page.setViewportSize(SIZE);
    const url = await loaded(lab, page);
    const row = (name: string, { ours, theirs, rects }: Took): Row => {
      const [cpu, beside] = [ours, theirs].map((tasks) => tasks.map(({ cpuMs }) => cpuMs)) as [number[], number[]];
      return {
        name: `timeline, ${(AGENTS * CHANGES).toLocaleString('en')} records: ${name}`,
        unit: 'ms',
        value: median(cpu),
        baseline: median(beside),
        goal: GOAL_MS,
        goalOf: 'value',
        note: `${spread(cpu)} over ${spread(beside)}; by the wall ${spread(ours.map(({ wallMs }) => wallMs))}; ${rects.toLocaleString('en')} rects`,
      };
    };
    return [
      row('longest task of opening', await opening(lab, page, url)),
      // Back where one was after every second step.
      // The first one is into it from the whole, and the last one ends there again.
      row('longest task of a zoom step', await stepping(lab, page, ['+', '+', '-', '-'])),
      row('longest task of a pan step', await panning(lab, page)),
    ];
  } finally {
    await page.close();
  }
}

/** Makes up a week, and has it loaded. @returns the address of the room with it */
async function loaded(lab: Lab, page: Page): Promise<string> {
  const { extension, tenant } = lab;
  const agentIds = lab.agentIds(AGENTS);
  for (const agent of agentIds) await control(tenant, '/history', { agent, records: CHANGES, seed: 11, hours: DAYS * 24 });
  await switchOn(extension, page);
  // As the address says it: to the minute.
  const toMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - DAYS * 24 * 60 * MINUTE_MS;
  await send(page, 'loadHistory', { agentIds, fromMs, toMs });
  const { agents } = await untilLoad(extension, ({ status }) => status === 'done', LOAD_MS);
  const records = agents.reduce((sum, each) => sum + each.records, 0);
  if (records < AGENTS * CHANGES * 0.99) throw new Error(`only ${records} records`);
  const [agent = null, ...others] = agentIds;
  return `${extension.origin}/src/pages/console/index.html${routeHash({ room: 'history', agent, agents: others, range: 'own', fromMs, toMs })}`;
}

async function opening({ browser }: Lab, page: Page, url: string): Promise<Took> {
  const took: Took = { ours: [], theirs: [], rects: 0 };
  for (let turn = 0; turn < WARM_UP + OPENINGS; turn++) {
    await page.goto('about:blank');
    const ours = await longestTask(browser, page, async () => {
      await page.goto(url);
      await until('all of it to be listed', async () => (await listed(page)) > AGENTS * CHANGES * 0.9);
      await sleep(REST_MS);
    });
    took.rects = await rectsOf(page);
    const theirs = await emptyRects(browser, page, took.rects);
    if (turn < WARM_UP) continue;
    took.ours.push(ours);
    took.theirs.push(theirs);
  }
  return took;
}

/** One key after the other, round and round. */
async function stepping({ browser }: Lab, page: Page, keys: readonly string[]): Promise<Took> {
  const took: Took = { ours: [], theirs: [], rects: 0 };
  await page.locator('.lane-plot').first().focus();
  for (let turn = 0; turn < WARM_UP + STEPS; turn++) {
    const before = await page.locator('.lane path').first().getAttribute('d');
    const ours = await longestTask(browser, page, async () => {
      await page.keyboard.press(keys[turn % keys.length] ?? '');
      await sleep(REST_MS);
    });
    if ((await page.locator('.lane path').first().getAttribute('d')) === before) throw new Error('nothing moved');
    took.rects = await rectsOf(page);
    const theirs = await emptyRects(browser, page, took.rects);
    if (turn < WARM_UP) continue;
    took.ours.push(ours);
    took.theirs.push(theirs);
  }
  return took;
}

async function panning(lab: Lab, page: Page): Promise<Took> {
  await page.locator('.lane-plot').first().focus();
  for (const key of ['0', '+', '+', '+']) await page.keyboard.press(key);
  await sleep(REST_MS);
  return stepping(lab, page, ['Shift+ArrowRight', 'Shift+ArrowLeft']);
}

/** How many stretches the table has, drawn or not. */
async function listed(page: Page): Promise<number> {
  const table = page.locator('.stretches');
  return (await table.count()) === 0 ? 0 : Number(await table.getAttribute('aria-rowcount'));
}

/** How many rectangles the lanes' paths are made of. */
function rectsOf(page: Page): Promise<number> {
  return page
    .locator('.lane path')
    .evaluateAll((paths) => paths.reduce((sum, path) => sum + (path.getAttribute('d') ?? '').split('M').length - 1, 0));
}

/** Paints so many, each an element, over the page. */
async function emptyRects(browser: Browser, page: Page, count: number): Promise<Longest> {
  return longestTask(browser, page, async () => {
    await page.evaluate((rects) => {
      const { body } = document;
      const svg = body.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
      svg.id = 'empty-rects';
      svg.setAttribute('width', '1000');
      svg.setAttribute('height', '800');
      svg.setAttribute('style', 'position: fixed; inset: 0');
      for (let index = 0; index < rects; index++) {
        const rect = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'rect'));
        rect.setAttribute('x', String(index % 1000));
        rect.setAttribute('y', String(Math.floor(index / 1000) * 20));
        rect.setAttribute('width', '1');
        rect.setAttribute('height', '16');
      }
    }, count);
    await sleep(REST_MS / 3);
    await page.evaluate(() => document.querySelector('#empty-rects')?.remove());
  });
}
