import { beforeEach, describe, expect, it } from 'vitest';
import { pruneSkills } from '../../../src/background/skills-retention.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts';
import type { Batch, RowState } from '../../../src/domain/skills/batch.ts';
import { emptyCounts } from '../../../src/domain/skills/counts.ts';
import { emptyMetrics } from '../../../src/domain/skills/metrics.ts';
import { entriesBetween, headOf, markDelivered, verifyAudit } from '../../../src/storage/audit-store.ts';
import { batchesOf, keepBatch } from '../../../src/storage/batch-store.ts';
import { auditDraft } from '../support/audit-draft.ts';

const DAY_MS = 24 * 3_600_000;
const settings: Settings = { ...DEFAULT_SETTINGS, retentionDays: 30 };
let id: string;
beforeEach(() => {
  id = crypto.randomUUID();
});

/** Not touched for so many days. */
async function kept(
  name: string,
  states: Partial<Record<RowState, number>>,
  more: Partial<Batch> = {},
  days = 31,
): Promise<void> {
  const counts = emptyCounts(0);
  Object.assign(counts.states, states);
  const batch: Batch = {
    id: crypto.randomUUID(),
    name,
    target: { connectionId: id, profile: 'v2', issuer: '', apiBaseUrl: '', organisationId: 'org', actor: 'anna' },
    createdMs: 1,
    updatedMs: Date.now() - days * DAY_MS,
    status: 'done',
    confirmed: true,
    pause: null,
    detail: '',
    notBeforeMs: 0,
    counts,
    undoOf: '',
    ranMs: 0,
    metrics: emptyMetrics(),
    wfmSentMs: 0,
    ...more,
  };
  await keepBatch(batch, [], [auditDraft(0, { at: new Date(batch.updatedMs).toISOString() })]);
}
const names = async () => (await batchesOf(id)).map(({ name }) => name).sort();

describe('retention', () => {
  it('lets go of what is over, and of nothing that is in doubt or confirmed and not written', async () => {
    await kept('done', { verified: 3, failed: 1 });
    await kept('young', { verified: 3 }, {}, 29);
    await kept('in doubt', { sent: 1, verified: 2 }, { status: 'paused' });
    await kept('to be written', { planned: 2, verified: 2 }, { status: 'paused' });
    await kept('settling', { sent: 1 }, { status: 'cancelled' });
    await kept('cancelled', { planned: 2 }, { status: 'cancelled' });
    await kept('only looked at', { planned: 2 }, { status: 'ready', confirmed: false });
    await kept('paused dry run', { planned: 2 }, { status: 'paused', confirmed: false });
    await kept('waiting', { planned: 2 }, { status: 'waiting', confirmed: false });
    await pruneSkills(id, settings);
    expect(await names()).toEqual(['in doubt', 'settling', 'to be written', 'waiting', 'young']);
  });

  it('lets go of nothing that waits to be sent on', async () => {
    await kept('had', { verified: 1 }, { wfmSentMs: 5 });
    await kept('not yet', { verified: 1 });
    await markDelivered(id, 1, 5);
    await pruneSkills(id, { ...settings, wfmUrl: 'https://wfm.example.com', auditUrl: 'https://siem.example.com' });
    expect(await names()).toEqual(['not yet']);
    expect((await entriesBetween(id, 1, 9)).map(({ seq }) => seq)).toEqual([2]);
    await pruneSkills(id, settings);
    expect(await names()).toEqual([]);
    expect((await headOf(id)).prunedSeq).toBe(2);
    expect(await verifyAudit(id)).toEqual({ count: 0, brokenSeq: 0 });
  });

  it('leaves other connections alone', async () => {
    await kept('done', { verified: 1 });
    await pruneSkills(crypto.randomUUID(), settings);
    expect(await names()).toEqual(['done']);
  });
});
