/** Around a diagnosis: what the button mends, many agents at once, by itself, stopped, interrupted, handed on and kept. */
import type { Page } from '@playwright/test';
import type { DiagnosisRun } from '../../src/domain/diagnosis/run.ts';
import { CANARIES } from '../tenant/canaries.ts';
import type { Person } from '../tenant/people.ts';
import type { Tenant } from '../tenant/tenant.ts';
import {
  askedBy,
  askWhy,
  causesOf,
  diagnosed,
  disagreement,
  findingsOf,
  lookAway,
  pathOf,
  questionOf,
  send,
  subject,
  titleOf,
  topOf,
  untilEnded,
  untilRun,
} from './support/diagnosis.ts';
import type { Extension } from './support/extension.ts';
import { setUp, signIn } from './support/flows.ts';
import { LOOPBACK } from './support/launch.ts';
import { control, poll } from './support/polling.ts';
import { expect, test } from './support/staged.ts';
import { everythingKept, placesOf } from './support/storage.ts';
import { words, wordsIn } from './support/words.ts';

const verdictOn = (page: Page) => page.locator('#verdict');
const lastSeq = (tenant: Tenant) => tenant.log.since(0).at(-1)?.seq ?? 0;
const isWaiting = ({ doing }: DiagnosisRun) => (doing?.untilMs ?? 0) > 0;

test('signing in again mends a lost scope; the diagnosis runs again by itself and shows before and after', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  await stage.bringAbout({ scenario: 'scopeDroppedOnRefresh', at: 'renewal' });
  const { id } = subject(tenant);
  const first = await diagnosed(extension, page, id);
  expect(causesOf(first)).toEqual(['scopeDroppedOnRefresh']);
  await control(tenant, '/scenario', { name: 'calm' });
  await signIn(extension, () => page.getByRole('button', { name: words('remedy_signIn') }).click());
  const second = await untilRun(extension, (run) => run.id !== first.id && run.status === 'done');
  expect(second.agents.map(({ agentId }) => agentId)).toEqual([id]);
  expect(second.before).toMatchObject({ runId: first.id, cause: 'scopeDroppedOnRefresh' });
  expect(findingsOf(second)).toEqual({ verdicts: [], answered: true });
  await expect(verdictOn(page)).toHaveText(words('diagnosis_answered_title'));
  const line = page.locator('.before-after');
  await expect(line).toContainText(wordsIn('diagnosis_before'));
  await expect(line).toContainText(titleOf(topOf(first) ?? { cause: 'scopeDroppedOnRefresh', params: [] }));
  await expect(line).toContainText(wordsIn('diagnosis_now'));
  await expect(line).toContainText(wordsIn('diagnosis_answered_title'));
});

test('access to the host is given back by the button beside the verdict, and the diagnosis runs again', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  await stage.bringAbout({ at: 'hosts' });
  const first = await diagnosed(extension, page, subject(tenant).id);
  expect(causesOf(first)).toEqual(['hostAccessMissing']);
  // The user says yes when Chrome asks.
  await extension.grant(LOOPBACK);
  await page
    .locator('.verdict')
    .getByRole('button', { name: words('remedy_grantHosts') })
    .click();
  const second = await untilRun(extension, (run) => run.id !== first.id && run.status === 'done');
  expect(second.before).toMatchObject({ runId: first.id, cause: 'hostAccessMissing' });
  expect(findingsOf(second)).toEqual({ verdicts: [], answered: true });
  await expect(verdictOn(page)).toHaveText(words('diagnosis_answered_title'));
});

test('an e-mail address in place of an id: one click watches the right one instead, another takes it back', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  const { id, email } = subject(tenant);
  await send(page, 'watch', { agentIds: [id], on: false });
  await send(page, 'watch', { agentIds: [email], on: true });
  await stage.bringAbout({});
  const watched = async () => (await extension.published('view.glance'))?.rows.map(({ agentId }) => agentId) ?? [];
  await diagnosed(extension, page, email);
  await page.getByRole('button', { name: words('remedy_watchInstead') }).click();
  await expect.poll(watched).not.toContain(email);
  expect(await watched()).toContain(id);
  // And whether that was it is looked into at once.
  const second = await untilRun(extension, (run) => run.agents[0]?.agentId === id && run.status !== 'running');
  expect(findingsOf(second).answered).toBe(true);
  await page.getByRole('button', { name: words('notice_undo') }).click();
  await expect.poll(watched).not.toContain(id);
  expect(await watched()).toContain(email);
  await send(page, 'watch', { agentIds: [email], on: false });
  await send(page, 'watch', { agentIds: [id], on: true });
});

