import { afterEach, describe, expect, it } from 'vitest';
import type { Stretch } from '../../tenant/histories.ts';
import { IRREGULARITIES, type Irregularity } from '../../tenant/past.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts';
import { control, scripted } from './client.ts';
import { Caller } from './public-client.ts';

const NAME = 'Dana Ortiz';
const DAY_MS = 24 * 3_600_000;
const running: Tenant[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((tenant) => tenant.close()));
});

async function start(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant({ agents: 4, frozen: true, ...options });
  running.push(tenant);
  return tenant;
}

/** A past of the agent the tests are about, set at work now so that all of it lies within a day. */
async function plant(
  tenant: Tenant,
  records: number,
  irregularities: Irregularity[] = [],
  hours = 20,
): Promise<readonly Stretch[]> {
  await control(tenant, 'POST', `/agents/${encodeURIComponent(NAME)}`, { state: 'READY' });
  const body = { agent: NAME, records, seed: 7, hours, irregularities };
  const answer = await control(tenant, 'POST', '/history', body);
  expect(answer.error_description).toBeUndefined();
  return truth(tenant);
}

const truth = (tenant: Tenant) =>
  control<Stretch[]>(tenant, 'GET', `/history?agent=${encodeURIComponent(NAME)}`) as Promise<readonly Stretch[]>;
const idOf = (tenant: Tenant, name = NAME) => tenant.sim.find(name)?.person.id ?? '';
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

interface Told {
  timestamp: string;
  state: string;
  subState?: string;
  duration?: number | null;
}
interface Page {
  status: number;
  records: Told[];
  nextPageToken?: string;
  error?: string;
  error_description?: string;
}

/** The question as the client puts it, for the last day; `query` replaces parts of it, null takes one away. */
async function ask(
  tenant: Tenant,
  query: Record<string, string | null> = {},
  scopes = ['reporting'],
  account = 'demo',
): Promise<Page> {
  const now = tenant.sim.clock.shown();
  const whole: Record<string, string | null> = {
    startTime: iso(now - DAY_MS),
    endTime: iso(now + 1000),
    agentId: idOf(tenant),
    interval: 'MINUTE',
    pageSize: '1000',
    ...query,
  };
  const given = Object.entries(whole).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const response = await fetch(`${tenant.apiBaseUrl}/api/reporting/v2/agent-state-history?${new URLSearchParams(given)}`, {
    headers: { authorization: `Bearer ${await scripted(tenant, scopes, account)}` },
  });
  return { ...((await response.json()) as Page), status: response.status };
}

/** All pages, by number until one is not full, or by token until none is named. */
async function pages(tenant: Tenant, paging: 'numbers' | 'token'): Promise<Told[][]> {
  const all: Told[][] = [];
  for (let token = '', number = 1; number < 20; number++) {
    const page = await ask(tenant, paging === 'numbers' ? { pageNumber: String(number) } : token ? { nextPageToken: token } : {});
    expect(page.status).toBe(200);
    all.push(page.records);
    token = page.nextPageToken ?? '';
    if (paging === 'numbers' ? page.records.length < 1000 : token === '') break;
  }
  return all;
}

const toldOf = (records: readonly Told[]) =>
  records.map(({ timestamp, state, subState }) => [timestamp, state, subState ?? null]);
const trueOf = (stretches: readonly Stretch[]) =>
  stretches.map(({ sinceMs, state, subState }) => [new Date(sinceMs).toISOString(), state, subState]);

