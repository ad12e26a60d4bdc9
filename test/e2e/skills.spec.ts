/** Skills for one or for thousands: what is wrong is said before, what was done is proved after, and nothing is written twice, blindly, or unasked. */
import type { Page } from '@playwright/test';
import { EMPTY_DRAFT } from '../../src/domain/connection.ts';
import { heldOf } from '../chaos/batch-oracle.ts';
import { startTenant, type Tenant } from '../tenant/tenant.ts';
import { send } from './support/diagnosis.ts';
import type { Extension } from './support/extension.ts';
import { expect, test } from './support/fixtures.ts';
import { signIn, signInFromPopup } from './support/flows.ts';
import { ready } from './support/history.ts';
import { canWritePolicy, removePolicy, withPolicy } from './support/policy.ts';
import { control } from './support/polling.ts';
import { startSink } from './support/sink.ts';
import {
  askedSince,
  bigFile,
  button,
  checkedExport,
  entriesOf,
  expectTruth,
  FROM,
  logEnd,
  markOf,
  openRoom,
  planned,
  rowsOf,
  run,
  savedBy,
  settleSoon,
  skilled,
  skillId,
  TO,
  tableOf,
  untilStatus,
  V2_COLUMNS,
  type WishedRow,
} from './support/skills.ts';
import { words, wordsIn } from './support/words.ts';

const ID = 'lkpmcfmpfdgjhdidmfjfhciimkgibomi';
const seconds = (sinceMs: number) => Math.round((Date.now() - sinceMs) / 100) / 10;
const count = (n: number) => new Intl.NumberFormat('en').format(n);

/** These agents get the skill at another level than they have; nobody of them is unlicensed. */
function wishes(tenant: Tenant, agents: readonly number[], skill: string, more: Partial<WishedRow> = {}): WishedRow[] {
  const isPublic = tenant.profile === 'public';
  return agents.map((index) => {
    const agent = tenant.sim.agents[index];
    const had = agent ? (tenant.ledger.held(agent, skill)?.level ?? 0) : 0;
    const level = (had % 5) + 1;
    const window = isPublic ? { availableFromAt: '', availableToAt: '' } : { availableFromAt: FROM, availableToAt: TO };
    return { line: 0, userId: agent?.person.id ?? '', skillId: skill, held: { level, ...window, active: true }, ...more };
  });
}

const levelOf = (tenant: Tenant, index: number, skill: string) => {
  const agent = tenant.sim.agents[index];
  return agent ? (tenant.ledger.held(agent, skill)?.level ?? null) : null;
};

test('the capability is asked for with its scopes, in the room, before anything of it works', async ({ extension, tenant }) => {
  const page = await ready(extension, tenant, false);
  await openRoom(extension, page);
  await expect(page.getByRole('heading', { name: words('skills_off') })).toBeVisible();
  const scopes = page.getByRole('list', { name: words('skills_scopes') });
  for (const scope of ['users:read', 'users:write', 'routing:read', 'analytics:read']) {
    await expect(scopes).toContainText(scope);
  }
  const rows = wishes(tenant, [0], skillId(tenant, 'Billing'));
  await expect(send(page, 'planBatch', { id: crypto.randomUUID(), name: 'too soon', rows })).rejects.toThrow('invalid');

  const before = logEnd(tenant);
  await signIn(extension, () => button(page, 'skills_use').click());
  await expect(page.getByRole('heading', { name: words('skills_in_many') })).toBeVisible();
  const asked = tenant.log
    .since(before)
    .find(({ path, query }) => path === '/auth' && query.scope)
    ?.query.scope?.split(' ');
  expect(asked).toEqual(expect.arrayContaining(['view:agent', 'users:read', 'users:write', 'routing:read', 'analytics:read']));
  expect(askedSince(tenant, before).write).toBeUndefined();
});

