/**
 * What the product promises of watching, alerts and emptiness: each on both profiles, from one table. What a profile cannot have stands in it with
 * the reason; a promise without a word for either profile does not compile.
 */
import { expect } from '@playwright/test';
import type { Profile } from '../../../src/domain/connection.ts';
import type { ProblemCode } from '../../../src/domain/problem.ts';
import { SUBJECT } from '../../tenant/scenarios.ts';
import { knowsReasons, narrowsToTeam, offersReasons } from './desk.ts';
import { noneByItself } from './diagnosis.ts';
import { popup } from './flows.ts';
import { askForEverybody, control, poll, pollUntil } from './polling.ts';
import type { Stage } from './stage.ts';

type Kept = (stage: Stage) => Promise<void>;

/** Not with this profile, and why. */
interface NotHere {
  notHere: string;
}

interface Promised {
  /** The promise, as a sentence. */
  holds: string;
  on: Record<Profile, Kept | NotHere>;
}

/** However it is put: the claim that must not be made. */
const NOBODY = /nobody is|no one is|no agents? (are|is) logged|everyone is logged out|nobody logged/i;
const AGENTS = 30;

const setState = ({ tenant }: Stage, name: string, setting: Record<string, unknown>) =>
  control(tenant, `/agents/${encodeURIComponent(name)}`, setting);
const titles = ({ extension }: Stage) => extension.notifications.map(({ options: { title } }) => title);
const statesRequests = ({ tenant }: Stage, since: number) =>
  tenant.log.since(since).filter(({ path }) => /\/agents(\/[^/]+)?\/states$/.test(path));
const lastSeq = ({ tenant }: Stage) => tenant.log.since(0).at(-1)?.seq ?? 0;

/** The fault is there, and known to the poll after it: one for everybody. */
async function comesAbout(stage: Stage, scenario: string): Promise<void> {
  await noneByItself(stage.extension);
  await control(stage.tenant, '/scenario', { name: scenario });
  await stage.extension.stopWorker();
  await askForEverybody(stage.extension);
  await poll(stage.extension);
}

/** The list stays whole on screen, and nobody is said to be logged out. */
async function expectListKept({ extension }: Stage): Promise<void> {
  expect((await extension.published('view.glance'))?.rows).toHaveLength(AGENTS);
  const page = await extension.openPopup();
  await expect(popup.rows(page)).toHaveCount(AGENTS);
  await expect(page.locator('body')).not.toContainText(NOBODY);
  expect((await extension.badge()).title).not.toMatch(NOBODY);
  await page.close();
}

/** What is wrong is named, over the list as it was. */
const named =
  (scenario: string, code: ProblemCode, ...params: unknown[]): Kept =>
  async (stage) => {
    await comesAbout(stage, scenario);
    const { problem, rows } = await stage.extension.untilPublished('view.glance', (view) => view.problem?.code === code);
    expect(problem?.params.slice(0, params.length)).toEqual(params);
    expect(rows.filter(({ category }) => category === 'loggedOut')).toHaveLength(await loggedOut(stage));
    await expectListKept(stage);
  };

const loggedOut = async ({ tenant }: Stage) =>
  (await control<{ state: string }[]>(tenant, '/agents')).filter(({ state }) => state === 'LOGOUT').length;

/** Somebody no other situation is about: what was told of an agent a moment ago is not told again for five minutes. */
const COLLEAGUE = 'Priya Nair';

const changeIsTold: Kept = async (stage) => {
  const { extension } = stage;
  await setState(stage, COLLEAGUE, { state: 'NOT_READY', subState: 'Lunch' });
  await poll(extension);
  const page = await extension.openPopup();
  const row = popup.rows(page).filter({ hasText: COLLEAGUE });
  await expect(row).toContainText('Lunch');
  const told = extension.notifications.length;
  await setState(stage, COLLEAGUE, { state: 'READY' });
  await poll(extension);
  await expect(row).toContainText('Available');
  await setState(stage, COLLEAGUE, { state: 'LOGOUT' });
  await poll(extension);
  await expect(row).toContainText('Logged out');
  await expect.poll(() => titles(stage).slice(told)).toEqual([`${COLLEAGUE} logged out unexpectedly`]);
  expect((await extension.badge()).text).toMatch(/!$/);
  await setState(stage, COLLEAGUE, { state: 'READY' });
  await page.close();
};

