import { beforeEach, describe, expect, it } from 'vitest';
import { historyOf } from '../../../src/background/history-view.ts';
import type { StateKind } from '../../../src/domain/agent-state.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import type { HistoryLoad, HistoryProblem, HistoryRecord } from '../../../src/domain/history/history.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import type { Transition } from '../../../src/domain/transition.ts';
import { type KeptPage, keepPage, writeLoad } from '../../../src/storage/history-store.ts';
import { commitPoll, loadKnown, type PollState } from '../../../src/storage/poll-store.ts';

let connection: Connection;
beforeEach(() => {
  connection = { ...EMPTY_DRAFT, id: crypto.randomUUID(), capabilities: ['watch', 'history'] };
});
const MINUTE = 60_000;
const NOW = Date.now();
const at = (minutes: number) => NOW + minutes * MINUTE;
const record = (minutes: number, stateName = String(minutes)): HistoryRecord => ({
  atMs: at(minutes),
  category: 'available',
  stateName,
  reason: '',
  skill: '',
  beforeMs: null,
  lastsMs: null,
});
const keep = (records: HistoryRecord[], more: Partial<KeptPage> = {}) =>
  keepPage(
    {
      connectionId: connection.id,
      agentId: 'a',
      fromMs: at(-100),
      toMs: at(0),
      index: 0,
      asked: { fromMs: at(-100), toMs: at(0) },
      next: null,
      total: null,
      badRows: 0,
      badFields: [],
      count: records.length,
      records: JSON.stringify(records),
      keptMs: NOW,
      problem: null,
      ...more,
    },
    null,
    () => true,
  );
const ask = async (fromMs = at(-100), toMs = at(0)) => {
  const config = { connection, settings: DEFAULT_SETTINGS, locked: [], writes: { enabled: true, maxRows: 5000 }, active: true };
  const { agents } = await historyOf(config, { agentIds: ['a'], fromMs, toMs });
  const [history] = agents;
  if (!history) throw new Error('nobody');
  return { ...history, names: history.records?.map(({ stateName }) => stateName) ?? null };
};
const failed = (problem: HistoryProblem): HistoryLoad => ({
  id: 'l',
  connectionId: connection.id,
  agentIds: ['a'],
  fromMs: at(-100),
  toMs: at(0),
  status: 'done',
  notBeforeMs: 0,
  startedMs: NOW,
  updatedMs: NOW,
  agents: [{ agentId: 'a', status: 'failed', pages: 0, records: 0, total: null, badRows: 0, badFields: [], problem, detail: '' }],
});

describe('what is kept of an agent', () => {
  it('is nothing at first', async () => {
    expect(await ask()).toEqual({
      agentId: 'a',
      records: null,
      loadedMs: null,
      problem: null,
      seen: [],
      lastInListMs: null,
      names: null,
    });
  });

  it('is in order of time, also where several records have the same, whichever way they came', async () => {
    const told = [record(-90, 'a'), record(-50, 'b'), record(-50, 'c'), record(-10, 'd')];
    await keep(told);
    expect((await ask()).names).toEqual(['a', 'b', 'c', 'd']);
    await keep(told.toReversed());
    expect((await ask()).names).toEqual(['a', 'b', 'c', 'd']);
    await keep([...told.slice(2), ...told.slice(0, 1)]);
    expect((await ask()).names).toEqual(['a', 'c', 'd']);
  });

  it('of a smaller range has one record on either side, and says no more than what was asked', async () => {
    await keep([-90, -70, -50, -30, -10].map((minutes) => record(minutes)));
    const { names, loadedMs } = await ask(at(-55), at(-40));
    expect(names).toEqual(['-70', '-50', '-30']);
    expect(loadedMs).toEqual({ fromMs: at(-55), toMs: at(-40) });
  });

  it('reaches to when it was asked for, however far the range', async () => {
    await keep([record(-5)], { toMs: at(60), keptMs: at(-1) });
    expect((await ask(at(-100), at(60))).loadedMs).toEqual({ fromMs: at(-100), toMs: at(-1) });
    // Its last page came an hour after the first: no page is of what happened meanwhile.
    await keep([record(-5)], { toMs: at(60), keptMs: at(60), asked: { fromMs: at(-100), toMs: at(-3) } });
    expect((await ask(at(-100), at(60))).loadedMs).toEqual({ fromMs: at(-100), toMs: at(-3) });
  });

  it('of a load that is not over reaches as far as its records', async () => {
    await keep([record(-90), record(-60)], { next: '2' });
    expect((await ask()).loadedMs).toEqual({ fromMs: at(-90), toMs: at(-60) });
    await keep([record(-90), record(-60)], { next: '2', problem: 'tooMuch' });
    expect((await ask()).loadedMs).toEqual({ fromMs: at(-90), toMs: at(-60) });
    await keep([], { next: '2' });
    expect((await ask()).records).toBeNull();
  });

  it('is taken from the range that has most of what is asked, of two alike the newer', async () => {
    await keep([record(-90, 'small')], { toMs: at(-80) });
    await keep([record(-90, 'old')], { fromMs: at(-200), keptMs: NOW - 1000 });
    await keep([record(-90, 'new')], { fromMs: at(-150) });
    expect((await ask()).names).toEqual(['new']);
    expect((await ask(at(-200), at(0))).names).toEqual(['old']);
    expect((await ask(at(-400), at(-300))).records).toBeNull();
  });

  it('goes with what went wrong, unless that has been put right', async () => {
    await writeLoad(failed('forbidden'), () => true);
    expect((await ask()).problem).toBe('forbidden');
    await writeLoad(failed('capabilityOff'), () => true);
    expect((await ask()).problem).toBeNull();
    await keep([]);
    expect(await ask()).toMatchObject({ records: [], problem: 'noData', loadedMs: { fromMs: at(-100), toMs: at(0) } });
    connection.capabilities = ['watch'];
    expect(await ask()).toMatchObject({ records: [], problem: 'capabilityOff' });
  });
});

