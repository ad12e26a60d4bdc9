import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import type { Connection } from '../../../src/domain/connection.ts';
import type { Pause } from '../../../src/domain/skills/batch.ts';
import { EMPTY_SNAPSHOT } from '../../../src/domain/snapshot.ts';
import { database } from '../../../src/storage/database.ts';
import { authStatusItem } from '../../../src/storage/items.ts';
import { commitPoll, NEW_POLL_STATE, skewOf } from '../../../src/storage/poll-store.ts';
import { fake } from '../support/fake-browser.ts';
import { type Fate, held, SkillsWorld, ticks, wish } from './support/skills-tenant.ts';

/** The real clock: that of a world is another. */
const realMs = performance.now.bind(performance);

let world: SkillsWorld;
beforeEach(async () => {
  world = await SkillsWorld.open();
});
afterEach(async () => {
  await world.kill();
  vi.useRealTimers();
});
const ready = () => world.until(({ status }) => status === 'ready');
const done = () => world.until(({ status }) => status === 'done');
const rested = () => world.until(({ status }) => status === 'done' || status === 'paused');
const wishes = (count: number) => Array.from({ length: count }, (_, at) => wish(`u${at}`, 'billing', 3));
const fates = (...list: Fate[]) => {
  let nth = 0;
  world.tenant.fate = () => list[nth++] ?? { afterMs: 0, answer: 'applied' };
};
const writes = () => world.tenant.arrived.length;
const refusal = (key: string) => expect.objectContaining({ error: expect.objectContaining({ message: key }) });
const states = async () => (await world.rows()).map(({ state, problem }) => (problem ? `${state} ${problem}` : state));