describe('a made-up past', () => {
  it('is of the length asked for, without a gap, and ends in the present state', async () => {
    const tenant = await start();
    const stretches = await plant(tenant, 2500);
    expect(stretches).toHaveLength(2500);
    for (const [i, { index, sinceMs, untilMs, state }] of stretches.entries()) {
      const next = stretches[i + 1];
      expect(index).toBe(i + 1);
      expect(untilMs).toBe(next?.sinceMs);
      if (next) expect(next.sinceMs).toBeGreaterThan(sinceMs);
      expect(next?.state).not.toBe(state);
    }
    expect(stretches.at(-1)).toMatchObject({ state: 'READY', sinceMs: tenant.sim.find(NAME)?.since });
    expect((stretches.at(-1)?.sinceMs ?? 0) - (stretches[0]?.sinceMs ?? 0)).toBe(20 * 3_600_000);
    const states = new Set(stretches.map(({ state }) => state));
    expect([...states].sort()).toEqual(['LOGIN', 'LOGOUT', 'NOT_READY', 'ON_CONTACT', 'READY', 'WRAP_UP']);
    expect(stretches.some(({ state, subState }) => state === 'NOT_READY' && subState === 'Lunch')).toBe(true);
    expect(stretches.filter(({ state }) => state === 'LOGOUT')).toHaveLength(1);
  });

  it('is the same for the same seed, at whatever time, and another for another', async () => {
    const [first, second] = [await start(), await start()];
    second.sim.moveClock({ advanceSeconds: 1234 });
    const shape = (stretches: readonly Stretch[]) =>
      stretches.map(({ state, subState, sinceMs, untilMs = sinceMs }) => [state, subState, untilMs - sinceMs]);
    const one = shape(await plant(first, 400));
    expect(shape(await plant(second, 400))).toEqual(one);
    const other = await control(second, 'POST', '/history', { agent: NAME, records: 400, seed: 8 });
    expect(other.error).toBeUndefined();
    expect(shape(await truth(second))).not.toEqual(one);
  });

  it('has a night off in each of its days', async () => {
    const tenant = await start();
    const stretches = await plant(tenant, 2100, [], 7 * 24);
    expect(stretches.filter(({ state }) => state === 'LOGOUT')).toHaveLength(7);
    const offMs = stretches
      .filter(({ state }) => state === 'LOGOUT')
      .reduce((sum, { sinceMs, untilMs = 0 }) => sum + untilMs - sinceMs, 0);
    expect(offMs / (7 * DAY_MS)).toBeCloseTo(0.4, 2);
  });

  it('goes on with what the agent does next', async () => {
    const tenant = await start();
    const before = await plant(tenant, 10);
    await control(tenant, 'POST', '/clock', { advanceSeconds: 30 });
    await control(tenant, 'POST', `/agents/${encodeURIComponent(NAME)}`, { state: 'WRAP_UP' });
    const after = await truth(tenant);
    expect(after).toHaveLength(11);
    expect(after[9]?.untilMs).toBe(after[10]?.sinceMs);
    expect(after.slice(0, 9)).toEqual(before.slice(0, 9));
    expect(after[10]).toMatchObject({ index: 11, state: 'WRAP_UP' });
  });

  it('is given to one, to everybody, or at the start', async () => {
    const tenant = await start({ history: [{ agent: '*', records: 50 }] });
    const lists = tenant.sim.agents.map((agent) => tenant.histories.of(agent));
    expect(lists.map(({ length }) => length)).toEqual([50, 50, 50, 50]);
    expect(new Set(lists.map((list) => JSON.stringify(list.slice(0, 40).map(({ state }) => state)))).size).toBe(4);
    for (const [body, status] of [
      [{ agent: 'Nobody', records: 5 }, 'not_found'],
      [{ agent: NAME, records: 0 }, 'bad_history'],
      [{ agent: NAME, records: 4000, hours: 1 }, 'bad_history'],
      [{ agent: NAME, records: 5, irregularities: ['odd'] }, 'bad_history'],
      [{ paging: 'links' }, 'bad_history'],
    ] as const) {
      expect((await control(tenant, 'POST', '/history', body)).error).toBe(status);
    }
  });
});