describe('what was wrong with one range', () => {
  it.each(['badRange', 'noData'] as const)('(%s) says nothing of another', async (problem) => {
    await writeLoad(failed(problem), () => true);
    expect((await ask()).problem).toBe(problem);
    expect((await ask(at(-50), at(0))).problem).toBeNull();
  });
  it('as too much is too much with more, and may not be with less', async () => {
    await writeLoad(failed('tooMuch'), () => true);
    expect((await ask()).problem).toBe('tooMuch');
    expect((await ask(at(-99), at(2))).problem).toBe('tooMuch');
    expect((await ask(at(-50), at(0))).problem).toBeNull();
  });
});

describe('our own record', () => {
  const READY: StateKind = { category: 'available', stateName: 'READY', reason: '', skill: '' };
  const BREAK: StateKind = { category: 'unavailable', stateName: 'BREAK', reason: 'Lunch', skill: '' };
  /** A poll finds the agent in a state since `minutes` (server time), with or without having seen it begin. */
  const poll = async (
    to: StateKind,
    minutes: number,
    transitions: Transition[] = [],
    state: Partial<PollState> = {},
    known = 1,
  ) => {
    const before = await loadKnown(connection.id);
    const snapshot: Snapshot = {
      ids: ['z', 'a'],
      kinds: Uint32Array.of(0, 1),
      sinceMs: Float64Array.of(1, at(minutes)),
      known: Uint8Array.of(1, known),
      dictionary: [{ ...READY, stateName: 'OTHER' }, to],
    };
    await commitPoll(connection.id, {
      before,
      known: { snapshot, state: { ...before.state, ...state } },
      transitions,
      alerts: [],
    });
  };
  const changed = (to: StateKind, minutes: number): Transition => ({
    agentId: 'a',
    from: READY,
    to,
    atMs: at(minutes),
    gap: false,
  });

  it('of an agent who has been in one state since before we looked is that state, since when the list says, as found', async () => {
    await poll(READY, -50, [], { skewMs: 2000 });
    expect((await ask()).seen).toEqual([{ atMs: at(-50) + 2000, from: null, to: READY, gap: true }]);
    // Begun before the range, it is what was at its beginning; begun after it, it is nothing of it.
    expect((await ask(at(-40))).seen).toHaveLength(1);
    expect((await ask(at(-100), at(-60))).seen).toEqual([]);
  });

  it('says a state that was seen to begin once', async () => {
    await poll(BREAK, -20, [changed(BREAK, -20)]);
    expect((await ask()).seen).toEqual([{ atMs: at(-20), from: READY, to: BREAK, gap: false }]);
  });

  it('does not make a beginning of what is only known to have begun before', async () => {
    await poll(READY, -50, [], {}, 0);
    expect((await ask()).seen).toEqual([]);
  });

  it('ends when the agent was last in an answer', async () => {
    await poll(READY, -50);
    expect((await ask()).lastInListMs).toBeNull();
    const missing = { a: { sinceMs: at(-9), seenMs: at(-10), polls: 2, askedMs: 0 } };
    await poll(READY, -50, [], { missing });
    expect((await ask()).lastInListMs).toBe(at(-10));
    await poll(READY, -50, [], { missing: { a: { ...missing.a, seenMs: 0 } } });
    expect((await ask()).lastInListMs).toBe(at(-9));
  });
});
