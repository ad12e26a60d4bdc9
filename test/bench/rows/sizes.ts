/** gz sizes of the production build, by `npm run size`. */
import { spawnSync } from 'node:child_process';
import { ROOT } from '../../e2e/support/launch.ts';
import { ensureDist } from '../support/builds.ts';
import type { Row } from '../support/report.ts';

/** name, files, KB, budget, and the goal where it is another; as scripts/sizes.ts prints them. */
const LINE = /^(\w+) +\d+ +([\d.]+) +(\d+)(?: +\(goal (\d+)\))?/gm;

export function sizes(): Row[] {
  ensureDist();
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/sizes.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const lines = [...stdout.matchAll(LINE)];
  if (lines.length === 0) throw new Error(`scripts/sizes.ts said nothing to go by:\n${stdout}${stderr}`);
  return lines.map(([, name, size, budget, goal = budget]) => ({
    name: `gz size of ${name}`,
    unit: 'KB',
    value: Number(size),
    baseline: null,
    goal: Number(goal),
  }));
}