describe('a dry run', () => {
  it('tells what every row would change, and writes nothing', async () => {
    world.tenant.set('u1', 'billing', held(2));
    world.tenant.set('u2', 'billing', held(5));
    world.tenant.skills.push('idle1');
    world.tenant.entitled = (userId) => userId !== 'u4';
    world.tenant.userOrganisation = (userId) => (userId === 'u5' ? 'other' : 'org');
    await world.plan([
      wish('u1', 'billing', 4),
      wish('u2', 'billing', 5),
      wish('u3', 'support', 1),
      wish('u3', 'nothing', 1),
      wish('u3', 'idle1', 1),
      wish('u4', 'support', 1),
      wish('u5', 'support', 1),
      { ...wish('u1', 'support', 1), held: null },
      wish('u1', 'billing', 5),
    ]);
    const { counts } = await ready();
    const rows = await world.rows();
    expect(rows.map(({ diff, refusals }) => [diff, ...refusals.map(({ code }) => code)].join(' '))).toEqual([
      'refused twice',
      'same',
      'new',
      'refused skillUnknown',
      'refused skillNotRouted',
      'refused noLicence',
      'refused otherOrganisation',
      'refused cannotRemove',
      'refused twice',
    ]);
    expect(counts).toMatchObject({ total: 9, checked: 9, states: { planned: 1, skipped: 8 } });
    expect(rows[2]).toMatchObject({ before: null, state: 'planned' });
    expect(writes()).toBe(0);
    expect(world.tenant.asked.filter((asked) => asked.endsWith('u3'))).toEqual(['agent u3', 'assignments u3', 'entitled u3']);
    expect(world.tenant.asked.filter((asked) => asked === 'skills' || asked === 'me')).toEqual(['me', 'skills']);
  });

  it('asks for everybody in one list when there are many, and singly for those it does not name', async () => {
    world.tenant.users = new Set(wishes(40).map(({ userId }) => userId));
    await world.plan([...wishes(40), wish('nobody', 'billing', 1)]);
    const { counts } = await ready();
    expect(counts.diffs).toMatchObject({ new: 40, refused: 1 });
    expect((await world.rows()).at(-1)?.refusals).toEqual([{ code: 'userUnknown', params: [] }]);
    // me, skills, one page; what each holds and whether he may; the one nobody knows.
    expect(world.tenant.asked).toHaveLength(3 + 2 * 40 + 0);
    expect(world.tenant.asked.filter((asked) => asked === 'directory')).toHaveLength(1);
  });

  it('goes on after a wait, and asks nobody twice', async () => {
    let calls = 0;
    world.tenant.miss = (question) => (question === 'assignments' && ++calls === 4 ? 'rateLimited' : null);
    await world.plan(wishes(8));
    await world.until(({ status }) => status === 'ready');
    const asked = world.tenant.asked.filter((each) => each.startsWith('assignments'));
    expect(new Set(asked).size).toBe(8);
    expect(asked.length).toBeLessThanOrEqual(8 + 5);
  });

  it('leaves to the user what could not be read', async () => {
    world.tenant.miss = (question, userId) => (question === 'assignments' && userId === 'u1' ? 'forbidden' : null);
    await world.plan(wishes(3));
    await ready();
    expect((await world.rows()).map(({ diff }) => diff)).toEqual(['new', 'refused', 'new']);
    expect((await world.rows())[1]?.refusals).toEqual([{ code: 'notReadable', params: ['403'] }]);
  });

  it('gives way to another one; the first goes on when it is told to', async () => {
    world.tenant.miss = () => 'rateLimited';
    await world.plan(wishes(2));
    await world.until(({ status }) => status === 'waiting');
    world.tenant.miss = () => null;
    const other = crypto.randomUUID();
    await world.plan([wish('v', 'billing', 1)], other);
    await world.until(({ status }) => status === 'ready', other);
    expect(await world.batch()).toMatchObject({ status: 'paused', pause: 'user' });
    await world.go();
    await ready();
    expect((await world.batch()).counts.checked).toBe(2);
  });

  it('waits until what was written a moment ago can be seen', async () => {
    world.tenant.set('u0', 'billing', held(1));
    world.tenant.fate = () => ({ afterMs: 20_000, answer: 'applied' });
    await world.runAll([wish('u0', 'billing', 3)]);
    await done();
    const back = crypto.randomUUID();
    await world.plan([wish('u0', 'billing', 1), wish('u1', 'billing', 1)], back);
    await world.until(({ status }) => status === 'ready', back);
    const rows = await world.rows(back);
    expect(rows.map(({ diff, before }) => [diff, before?.level ?? null])).toEqual([
      ['changed', 3],
      ['new', null],
    ]);
  });

  it('of a batch that is sent twice is one batch', async () => {
    await Promise.all([world.plan(wishes(2)), world.plan(wishes(2))]);
    await ready();
    await world.plan(wishes(5));
    expect((await world.batch()).counts.total).toBe(2);
  });

  it('is refused without the capability, and beyond what is allowed', async () => {
    world.config = { ...world.config, writes: { enabled: true, maxRows: 2 } };
    await expect(world.plan(wishes(3))).rejects.toEqual(
      refusal('This batch has more rows than are allowed. Split it into several.'),
    );
    world.config = { ...world.config, connection: { ...world.connection, capabilities: ['watch'] } };
    await expect(world.plan(wishes(1))).rejects.toEqual(
      refusal('Managing skills is switched off for this connection. Switch it on first.'),
    );
  });
});

