import type { TestRun } from '../../../messages/published.ts';

/** A test that says nothing for this long has died with its worker; its slowest step waits 20 s for an answer. */
const STALLED_MS = 45_000;

export interface TestSummary {
  kind: 'running' | 'stalled' | 'passed' | 'failed';
  passed: number;
  of: number;
}

/** Which steps there are the worker says: they hang on the profile. `heardMs`: when the run last changed. */
export function summary(run: TestRun, heardMs: number, nowMs: number): TestSummary {
  const passed = run.lines.filter((line) => line.result === 'ok').length;
  const counts = { passed, of: run.lines.length };
  if (run.running) return { kind: nowMs - heardMs > STALLED_MS ? 'stalled' : 'running', ...counts };
  return { kind: passed === run.lines.length ? 'passed' : 'failed', ...counts };
}

/** What one button beside the result would do: the first thing that is in the way. */
export function remedy(run: TestRun): 'allowHosts' | 'signIn' | null {
  if (run.running) return null;
  const failed = new Set(run.lines.filter((line) => line.result !== 'ok').map((line) => line.key));
  if (failed.has('test_hostsMissing')) return 'allowHosts';
  if (['test_signInNeeded', 'test_signInFailed', 'test_scopesMissing', 'test_statesUnauthorized'].some((key) => failed.has(key)))
    return 'signIn';
  return null;
}

export function tookText(ms: number): { key: 'test_tookMs' | 'test_tookS'; value: string } {
  return ms < 1000 ? { key: 'test_tookMs', value: String(Math.round(ms)) } : { key: 'test_tookS', value: (ms / 1000).toFixed(1) };
}
