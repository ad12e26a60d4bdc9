/** The whole log for a file: it is read the newest first, in pages, while it may grow at one end and be pruned at the other. */
import type { AuditEntry, AuditHead } from '../../../../domain/skills/audit.ts';

interface Answer {
  entries: AuditEntry[];
  total: number;
  head: AuditHead;
}
export type ReadAudit = (offset: number, limit: number) => Promise<Answer>;

export interface Collected {
  /** The oldest first, without a gap up to the head. */
  entries: AuditEntry[];
  head: AuditHead;
}

const PAGE = 2000;

/**
 * The log as it was when it was first asked for, less what retention let go of meanwhile.
 * @param progress hears how many entries have come, of how many
 * @throws when `signal` is aborted
 */
export async function collectAudit(
  read: ReadAudit,
  progress: (count: number, total: number) => void,
  signal: AbortSignal,
): Promise<Collected> {
  const first = await read(0, PAGE);
  signal.throwIfAborted();
  const found = new Map<number, AuditEntry>();
  let { head } = first;
  let offset = 0;
  for (let answer = first; ; ) {
    // What comes later is not of this file.
    for (const entry of answer.entries) if (entry.seq <= head.seq) found.set(entry.seq, entry);
    head = { ...head, prunedSeq: answer.head.prunedSeq, prunedHash: answer.head.prunedHash };
    progress(found.size, head.seq - head.prunedSeq);
    offset += answer.entries.length;
    if (answer.entries.length === 0 || offset >= answer.total) break;
    answer = await read(offset, PAGE);
    signal.throwIfAborted();
  }
  const { prunedSeq } = head;
  const entries = [...found.values()].filter(({ seq }) => seq > prunedSeq).sort((a, b) => a.seq - b.seq);
  return { entries, head };
}
