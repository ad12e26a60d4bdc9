/** An agent's past, page by page from the tenant and from what we saw ourselves: all of it, in order, and no page asked for twice. */
import type { Page } from '@playwright/test';
import { formatDuration } from '../../src/domain/time.ts';
import type { Irregularity } from '../tenant/past.ts';
import { CALLED } from '../tenant/state-words.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { signIn } from './support/flows.ts';
import {
  asked,
  givenTwice,
  idOf,
  isDone,
  known,
  lastDay,
  load,
  pageOf,
  pagesKept,
  plant,
  type Range,
  ready,
  readyPublic,
  room,
  SUBJECT,
  savedCsv,
  spentIn,
  toldOf,
  trueOf,
  untilLoad,
  wire,
} from './support/history.ts';
import { control, poll } from './support/polling.ts';
import { words, wordsIn } from './support/words.ts';

const REPORTING = '/api/reporting';
/** Long enough to do something between two pages, on a busy machine. */
const SLOW = { kind: 'slow', ms: 1200, match: REPORTING };

/** What is kept of the subject is what really was, and nothing was asked for twice to get it. */
async function expectWhole(
  page: Page,
  tenant: Tenant,
  range: Range,
  stretches: Awaited<ReturnType<typeof plant>>,
): Promise<void> {
  const { records, problem } = await known(page, idOf(tenant), range);
  expect(problem).toBeNull();
  expect(toldOf(records)).toEqual(trueOf(stretches));
  expect(givenTwice(tenant)).toBe('');
}

/** After each page but the last. Nobody asks again: the load goes on because the worker has started, whatever for. */
async function killBetweenPages(extension: Extension, pages: number): Promise<void> {
  for (let kept = 1; kept < pages; kept++) {
    await untilLoad(extension, (view) => pagesKept(view) >= kept);
    await extension.stopWorker();
    await extension.startWorker();
  }
}

for (const paging of ['numbers', 'token'] as const) {
  test.describe(`pages by ${paging}`, () => {
    test.use({ tenantOptions: { historyPaging: paging } });

    test(`2,500 records over three pages by ${paging} arrive complete and in order, in the room, its totals and its file`, async ({
      extension,
      tenant,
    }) => {
      const stretches = await plant(tenant, 2500);
      const page = await ready(extension, tenant);
      await room.open(extension, page, idOf(tenant));
      const done = await untilLoad(extension, isDone);
      expect(done.agents).toMatchObject([{ status: 'done', pages: 3, records: 2500, badRows: 0, badFields: [], problem: null }]);
      await expectWhole(page, tenant, done, stretches);
      expect(asked(tenant)).toHaveLength(3);

      // What lies before the first record is nobody's to know.
      await expect.poll(() => room.stretches(page)).toBe(1 + 2500);
      const { text, rows } = await savedCsv(page);
      expect(text.startsWith('\uFEFFagentId,name,from,to,seconds,state,reason,source\r\n')).toBe(true);
      const lines = rows
        .slice(1)
        .map(([, name, from = '', , , state, reason, source]) => [name, Date.parse(from), state, reason, source]);
      expect(lines[0]).toEqual([SUBJECT, done.fromMs, 'unknown', '', 'unknown']);
      expect(lines.slice(1)).toEqual(
        stretches.map(({ sinceMs, state, subState }) => [SUBJECT, sinceMs, CALLED[state], subState ?? '', 'tenant']),
      );

      // Seed 001's sums, made anew: a record's duration is that of the state before it.
      const records = await wire(tenant, done);
      const sums: Record<string, number> = {};
      for (const [i, { state, timestamp }] of records.entries()) {
        const ms = records[i + 1]?.duration ?? done.toMs - Date.parse(timestamp);
        sums[state] = (sums[state] ?? 0) + ms;
      }
      const { READY = 0, NOT_READY = 0 } = sums;
      const inFile = (state: string) => rows.reduce((sum, row) => sum + (row[5] === state ? Number(row[4]) * 1000 : 0), 0);
      expect(Math.round(inFile(CALLED.READY))).toBe(READY);
      expect(Math.round(inFile(CALLED.NOT_READY))).toBe(NOT_READY);
      await expect(room.total(page, 'category_available')).toHaveText(formatDuration(READY));
      await expect(room.total(page, 'category_unavailable')).toHaveText(formatDuration(NOT_READY));
      expect(await extension.runtimeErrors()).toEqual([]);
    });

    test(`what is doubled, disordered, overlapping, undated or broken by ${paging} is put right, and what was broken is counted`, async ({
      extension,
      tenant,
    }) => {
      const wrong: Irregularity[] = ['duplicates', 'outOfOrder', 'newestFirst', 'overlappingPages', 'missingDuration', 'badRows'];
      const stretches = await plant(tenant, 2500, wrong);
      const page = await ready(extension, tenant);
      const range = lastDay();
      await load(page, [idOf(tenant)], range);
      const done = await untilLoad(extension, isDone);
      // One row in a hundred; those where pages overlap come again.
      const [{ badRows = 0, badFields = [], records = 0 } = {}] = done.agents;
      expect(badRows).toBeGreaterThanOrEqual(25);
      expect([...badFields].sort()).toEqual(['row', 'state', 'timestamp']);
      expect(records).toBe(2500);
      await expectWhole(page, tenant, range, stretches);
    });

    test(`a worker killed after every page by ${paging} ends complete, and no page is given out twice`, async ({
      extension,
      tenant,
    }) => {
      const stretches = await plant(tenant, 2500);
      const page = await ready(extension, tenant);
      await control(tenant, '/faults', SLOW);
      const range = lastDay();
      const loadId = await load(page, [idOf(tenant)], range);
      await killBetweenPages(extension, 3);
      const done = await untilLoad(extension, isDone);
      expect(done.id).toBe(loadId);
      await expectWhole(page, tenant, range, stretches);
      // What was on its way when the worker died is all that is asked for again.
      expect(asked(tenant).length).toBeLessThanOrEqual(3 + 2);
      expect(asked(tenant).filter(({ status }) => status === 200)).toHaveLength(3);
    });
  });
}

