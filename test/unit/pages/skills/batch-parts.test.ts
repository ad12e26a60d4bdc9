import { describe, expect, it } from 'vitest';
import { SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import { PAUSES } from '../../../../src/domain/skills/batch.ts';
import { checkRows } from '../../../../src/domain/skills/check-rows.ts';
import { cellsOf, guessMapping, missingColumns } from '../../../../src/domain/skills/columns.ts';
import { BOUNDS_MS, emptyHistogram, withLatency } from '../../../../src/domain/skills/metrics.ts';
import { suggestible } from '../../../../src/pages/console/skills/batch/actions.ts';
import { typedNumber } from '../../../../src/pages/console/skills/batch/confirm-rows.tsx';
import { fileName, refusedCsv } from '../../../../src/pages/console/skills/batch/files.ts';
import { barsOf } from '../../../../src/pages/console/skills/batch/latency.ts';
import { choices, decidable, narrowed } from '../../../../src/pages/console/skills/batch/narrow.ts';
import { canGoOn, remedyOf } from '../../../../src/pages/console/skills/batch/remedy.ts';
import { countsSentence, diffSentence } from '../../../../src/pages/console/skills/batch/words.ts';
import { batch, held, row } from '../../domain/skills/made.ts';

describe('which rows are looked at', () => {
  const rows = [row(0), row(1, { diff: 'changed', state: 'verified' }), row(2, { diff: 'refused', state: 'skipped' })];
  const kinds = (over: Parameters<typeof batch>[1]) => choices(batch(rows, over)).map(({ kind, count }) => [kind, count]);
  it('by what the dry run made of them, until writing has begun', () => {
    expect(kinds({ status: 'ready' })).toEqual([
      [null, 3],
      [{ diff: 'new' }, 1],
      [{ diff: 'changed' }, 1],
      [{ diff: 'refused' }, 1],
    ]);
  });
  it('then by how they stand, first', () => {
    expect(kinds({ status: 'running', confirmed: true }).slice(0, 4)).toEqual([
      [null, 3],
      [{ state: 'planned' }, 1],
      [{ state: 'verified' }, 1],
      [{ state: 'skipped' }, 1],
    ]);
  });
  it('the one that is chosen stays when none are left', () => {
    expect(choices(batch(rows, { status: 'done', confirmed: true }), { state: 'conflict' })).toContainEqual({
      kind: { state: 'conflict' },
      count: 0,
    });
  });
  it('a dry run that is paused has not begun to write, however far it has come', () => {
    expect(kinds({ status: 'paused' })).toEqual(kinds({ status: 'ready' }));
    expect(countsSentence(batch(rows, { status: 'paused' }))).toBe(diffSentence(batch(rows).counts));
  });
  it('asks for one kind, and knows what waits for a word', () => {
    expect(narrowed({ state: 'conflict' })).toEqual({ diffs: [], states: ['conflict'] });
    expect(narrowed({ diff: 'new' })).toEqual({ diffs: ['new'], states: [] });
    expect(narrowed(null)).toEqual({ diffs: [], states: [] });
    expect(decidable({ state: 'unknown' })).toBe('unknown');
    expect(decidable({ state: 'verified' })).toBeNull();
    expect(decidable({ diff: 'new' })).toBeNull();
  });
});

describe('what helps', () => {
  it('is something for every pause but those that others mend', () => {
    const none = PAUSES.filter((pause) => remedyOf(pause) === null);
    expect(none).toEqual(['writesDisabled', 'tooMany', 'corrupted']);
  });
  it('is never to go on with rows that are not as we wrote them, or from another connection', () => {
    expect(canGoOn({ status: 'paused', pause: 'corrupted' })).toBe(false);
    expect(canGoOn({ status: 'paused', pause: 'otherConnection' })).toBe(false);
    expect(canGoOn({ status: 'paused', pause: 'signedOut' })).toBe(true);
    expect(canGoOn({ status: 'waiting', pause: 'rateLimited' })).toBe(false);
  });
});

describe('the number somebody types', () => {
  it.each(['1917', ' 1,917 ', '1 917', '1.917', '1’917'])('%s', (text) => {
    expect(typedNumber(text)).toBe(1917);
  });
  it.each(['', 'yes', '19 17', '1917 rows', '-1917', '1,91', '19.17'])('%s is none, or not that one', (text) => {
    expect(typedNumber(text)).not.toBe(1917);
  });
});

describe('a suggested level', () => {
  const suggestion = { level: 4, basis: null, efficiency: 0 };
  it('is offered for a row that would be written with another', () => {
    expect(suggestible(row(0, { suggestion }))).toBe(true);
    expect(suggestible(row(0, { suggestion, wish: held(4) }))).toBe(false);
    expect(suggestible(row(0, { suggestion, wish: null }))).toBe(false);
    expect(suggestible(row(0, { suggestion, state: 'skipped' }))).toBe(false);
    expect(suggestible(row(0))).toBe(false);
  });
});

describe('refused rows as a file', () => {
  it('can be put right and read again', () => {
    const refused = { diff: 'refused', state: 'skipped' } as const;
    const file = refusedCsv([
      row(0, { ...refused, refusals: [{ code: 'skillUnknown', params: [] }], userId: 'u-1', wish: held(3, { active: false }) }),
      row(1, { ...refused, refusals: [{ code: 'cannotRemove', params: [] }], wish: null }),
    ]);
    const [head = '', first = '', second = ''] = file.replace('\uFEFF', '').split('\r\n');
    const traits = { ...SKILL_TRAITS.v2, removal: true, activity: true };
    expect(missingColumns(guessMapping(head.split(',')), traits)).toEqual([]);
    expect(first).toBe('u-1,skill-1,3,2026-01-15T08:00:00Z,2026-01-15T17:00:00Z,false,,2,"CXone does not know this skill."');
    expect(second).toMatch(/^user-1,skill-1,,,,,remove,3,"/);
    const mapping = guessMapping(head.split(','));
    const raw = [first, second].map((line, index) => ({ line: index + 2, cells: cellsOf(line.split(','), mapping) }));
    const read = checkRows(raw, traits, 'UTC');
    expect(read.map(({ problems }) => problems)).toEqual([[], []]);
    expect(read.map(({ wish }) => wish?.held)).toEqual([held(3, { active: false }), null]);
  });
  it('names nobody and sorts by time', () => {
    expect(fileName('refused', Date.UTC(2026, 2, 2, 9, 41), 'csv')).toBe('agent-watch-skills-refused-2026-03-02-0941.csv');
  });
});

describe('latencies as bars', () => {
  it('begin and end where there is something', () => {
    let histogram = emptyHistogram();
    expect(barsOf(histogram)).toEqual([]);
    for (const ms of [45, 45, 45, 45, 80]) histogram = withLatency(histogram, ms);
    expect(barsOf(histogram)).toEqual([
      { fromMs: 40, toMs: 50, count: 4, part: 1 },
      { fromMs: 50, toMs: 75, count: 0, part: 0 },
      { fromMs: 75, toMs: 100, count: 1, part: 0.25 },
    ]);
  });
  it('have no bound above the last', () => {
    const last = BOUNDS_MS.at(-1);
    expect(barsOf(withLatency(emptyHistogram(), 99_000))).toEqual([{ fromMs: last, toMs: null, count: 1, part: 1 }]);
  });
});
