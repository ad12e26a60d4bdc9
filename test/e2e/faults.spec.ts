/** Every fault of the tenant ends in its named outcome, with its words on screen and the last list kept. */
import type { PollOutcome, ProblemCode } from '../../src/domain/problem.ts';
import { expect, test } from './support/fixtures.ts';
import { popup, setUp } from './support/flows.ts';
import { control, poll, pollUntil } from './support/polling.ts';
import { words } from './support/words.ts';

interface Row {
  fault: Record<string, unknown> & { kind: string };
  outcome: PollOutcome;
  problem: ProblemCode | null;
}

const STATES = '/api/v2/agents/states';
const API: Row[] = [
  {
    fault: { kind: 'status', status: 403, text: 'Security permissions prevent access to data' },
    outcome: 'forbidden',
    problem: 'forbidden',
  },
  { fault: { kind: 'status', status: 404 }, outcome: 'serverError', problem: 'serverError' },
  { fault: { kind: 'status', status: 500 }, outcome: 'serverError', problem: 'serverError' },
  { fault: { kind: 'status', status: 503 }, outcome: 'serverError', problem: 'serverError' },
  { fault: { kind: 'html200' }, outcome: 'portal', problem: 'portal' },
  { fault: { kind: 'redirect' }, outcome: 'portal', problem: 'portal' },
  { fault: { kind: 'cut', bytes: 100 }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'cut', bytes: 100, clean: true }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'wrongContentType' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'object' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'null' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'number' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'string' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'nested' }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedEnvelope', shape: 'wrapped' }, outcome: 'unchanged', problem: null },
  { fault: { kind: 'huge', megabytes: 30 }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'malformedRows', share: 0.5 }, outcome: 'malformed', problem: 'malformed' },
  { fault: { kind: 'reset' }, outcome: 'offline', problem: 'offline' },
  { fault: { kind: 'duplicateRows' }, outcome: 'unchanged', problem: null },
  { fault: { kind: 'slow', ms: 300 }, outcome: 'unchanged', problem: null },
  { fault: { kind: 'empty' }, outcome: 'empty', problem: 'emptyMayLag' },
  { fault: { kind: 'noContent' }, outcome: 'empty', problem: 'emptyMayLag' },
];

test('each fault of the API ends in its outcome, is put into words, keeps the list and goes away by itself', async ({
  extension,
  tenant,
}) => {
  test.setTimeout(120_000);
  await setUp(extension, tenant);
  const page = await extension.openConsole();
  for (const { fault, outcome, problem } of API) {
    await test.step(JSON.stringify(fault), async () => {
      await control(tenant, '/faults', { ...fault, match: STATES });
      expect((await poll(extension)).outcome, JSON.stringify(fault)).toBe(outcome);
      const glance = await extension.untilPublished('view.glance', (view) => (view.problem?.code ?? null) === problem);
      expect(glance.rows).toHaveLength(30);
      expect(glance.total).toBe(30);
      if (problem) await expect(page.getByText(words(`problem_${problem}_title`)).first()).toBeVisible();
      await control(tenant, '/faults', undefined, 'DELETE');
      await poll(extension);
      await extension.untilPublished('view.glance', (view) => view.problem === null && !view.stale);
    });
  }
});

test('rows that cannot be read are counted, the others live', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  await control(tenant, '/faults', { kind: 'malformedRows', count: 3, match: STATES });
  expect((await poll(extension)).outcome).toBe('partial');
  const { problem, total } = await extension.untilPublished('view.glance', (view) => view.problem !== null);
  expect(problem?.code === 'partial' || problem?.code === 'agentsMissing').toBe(true);
  expect(total).toBe(30);
});

for (const form of ['in seconds', 'as a date']) {
  test(`429 with Retry-After ${form}: nothing is asked before the time, not even after a restart of the worker`, async ({
    extension,
    tenant,
  }) => {
    await setUp(extension, tenant);
    const retryAfter = form === 'in seconds' ? '300' : new Date(Date.now() + 300_000).toUTCString();
    await control(tenant, '/faults', { kind: 'status', status: 429, retryAfter, match: STATES });
    expect((await poll(extension)).outcome).toBe('rateLimited');
    const { statesRequests } = await control<{ statesRequests: number }>(tenant, '/counts');
    await control(tenant, '/faults', undefined, 'DELETE');
    await extension.stopWorker();
    await extension.ringAlarm('poll');
    const page = await extension.openPopup();
    await expect(page.getByText(words('problem_rateLimited_title'))).toBeVisible();
    await extension.inWorker(() => chrome.alarms.getAll(), null);
    expect((await control<{ statesRequests: number }>(tenant, '/counts')).statesRequests).toBe(statesRequests);
    const [alarm] = (await extension.alarms()).filter(({ name }) => name === 'poll');
    expect((alarm?.scheduledTime ?? 0) - Date.now()).toBeGreaterThan(200_000);
  });
}