test.describe('profile public', () => {
  test.use({ tenantOptions: { profile: 'public' } });

  test('2,500 records of the public API arrive complete and in order, by its own links, whenever the worker is killed; the room counts them', async ({
    launch,
    tenant,
  }) => {
    // What ended less than a minute ago may be taken for what still lasts: the present one has lasted longer.
    const wrong: Irregularity[] = ['duplicates', 'outOfOrder', 'overlappingPages', 'badRows'];
    const stretches = await plant(tenant, 2501, wrong, 5 * 60_000);
    const extension = await launch({ by: 'profile' });
    const page = await readyPublic(extension, tenant);
    const range = lastDay();
    await control(tenant, '/faults', { ...SLOW, match: '/agents/*/state-history' });
    const loadId = await load(page, [idOf(tenant)], range);
    await killBetweenPages(extension, 3);
    const done = await untilLoad(extension, isDone);
    expect(done.id).toBe(loadId);
    expect(done.agents).toMatchObject([{ status: 'done', pages: 3, problem: null }]);
    // The state that lasts is not in the public history; work after a contact is a reason there.
    const ended = stretches
      .slice(0, -1)
      .map((stretch) => (stretch.state === 'WRAP_UP' ? { ...stretch, subState: 'Wrap Up' } : stretch));
    await expectWhole(page, tenant, range, ended);
    expect(asked(tenant).filter(({ status }) => status === 200)).toHaveLength(3);

    await control(tenant, '/faults', undefined, 'DELETE');
    await room.open(extension, page, idOf(tenant));
    // It is the same question still.
    const { fromMs, toMs } = await untilLoad(extension, isDone);
    // Nobody knows what was before the first; the present one is the last, and said to be from our list.
    await expect.poll(() => room.stretches(page)).toBe(1 + 2501);
    await expect(page.getByText(words('history_presentIsOurs'))).toBeVisible();
    for (const [category, ...states] of [
      ['category_available', 'READY'],
      ['category_unavailable', 'NOT_READY', 'WRAP_UP'],
      ['category_working', 'ON_CONTACT'],
    ] as const)
      await expect(room.total(page, category)).toHaveText(formatDuration(spentIn(stretches, states, { fromMs, toMs })));
    expect(await extension.runtimeErrors()).toEqual([]);
  });
});

