/** A measured row, the table of all, and `results.json` (DESIGN section 8). */
import { writeFileSync } from 'node:fs';

export interface Row {
  name: string;
  unit: 'ms' | 'KB' | '';
  value: number;
  /** What `value` is compared with, measured in the same run; null where the goal is a plain number. */
  baseline: number | null;
  /** Highest allowed: of the ratio where there is a baseline, else of the value. Null: for information only. */
  goal: number | null;
  /** The goal is one of the value although there is a baseline. */
  goalOf?: 'value';
  /** Spreads, and what else a reader must know. */
  note?: string;
}

interface Result {
  value: number;
  baseline: number | null;
  ratio: number | null;
  goal: number | null;
  holds: boolean | null;
}

function resultOf({ value, baseline, goal, goalOf }: Row): Result {
  const ratio = baseline === null ? null : value / baseline;
  return {
    value,
    baseline,
    ratio,
    goal,
    holds: goal === null ? null : (goalOf === 'value' || ratio === null ? value : ratio) <= goal,
  };
}

const shown = (value: number | null, digits: number) =>
  value === null ? '' : Number.isInteger(value) ? String(value) : value.toFixed(digits);

export function printTable(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\n${'what'.padEnd(width)}       value   baseline  ratio   goal`);
  for (const row of rows) {
    const { value, baseline, ratio, goal, holds } = resultOf(row);
    const verdict = holds === null ? '    ' : holds ? 'ok  ' : 'OVER';
    const cells = [shown(value, 1).padStart(8), row.unit.padEnd(2), shown(baseline, 1).padStart(8), shown(ratio, 2).padStart(6)];
    console.log(
      `${row.name.padEnd(width)} ${cells.join(' ')} ${shown(goal, 1).padStart(6)} ${verdict} ${row.note ?? ''}`.trimEnd(),
    );
  }
}

export function writeResults(path: string, rows: readonly Row[]): void {
  const results = Object.fromEntries(rows.map((row) => [row.name, resultOf(row)]));
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

export const allHold = (rows: readonly Row[]): boolean => rows.every((row) => resultOf(row).holds !== false);