test('cancelled while it waits: it stops at once, says so, and asks nothing more', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  await stage.bringAbout({ scenario: 'propagationDelay_nearMissHidden' });
  const { id } = subject(tenant);
  const since = lastSeq(tenant);
  const runId = await askWhy(extension, page, id);
  await untilRun(extension, isWaiting);
  const from = Date.now();
  await page.getByRole('button', { name: words('diagnosis_cancel') }).click();
  const run = await untilEnded(extension, runId);
  expect(run.status).toBe('cancelled');
  expect(Date.now() - from, 'not at the end of the wait').toBeLessThan(4_000);
  await expect(verdictOn(page)).toHaveText(words('diagnosis_cancelled_title'));
  // Another one, from beginning to end: had the first gone on, its questions would stand between.
  await control(tenant, '/faults', { kind: 'noSkillGroups', agentId: 'Jonas Weber' });
  const next = await diagnosed(extension, page, tenant.sim.find('Jonas Weber')?.person.id ?? '');
  expect(causesOf(next)).toEqual(['noSkillGroups']);
  const asked = tenant.log.since(since).map((entry) => questionOf(pathOf(entry)));
  expect(asked.filter((question) => question !== null)).toEqual([...askedBy(run), ...askedBy(next)]);
});

test('the worker is killed in the middle: it goes on where it was, and asks no question twice', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  await stage.bringAbout({ scenario: 'propagationDelay_nearMissHidden' });
  const runId = await askWhy(extension, page, subject(tenant).id);
  const before = await untilRun(extension, isWaiting);
  await extension.stopWorker();
  await expect(page.getByText(words('diagnosis_going'))).toBeVisible();
  // Whatever wakes it: here the alarm that would have come anyway.
  await extension.ringAlarm('poll');
  const run = await untilEnded(extension, runId);
  expect(run.status).toBe('done');
  expect(run.startedMs).toBe(before.startedMs);
  expect(run.agents[0]?.states).toHaveLength(4);
  const once = askedBy(run).filter((question) => question !== 'statesOf');
  expect(new Set(once).size).toBe(once.length);
  await expect(verdictOn(page)).toBeVisible();
});

test('the worker is killed and stays away: the page says "interrupted", never a progress bar for ever', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  await stage.bringAbout({ scenario: 'propagationDelay_nearMissHidden' });
  const { id } = subject(tenant);
  const runId = await askWhy(extension, page, id);
  await untilRun(extension, isWaiting);
  await extension.stopWorker();
  // A minute and a half later, without the wait.
  await extension.outside(async () => {
    const text = (await chrome.storage.session.get('view.diagnosis'))['view.diagnosis'] as string;
    const shown = JSON.parse(text) as { updatedMs: number };
    await chrome.storage.session.set({ 'view.diagnosis': JSON.stringify({ ...shown, updatedMs: shown.updatedMs - 90_000 }) });
  }, null);
  await expect(verdictOn(page)).toHaveText(words('diagnosis_interrupted_title'));
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  // The next worker does not go on with something so old, and keeps what there is.
  await extension.startWorker();
  expect((await untilEnded(extension, runId)).status).toBe('interrupted');
  expect((await send(page, 'diagnoses', {})).runs[0]).toMatchObject({ id: runId, status: 'interrupted' });
  await control(tenant, '/scenario', { name: 'noSkillGroups' });
  await page.getByRole('button', { name: words('remedy_runAgain') }).click();
  const again = await untilRun(extension, (run) => run.id !== runId && run.status === 'done');
  expect(causesOf(again)).toEqual(['noSkillGroups']);
  await expect(verdictOn(page)).toHaveText(titleOf({ cause: 'noSkillGroups', params: [] }));
});