test.describe('a load that takes its time', () => {
  /** Six pages by number, the last of them empty. */
  const RECORDS = 5000;

  test('a reload of the room in the middle of it changes nothing: it is joined, and no page is asked for twice', async ({
    extension,
    tenant,
  }) => {
    const stretches = await plant(tenant, RECORDS);
    const page = await ready(extension, tenant);
    await control(tenant, '/faults', SLOW);
    await room.open(extension, page, idOf(tenant));
    const { id } = await untilLoad(extension, (view) => pagesKept(view) >= 2);
    await page.reload();
    await expect(page.getByRole('heading', { name: words('history_loading') })).toBeVisible();
    const done = await untilLoad(extension, isDone);
    expect(done.id).toBe(id);
    await expectWhole(page, tenant, done, stretches);
    await expect.poll(() => room.stretches(page)).toBe(1 + RECORDS);
    const pages = asked(tenant).map(pageOf);
    expect(pages).toHaveLength(6);
    expect(new Set(pages).size).toBe(6);
    expect(await extension.runtimeErrors()).toEqual([]);
  });

  test('cancelled, it asks no more and shows what has come; with one click it goes on where it stopped', async ({
    extension,
    tenant,
  }) => {
    const stretches = await plant(tenant, RECORDS);
    const page = await ready(extension, tenant);
    await control(tenant, '/faults', SLOW);
    await room.open(extension, page, idOf(tenant));
    await untilLoad(extension, (view) => pagesKept(view) >= 1);
    await room.button(page, 'history_cancel').click();
    await expect(page.getByText(words('history_cancelled'))).toBeVisible();
    expect((await extension.published('view.history'))?.status).toBe('cancelled');
    // The answer that was on its way is the last one.
    await expect.poll(() => asked(tenant).every(({ status }) => status !== 0)).toBe(true);
    const then = asked(tenant).length;
    // A load that went on would ask after a poll at the latest: it waits for those.
    await poll(extension);
    await poll(extension);
    expect(asked(tenant)).toHaveLength(then);
    expect(then).toBeLessThan(6);
    await expect.poll(() => room.stretches(page)).toBeGreaterThanOrEqual(1000);
    await room.button(page, 'history_goOn').click();
    const done = await untilLoad(extension, isDone);
    await expectWhole(page, tenant, done, stretches);
    expect(asked(tenant)).toHaveLength(6);
  });
});

for (const killed of [false, true]) {
  test(`429 is waited for${killed ? ', also by a worker that was killed' : ''}, and then it goes on where it was`, async ({
    extension,
    tenant,
  }) => {
    const stretches = await plant(tenant, 2500);
    const page = await ready(extension, tenant);
    const range = lastDay();
    await control(tenant, '/faults', SLOW);
    await load(page, [idOf(tenant)], range);
    await untilLoad(extension, (view) => pagesKept(view) >= 1);
    await control(tenant, '/faults', { kind: 'status', status: 429, retryAfter: 4, times: 1, match: REPORTING });
    const waiting = await untilLoad(extension, ({ status }) => status === 'waiting');
    expect(waiting.agents).toMatchObject([{ status: 'waiting', problem: null }]);
    expect(waiting.notBeforeMs - Date.now()).toBeLessThanOrEqual(4000);
    await control(tenant, '/faults', undefined, 'DELETE');
    const refusedAt = asked(tenant).length;
    if (killed) await extension.stopWorker();
    const done = await untilLoad(extension, isDone, 45_000);
    expect(done.id).toBe(waiting.id);
    expect(asked(tenant)[refusedAt]?.at.localeCompare(new Date(waiting.notBeforeMs - 50).toISOString())).toBe(1);
    await expectWhole(page, tenant, range, stretches);
    expect(asked(tenant)).toHaveLength(4);
  });
}

test('a token that has run out between two pages is renewed once', async ({ extension, tenant }) => {
  const stretches = await plant(tenant, 2500);
  const page = await ready(extension, tenant);
  const range = lastDay();
  const { refreshes } = await control<{ refreshes: number }>(tenant, '/counts');
  await control(tenant, '/faults', SLOW);
  await load(page, [idOf(tenant)], range);
  await untilLoad(extension, (view) => pagesKept(view) >= 1);
  await control(tenant, '/expire', {});
  await untilLoad(extension, isDone);
  expect((await control<{ refreshes: number }>(tenant, '/counts')).refreshes).toBe(refreshes + 1);
  await expectWhole(page, tenant, range, stretches);
});

