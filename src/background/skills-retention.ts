/** How long batches and the audit log stay. */
import type { ConnectionId } from '../domain/connection.ts';
import type { Settings } from '../domain/settings.ts';
import type { Batch } from '../domain/skills/batch.ts';
import { headOf, pruneAudit } from '../storage/audit-store.ts';
import { pruneBatches } from '../storage/batch-store.ts';
import { isUnderWay } from './batch-work.ts';
import { waitsForWfm } from './delivery.ts';

const DAY_MS = 24 * 3_600_000;

/** What has not been delivered yet stays, however old, and so does a batch that is not over. */
export async function pruneSkills(id: ConnectionId, { retentionDays, auditUrl, wfmUrl }: Settings): Promise<void> {
  const beforeMs = Date.now() - retentionDays * DAY_MS;
  const { deliveredSeq } = await headOf(id);
  await pruneAudit(id, beforeMs, auditUrl === '' ? Number.POSITIVE_INFINITY : deliveredSeq + 1);
  await pruneBatches(id, beforeMs, (batch) => isOpen(batch) || (wfmUrl !== '' && waitsForWfm(batch)));
}

/** At work; or nobody knows what became of a row; or the user has confirmed what is not written yet. */
function isOpen(batch: Batch): boolean {
  const { planned, sent } = batch.counts.states;
  return isUnderWay(batch) || sent > 0 || (batch.confirmed && batch.status !== 'cancelled' && planned > 0);
}
