import { toField } from './local-time.ts';

/** Sorts by time, says what it is, and names nobody: `agent-watch-history-2026-03-02-0941.csv`, by the end of the range in local time. */
export function fileName(toMs: number, ending: 'csv' | 'png'): string {
  return `agent-watch-history-${toField(toMs).replace('T', '-').replace(':', '')}.${ending}`;
}
