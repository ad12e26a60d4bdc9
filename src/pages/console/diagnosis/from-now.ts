import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { DiagnosisRun, RunStatus } from '../../../domain/diagnosis/run.ts';
import { now } from '../../parts/clock.ts';
import { statusNow } from './runs.ts';

/** Something that hangs on the time: drawn anew when it changes, not each second. `inputs`: what else `of` reads. */
export function useFromNow<T>(of: (nowMs: number) => T, inputs: readonly unknown[]): T {
  return useMemo(() => computed(() => of(now.value)), [...inputs]).value;
}

export function useStatus(run: DiagnosisRun): RunStatus {
  return useFromNow((nowMs) => statusNow(run, nowMs), [run]);
}
