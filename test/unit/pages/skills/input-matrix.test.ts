import { beforeEach, describe, expect, it, vi } from 'vitest';

const send = vi.hoisted(() => vi.fn());
vi.mock('../../../../src/messages/send.ts', () => ({ send }));

import { type Held, SKILL_TRAITS } from '../../../../src/domain/skills/assignment.ts';
import type { Request } from '../../../../src/messages/contract.ts';
import {
  held,
  heldOf,
  look,
  looking,
  lookProblem,
  skillName,
  skills,
  unread,
} from '../../../../src/pages/console/skills/input/lookup.ts';
import { asHeld, checkedOne, type OneForm } from '../../../../src/pages/console/skills/input/one.ts';
import { zone } from '../../../../src/pages/console/skills/input/zones.ts';
import {
  changeOf,
  columnsOf,
  isWrong,
  levelTyped,
  MOST_COLUMNS,
  NO_CHANGES,
  placeFor,
  withChange,
  without,
} from '../../../../src/pages/console/skills/matrix/changes.ts';
import {
  changes,
  chooseWindow,
  columns,
  list,
  moveTo,
  planChanges,
  put,
  putLevel,
  standing,
  takeAway,
  typeDigit,
  undo,
  undoAll,
  users,
  words,
  wrong,
} from '../../../../src/pages/console/skills/matrix/state.ts';
import { glance as glanceSignal } from '../../../../src/pages/parts/store.ts';
import { glance } from '../rows.ts';

const HELD: Held = { level: 3, availableFromAt: '2026-01-01T00:00:00Z', availableToAt: '2026-12-31T00:00:00Z', active: true };
const SKILLS = [
  { skillId: 's2', name: 'Tier 10', active: true },
  { skillId: 's1', name: 'Tier 2', active: false },
  { skillId: 's3', name: '', active: true },
];

function connect(profile: 'v2' | 'public', id = profile): void {
  const shown = glance();
  if (shown.connection) Object.assign(shown.connection, { profile, id });
  glanceSignal.value = shown;
}

beforeEach(() => {
  vi.stubGlobal('location', { hash: '' });
  send.mockReset();
  send.mockImplementation(async (type: string, { userIds }: { userIds?: string[] }) =>
    type === 'assignments'
      ? {
          skills: SKILLS,
          assignments: (userIds ?? []).filter((id) => id !== 'u9').map((userId) => ({ userId, skillId: 's1', held: HELD })),
          unread: (userIds ?? []).filter((id) => id === 'u9'),
          problem: userIds?.includes('u9') ? { key: 'skills_in_emptyFile', params: [] } : null,
        }
      : undefined,
  );
  connect('v2');
  zone.value = 'UTC';
  users.value = ['u1', 'u2'];
  undoAll();
  words.value = '';
  moveTo({ row: 0, column: 0 });
});

describe('what the tenant has', () => {
  it('is asked for a few users at a time, and put in order', async () => {
    const many = Array.from({ length: 25 }, (_, index) => `u${index + 100}`);
    await look(many);
    expect(send.mock.calls.map(([, { userIds }]) => userIds.length)).toEqual([10, 10, 5]);
    expect([held.value.size, looking.value]).toEqual([25, null]);
    expect(skills.value?.map(({ skillId }) => skillId)).toEqual(['s3', 's1', 's2']);
    expect([skillName('s1'), skillName('s3'), skillName('gone')]).toEqual(['Tier 2', 's3', 'gone']);
  });
  it('is not known where it could not be read, and that is said', async () => {
    await look(['u1', 'u9']);
    expect([heldOf('u1', 's1'), heldOf('u1', 's2'), heldOf('u9', 's1')]).toEqual([HELD, null, undefined]);
    expect([[...unread.value], lookProblem.value]).toEqual([['u9'], 'This file is empty.']);
    send.mockRejectedValueOnce(new Error('gone'));
    await look(['u1']);
    expect([lookProblem.value, looking.value]).toEqual(['gone', null]);
  });
  it('is forgotten with the connection, and so is an answer that comes late', async () => {
    const late = look(['u1']);
    connect('v2', 'c2' as 'v2');
    await late;
    expect([held.value.size, skills.value]).toEqual([0, null]);
  });
});

