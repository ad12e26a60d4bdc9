/** What is wrong with a row, in words. */
import type { RowIssue } from '../../../../domain/skills/check-rows.ts';
import type { Column } from '../../../../domain/skills/columns.ts';
import { type MessageKey, t, tCode } from '../../../../messages/words.ts';

const LABELS: Record<Column, MessageKey> = {
  userId: 'skills_column_userId',
  skillId: 'skills_column_skillId',
  level: 'skills_column_level',
  availableFrom: 'skills_column_availableFrom',
  availableTo: 'skills_column_availableTo',
  active: 'skills_column_active',
  action: 'skills_column_action',
};
export const columnLabel = (column: Column): string => t(LABELS[column]);

/** Beside the field it is about. */
export const issueText = ({ code, params }: RowIssue): string => tCode(`skills_issue_${code}`, params);

/** In a list: with the column it is about. */
export function issueLine(issue: RowIssue): string {
  const text = issueText(issue);
  return issue.column === null ? text : t('skills_in_issue', columnLabel(issue.column), text);
}
export const issueLines = (issues: readonly RowIssue[]): string => issues.map(issueLine).join(' ');
