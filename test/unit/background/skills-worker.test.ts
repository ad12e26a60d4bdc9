import { afterEach, describe, expect, it, vi } from 'vitest';
import { EMPTY_DRAFT, requiredScopes, withCapability } from '../../../src/domain/connection.ts';
import type { Held } from '../../../src/domain/skills/assignment.ts';
import type { Batch } from '../../../src/domain/skills/batch.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import { control, scripted } from '../tenant/client.ts';
import { boot, ownToken, signedIn, type Worker } from './support/boot.ts';

const tenants: Tenant[] = [];
afterEach(async () => {
  for (const tenant of tenants.splice(0)) await tenant.close();
});

/** Signed in with the capability on, as an earlier life of the worker left it. */
async function ready(profile: 'v2' | 'public'): Promise<{ tenant: Tenant; worker: Worker; id: string }> {
  const tenant = await startTenant({ agents: 30, profile, accessTokenSeconds: 10_000_000 });
  tenants.push(tenant);
  vi.resetModules();
  const skilled = withCapability(EMPTY_DRAFT, 'skills', true, true);
  const scopes = profile === 'v2' ? requiredScopes(skilled) : ['openid'];
  const connection = await signedIn(tenant, [], await scripted(tenant, scopes));
  const { connectionsItem, authStatusItem, settingsItem } = await import('../../../src/storage/items.ts');
  await connectionsItem.update((all) => ({
    ...all,
    list: all.list.map((each) => ({ ...each, apiBaseUrl: tenant.apiBaseUrl, capabilities: ['watch', 'skills'] })),
  }));
  await ownToken(connection.id);
  // A worker that is stopped at a step here goes on with its other users.
  await settingsItem(connection.id).update((settings) => ({ ...settings, batchConcurrency: 1 }));
  await authStatusItem(connection.id).update((status) => ({ ...status, grantedScopes: scopes, effectiveScopes: scopes }));
  await fakeBrowser.storage.session.set({ 'demo.settleMs': 300 });
  return { tenant, worker: await boot(), id: connection.id };
}

const until = (worker: Worker, holds: (batch: Batch) => boolean) =>
  eventually(async () => {
    const view = await worker.view('view.batch');
    if (!view || !holds(view.batch)) throw new Error(JSON.stringify(view)?.slice(0, 900));
    return view.batch;
  }, 10);

