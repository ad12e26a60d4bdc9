/** "Test connection" against tenants: the words of a line say what a poll would meet, and where. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { eventually } from '../support/eventually.ts';
import { textOf } from '../support/files.ts';
import { boot, signedIn, type Worker } from './support/boot.ts';
import { arm, fetchAsInABrowser } from './support/world.ts';

const SERVICES = '/inContactAPI/services';
let v2: Tenant;
let open: Tenant;
beforeAll(async () => {
  [v2, open] = await Promise.all([
    startTenant({ agents: 3, frozen: true }),
    startTenant({ profile: 'public', agents: 3, frozen: true, accessTokenSeconds: 10_000_000 }),
  ]);
});
afterAll(() => Promise.all([v2.close(), open.close()]));
afterEach(() => {
  vi.unstubAllGlobals();
  for (const tenant of [v2, open]) tenant.faults.clear();
});

async function lines(worker: Worker) {
  await worker.send('testConnection', {}, 'options');
  const run = await eventually(async () => {
    const shown = await worker.view('view.test');
    if (shown?.running !== false) throw new Error('not yet');
    return shown;
  }, 10);
  return Object.fromEntries(run.lines.map((line) => [line.step, line]));
}
const said = async (worker: Worker, step: string) => {
  const line = (await lines(worker))[step];
  return line && textOf('en', line.key, line.params);
};

describe('the versions of the documented API', () => {
  it('that a poll finds the test finds as well, and says which', async () => {
    await signedIn(open, []);
    arm(open, { kind: 'oldVersionsOnly', versions: ['v28.0'] });
    const worker = await boot();
    const { api, states } = await lines(worker);
    expect(api).toMatchObject({
      result: 'ok',
      key: 'test_apiOtherVersion',
      params: [new URL(open.apiBaseUrl).host, 'v28.0', 'v34.0'],
    });
    expect(states).toMatchObject({ result: 'ok', key: 'test_statesOk' });
    await worker.send('poll', {});
    expect((await worker.glance()).problem).toBeNull();
    // Found and kept by now: there is nothing to be said about it.
    expect((await lines(worker)).api).toMatchObject({ key: 'test_apiOk' });
  });

  it('of which none is there: the address asked first is named', async () => {
    await signedIn(open, []);
    arm(open, { kind: 'status', status: 404, match: '/agents/states', text: '' });
    const worker = await boot();
    const seq = open.log.since(0).at(-1)?.seq ?? 0;
    expect(await said(worker, 'api')).toContain(`${open.apiBaseUrl}${SERVICES}/v34.0/agents/states`);
    const asked = open.log.since(seq).filter(({ path }) => path.endsWith('/agents/states'));
    expect(asked.map(({ path }) => /v[\d.]+/.exec(path)?.[0])).toEqual(['v34.0', 'v30.0', 'v28.0']);
  });
});

describe('a step that fails names the address', () => {
  const url = () => `${v2.apiBaseUrl}/api/v2/agents/states`;

  it('that could not be reached', async () => {
    await signedIn(v2, []);
    arm(v2, { kind: 'reset', match: '/api/v2/agents/states' });
    expect(await said(await boot(), 'api')).toContain(`${url()} could not be reached`);
  });

  it.each(['html200', 'redirect'] as const)('that answers with a web page (%s)', async (kind) => {
    fetchAsInABrowser();
    await signedIn(v2, []);
    arm(v2, { kind, match: '/api/v2/agents/states' });
    expect(await said(await boot(), 'api')).toContain(`${url()} answers with a web page`);
  });

  it('that gave no states', async () => {
    await signedIn(v2, []);
    const real = fetch;
    vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
      const withToken = new Headers(init?.headers).has('authorization');
      return address.startsWith(url()) && withToken ? new Response('not json', { status: 500 }) : real(address, init);
    });
    const text = await said(await boot(), 'states');
    expect(text).toContain(`from ${url()}: `);
    expect(text).not.toMatch(/: $/);
  });
});

describe('an issuer whose document is of another', () => {
  it('is said, with the one to enter', async () => {
    await signedIn(v2, []);
    const other = v2.issuer.replace('127.0.0.1', 'localhost');
    const real = fetch;
    vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
      const answer = await real(address, init);
      if (!address.includes('/.well-known/')) return answer;
      return new Response(JSON.stringify({ ...((await answer.json()) as object), issuer: other }));
    });
    const { discovery } = await lines(await boot());
    expect(discovery).toMatchObject({
      result: 'failed',
      key: 'test_discoveryOtherIssuer',
      params: [`${v2.issuer}/.well-known/openid-configuration`, other],
    });
  });
});