test('twelve of thirty are missing for three reasons: grouped, and what holds for all is asked once', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  // Whoever logged out before is missing for no reason that would have to be found.
  const people = tenant.sim.agents.filter(({ state }) => state !== 'LOGOUT').map(({ person }) => person);
  const groups: [kind: string, cause: string, people: Person[]][] = [
    ['noSkillGroups', 'noSkillGroups', people.slice(0, 5)],
    ['agentOtherOrganisation', 'organisationMismatch', people.slice(8, 12)],
    ['skillInactive', 'skillInactive', people.slice(20, 23)],
  ];
  await stage.bringAbout({});
  for (const [kind, , some] of groups) await control(tenant, '/faults', { kind, agentId: some.map(({ id }) => id) });
  await poll(extension);
  await extension.untilPublished('view.glance', ({ rows }) => rows.filter(({ flag }) => flag).length === 12);
  const since = lastSeq(tenant);
  await page.goto(`${extension.origin}/src/pages/console/index.html#room=diagnosis`);
  await page.getByRole('button', { name: words('diagnosis_whyThese') }).click();
  const run = await untilRun(extension, ({ agents, status }) => agents.length === 12 && status !== 'running');
  expect(run.status).toBe('done');
  expect(disagreement(run, tenant.log.since(0), since)).toBe('');
  for (const [, cause, some] of groups) for (const { id } of some) expect(topOf(run, id)?.cause, id).toBe(cause);
  const asked = askedBy(run);
  for (const question of ['me', 'directory', 'states'] as const)
    expect(asked.filter((each) => each === question).length, question).toBeLessThanOrEqual(1);
  expect(asked).not.toContain('agent');
  expect(asked).not.toContain('statesOf');
  // Nobody's skills are asked for whose cause was known without.
  expect(asked.filter((each) => each === 'skillGroups')).toHaveLength(8);
  await expect(verdictOn(page)).toHaveText(words('diagnosis_many'));
  const sections = page.locator('.cause-group');
  await expect(sections).toHaveCount(3);
  for (const [index, [, , some]] of groups.entries()) {
    await expect(sections.nth(index).getByRole('listitem')).toHaveCount(some.length);
    await expect(sections.nth(index)).toContainText(some[0]?.name ?? '');
  }
  await sections.nth(1).getByRole('link').first().click();
  await expect(verdictOn(page)).toHaveText(
    titleOf(topOf(run, groups[1]?.[2][0]?.id) ?? { cause: 'organisationMismatch', params: [] }),
  );
});

test('by itself: an agent missing from two polls is looked into once, and the popup already says why', async ({
  extension,
  tenant,
}) => {
  await lookAway(extension);
  await setUp(extension, tenant);
  await control(tenant, '/scenario', { name: 'noSkillGroups' });
  await poll(extension);
  expect(await extension.published('view.diagnosis')).toBeFalsy();
  await poll(extension);
  const run = await untilRun(extension, ({ status }) => status === 'done');
  expect(run.by).toBe('background');
  expect(run.agents.map(({ agentId }) => agentId)).toEqual([subject(tenant).id]);
  expect(causesOf(run)).toEqual(['noSkillGroups']);
  expect(askedBy(run).length).toBeLessThanOrEqual(3);
  const { cause, rows } = await extension.untilPublished('view.glance', (glance) => glance.cause !== null);
  expect(cause).toMatchObject({ runId: run.id, cause: 'noSkillGroups', confidence: 'certain' });
  expect(rows.filter((row) => row.cause).map(({ name }) => name)).toEqual(['Dana Ortiz']);
  const popup = await extension.openPopup();
  await expect(popup.getByText(titleOf({ cause: 'noSkillGroups', params: [] })).first()).toBeVisible();

  // The same symptom is not looked into again, also not by a worker that has just started.
  const asked = () => tenant.log.since(0).filter((entry) => questionOf(pathOf(entry)) === 'skillGroups').length;
  const before = asked();
  await poll(extension);
  await extension.stopWorker();
  await poll(extension);
  await poll(extension);
  expect((await send(popup, 'diagnoses', {})).runs.map(({ id }) => id)).toEqual([run.id]);
  expect(asked()).toBe(before);
  // Another one is.
  await control(tenant, '/faults', { kind: 'skillInactive', agentId: 'Jonas Weber' });
  await poll(extension);
  await poll(extension);
  const other = await untilRun(extension, ({ id, status }) => id !== run.id && status === 'done');
  expect(other.by).toBe('background');
  expect(causesOf(other)).toEqual(['skillInactive']);
  expect(await extension.runtimeErrors()).toEqual([]);
});

