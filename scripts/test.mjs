/**
 * `npm test`: everything, from a bare checkout. A failed stage does not hide the others; what failed is named at the end. Last line: `N passed, N failed`.
 * Arguments after `--` go to Playwright, to run a part of the end-to-end tests.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { ensureBrowser, ensurePackages } from './lib/prepare.mjs';
import { playwrightCounts } from './lib/reports.mjs';
import { bad, good, heading, orExplain, ROOT, run, tool } from './lib/steps.mjs';

const E2E_REPORT = '.cache/playwright.json';
const results = [];

async function stage(name, command, { count = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 }), ...options } = {}) {
  heading(name);
  const { ok, seconds } = await run(command(), options);
  const counts = count(ok);
  results.push({ name, seconds, ...counts });
  console.log(`${counts.failed > 0 ? bad('✗') : good('✓')} ${name} (${seconds.toFixed(1)} s)`);
  return ok;
}

async function everything() {
  heading('Getting ready');
  await ensurePackages();
  await ensureBrowser();
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  rmSync(join(ROOT, E2E_REPORT), { force: true });

  results.push(...(await check({ whole: true })));
  await stage('build', () => tool('vite', 'build'), { minutes: 2 });
  await stage('build:demo', () => tool('vite', 'build', '--mode', 'demo'), { minutes: 2 });
  await stage('manifest', () => tool('tsx', 'scripts/check-manifest.ts'), { minutes: 1 });
  await stage('sizes', () => tool('tsx', 'scripts/sizes.ts'), { minutes: 1 });
  await stage('e2e', () => tool('@playwright/test', 'test', ...process.argv.slice(2)), {
    minutes: 56,
    count: (ok) => playwrightCounts(E2E_REPORT, ok),
  });
  if (existsSync(join(ROOT, 'test/chaos/run.ts'))) {
    for (const [kind, kills] of [
      ['refresh', 100],
      ['poll', 100],
      ['sign-in', 100],
      ['batch', 100],
    ])
      await stage(`chaos ${kind}`, () => tool('tsx', 'test/chaos/run.ts', kind, '--kills', String(kills), '--seed', '1'), {
        minutes: 10,
      });
  }
}

const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0);

await orExplain(everything);
// Trouble before or between the stages is a failure of its own: the last line must not call it a success.
if (process.exitCode) results.push({ name: 'getting ready', passed: 0, failed: 1, seconds: 0 });
// Last, because a log is read from its end: who sees only that must still learn which test it was, and with which seed.
const failures = results.flatMap((result) => result.failures ?? []);
if (failures.length > 0) heading('Failed');
for (const { name, message } of failures.slice(0, 12)) console.log(`${bad('✗')} ${name}\n${message.replace(/^/gm, '    ')}`);
if (failures.length > 12) console.log(`  and ${failures.length - 12} more, above`);
heading('Summary');
for (const { name, passed, failed, skipped = 0, seconds } of results) {
  const counted = `${passed} passed${failed ? bad(`, ${failed} failed`) : ''}${skipped ? `, ${skipped} skipped` : ''}`;
  console.log(`  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s  ${counted}`);
}
process.exitCode = sum('failed') > 0 ? 1 : 0;
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