test.describe('two thousand rows', () => {
  test.use({ tenantOptions: { agents: 400 } });

  test('are read, checked, written, paused, gone on with after a restart, handed to workforce management, and proved', async ({
    launch,
    tenant,
  }) => {
    test.setTimeout(240_000);
    const extension = await launch({ by: 'profile' });
    let page = await skilled(extension, tenant);
    const file = bigFile(tenant);
    expect([file.good, file.bad]).toEqual([1963, 37]);

    await page.getByLabel(words('skills_in_chooseFile')).setInputFiles({
      name: 'spring.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(file.text),
    });
    await expect(page.getByRole('definition').first()).toHaveText(count(file.good));
    await expect(page.getByRole('definition').nth(1)).toHaveText(count(file.bad));
    const bad = tableOf(await savedBy(page, () => button(page, 'skills_in_saveBad').click()));
    expect(bad.columns).toEqual([...V2_COLUMNS, 'line', 'problem']);
    expect(bad.lines).toHaveLength(file.bad);
    const lines = file.text.split('\r\n');
    for (const { line, problem, ...cells } of bad.lines) {
      expect(lines[Number(line) - 1]).toBe(V2_COLUMNS.map((column) => cells[column]).join(','));
      expect(problem).not.toBe('');
    }

    // The dry run: what is the same for all once, and two questions about each user.
    let before = logEnd(tenant);
    const startedMs = Date.now();
    await button(page, 'skills_in_check').click();
    const { id } = (await extension.untilPublished('view.batch', (view) => view?.batch.name === 'spring.csv'))?.batch ?? {
      id: '',
    };
    const { counts } = await untilStatus(extension, id, 'ready');
    const figures = { checkSeconds: seconds(startedMs), checkRequests: tenant.log.since(before).length };
    expect(counts.diffs).toMatchObject(file.diffs);
    const writable = file.diffs.new + file.diffs.changed;
    expect(counts.states).toMatchObject({ planned: writable, skipped: file.good - writable });
    const dry = askedSince(tenant, before);
    expect(dry.write).toBeUndefined();
    expect(dry).toMatchObject({ assignments: file.users, licences: file.users });
    // Once for the batch, and once for the names of skills that the page shows.
    expect(dry.me).toBeLessThanOrEqual(2);
    expect(dry.skills).toBeLessThanOrEqual(2);
    expect(dry.directory).toBe(1);
    // The one the directory does not have.
    expect(dry.agent).toBe(1);

    // The run: one request per row, and one per user before it; paused in the middle.
    before = logEnd(tenant);
    const field = page.getByLabel(words('skills_confirmType'));
    await expect(button(page, 'skills_batch_run')).toHaveAttribute('aria-disabled', 'true');
    await field.fill(String(writable));
    await button(page, 'skills_batch_run').click();
    await extension.untilPublished('view.batch', (view) => (view?.batch.counts.states.verified ?? 0) > writable / 4, 60_000);
    await button(page, 'skills_batch_pause').click();
    const paused = await untilStatus(extension, id, 'paused');
    expect(paused.pause).toBe('user');
    expect(paused.counts.states.planned).toBeGreaterThan(0);
    await expect(page.getByText(words('skills_paused_user'))).toBeVisible();

    await extension.restart();
    await settleSoon(extension);
    page = await extension.openConsole();
    await openRoom(extension, page, { tab: 'batch', batch: id });
    const writes = tenant.ledger.writesSince(0).length;
    await button(page, 'skills_batch_goOn').click();
    const done = await untilStatus(extension, id, 'done', 90_000);
    const told = {
      ...figures,
      runSeconds: Math.round(done.ranMs / 100) / 10,
      written: writable,
      rowsPerSecond: Math.round(writable / (done.ranMs / 1000)),
    };
    test.info().annotations.push({ type: 'figures', description: JSON.stringify(told) });
    expect(tenant.ledger.writesSince(0).length).toBeGreaterThan(writes);
    expect(done.counts.states).toMatchObject({
      verified: writable,
      skipped: file.good - writable,
      conflict: 0,
      failed: 0,
      unknown: 0,
    });
    const ran = askedSince(tenant, before);
    expect(ran.write).toBe(writable);
    // Those in the middle of whose rows it was paused are read once more.
    expect(ran.assignments ?? 0).toBeLessThanOrEqual(file.users + 10);
    expect(ran.licences).toBeUndefined();
    // At the start, when it goes on, and for what the page shows after the restart.
    expect(ran.me).toBeLessThanOrEqual(4);
    expect(ran.directory).toBeUndefined();
    await expectTruth(page, tenant, id);

    const wfm = tableOf(await savedBy(page, () => button(page, 'skills_batch_saveWfm').click()));
    expect(wfm.columns).toEqual(['userId', 'skillId', 'level', 'availableFrom', 'availableTo', 'exportTimestamp']);
    expect(wfm.lines).toHaveLength(writable);
    const stamps = new Set(wfm.lines.map(({ exportTimestamp }) => exportTimestamp));
    expect(stamps.size).toBe(1);
    expect(Date.now() - Date.parse([...stamps][0] ?? '')).toBeLessThan(60_000);
    for (const { userId = '', skillId: skill = '', level, availableFrom, availableTo } of wfm.lines) {
      const agent = tenant.sim.byId(userId);
      const held = agent ? heldOf(tenant.ledger.held(agent, skill)) : null;
      expect([level, availableFrom, availableTo]).toEqual([String(held?.level), held?.availableFromAt, held?.availableToAt]);
    }

    await openRoom(extension, page, { tab: 'audit' });
    await button(page, 'skills_audit_verify').click();
    await expect(page.getByText(wordsIn('skills_audit_whole'))).toBeVisible();
    const log = await savedBy(page, () => button(page, 'skills_audit_saveJson').click());
    const exported = checkedExport(log);
    expect(exported).toEqual({ count: (await entriesOf(page, id)).length, broken: 0 });
    // A send and an outcome for each row, and what was done with the batch.
    expect(exported.count).toBeGreaterThanOrEqual(2 * writable + 5);
    const anotherLevel = log.replace('"level":3', '"level":4');
    expect(anotherLevel).not.toBe(log);
    expect(checkedExport(anotherLevel).broken).toBeGreaterThan(0);
    expect(await extension.runtimeErrors()).toEqual([]);
  });
});