describe('the v2 history', () => {
  for (const paging of ['numbers', 'token'] as const) {
    it(`tells 2,500 records in three pages by ${paging}, each with the length of the state before`, async () => {
      const tenant = await start({ historyPaging: paging });
      const stretches = await plant(tenant, 2500);
      const all = await pages(tenant, paging);
      expect(all.map(({ length }) => length)).toEqual(paging === 'numbers' ? [1000, 1000, 500] : [900, 1000, 600]);
      const told = all.flat();
      expect(toldOf(told)).toEqual(trueOf(stretches));
      expect(Object.keys(told[0] ?? {})).not.toContain('duration');
      for (const [i, { duration }] of told.entries()) {
        const before = stretches[i - 1];
        if (before) expect(duration).toBe((before.untilMs ?? 0) - before.sinceMs);
      }
    });
  }

  it('ends by number with an empty page where the last one is full', async () => {
    const tenant = await start();
    await plant(tenant, 2000);
    expect((await pages(tenant, 'numbers')).map(({ length }) => length)).toEqual([1000, 1000, 0]);
  });

  it('names no page after one that holds everything, though it is full', async () => {
    const tenant = await start({ historyPaging: 'token' });
    await plant(tenant, 1000);
    const page = await ask(tenant);
    expect([page.records.length, page.nextPageToken]).toEqual([1000, undefined]);
  });

  it('takes no number where pages go by token, and only tokens it has given out', async () => {
    const tenant = await start();
    await plant(tenant, 2500);
    await control(tenant, 'POST', '/history', { paging: 'token' });
    const [first, second] = [await ask(tenant), await ask(tenant, { pageNumber: '2' })];
    expect(second.records).toEqual(first.records);
    expect((await ask(tenant, { nextPageToken: 'bm90IG1pbmU' })).status).toBe(422);
  });

  it('cuts by the range, and says how long the state before the first lasted', async () => {
    const tenant = await start();
    const stretches = await plant(tenant, 200);
    const [, , , from, to] = stretches.filter((_, i) => i % 30 === 0);
    if (!from || !to) throw new Error('no such stretches');
    // Whole seconds: the first record may begin within the second it is asked from.
    const asked = { startTime: iso(from.sinceMs + 1000), endTime: iso(to.sinceMs + 1000) };
    const { records } = await ask(tenant, asked);
    const [fromMs, toMs] = [Date.parse(asked.startTime), Date.parse(asked.endTime)];
    const wanted = stretches.filter(({ sinceMs }) => sinceMs >= fromMs && sinceMs < toMs);
    expect(toldOf(records)).toEqual(trueOf(wanted));
    const before = stretches.find(({ untilMs }) => untilMs === wanted[0]?.sinceMs);
    expect(records[0]?.duration).toBe((before?.untilMs ?? 0) - (before?.sinceMs ?? 0));
    expect(before?.sinceMs).toBeLessThan(fromMs);
  });

  it('refuses what is not allowed, not known and not spelled as it should be', async () => {
    const tenant = await start();
    await plant(tenant, 20);
    const status = async (...args: Parameters<typeof ask> extends [unknown, ...infer R] ? R : never) => {
      const { status: code, error_description: text } = await ask(tenant, ...args);
      return [code, text];
    };
    expect(await status({}, ['view:agent', 'view:interaction'])).toEqual([403, expect.stringContaining('scope reporting')]);
    expect(await status({}, ['reporting'], 'norole')).toEqual([403, expect.stringContaining('Security permissions')]);
    expect(await status({}, ['reporting'], 'other')).toEqual([404, expect.stringContaining('No data')]);
    expect(await status({ agentId: 'b3f1f1f0-0000-4000-8000-000000000000' })).toEqual([404, expect.stringContaining('No data')]);
    const past = { startTime: '2020-01-01T00:00:00Z', endTime: '2020-01-02T00:00:00Z' };
    expect(await status(past)).toEqual([404, expect.stringContaining('No data')]);
    expect(await status({ agentId: '2000' })).toEqual([422, expect.stringContaining('agentId')]);
    expect(await status({ agentId: null })).toEqual([422, expect.stringContaining('agentId')]);
    expect(await status({ startTime: null })).toEqual([422, expect.stringContaining('startTime')]);
    expect(await status({ startTime: '2026-01-02T03:04:05.678Z' })).toEqual([422, expect.stringContaining('startTime')]);
    expect(await status({ startTime: '2026-01-02T03:04:05+01:00' })).toEqual([422, expect.stringContaining('startTime')]);
    expect(await status({ endTime: '2020-01-02T00:00:00Z' })).toEqual([422, expect.stringContaining('earlier')]);
    expect(await status({ pageSize: '1001' })).toEqual([422, expect.stringContaining('pageSize')]);
    expect(await status({ pageNumber: '0' })).toEqual([422, expect.stringContaining('pageNumber')]);
    expect(await status({ interval: 'CENTURY' })).toEqual([422, expect.stringContaining('interval')]);
    tenant.faults.arm({ kind: 'agentUnknown', agentId: NAME });
    expect(await status()).toEqual([404, expect.stringContaining('No data')]);
  });

  it('limits rates when told to, for itself alone', async () => {
    const tenant = await start();
    await plant(tenant, 20);
    tenant.faults.arm({ kind: 'status', status: 429, retryAfter: 2, times: 1, match: '/api/reporting' });
    expect((await ask(tenant)).status).toBe(429);
    expect((await ask(tenant)).status).toBe(200);
  });

  it('forgets after ninety days, and shows the time its clock shows', async () => {
    const tenant = await start();
    const stretches = await plant(tenant, 100, [], 100 * 24);
    const now = tenant.sim.clock.now();
    const { records } = await ask(tenant, { startTime: iso(now - 120 * DAY_MS) });
    const kept = stretches.filter(({ sinceMs }) => sinceMs >= now - 90 * DAY_MS);
    expect(kept.length).toBeLessThan(stretches.length);
    expect(records.length).toBe(kept.length);
    await control(tenant, 'POST', '/clock', { skewSeconds: 300 });
    const skewed = await ask(tenant, { startTime: iso(now - 120 * DAY_MS) });
    const shifts = skewed.records.map(({ timestamp }, i) => Date.parse(timestamp) - Date.parse(records[i]?.timestamp ?? ''));
    expect(new Set(shifts)).toEqual(new Set([300_000]));
  });
});

