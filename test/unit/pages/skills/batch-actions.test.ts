import { beforeEach, describe, expect, it, vi } from 'vitest';

const send = vi.hoisted(() => vi.fn());
const say = vi.hoisted(() => vi.fn());
vi.mock('../../../../src/messages/send.ts', () => ({ send }));
vi.mock('../../../../src/pages/parts/notice.tsx', () => ({ say, attempt: (job: () => Promise<unknown>) => job() }));

import type { Batch, BatchRow } from '../../../../src/domain/skills/batch.ts';
import { decideAll, run, takeSuggestion, takeSuggestions, undo } from '../../../../src/pages/console/skills/batch/actions.ts';
import { batches, batchOf, readBatches } from '../../../../src/pages/console/skills/batch/state.ts';
import { batchView } from '../../../../src/pages/parts/store.ts';
import { batch, held, row } from '../../domain/skills/made.ts';
import { eventually } from '../../support/eventually.ts';

let rows: BatchRow[] = [];
let kept: Batch[] = [];
let undoRows: unknown[] = [];

/** As the worker answers. */
async function answer(type: string, request: { diffs?: string[]; states?: string[] }): Promise<unknown> {
  if (type === 'batches') return { batches: structuredClone(kept) };
  if (type === 'undoOf') return { rows: undoRows };
  if (type !== 'batchRows') return undefined;
  const { diffs = [], states = [] } = request;
  const found = rows.filter(
    ({ diff, state }) => (diffs.length === 0 || diffs.includes(diff)) && (states.length === 0 || states.includes(state)),
  );
  return { rows: found, total: found.length };
}
const asked = (type: string) => send.mock.calls.filter(([each]) => each === type).map(([, request]) => request as unknown);

const one = batch([row(0)]);
const figures = { talkTime: 9, handleTime: 10, resolutionRate: 0.8 };
const suggestion = { level: 5, basis: figures, efficiency: 0.9 };

beforeEach(() => {
  vi.stubGlobal('location', { hash: '' });
  send.mockReset();
  send.mockImplementation(answer);
  say.mockReset();
  batchView.value = null;
  kept = [one];
});

describe('what is done to a batch', () => {
  it('says how many rows were agreed to, and looks how it stands', async () => {
    await run(one, 1917);
    expect(asked('runBatch')).toEqual([{ batchId: 'batch-1', rows: 1917 }]);
    expect(asked('batches')).toHaveLength(1);
  });
  it('looks how it stands when it was refused, too', async () => {
    send.mockImplementation(async (type: string) => {
      if (type === 'batches') return { batches: [] };
      throw new Error('others by now');
    });
    await expect(run(one, 3)).rejects.toThrow('others by now');
    expect(asked('batches')).toHaveLength(1);
  });
  it('is decided for all rows of the state and no other', async () => {
    rows = [row(0, { state: 'conflict' }), row(1, { state: 'failed' }), row(2, { state: 'conflict' })];
    await decideAll(one, 'conflict', 'theirs');
    expect(asked('decideRows')).toEqual([{ batchId: 'batch-1', rows: [0, 2], keep: 'theirs' }]);
    await decideAll(one, 'unknown', 'ours');
    expect(asked('decideRows')).toHaveLength(1);
  });
});

describe('suggested levels', () => {
  it('are taken for all that have figures and another level, and can be taken back', async () => {
    rows = [
      row(0, { suggestion }),
      row(1, { suggestion, wish: held(5) }),
      row(2, { suggestion: { ...suggestion, basis: null } }),
      row(3, { suggestion, diff: 'same', state: 'skipped' }),
      row(4, { suggestion, diff: 'refused', state: 'skipped' }),
      row(5),
    ];
    await takeSuggestions(one);
    expect(asked('changeRows')).toEqual([
      {
        batchId: 'batch-1',
        rows: [
          { index: 0, held: held(5) },
          { index: 3, held: held(5) },
        ],
      },
    ]);
    const [text, back] = say.mock.calls[0] as [string, () => void];
    expect(text).toMatch(/^2 rows/);
    back();
    await eventually(() => expect(asked('changeRows')).toHaveLength(2));
    expect(asked('changeRows')[1]).toEqual({
      batchId: 'batch-1',
      rows: [
        { index: 0, held: held(3) },
        { index: 3, held: held(3) },
      ],
    });
  });
  it('without figures are taken one by one alone', async () => {
    await takeSuggestion(one, row(2, { suggestion: { level: 4, basis: null, efficiency: 0 } }));
    expect(asked('changeRows')).toEqual([{ batchId: 'batch-1', rows: [{ index: 2, held: held(4) }] }]);
  });
  it('change nothing, and say so, where there is nothing to take', async () => {
    rows = [row(0)];
    await takeSuggestions(one);
    expect(asked('changeRows')).toEqual([]);
    expect(say).toHaveBeenCalledOnce();
  });
});

describe('undo', () => {
  it('is a batch of its own, checked like any other', async () => {
    undoRows = [{ line: 2, userId: 'user-0', skillId: 'skill-1', held: held(1) }];
    await undo(one);
    const [planned] = asked('planBatch') as { id: string; name: string; undoOf: string; rows: unknown[] }[];
    expect(planned).toMatchObject({ name: 'Undo of A file', undoOf: 'batch-1', rows: undoRows });
    expect(planned?.id).toMatch(/^[\w-]{36}$/);
    expect(asked('runBatch')).toEqual([]);
    expect(location.hash).toContain(`batch=${planned?.id}`);
  });
  it('of what wrote nothing plans nothing', async () => {
    undoRows = [];
    await undo(one);
    expect(asked('planBatch')).toEqual([]);
    expect(say).toHaveBeenCalledOnce();
  });
});

describe('the batches', () => {
  const live = (over: Partial<Batch>) => ({
    batch: { ...one, ...over },
    delivery: { auditWaiting: 0, wfmWaiting: 0, deliveredMs: 0, problem: null, nextMs: 0 },
    figures: null,
  });
  it('are as they stand now, whichever word is newer', async () => {
    await readBatches();
    batchView.value = live({ status: 'running', updatedMs: one.updatedMs + 1 });
    expect(batches.value?.[0]?.status).toBe('running');
    batchView.value = live({ status: 'running', updatedMs: one.updatedMs - 1 });
    expect(batches.value?.[0]?.status).toBe('ready');
  });
  it('know one that is just planned, and one that is gone', async () => {
    kept = [];
    await readBatches();
    expect(batchOf('batch-1')).toBeNull();
    batchView.value = live({});
    expect(batchOf('batch-1')?.id).toBe('batch-1');
  });
});
