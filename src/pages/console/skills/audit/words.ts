/** What the audit log says, in words. */
import type { AuditAction, AuditEntry } from '../../../../domain/skills/audit.ts';
import { t, tCode } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { heldText } from '../batch/words.ts';
import type { Checked } from './state.ts';

export const actionLabel = (action: AuditAction): string => tCode(`skills_audit_action_${action}`);

/** The log's own word where there is no other: it is a record first. */
export const resultLabel = ({ result }: Pick<AuditEntry, 'result'>): string =>
  result === '' ? '' : tCode(`skills_audit_result_${result}`) || tCode(`skills_row_${result}`) || result;

/** What somebody had afterwards, as far as anybody knows. */
export const afterText = ({ after, result }: Pick<AuditEntry, 'after' | 'result'>): string =>
  after === null && result === 'notReadBack' ? t('skills_batch_notRead') : heldText(after);

/** What checking the chain found; never only that something is wrong. */
export function checkedText({ count, brokenSeq }: Checked): string {
  if (brokenSeq > 0) return t('skills_audit_broken', brokenSeq, formatCount(count));
  return count === 0 ? t('skills_audit_nothingToCheck') : t('skills_audit_whole', formatCount(count));
}