describe('a run', () => {
  it('writes every row once, and says so in the log', async () => {
    world.tenant.set('u0', 'billing', held(1));
    await world.runAll([...wishes(4), wish('u0', 'support', 2)]);
    const batch = await done();
    expect(batch).toMatchObject({ counts: { states: { verified: 5 } }, metrics: { attempts: 5, succeeded: 5, errors: {} } });
    expect(await world.mismatches()).toEqual([]);
    const log = (await world.entries()).map(({ action, result, row }) => [row, action, result].join(' '));
    expect(log.filter((line) => line.startsWith('-1'))).toEqual(['-1 batch planned', '-1 batch run', '-1 batch done']);
    expect(log.filter((line) => line.startsWith('3 '))).toEqual(['3 send sent', '3 outcome verified']);
    const [entry] = (await world.entries()).filter(({ row, action }) => row === 0 && action === 'send');
    expect(entry).toMatchObject({
      actor: 'anna',
      tenant: 'org',
      userId: 'u0',
      before: held(1),
      after: held(3),
      batchId: world.batchId,
    });
    // One look at each user, one write for each row.
    const seen = world.tenant.asked.filter((asked) => asked.startsWith('assignments'));
    expect(seen).toHaveLength(4 + 4);
    expect(world.deliveries).toBeGreaterThan(0);
  });

  it('never has two writes under way for one user, and no more users than allowed', async () => {
    world.config = { ...world.config, settings: { ...world.config.settings, batchConcurrency: 3 } };
    const underWay: string[] = [];
    let most = 0;
    const rows = wishes(9).flatMap((one) => [one, { ...one, skillId: 'support' }]);
    await world.plan(rows);
    await ready();
    world.tenant.fate = ({ userId }) => {
      expect(underWay).not.toContain(userId);
      underWay.push(userId);
      most = Math.max(most, underWay.length);
      setTimeout(() => underWay.splice(underWay.indexOf(userId), 1), 20_000);
      return { afterMs: 0, answer: 'timeout' };
    };
    await world.go();
    await world.until(({ counts }) => counts.states.planned + counts.states.sent === 0);
    expect(most).toBe(3);
    expect(await world.mismatches()).toEqual([]);
  });

  it('asks who it is first: a token that is rejected pauses before the first row', async () => {
    await world.plan(wishes(2));
    await ready();
    world.tenant.miss = (question) => (question === 'me' ? 'unauthorized' : null);
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'tokenRejected' });
    expect(world.renewals).toBe(1);
    expect(writes()).toBe(0);
    world.tenant.miss = () => null;
    await world.go();
    await done();
    const log = (await world.entries()).filter(({ row }) => row === -1).map(({ result }) => result);
    expect(log).toEqual(['planned', 'run', 'paused', 'resumed', 'done']);
  });

  const withConnection = (more: Partial<Connection>) => {
    world.config = { ...world.config, connection: { ...world.connection, ...more } };
  };
  it.each<[Pause, () => void]>([
    [
      'otherUser',
      () => {
        world.subject = 'otto';
      },
    ],
    [
      'otherTenant',
      () => {
        world.tenant.organisationId = 'elsewhere';
      },
    ],
    ['otherTenant', () => withConnection({ apiBaseUrl: 'https://b.example.com' })],
    ['otherTenant', () => withConnection({ issuer: 'https://b.example.com' })],
    ['capabilityOff', () => withConnection({ capabilities: ['watch'] })],
    [
      'otherConnection',
      () => {
        world.config = { ...world.config, active: false };
      },
    ],
    [
      'writesDisabled',
      () => {
        world.config = { ...world.config, writes: { enabled: false, maxRows: 10 } };
      },
    ],
    [
      'tooMany',
      () => {
        world.config = { ...world.config, writes: { enabled: true, maxRows: 1 } };
      },
    ],
    ['hostAccess', () => fake.granted.clear()],
    [
      'signedOut',
      () => {
        world.refused = { ok: false, failure: null, transient: false };
      },
    ],
  ])('pauses before the first row: %s', async (pause, change) => {
    await world.plan(wishes(2));
    await ready();
    change();
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause });
    expect(writes()).toBe(0);
  });

  it('asks again who it is when the token is another', async () => {
    await world.plan(wishes(12));
    await ready();
    world.tenant.fate = () => {
      if (writes() === 3) {
        world.token = 't2';
        world.subject = 'otto';
      }
      return { afterMs: 0, answer: 'applied' };
    };
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'otherUser' });
    expect(writes()).toBeLessThanOrEqual(3 + 5);
    expect(await world.mismatches()).toEqual([]);
  });

  it('is not sent beyond what the user has confirmed', async () => {
    await world.plan(wishes(3));
    await ready();
    await expect(world.batcher.run(world.config, world.batchId, 2)).rejects.toMatchObject({ error: { code: 'invalid' } });
    expect(writes()).toBe(0);
    await Promise.all([world.go(), world.go()]);
    await done();
    await world.batcher.run(world.config, world.batchId, 3);
    expect(writes()).toBe(3);
  });

  it('waits for a poll that is under way', async () => {
    await world.plan(wishes(1));
    await ready();
    let over = (): void => undefined;
    world.poll = new Promise((resolve) => {
      over = resolve;
    });
    await world.go();
    await ticks();
    expect(world.tenant.asked.filter((asked) => asked === 'me')).toHaveLength(1);
    over();
    await done();
  });
});