describe('changes in the matrix', () => {
  beforeEach(() => look(['u1', 'u2', 'u9']));

  it('are what differs from what is held, and nothing else', () => {
    putLevel('u1', 's1', 5);
    expect(list.value).toEqual([{ userId: 'u1', skillId: 's1', held: { ...HELD, level: 5 } }]);
    putLevel('u1', 's1', 3);
    expect(list.value).toEqual([]);
    // Nobody knows what this one holds.
    putLevel('u9', 's1', 5);
    expect(list.value).toEqual([]);
  });
  it('give what is new the window for new ones', () => {
    chooseWindow({ from: '2026-05-01T08:00', to: '2026-06-01T08:00' });
    putLevel('u1', 's2', 2);
    expect(standing('u1', 's2')).toEqual({
      level: 2,
      availableFromAt: '2026-05-01T08:00:00Z',
      availableToAt: '2026-06-01T08:00:00Z',
      active: true,
    });
    expect(wrong.value).toBe(0);
    put('u1', 's2', { ...HELD, availableToAt: HELD.availableFromAt });
    expect(wrong.value).toBe(1);
  });
  it('take away only where the tenant can; what was to be new is simply not given', () => {
    takeAway('u1', 's1');
    expect(list.value).toEqual([]);
    putLevel('u1', 's2', 2);
    takeAway('u1', 's2');
    expect(list.value).toEqual([]);
  });
  it('are taken back one by one', () => {
    putLevel('u1', 's1', 5);
    putLevel('u2', 's1', 4);
    undo('u1', 's1');
    expect(list.value.map(({ userId }) => userId)).toEqual(['u2']);
    expect(standing('u1', 's1')).toEqual(HELD);
  });
  it('are typed as digits', () => {
    typeDigit('u1', 's1', '7');
    expect(list.value).toEqual([]);
    typeDigit('u1', 's1', '4');
    expect(standing('u1', 's1')?.level).toBe(4);
  });
  it('show a column for each skill that is held or changed, or that fits the words', () => {
    const shown = () => columns.value.skills.map(({ skillId }) => skillId);
    expect(shown()).toEqual(['s1']);
    putLevel('u1', 's3', 1);
    expect(shown()).toEqual(['s3', 's1']);
    words.value = 'tier';
    expect(shown()).toEqual(['s1', 's2']);
  });
  it('become a batch, and are gone when it is planned', async () => {
    putLevel('u1', 's1', 5);
    send.mockRejectedValueOnce(new Error('no answer'));
    await planChanges();
    expect(list.value.length).toBe(1);
    await planChanges();
    const sent = send.mock.calls.filter(([type]) => type === 'planBatch').map(([, request]) => request as Request<'planBatch'>);
    expect(sent[1]).toEqual({
      id: sent[0]?.id,
      name: 'Changes in the matrix',
      rows: [{ line: 0, userId: 'u1', skillId: 's1', held: { ...HELD, level: 5 } }],
    });
    expect(changes.value).toEqual({});
  });
  it('belong to their connection', () => {
    putLevel('u1', 's1', 5);
    connect('public');
    expect([list.value, users.value]).toEqual([[], []]);
  });
});

