import { beforeEach, describe, expect, it, vi } from 'vitest';

const { send, stored } = vi.hoisted(() => {
  const stored = new Map<string, string>();
  Object.defineProperty(globalThis, 'sessionStorage', {
    value: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    configurable: true,
  });
  return { send: vi.fn(), stored };
});
vi.mock('../../../../src/messages/send.ts', () => ({ send }));

import type { Request } from '../../../../src/messages/contract.ts';
import { KEPT_MOST, kept } from '../../../../src/pages/console/skills/input/kept.ts';
import {
  bad,
  bench,
  check,
  chooseColumn,
  chooseHeader,
  chooseZone,
  editCell,
  failed,
  goOn,
  good,
  hasHeader,
  leaveOut,
  listing,
  lostFile,
  mapping,
  missing,
  next,
  openFile,
  openText,
  order,
  parsed,
  pasted,
  planNext,
  rows,
  source,
  startOver,
  stoppedHalfway,
  takeBack,
  wasBad,
} from '../../../../src/pages/console/skills/input/many.ts';
import { glance as glanceSignal } from '../../../../src/pages/parts/store.ts';
import { parseRoute } from '../../../../src/pages/parts/where.ts';
import { eventually } from '../../support/eventually.ts';
import { glance } from '../rows.ts';

const HEADER = 'userId,skillId,level,availableFrom,availableTo';
const row = (user: string, level: number | string = 3, skill = 's1') =>
  `${user},${skill},${level},2026-01-15 08:00,2026-02-15 17:00`;
const lines = () => order.value.map((line) => line);
const plans = () =>
  send.mock.calls.filter(([type]) => type === 'planBatch').map(([, request]) => request as Request<'planBatch'>);

/** The connection shown, with as many rows a batch as the test says. */
function show({ id = 'c', batchRows = 5000 } = {}): void {
  const shown = glance();
  if (shown.connection) {
    shown.connection.id = id;
    shown.connection.skills = { ...shown.connection.skills, batchRows };
  }
  glanceSignal.value = shown;
}

beforeEach(async () => {
  vi.stubGlobal('location', { hash: '' });
  send.mockReset();
  send.mockResolvedValue(undefined);
  show();
  startOver();
  await chooseZone('UTC');
});

describe('rows that come in', () => {
  it('are read and checked, and those with a problem come first', async () => {
    await openText([HEADER, row('u1'), row('u2', 9), row('u3'), row('', 2)].join('\n'));
    expect(bad.value.map(({ line }) => line)).toEqual([3, 5]);
    expect(good.value.map(({ line }) => line)).toEqual([2, 4]);
    expect(lines()).toEqual([3, 5, 2, 4]);
    expect([listing.total.value, listing.rowAt(0)?.line, listing.rowAt(9)]).toEqual([4, 3, undefined]);
    expect(good.value[0]?.wish).toEqual({
      userId: 'u1',
      skillId: 's1',
      held: { level: 3, availableFromAt: '2026-01-15T08:00:00Z', availableToAt: '2026-02-15T17:00:00Z', active: true },
    });
  });

  it('wait until somebody has said which column is which', async () => {
    await openText('Who,userId,x,y,z\nDana,u1,s1,3,2026-01-01\n');
    expect(missing.value).toEqual(['skillId', 'level', 'availableFrom', 'availableTo']);
    expect([rows.value, stoppedHalfway.value]).toEqual([null, false]);
    await chooseColumn('skillId', 2);
    await chooseColumn('level', 3);
    await chooseColumn('availableFrom', 4);
    expect(rows.value).toBeNull();
    await chooseColumn('availableTo', 4);
    expect(rows.value?.[0]?.problems.map(({ code }) => code)).toEqual(['order']);
  });

  it('may have no header, which somebody may say otherwise', async () => {
    await openText(`${row('u1')}\n${row('u2')}`);
    expect([hasHeader.value, rows.value?.length]).toEqual([false, 2]);
    await chooseHeader(true);
    expect([mapping.value?.userId, rows.value?.map(({ line }) => line)]).toEqual([0, [2]]);
    await chooseHeader(false);
    expect([mapping.value?.userId, good.value.length]).toEqual([0, 2]);
  });

  it('are read anew in another time zone', async () => {
    await openText([HEADER, row('u1')].join('\n'));
    await chooseZone('Asia/Tokyo');
    expect(rows.value?.[0]?.wish?.held?.availableFromAt).toBe('2026-01-14T23:00:00Z');
  });

  it('come out of a file, whose name is remembered and whose rows are not', async () => {
    await openFile(new File([`${HEADER}\n${row('u1')}\n`], 'north.csv'));
    expect([source.value?.name, lostFile.value, pasted.value, good.value.length]).toEqual(['north.csv', 'north.csv', '', 1]);
  });

  it('are refused where a file is empty', async () => {
    await openFile(new File([' \n'], 'empty.csv'));
    expect([failed.value, source.value]).toEqual(['This file is empty.', null]);
  });

  it('can be stopped, and gone on with', async () => {
    await openText([HEADER, row('u1')].join('\n'));
    const again = check();
    bench.stop();
    await again;
    expect([rows.value, stoppedHalfway.value]).toEqual([null, true]);
    await goOn();
    expect([good.value.length, stoppedHalfway.value]).toEqual([1, false]);
  });

  it('do not hold up the page, however many', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => row(`u${index}`, index % 500 === 0 ? 9 : 3));
    // Time is another machine's business: how often the page gets its turn is ours.
    const turns = new Map<string, number>();
    const stop = bench.now.subscribe((work) => {
      if (work && work.part > 0) turns.set(work.kind, (turns.get(work.kind) ?? 0) + 1);
    });
    await openText([HEADER, ...many].join('\n'));
    stop();
    expect([good.value.length, bad.value.length]).toEqual([19_960, 40]);
    expect(turns.get('reading')).toBeGreaterThan(0);
    expect(turns.get('checking')).toBeGreaterThan(0);
  });
});

