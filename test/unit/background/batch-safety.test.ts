import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Held } from '../../../src/domain/skills/assignment.ts';
import { undoWishes } from '../../../src/domain/skills/undo.ts';
import { fake } from '../support/fake-browser.ts';
import { held, SkillsWorld, ticks, wish } from './support/skills-tenant.ts';

let world: SkillsWorld;
beforeEach(async () => {
  world = await SkillsWorld.open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.kill();
  vi.useRealTimers();
});
const ready = (id = world.batchId) => world.until(({ status }) => status === 'ready', id);
const done = (id = world.batchId) => world.until(({ status }) => status === 'done', id);
const writes = () => world.tenant.arrived.length;
const wishes = (count: number) => Array.from({ length: count }, (_, at) => wish(`u${at}`, 'billing', 3));
const plain = (level: number, active = true): Held => ({ level, availableFromAt: '', availableToAt: '', active });

describe('two batches', () => {
  const publicly = () => {
    world.config = { ...world.config, connection: { ...world.connection, profile: 'public' } };
  };

  it('are never at work at once: a row that needs another look waits until the one that runs has ended', async () => {
    publicly();
    const other = crypto.randomUUID();
    world.tenant.set('v', 'billing', plain(2));
    await world.plan([{ ...wish('v', 'billing', 3), held: null }]);
    await ready();
    const rows = Array.from({ length: 12 }, (_, at) => ({ ...wish(`u${at}`, 'billing', 3), held: plain(3) }));
    await world.plan(rows, other);
    await ready(other);
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go(other);
    await ticks();
    const change = () => world.batcher.change(world.config, world.batchId, [{ index: 0, held: plain(5) }]);
    await expect(change()).rejects.toMatchObject({ error: { code: 'busy' } });
    expect((await world.batch()).status).toBe('ready');
    await done(other);
    // Each timed out once, was there, and was not sent again.
    expect(writes()).toBe(12);
    await change();
    await ready();
    expect((await world.rows())[0]).toMatchObject({ diff: 'changed', state: 'planned', wish: plain(5) });
  });

  it('nor a change in the very moment its dry run ends', async () => {
    publicly();
    world.tenant.set('v', 'billing', plain(2));
    const { set } = globalThis.chrome.storage.session;
    let changing: Promise<void> | null = null;
    vi.spyOn(globalThis.chrome.storage.session, 'set').mockImplementation((items: object) => {
      const text = 'view.batch' in items ? String(items['view.batch']) : '';
      if (text.includes('"ready"'))
        changing ??= world.batcher.change(world.config, world.batchId, [{ index: 0, held: plain(5) }]);
      return set(items) as never;
    });
    await world.plan([{ ...wish('v', 'billing', 3), held: null }]);
    await world.until(({ status }) => status === 'ready' && changing !== null);
    await changing;
    await ready();
    expect((await world.rows())[0]).toMatchObject({ diff: 'changed', wish: plain(5) });
  });
});