test('thirty agents are asked about one after the other, once each', async ({ extension, tenant }) => {
  await control(tenant, '/history', { agent: '*', records: 100 });
  const page = await ready(extension, tenant);
  const agentIds = tenant.sim.agents.map(({ person }) => person.id);
  const range = lastDay();
  await load(page, agentIds, range);
  const done = await untilLoad(extension, isDone);
  expect(done.agents.map(({ agentId, status, problem }) => [agentId, status, problem])).toEqual(
    agentIds.map((id) => [id, 'done', null]),
  );
  expect(asked(tenant).map(({ query }) => query.agentId)).toEqual(agentIds);
  for (const agent of tenant.sim.agents.slice(0, 3)) {
    const { records } = await known(page, agent.person.id, range);
    const within = tenant.histories.of(agent).filter(({ sinceMs }) => sinceMs >= range.fromMs);
    expect(toldOf(records).slice(-within.length)).toEqual(trueOf(within));
  }
});

/** The subject does this and that, and a poll sees each of it. */
async function happen(extension: Extension, tenant: Tenant, settings: { state: string; subState?: string }[]) {
  for (const setting of settings) {
    await control(tenant, `/agents/${encodeURIComponent(SUBJECT)}`, setting);
    // Twice: with a page in sight a poll may have asked just before that and end just after.
    await poll(extension);
    await poll(extension);
  }
  await nextSecond();
}

/** A range ends with the last whole second, and a server's `Date` tells whole seconds. */
async function nextSecond(): Promise<void> {
  const nextSecondMs = (Math.floor(Date.now() / 1000) + 1) * 1000;
  await expect.poll(() => Date.now()).toBeGreaterThanOrEqual(nextSecondMs);
}

test.describe('what reached us late', () => {
  // Without its start in the row a state begins for us when we see it.
  test.use({ tenantOptions: { rowSince: false } });
  const LATE_MS = 8_000;

  test('is marked beside the tenant’s history, says how late it was, and leads to the diagnosis', async ({
    extension,
    tenant,
  }) => {
    const page = await ready(extension, tenant);
    // Nothing is in sight, so that only this test asks for polls.
    await page.goto('about:blank');
    await control(tenant, '/history', { agent: SUBJECT, records: 20, seed: 11 });
    await happen(extension, tenant, [{ state: 'NOT_READY', subState: 'Lunch' }, { state: 'READY' }]);
    // No alarm comes in between.
    await extension.outside(() => chrome.alarms.clearAll(), null);
    await control(tenant, `/agents/${encodeURIComponent(SUBJECT)}`, { state: 'WRAP_UP' });
    const lateMs = Date.now() + LATE_MS;
    await expect.poll(() => Date.now(), { timeout: 2 * LATE_MS }).toBeGreaterThanOrEqual(lateMs);
    await poll(extension);
    await nextSecond();
    await happen(extension, tenant, [{ state: 'NOT_READY', subState: 'Break' }]);

    await room.open(extension, page, idOf(tenant));
    await untilLoad(extension, isDone);
    await page.getByLabel(words('history_compare')).check();
    const line = page.locator('.difference-list li').filter({ hasText: CALLED.WRAP_UP });
    await expect(line).toContainText(wordsIn('history_difference_late'));
    await line.getByRole('link', { name: wordsIn('history_whyLate') }).click();
    await expect(page).toHaveURL(/room=diagnosis/);
    expect(await extension.runtimeErrors()).toEqual([]);
  });
});

