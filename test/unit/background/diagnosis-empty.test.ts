/** An empty list, and one of its agents asked about: what is wrong with that one is not what is wrong with the list. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { boot, signedIn } from './support/boot.ts';
import { ended, until } from './support/runs.ts';
import { arm, atTime } from './support/world.ts';

const DANA = 'Dana Ortiz';
const NOBODY = '00000000-0000-4000-8000-000000000000';
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
const emptied = () => arm(tenant, { kind: 'empty', match: '/api/v2/agents/states' }, { kind: 'silentMe' });

it('looks into somebody CXone has listed, not into an id that never was one, and does not blame the list on it', async () => {
  await signedIn(tenant, [NOBODY, DANA]);
  const worker = await boot();
  await worker.send('poll', {});
  emptied();
  atTime(Date.now() + 6_000);
  await worker.send('poll', {});
  const own = await until(worker, () => true);
  expect(own).toMatchObject({ by: 'background', agents: [{ agentId: idOf(DANA) }] });
  await worker.send('cancelDiagnosis', {});
  // The supervisor asks about the wrong id.
  const { runId } = await worker.send('diagnose', { agentIds: [NOBODY] });
  await until(worker, (run) => run.id === runId && ended(run));
  await eventually(async () => expect((await worker.glance()).rows[0]?.cause?.cause).toBe('agentNotFound'));
  const { cause, rows, problem } = await worker.glance();
  expect(problem?.code).toMatch(/^empty/);
  expect(cause).toBeNull();
  expect(rows[1]?.cause).toBeNull();
});

it('an e-mail address is told as that, beside its own row alone', async () => {
  const email = tenant.sim.find(DANA)?.person.email ?? '';
  await signedIn(tenant, [email, DANA]);
  const worker = await boot();
  await worker.send('poll', {});
  emptied();
  atTime(Date.now() + 6_000);
  await worker.send('poll', {});
  await until(worker, () => true);
  await worker.send('cancelDiagnosis', {});
  await worker.send('diagnose', { agentIds: [email] });
  await until(worker, (run) => run.agents[0]?.identity?.match?.kind === 'email');
  await eventually(async () => {
    const { cause, rows } = await worker.glance();
    expect(rows.map((row) => row.cause?.cause ?? null)).toEqual(['wrongKindOfId', null]);
    expect(cause).toBeNull();
  });
});