describe('a cancel', () => {
  const cancelled = () => world.until(({ status, counts }) => status === 'cancelled' && counts.states.sent === 0);
  const cancel = () => world.batcher.cancel(world.config, world.batchId);

  it.each(['user', 'signedOut'] as const)('right after a pause (%s), while rows are on their way, holds', async (pause) => {
    await world.plan(wishes(12));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go();
    await ticks();
    expect(writes()).toBeGreaterThan(0);
    if (pause === 'user') await world.batcher.pause(world.config, world.batchId);
    else await world.batcher.halt(world.connection.id, pause);
    await cancel();
    expect((await world.batch()).status).toBe('cancelled');
    const { counts } = await cancelled();
    // What was on its way is read back, though the pause came first; nothing else is begun.
    expect(counts.states).toMatchObject({ verified: writes(), unknown: 0, planned: 12 - writes() });
    expect(await world.mismatches()).toEqual([]);
  });

  it('in the moment the dry run ends holds', async () => {
    const { set } = globalThis.chrome.storage.session;
    let cancelling: Promise<void> | null = null;
    vi.spyOn(globalThis.chrome.storage.session, 'set').mockImplementation((items: object) => {
      if ('view.batch' in items && String(items['view.batch']).includes('"ready"')) cancelling ??= cancel();
      return set(items) as never;
    });
    await world.plan(wishes(2));
    await world.until(() => cancelling !== null);
    await cancelling;
    await cancelled();
    expect(writes()).toBe(0);
  });

  it('outlives what breaks afterwards', async () => {
    await world.plan(wishes(12));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go();
    await ticks();
    await cancel();
    const full = diskFull(['batchRows']);
    await rested();
    expect((await world.batch()).status).toBe('cancelled');
    full.over();
    const { counts } = await cancelled();
    expect(counts.states).toMatchObject({ verified: writes(), planned: 12 - writes() });
    expect(await world.mismatches()).toEqual([]);
  });

  it('while figures are asked for is not taken back by them', async () => {
    await world.plan(wishes(3));
    await ready();
    let answer = (): void => undefined;
    world.tenant.performance = async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { outcome: 'ok', performance: null, atMs: 0, requestId: '' };
    };
    await world.batcher.suggest(world.config, world.batchId);
    await ticks();
    await cancel();
    answer();
    await ticks();
    expect((await world.batch()).status).toBe('cancelled');
    expect(await world.view()).toMatchObject({ batch: { status: 'cancelled' }, figures: null });
  });
});

/** Nothing at work, and no time passing. */
async function rested(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await ticks();
    if (!world.batcher.isBusy()) return;
    await vi.advanceTimersToNextTimerAsync();
  }
  throw new Error('it never rests');
}

/** Nothing can be written into these. `tries`: how often it was tried. */
function diskFull(stores: string[]) {
  const { put } = IDBObjectStore.prototype;
  const full = { tries: 0, over: () => void vi.restoreAllMocks() };
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (!stores.includes(this.name)) return put.apply(this, args);
    full.tries++;
    throw new DOMException('full', 'QuotaExceededError');
  });
  return full;
}

describe('a disk that is full', () => {
  it.each([[['batches', 'batchRows']], [['batchRows']]])('(%s) pauses the batch, and nobody hammers at it', async (stores) => {
    await world.plan(wishes(12));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go();
    await ticks();
    const sent = writes();
    const full = diskFull(stores);
    await rested();
    for (let turn = 0; turn < 5; turn++) await ticks();
    expect(full.tries).toBeLessThan(20);
    expect((await world.view())?.batch).toMatchObject({ status: 'paused', pause: 'failed' });
    // The alarm looks after it, and lets it be.
    const before = full.tries;
    for (let rings = 0; rings < 4; rings++) {
      vi.setSystemTime(Date.now() + 30_000);
      await world.batcher.wake().catch(() => undefined);
      await rested();
    }
    expect(full.tries - before).toBeLessThanOrEqual(4);
    expect(writes()).toBe(sent);
    // The user may try: it comes to nothing, and is as it was.
    await world.batcher.run(world.config, world.batchId, 12 - sent).catch(() => undefined);
    await rested();
    for (let turn = 0; turn < 5; turn++) await ticks();
    expect((await world.view())?.batch).toMatchObject({ status: 'paused', pause: 'failed' });
    full.over();
    // There is room again: it stands as it was shown, and goes on when it is told to.
    if (fake.alarms.has('batch')) await world.batcher.wake();
    expect(await world.batch()).toMatchObject({ status: 'paused', pause: 'failed' });
    expect(fake.alarms.has('batch')).toBe(false);
    await world.go();
    await done();
    expect(writes()).toBe(12);
    expect(await world.mismatches()).toEqual([]);
  });

  it('does not lose a pause or a cancel that could not be written down', async () => {
    await world.plan(wishes(12));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go();
    await ticks();
    const full = diskFull(['batches', 'batchRows']);
    await expect(world.batcher.cancel(world.config, world.batchId)).rejects.toThrow();
    await rested();
    full.over();
    await world.batcher.wake();
    const { counts } = await world.until(({ status, counts: { states } }) => status === 'cancelled' && states.sent === 0);
    expect(counts.states).toMatchObject({ verified: writes(), planned: 12 - writes() });
    expect(await world.mismatches()).toEqual([]);
  });
});