describe('an answer', () => {
  it.each([
    [{ afterMs: 0, answer: 'lost' }, ['verified'], 1],
    [{ afterMs: 20_000, answer: 'timeout' }, ['verified'], 1],
    [{ afterMs: 20_000, answer: 500 }, ['verified'], 1],
    [{ afterMs: null, answer: 'lost' }, ['verified'], 2],
    [{ afterMs: null, answer: 404 }, ['failed notFound'], 1],
    [{ afterMs: null, answer: 422 }, ['failed refused'], 1],
    [{ afterMs: null, answer: 200 }, ['failed itemRefused'], 1],
    [{ afterMs: null, answer: 403 }, ['failed forbidden'], 1],
    [{ afterMs: null, answer: 409 }, ['verified'], 2],
    [{ afterMs: null, answer: 429 }, ['verified'], 2],
    [{ afterMs: null, answer: 401 }, ['verified'], 2],
  ] as [Fate, string[], number][])('%o ends as it should', async (fate, end, sends) => {
    fates(fate);
    await world.runAll(wishes(1));
    await done();
    expect(await states()).toEqual(end);
    expect(writes()).toBe(sends);
    expect(await world.mismatches()).toEqual([]);
  });

  it('to a request that leaves late counts from when it left: a computer may sleep between mark and request', async () => {
    await world.plan(wishes(1));
    await ready();
    let slept = false;
    const { put } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (!slept && this.name === 'batchRows' && args[0].state === 'sent') {
        slept = true;
        vi.setSystemTime(Date.now() + 60_000);
      }
      return put.apply(this, args);
    });
    await world.go();
    await done();
    vi.restoreAllMocks();
    const [row] = await world.rows();
    expect(row?.sentMs).toBe(world.tenant.arrived[0]?.atMs);
    const log = (await world.entries()).filter((entry) => entry.row === 0).map(({ action, result }) => `${action} ${result}`);
    expect(log).toEqual(['send sent', 'outcome notSent', 'send sent', 'outcome verified']);
    expect(await world.mismatches()).toEqual([]);
  });

  it('that never comes is given up after three sends, and told to the user', async () => {
    world.tenant.fate = () => ({ afterMs: null, answer: 'lost' });
    await world.runAll(wishes(1));
    await done();
    expect(await states()).toEqual(['unknown noAnswer']);
    expect(writes()).toBe(3);
    const times = world.tenant.arrived.map(({ atMs }) => atMs);
    expect(times.every((atMs, at) => at === 0 || atMs - (times[at - 1] ?? 0) >= 30_000)).toBe(true);
  });

  it('409 again and again ends after three rounds, with what the tenant has', async () => {
    world.tenant.fate = () => ({ afterMs: null, answer: 409 });
    await world.runAll(wishes(1));
    await done();
    expect(await states()).toEqual(['conflict conflictsOn']);
    expect(writes()).toBe(3);
  });

  it('409 with a third value is a conflict at once, and never written over', async () => {
    world.tenant.fate = ({ userId, skillId }) => {
      world.tenant.set(userId, skillId, held(1));
      return { afterMs: null, answer: 409 };
    };
    await world.runAll(wishes(1));
    await done();
    expect(await world.rows()).toMatchObject([{ state: 'conflict', problem: 'changedMeanwhile', theirs: held(1) }]);
    expect(writes()).toBe(1);
  });

  it('that somebody else has changed it since the dry run: a conflict, or already as wished', async () => {
    await world.plan(wishes(2));
    await ready();
    world.tenant.set('u0', 'billing', held(1));
    world.tenant.set('u1', 'billing', held(3));
    await world.go();
    await done();
    expect(await states()).toEqual(['conflict changedMeanwhile', 'verified']);
    expect(writes()).toBe(0);
    expect(await world.mismatches()).toEqual([]);
  });

  it('429 stops all, is waited for by everybody, and nothing is sent before', async () => {
    await commitPoll(world.connection.id, {
      known: { state: { ...NEW_POLL_STATE, failures: 1 }, snapshot: EMPTY_SNAPSHOT },
      before: { state: NEW_POLL_STATE, snapshot: EMPTY_SNAPSHOT },
      transitions: [],
      alerts: [],
    });
    await world.plan(wishes(20));
    await ready();
    const untilMs = Date.now() + 60_000;
    world.tenant.fate = () =>
      writes() === 2 ? { afterMs: null, answer: 429, notBeforeMs: untilMs } : { afterMs: 0, answer: 'applied' };
    await world.go();
    const batch = await world.until(({ status }) => status === 'waiting');
    expect(batch).toMatchObject({ pause: 'rateLimited', notBeforeMs: untilMs, counts: { states: { sent: 0 } } });
    expect((await skewOf(world.connection.id)).notBeforeMs).toBe(untilMs);
    const before = writes();
    const asked = world.tenant.asked.length;
    // Told to go on, it waits all the same.
    await world.go();
    await ticks();
    expect(world.tenant.asked).toHaveLength(asked);
    vi.setSystemTime(untilMs + 1);
    await world.batcher.wake();
    await done();
    expect(before).toBeLessThan(10);
    expect(await world.mismatches()).toEqual([]);
  });

  it('403 for want of the scope pauses; three others in a row as well', async () => {
    fates({ afterMs: null, answer: 403, detail: 'insufficient_scope' });
    await world.runAll(wishes(1));
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'scopeMissing' });
    expect(await states()).toEqual(['planned']);
    await world.go();
    await done();
    const other = crypto.randomUUID();
    world.config = { ...world.config, settings: { ...world.config.settings, batchConcurrency: 1 } };
    await world.plan(
      wishes(6).map((one) => ({ ...one, skillId: 'sales' })),
      other,
    );
    await world.until(({ status }) => status === 'ready', other);
    world.tenant.fate = () => ({ afterMs: null, answer: 403 });
    await world.go(other);
    expect(await world.until(({ status }) => status === 'paused', other)).toMatchObject({
      pause: 'forbidden',
      counts: { states: { failed: 3, planned: 3 } },
    });
  });

  it('of nobody, three times in a row, is waited out; rows that were sent keep their state', async () => {
    world.tenant.fate = () => ({ afterMs: 0, answer: 'lost' });
    await world.runAll(wishes(12));
    const batch = await world.until(({ status }) => status === 'waiting');
    expect(batch.pause).toBe('offline');
    expect(batch.counts.states.sent).toBeGreaterThanOrEqual(3);
    expect(writes()).toBeLessThanOrEqual(5);
    world.tenant.fate = () => ({ afterMs: 0, answer: 'applied' });
    await done();
    expect(await world.mismatches()).toEqual([]);
  });

  it('that cannot be read back after three tries leaves the row unknown', async () => {
    fates({ afterMs: 0, answer: 'lost' });
    await world.runAll(wishes(1));
    world.tenant.miss = (question) => (question === 'assignments' && writes() > 0 ? 'serverError' : null);
    await done();
    expect(await states()).toEqual(['unknown notReadBack']);
    expect(writes()).toBe(1);
  });
});

