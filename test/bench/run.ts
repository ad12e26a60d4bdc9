/**
 * `npm run bench`: the numbers of DESIGN section 10, value and baseline in one run; a table and `results.json`.
 * Arguments: names of the rows to run, all without any. `--build DIR`: another demo build. Exits 1 when a goal is missed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { history } from './rows/history.ts';
import { pollCpu } from './rows/poll-cpu.ts';
import { popup } from './rows/popup.ts';
import { requests } from './rows/requests.ts';
import { sizes } from './rows/sizes.ts';
import { timeline } from './rows/timeline.ts';
import { wake } from './rows/wake.ts';
import { writes } from './rows/writes.ts';
import { buildDemo } from './support/builds.ts';
import { Lab } from './support/lab.ts';
import { allHold, printTable, type Row, writeResults } from './support/report.ts';

const MEASUREMENTS: Record<string, (lab: Lab) => Promise<Row[]>> = {
  requests,
  cpu: async (lab) => [...(await pollCpu(lab, 30)), ...(await pollCpu(lab, 500))],
  history,
  writes,
  popup: async (lab) => [await popup(lab, 30), await popup(lab, 500)],
  wake: async (lab) => [await wake(lab)],
  // Later than those the capability `history` might count in.
  timeline,
  sizes: async () => sizes(),
};

const { values, positionals } = parseArgs({ options: { build: { type: 'string' } }, allowPositionals: true });
for (const name of positionals)
  if (!(name in MEASUREMENTS)) throw new Error(`There is no "${name}": ${Object.keys(MEASUREMENTS).join(', ')}`);

const rows: Row[] = [];
const lab = await Lab.open(values.build ?? buildDemo());
try {
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    console.error(`› ${name}`);
    rows.push(...(await measure(lab)));
  }
} finally {
  await lab.close();
}
printTable(rows);
// A part of the rows must not pass for all of them.
if (positionals.length === 0) writeResults(join(import.meta.dirname, 'results.json'), rows);
if (!allHold(rows)) process.exitCode = 1;
