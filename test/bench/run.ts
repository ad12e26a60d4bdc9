/** `npm run bench`: the numbers of DESIGN section 10, value and baseline in one run; a table and `results.json`. */
import { join } from 'node:path';
import { pollCpu } from './rows/poll-cpu.ts';
import { buildDemo } from './support/builds.ts';
import { Lab } from './support/lab.ts';
import { printTable, type Row, writeResults } from './support/report.ts';

const rows: Row[] = [];
const lab = await Lab.open(buildDemo(false));
try {
  rows.push(...(await pollCpu(lab, 30)));
  rows.push(...(await pollCpu(lab, 500)));
} finally {
  await lab.close();
}
printTable(rows);
writeResults(join(import.meta.dirname, 'results.json'), rows);