describe('decisions of the matrix', () => {
  const { v2, public: open } = SKILL_TRAITS;
  it('holds one change for each cell', () => {
    const once = withChange(NO_CHANGES, { userId: 'u1', skillId: 's1', held: null }, HELD);
    const twice = withChange(once, { userId: 'u1', skillId: 's1', held: { ...HELD, level: 1 } }, HELD);
    expect(Object.keys(twice)).toHaveLength(1);
    expect(changeOf(twice, 'u1', 's1')?.held?.level).toBe(1);
    expect(without(twice, 'u1', 's1')).toEqual({});
    expect(withChange(twice, { userId: 'u1', skillId: 's1', held: HELD }, HELD)).toEqual({});
  });
  it('wants an end after the start, where there is a window', () => {
    const wish = (part: Partial<Held>) => ({ userId: 'u', skillId: 's', held: { ...HELD, ...part } });
    expect(isWrong(wish({}), v2)).toBe(false);
    expect(isWrong(wish({ availableToAt: '' }), v2)).toBe(true);
    expect(isWrong(wish({ availableToAt: HELD.availableFromAt }), v2)).toBe(true);
    expect(isWrong(wish({ availableFromAt: '', availableToAt: '' }), open)).toBe(false);
    expect(isWrong({ userId: 'u', skillId: 's', held: null }, v2)).toBe(false);
  });
  it('has no more columns than one looks over, and says how many others fit', () => {
    const many = Array.from({ length: MOST_COLUMNS + 5 }, (_, index) => ({
      skillId: `s${index}`,
      name: `Skill ${index}`,
      active: true,
    }));
    const { skills: shown, more } = columnsOf(many, new Set(), 'skill');
    expect([shown.length, more]).toEqual([MOST_COLUMNS, 5]);
    // Held, and in nobody's list.
    expect(columnsOf(many, new Set(['old']), '').skills).toEqual([{ skillId: 'old', name: '', active: false }]);
  });
  it.each([
    ['ArrowUp', 0, 1],
    ['ArrowDown', 2, 1],
    ['ArrowLeft', 1, 0],
    ['ArrowRight', 1, 2],
    ['Home', 1, 0],
    ['End', 1, 3],
  ])('%s leads to row %i, column %i, and never out of the grid', (key, row, column) => {
    expect(placeFor(key, { row: 1, column: 1 }, 3, 4)).toEqual({ row, column });
    const end = placeFor(key, { row: 2, column: 3 }, 3, 4);
    const start = placeFor(key, { row: 0, column: 0 }, 3, 4);
    for (const place of [end, start]) {
      expect([place?.row, place?.column].every((at) => (at ?? -1) >= 0)).toBe(true);
      expect([place && place.row < 3, place && place.column < 4]).toEqual([true, true]);
    }
    expect(placeFor('a', { row: 1, column: 1 }, 3, 4)).toBeNull();
  });
  it('takes digits that follow each other for one number, where the scale goes that far', () => {
    expect(levelTyped('', '1', open.levels)).toEqual({ typed: '1', level: 1 });
    expect(levelTyped('1', '2', open.levels)).toEqual({ typed: '12', level: 12 });
    expect(levelTyped('2', '5', open.levels)).toEqual({ typed: '5', level: 5 });
    expect(levelTyped('1', '2', v2.levels)).toEqual({ typed: '2', level: 2 });
    expect(levelTyped('', '0', v2.levels).level).toBeNull();
  });
});

describe('the form for one', () => {
  const form: OneForm = {
    userId: 'u1',
    skillId: 's1',
    remove: false,
    level: 4,
    from: '2026-05-01T08:00',
    to: '2026-06-01T08:00',
    active: false,
  };
  it('is checked by the rules of a file', () => {
    expect(checkedOne(form, SKILL_TRAITS.v2, 'Europe/Berlin').wish?.held).toEqual({
      level: 4,
      availableFromAt: '2026-05-01T06:00:00Z',
      availableToAt: '2026-06-01T06:00:00Z',
      active: true,
    });
    const empty = { ...form, userId: '', skillId: '', level: null, from: '', to: '' };
    expect(checkedOne(empty, SKILL_TRAITS.v2, 'UTC').problems.map(({ column }) => column)).toEqual([
      'userId',
      'skillId',
      'level',
      'availableFrom',
      'availableTo',
    ]);
  });
  it('gives only what the tenant can keep', () => {
    expect(checkedOne(form, SKILL_TRAITS.public, 'UTC').wish?.held).toEqual({
      level: 4,
      availableFromAt: '',
      availableToAt: '',
      active: false,
    });
    expect(checkedOne({ ...form, remove: true }, SKILL_TRAITS.public, 'UTC').wish).toEqual({
      userId: 'u1',
      skillId: 's1',
      held: null,
    });
    expect(checkedOne({ ...form, remove: true }, SKILL_TRAITS.v2, 'UTC').wish?.held?.level).toBe(4);
  });
  it('begins with what is there, where one wants that', () => {
    expect(asHeld(HELD, (at) => at.slice(0, 16))).toMatchObject({ level: 3, from: '2026-01-01T00:00', remove: false });
  });
});