/** What is left when everything that can be put right is: each record once, in order. */
function mended(told: readonly unknown[]): Told[] {
  const good = told.filter(
    (row): row is Told =>
      typeof row === 'object' &&
      row !== null &&
      !Array.isArray(row) &&
      typeof (row as Told).state === 'string' &&
      !Number.isNaN(Date.parse(String((row as Told).timestamp))),
  );
  const once = new Map(good.map((row) => [row.timestamp, row]));
  return [...once.values()].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
}

describe('irregularities', () => {
  it('of every kind together leave the true history to be found, on both ways of paging', async () => {
    const kinds = (Object.keys(IRREGULARITIES) as Irregularity[]).filter((kind) => kind !== 'gaps' && kind !== 'shiftedTimes');
    for (const paging of ['numbers', 'token'] as const) {
      const tenant = await start({ historyPaging: paging });
      const stretches = await plant(tenant, 2500, kinds);
      const told = (await pages(tenant, paging)).flat();
      expect(told.length).toBeGreaterThan(2560);
      expect(toldOf(mended(told))).toEqual(trueOf(stretches));
    }
  });

  const told = async (kind: Irregularity) => {
    const tenant = await start();
    const stretches = await plant(tenant, 600, [kind]);
    return { records: (await ask(tenant)).records, stretches };
  };

  it('are each what they are called', async () => {
    const times = (records: readonly Told[]) => records.map(({ timestamp }) => timestamp);
    const { records: doubled } = await told('duplicates');
    expect(doubled.length - new Set(times(doubled)).size).toBe(15);

    const { records: disordered, stretches } = await told('outOfOrder');
    const sorted = [...times(disordered)].sort();
    expect(sorted).toEqual(trueOf(stretches).map(([at]) => at));
    expect(times(disordered)).not.toEqual(sorted);
    expect(times(disordered).at(-1)).toBe(sorted[0]);

    const { records: reversed } = await told('newestFirst');
    expect(times(reversed)).toEqual([...times(reversed)].sort().reverse());

    const { records: short } = await told('missingDuration');
    // The first record never has one.
    expect(short.filter(({ duration }) => typeof duration !== 'number')).toHaveLength(1 + 85);
    expect(short.some(({ duration }) => duration === null)).toBe(true);

    const { records: drifting, stretches: clocked } = await told('clockDifferences');
    const off = drifting.slice(1).map(({ duration }, i) => {
      const { sinceMs = 0, untilMs = 0 } = clocked[i] ?? {};
      return Math.abs((duration ?? 0) - (untilMs - sinceMs));
    });
    expect(Math.max(...off)).toBeGreaterThan(1000);
    expect(Math.max(...off)).toBeLessThanOrEqual(3000);

    const { records: dated, stretches: right } = await told('shiftedTimes');
    const wrong = dated.flatMap(({ timestamp }, i) => {
      const ms = Date.parse(timestamp) - (right[i]?.sinceMs ?? 0);
      return ms === 0 ? [] : [[i, Math.sign(ms)]];
    });
    expect(wrong).toEqual([79, 159, 239, 319, 399, 479, 559].map((i, nth) => [i, nth % 2 === 0 ? -1 : 1]));
    expect(times(dated)).toEqual([...times(dated)].sort());

    const { records: broken } = await told('badRows');
    expect(broken.length).toBe(606);
    expect(mended(broken)).toHaveLength(600);

    const { records: holed, stretches: whole } = await told('gaps');
    expect(holed).toHaveLength(590);
    const lost = whole[59];
    expect(times(holed)).not.toContain(new Date(lost?.sinceMs ?? 0).toISOString());
    // What came after it speaks of it all the same.
    expect(holed[59]?.duration).toBe((lost?.untilMs ?? 0) - (lost?.sinceMs ?? 0));
  });

  it('let pages overlap without losing or adding a record', async () => {
    for (const paging of ['numbers', 'token'] as const) {
      const tenant = await start({ historyPaging: paging });
      const stretches = await plant(tenant, 2500, ['overlappingPages']);
      const all = await pages(tenant, paging);
      expect(all).toHaveLength(3);
      expect(all.flat()).toHaveLength(2540);
      for (const [i, page] of all.entries()) {
        const before = all[i - 1];
        if (before) expect(toldOf(page.slice(0, 20))).toEqual(toldOf(before.slice(-20)));
      }
      expect(toldOf(mended(all.flat()))).toEqual(trueOf(stretches));
    }
  });
});