for (const profile of ['v2', 'public'] as const) {
  test.describe(`profile ${profile}`, () => {
    test.use({ tenantOptions: { profile } });

    test('what somebody else has changed meanwhile is not written over: the user decides, row by row', async ({
      launch,
      tenant,
    }) => {
      const extension = await launch({ by: 'profile' });
      const page = await skilled(extension, tenant);
      const skill = skillId(tenant, 'Billing');
      const agents = [0, 1, 2, 3, 4];
      const rows = wishes(tenant, agents, skill);
      const id = await planned(extension, page, rows);
      const theirs = (index: number) =>
        [1, 2, 3, 4, 5].find((level) => level !== rows[index]?.held?.level && level !== levelOf(tenant, index, skill));
      const [first, second] = [theirs(1) ?? 0, theirs(3) ?? 0];
      for (const [index, level] of [
        [1, first],
        [3, second],
      ] as const) {
        await control(tenant, '/skills', { agent: tenant.sim.agents[index]?.person.id, skill, level });
      }
      await openRoom(extension, page, { tab: 'batch', batch: id });
      const start = await markOf(page, tenant, id);
      await button(page, 'skills_batch_run').click();
      const done = await untilStatus(extension, id, 'done');
      expect(done.counts.states).toMatchObject({ verified: 3, conflict: 2 });
      expect([levelOf(tenant, 1, skill), levelOf(tenant, 3, skill)]).toEqual([first, second]);
      await expectTruth(page, tenant, id, start);

      await button(page, 'skills_batch_look_conflict').click();
      const mark = await markOf(page, tenant, id);
      const rowOf = (index: number) => page.getByRole('row').filter({ hasText: tenant.sim.agents[index]?.person.name ?? '' });
      await rowOf(1)
        .getByRole('button', { name: words('skills_batch_oursFor') })
        .click();
      await rowOf(3)
        .getByRole('button', { name: words('skills_batch_theirsFor') })
        .click();
      await expect.poll(async () => (await rowsOf(page, id)).filter(({ state }) => state === 'conflict').length).toBe(0);
      expect((await rowsOf(page, id)).map(({ state }) => state)).toEqual([
        'verified',
        'planned',
        'verified',
        'skipped',
        'verified',
      ]);
      await run(extension, page, id);
      expect([levelOf(tenant, 1, skill), levelOf(tenant, 3, skill)]).toEqual([rows[1]?.held?.level, second]);
      const after = await rowsOf(page, id);
      expect(after.map(({ state }) => state)).toEqual(['verified', 'verified', 'verified', 'skipped', 'verified']);
      await expectTruth(page, tenant, id, mark);
      expect(
        (await entriesOf(page, id))
          .filter(({ action }) => action === 'decide')
          .map(({ result }) => result)
          .sort(),
      ).toEqual(['ours', 'theirs']);
    });

    test('an answer that was lost is read back, not sent again; what was not done is sent once more', async ({
      launch,
      tenant,
    }) => {
      const extension = await launch({ by: 'profile' });
      const page = await skilled(extension, tenant);
      const skill = skillId(tenant, 'Chat');
      const rows = wishes(tenant, [0, 1, 2, 3, 4, 5], skill);
      const id = await planned(extension, page, rows);
      const match = (index: number) => {
        const user = rows[index]?.userId;
        return { match: profile === 'v2' ? `/api/v2/users/${user}` : `/agents/${user}`, times: 1 };
      };
      const faults = [
        { kind: 'writeLost', as: 'cut', when: 'after', ...match(0) },
        { kind: 'writeLost', as: 'cut', when: 'before', ...match(1) },
        { kind: 'writeStatus', status: 503, when: 'after', ...match(2) },
        { kind: 'writeStatus', status: 500, when: 'before', ...match(3) },
        { kind: 'writeConflict', ...match(4) },
      ];
      for (const fault of faults) await control(tenant, '/faults', fault);
      await control(tenant, '/faults', { kind: 'applyLate', lowMs: 50, highMs: 200, answer: 'either' });
      const done = await run(extension, page, id);
      expect(done.counts.states.verified).toBe(6);
      await expectTruth(page, tenant, id);
      const times = rows.map(({ userId }) => tenant.ledger.writesSince(0).filter((write) => write.agentId === userId));
      expect(times.map((writes) => writes.length)).toEqual([1, 2, 1, 2, 2, 1]);
      expect(times.map((writes) => writes.filter(({ success }) => success).length)).toEqual([1, 1, 1, 1, 1, 1]);
      const backs = (await entriesOf(page, id)).filter(({ action, result }) => action === 'readBack' && result !== '');
      expect(new Set(backs.map(({ row }) => row)).size).toBeGreaterThanOrEqual(4);

      if (profile === 'v2') await interrupted(extension, page, tenant);
    });

    test('is taken back: the values from before, looked at like any other batch', async ({ launch, tenant }) => {
      const extension = await launch({ by: 'profile' });
      const page = await skilled(extension, tenant);
      const agents = [0, 1, 2];
      const rows = agents.flatMap((index) => {
        const skill = tenant.sim.agents[index]?.person.skills.find(({ name }) => name !== 'Sales' && name !== 'Back office');
        return skill ? wishes(tenant, [index], skill.id) : [];
      });
      expect(rows.length).toBeGreaterThan(0);
      const now = () =>
        rows.map(({ userId, skillId: skill }) => heldOf(tenant.ledger.held(tenant.sim.byId(userId) as never, skill)));
      const before = now();
      const id = await planned(extension, page, rows, 'by mistake');
      await run(extension, page, id);
      expect(now()).toEqual(rows.map(({ held }) => held));
      await openRoom(extension, page, { tab: 'batch', batch: id });
      await button(page, 'skills_batch_undo').click();
      const undone = await extension.untilPublished(
        'view.batch',
        (view) => view?.batch.undoOf === id && view.batch.status === 'ready',
      );
      const undoId = undone?.batch.id ?? '';
      const mark = await markOf(page, tenant, undoId);
      await button(page, rows.length === 1 ? 'skills_batch_run_one' : 'skills_batch_run').click();
      await untilStatus(extension, undoId, 'done');
      expect(now()).toEqual(before);
      await expectTruth(page, tenant, undoId, mark);
    });
  });
}