describe('a clock', () => {
  const HOUR_MS = 3_600_000;

  it('put forward while a row settles makes the wait no shorter: what comes late is not sent twice', async () => {
    await world.plan(wishes(1));
    await ready();
    world.tenant.fate = () => ({ afterMs: 25_000, answer: 'lost' });
    await world.go();
    await ticks();
    expect(writes()).toBe(1);
    world.jump(HOUR_MS);
    await done();
    expect(writes()).toBe(1);
    expect(await world.mismatches()).toEqual([]);
  });

  it('put forward while a request is on its way does so neither', async () => {
    await world.plan(wishes(1));
    await ready();
    world.tenant.fate = () => ({ afterMs: 29_000, answer: 'timeout' });
    await world.go();
    await ticks();
    world.jump(HOUR_MS);
    await done();
    expect(writes()).toBe(1);
    expect(await world.mismatches()).toEqual([]);
  });

  it.each(['batch:sent', 'batch:answered'])('put forward while no worker lives (killed at %s) is not trusted', async (step) => {
    await world.plan(wishes(1));
    await ready();
    world.tenant.fate = () => ({ afterMs: 25_000, answer: 'lost' });
    await world.killAt(step);
    await world.go();
    expect(await world.untilReached()).toBe(true);
    await world.kill();
    world.jump(HOUR_MS);
    world.newLife();
    await world.batcher.wake();
    await done();
    expect(writes()).toBe(1);
    expect(await world.mismatches()).toEqual([]);
  });

  it('put forward between a pause and going on is not trusted', async () => {
    await world.plan(wishes(1));
    await ready();
    world.tenant.fate = () => ({ afterMs: 25_000, answer: 'lost' });
    await world.go();
    await ticks();
    await world.batcher.pause(world.config, world.batchId);
    await ticks();
    world.jump(HOUR_MS);
    await world.go();
    await done();
    expect(writes()).toBe(1);
    expect(await world.mismatches()).toEqual([]);
  });

  it('put back makes nobody wait for it to catch up', async () => {
    await world.plan(wishes(1));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'lost' });
    await world.go();
    await ticks();
    const startMs = performance.now();
    world.jump(-HOUR_MS);
    await done();
    expect(performance.now() - startMs).toBeLessThan(60_000);
  });
});

describe('what another batch wrote a moment ago', () => {
  it('is seen by a run that was looked at before: it is a conflict, and not written over', async () => {
    const first = crypto.randomUUID();
    await world.plan([wish('u0', 'billing', 2)], first);
    await ready(first);
    world.tenant.fate = () => ({ afterMs: 20_000, answer: 'applied' });
    await world.runAll([wish('u0', 'billing', 5)]);
    await done();
    await world.go(first);
    await done(first);
    expect((await world.rows(first))[0]).toMatchObject({ state: 'conflict', theirs: { level: 5 } });
    expect(writes()).toBe(1);
  });

  it('keeps a dry run waiting, and it says until when', async () => {
    await world.runAll([wish('u0', 'billing', 5)]);
    await done();
    const next = crypto.randomUUID();
    const nowMs = Date.now();
    await world.plan([wish('u0', 'billing', 2), wish('u1', 'billing', 2)], next);
    await ticks();
    await vi.advanceTimersByTimeAsync(1000);
    await ticks();
    const shown = (await world.view())?.batch;
    expect(shown).toMatchObject({ id: next, status: 'checking', counts: { checked: 1 } });
    expect(shown?.notBeforeMs).toBeGreaterThan(nowMs + 25_000);
    expect(shown?.notBeforeMs).toBeLessThanOrEqual(nowMs + 30_000);
    expect((await ready(next)).notBeforeMs).toBe(0);
  });
});

