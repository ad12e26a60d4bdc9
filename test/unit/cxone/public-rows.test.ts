import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { inspectRow, readRow, rowHasSkill } from '../../../src/cxone/profiles/public/rows.ts';
import type { AgentState } from '../../../src/domain/agent-state.ts';
import { compare, EMPTY_SNAPSHOT, newSlot } from '../../../src/domain/snapshot.ts';
import { runs } from '../support/runs.ts';
import { DRIFT, OPERATIONS, rowOf, STATES, SYSTEM_CODES } from './public-schema.ts';

const good = {
  agentId: 1001,
  agentStateId: 2,
  agentStateName: 'Unavailable',
  isACW: false,
  outStateId: 17,
  outStateDescription: 'Lunch',
  skillId: 4,
  skillName: 'Billing',
  startDate: '2026-11-20T09:41:00.000Z',
};
const readOne = (row: unknown): AgentState | string => {
  const slot = newSlot();
  return readRow(row, slot) ?? slot;
};
const CATEGORIES = ['available', 'unavailable', 'working', 'acw', 'loggedOut', 'loggedIn', 'unknown'];

describe('one row', () => {
  it('is read whole', () => {
    expect(readOne(good)).toEqual({
      agentId: '1001',
      category: 'unavailable',
      stateName: 'Unavailable',
      reason: 'Lunch',
      skill: 'Billing',
      sinceMs: Date.parse('2026-11-20T09:41:00Z'),
      sinceKnown: true,
    });
  });

  it.each(STATES)('state %i, %s, is %s, as number, as text, and by its name alone', (id, name, category) => {
    for (const agentStateId of [id, String(id)])
      for (const agentStateName of [name, 'Tenant’s own', ''])
        expect(readOne({ ...good, agentStateId, agentStateName })).toMatchObject({
          category,
          stateName: agentStateName || name,
        });
    for (const agentStateName of [name, name.toUpperCase(), name.replace(/(?<=[a-z])(?=[A-Z])/, ' ')])
      expect(readOne({ ...good, agentStateId: undefined, agentStateName })).toMatchObject({
        category,
        stateName: agentStateName,
      });
  });

  it.each(SYSTEM_CODES)('system code %i is the reason %s', (code, name) => {
    for (const said of [{ outStateId: code }, { outStateId: undefined, outStateCode: String(code) }])
      expect(readOne({ ...good, outStateDescription: '', ...said })).toMatchObject({ category: 'unavailable', reason: name });
    expect(readOne({ ...good, outStateId: 0, outStateDescription: code })).toMatchObject({ reason: name });
    expect(readOne({ ...good, outStateId: code, outStateDescription: 'Own words' })).toMatchObject({ reason: 'Own words' });
    expect(readOne({ ...good, agentStateId: code, agentStateName: '' })).toMatchObject({
      category: 'unavailable',
      stateName: name,
    });
  });

  it.each([
    [{ isACW: true }, 'acw'],
    [{ isACW: 'True' }, 'acw'],
    [{ isACW: undefined, isAcw: 'true' }, 'acw'],
    [{ isACW: 1 }, 'acw'],
    [{ isACW: 'false' }, 'unavailable'],
    [{ isACW: null }, 'unavailable'],
    [{ isACW: '' }, 'unavailable'],
    [{ isACW: true, agentStateId: 0 }, 'loggedOut'],
    [{ isACW: true, agentStateId: 3 }, 'acw'],
  ])('%j is %s', (part, category) => {
    expect(readOne({ ...good, ...part })).toMatchObject({ category });
  });

  it.each([
    [77, 'Meditation'],
    ['x', 'constructor'],
    [-99, '__proto__'],
    [null, 'Yoga'],
    [99, ''],
  ])('state %j named %j is unknown, and keeps its name', (agentStateId, agentStateName) => {
    expect(readOne({ ...good, agentStateId, agentStateName })).toMatchObject({
      category: 'unknown',
      stateName: agentStateName || '99',
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ agentId: '1001' }, '1001'],
    [{ agentId: '0007' }, '0007'],
    [{ agentId: undefined, agentID_alt: 12 }, '12'],
    [{ agentId: undefined, agentNo: '12' }, '12'],
    [{ agentId: '11e8b0a4-0000-4000-8000-000000000001', agentNo: 12 }, '12'],
    [{ agentId: '11e8b0a4-0000-4000-8000-000000000001' }, '11e8b0a4-0000-4000-8000-000000000001'],
    // An int64 that JSON has rounded is no id; the same in text is one.
    [{ agentId: 2 ** 53, agentNo: '9007199254740993' }, '9007199254740993'],
  ])('%j is agent %s', (part, agentId) => {
    expect(readOne({ ...good, ...part })).toMatchObject({ agentId });
  });

  it.each<[string, unknown]>([
    ['row', null],
    ['row', 'row'],
    ['row', [good]],
    ['agentId', {}],
    ['agentId', { ...good, agentId: 2 ** 53 }],
    ['agentId', { ...good, agentId: '' }],
    ['agentId', { ...good, agentId: 'a\nb' }],
    ['agentId', { ...good, agentId: 1.5 }],
    ['agentId', { ...good, agentId: 'x'.repeat(201) }],
    ['agentStateId', { ...good, agentStateId: null, agentStateName: null }],
    ['agentStateId', { ...good, agentStateId: {}, agentStateName: [] }],
    ['isACW', { ...good, isACW: 'perhaps' }],
    ['isACW', { ...good, isACW: {} }],
  ])('is refused for its %s: %j', (field, row) => {
    expect(readOne(row)).toBe(field);
  });

  it.each([
    ['2026-11-20T09:41:00.000Z', '2026-11-20T09:41:00Z'],
    ['2026-11-20T09:41:00', '2026-11-20T09:41:00Z'],
    ['2026-11-20 09:41:00.1234567', '2026-11-20T09:41:00.123Z'],
    ['2026-11-20T09:41:00.1234567Z', '2026-11-20T09:41:00.123Z'],
    ['2026-11-20T11:41:00+02:00', '2026-11-20T09:41:00Z'],
    ['2026-11-20T11:41:00+0200', '2026-11-20T09:41:00Z'],
  ])('the start %s is %s, in whatever zone this computer is', (startDate, moment) => {
    const sinceMs = Date.parse(moment);
    const parse = vi.spyOn(Date, 'parse');
    expect(readOne({ ...good, startDate })).toMatchObject({ sinceMs, sinceKnown: true });
    // Tests may run in UTC, where a forgotten zone is not noticed.
    expect(parse.mock.calls.flat().filter((text) => !/(Z|[+-]\d\d:\d\d)$/.test(text))).toEqual([]);
  });

  // A date without a time (facts section 9) would be midnight: wrong by hours.
  it.each(['2026-11-20', '', null, 'yesterday', 'Z', 7, '0001-01-01T00:00:00', '2026-99-99T00:00:00Z', {}])(
    'does without a start: %j',
    (startDate) => {
      expect(readOne({ ...good, startDate })).toMatchObject({ sinceMs: 0, sinceKnown: false });
    },
  );
});

