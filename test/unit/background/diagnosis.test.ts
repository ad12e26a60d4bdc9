import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DiagnosisRun } from '../../../src/domain/diagnosis/run.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { askedSince, ended, lastSeq, until, waiting } from './support/runs.ts';
import { signInWindow } from './support/sign-in-window.ts';
import { arm, atTime } from './support/world.ts';

const MINUTE = 60_000;
const DANA = 'Dana Ortiz';
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 12, frozen: true, accessTokenSeconds: 10_000_000 });
});
afterAll(() => tenant.close());
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
});
const idOf = (name: string) => tenant.sim.find(name)?.person.id ?? name;
const asked = (sinceSeq: number) => askedSince(tenant, sinceSeq);
const now = () => lastSeq(tenant);

describe('a diagnosis', () => {
  it('asks in order and once, stops when it knows, is kept, and is told beside the flag', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'noSkillGroups', agentId: DANA });
    atTime(Date.now() + 6_000);
    await worker.send('poll', {});
    const seq = now();
    const { runId } = await worker.send('diagnose', { agentIds: [idOf(DANA)] }, 'console');
    const run = await until(worker, ended);
    expect(run).toMatchObject({ id: runId, status: 'done', by: 'user', doing: null, finished: [idOf(DANA)] });
    // Others are listed for us, so that the role is no question; one's own organisation is asked for once hers is known.
    expect(asked(seq)).toEqual([`/agents/${idOf(DANA)}`, '/users/me', `/agents/${idOf(DANA)}/skillGroups`]);
    expect(run.agents[0]?.skillGroups).toEqual({ ok: true, groups: [] });
    expect(run.traces.map(({ check, path, shared }) => [check, path, shared])).toEqual([
      ['agent', `/api/v2/agents/${idOf(DANA)}`, false],
      ['me', '/api/v2/users/me', false],
      ['skillGroups', `/api/v2/agents/${idOf(DANA)}/skillGroups`, false],
    ]);
    const { runs } = await worker.send('diagnoses', {}, 'console');
    expect(runs.map(({ id }) => id)).toEqual([runId]);
    await eventually(async () =>
      expect((await worker.glance()).rows[0]?.cause).toMatchObject({ cause: 'noSkillGroups', confidence: 'certain', runId }),
    );
    expect((await worker.glance()).cause?.cause).toBe('noSkillGroups');
  });

  it('does not ask again what a poll or another diagnosis asked a moment ago', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    const worker = await boot();
    await worker.send('poll', {});
    const seq = now();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const run = await until(worker, waiting);
    // The poll asked for her singly: that was the first try.
    expect(asked(seq)).toEqual([`/agents/${idOf(DANA)}`, '/users/me', `/agents/${idOf(DANA)}/skillGroups`]);
    expect(run.traces.filter(({ shared }) => shared).map(({ check }) => check)).toEqual(['state']);
    await worker.send('cancelDiagnosis', {});
    const second = now();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, waiting);
    expect(asked(second)).toEqual([]);
    await worker.send('cancelDiagnosis', {});
  });

  it('is cancelled at once, also while it waits, and the next one may begin', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    const worker = await boot();
    const first = await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    // The same question again is the same diagnosis.
    expect(await worker.send('diagnose', { agentIds: [idOf(DANA)] })).toEqual(first);
    await until(worker, waiting);
    await worker.send('cancelDiagnosis', {});
    expect(await worker.view('view.diagnosis')).toMatchObject({ status: 'cancelled', doing: null });
    const next = await worker.send('diagnose', { agentIds: [idOf('Ravi Menon')] });
    expect(next).not.toEqual(first);
    expect((await until(worker, ended)).id).toBe(next.runId);
    const { runs } = await worker.send('diagnoses', {});
    expect(runs.map(({ status }) => status)).toEqual(['done', 'cancelled']);
  });

  it('asked for twice at once is one', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    const worker = await boot();
    const both = await Promise.all([1, 2].map(() => worker.send('diagnose', { agentIds: [idOf(DANA)] })));
    expect(both[0]).toEqual(both[1]);
    await worker.send('cancelDiagnosis', {});
    expect((await worker.send('diagnoses', {})).runs).toHaveLength(1);
  });

  it('goes on after the worker was killed, without asking twice', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    let worker = await boot();
    const { runId } = await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const before = await until(worker, waiting);
    const seq = now();
    worker = await boot();
    await worker.send('publish', {});
    const run = await until(worker, (each) => each.agents[0]?.states.length === before.agents[0]?.states.length);
    expect(run).toMatchObject({ id: runId, status: 'running' });
    expect(asked(seq).filter((path) => path !== '/agents/states?agentId')).toEqual([]);
    await worker.send('cancelDiagnosis', {});
  });

  it('found long after the worker was killed is called interrupted', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    let worker = await boot();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, waiting);
    atTime(Date.now() + 2 * MINUTE);
    worker = await boot();
    await worker.send('publish', {});
    expect(await until(worker, ended)).toMatchObject({ status: 'interrupted', doing: null });
    expect((await worker.send('diagnoses', {})).runs).toMatchObject([{ status: 'interrupted' }]);
  });

  it('stops at "not so fast", and the poll waits as well', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    arm(tenant, { kind: 'status', status: 429, retryAfter: 120, match: `/api/v2/agents/${idOf(DANA)}` });
    const seq = now();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const run = await until(worker, ended);
    expect(run.shared.token?.notBeforeMs).toBeGreaterThan(Date.now() + MINUTE);
    expect(asked(seq)).toEqual(['/users/me', `/agents/${idOf(DANA)}`]);
    expect(await worker.send('poll', {})).toEqual({ asked: false });
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, ended);
    expect(asked(seq)).toHaveLength(2);
  });

  it('of many asks for lists instead of one by one', async () => {
    const names = tenant.sim.agents.slice(0, 8).map(({ person }) => person.name);
    await signedIn(tenant, names);
    arm(tenant, { kind: 'agentOtherOrganisation', agentId: names });
    const worker = await boot();
    const seq = now();
    await worker.send('diagnose', { agentIds: names.map(idOf) });
    const run = await until(worker, ended);
    expect(run.finished).toHaveLength(8);
    expect(asked(seq)).toEqual(['/users/me', '/agents']);
  });

  it('holds neither a name nor a token', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    const extension = tenant.sim.find(DANA)?.person.extension ?? '';
    await worker.send('diagnose', { agentIds: [extension] });
    const run = await until(worker, ended);
    expect(run.agents[0]?.identity?.match).toEqual({ kind: 'extension', agentId: idOf(DANA) });
    const text = JSON.stringify(run);
    for (const { person } of tenant.sim.agents) {
      expect(text).not.toContain(person.name.slice(0, 6));
      expect(text).not.toContain(person.email);
    }
    expect(text).not.toContain('eyJ');
  });

  it('ends with the sign-in: nothing of it is shown to who signs in next', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    const worker = await boot();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, waiting);
    await worker.send('signOut', {});
    expect(await worker.view('view.diagnosis')).toBeNull();
    expect(JSON.stringify(await fakeBrowser.storage.session.get(null))).not.toContain('skillGroups');
  });
});