describe('the user', () => {
  it('pauses: rows on their way are finished, no other is begun; and goes on', async () => {
    await world.plan(wishes(20));
    await ready();
    world.tenant.fate = () => {
      if (writes() === 4) void world.batcher.pause(world.config, world.batchId);
      return { afterMs: 0, answer: 'applied' };
    };
    await world.go();
    const batch = await rested();
    expect(batch).toMatchObject({ status: 'paused', pause: 'user', counts: { states: { sent: 0 } } });
    expect(writes()).toBeLessThanOrEqual(4 + 5);
    // A start of the worker does not go on by itself.
    await world.restart();
    expect((await rested()).status).toBe('paused');
    await world.go();
    await done();
    expect(await world.mismatches()).toEqual([]);
  });

  it('cancels: what was sent is settled all the same, the rest stays planned', async () => {
    await world.plan(wishes(20));
    await ready();
    world.tenant.fate = () => {
      if (writes() === 4) void world.batcher.cancel(world.config, world.batchId);
      return { afterMs: 0, answer: writes() === 4 ? 'lost' : 'applied' };
    };
    await world.go();
    for (let turn = 0; turn < 10; turn++) await ticks();
    expect(await world.batch()).toMatchObject({ status: 'cancelled', counts: { states: { sent: 1 } } });
    await world.restart();
    const { counts } = await world.until(({ status, counts: { states } }) => status === 'cancelled' && states.sent === 0);
    expect(counts.states.verified).toBe(writes());
    expect(counts.states.planned).toBe(20 - writes());
    await expect(world.go()).rejects.toMatchObject({ error: { code: 'invalid' } });
    expect(fake.alarms.has('batch')).toBe(false);
    expect(await world.mismatches()).toEqual([]);
  });

  it('decides on what is open: ours is written again, theirs stays', async () => {
    await world.plan(wishes(3));
    await ready();
    world.tenant.set('u0', 'billing', held(1));
    world.tenant.set('u1', 'billing', held(2));
    world.tenant.fate = ({ userId }) =>
      userId === 'u2' && writes() < 2 ? { afterMs: null, answer: 422 } : { afterMs: 0, answer: 'applied' };
    await world.go();
    await done();
    expect(await states()).toEqual(['conflict changedMeanwhile', 'conflict changedMeanwhile', 'failed refused']);
    await world.batcher.decide(world.config, world.batchId, [0, 2, 77], 'ours');
    await world.batcher.decide(world.config, world.batchId, [1, 0], 'theirs');
    expect(await world.batch()).toMatchObject({ status: 'paused', counts: { states: { planned: 2, skipped: 1 } } });
    expect((await world.rows())[0]).toMatchObject({ state: 'planned', before: held(1) });
    await world.go();
    await done();
    expect(await states()).toEqual(['verified', 'skipped changedMeanwhile', 'verified']);
    expect(world.tenant.get('u1', 'billing')).toEqual(held(2));
    expect(
      (await world.entries()).filter(({ action }) => action === 'decide').map(({ row, result }) => `${row} ${result}`),
    ).toEqual(['0 ours', '2 ours', '1 theirs']);
  });

  it('is named in the log, though another has planned the batch', async () => {
    await world.plan(wishes(2));
    await ready();
    world.tenant.set('u0', 'billing', held(1));
    await world.go();
    await done();
    world.subject = 'otto';
    await world.batcher.decide(world.config, world.batchId, [0], 'ours');
    await world.go();
    expect(await rested()).toMatchObject({ pause: 'otherUser' });
    await world.batcher.cancel(world.config, world.batchId);
    const log = (await world.entries()).map(({ actor, action, result }) => [actor, action, result].join(' '));
    expect(log.slice(log.indexOf('anna batch done') + 1)).toEqual([
      'otto decide ours',
      'otto batch resumed',
      'anna batch paused',
      'otto batch cancelled',
    ]);
  });

  it('changes a wish before it is run: the difference is made anew', async () => {
    world.tenant.set('u0', 'billing', held(4));
    await world.plan(wishes(3));
    await ready();
    await world.batcher.change(world.config, world.batchId, [
      { index: 0, held: held(4) },
      { index: 1, held: held(5) },
      { index: 2, held: held(9) },
    ]);
    expect((await world.rows()).map(({ diff, state }) => `${diff} ${state}`)).toEqual([
      'same skipped',
      'new planned',
      'refused skipped',
    ]);
    await world.batcher.change(world.config, world.batchId, [{ index: 0, held: held(2) }]);
    await world.go();
    await done();
    expect([world.tenant.get('u0', 'billing'), world.tenant.get('u1', 'billing')]).toEqual([held(2), held(5)]);
    await expect(world.batcher.change(world.config, world.batchId, [])).rejects.toMatchObject({ error: { code: 'invalid' } });
  });

  it('asks for suggested levels: noted beside the rows, and nothing is changed', async () => {
    world.tenant.performance = async (_token, userId) => ({
      outcome: 'ok',
      performance: userId === 'u1' ? null : { talkTime: 90, handleTime: 100, resolutionRate: 0.8 },
      atMs: 0,
      requestId: '',
    });
    world.tenant.users = new Set(wishes(120).map(({ userId }) => userId));
    await world.plan(wishes(120));
    await ready();
    await world.batcher.suggest(world.config, world.batchId);
    await ready();
    await vi.advanceTimersByTimeAsync(250);
    await ticks();
    const rows = await world.rows();
    expect(rows[0]).toMatchObject({ suggestion: { level: 5, efficiency: 0.9 }, wish: held(3), state: 'planned' });
    expect(rows[1]?.suggestion).toEqual({ level: 3, basis: null, efficiency: 0 });
    expect(rows.every(({ suggestion }) => suggestion !== null)).toBe(true);
    expect(new Set(world.tenant.asked.filter((asked) => asked.startsWith('performance'))).size).toBe(120);
    expect(await world.view()).toMatchObject({ batch: { status: 'ready' }, figures: null });
    world.tenant.performance = async () => ({
      outcome: 'forbidden',
      status: 403,
      detail: '',
      notBeforeMs: 0,
      origin: '',
      requestId: '',
    });
    await world.batcher.suggest(world.config, world.batchId);
    await ready();
    await vi.advanceTimersByTimeAsync(250);
    await ticks();
    expect((await world.view())?.figures).toMatchObject({ failed: true });
  });

  it('drops a batch; the log stays', async () => {
    await world.runAll(wishes(2));
    await done();
    await world.batcher.drop(world.config, world.batchId);
    await world.batcher.drop(world.config, world.batchId);
    await expect(world.batch()).rejects.toThrow('no batch');
    expect(await world.rows()).toEqual([]);
    expect((await world.entries()).length).toBeGreaterThan(4);
    expect(await world.view()).toBeNull();
  });

  it('has one batch at a time', async () => {
    await world.runAll(wishes(20));
    const other = crypto.randomUUID();
    await expect(world.plan(wishes(1), other)).rejects.toMatchObject({ error: { code: 'busy' } });
    await expect(world.batcher.drop(world.config, world.batchId)).rejects.toMatchObject({ error: { code: 'busy' } });
    await done();
  });
});

