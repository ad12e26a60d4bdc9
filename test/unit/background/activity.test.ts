import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Auth } from '../../../src/auth/auth.ts';
import type { CxonePort } from '../../../src/cxone/port.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { fake } from '../support/fake-browser.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { arm, atTime } from './support/world.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ profile: 'public', agents: 12, frozen: true, accessTokenSeconds: 10_000_000 });
});
afterAll(() => tenant.close());
afterEach(() => {
  vi.useRealTimers();
  tenant.faults.clear();
});
const PATH = '*/skills/activity';
const asked = (sinceSeq: number) => tenant.log.since(sinceSeq).filter(({ path }) => path.endsWith('/skills/activity')).length;
const now = () => tenant.log.since(0).at(-1)?.seq ?? 0;
const ask = (worker: Worker) => worker.send('activity', {}, 'console');
const askLater = (worker: Worker, ms: number) => {
  atTime(Date.now() + ms);
  return ask(worker);
};
/** A worker that has found the API and polled once. */
async function watching(): Promise<Worker> {
  await signedIn(tenant, []);
  const worker = await boot();
  await worker.send('poll', {});
  return worker;
}

describe('queues for the wallboard', () => {
  it('are told as CXone tells them, with the longest wait', async () => {
    const worker = await watching();
    const [skill] = tenant.sim.skills;
    arm(tenant, { kind: 'queue', skill: skill?.name ?? '', count: 7, waitSeconds: 240 });
    const before = Date.now();
    const { supported, skills, atMs, problem } = await ask(worker);
    expect({ supported, problem }).toEqual({ supported: true, problem: null });
    expect(atMs).toBeGreaterThanOrEqual(before);
    expect(skills).toHaveLength(tenant.sim.skills.filter(({ active }) => active).length);
    expect(skills.find(({ name }) => name === skill?.name)).toMatchObject({ queueCount: 7, longestWaitMs: 240_000 });
  });

  it('are asked for once in 30 s, however many ask; and not at all unless a page does', async () => {
    const worker = await watching();
    const seq = now();
    await worker.send('poll', {});
    expect(asked(seq)).toBe(0);
    const [one, other] = await Promise.all([ask(worker), ask(worker)]);
    expect(other).toEqual(one);
    expect(await askLater(worker, 29_000)).toEqual(one);
    expect(asked(seq)).toBe(1);
    expect((await askLater(worker, 2_000)).atMs).toBeGreaterThan(one.atMs);
    expect(asked(seq)).toBe(2);
  });

  it('are nobody’s business but the console’s', async () => {
    const worker = await watching();
    const seq = now();
    await expect(worker.send('activity', {}, 'popup')).rejects.toThrow();
    expect(asked(seq)).toBe(0);
  });

  it('wait while the poll has to', async () => {
    const worker = await watching();
    const { skills } = await ask(worker);
    arm(tenant, { kind: 'status', status: 429, retryAfter: 120, times: 1 });
    atTime(Date.now() + 31_000);
    await worker.send('poll', {});
    const seq = now();
    expect(await ask(worker)).toMatchObject({ skills, problem: 'rateLimited' });
    expect(asked(seq)).toBe(0);
    expect(await askLater(worker, 121_000)).toMatchObject({ problem: null });
    expect(asked(seq)).toBe(1);
  });

  it('wait as long as they are told themselves', async () => {
    const worker = await watching();
    arm(tenant, { kind: 'status', status: 429, retryAfter: 120, times: 1, match: PATH });
    const seq = now();
    expect(await ask(worker)).toMatchObject({ skills: [], atMs: 0, problem: 'rateLimited' });
    await askLater(worker, 60_000);
    expect(asked(seq)).toBe(1);
    expect(await askLater(worker, 61_000)).toMatchObject({ problem: null });
  });

  it('stay what they were when CXone fails, and say so; a right that is gone takes them away', async () => {
    const worker = await watching();
    const { skills, atMs } = await ask(worker);
    arm(tenant, { kind: 'status', status: 500, times: 1, match: PATH });
    expect(await askLater(worker, 31_000)).toEqual({ supported: true, skills, atMs, problem: 'serverError' });
    arm(tenant, { kind: 'forbidden', match: PATH });
    expect(await askLater(worker, 31_000)).toEqual({ supported: true, skills: [], atMs: 0, problem: 'forbidden' });
    // It is no problem of the list of agents.
    expect((await worker.glance()).problem).toBeNull();
  });

  it.each([
    ['new', 'ok', ['old', 'new']],
    ['newer, refused as well', 'unauthorized', ['old', 'newer, refused as well']],
  ] as const)('a refused token is worth one renewal, and no more: %s', async (renewed, outcome, tokens) => {
    const { id } = await signedIn(tenant, []);
    const { createActivity } = await import('../../../src/background/activity.ts');
    const { loadConfig } = await import('../../../src/background/config.ts');
    const config = await loadConfig(id);
    if (!config) throw new Error('no connection');
    const given: string[] = [];
    const failed = { status: 401, detail: '', notBeforeMs: 0, origin: '', requestId: '' };
    const port = {
      activity: async (token: string) => {
        given.push(token);
        if (token === 'new') return { outcome: 'ok' as const, skills: [], atMs: 0, requestId: '' };
        return { outcome: 'unauthorized' as const, ...failed };
      },
    };
    const accessToken: Auth['accessToken'] = async (_connection, rejected) => ({
      ok: true,
      access: {
        token: rejected ? renewed : 'old',
        receivedMs: 0,
        expiresMs: 0,
        renewMs: 0,
        generation: 'g',
        forced: false,
        owner: '',
      },
    });
    const activity = createActivity({ accessToken } as Auth, () => port as unknown as CxonePort);
    const connection = { ...config.connection, apiBaseUrl: tenant.apiBaseUrl };
    expect((await activity({ ...config, connection })).problem).toBe(outcome === 'ok' ? null : outcome);
    expect(given).toEqual(tokens);
  });

  it('a version without the path has none, and is not asked again', async () => {
    const worker = await watching();
    arm(tenant, { kind: 'status', status: 404, match: PATH });
    expect(await ask(worker)).toEqual({ supported: false, skills: [], atMs: 0, problem: null });
    const seq = now();
    expect((await askLater(worker, 31_000)).supported).toBe(false);
    expect(asked(seq)).toBe(0);
  });

  it('are not asked for without leave to reach the host, nor without a sign-in', async () => {
    const worker = await watching();
    const nothing = { supported: true, skills: [], atMs: 0, problem: null };
    await ask(worker);
    fake.granted.delete(`${tenant.apiBaseUrl}/*`);
    const seq = now();
    expect(await ask(worker)).toEqual(nothing);
    fake.granted.add(`${tenant.apiBaseUrl}/*`);
    await worker.send('signOut', {});
    expect(await ask(worker)).toEqual(nothing);
    expect(asked(seq)).toBe(0);
  });
});

describe('an API without queues', () => {
  it('says so, and is asked nothing', async () => {
    const other = await startTenant({ agents: 3, frozen: true });
    try {
      await signedIn(other, []);
      const worker = await boot();
      const seq = other.log.since(0).at(-1)?.seq ?? 0;
      expect(await ask(worker)).toEqual({ supported: false, skills: [], atMs: 0, problem: null });
      expect(other.log.since(seq).filter(({ path }) => path.includes('skill'))).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