describe('by itself', () => {
  it('looks into a watched agent missing from two polls, once in a quarter of an hour', async () => {
    await signedIn(tenant, [DANA, 'Ravi Menon', 'Mei Lin Tan']);
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'noSkillGroups', agentId: [DANA, 'Ravi Menon'] });
    const start = Date.now();
    const pollAt = async (ms: number) => {
      atTime(start + ms);
      await worker.send('poll', {});
    };
    await pollAt(6_000);
    expect(await worker.view('view.diagnosis')).toBeUndefined();
    await pollAt(12_000);
    const first = await until(worker, ended);
    // Both went in the same poll: one of them stands for both.
    expect(first).toMatchObject({ by: 'background', agents: [{ agentId: idOf(DANA) }] });
    for (const seconds of [18, 24, 300, 800]) await pollAt(seconds * 1000);
    expect((await worker.view('view.diagnosis'))?.id).toBe(first.id);
    await pollAt(16 * MINUTE);
    await until(worker, (run) => ended(run) && run.id !== first.id);
    expect((await worker.send('diagnoses', {})).runs).toHaveLength(2);
  });

  it('looks into an empty list at once, and says why beside the problem', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'roleWithoutPermission' });
    atTime(Date.now() + 6_000);
    await worker.send('poll', {});
    await until(worker, ended);
    await eventually(async () =>
      expect((await worker.glance()).cause).toMatchObject({ cause: 'roleLacksPermission', agentId: '' }),
    );
    expect((await worker.glance()).problem?.code).toMatch(/^empty/);
  });

  it('looks into an empty list also when nobody is watched and nobody was ever seen', async () => {
    await signedIn(tenant, []);
    arm(tenant, { kind: 'roleWithoutPermission' });
    const worker = await boot();
    await worker.send('poll', {});
    expect(await until(worker, ended)).toMatchObject({ agents: [{ agentId: '' }] });
    await eventually(async () => expect((await worker.glance()).cause?.cause).toBe('roleLacksPermission'));
  });
});

