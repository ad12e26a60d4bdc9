import type { AuditDraft } from '../../../src/domain/skills/audit.ts';

/** An entry of the log about a row. */
export const auditDraft = (row: number, more: Partial<AuditDraft> = {}): AuditDraft => ({
  at: '2026-01-01T00:00:00.000Z',
  actor: 'anna',
  tenant: 'org',
  batchId: 'b',
  row,
  userId: `u${row}`,
  skillId: 'billing',
  action: 'send',
  before: null,
  after: null,
  result: 'sent',
  status: 0,
  requestId: '',
  version: '1',
  ...more,
});
