import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { failure, ok, stubPort } from './support/stub-port.ts';
import { atTime, type World, world } from './support/world.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T10:00:00Z');
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 3, frozen: true });
});
afterAll(() => {
  vi.useRealTimers();
  return tenant.close();
});

const row = (agentId: string, state: string) => ({ agentId, state, loggedIn: true });
const everybody = ['a', 'b', 'c'].map((id) => row(id, 'READY'));
let asked: string[] = [];
let answer: (watermark: string) => ReturnType<typeof ok>;
let self: World;
const states = async () => {
  const { snapshot } = await self.known();
  return Object.fromEntries(snapshot.ids.map((id, at) => [id, snapshot.dictionary[snapshot.kinds[at] ?? 0]?.category]));
};
let turn = 0;
const pollAfter = async (ms: number) => {
  turn += ms;
  atTime(START + turn);
  await self.poll();
};

beforeEach(async () => {
  asked = [];
  turn = 0;
  atTime(START);
  answer = (watermark) => ok(watermark === '' ? everybody : []);
  const port = stubPort({
    list(watermark) {
      asked.push(watermark);
      return { ...answer(watermark), watermark: `w${asked.length}`, delta: watermark !== '' };
    },
  });
  self = await world(tenant, ['a', 'b', 'c'], port);
  await pollAfter(0);
});

describe('a tenant that can say what changed since', () => {
  it('is asked for everybody first, then since its own last word', async () => {
    await pollAfter(30_000);
    await pollAfter(30_000);
    expect(asked).toEqual(['', 'w1', 'w2']);
  });

  it('says "nobody" about changes, never about agents', async () => {
    await pollAfter(30_000);
    const { state } = await self.known();
    expect(state).toMatchObject({ outcome: 'ok', emptyPolls: 0, missing: {} });
    expect(await states()).toEqual({ a: 'available', b: 'available', c: 'available' });
    expect((await self.heartbeat())?.outcome).toBe('unchanged');
  });

  it('names who changed; the others stay', async () => {
    answer = (watermark) => ok(watermark === '' ? everybody : [row('b', 'NOT_READY')]);
    await pollAfter(30_000);
    expect(await states()).toEqual({ a: 'available', b: 'unavailable', c: 'available' });
    expect((await self.known()).state.missing).toEqual({});
  });

  it('is asked for everybody again after five minutes, after a failure and after we looked away', async () => {
    for (let i = 0; i < 10; i++) await pollAfter(30_000);
    expect(asked.filter((watermark) => watermark === '')).toHaveLength(2);
    const fine = answer;
    answer = () => failure('serverError') as never;
    await pollAfter(30_000);
    answer = fine;
    await pollAfter(MINUTE);
    expect(asked.at(-1)).toBe('');
    await pollAfter(60 * MINUTE);
    expect(asked.at(-1)).toBe('');
  });

  it('keeps who is missing missing until a list or a delta names them', async () => {
    answer = () => ok([row('a', 'READY'), row('b', 'READY')]);
    await pollAfter(6 * MINUTE);
    expect(Object.keys((await self.known()).state.missing)).toEqual(['c']);
    answer = () => ok([row('a', 'NOT_READY')]);
    await pollAfter(30_000);
    expect(Object.keys((await self.known()).state.missing)).toEqual(['c']);
    answer = () => ok([row('c', 'READY')]);
    await pollAfter(30_000);
    expect((await self.known()).state.missing).toEqual({});
  });

  it('is asked for everybody when somebody is watched who was never mentioned', async () => {
    self.settings.watchedAgentIds.push('new');
    await pollAfter(30_000);
    expect(asked.at(-1)).toBe('');
    expect(Object.keys((await self.known()).state.missing)).toEqual(['new']);
    await pollAfter(30_000);
    expect(asked.at(-1)).not.toBe('');
  });

  it('with an empty list of everybody is empty, as anywhere', async () => {
    answer = () => ok([]);
    await pollAfter(6 * MINUTE);
    expect((await self.known()).state.outcome).toBe('empty');
  });
});
