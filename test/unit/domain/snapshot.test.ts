import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentState, StateKind } from '../../../src/domain/agent-state.ts';
import { compare, EMPTY_SNAPSHOT, type Reading, type Snapshot, stateAt, without } from '../../../src/domain/snapshot.ts';
import type { Transition } from '../../../src/domain/transition.ts';
import { runs } from '../support/runs.ts';

const T = 1_800_000_000_000;
const MIN = 60_000;
const LUNCH: StateKind = { category: 'unavailable', stateName: 'Unavailable', reason: 'Lunch', skill: '' };
const READY: StateKind = { category: 'available', stateName: 'Available', reason: '', skill: 'Billing' };
const CALL: StateKind = { category: 'working', stateName: 'On a contact', reason: '', skill: 'Billing' };

/** A row of the tests' own: `bad` names the field that is wrong, `since` null is a tenant that gives no start. */
interface Row {
  id: string;
  kind: StateKind;
  since: number | null;
  bad?: string;
}
const row = (id: string, kind: StateKind, since: number | null = null): Row => ({ id, kind, since });
const broken = (field: string): Row => ({ ...row('?', READY), bad: field });
const read = (value: unknown, slot: AgentState): string | null => {
  const { id, kind, since, bad } = value as Row;
  // A reader may leave the slot in any condition when it refuses a row.
  Object.assign(slot, kind, { agentId: id, sinceMs: since ?? 0, sinceKnown: since !== null });
  return bad ?? null;
};
const reading = (rows: Row[], more: Partial<Reading> = {}): Reading => ({
  rows,
  read,
  atMs: T,
  gap: false,
  missing: new Set(),
  ...more,
});
const comparing = (previous: Snapshot, rows: Row[], more: Partial<Reading> = {}) => compare(previous, reading(rows, more));
const known = (...rows: Row[]) => comparing(EMPTY_SNAPSHOT, rows, { atMs: T - 10 * MIN }).next;
const states = (snapshot: Snapshot) => snapshot.ids.map((_, index) => stateAt(snapshot, index));