/** In the middle of a batch: it stops, writes nowhere else, and goes on where it was when it is told to. */
async function interrupted(extension: Extension, page: Page, tenant: Tenant): Promise<void> {
  const slow = { kind: 'applyLate', lowMs: 250, highMs: 250, answer: 'after' } as const;
  tenant.faults.clear();
  tenant.faults.arm(slow);
  const agents = [...Array(19).keys()].filter((index) => index !== 9);
  const rows = ['Tier 1', 'Billing'].flatMap((name) => wishes(tenant, agents, skillId(tenant, name)));
  const id = await planned(extension, page, rows);
  const mark = await markOf(page, tenant, id);
  const verified = async () => (await stored()).counts.states.verified;
  const stored = async () => {
    const batch = (await send(page, 'batches', {})).batches.find((each) => each.id === id);
    if (!batch) throw new Error('It is gone.');
    return batch;
  };
  const goOn = async () => {
    const { counts } = await stored();
    await send(page, 'runBatch', { batchId: id, rows: counts.states.planned });
    await expect.poll(verified).toBeGreaterThan(counts.states.verified + 1);
  };
  /** Of whose last send the log does not say yet how it ended. */
  const onTheirWay = async () => {
    const last = new Map((await entriesOf(page, id)).map(({ row, action }) => [row, action]));
    return [...last.values()].filter((action) => action === 'send').length + tenant.ledger.pending;
  };
  /** Nothing is written any more, whatever wakes the worker. */
  const still = async () => {
    await expect.poll(onTheirWay).toBe(0);
    const writes = tenant.ledger.writesSince(0).length;
    await extension.ringAlarm('batch');
    await send(page, 'batches', {});
    expect(tenant.ledger.writesSince(0)).toHaveLength(writes);
  };

  await goOn();
  tenant.faults.arm({ kind: 'reset' });
  expect(await untilStatus(extension, id, 'waiting')).toMatchObject({ pause: 'offline' });
  await still();
  tenant.faults.clear();
  tenant.faults.arm(slow);
  await goOn();

  await send(page, 'signOut', {});
  expect(await untilStatus(extension, id, 'paused')).toMatchObject({ pause: 'signedOut' });
  await still();
  await signInFromPopup(extension);
  await goOn();

  const first = (await extension.published('view.glance'))?.connection?.id ?? '';
  const other = await startTenant({ frozen: true });
  try {
    const { issuer, apiBaseUrl, clientId } = other;
    const draft = { ...EMPTY_DRAFT, name: 'Second tenant', issuer, apiBaseUrl, clientId };
    const options = await extension.openOptions();
    await send(options, 'saveConnection', { id: null, draft });
    await extension.untilPublished('view.glance', ({ connection }) => connection?.name === 'Second tenant');
    expect((await send(page, 'batches', {})).batches).toEqual([]);
    await extension.ringAlarm('batch');
    await send(options, 'switchConnection', { id: first });
    expect(await stored()).toMatchObject({ status: 'paused', pause: 'otherConnection' });
    await still();
    await options.close();
    await run(extension, page, id);
    expect(other.ledger.writesSince(0)).toEqual([]);
  } finally {
    await other.close();
  }
  expect(await verified()).toBe(rows.length);
  await expectTruth(page, tenant, id, mark);
}

