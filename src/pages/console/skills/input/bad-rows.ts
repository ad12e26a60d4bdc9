/** Rows that are not right yet, to be corrected elsewhere: the file can come back as it is. */
import { csvText } from '../../../../domain/csv.ts';
import type { CheckedRow, RowIssue } from '../../../../domain/skills/check-rows.ts';
import type { Column } from '../../../../domain/skills/columns.ts';

/** Ids, numbers and dates: not to be taken for a formula, and not to be changed where they are what they should be. */
export function badRowsCsv(
  rows: readonly CheckedRow[],
  columns: readonly Column[],
  words: (issues: readonly RowIssue[]) => string,
): string {
  const lines = rows.map(({ line, raw, problems }) => [
    ...columns.map((column) => ({ plain: raw.cells[column] })),
    { plain: String(line) },
    words(problems),
  ]);
  return csvText([...columns, 'line', 'problem'], lines);
}