describe('the public history', () => {
  async function all(tenant: Tenant, unlike = false): Promise<{ rows: Record<string, unknown>[]; calls: number }> {
    const caller = await Caller.of(tenant);
    const rows: Record<string, unknown>[] = [];
    const from = iso(tenant.sim.clock.now() - DAY_MS);
    let path: string | undefined = `/agents/${idOf(tenant)}/state-history?startDate=${from}&top=1000&skip=0`;
    let calls = 0;
    while (path !== undefined && calls < 10) {
      const { status, json } = await caller.call(path, { unlike });
      expect(status).toBe(200);
      rows.push(...json.agentStateHistory);
      calls++;
      const next: string | undefined = json._links.next;
      path = next?.slice(next.indexOf('/agents/'));
    }
    return { rows, calls };
  }

  it('tells the same made-up past, each state with its own length, and not the one that lasts', async () => {
    const tenant = await start({ profile: 'public' });
    const stretches = await plant(tenant, 2501);
    const { rows, calls } = await all(tenant);
    expect(calls).toBe(3);
    const ended = stretches.slice(0, -1);
    expect(rows.map(({ startDate }) => startDate)).toEqual(ended.map(({ sinceMs }) => new Date(sinceMs).toISOString()));
    expect(rows.map(({ stateIndex }) => stateIndex)).toEqual(ended.map(({ index }) => index));
    const seconds = (text: unknown) => {
      const [, h = 0, m = 0, s = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(String(text)) ?? [];
      return Number(h) * 3600 + Number(m) * 60 + Number(s);
    };
    for (const [i, { sinceMs, untilMs = 0 }] of ended.entries()) {
      expect(seconds(rows[i]?.duration)).toBeCloseTo((untilMs - sinceMs) / 1000, 3);
    }
  });

  it('can be as irregular', async () => {
    const tenant = await start({ profile: 'public' });
    const stretches = await plant(tenant, 2501, ['duplicates', 'outOfOrder', 'overlappingPages', 'missingDuration', 'badRows']);
    const { rows } = await all(tenant, true);
    const good = rows.filter(
      (row) => typeof row === 'object' && row !== null && !Number.isNaN(Date.parse(String(row.startDate))),
    );
    const times = [...new Set(good.map(({ startDate }) => String(startDate)))].sort();
    expect(rows.length).toBeGreaterThan(2600);
    expect(times).toEqual(stretches.slice(0, -1).map(({ sinceMs }) => new Date(sinceMs).toISOString()));
  });
});

describe('the shape of a past', () => {
  it('does not depend on how many others there are', async () => {
    const alone = await start({ agents: 1 });
    const among = await start({ agents: 30 });
    const states = async (tenant: Tenant) => (await plant(tenant, 60)).map(({ state, subState }) => [state, subState]);
    expect(await states(alone)).toEqual(await states(among));
  });
});