test.describe('what the documented API has and has not', () => {
  test.use({ tenantOptions: { profile: 'public' } });

  test('items fail inside a 200, skills are taken away and switched off, and what is lacking is said', async ({
    launch,
    tenant,
  }) => {
    const extension = await launch({ by: 'profile' });
    const page = await skilled(extension, tenant);
    const [fails, works] = [skillId(tenant, 'Retention'), skillId(tenant, 'Tier 1')];
    const [first] = tenant.sim.agents;
    const gone = first?.person.skills[0]?.id ?? '';
    const rows: WishedRow[] = [
      ...wishes(tenant, [3], fails),
      ...wishes(tenant, [4], works, { held: { level: 20, availableFromAt: '', availableToAt: '', active: false } }),
      ...wishes(tenant, [0], gone, { held: null }),
    ];
    const before = logEnd(tenant);
    const id = await planned(extension, page, rows);
    const dry = askedSince(tenant, before);
    expect(dry.licences ?? 0).toBe(0);
    expect(dry.figures ?? 0).toBe(0);
    expect(dry.assignments).toBe(3);
    await openRoom(extension, page, { tab: 'batch', batch: id });
    for (const key of ['skills_batch_noLicences', 'skills_batch_noWindow', 'skills_batch_noSuggestions'] as const) {
      await expect(page.getByText(words(key))).toBeAttached();
    }
    await control(tenant, '/faults', { kind: 'skillItemsFail', skills: [fails], error: 'Skill is locked' });
    await button(page, 'skills_batch_run').click();
    const done = await untilStatus(extension, id, 'done');
    expect(done.counts.states).toMatchObject({ verified: 2, failed: 1 });
    const [failed, off, removed] = await rowsOf(page, id);
    expect(failed).toMatchObject({
      state: 'failed',
      problem: 'itemRefused',
      status: 200,
      detail: expect.stringContaining('Skill is locked'),
    });
    expect([off?.state, removed?.state]).toEqual(['verified', 'verified']);
    await expect(page.getByText(/Skill is locked/).first()).toBeAttached();
    expect(levelOf(tenant, 4, works)).toBe(20);
    expect(levelOf(tenant, 0, gone)).toBeNull();
    await expectTruth(page, tenant, id);
  });

  test('an agent’s week is shown where a level is decided on, asked for once, and no level is suggested from it', async ({
    launch,
    tenant,
  }) => {
    const extension = await launch({ by: 'profile' });
    const page = await skilled(extension, tenant);
    const before = logEnd(tenant);
    const weeks = () => tenant.log.since(before).filter(({ path }) => path.endsWith('/agents/performance')).length;
    const choose = async (name: string) => {
      const picker = page.locator('.picker');
      await picker.getByRole('searchbox').fill(name);
      await picker.locator('.pick').filter({ hasText: name }).click();
      await picker.locator('.btn.main').click();
    };
    const week = page.locator('.week');
    const told = /^Last 7 days: occupancy \d+ % · .*contacts handled · logged in for .*CXone gives no resolution rate here/;
    await page.getByText(words('skills_way_one')).click();
    expect(weeks()).toBe(0);
    await button(page, 'skills_in_chooseAgent').click();
    await choose('Dana Ortiz');
    await expect(week).toHaveText(told);
    await page.getByText(words('skills_way_matrix')).click();
    await choose('Jonas Weber');
    await expect(week).toHaveText(told);
    expect(weeks()).toBe(1);
  });
});