/** The two forms in which a diagnosis leaves the product. */
async function handedOn(extension: Extension, page: Page): Promise<{ ticket: string; json: string }> {
  await extension.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.bringToFront();
  await page.getByRole('button', { name: words('diagnosis_copy') }).click();
  await expect(page.getByText(words('diagnosis_copied'))).toBeVisible();
  const ticket = await page.evaluate(() => navigator.clipboard.readText());
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: words('diagnosis_save') }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  return { ticket, json: Buffer.concat(chunks).toString('utf8') };
}

const SECRETS: readonly string[] = [CANARIES.jwt, CANARIES.opaque];
const NAMES: readonly string[] = [CANARIES.person, CANARIES.skill, CANARIES.email, 'Dana Ortiz', 'Robin Demo'];

for (const [scenario, about] of [
  ['roleLacksPermission_forbidden', 'id'],
  ['partitionRestricted', 'id'],
  ['skillInactive', 'id'],
  ['noStateSet', 'id'],
  ['calm', 'email'],
] as const)
  test(`what is handed on names nobody and carries no token, whatever the tenant says: ${scenario}, asked by ${about}`, async ({
    stage,
  }) => {
    const { tenant, extension, page } = stage;
    await stage.bringAbout({ scenario });
    await control(tenant, '/faults', { kind: 'canaries' });
    await extension.stopWorker();
    await poll(extension);
    const person = subject(tenant);
    const run = await diagnosed(extension, page, person[about]);
    expect(topOf(run)).not.toBeNull();
    const { ticket, json } = await handedOn(extension, page);
    for (const [form, text] of Object.entries({ ticket, json })) {
      expect(
        [...SECRETS, ...NAMES, person.email].filter((word) => text.includes(word)),
        form,
      ).toEqual([]);
      // What an admin needs is there.
      for (const { requestId } of run.traces) expect(text, form).toContain(requestId);
      expect(text, form).toContain(topOf(run)?.cause === 'wrongKindOfId' ? person.id : run.agents[0]?.agentId);
    }
    expect(JSON.parse(json)).toBeInstanceOf(Object);
    const kept = await everythingKept(extension);
    const log = Object.entries(kept).filter(([place]) => place.startsWith('database/log'));
    expect(placesOf(Object.fromEntries(log), [...SECRETS, ...NAMES, person.email])).toEqual([]);
    // What a tenant calls its states every page shows anyway.
    const shown = (key: string, value: unknown) => (key === 'stateName' ? undefined : value);
    const runs = JSON.stringify([run, (await send(page, 'diagnoses', {})).runs], shown);
    expect([...SECRETS, CANARIES.person, 'Dana Ortiz'].filter((word) => runs.includes(word))).toEqual([]);
  });

test('the last twenty are kept, the newest first, and each opens again', async ({ stage }) => {
  const { tenant, extension, page } = stage;
  // Without access to the tenant every diagnosis is short.
  await stage.bringAbout({ at: 'hosts' });
  const ids: string[] = [];
  for (const { person } of tenant.sim.agents.slice(0, 22)) {
    const { runId } = await send(page, 'diagnose', { agentIds: [person.id] });
    await untilEnded(extension, runId);
    ids.push(runId);
  }
  const wanted = ids.slice(2).reverse();
  await expect.poll(async () => (await send(page, 'diagnoses', {})).runs.map(({ id }) => id)).toEqual(wanted);
  await page.goto(`${extension.origin}/src/pages/console/index.html#room=diagnosis`);
  const past = page.locator('.past-runs').getByRole('link');
  await expect(past).toHaveCount(20);
  await extension.stopWorker();
  await past.last().click();
  await expect(verdictOn(page)).toHaveText(titleOf({ cause: 'hostAccessMissing', params: ['x'] }));
  await expect(page.getByRole('heading', { name: tenant.sim.agents[2]?.person.name ?? '' })).toBeVisible();
});
