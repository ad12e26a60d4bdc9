import type { AuditEntry } from '../../../../domain/skills/audit.ts';
import { t } from '../../../../messages/words.ts';
import { agentName, named, skillName } from '../batch/names.ts';
import { formatAt, heldText } from '../batch/words.ts';
import { type Fact, FactsPanel } from '../listing/facts-panel.tsx';
import { actionLabel, afterText, resultLabel } from './words.ts';

/** An entry in full: what the hash was taken over, and the hash. */
export function EntryDetails({ entry, close }: { entry: AuditEntry; close: () => void }) {
  const { seq, at, actor, tenant, batchId, row, userId, skillId, action, before, status, requestId, version, prev, hash } = entry;
  const ofRow = row >= 0;
  const facts: Fact[] = [
    [t('skills_audit_column_time'), at && `${formatAt(at)} (${at})`],
    [t('skills_audit_column_who'), actor],
    [t('skills_audit_tenant'), tenant],
    [t('skills_audit_batch'), batchId],
    ofRow && [t('skills_audit_row'), String(row + 1)],
    ofRow && [t('skills_batch_column_agent'), named(agentName(userId), userId)],
    ofRow && [t('skills_batch_column_skill'), named(skillName(skillId), skillId)],
    [t('skills_audit_column_action'), actionLabel(action)],
    ofRow && [t('skills_batch_column_before'), heldText(before)],
    ofRow && [t('skills_audit_after'), afterText(entry)],
    [t('skills_audit_column_result'), resultLabel(entry)],
    status > 0 && [t('skills_audit_column_status'), String(status)],
    requestId !== '' && [t('skills_batch_requestId'), requestId],
    [t('skills_audit_version'), version],
    [t('skills_audit_prev'), prev],
    [t('skills_audit_hash'), hash],
  ];
  return <FactsPanel title={t('skills_audit_seq', seq)} facts={facts} close={close} />;
}
