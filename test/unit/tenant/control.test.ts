import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { api, control, scripted } from './client.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 6, frozen: true });
});
afterAll(() => tenant.close());

describe('the control API', () => {
  it('explains itself', async () => {
    const index = await control<{ control: Record<string, string> }>(tenant, 'GET', '');
    expect(Object.keys(index.control)).toContain('POST /control/token');
    expect(await control(tenant, 'GET', '/nowhere')).toMatchObject({ error: 'not_found' });
  });

  it('sets an agent by hand, and lets it go', async () => {
    const [first] = await control<{ id: string; state: string }[]>(tenant, 'GET', '/agents');
    const path = `/agents/${first?.id}`;
    const to = first?.state === 'READY' ? 'WRAP_UP' : 'READY';
    expect(await control(tenant, 'POST', path, { state: to })).toMatchObject({ state: to, held: true });
    const [last] = (await control<{ agentId: string; to: string; seq: number }[]>(tenant, 'GET', '/truth')).slice(-1);
    expect(last).toMatchObject({ agentId: first?.id, from: first?.state, to });
    expect(await control(tenant, 'GET', `/truth?since=${last?.seq}`)).toEqual([]);
    expect(await control(tenant, 'POST', `${path}/release`)).toMatchObject({ held: false });
    expect(await control(tenant, 'POST', path, { state: 'ASLEEP' })).toMatchObject({ error: 'bad_state' });
    expect(await control(tenant, 'POST', path, { startDate: 'soon' })).toMatchObject({ error: 'bad_date' });
    expect(await control(tenant, 'POST', '/agents/nobody', {})).toMatchObject({ error: 'not_found' });
  });

  it('moves the clock, and agents with it', async () => {
    const before = Date.now();
    const clock = await control(tenant, 'POST', '/clock', { advanceSeconds: 600 });
    expect(clock).toMatchObject({ frozen: true, speed: 1 });
    expect(Date.parse(String(clock.now))).toBeGreaterThanOrEqual(before + 600_000);
    expect((await control<unknown[]>(tenant, 'GET', '/truth')).length).toBeGreaterThan(3);
    expect(await control(tenant, 'POST', '/clock', { advanceSeconds: -1 })).toMatchObject({ error: 'bad_number' });
    expect(await control(tenant, 'POST', '/clock', { skewSeconds: -120 })).toMatchObject({ skewSeconds: -120 });
    const response = await api(tenant, '/users/me', await scripted(tenant));
    expect(Date.parse(response.headers.get('date') ?? '')).toBeLessThan(tenant.sim.clock.now() - 118_000);
    await control(tenant, 'POST', '/clock', { skewSeconds: 0 });
  });

  it('arms, lists and clears faults', async () => {
    expect(await control(tenant, 'POST', '/faults', { kind: 'nonsense' })).toMatchObject({ error: 'unknown_fault' });
    await control(tenant, 'POST', '/faults', { kind: 'slow', ms: 1 });
    await control(tenant, 'POST', '/faults', { kind: 'empty' });
    const { armed, kinds } = await control<{ armed: { spec: { kind: string } }[]; kinds: object }>(tenant, 'GET', '/faults');
    expect(armed.map((fault) => fault.spec.kind)).toEqual(['slow', 'empty']);
    expect(Object.keys(kinds).length).toBeGreaterThan(40);
    expect(await control(tenant, 'DELETE', '/faults?kind=slow')).toMatchObject({ armed: [{ spec: { kind: 'empty' } }] });
    expect(await control(tenant, 'DELETE', '/faults')).toEqual({ armed: [] });
  });

  it('gives tokens and counts requests', async () => {
    const answer = await control(tenant, 'POST', '/token', { scopes: ['reporting'], account: 'other' });
    expect(answer).toMatchObject({ token_type: 'Bearer', scope: 'reporting', expires_in: 3600 });
    expect(await (await api(tenant, '/users/me', answer.access_token)).json()).toMatchObject({
      id: 'other',
      orgId: 'org-other-51c0',
    });
    expect(await control(tenant, 'POST', '/token', { scopes: [], account: 'nobody' })).toMatchObject({
      error: 'unknown_account',
    });
    const { statesRequests } = await control<{ statesRequests: number }>(tenant, 'GET', '/counts');
    await api(tenant, '/agents/states', 'bad');
    expect(await control(tenant, 'GET', '/counts')).toMatchObject({ statesRequests: statesRequests + 1 });
  });

  it('notes what each answer calls itself, of the API and of the provider', async () => {
    await control(tenant, 'DELETE', '/log');
    const asked = ['/api/v2/users/me', '/.well-known/openid-configuration', '/token', '/nowhere'];
    const told: (string | null)[] = [];
    for (const path of asked) told.push((await fetch(tenant.issuer + path)).headers.get('x-request-id'));
    const log = await control<{ seq: number; requestId: string; path: string }[]>(tenant, 'GET', '/log');
    expect(log.map(({ path }) => path)).toEqual(asked);
    expect(log.map(({ requestId }) => requestId)).toEqual(told);
    expect(new Set(told).size).toBe(asked.length);
    for (const { seq, requestId } of log) expect(requestId).toBe(`req-${String(seq).padStart(6, '0')}`);
  });

  it('logs requests to the tenant, not those to itself', async () => {
    await control(tenant, 'DELETE', '/log');
    await fetch(`${tenant.apiBaseUrl}/api/v2/agents/states?agentId=x`, { headers: { authorization: 'Bearer secret-value' } });
    const log = await control<{ seq: number }[]>(tenant, 'GET', '/log');
    expect(log).toMatchObject([
      { method: 'GET', path: '/api/v2/agents/states', query: { agentId: 'x' }, status: 401, authorization: true, origin: null },
    ]);
    expect(JSON.stringify(log)).not.toContain('secret-value');
    expect(await control(tenant, 'GET', `/log?since=${log[0]?.seq}`)).toEqual([]);
  });
});