describe('out of the way', () => {
  const hanging = (path: string) => arm(tenant, { kind: 'slow', ms: 4_000, match: path });
  const isAsking = ({ doing }: DiagnosisRun) => doing?.check === 'agent';

  it('stops at once while a question is out, and writes nothing down of it', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    hanging(`/api/v2/agents/${idOf(DANA)}`);
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, isAsking);
    const fromMs = Date.now();
    await worker.send('cancelDiagnosis', {});
    expect(Date.now() - fromMs).toBeLessThan(2_000);
    expect(await worker.view('view.diagnosis')).toMatchObject({ status: 'cancelled', agents: [{ agent: null }], traces: [] });
  });

  it('one by itself that gives way is made later; one that was stopped is not made again', async () => {
    const { id } = await signedIn(tenant, [DANA]);
    const { backgroundRunsItem } = await import('../../../src/storage/items.ts');
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'hidden', agentId: DANA });
    const start = Date.now();
    const pollAt = async (ms: number) => {
      atTime(start + ms);
      await worker.send('poll', {});
    };
    await pollAt(6_000);
    await pollAt(12_000);
    const own = await until(worker, waiting);
    expect(own.by).toBe('background');
    await eventually(async () => expect(await backgroundRunsItem(id).get()).toMatchObject([{ runId: own.id }]));
    const { runId } = await worker.send('diagnose', { agentIds: [idOf('Ravi Menon')] });
    await until(worker, (run) => run.id === runId && ended(run));
    expect(await backgroundRunsItem(id).get()).toEqual([]);
    await pollAt(18_000);
    const again = await until(worker, (run) => run.id !== runId && waiting(run));
    expect(again).toMatchObject({ by: 'background', agents: [{ agentId: idOf(DANA) }] });
    await worker.send('cancelDiagnosis', {});
    await pollAt(24_000);
    expect(await worker.view('view.diagnosis')).toMatchObject({ id: again.id, status: 'cancelled' });
  });

  it('what it asked a moment ago the next poll does not ask again, once', async () => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'hidden', agentId: DANA });
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, waiting);
    await worker.send('cancelDiagnosis', {});
    const seq = now();
    const start = Date.now();
    atTime(start + 5_000);
    await worker.send('poll', {});
    expect(asked(seq)).toEqual(['/agents/states']);
    atTime(start + 9_900);
    await worker.send('poll', {});
    expect(asked(seq).filter((path) => path.startsWith('/agents/states'))).toEqual([
      '/agents/states',
      '/agents/states',
      '/agents/states?agentId',
    ]);
    // By now it has been missing from two polls.
    await worker.send('cancelDiagnosis', {});
  });

  it('tries as often after a kill as without', async () => {
    await signedIn(tenant, [DANA]);
    arm(tenant, { kind: 'hidden', agentId: DANA });
    let worker = await boot();
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const before = await until(worker, waiting);
    // Gone for longer than a diagnosis may take.
    atTime(Date.now() + 40_000);
    worker = await boot();
    await worker.send('publish', {});
    const run = await until(worker, ({ agents }) => agents[0]?.states.length === 2);
    expect(run).toMatchObject({ id: before.id, startedMs: before.startedMs });
    await until(worker, (each) => each.status === 'done' || waiting(each));
    expect((await worker.view('view.diagnosis'))?.status).toBe('running');
    await worker.send('cancelDiagnosis', {});
  });

  it.each([
    ['signing out', async (worker: Worker) => void (await worker.send('signOut', {}))],
    [
      'somebody else signing in',
      async (worker: Worker) => {
        signInWindow(tenant, 'other');
        await worker.send('signIn', {});
        await eventually(async () => expect((await worker.view('view.auth'))?.ledger).toHaveLength(1));
      },
    ],
  ])('after %s nothing is left of what was diagnosed', async (_what, change) => {
    await signedIn(tenant, [DANA]);
    const worker = await boot();
    await worker.send('poll', {});
    arm(tenant, { kind: 'noSkillGroups', agentId: DANA });
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    const { id } = await until(worker, ended);
    const kept = async () => (await worker.send('diagnoses', {})).runs.map((run) => run.id);
    expect(await kept()).toEqual([id]);
    await change(worker);
    // The new one's own may have begun.
    await eventually(async () => expect(await kept()).not.toContain(id));
    await worker.send('cancelDiagnosis', {});
  });

  it('who signs in again finds what they had diagnosed', async () => {
    const { id } = await signedIn(tenant, [DANA]);
    const worker = await boot();
    const signIn = async (times: number) => {
      signInWindow(tenant, 'demo');
      await worker.send('signIn', {});
      await eventually(async () => expect((await worker.view('view.auth'))?.ledger).toHaveLength(times));
    };
    await signIn(1);
    arm(tenant, { kind: 'noSkillGroups', agentId: DANA });
    await worker.send('diagnose', { agentIds: [idOf(DANA)] });
    await until(worker, ended);
    await signIn(2);
    const { causesItem } = await import('../../../src/storage/items.ts');
    await eventually(async () => expect(await causesItem(id).get()).toEqual({}));
    expect((await worker.send('diagnoses', {})).runs).toHaveLength(1);
  });
});