test('log and rows are sent on, in order and without a token; an endpoint that is away loses nothing', async ({
  extension,
  tenant,
}) => {
  const siem = await startSink();
  try {
    const page = await skilled(extension, tenant);
    const options = await extension.openOptions();
    // As the click beside the address does it.
    const { context } = extension;
    const session = await context.newCDPSession(options);
    const expression = `chrome.permissions.request({ origins: ['${siem.origin}/*'] })`;
    await session.send('Runtime.evaluate', { expression, userGesture: true, awaitPromise: true });
    const sendOn = async () => {
      const { settings } = await send(options, 'settings', {});
      const { watchedAgentIds: _, ...own } = settings;
      await send(options, 'saveSettings', {
        settings: { ...own, auditUrl: `${siem.origin}/audit`, wfmUrl: `${siem.origin}/wfm` },
      });
    };
    await sendOn();
    siem.status = 503;
    const rows = wishes(tenant, [0, 1, 2], skillId(tenant, 'Chat'));
    const id = await planned(extension, page, rows);
    await run(extension, page, id);
    const away = await extension.untilPublished('view.batch', (view) => view?.delivery.problem != null);
    expect(away?.delivery).toMatchObject({ problem: { key: 'skills_delivery_refused' } });
    expect(away?.delivery.auditWaiting).toBeGreaterThan(0);
    expect(siem.taken).toEqual([]);

    siem.status = 200;
    await sendOn();
    await extension.untilPublished(
      'view.batch',
      (view) => view?.delivery.auditWaiting === 0 && view.delivery.wfmWaiting === 0 && view.delivery.problem === null,
    );
    const sent = siem.taken.filter(({ path }) => path === '/audit').flatMap(({ body }) => body.entries ?? []);
    expect(sent).toEqual(await entriesOf(page, id));
    const wfm = siem.taken.filter(({ path }) => path === '/wfm').flatMap(({ body }) => body.rows ?? []);
    expect(wfm.map(({ userId, skillId: skill, level }) => [userId, skill, level])).toEqual(
      rows.map(({ userId, skillId: skill, held }) => [userId, skill, held?.level]),
    );
    for (const { headers } of siem.taken) expect(headers).not.toHaveProperty('authorization');
  } finally {
    await siem.close();
  }
});

