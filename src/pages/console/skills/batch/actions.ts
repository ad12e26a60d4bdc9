/** What the user does to a batch. Each throws with words fit for people. */
import type { Held } from '../../../../domain/skills/assignment.ts';
import type { Batch, BatchRow } from '../../../../domain/skills/batch.ts';
import { send } from '../../../../messages/send.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { attempt, say } from '../../../parts/notice.tsx';
import { showBatch } from '../go.ts';
import type { ToDecide } from './narrow.ts';
import { act, allRows, EVERY } from './state.ts';

/** @param rows how many the user has agreed to have written */
export const run = ({ id }: Batch, rows: number) => act(() => send('runBatch', { batchId: id, rows }));
export const pause = ({ id }: Batch) => act(() => send('pauseBatch', { batchId: id }));
export const cancel = ({ id }: Batch) => act(() => send('cancelBatch', { batchId: id }));
export const drop = ({ id }: Batch) => act(() => send('dropBatch', { batchId: id }));
export const deliver = ({ id }: Batch) => act(() => send('deliverBatch', { batchId: id }));

export const decide = ({ id }: Batch, rows: number[], keep: 'ours' | 'theirs') =>
  act(() => send('decideRows', { batchId: id, rows, keep }));

/** As many as there are when it is clicked. */
export async function decideAll(batch: Batch, state: ToDecide, keep: 'ours' | 'theirs'): Promise<void> {
  const rows = await allRows(batch.id, { diffs: [], states: [state] });
  if (rows.length > 0)
    await decide(
      batch,
      rows.map(({ index }) => index),
      keep,
    );
}

export const suggest = ({ id }: Batch) => act(() => send('suggestLevels', { batchId: id }));

interface Change {
  index: number;
  held: Held | null;
}
const change = ({ id }: Batch, rows: Change[]) => act(() => send('changeRows', { batchId: id, rows }));

/** Rows that would be written, or are so already, and whose suggested level is another than the one wanted. */
export const suggestible = ({ state, diff, wish, suggestion }: BatchRow): boolean =>
  (state === 'planned' || diff === 'same') && wish !== null && suggestion !== null && suggestion.level !== wish.level;

/**
 * Takes the suggested level for these rows; the notice says how many, and takes it back.
 * Of many at once, those without figures are left as they are: a usual level is no reason to overwrite what somebody chose.
 */
async function take(batch: Batch, rows: readonly BatchRow[]): Promise<void> {
  const changes = rows.flatMap(({ index, wish, suggestion }) =>
    wish && suggestion ? [{ index, held: { ...wish, level: suggestion.level } }] : [],
  );
  const back = rows.map(({ index, wish }) => ({ index, held: wish }));
  await change(batch, changes);
  say(t('skills_batch_suggestionsTaken', formatCount(changes.length)), () => void attempt(() => change(batch, back)));
}

export const takeSuggestion = (batch: Batch, row: BatchRow) => take(batch, [row]);

export async function takeSuggestions(batch: Batch): Promise<void> {
  const rows = (await allRows(batch.id, EVERY)).filter((row) => suggestible(row) && row.suggestion?.basis !== null);
  if (rows.length === 0) say(t('skills_batch_suggestionsSame'));
  else await take(batch, rows);
}

/** Plans the values from before as a batch of its own: it is checked and shown like any other, and written only when the user says so. */
export async function undo({ id, name }: Batch): Promise<void> {
  const { rows } = await send('undoOf', { batchId: id });
  if (rows.length === 0) {
    say(t('skills_batch_undoNothing'));
    return;
  }
  const undoing = crypto.randomUUID();
  await act(() => send('planBatch', { id: undoing, name: t('skills_batch_undoName', name), undoOf: id, rows }));
  showBatch(undoing);
}