describe('what happens to the connection', () => {
  const running = async () => {
    await world.plan(wishes(30));
    await ready();
    world.tenant.fate = () => ({ afterMs: 0, answer: 'timeout' });
    await world.go();
    await ticks();
  };

  it.each(['signedOut', 'otherTenant', 'otherConnection', 'writesDisabled', 'capabilityOff'] as const)(
    'pauses it: %s',
    async (pause) => {
      await running();
      await world.batcher.halt(world.connection.id, pause);
      expect(await world.batch()).toMatchObject({ status: 'paused', pause });
      const before = writes();
      await world.until(() => true);
      expect(writes()).toBe(before);
      await world.restart();
      expect(await world.batch()).toMatchObject({ status: 'paused', pause });
    },
  );

  it('removed: nothing of it is left, and nothing comes back', async () => {
    await running();
    await world.batcher.forget(world.connection.id);
    const before = writes();
    for (let turn = 0; turn < 30; turn++) {
      await ticks();
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(writes()).toBe(before);
    await expect(world.batch()).rejects.toThrow('no batch');
    expect(await world.rows()).toEqual([]);
    expect(await world.view()).toBeNull();
  });

  it('another is shown: it does not go on by itself', async () => {
    await running();
    await world.kill();
    const { connection } = world;
    world.config = { ...world.config, connection: { ...connection, id: 'another' } };
    world.newLife();
    await world.batcher.wake();
    expect(await world.batch()).toMatchObject({ status: 'paused', pause: 'otherConnection' });
    expect(fake.alarms.has('batch')).toBe(false);
  });

  it('signed out while nobody looked: a start finds it so', async () => {
    await running();
    await world.kill();
    await authStatusItem(world.connection.id).update(() => SIGNED_OUT);
    world.refused = { ok: false, failure: null, transient: false };
    world.newLife();
    await world.batcher.wake();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'signedOut' });
  });
});