const tooLongIsTold: Kept = async (stage) => {
  const { extension, tenant } = stage;
  const told = extension.notifications.length;
  const ago = (minutes: number) => new Date(tenant.sim.clock.now() - minutes * 60_000).toISOString();
  await setState(stage, 'Jonas Weber', { state: 'NOT_READY', subState: 'Lunch', startDate: ago(74) });
  await setState(stage, 'Mei Lin Tan', { state: 'WRAP_UP', startDate: ago(22) });
  await poll(extension);
  const { rows } = await extension.untilPublished('view.glance', ({ alerts }) =>
    ['Jonas Weber', 'Mei Lin Tan'].every((name) =>
      alerts.some((alert) => alert.name === name && alert.kind === 'longerThan' && alert.minutes > 0),
    ),
  );
  expect(rows.find(({ name }) => name === 'Jonas Weber')).toMatchObject({ category: 'unavailable', reason: 'Lunch' });
  expect(rows.find(({ name }) => name === 'Mei Lin Tan')).toMatchObject({ category: 'acw' });
  await expect.poll(() => titles(stage).slice(told)).toHaveLength(2);
  // Once, however often is asked.
  await poll(extension);
  await askForEverybody(extension);
  await poll(extension);
  expect(titles(stage).slice(told)).toHaveLength(2);
};

const stormIsSummed: Kept = async (stage) => {
  const { extension, tenant } = stage;
  const agents = await control<{ name: string }[]>(tenant, '/agents');
  // Not of whom something was told a moment ago.
  const names = agents.map(({ name }) => name).slice(-20);
  for (const name of names) await setState(stage, name, { state: 'READY' });
  await poll(extension);
  const told = extension.notifications.length;
  for (const name of names) await setState(stage, name, { state: 'LOGOUT' });
  await poll(extension);
  await expect.poll(() => titles(stage).slice(told)).toHaveLength(4);
  expect(titles(stage).at(-1)).toBe('17 more alerts');
  await poll(extension);
  expect(titles(stage).slice(told)).toHaveLength(4);
};

/**
 * @param path of each question; in `public` in whatever version an earlier test has led to
 * @param query members that each question must have
 */
const quietFloor =
  (path: RegExp, query: readonly string[]): Kept =>
  async (stage) => {
    const { extension } = stage;
    await poll(extension);
    const before = lastSeq(stage);
    const written = await stored(stage);
    for (let turn = 0; turn < 3; turn++) expect((await poll(extension)).outcome).toBe('unchanged');
    const since = stage.tenant.log.since(before);
    expect(since.map((entry) => entry.path)).toEqual(Array(3).fill(expect.stringMatching(path)));
    for (const entry of since) expect(Object.keys(entry.query)).toEqual(expect.arrayContaining([...query]));
    expect(await stored(stage)).toBe(written);
  };

const stored = ({ extension }: Stage) => extension.outside(async () => JSON.stringify(await chrome.storage.local.get()), null);

/** `200 []` for everybody: late, then open; the list stays. */
const emptyIsAQuestion =
  (scenario: string): Kept =>
  async (stage) => {
    const { extension } = stage;
    await comesAbout(stage, scenario);
    const { problem } = await extension.untilPublished('view.glance', (view) => view.problem !== null);
    expect(problem?.code).toBe('emptyMayLag');
    await expectListKept(stage);
    // Asked again at the next poll, and for everybody: an empty list is no answer to go on from.
    const before = lastSeq(stage);
    expect((await poll(extension)).outcome).toBe('empty');
    expect(statesRequests(stage, before).every(({ query }) => query.updatedSince === undefined)).toBe(true);
    await expectListKept(stage);
  };