describe('a row with a problem', () => {
  it('is corrected where it stands, and stays there', async () => {
    await openText([HEADER, row('u1'), row('u2', 9), row('u3', 8)].join('\n'));
    editCell(3, 'level', '5');
    expect(bad.value.map(({ line }) => line)).toEqual([4]);
    expect(lines()).toEqual([3, 4, 2]);
    expect([...wasBad.value]).toEqual([3, 4]);
    expect(rows.value?.[1]?.wish?.held?.level).toBe(5);
  });

  it('that clashes with another makes way when one of them is left out, and comes back', async () => {
    await openText([HEADER, row('u1', 1), row('u1', 2)].join('\n'));
    expect(bad.value.length).toBe(2);
    leaveOut(3);
    expect([bad.value.length, good.value.map(({ line }) => line), lines()]).toEqual([0, [2], [2]]);
    takeBack(3);
    await eventually(() => expect(bad.value.length).toBe(2), 5);
  });

  it('keeps its correction when the same text is read again', async () => {
    const text = [HEADER, row('u1', 9)].join('\n');
    await openText(text);
    editCell(2, 'level', '4');
    await openText('');
    await openText(text);
    expect([bad.value.length, rows.value?.[0]?.wish?.held?.level]).toEqual([0, 4]);
    await openText(`${text}\n${row('u2', 9)}`);
    expect(bad.value.length).toBe(2);
  });
});

describe('rows that are right', () => {
  it('are handed on without those that are not, under one name and id', async () => {
    await openText([HEADER, row('u1'), row('u2', 9), row('u3')].join('\n'));
    await planNext();
    const [plan] = plans();
    expect(plan?.rows.map(({ line, userId }) => [line, userId])).toEqual([
      [2, 'u1'],
      [4, 'u3'],
    ]);
    expect(plan?.name).toBe('Pasted rows');
    expect(parseRoute(location.hash)).toMatchObject({ room: 'skills', tab: 'batch', batch: plan?.id });
    expect([good.value.length, bad.value.length]).toEqual([0, 1]);
    editCell(3, 'level', '1');
    expect(next.value.map(({ line }) => line)).toEqual([3]);
  });

  it('go as many as one batch takes; the others wait, and none goes twice', async () => {
    show({ batchRows: 2 });
    await openText([HEADER, ...['u1', 'u2', 'u3'].map((user) => row(user))].join('\n'));
    await planNext();
    await planNext();
    expect(plans().map(({ rows: each }) => each.map(({ line }) => line))).toEqual([[2, 3], [4]]);
    // All are on their way: the room is empty again.
    expect([source.value, pasted.value]).toEqual([null, '']);
  });

  it('are the same batch when the answer was lost, and another one when they are others', async () => {
    await openText([HEADER, row('u1'), row('u2')].join('\n'));
    send.mockRejectedValueOnce(new Error('no answer'));
    await planNext();
    expect([good.value.length, location.hash]).toEqual([2, '']);
    await planNext();
    const [first, second] = plans();
    expect(second?.id).toBe(first?.id);
    await openText([HEADER, row('u1'), row('u2')].join('\n'));
    await planNext();
    expect(plans()[2]?.id).not.toBe(first?.id);
  });
});

describe('what was typed', () => {
  it('is kept for the session, by connection, as long as it is not too long', async () => {
    const note = kept('note', '');
    note.value = 'mine';
    await eventually(() => expect(stored.get('skills.c.note')).toBe('"mine"'));
    show({ id: 'other' });
    expect(note.value).toBe('');
    note.value = 'theirs';
    await eventually(() => expect(stored.get('skills.other.note')).toBe('"theirs"'));
    show();
    expect([note.value, kept('note', '').value]).toEqual(['mine', 'mine']);
    note.value = 'x'.repeat(KEPT_MOST + 1);
    await eventually(() => expect(stored.has('skills.c.note')).toBe(false));
  });
  it('is not lost to a change of connection in the middle of typing', () => {
    const note = kept('half', '');
    note.value = 'almost';
    show({ id: 'other' });
    expect(stored.get('skills.c.half')).toBe('"almost"');
    show();
    expect(note.value).toBe('almost');
  });
  it('is nothing where something else was kept', () => {
    stored.set('skills.c.broken', '{');
    stored.set('skills.c.shape', '[1]');
    expect(kept('broken', 'empty').value).toBe('empty');
    expect(kept('shape', { a: 1 }).value).toEqual({ a: 1 });
    stored.set('skills.c.part', '{"b":2}');
    expect(kept('part', { a: 1, b: 0 }).value).toEqual({ a: 1, b: 2 });
  });
  it('leaves no rows behind when one starts over', async () => {
    await openText([HEADER, row('u1')].join('\n'));
    startOver();
    expect([source.value, parsed.value, rows.value, mapping.value]).toEqual([null, null, null, null]);
  });
});