describe('what workforce management has had', () => {
  const delivered = (updatedMs: number) => world.batcher.delivered(world.batchId, updatedMs, 77);

  it('is marked when nothing has changed since its rows were read', async () => {
    await world.runAll(wishes(2));
    const { updatedMs } = await done();
    await delivered(updatedMs);
    expect(await world.batch()).toMatchObject({ wfmSentMs: 77, updatedMs });
  });

  it('is not all there is, when rows were decided on while it was on its way', async () => {
    world.tenant.fate = ({ userId }) =>
      userId === 'u0' && writes() === 1 ? { afterMs: null, answer: 422 } : { afterMs: 0, answer: 'applied' };
    await world.runAll(wishes(2));
    const { updatedMs } = await done();
    vi.setSystemTime(Date.now() + 1000);
    await world.batcher.decide(world.config, world.batchId, [0], 'ours');
    await delivered(updatedMs);
    await world.go();
    await delivered(updatedMs);
    const batch = await done();
    expect(batch).toMatchObject({ wfmSentMs: 0, counts: { states: { verified: 2 } } });
    await delivered(batch.updatedMs);
    expect((await world.batch()).wfmSentMs).toBe(77);
  });

  it('of a batch that is not over is no mark', async () => {
    await world.plan(wishes(1));
    const { updatedMs } = await ready();
    await delivered(updatedMs);
    expect((await world.batch()).wfmSentMs).toBe(0);
  });
});

describe('one person', () => {
  const UUID = '0a1b2c3d-0000-4000-8000-00000000abcd';

  it('is one lane, however the id is spelt', async () => {
    world.tenant.set(UUID, 'support', held(1));
    let underWay = 0;
    await world.plan([wish(UUID, 'billing', 3), wish(UUID.toUpperCase(), 'support', 3)]);
    await ready();
    expect((await world.rows()).map(({ diff }) => diff)).toEqual(['new', 'changed']);
    world.tenant.fate = () => {
      expect(++underWay).toBe(1);
      setTimeout(() => underWay--, 20_000);
      return { afterMs: 0, answer: 'timeout' };
    };
    await world.go();
    await done();
    expect((await world.rows()).map(({ state }) => state)).toEqual(['verified', 'verified']);
    expect(writes()).toBe(2);
  });

  it.each([
    ['public', 'refused otherId'],
    ['v2', 'new'],
  ] as const)('that is kept under another id than the one asked for: %s tells %s', async (profile, told) => {
    world.config = { ...world.config, connection: { ...world.connection, profile } };
    world.tenant.agentIdOf = (id) => (id === 'user-7' ? '7' : id);
    const of = profile === 'public' ? plain(3) : held(3);
    await world.plan([{ ...wish('user-7', 'billing', 3), held: of }]);
    await ready();
    const [row] = await world.rows();
    expect([row?.diff, ...(row?.refusals ?? []).map(({ code }) => code)].join(' ')).toBe(told);
    if (profile === 'public') expect(row?.refusals[0]?.params).toEqual(['7']);
  });
});

describe('an undo', () => {
  it('leaves alone what somebody else wrote, though it is as we wished', async () => {
    await world.plan(wishes(3));
    await ready();
    world.tenant.fate = ({ userId }) => {
      if (userId !== 'u1') return { afterMs: userId === 'u2' ? 20_000 : 0, answer: userId === 'u2' ? 'lost' : 'applied' };
      // Somebody is quicker, and wants the same.
      world.tenant.set('u1', 'billing', held(3));
      return { afterMs: null, answer: 409 };
    };
    await world.go();
    await done();
    expect((await world.rows()).map(({ state }) => state)).toEqual(['verified', 'verified', 'verified']);
    expect(undoWishes(await world.rows()).map(({ userId }) => userId)).toEqual(['u0', 'u2']);
  });

  it('takes back what turned out to be there after the user’s word, and nothing that is another’s', async () => {
    await world.plan(wishes(2));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'lost' });
    world.tenant.miss = (question) => (question === 'assignments' && writes() > 1 ? 'forbidden' : null);
    await world.go();
    await done();
    expect((await world.rows()).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    world.tenant.miss = () => null;
    world.tenant.set('u1', 'billing', held(1));
    await world.batcher.decide(world.config, world.batchId, [0, 1], 'ours');
    await world.go();
    await done();
    expect((await world.rows()).map(({ state }) => state)).toEqual(['verified', 'conflict']);
    expect(undoWishes(await world.rows()).map(({ userId }) => userId)).toEqual(['u0']);
  });

  it('brings back what there was, also without a window; and marks what has changed since', async () => {
    world.tenant.set('u0', 'billing', plain(1));
    world.tenant.set('u1', 'billing', held(1));
    await world.runAll(wishes(2));
    await done();
    world.tenant.settle();
    world.tenant.set('u1', 'billing', held(5));
    vi.setSystemTime(Date.now() + 60_000);
    const back = crypto.randomUUID();
    await world.runAll(undoWishes(await world.rows()), back);
    await done(back);
    const rows = await world.rows(back);
    expect(rows.map(({ state, refusals }) => [state, ...refusals.map(({ code }) => code)].join(' '))).toEqual([
      'verified',
      'skipped changedSince',
    ]);
    expect([world.tenant.get('u0', 'billing'), world.tenant.get('u1', 'billing')]).toEqual([plain(1), held(5)]);
  });
});

