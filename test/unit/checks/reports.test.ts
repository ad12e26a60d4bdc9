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

it('says of a file whose hook failed that it did', () => {
  const file = report({ numPassedTests: 0, testResults: [{ name: 'a', status: 'failed', message: '', assertionResults: [] }] });
  expect(vitestCounts(file, false).failures[0]?.message).not.toBe('');
});

it('cuts a long message to what the end of a log can bear', () => {
  const file = report({
    numPassedTests: 0,
    testResults: [{ name: 'a', status: 'failed', assertionResults: [test('long', 'line\n'.repeat(500))] }],
  });
  expect(vitestCounts(file, false).failures[0]?.message.split('\n').length).toBeLessThan(20);
  const wide = report({
    numPassedTests: 0,
    testResults: [{ name: 'a', status: 'failed', assertionResults: [test('wide', 'x'.repeat(100_000))] }],
  });
  expect(vitestCounts(wide, false).failures[0]?.message.length).toBeLessThan(3_000);
});

type Said = { status: string; expectedStatus?: string; messages?: string[] };
const spec = (title: string, { status, expectedStatus = 'passed', messages = [] }: Said) => ({
  title,
  tests: [{ status, expectedStatus, results: [{ errors: messages.map((message) => ({ message })) }] }],
});
const ofPlaywright = (skipped: number, specs: object[], errors: string[] = []) =>
  report({
    stats: { expected: 1, skipped },
    suites: [{ title: 'watch.spec.ts', specs: [spec('fine', { status: 'expected' })], suites: [{ title: 'v2', specs }] }],
    errors: errors.map((message) => ({ message })),
  });

it('names the end-to-end tests that failed or passed only at a second try, with all they say', () => {
  const file = ofPlaywright(2, [
    spec('red', { status: 'unexpected', messages: ['Test timeout', 'waiting for the popup'] }),
    spec('late', { status: 'flaky', messages: ['first try'] }),
    spec('not here', { status: 'skipped', expectedStatus: 'skipped' }),
  ]);
  expect(playwrightCounts(file, false)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 2,
    failures: [
      { name: 'watch.spec.ts › v2 › red', message: 'Test timeout\nwaiting for the popup' },
      { name: 'watch.spec.ts › v2 › late', message: 'first try' },
    ],
  });
});

it('counts what was to run and did not as failed, and names what went wrong outside the tests', () => {
  const file = ofPlaywright(
    3,
    [spec('cut off', { status: 'skipped' }), spec('not here', { status: 'skipped', expectedStatus: 'skipped' })],
    ['Timed out waiting 3300s for the test suite to run'],
  );
  expect(playwrightCounts(file, false)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 2,
    failures: [
      { name: 'outside the tests', message: 'Timed out waiting 3300s for the test suite to run' },
      { name: '1 did not run', message: 'watch.spec.ts › v2 › cut off' },
    ],
  });
});

it.each([vitestCounts, playwrightCounts])(
  'calls a stage without a report, or one that ended badly, failed, and says so',
  (counts) => {
    const fine = report({ numPassedTests: 3, testResults: [], stats: { expected: 3, skipped: 0 }, suites: [] });
    expect(counts(fine, true)).toMatchObject({ passed: 3, failed: 0, failures: [] });
    expect(counts(fine, false)).toMatchObject({
      passed: 3,
      failed: 1,
      failures: [{ message: expect.stringContaining('ended badly') }],
    });
    expect(counts(report('{"half'), true)).toMatchObject({
      failed: 1,
      failures: [{ message: expect.stringContaining('cannot be read') }],
    });
    expect(counts(join(folder, 'none.json'), true)).toMatchObject({
      failed: 1,
      failures: [{ message: 'no report was written' }],
    });
  },
);
