/** The audit log as a file: with the head, so that what is handed over can be checked, and so that what is cut off later shows. */
import { type CsvCell, csvText } from '../csv.ts';
import type { Held } from './assignment.ts';
import type { AuditEntry, AuditHead } from './audit.ts';
import { canonicalJson } from './audit-chain.ts';

/**
 * One entry per line, the oldest first, in the very form its hash was taken over (with the hash in it). The last line is the head: `kind` "head", `seq`
 * and `hash` of the newest entry there is, `prunedSeq` and `prunedHash` where the chain begins.
 */
export function auditJsonLines(entries: readonly AuditEntry[], head: AuditHead): string {
  const { seq, hash, prunedSeq, prunedHash } = head;
  const lines: unknown[] = [...inOrder(entries), { kind: 'head', seq, hash, prunedSeq, prunedHash }];
  return lines.map((line) => `${canonicalJson(line)}\n`).join('');
}

const HELD = ['Level', 'AvailableFrom', 'AvailableTo', 'Active'];
const COLUMNS = [
  'seq',
  'at',
  'actor',
  'tenant',
  'batchId',
  'row',
  'action',
  'userId',
  'skillId',
  ...HELD.map((name) => `before${name}`),
  ...HELD.map((name) => `after${name}`),
  'result',
  'status',
  'requestId',
  'version',
  'prev',
  'hash',
];

/**
 * For a spreadsheet, the oldest first. The last line is the head: action "head", with the `seq` and `hash` of the newest entry there is, and as
 * `prev` the hash where the chain begins.
 */
export function auditCsv(entries: readonly AuditEntry[], head: AuditHead): string {
  const lines = inOrder(entries).map((entry): CsvCell[] => [
    plain(entry.seq),
    plain(entry.at),
    plain(entry.actor),
    plain(entry.tenant),
    plain(entry.batchId),
    plain(entry.row),
    plain(entry.action),
    plain(entry.userId),
    plain(entry.skillId),
    ...heldCells(entry.before),
    ...heldCells(entry.after),
    plain(entry.result),
    plain(entry.status),
    plain(entry.requestId),
    plain(entry.version),
    plain(entry.prev),
    plain(entry.hash),
  ]);
  const last: Readonly<Record<string, CsvCell>> = {
    seq: plain(head.seq),
    action: plain('head'),
    prev: plain(head.prunedHash),
    hash: plain(head.hash),
  };
  return csvText(COLUMNS, [...lines, COLUMNS.map((column) => last[column] ?? '')]);
}

const inOrder = (entries: readonly AuditEntry[]) => entries.toSorted((a, b) => a.seq - b.seq);
const plain = (value: string | number): CsvCell => ({ plain: String(value) });
const heldCells = (held: Held | null): CsvCell[] =>
  held
    ? [plain(held.level), plain(held.availableFromAt), plain(held.availableToAt), plain(String(held.active))]
    : HELD.map(() => '');