describe('the journal', () => {
  it('that is damaged is not written from', async () => {
    await world.plan(wishes(3));
    await ready();
    const db = await database();
    const record = await db.get('batchRows', [world.batchId, 1]);
    if (!record) throw new Error('nothing there');
    await db.put('batchRows', { ...record, row: record.row.replace('"level":3', '"level":5') }, [world.batchId, 1]);
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'corrupted' });
    await db.delete('batchRows', [world.batchId, 1]);
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'corrupted' });
    expect(writes()).toBe(0);
  });

  it('that cannot be written pauses, and what was sent is settled later', async () => {
    await world.plan(wishes(3));
    await ready();
    const { put } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (writes() > 0 && this.name === 'batchRows') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    });
    await world.go();
    expect(await rested()).toMatchObject({ status: 'paused', pause: 'failed' });
    vi.restoreAllMocks();
    await world.go();
    await done();
    expect(await world.mismatches()).toEqual([]);
  });

  it('has ten thousand rows planned in a moment, as one', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => wish(`u${at % 2000}`, `s${Math.floor(at / 2000)}`, 3));
    world.tenant.miss = () => 'rateLimited';
    const startMs = realMs();
    await world.plan(rows);
    expect(realMs() - startMs).toBeLessThan(5_000);
    expect((await world.rows()).length).toBe(10_000);
  });
});

describe('the view', () => {
  it('follows, not too often, and ends as the batch did', async () => {
    let published = 0;
    const { set } = globalThis.chrome.storage.session;
    vi.spyOn(globalThis.chrome.storage.session, 'set').mockImplementation((items: object) => {
      if ('view.batch' in items) published++;
      return set(items) as never;
    });
    await world.runAll(wishes(60));
    await done();
    await ticks();
    expect(await world.view()).toMatchObject({ batch: { status: 'done', counts: { states: { verified: 60 } } } });
    expect(published).toBeLessThan(12);
    expect(fake.alarms.has('batch')).toBe(false);
  });

  it('keeps the worker awake while it waits for a row to settle', async () => {
    fates({ afterMs: 0, answer: 'lost' });
    await world.runAll(wishes(1));
    await ticks();
    const get = vi.spyOn(globalThis.chrome.storage.session, 'get');
    await vi.advanceTimersByTimeAsync(21_000);
    await ticks();
    expect(get).toHaveBeenCalled();
    await done();
  });
});