describe('any rows', () => {
  const evil = fc.constantFrom<unknown>(
    null,
    undefined,
    [],
    {},
    7,
    -0,
    2 ** 53 + 2,
    Number.NaN,
    '',
    'true',
    '\ud800',
    'n'.repeat(9999),
    JSON.parse('{"__proto__":{"polluted":1}}'),
  );
  const member = fc.oneof({ weight: 9, arbitrary: evil }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
  const names = [...Object.keys(OPERATIONS.states.row), ...DRIFT.map(([, seen]) => seen)];
  const anyRow = fc.oneof(evil, fc.record(Object.fromEntries(names.map((name) => [name, member])), { requiredKeys: [] }));

  it('never throw, never make a state nobody knows, and never cost a good one', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 6 }), fc.nat(6), (rows, at) => {
        const list = [...rows.slice(0, at), { ...good, agentId: 'good-agent' }, ...rows.slice(at)];
        const { next, badFields } = compare(EMPTY_SNAPSHOT, {
          rows: list,
          read: readRow,
          atMs: 1,
          gap: false,
          missing: new Set(),
        });
        expect(next.ids).toContain('good-agent');
        expect(badFields.filter((field) => !['row', 'agentId', 'agentStateId', 'isACW'].includes(field))).toEqual([]);
        for (const { category, stateName, reason, skill } of next.dictionary) {
          expect(CATEGORIES).toContain(category);
          expect([stateName, reason, skill].every((text) => typeof text === 'string' && text.length <= 200)).toBe(true);
        }
        for (const row of rows) inspectRow(row, 'a');
        for (const row of rows) rowHasSkill(row, '7');
      }),
      runs(5000),
    );
    expect('polluted' in {}).toBe(false);
  }, 60_000);

  it('as documented are all read, their ids exact', () => {
    for (const operation of [OPERATIONS.states, OPERATIONS.statesOf])
      fc.assert(
        fc.property(rowOf(operation), fc.constantFrom(...DRIFT), fc.boolean(), (row, [from, to], asText) => {
          const { [from]: value, ...rest } = row;
          const sent: Record<string, unknown> = { ...rest, ...(value === undefined ? {} : { [to]: value }) };
          if (asText) for (const [name, each] of Object.entries(sent)) if (typeof each !== 'string') sent[name] = String(each);
          const slot = readOne(JSON.parse(JSON.stringify(sent)));
          expect(slot).toMatchObject({ agentId: String(row.agentId), sinceKnown: operation === OPERATIONS.states });
        }),
        runs(1000),
      );
  });

  it('in a state that is none of the documented ones keep its name', () => {
    const known = new Set<string>([...STATES, ...SYSTEM_CODES].map(([, name]) => name.toLowerCase()));
    const name = fc
      .string({ minLength: 1, maxLength: 60 })
      .filter((text) => !known.has(text.toLowerCase().replaceAll(/[ _-]/g, '')));
    fc.assert(
      fc.property(fc.integer({ min: 9 }), name, (agentStateId, agentStateName) => {
        expect(readOne({ ...good, agentStateId, agentStateName })).toMatchObject({
          category: 'unknown',
          stateName: agentStateName,
        });
      }),
      runs(1000),
    );
  });
});

describe('what a diagnosis looks at', () => {
  it.each([
    [2, 'unavailable', true, true],
    [0, 'loggedOut', true, false],
    [8, 'loggedIn', false, true],
    [77, 'unknown', true, null],
  ])('state %i', (agentStateId, category, stateGiven, loggedIn) => {
    expect(inspectRow({ ...good, agentStateId, agentStateName: 'Own' }, '1001')).toEqual({
      category,
      stateName: 'Own',
      stateGiven,
      loggedIn,
      skills: null,
      sinceMs: Date.parse(good.startDate),
    });
  });

  it('is nothing about anybody else, or a row nobody can read', () => {
    expect(inspectRow(good, '1002')).toBeNull();
    expect(inspectRow({ ...good, isACW: 'perhaps' }, '1001')).toBeNull();
  });

  it('knows a skill’s id, not the lack of one', () => {
    expect(rowHasSkill(good, '4')).toBe(true);
    expect(rowHasSkill({ ...good, skillId: '4' }, '4')).toBe(true);
    expect(rowHasSkill(good, '1001')).toBe(false);
    expect(rowHasSkill({ ...good, skillId: null }, '')).toBe(false);
    expect(rowHasSkill(null, '4')).toBe(false);
  });
});
