import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { playwrightCounts, vitestCounts } from '../../../scripts/lib/reports.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const report = (content: unknown) => {
  const file = join(folder, 'report.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const test = (fullName: string, ...failureMessages: string[]) => ({
  fullName,
  status: failureMessages.length > 0 ? 'failed' : 'passed',
  failureMessages,
});

it('names the unit tests that failed, and the files that could not be loaded', () => {
  const file = report({
    numPassedTests: 1,
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [test('one'), test('two', '\u001b[31mseed: 7\u001b[39m')] },
      { name: 'b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    ],
  });
  const { failures, ...counts } = vitestCounts(file, false);
  expect(counts).toEqual({ passed: 1, failed: 2 });
  expect(failures.map(({ name, message }) => [name.split('/').at(-1), message])).toEqual([
    ['a.test.ts › two', 'seed: 7'],
    ['b.test.ts', 'Cannot find module'],
  ]);
});

it('cuts a long message to what the end of a log can bear', () => {
  const file = report({
    numPassedTests: 0,
    testResults: [{ name: 'a', status: 'failed', assertionResults: [test('long', 'line\n'.repeat(500))] }],
  });
  expect(vitestCounts(file, false).failures[0]?.message.split('\n').length).toBeLessThan(20);
});

it('names the end-to-end tests that failed or passed only at a second try', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    tests: [{ status, results: message ? [{ error: { message } }, {}] : [{}] }],
  });
  const file = report({
    stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 2 },
    suites: [
      {
        title: 'watch.spec.ts',
        specs: [spec('fine', 'expected')],
        suites: [{ title: 'v2', specs: [spec('red', 'unexpected', 'not there'), spec('late', 'flaky', 'first try')] }],
      },
    ],
  });
  expect(playwrightCounts(file, false)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 2,
    failures: [
      { name: 'watch.spec.ts › v2 › red', message: 'not there' },
      { name: 'watch.spec.ts › v2 › late', message: 'first try' },
    ],
  });
});

it.each([vitestCounts, playwrightCounts])('calls a stage without a report, or one that ended badly, failed', (counts) => {
  expect(counts(join(folder, 'none.json'), true).failed).toBe(1);
  expect(counts(report('{"half'), true).failed).toBe(1);
  expect(
    counts(report({ numPassedTests: 3, testResults: [], stats: { expected: 3, unexpected: 0, flaky: 0 }, suites: [] }), false)
      .failed,
  ).toBe(1);
});