const oneIsMissing: Kept = async (stage) => {
  const { extension } = stage;
  const before = lastSeq(stage);
  await comesAbout(stage, 'propagationDelay_nearMissHidden');
  const { problem, rows } = await extension.untilPublished('view.glance', (view) => view.problem?.code === 'agentsMissing');
  expect(problem?.params).toEqual(['1']);
  expect(rows.flatMap(({ name, flag }) => (flag ? [[name, flag.kind]] : []))).toEqual([[SUBJECT, 'mayLag']]);
  // The list, and then the one who was missing from it.
  expect(statesRequests(stage, before)).toHaveLength(2);
  const page = await extension.openPopup();
  await expect(popup.rows(page).filter({ hasText: SUBJECT })).toContainText('why?');
  await page.close();
  await expectListKept(stage);
  await control(stage.tenant, '/faults', undefined, 'DELETE');
  await askForEverybody(extension);
  await pollUntil(extension, (glance) => glance.problem === null && glance.rows.every(({ flag }) => flag === null));
};

/** An empty answer to "what changed since" is no empty list, however it is said, and a full poll puts right what it kept back. */
const nobodyHasChanged =
  (scenario: string): Kept =>
  async (stage) => {
    const { extension } = stage;
    await poll(extension);
    await control(stage.tenant, '/scenario', { name: scenario });
    const before = lastSeq(stage);
    for (let turn = 0; turn < 2; turn++) expect((await poll(extension)).outcome).toBe('unchanged');
    expect(statesRequests(stage, before).map(({ query }) => query.updatedSince !== undefined)).toEqual([true, true]);
    const glance = await extension.published('view.glance');
    expect(glance).toMatchObject({ problem: null, stale: false, total: AGENTS });
    expect(glance?.rows.filter(({ flag }) => flag !== null)).toEqual([]);
    await expectListKept(stage);
    await setState(stage, SUBJECT, { state: 'NOT_READY', subState: 'Training' });
    await askForEverybody(extension);
    await poll(extension);
    await extension.untilPublished('view.glance', ({ rows }) =>
      rows.some(({ name, reason }) => name === SUBJECT && reason === 'Training'),
    );
  };

/** Whatever the rows are called, they are read. */
const driftIsRead =
  (scenario: string): Kept =>
  async (stage) => {
    const { extension } = stage;
    await comesAbout(stage, scenario);
    await setState(stage, 'Jonas Weber', { state: 'NOT_READY', subState: 'Break' });
    await askForEverybody(extension);
    await poll(extension);
    const { total, problem } = await extension.untilPublished('view.glance', ({ rows }) =>
      rows.some(({ name, reason, category }) => name === 'Jonas Weber' && reason === 'Break' && category === 'unavailable'),
    );
    expect(total).toBe(AGENTS);
    expect(problem?.code ?? null).not.toBe('malformed');
    await expectListKept(stage);
  };

const olderVersion: Kept = async (stage) => {
  const { extension } = stage;
  await comesAbout(stage, 'wrongHostOrVersion_nearMissOldOnly');
  await extension.untilPublished('view.glance', ({ problem, stale, total }) => problem === null && !stale && total === AGENTS);
  // Looked for once: from then on the version that is there is asked at once.
  const before = lastSeq(stage);
  await poll(extension);
  await extension.stopWorker();
  await poll(extension);
  expect(statesRequests(stage, before).map(({ path, status }) => [path, status])).toEqual(
    Array(2).fill(['/inContactAPI/services/v28.0/agents/states', 200]),
  );
};

/** Told to wait, nobody is asked. */
const waitsWhenTold: Kept = async (stage) => {
  await named('rateLimited', 'rateLimited')(stage);
  const before = lastSeq(stage);
  await stage.extension.ringAlarm('poll');
  await stage.extension.ringAlarm('poll');
  expect(statesRequests(stage, before)).toEqual([]);
};

const both = (kept: Kept): Record<Profile, Kept> => ({ v2: kept, public: kept });

const SERVER_SAYS = 'Security permissions prevent access to data';

