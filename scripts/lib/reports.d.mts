export type Failure = { name: string; message: string };
export type Counts = { passed: number; failed: number; skipped?: number; failures: Failure[] };
export function vitestCounts(file: string, ok: boolean): Counts;
export function playwrightCounts(file: string, ok: boolean): Counts;
