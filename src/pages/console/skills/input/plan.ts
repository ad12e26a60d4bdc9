/** Rows become a batch: the worker keeps it and asks CXone about it, and the page goes there. */
import type { Wish } from '../../../../domain/skills/assignment.ts';
import { send } from '../../../../messages/send.ts';
import { showBatch } from '../go.ts';

/** As long as a text of a message may be is longer; a name is one line. */
const LONGEST_NAME = 120;

/** The batch that was on its way when its answer was lost: asked for again, it is the same one. */
let pending: { id: string; content: string } | null = null;

/**
 * @param name of the file, or what the rows are; never a person's
 * @param rows `line` of the file, 0 without one
 * @param planned called when the worker has it, before the page goes to the batch
 */
export async function plan(
  name: string,
  rows: (Wish & { line: number })[],
  planned: () => void = () => undefined,
): Promise<void> {
  const content = JSON.stringify(rows);
  const id = pending?.content === content ? pending.id : crypto.randomUUID();
  pending = { id, content };
  await send('planBatch', { id, name: name.slice(0, LONGEST_NAME), rows });
  pending = null;
  planned();
  showBatch(id);
}
