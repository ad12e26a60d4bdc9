/** The audit log as the page shows it: what is asked for, where the chain stands, and what came of checking it. */
import { signal } from '@preact/signals';
import type { AuditEntry, AuditHead } from '../../../../domain/skills/audit.ts';
import { send } from '../../../../messages/send.ts';
import type { ReadPage } from '../listing/paged.ts';

/** Null until the first answer. */
export const head = signal<AuditHead | null>(null);

/** How a check ended, and up to where the log went then. `brokenSeq` as `verifyAudit` says it. */
export interface Checked {
  count: number;
  brokenSeq: number;
  atMs: number;
}
export const checked = signal<Checked | null>(null);

/** @param contains narrows, '' = all. @param batchId '' = of all batches */
export const auditOf =
  (contains: string, batchId: string): ReadPage<AuditEntry> =>
  async (offset, limit) => {
    const reply = await send('audit', { contains, ...(batchId && { batchId }), offset, limit });
    head.value = reply.head;
    return { rows: reply.entries, total: reply.total };
  };

export async function verify(): Promise<void> {
  const { count, brokenSeq } = await send('verifyAudit', {});
  checked.value = { count, brokenSeq, atMs: Date.now() };
}
