/** What the test tools counted, read from their JSON reports. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './steps.mjs';

/** Long enough for a property's seed and counterexample, short enough for the end of a log. */
const MOST_LINES = 14;

const briefly = (message = '') => stripVTControlCharacters(message).split('\n').slice(0, MOST_LINES).join('\n');

/**
 * How many tests passed and failed, and which; a stage that ended badly has failed once at least.
 * @typedef {{name: string, message: string}} Failure
 * @typedef {{passed: number, failed: number, skipped?: number, failures: Failure[]}} Counts
 * @param {string} file the report; a relative path is from the root of the project
 * @param {(report: any) => Counts} read
 * @param {boolean} ok how the tool itself ended
 * @returns {Counts}
 */
function counted(file, read, ok) {
  let counts;
  try {
    counts = read(JSON.parse(readFileSync(resolve(ROOT, file), 'utf8')));
  } catch {
    return { passed: 0, failed: 1, failures: [{ name: file, message: 'no report was written' }] };
  }
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed) };
}

/** Of `vitest --reporter=json`; a file that could not be loaded counts as one failure. */
export const vitestCounts = (file, ok) =>
  counted(
    file,
    ({ numPassedTests, testResults }) => {
      const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
        const failed = assertionResults.filter((test) => test.status === 'failed');
        const path = relative(ROOT, name);
        if (status === 'failed' && failed.length === 0) return [{ name: path, message: briefly(message) }];
        return failed.map((test) => ({ name: `${path} › ${test.fullName}`, message: briefly(test.failureMessages[0]) }));
      });
      return { passed: numPassedTests, failed: failures.length, failures };
    },
    ok,
  );

/** Of Playwright's JSON reporter; a test that passed at a second try counts as failed. */
export const playwrightCounts = (file, ok) =>
  counted(
    file,
    ({ stats, suites }) => {
      const failures = [];
      const walk = (suite, path) => {
        for (const inner of suite.suites ?? []) walk(inner, [...path, inner.title]);
        for (const spec of suite.specs ?? []) {
          for (const test of spec.tests) {
            if (test.status !== 'unexpected' && test.status !== 'flaky') continue;
            const message = test.results.find((result) => result.error)?.error.message;
            failures.push({ name: [...path, spec.title].join(' › '), message: briefly(message) });
          }
        }
      };
      for (const suite of suites) walk(suite, [suite.title]);
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped, failures };
    },
    ok,
  );