describe('asking for figures', () => {
  /** A tenant that takes its time: each answer comes when it is told to. */
  function slow(): (() => void)[] {
    const waiting: (() => void)[] = [];
    world.tenant.performance = async () => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return { outcome: 'ok', performance: { talkTime: 9, handleTime: 10, resolutionRate: 0.9 }, atMs: 0, requestId: '' };
    };
    return waiting;
  }
  const suggest = () => world.batcher.suggest(world.config, world.batchId);
  const shown = async () => {
    await vi.advanceTimersByTimeAsync(250);
    await ticks();
    return world.view();
  };
  const begun = async () => {
    await world.plan(wishes(12));
    await ready();
    const waiting = slow();
    await suggest();
    await ticks();
    return waiting;
  };

  it('is answered at once, tells how far it has come, and keeps the worker awake', async () => {
    const waiting = await begun();
    expect(waiting).toHaveLength(5);
    expect((await shown())?.figures).toMatchObject({ done: 0, of: 12, failed: false });
    for (const answer of waiting.splice(0)) answer();
    await ticks();
    expect((await shown())?.figures).toMatchObject({ done: 5, of: 12 });
    const get = vi.spyOn(globalThis.chrome.storage.session, 'get');
    await vi.advanceTimersByTimeAsync(21_000);
    await ticks();
    expect(get).toHaveBeenCalled();
    while (waiting.length > 0) {
      for (const answer of waiting.splice(0)) answer();
      await ticks();
    }
    expect(await shown()).toMatchObject({ batch: { status: 'ready' }, figures: null });
    expect((await world.rows()).every(({ suggestion }) => suggestion?.level === 5)).toBe(true);
  });

  it.each(['pause', 'halt', 'run', 'change'] as const)('holds nobody up: %s', async (what) => {
    const waiting = await begun();
    const { config, batchId, batcher } = world;
    if (what === 'pause') await batcher.pause(config, batchId);
    else if (what === 'halt') await batcher.halt(world.connection.id, 'signedOut');
    else if (what === 'run') await world.go();
    else await batcher.change(config, batchId, [{ index: 0, held: held(5) }]);
    expect((await shown())?.figures).toBeNull();
    // What was still on its way is not written down any more, and nobody else is asked for.
    for (const answer of waiting.splice(0)) answer();
    await ticks();
    expect(waiting).toHaveLength(0);
    expect((await world.rows()).every(({ suggestion }) => suggestion === null)).toBe(true);
    if (what === 'run') await done();
    else expect((await world.batch()).status).toBe('ready');
    if (what === 'change') expect((await world.rows())[0]?.wish).toEqual(held(5));
  });

  it('lets a poll by between two users', async () => {
    const waiting = await begun();
    let over = (): void => undefined;
    world.poll = new Promise((resolve) => {
      over = resolve;
    });
    for (const answer of waiting.splice(0)) answer();
    await ticks();
    expect(waiting).toHaveLength(0);
    over();
    await ticks();
    expect(waiting).toHaveLength(5);
    await world.batcher.pause(world.config, world.batchId);
  });

  it('that was killed is not shown as if it went on', async () => {
    await begun();
    expect((await shown())?.figures).not.toBeNull();
    await world.restart();
    expect(await world.view()).toMatchObject({ batch: { status: 'ready' }, figures: null });
  });
});
