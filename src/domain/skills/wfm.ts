/** What workforce management gets of a batch: seed 003's columns, and only what the tenant is known to have. */
import { type CsvCell, csvText } from '../csv.ts';
import type { BatchRow } from './batch.ts';

export interface WfmRow {
  userId: string;
  skillId: string;
  level: number;
  /** ISO 8601 in UTC; '' = no bound. */
  availableFrom: string;
  availableTo: string;
  exportTimestamp: string;
}

const COLUMNS = ['userId', 'skillId', 'level', 'availableFrom', 'availableTo', 'exportTimestamp'] as const;

/**
 * Verified rows, without those that took a skill away or switched it off: the columns have no room to say so, and a plan would count on it.
 * @param exportedMs epoch ms
 */
export function wfmRows(rows: readonly BatchRow[], exportedMs: number): WfmRow[] {
  const exportTimestamp = `${new Date(exportedMs).toISOString().slice(0, -5)}Z`;
  return rows.flatMap(({ state, userId, skillId, wish }) =>
    state === 'verified' && wish?.active
      ? [
          {
            userId,
            skillId,
            level: wish.level,
            availableFrom: wish.availableFromAt,
            availableTo: wish.availableToAt,
            exportTimestamp,
          },
        ]
      : [],
  );
}

/** The same as a file. Ids and dates stay as they are, so that an import finds them. @param exportedMs epoch ms */
export function wfmCsv(rows: readonly BatchRow[], exportedMs: number): string {
  return csvText(
    COLUMNS,
    wfmRows(rows, exportedMs).map((row) => COLUMNS.map((column): CsvCell => ({ plain: String(row[column]) }))),
  );
}
