/** Rows, wishes and their like, made for tests. */
import { createHash } from 'node:crypto';
import type { Held, Wish } from '../../../../src/domain/skills/assignment.ts';
import type { AuditDraft } from '../../../../src/domain/skills/audit.ts';
import type { Batch, BatchRow } from '../../../../src/domain/skills/batch.ts';
import type { RawRow } from '../../../../src/domain/skills/check-rows.ts';
import { countRows } from '../../../../src/domain/skills/counts.ts';
import { emptyMetrics } from '../../../../src/domain/skills/metrics.ts';

export const sha256 = async (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

export const held = (level = 3, over: Partial<Held> = {}): Held => ({
  level,
  availableFromAt: '2026-01-15T08:00:00Z',
  availableToAt: '2026-01-15T17:00:00Z',
  active: true,
  ...over,
});

export const wish = (over: Partial<Wish> = {}): Wish => ({ userId: 'user-1', skillId: 'skill-1', held: held(), ...over });

export const raw = (line: number, over: Partial<RawRow['cells']> = {}): RawRow => ({
  line,
  cells: {
    userId: `user-${line}`,
    skillId: 'skill-1',
    level: '3',
    availableFrom: '2026-01-15T08:00:00Z',
    availableTo: '2026-01-15T17:00:00Z',
    active: '',
    action: '',
    ...over,
  },
});

export const row = (index: number, over: Partial<BatchRow> = {}): BatchRow => ({
  batchId: 'batch-1',
  index,
  line: index + 2,
  userId: `user-${index}`,
  skillId: 'skill-1',
  wish: held(),
  before: null,
  diff: 'new',
  refusals: [],
  suggestion: null,
  state: 'planned',
  attempts: 0,
  rounds: 0,
  cutOff: 0,
  sentMs: 0,
  theirs: null,
  problem: null,
  status: 0,
  detail: '',
  requestId: '',
  ...over,
});

export const T = Date.UTC(2026, 0, 15, 8);

export const batch = (rows: readonly BatchRow[], over: Partial<Batch> = {}): Batch => ({
  id: 'batch-1',
  name: 'A file',
  target: {
    connectionId: 'connection-1',
    profile: 'v2',
    issuer: 'https://issuer.example',
    apiBaseUrl: 'https://api.example',
    organisationId: 'organisation-1',
    actor: 'subject-1',
  },
  createdMs: T,
  updatedMs: T,
  status: 'ready',
  confirmed: false,
  pause: null,
  detail: '',
  notBeforeMs: 0,
  counts: countRows(rows),
  undoOf: '',
  ranMs: 0,
  metrics: emptyMetrics(),
  wfmSentMs: 0,
  ...over,
});

export const draft = (index: number, over: Partial<AuditDraft> = {}): AuditDraft => ({
  at: new Date(T + index * 1000).toISOString(),
  actor: 'subject-1',
  tenant: 'organisation-1',
  batchId: 'batch-1',
  row: index,
  userId: `user-${index}`,
  skillId: 'skill-1',
  action: 'send',
  before: null,
  after: held(),
  result: '',
  status: 0,
  requestId: '',
  version: '0.1.0',
  ...over,
});
