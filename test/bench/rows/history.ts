/**
 * A week of thirty agents, 300 changes a day: rows to records, segments and totals, against `JSON.parse` of the same pages. In a page of the
 * browser, where the console does it, by the sources as they are, minified as in the build.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type * as domain from '../../../src/domain/history/segments.ts';
import type * as sums from '../../../src/domain/history/totals.ts';
import { ROOT } from '../../e2e/support/launch.ts';
import { Random } from '../../tenant/random.ts';
import type { Lab } from '../support/lab.ts';
import type { Row } from '../support/report.ts';
import { median, spread } from '../support/stats.ts';

const AGENTS = 30;
const DAYS = 7;
const CHANGES_A_DAY = 300;
const PAGE = 1000;
const TURNS = 20;
const WARM_UP = 5;
const GOAL = 2;
const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 2, 2);
const STATES = ['READY', 'ON_CONTACT', 'WRAP_UP', 'NOT_READY'];
const REASONS = ['Break', 'Lunch', 'Coaching', 'Training'];

/** What is measured. The bundle puts it into the page under this name. */
const NAME = 'historyCode';
const MODULES = ['src/domain/history/segments.ts', 'src/domain/history/totals.ts', 'src/cxone/profiles/v2/history.ts'];
interface Measured {
  segmentsOf: typeof domain.segmentsOf;
  totalsOf: typeof sums.totalsOf;
  readRecord(row: unknown, agentId: string): { record: Parameters<typeof domain.segmentsOf>[0][number] | null };
}

interface Took {
  parse: number[];
  read: number[];
  make: number[];
}

export async function history(lab: Lab): Promise<Row[]> {
  const page = await lab.extension.context.newPage();
  try {
    await page.evaluate(await bundle());
    const { parse, read, make } = await measured(page);
    const rows = `${(AGENTS * DAYS * CHANGES_A_DAY).toLocaleString('en')} records`;
    const baseline = median(parse);
    const row = (name: string, values: number[], goal: number | null): Row => ({
      name: `history, ${rows}: ${name}`,
      unit: 'ms',
      value: median(values),
      baseline,
      goal,
      note: `${spread(values)} over ${spread(parse)}`,
    });
    return [row('to segments and totals', make, GOAL), row('rows read', read, null)];
  } finally {
    await page.close();
  }
}

/** Pages of each agent as profile v2 gives them (seed 001). */
function pagesOf(agentId: string, seed: number): string[] {
  const random = new Random(1, seed);
  const records: object[] = [];
  const usual = DAY_MS / CHANGES_A_DAY;
  let before = 0;
  for (let index = 0; index < DAYS * CHANGES_A_DAY; index++) {
    const state = STATES[(index + (random.chance(0.1) ? 1 : 0)) % STATES.length] ?? '';
    const atMs = FROM_MS + Math.round(index * usual + random.between(0, usual * 0.9));
    records.push({
      agentId,
      timestamp: new Date(atMs).toISOString(),
      state,
      ...(state === 'NOT_READY' ? { subState: random.pick(REASONS) } : {}),
      duration: before === 0 ? 60_000 : atMs - before,
    });
    before = atMs;
  }
  return Array.from({ length: Math.ceil(records.length / PAGE) }, (_each, index) =>
    JSON.stringify({ records: records.slice(index * PAGE, (index + 1) * PAGE), pageNumber: index + 1, pageSize: PAGE }),
  );
}

async function measured(page: Page): Promise<Took> {
  const agents = Array.from({ length: AGENTS }, (_each, index) => {
    const agentId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    return { agentId, pages: pagesOf(agentId, index) };
  });
  // tsx names inner functions by a helper that is not there inside the browser.
  await page.evaluate('globalThis.__name ??= (named) => named');
  return page.evaluate(
    async ([told, turns, warmUp, fromMs, toMs, name]) => {
      const { segmentsOf, totalsOf, readRecord } = (globalThis as unknown as Record<string, Measured>)[name] as Measured;
      const took: Took = { parse: [], read: [], make: [] };
      for (let turn = 0; turn < warmUp + turns; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const marks = [performance.now()];
        const parsed = told.map(({ pages }) => pages.map((text) => JSON.parse(text) as { records: unknown[] }));
        marks.push(performance.now());
        const records = parsed.map((pages, index) =>
          pages.flatMap((each) => each.records.flatMap((row) => readRecord(row, told[index]?.agentId ?? '').record ?? [])),
        );
        marks.push(performance.now());
        let count = 0;
        for (const each of records) {
          const { segments } = segmentsOf(each, { fromMs, toMs, nowMs: toMs });
          const totals = totalsOf(segments);
          if (totals.rangeMs !== toMs - fromMs) throw new Error('the totals do not add up');
          count += segments.length;
        }
        marks.push(performance.now());
        if (count < records.flat().length * 0.8) throw new Error(`only ${count} segments`);
        const [start = 0, afterParse = 0, afterRead = 0, end = 0] = marks;
        if (turn < warmUp) continue;
        took.parse.push(afterParse - start);
        took.read.push(afterRead - afterParse);
        took.make.push(end - afterRead);
      }
      return took;
    },
    [agents, TURNS, WARM_UP, FROM_MS, FROM_MS + DAYS * DAY_MS, NAME] as const,
  );
}

/** The modules as one script. */
async function bundle(): Promise<string> {
  const entry = 'virtual:history';
  const source = MODULES.map((path) => `export * from ${JSON.stringify(join(ROOT, path))};`).join('\n');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    // Vite takes an entry for a path and puts the root before it.
    plugins: [
      { name: 'entry', resolveId: (id) => (id.endsWith(entry) ? entry : null), load: (id) => (id === entry ? source : null) },
    ],
    build: { write: false, minify: true, lib: { entry, formats: ['iife'], name: NAME } },
  });
  const output = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []));
  const code = output.find((each) => each.type === 'chunk')?.code;
  if (code === undefined) throw new Error('nothing was bundled');
  return code;
}