test.describe('without the tenant’s history', () => {
  test('our own record is shown and called so; one click asks for the scope, and then both are there', async ({
    extension,
    tenant,
  }) => {
    await plant(tenant, 300);
    const page = await ready(extension, tenant, false);
    await happen(extension, tenant, [{ state: 'NOT_READY', subState: 'Lunch' }, { state: 'READY' }, { state: 'WRAP_UP' }]);
    await room.open(extension, page, idOf(tenant));
    const banner = room.problem(page, 'capabilityOff');
    await expect(banner).toContainText(wordsIn('history_problem_capabilityOff_text'));
    await expect(banner).toContainText(wordsIn('history_oursInstead'));
    await expect(room.table(page)).toContainText('Lunch');
    await expect(room.table(page)).toContainText(wordsIn('history_source_seen'));
    await expect(room.table(page)).not.toContainText(words('history_source_tenant'));
    expect(asked(tenant), 'nobody was asked before the click').toEqual([]);
    const [before] = (await extension.published('view.auth'))?.ledger.slice(-1) ?? [];
    expect(before?.received).not.toContain('reporting');

    await signIn(extension, () => room.button(page, 'history_use').click());
    const done = await untilLoad(extension, isDone);
    expect((await extension.published('view.auth'))?.effectiveScopes).toContain('reporting');
    await expect(banner).toBeHidden();
    expect(done.agents).toMatchObject([{ records: 303, problem: null }]);
    await expect.poll(() => room.stretches(page)).toBe(1 + 303);
    await expect(
      room
        .table(page)
        .getByRole('cell', { name: words('history_source_tenant') })
        .first(),
    ).toBeVisible();
    expect((await known(page, idOf(tenant), done)).seen.filter(({ gap }) => !gap)).toHaveLength(3);
    expect(await extension.runtimeErrors()).toEqual([]);
  });

  test('a tenant that does not give the scope is watched all the same; the room says what is missing, and asks again', async ({
    extension,
    tenant,
  }) => {
    await plant(tenant, 300);
    await control(tenant, '/faults', { kind: 'scopeDroppedAtSignIn', scopes: ['reporting'] });
    const page = await ready(extension, tenant);
    await room.open(extension, page, idOf(tenant));
    const banner = room.problem(page, 'scopeMissing');
    await expect(banner).toContainText('reporting');
    expect((await extension.published('view.auth'))?.phase).toBe('signedIn');
    expect((await poll(extension)).outcome).toMatch(/ok|unchanged/);
    expect(asked(tenant).map(({ status }) => status)).toEqual([403]);

    await control(tenant, '/faults', undefined, 'DELETE');
    await signIn(extension, () => banner.getByRole('button').click());
    const done = await untilLoad(extension, isDone);
    expect(done.agents).toMatchObject([{ records: 300, problem: null }]);
    await expect(banner).toBeHidden();
    await expect.poll(() => room.stretches(page)).toBe(1 + 300);
  });

  test('what the tenant has no records of, or no longer, is told from our own record, or said not to be known', async ({
    extension,
    tenant,
  }) => {
    await control(tenant, '/faults', { kind: 'agentUnknown', agentId: SUBJECT, match: REPORTING });
    const page = await ready(extension, tenant);
    await happen(extension, tenant, [{ state: 'NOT_READY', subState: 'Lunch' }, { state: 'READY' }]);
    await room.open(extension, page, idOf(tenant));
    const done = await untilLoad(extension, isDone);
    expect(done.agents).toMatchObject([{ status: 'done', problem: 'noData', records: 0 }]);
    await expect(room.table(page)).toContainText('Lunch');
    await expect(room.table(page)).toContainText(wordsIn('history_source_seen'));
    const banner = room.problem(page, 'noData');
    await expect(banner).toContainText(wordsIn('history_noRecords'));
    await expect(banner).toContainText(wordsIn('history_oursAlone'));
    await expect(page.locator('.key')).toContainText(wordsIn('history_source_seen'));
    const { rows } = await savedCsv(page);
    expect(new Set(rows.slice(1).map((row) => row[7]))).toEqual(new Set(['seen', 'unknown']));

    // A tenant keeps histories for ninety days: a time before that is said to be that old, and a time that began before it as well.
    await control(tenant, '/faults', undefined, 'DELETE');
    const day = 86_400_000;
    await control(tenant, '/history', { agent: SUBJECT, records: 1000, hours: 100 * 24 });
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    await room.open(extension, page, idOf(tenant), { fromMs: minute - 95 * day, toMs: minute - 92 * day });
    await expect(banner).toContainText(wordsIn('history_problem_noData_text'));
    await expect(banner).toContainText(wordsIn('history_nothingInstead'));
    await expect(page.getByRole('heading', { name: words('history_nothing') })).toBeVisible();
    await room.open(extension, page, idOf(tenant), { fromMs: minute - 97 * day, toMs: minute - 80 * day });
    await expect(room.problem(page, 'beginsLate')).toContainText(wordsIn('history_problem_noData_text'));
    await expect(banner).toBeHidden();
    expect(await room.stretches(page)).toBeGreaterThan(50);
    // What has not been yet is refused in so many words, and nobody is asked for it.
    const then = asked(tenant).length;
    await room.open(extension, page, idOf(tenant), { fromMs: minute + day, toMs: minute + 2 * day });
    await expect(room.problem(page, 'badRange')).toContainText(wordsIn('history_toComeText'));
    expect(asked(tenant)).toHaveLength(then);
    expect(await extension.runtimeErrors()).toEqual([]);
  });
});