describe('compare', () => {
  it('takes in a first list without inventing transitions', () => {
    const { next, transitions, changed, absent } = comparing(EMPTY_SNAPSHOT, [row('a', READY, T - 5), row('b', LUNCH)]);
    expect({ transitions, changed, absent }).toEqual({ transitions: [], changed: true, absent: [] });
    expect(states(next)).toEqual([
      { agentId: 'a', ...READY, sinceMs: T - 5, sinceKnown: true },
      { agentId: 'b', ...LUNCH, sinceMs: T, sinceKnown: false },
    ]);
  });

  it('returns the very object it was given when nothing changed', () => {
    const previous = known(row('a', READY, T - MIN), row('b', LUNCH));
    const result = comparing(previous, [row('a', READY, T - MIN), row('b', LUNCH)]);
    expect(result.next).toBe(previous);
    expect(result).toMatchObject({ changed: false, transitions: [], absent: [], badRows: 0 });
  });

  it('reports a change once, at the time the tenant gives, and not again', () => {
    const previous = known(row('a', READY, T - MIN));
    const rows = [row('a', CALL, T - 2000)];
    const first = comparing(previous, rows);
    expect(first.transitions).toEqual([{ agentId: 'a', from: READY, to: CALL, atMs: T - 2000, gap: false }]);
    expect(comparing(first.next, rows, { atMs: T + 5000 }).transitions).toEqual([]);
  });

  it('takes the time of the answer where the tenant gives no start', () => {
    const { transitions, next } = comparing(known(row('a', READY)), [row('a', CALL)]);
    expect(transitions).toMatchObject([{ atMs: T }]);
    expect(stateAt(next, 0)).toMatchObject({ sinceMs: T, sinceKnown: true });
  });

  it('sees the same state begun anew, and takes rounding and corrections for none', () => {
    const previous = known(row('a', LUNCH, T - 10 * MIN));
    expect(comparing(previous, [row('a', LUNCH, T - MIN)]).transitions).toEqual([
      { agentId: 'a', from: LUNCH, to: LUNCH, atMs: T - MIN, gap: false },
    ]);
    for (const since of [T - 10 * MIN + 1500, T - 10 * MIN - 1500, T - 11 * MIN]) {
      expect(comparing(previous, [row('a', LUNCH, since)]).transitions).toEqual([]);
    }
    // Rounding is not even a change; an earlier start is, and is kept.
    expect(comparing(previous, [row('a', LUNCH, T - 10 * MIN + 900)]).changed).toBe(false);
    const corrected = comparing(previous, [row('a', LUNCH, T - 11 * MIN)]);
    expect(stateAt(corrected.next, 0)).toMatchObject({ sinceMs: T - 11 * MIN, sinceKnown: true });
  });

  it('learns an exact start without a transition', () => {
    const { transitions, next } = comparing(known(row('a', LUNCH)), [row('a', LUNCH, T - 30 * MIN)]);
    expect(transitions).toEqual([]);
    expect(stateAt(next, 0)).toMatchObject({ sinceMs: T - 30 * MIN, sinceKnown: true });
  });

  it('marks as found, not seen, what changed across a gap or while the agent was missing', () => {
    const previous = known(row('a', READY), row('b', READY));
    const gap = comparing(previous, [row('a', CALL), row('b', READY)], { gap: true });
    expect(gap.transitions).toMatchObject([{ agentId: 'a', gap: true }]);
    expect(stateAt(gap.next, 0)).toMatchObject({ sinceMs: T, sinceKnown: false });
    const missing = comparing(previous, [row('a', CALL), row('b', CALL)], { missing: new Set(['b']) });
    expect(missing.transitions.map(({ agentId, gap: found }) => [agentId, found])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('keeps agents the answer does not mention, after the others, and carries their time', () => {
    const previous = known(row('a', READY), row('b', LUNCH, T - 40 * MIN), row('c', CALL));
    const { next, absent, transitions } = comparing(previous, [row('c', CALL), row('a', READY)]);
    expect(next.ids).toEqual(['c', 'a', 'b']);
    expect(absent).toEqual(['b']);
    expect(transitions).toEqual([]);
    expect(states(next)[2]).toMatchObject({ ...LUNCH, sinceMs: T - 40 * MIN });
    // Back in the same state: nothing happened, as far as is known.
    const back = comparing(next, [row('c', CALL), row('a', READY), row('b', LUNCH)]);
    expect(back).toMatchObject({ changed: false, transitions: [] });
  });

  it('counts bad rows, names their fields once, and loses no good one between them', () => {
    const { next, badRows, badFields } = comparing(EMPTY_SNAPSHOT, [
      broken('agentId'),
      row('a', READY),
      broken('state'),
      broken('agentId'),
      row('b', LUNCH),
      broken('row'),
    ]);
    expect(next.ids).toEqual(['a', 'b']);
    expect({ badRows, badFields }).toEqual({ badRows: 4, badFields: ['agentId', 'state', 'row'] });
  });

  it('lets the first of several rows for one agent stand, known or new', () => {
    const previous = known(row('a', READY));
    const rows = [row('a', CALL), row('b', LUNCH), row('a', LUNCH), row('b', READY)];
    const { next, transitions } = comparing(previous, rows);
    expect(states(next).map((state) => [state?.agentId, state?.category])).toEqual([
      ['a', 'working'],
      ['b', 'unavailable'],
    ]);
    expect(transitions.map(({ agentId }) => agentId)).toEqual(['a', 'b']);
  });

  it('tells of somebody new once a list was known', () => {
    expect(comparing(known(row('a', READY)), [row('a', READY), row('n', CALL, T - 7)]).transitions).toEqual([
      { agentId: 'n', from: null, to: CALL, atMs: T - 7, gap: false },
    ]);
  });

  it('keeps two kinds apart whatever characters their names are made of', () => {
    const one: StateKind = { category: 'unavailable', stateName: 'Away', reason: 'Lunch\nlong', skill: '' };
    const two: StateKind = { category: 'unavailable', stateName: 'Away\nLunch', reason: 'long', skill: '' };
    const rows = [row('a', one), row('b', two)];
    const { next } = comparing(EMPTY_SNAPSHOT, rows);
    expect(stateAt(next, 1)).toMatchObject(two);
    expect(comparing(next, rows, { atMs: T + MIN }).transitions).toEqual([]);
  });

  it('takes ids that are names of Object.prototype for ids', () => {
    const ids = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const first = comparing(
      EMPTY_SNAPSHOT,
      ids.map((id) => row(id, READY)),
    );
    expect(first.next.ids).toEqual(ids);
    const second = comparing(
      first.next,
      ids.map((id) => row(id, CALL)),
    );
    expect(second.transitions.map(({ agentId }) => agentId)).toEqual(ids);
    expect(({} as Record<string, unknown>).category).toBeUndefined();
  });
});

describe('the dictionary', () => {
  const many = (count: number, tag = '') =>
    Array.from({ length: count }, (_, index) => row(`a${index}`, { ...LUNCH, reason: `${tag}${index}` }));

  it('lets go of kinds no longer in use, and nobody changes by it', () => {
    let snapshot = comparing(EMPTY_SNAPSHOT, many(600)).next;
    const last = many(600, 'again ');
    snapshot = comparing(snapshot, last).next;
    expect(snapshot.dictionary.length).toBe(600);
    expect(states(snapshot).map((state) => state?.reason)).toEqual(last.map(({ kind }) => kind.reason));
    expect(comparing(snapshot, last)).toMatchObject({ changed: false, transitions: [] });
  });

  it('is no reason to write a list in which nothing changed', () => {
    const rows = many(1100);
    const snapshot = comparing(EMPTY_SNAPSHOT, rows).next;
    expect(comparing(snapshot, rows).next).toBe(snapshot);
  });
});

describe('without', () => {
  it('drops those agents and no others', () => {
    const snapshot = known(row('a', READY, T - 1), row('b', LUNCH), row('c', CALL, T - 3));
    expect(states(without(snapshot, new Set(['b', 'nobody'])))).toEqual([states(snapshot)[0], states(snapshot)[2]]);
    expect(without(snapshot, new Set(['a', 'b', 'c'])).ids).toEqual([]);
  });
});

interface Stay {
  kind: StateKind;
  since: number;
  exact: boolean;
}
type Model = Map<string, Stay>;

/** The same rules once more, as slowly and plainly as can be. */
function oracle(before: Model, { rows, atMs, gap, missing }: { rows: Row[] } & Omit<Reading, 'rows' | 'read'>) {
  const now: Model = new Map();
  const transitions: Transition[] = [];
  const equal = (a: StateKind, b: StateKind) => JSON.stringify(Object.entries(a)) === JSON.stringify(Object.entries(b));
  for (const { id, kind, since, bad } of rows) {
    if (bad !== undefined || now.has(id)) continue;
    const old = before.get(id);
    const found = gap || missing.has(id);
    const fresh: Stay = { kind, since: since ?? atMs, exact: since !== null };
    const tell = (mark: boolean) =>
      transitions.push({ agentId: id, from: old?.kind ?? null, to: kind, atMs: since ?? atMs, gap: mark });
    if (!old) {
      now.set(id, fresh);
      if (before.size > 0) tell(gap);
    } else if (!equal(old.kind, kind)) {
      now.set(id, { ...fresh, exact: since !== null || !found });
      tell(found);
    } else if (since === null || Math.abs(since - old.since) <= 1500) {
      now.set(id, old);
    } else {
      now.set(id, fresh);
      if (old.exact && since > old.since) tell(found);
    }
  }
  const absent = [...before.keys()].filter((id) => !now.has(id));
  for (const id of absent) now.set(id, before.get(id) as Stay);
  return { now, transitions, absent };
}

describe('a delta', () => {
  it('changes those it names, leaves the others as and where they are, and knows nobody absent', () => {
    const previous = known(row('a', READY, T - MIN), row('b', LUNCH, T - MIN), row('c', READY, T - MIN));
    const { next, transitions, absent, changed } = comparing(previous, [row('b', READY, T - 1000)], { delta: true });
    expect({ changed, absent }).toEqual({ changed: true, absent: [] });
    expect(next.ids).toBe(previous.ids);
    expect(states(next).map((state) => [state?.agentId, state?.stateName, state?.sinceMs])).toEqual([
      ['a', 'Available', T - MIN],
      ['b', 'Available', T - 1000],
      ['c', 'Available', T - MIN],
    ]);
    expect(transitions.map(({ agentId, from }) => [agentId, from?.reason])).toEqual([['b', 'Lunch']]);
  });

  it('takes in newcomers behind the others', () => {
    const previous = known(row('a', READY), row('b', READY));
    const { next, transitions } = comparing(previous, [row('n', CALL), row('a', CALL)], { delta: true });
    expect(next.ids).toEqual(['a', 'b', 'n']);
    expect(transitions.map(({ agentId }) => agentId)).toEqual(['n', 'a']);
  });

  it('without anybody changes nothing: the very same object', () => {
    const previous = known(row('a', READY), row('b', READY));
    const result = comparing(previous, [], { delta: true });
    expect(result.next).toBe(previous);
    expect(result).toMatchObject({ changed: false, transitions: [], absent: [] });
  });
});

describe('any sequence of answers', () => {
  const anyKind = fc.constantFrom(LUNCH, READY, CALL, { ...LUNCH, reason: 'Break' });
  const anySince = fc.option(
    fc.integer({ min: 0, max: 8 }).map((step) => T - 20 * MIN + step * 1000),
    { nil: null },
  );
  const anyRow = fc.record({
    id: fc.constantFrom('a', 'b', 'c', '1', '__proto__', '😀'),
    kind: anyKind,
    since: anySince,
    bad: fc.option(fc.constantFrom('state', 'agentId'), { nil: undefined, freq: 8 }),
  });
  const anyAnswer = fc.record({
    rows: fc.array(anyRow, { maxLength: 7 }) as fc.Arbitrary<Row[]>,
    gap: fc.boolean(),
    missing: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }).map((ids) => new Set(ids)),
  });

  it('as deltas comes to the same as whole lists with the others as they were', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { minLength: 1, maxLength: 4 }), (answers) => {
        let byDelta = EMPTY_SNAPSHOT;
        let byList = EMPTY_SNAPSHOT;
        for (const [turn, answer] of answers.entries()) {
          const atMs = T + turn * 30_000;
          const named = new Set(answer.rows.filter(({ bad }) => bad === undefined).map(({ id }) => id));
          const others = byList.ids.flatMap((id, index): Row[] => {
            const state = stateAt(byList, index);
            if (named.has(id) || !state) return [];
            const { category, stateName, reason, skill, sinceMs, sinceKnown } = state;
            return [row(id, { category, stateName, reason, skill }, sinceKnown ? sinceMs : null)];
          });
          const delta = compare(byDelta, { ...answer, atMs, read, delta: true });
          const list = compare(byList, { ...answer, rows: [...answer.rows, ...others], atMs, read });
          const byId = (snapshot: Snapshot) =>
            states(snapshot).sort((a, b) => ((a?.agentId ?? '') < (b?.agentId ?? '') ? -1 : 1));
          expect(JSON.stringify([byId(delta.next), delta.transitions])).toBe(JSON.stringify([byId(list.next), list.transitions]));
          byDelta = delta.next;
          byList = list.next;
        }
      }),
      runs(5000),
    );
  }, 60_000);

  it('comes out as the plain rules say; replayed, it gives nothing new', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { minLength: 1, maxLength: 4 }), (answers) => {
        let snapshot = EMPTY_SNAPSHOT;
        let model: Model = new Map();
        for (const [turn, answer] of answers.entries()) {
          const input = { ...answer, atMs: T + turn * 30_000 };
          const got = compare(snapshot, { ...input, read });
          const want = oracle(model, input);
          const changed = JSON.stringify([...model]) !== JSON.stringify([...want.now]);
          const bad = answer.rows.flatMap(({ bad: field }) => (field === undefined ? [] : [field]));
          const again = compare(got.next, { ...input, read, atMs: input.atMs + 5000 });
          // As one text each: ten thousand runs of `toEqual` take ten times as long.
          const flat = ({ category, stateName, reason, skill }: StateKind) => [category, stateName, reason, skill];
          expect(
            JSON.stringify([
              got.transitions,
              got.absent,
              states(got.next).map((state) => state && [state.agentId, ...flat(state), state.sinceMs, state.sinceKnown]),
              got.badRows,
              got.badFields,
              got.changed,
              got.next === snapshot,
              again.transitions,
            ]),
          ).toBe(
            JSON.stringify([
              want.transitions,
              want.absent,
              [...want.now].map(([id, { kind, since, exact }]) => [id, ...flat(kind), since, exact]),
              bad.length,
              [...new Set(bad)],
              changed,
              !changed,
              [],
            ]),
          );
          snapshot = got.next;
          model = want.now;
        }
      }),
      runs(10_000),
    );
  }, 60_000);

  it('makes the same of rows it need not read again as of rows it reads, whoever came, went, changed or moved', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const someRow = fc.record({
      id: fc.constantFrom(...ids),
      kind: fc.constantFrom(READY, LUNCH, CALL),
      since: fc.constantFrom(null, T - 3 * MIN, T - 2 * MIN),
    });
    const edit = fc.record({
      at: fc.nat(9),
      how: fc.constantFrom('replace', 'insert', 'remove', 'toEnd', 'break'),
      row: someRow,
    });
    fc.assert(
      fc.property(
        fc.array(someRow, { maxLength: 8 }),
        fc.array(fc.array(edit, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        (first, turns) => {
          let rows: Row[] = first;
          let last = comparing(EMPTY_SNAPSHOT, rows, { atMs: T - 10 * MIN });
          for (const [turn, edits] of turns.entries()) {
            rows = [...rows];
            for (const { at, how, row: other } of edits) {
              if (how === 'replace') rows.splice(at, 1, other);
              if (how === 'insert') rows.splice(at, 0, other);
              if (how === 'remove') rows.splice(at, 1);
              if (how === 'toEnd') rows.push(...rows.splice(at, 1));
              if (how === 'break') rows.splice(at, 0, broken('id'));
            }
            const more = { atMs: T - 5 * MIN + turn * MIN, gap: turn % 2 === 1 };
            const all = comparing(last.next, rows, more);
            const some = comparing(last.next, rows, { ...more, steady: last.steady });
            expect(some).toEqual(all);
            last = some;
          }
        },
      ),
      runs(5_000),
    );
  });

  it('does not read again what stands where it stood', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => row(id, READY, T - MIN));
    const before = comparing(EMPTY_SNAPSHOT, rows, { atMs: T - 5 * MIN });
    const asked: string[] = [];
    const noting = (value: unknown, slot: AgentState) => {
      asked.push((value as Row).id);
      return read(value, slot);
    };
    const [a, , c, d] = rows as [Row, Row, Row, Row];
    const next = [a, row('b', CALL, T), row('new', READY, T), c, d];
    expect(comparing(before.next, next, { steady: before.steady, read: noting }).transitions).toHaveLength(2);
    expect(asked).toEqual(['b', 'new']);
    // A row nobody could read belongs to nobody: nothing is kept of such a list.
    expect(comparing(before.next, [...rows, broken('id')]).steady).toEqual([]);
  });
});
