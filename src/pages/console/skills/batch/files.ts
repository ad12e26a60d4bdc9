/** What a batch gives to keep: refused rows to be put right, and written rows for workforce management. */
import { csvText } from '../../../../domain/csv.ts';
import type { Batch, BatchRow } from '../../../../domain/skills/batch.ts';
import { COLUMNS, type Column } from '../../../../domain/skills/columns.ts';
import { wfmCsv } from '../../../../domain/skills/wfm.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { download } from '../../../parts/download.ts';
import { say } from '../../../parts/notice.tsx';
import { allRows } from './state.ts';
import { whyText } from './words.ts';

const TYPE = 'text/csv;charset=utf-8';
/** Refused rows as a file: with the columns a batch is read from, so that it can be read again once it has been put right. */
export function refusedCsv(rows: readonly BatchRow[]): string {
  const lines = rows.map((row) => {
    const { userId, skillId, wish } = row;
    const cells: Record<Column, string> = {
      userId,
      skillId,
      level: wish ? String(wish.level) : '',
      availableFrom: wish?.availableFromAt ?? '',
      availableTo: wish?.availableToAt ?? '',
      active: wish && !wish.active ? 'false' : '',
      action: wish ? '' : 'remove',
    };
    return [
      ...COLUMNS.map((column) => ({ plain: cells[column] })),
      { plain: row.line > 0 ? String(row.line) : '' },
      whyText(row),
    ];
  });
  return csvText([...COLUMNS, 'line', 'problem'], lines);
}

/** Sorts by time, says what it is, and names nobody: `agent-watch-skills-refused-2026-03-02-0941.csv`, in UTC. */
export function fileName(what: string, atMs: number, ending: string): string {
  const at = new Date(atMs).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `agent-watch-skills-${what}-${at}.${ending}`;
}

export async function saveRefused({ id }: Batch): Promise<void> {
  const rows = await allRows(id, { diffs: ['refused'], states: [] });
  download(fileName('refused', Date.now(), 'csv'), new Blob([refusedCsv(rows)], { type: TYPE }));
  say(t('skills_batch_saved', formatCount(rows.length)));
}

/** All verified rows, for the WFM system. */
export async function saveWfm({ id }: Batch): Promise<void> {
  const rows = await allRows(id, { diffs: [], states: ['verified'] });
  const nowMs = Date.now();
  download(fileName('wfm', nowMs, 'csv'), new Blob([wfmCsv(rows, nowMs)], { type: TYPE }));
  say(t('skills_batch_saved', formatCount(rows.length)));
}