test('401 to every token: one renewal, one retry, then words and a button', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  const before = await control<{ refreshes: number; statesRequests: number }>(tenant, '/counts');
  await control(tenant, '/scenario', { name: 'tokenRejected' });
  expect((await poll(extension)).outcome).toBe('unauthorized');
  const after = await control<{ refreshes: number; statesRequests: number }>(tenant, '/counts');
  expect(after.refreshes - before.refreshes).toBe(1);
  expect(after.statesRequests - before.statesRequests).toBe(2);
  await poll(extension);
  expect((await control<{ refreshes: number }>(tenant, '/counts')).refreshes).toBe(after.refreshes);
  const page = await extension.openPopup();
  await expect(page.getByText(words('problem_unauthorized_title'))).toBeVisible();
  await expect(popup.signIn(page)).toBeVisible();
});

const TOKEN: { fault: Record<string, unknown> & { kind: string }; keepsSignIn: boolean }[] = [
  { fault: { kind: 'tokenStatus', status: 503 }, keepsSignIn: true },
  { fault: { kind: 'tokenStatus', status: 429, retryAfter: 5 }, keepsSignIn: true },
  { fault: { kind: 'tokenHtml' }, keepsSignIn: true },
  { fault: { kind: 'tokenCut', bytes: 20 }, keepsSignIn: true },
  { fault: { kind: 'noRefreshTokenInAnswer' }, keepsSignIn: true },
  { fault: { kind: 'scopeAbsentInResponse' }, keepsSignIn: true },
  { fault: { kind: 'scopeReordered' }, keepsSignIn: true },
  { fault: { kind: 'scopeWidened', scopes: ['reporting'] }, keepsSignIn: true },
  { fault: { kind: 'tokenFields', patch: { expires_in: '3600abc' } }, keepsSignIn: true },
  { fault: { kind: 'invalidGrant' }, keepsSignIn: true },
  { fault: { kind: 'refusedBare', status: 400 }, keepsSignIn: true },
  { fault: { kind: 'refusedBare', status: 403 }, keepsSignIn: true },
  { fault: { kind: 'tokenDropAfterRotate', times: 1 }, keepsSignIn: true },
];

test('each fault of a renewal leaves the user signed in, without a window, once it is over', async ({ launch, tenant }) => {
  test.setTimeout(120_000);
  const extension = await launch();
  await setUp(extension, tenant);
  const { interactiveLogins } = await control<{ interactiveLogins: number }>(tenant, '/counts');
  for (const { fault } of TOKEN) {
    await test.step(JSON.stringify(fault), async () => {
      await control(tenant, '/faults', fault);
      await dropAccessToken(extension);
      await extension.ringAlarm('poll');
      await expect.poll(() => tenant.faults.list().every(({ used }) => used > 0), { message: JSON.stringify(fault) }).toBe(true);
      await control(tenant, '/faults', undefined, 'DELETE');
      await pollUntil(extension, (view) => view.problem === null);
      await extension.untilPublished('view.auth', ({ phase }) => phase === 'signedIn');
    });
  }
  expect((await control<{ interactiveLogins: number }>(tenant, '/counts')).interactiveLogins).toBe(interactiveLogins);
});

test('a refused renewal without a session at the provider ends in one clear "sign in again"', async ({ extension, tenant }) => {
  await setUp(extension, tenant);
  await control(tenant, '/sessions/end', {});
  await control(tenant, '/revoke', {});
  await dropAccessToken(extension);
  await extension.ringAlarm('poll');
  await extension.untilPublished('view.glance', (view) => view.problem?.code === 'needsSignIn');
  const { refreshes } = await control<{ refreshes: number }>(tenant, '/counts');
  await extension.stopWorker();
  await extension.ringAlarm('poll');
  await extension.ringAlarm('poll');
  expect((await control<{ refreshes: number }>(tenant, '/counts')).refreshes).toBe(refreshes);
  const page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(30);
  await expect(popup.signIn(page)).toBeVisible();
});

test('a provider that refuses our Origin is signed in to all the same', async ({ extension, tenant }) => {
  await control(tenant, '/faults', { kind: 'refuseOrigin' });
  await setUp(extension, tenant);
  expect(
    (await control<{ origin: string | null; path: string }[]>(tenant, '/log')).filter(
      ({ path, origin }) => path === '/token' && origin !== null,
    ),
  ).toEqual([]);
});

/** As if its hour were over. */
async function dropAccessToken(extension: {
  outside: <R, A>(run: (argument: A) => R | Promise<R>, argument: A) => Promise<R>;
}): Promise<void> {
  await extension.outside(async () => {
    const keys = Object.keys(await chrome.storage.session.get()).filter((name) => name.endsWith('/access'));
    await chrome.storage.session.remove(keys);
  }, null);
}