export const PROMISES = {
  // Watching
  change: { holds: 'each change of state reaches list, badge and notification', on: both(changeIsTold) },
  quietFloor: {
    holds: 'one poll is one request, and a quiet floor writes nothing',
    on: {
      v2: quietFloor(/^\/api\/v2\/agents\/states$/, []),
      public: quietFloor(/^\/inContactAPI\/services\/v\d+\.0\/agents\/states$/, ['updatedSince', 'fields']),
    },
  },
  drift: {
    holds: 'a list under other names is read like any other',
    on: { v2: driftIsRead('malformed_nearMissWrapped'), public: driftIsRead('malformed_nearMissDrift') },
  },
  pages: {
    holds: 'a list in pages that overlap is one list',
    on: {
      v2: { notHere: 'GET /agents/states has no pages there' },
      public: driftIsRead('malformed_nearMissOverlap'),
    },
  },
  olderVersion: {
    holds: 'where the version asked for is not there, an older one is, looked for once',
    on: { v2: { notHere: 'the path before /agents/states is typed there, and has no versions' }, public: olderVersion },
  },
  // Alerts
  tooLong: { holds: 'a state that lasts too long is told once', on: both(tooLongIsTold) },
  storm: { holds: 'a storm is three notifications and a summary', on: both(stormIsSummed) },
  // The tenant's own lists
  reasons: { holds: 'the rule editor offers the tenant’s own reasons', on: both(offersReasons) },
  reasonsKnown: {
    holds: 'a reason the tenant does not have is said, and how long it lets one last is proposed',
    on: {
      v2: { notHere: 'its API has no list of reasons: those that were seen are offered' },
      public: knowsReasons,
    },
  },
  teams: { holds: 'the wallboard narrows to a team, and says how to leave it', on: both(narrowsToTeam) },
  // Emptiness, and what else there is instead of a list
  empty: {
    holds: 'an empty list is a question, never an answer; the list stays',
    on: { v2: emptyIsAQuestion('roleLacksPermission'), public: emptyIsAQuestion('partitionRestricted_everything') },
  },
  emptyDelta: {
    holds: '"nobody has changed" is no empty list',
    on: { v2: { notHere: 'every answer names everybody there' }, public: nobodyHasChanged('noChangeSince') },
  },
  emptyDeltaNoContent: {
    holds: '"nobody has changed", said with 204, is no empty list',
    on: { v2: { notHere: 'every answer names everybody there' }, public: nobodyHasChanged('noChangeSince_noContent') },
  },
  emptyDeltaNotModified: {
    holds: '"nobody has changed", said with 304, is no empty list',
    on: { v2: { notHere: 'every answer names everybody there' }, public: nobodyHasChanged('noChangeSince_notModified') },
  },
  oneMissing: { holds: 'one agent missing from the list is asked for alone, flagged, and comes back', on: both(oneIsMissing) },
  forbidden: {
    holds: 'a refusal is shown in the server’s own words',
    on: {
      v2: named('roleLacksPermission_forbidden', 'forbidden', expect.stringContaining('ermission')),
      public: named('roleLacksPermission', 'forbidden', expect.stringContaining(SERVER_SAYS)),
    },
  },
  forbiddenHeader: {
    holds: 'a refusal whose words are in a header is shown in them',
    on: {
      v2: { notHere: 'icStatusDescription is a header of the documented API' },
      public: named('roleLacksPermission_header', 'forbidden', SERVER_SAYS),
    },
  },
  rateLimited: { holds: 'told to wait, it waits; the list stays', on: both(waitsWhenTold) },
  portal: { holds: 'a guest network’s page is no list', on: both(named('captivePortal', 'portal')) },
  malformed: { holds: 'an answer that is no list is no list', on: both(named('malformed', 'malformed')) },
  unreachable: { holds: 'no answer is no list', on: both(named('unreachable', 'offline')) },
  tokenRejected: {
    holds: 'a token that is not taken asks for a sign-in; the list stays',
    on: both(named('tokenRejected', 'unauthorized')),
  },
  scopeLost: {
    holds: 'a scope lost at a renewal is flagged within one poll',
    on: {
      v2: scopeIsLost,
      public: { notHere: 'the documented API has one scope, openid: a right that is lost there is a 403' },
    },
  },
} as const satisfies Record<string, Promised>;

async function scopeIsLost(stage: Stage): Promise<void> {
  await stage.bringAbout({ scenario: 'scopeDroppedOnRefresh', at: 'renewal' });
  const { problem } = await stage.extension.untilPublished('view.glance', (view) => view.problem?.code === 'scopeLost');
  expect(problem?.params[0]).toBe('view:interaction');
  await expectListKept(stage);
}
