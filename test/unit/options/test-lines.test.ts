import { describe, expect, it } from 'vitest';
import { TEST_STEPS, type TestLine, type TestRun } from '../../../src/messages/published.ts';
import { remedy, summary, tookText } from '../../../src/pages/options/logic/test-lines.ts';

const line = (step: TestLine['step'], result: TestLine['result'], key = 'test_x'): TestLine => ({
  step,
  result,
  key,
  params: [],
  tookMs: 5,
});
const run = (running: boolean, ...lines: TestLine[]): TestRun => ({ connectionId: 'c', startedMs: 0, running, lines });

describe('summary', () => {
  it.each([
    [run(true, line('hosts', 'ok'), line('api', 'waiting')), 1000, { kind: 'running', passed: 1, of: 2 }],
    [run(true, line('hosts', 'ok')), 46_000, { kind: 'stalled', passed: 1, of: 1 }],
    [run(false, line('hosts', 'ok'), line('discovery', 'failed')), 99_000, { kind: 'failed', passed: 1, of: 2 }],
    [
      run(false, ...TEST_STEPS.map((step) => line(step, 'ok'))),
      0,
      { kind: 'passed', passed: TEST_STEPS.length, of: TEST_STEPS.length },
    ],
  ])('%#', (given, nowMs, expected) => {
    expect(summary(given, 0, nowMs)).toEqual(expected);
  });
});

describe('remedy', () => {
  it.each([
    [run(false, line('hosts', 'failed', 'test_hostsMissing')), 'allowHosts'],
    [run(false, line('signIn', 'waiting', 'test_signInNeeded')), 'signIn'],
    [run(false, line('scopes', 'failed', 'test_scopesMissing')), 'signIn'],
    [run(false, line('states', 'failed', 'test_statesForbidden')), null],
    [run(true, line('signIn', 'waiting', 'test_signInNeeded')), null],
  ])('%#', (given, expected) => {
    expect(remedy(given)).toBe(expected);
  });
});

it('tookText', () => {
  expect(tookText(61.4)).toEqual({ key: 'test_tookMs', value: '61' });
  expect(tookText(15_600)).toEqual({ key: 'test_tookS', value: '15.6' });
});
