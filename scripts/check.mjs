/**
 * `npm run check`: types, lint, imports, unused code, unit tests; two at a time, each shown whole when it ends.
 * The tests of the test tenant and nine tenths of the random ones are left to `npm test`: this is what one runs after every change.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vitestCounts } from './lib/reports.mjs';
import { bad, good, heading, ROOT, run, tool } from './lib/steps.mjs';

const UNIT_REPORT = '.cache/vitest.json';

/** Each entry: name and command; `report` where the tool counts its own tests. */
const CHECKS = [
  [
    'unit',
    (whole) => [
      ...tool('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`),
      ...(whole ? [] : ['--exclude', 'test/unit/tenant/**']),
    ],
  ],
  ['types', () => tool('typescript', '--noEmit')],
  ['lint', () => tool('@biomejs/biome', 'check', '--error-on-warnings', '.')],
  ['imports', () => tool('tsx', 'scripts/check-imports.ts')],
  ['unused', () => tool('knip')],
];

/** @returns {Promise<{name: string, passed: number, failed: number, seconds: number, failures?: import('./lib/reports.mjs').Failure[]}[]>} */
export async function check({ whole = false } = {}) {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  rmSync(join(ROOT, UNIT_REPORT), { force: true });
  const waiting = [...CHECKS];
  const results = [];
  const work = async () => {
    if (!whole) process.env.QUICK = '1';
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, command] = next;
      const { ok, output, seconds } = await run(command(whole), { quiet: true, minutes: 10 });
      heading(`${ok ? good('✓') : bad('✗')} ${name} (${seconds.toFixed(1)} s)`);
      if (output.trim()) console.log(output.trim());
      const counts = name === 'unit' ? vitestCounts(UNIT_REPORT, ok) : { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
      results.push({ name, seconds, ...counts });
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const failed = (await check()).filter((result) => result.failed > 0).map((result) => result.name);
  console.log(failed.length > 0 ? `\n${bad('✗')} failed: ${failed.join(', ')}` : `\n${good('✓')} all checks passed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
