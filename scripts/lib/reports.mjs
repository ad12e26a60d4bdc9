/** What the test tools counted, read from their JSON reports. */
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './steps.mjs';

/** Long enough for a property's seed and counterexample, short enough for the end of a log. */
const MOST_LINES = 14;
const MOST_CHARACTERS = 2_000;

const briefly = (message = '') =>
  stripVTControlCharacters(message).slice(0, MOST_CHARACTERS).split('\n').slice(0, MOST_LINES).join('\n');

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
  const path = resolve(ROOT, file);
  if (!existsSync(path)) return { passed: 0, failed: 1, failures: [{ name: file, message: 'no report was written' }] };
  let counts;
  try {
    counts = read(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    return { passed: 0, failed: 1, failures: [{ name: file, message: `this report cannot be read: ${error}` }] };
  }
  if (ok || counts.failed > 0) return counts;
  // Of what happens outside a test a report may tell nothing.
  return { ...counts, failed: 1, failures: [{ name: file, message: 'the tool ended badly: see its own output, above' }] };
}

/** Of `vitest --reporter=json`; a file that could not be loaded counts as one failure. */
export const vitestCounts = (file, ok) =>
  counted(
    file,
    ({ numPassedTests, testResults }) => {
      const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
        const failed = assertionResults.filter((test) => test.status === 'failed');
        const path = relative(ROOT, name);
        if (status === 'failed' && failed.length === 0)
          return [{ name: path, message: briefly(message) || 'what goes before or after its tests failed' }];
        return failed.map((test) => ({ name: `${path} › ${test.fullName}`, message: briefly(test.failureMessages[0]) }));
      });
      return { passed: numPassedTests, failed: failures.length, failures };
    },
    ok,
  );

/**
 * Of Playwright's JSON reporter. A test that passed at a second try counts as failed, and so does one that was to run and did not, which the
 * report calls skipped: time ran out, or what goes before it failed.
 */
export const playwrightCounts = (file, ok) =>
  counted(
    file,
    ({ stats, suites, errors = [] }) => {
      const failures = errors.map(({ message }) => ({ name: 'outside the tests', message: briefly(message) }));
      const notRun = [];
      const look = (name, { status, expectedStatus, results }) => {
        if (status === 'skipped' && expectedStatus !== 'skipped') notRun.push(name);
        if (status !== 'unexpected' && status !== 'flaky') return;
        const { errors: said = [] } = results.find((result) => result.errors?.length > 0) ?? {};
        failures.push({ name, message: briefly(said.map(({ message }) => message).join('\n')) });
      };
      const walk = (suite, path) => {
        for (const inner of suite.suites ?? []) walk(inner, [...path, inner.title]);
        for (const spec of suite.specs ?? []) for (const test of spec.tests) look([...path, spec.title].join(' › '), test);
      };
      for (const suite of suites) walk(suite, [suite.title]);
      const failed = failures.length + notRun.length;
      if (notRun.length > 0) failures.push({ name: `${notRun.length} did not run`, message: briefly(notRun.join('\n')) });
      return { passed: stats.expected, failed, skipped: stats.skipped - notRun.length, failures };
    },
    ok,
  );