test('writes are the console’s alone: popup and options are not listened to, nor anybody without the right number', async ({
  extension,
  tenant,
}) => {
  const page = await skilled(extension, tenant);
  const rows = wishes(tenant, [0, 1], skillId(tenant, 'Chat'));
  const id = await planned(extension, page, rows);
  const before = logEnd(tenant);
  for (const open of [() => extension.openPopup(), () => extension.openOptions()]) {
    const other = await open();
    await expect(send(other, 'runBatch', { batchId: id, rows: 2 })).rejects.toThrow();
    await expect(send(other, 'planBatch', { id: crypto.randomUUID(), name: 'x', rows })).rejects.toThrow();
    await expect(send(other, 'decideRows', { batchId: id, rows: [0], keep: 'ours' })).rejects.toThrow();
    await expect(send(other, 'audit', { contains: '', offset: 0, limit: 10 })).rejects.toThrow();
    await other.close();
  }
  await expect(send(page, 'runBatch', { batchId: id, rows: 1 })).rejects.toThrow('invalid');
  expect(askedSince(tenant, before).write).toBeUndefined();
  expect((await run(extension, page, id)).counts.states.verified).toBe(2);
  await expectTruth(page, tenant, id);
});

test.describe('the organisation decides', () => {
  test.skip(!canWritePolicy, 'needs root on Linux');
  test.afterEach(removePolicy);

  test('without writes everything can be looked at and nothing be written', async ({ launch, tenant }) => {
    const patience = 30_000;
    await withPolicy(ID, { writesEnabled: false }, async () => {
      const extension = await launch();
      await expect
        .poll(() => extension.outside(() => chrome.storage.managed.get(), null), { timeout: patience })
        .toMatchObject({ writesEnabled: false });
      const page = await skilled(extension, tenant);
      const rows = wishes(tenant, [0], skillId(tenant, 'Chat'));
      const id = await planned(extension, page, rows);
      await openRoom(extension, page, { tab: 'batch', batch: id });
      await expect(page.getByText(words('skills_readOnly'))).toBeVisible();
      await expect(button(page, 'skills_batch_run_one')).toHaveCount(0);
      await send(page, 'runBatch', { batchId: id, rows: 1 }).catch(() => undefined);
      await expectNoWrite(page, tenant, id);
    });
  });
});

async function expectNoWrite(page: Page, tenant: Tenant, id: string): Promise<void> {
  await expect
    .poll(async () => (await send(page, 'batches', {})).batches.find((batch) => batch.id === id)?.pause)
    .toBe('writesDisabled');
  expect(tenant.ledger.writesSince(0)).toEqual([]);
}