describe.each(['v2', 'public'] as const)('a batch through the worker (%s)', (profile) => {
  const held = (level: number): Held =>
    profile === 'v2'
      ? { level, availableFromAt: '2026-01-15T08:00:00Z', availableToAt: '2026-12-15T17:00:00Z', active: true }
      : { level, availableFromAt: '', availableToAt: '', active: true };

  it('is planned, looked at, run, proved and taken back', async () => {
    const { tenant, worker } = await ready(profile);
    const people = tenant.sim.agents.slice(0, 12).map(({ person }) => person);
    const [skill] = tenant.sim.skills;
    if (!skill) throw new Error('no skill');
    const { skills, assignments, problem } = await worker.send('assignments', { userIds: people.map(({ id }) => id) }, 'console');
    expect(problem).toBeNull();
    expect(skills.length).toBeGreaterThan(0);
    const active = skills.find((each) => each.active);
    if (!active) throw new Error('no active skill');
    const before = new Map(
      assignments.filter(({ skillId }) => skillId === active.skillId).map((each) => [each.userId, each.held]),
    );

    const rows = people.map(({ id }, at) => ({ line: at + 2, userId: id, skillId: active.skillId, held: held(4) }));
    const batchId = crypto.randomUUID();
    await worker.send('planBatch', { id: batchId, name: 'file.csv', rows }, 'console');
    const looked = await until(worker, ({ status }) => status === 'ready');
    expect(looked.counts.checked).toBe(12);
    const planned = looked.counts.states.planned;
    expect(planned).toBeGreaterThan(4);
    // Killed in the middle, with rows on their way.
    await fakeBrowser.storage.session.set({ chaosStep: 'batch:answered' });
    await worker.send('runBatch', { batchId, rows: planned }, 'console');
    await eventually(async () =>
      expect((await fakeBrowser.storage.session.get('chaosReached')).chaosReached).toBe('batch:answered'),
    );
    const next = await boot();
    const done = await until(next, ({ status }) => status === 'done');
    expect(done.counts.states).toMatchObject({ verified: planned, unknown: 0, failed: 0, conflict: 0 });
    await eventually(() => expect(fake.alarms.has('batch')).toBe(false));

    const { rows: verified, total } = await next.send(
      'batchRows',
      { batchId, diffs: [], states: ['verified'], offset: 0, limit: 5 },
      'console',
    );
    expect([verified.length, total]).toEqual([5, planned]);
    const writes = (await control(tenant, 'GET', '/writes')) as unknown as { agentId: string; success: boolean }[];
    expect(new Set(writes.map(({ agentId }) => agentId)).size).toBe(writes.filter(({ success }) => success).length);
    const { entries, head } = await next.send('audit', { contains: '', offset: 0, limit: 500 }, 'console');
    expect(entries.length).toBe(head.seq);
    expect(entries.filter(({ action }) => action === 'send').length).toBeGreaterThanOrEqual(planned);
    expect(await next.send('verifyAudit', {}, 'console')).toEqual({ count: head.seq, brokenSeq: 0 });

    const { rows: undo } = await next.send('undoOf', { batchId }, 'console');
    expect(undo.length).toBeGreaterThan(0);
    for (const { userId, held: was } of undo) expect(was).toEqual(before.get(userId) ?? null);
    expect((await next.send('batches', {}, 'console')).batches.map(({ id }) => id)).toEqual([batchId]);

    // A row the disk has damaged is not left out unseen.
    const db = await (await import('../../../src/storage/database.ts')).database();
    const [index] = undo.map(({ userId }) => rows.findIndex((row) => row.userId === userId));
    const record = await db.get('batchRows', [batchId, index ?? 0]);
    if (!record) throw new Error('no row');
    await db.put('batchRows', { ...record, sum: '' }, [batchId, index ?? 0]);
    await expect(next.send('undoOf', { batchId }, 'console')).rejects.toThrow('damaged');
    const every = { batchId, diffs: [], states: [], offset: 0, limit: 50 };
    expect(await next.send('batchRows', every, 'console')).toMatchObject({ damaged: 1, total: rows.length });
    expect(await next.send('batchRows', { ...every, states: ['verified'] }, 'console')).toMatchObject({ damaged: 1 });
  });

  it('pauses at sign-out, and goes with its connection', async () => {
    const { tenant, worker, id } = await ready(profile);
    const batchId = crypto.randomUUID();
    const rows = tenant.sim.agents.map(({ person }) => ({
      line: 0,
      userId: person.id,
      skillId: tenant.sim.skills[0]?.id ?? '',
      held: held(2),
    }));
    await fakeBrowser.storage.session.set({ chaosStep: 'batch:looked' });
    await worker.send('planBatch', { id: batchId, name: '', rows }, 'console');
    await worker.send('signOut', {}, 'popup');
    expect(await until(worker, ({ status }) => status === 'paused')).toMatchObject({ pause: 'signedOut' });
    await worker.send('removeConnection', { id }, 'options');
    const { allBatches } = await import('../../../src/storage/batch-store.ts');
    const { headOf } = await import('../../../src/storage/audit-store.ts');
    expect(await allBatches()).toEqual([]);
    expect((await headOf(id)).seq).toBe(0);
    expect(await worker.view('view.batch')).toBeNull();
  });
});

it('lets no connection be used twice from the moment skills are switched on, until they are off', async () => {
  const { worker } = await ready('public');
  const kept = () => fake.sessionRules.some((rule) => JSON.stringify(rule).includes('"close"'));
  await eventually(() => expect(kept()).toBe(true));
  await worker.send('useCapability', { capability: 'skills', on: false }, 'console');
  expect(kept()).toBe(false);
  await worker.send('useCapability', { capability: 'skills', on: true }, 'console');
  await eventually(() => expect(kept()).toBe(true));
});
