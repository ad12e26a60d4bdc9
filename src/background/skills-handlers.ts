/** What the messages of the skills room do. */

import type { Batch } from '../domain/skills/batch.ts';
import { undoWishes } from '../domain/skills/undo.ts';
import type { Reply, Request } from '../messages/contract.ts';
import { auditPage, verifyAudit } from '../storage/audit-store.ts';
import { batchesOf, batchOf, rowsFrom, rowsIn, rowsOf } from '../storage/batch-store.ts';
import { required } from './required.ts';
import { type Handlers, Refusal } from './router.ts';
import { batcher, deliverer, matrix } from './services.ts';

type SkillsMessages =
  | 'batches'
  | 'planBatch'
  | 'undoOf'
  | 'batchRows'
  | 'suggestLevels'
  | 'changeRows'
  | 'runBatch'
  | 'pauseBatch'
  | 'cancelBatch'
  | 'dropBatch'
  | 'decideRows'
  | 'assignments'
  | 'audit'
  | 'verifyAudit'
  | 'deliverBatch';

export const skillsHandlers: Pick<Handlers, SkillsMessages> = {
  async batches() {
    const { connection } = await required();
    return { batches: await batchesOf(connection.id) };
  },

  async planBatch({ id, name, undoOf = '', rows }) {
    await batcher.plan(await required(), { id, name, undoOf, rows });
  },

  async undoOf({ batchId }) {
    const { counts } = await mine(batchId);
    const { rows } = await rowsOf(batchId);
    if (rows.length < counts.total) throw new Refusal('failed', 'error_batchDamaged');
    return { rows: undoWishes(rows) };
  },

  batchRows: (question) => mine(question.batchId).then((batch) => pageOf(batch, question)),

  async suggestLevels({ batchId }) {
    await batcher.suggest(await required(), batchId);
  },

  async changeRows({ batchId, rows }) {
    await batcher.change(await required(), batchId, rows);
  },

  async runBatch({ batchId, rows }) {
    await batcher.run(await required(), batchId, rows);
  },

  async pauseBatch({ batchId }) {
    await batcher.pause(await required(), batchId);
  },

  async cancelBatch({ batchId }) {
    await batcher.cancel(await required(), batchId);
  },

  async dropBatch({ batchId }) {
    await batcher.drop(await required(), batchId);
  },

  async decideRows({ batchId, rows, keep }) {
    await batcher.decide(await required(), batchId, rows, keep);
  },

  assignments: async ({ userIds }) => matrix(await required(), userIds),

  async audit(question) {
    const { connection } = await required();
    return auditPage(connection.id, question);
  },

  async verifyAudit() {
    const { connection } = await required();
    return verifyAudit(connection.id);
  },

  async deliverBatch({ batchId }) {
    await deliverer.deliverBatch(await required(), batchId);
  },
};

/** A batch of the connection shown: others are none of this page's business. */
async function mine(batchId: string): Promise<Batch> {
  const { connection } = await required();
  const batch = await batchOf(batchId);
  if (batch?.target.connectionId !== connection.id) throw new Refusal('invalid', 'error_batchGone');
  return batch;
}

async function pageOf(
  { counts: { total } }: Batch,
  { batchId, diffs, states, offset, limit }: Request<'batchRows'>,
): Promise<Reply<'batchRows'>> {
  if (diffs.length === 0 && states.length === 0) return { ...(await rowsFrom(batchId, offset, limit)), total };
  const { rows, damaged } = states.length > 0 ? await rowsIn(batchId, states) : await rowsOf(batchId);
  const matching = rows.filter(({ diff }) => diffs.length === 0 || diffs.includes(diff));
  return { rows: matching.slice(offset, offset + limit), total: matching.length, damaged };
}
