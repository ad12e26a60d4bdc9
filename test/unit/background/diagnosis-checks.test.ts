/** The checks of many agents, and what is taken for an answer: against a port that answers from the test itself. */
import { expect, it, vi } from 'vitest';
import { ask, Over, type Work } from '../../../src/background/diagnosis-ask.ts';
import { CHECK } from '../../../src/background/diagnosis-checks.ts';
import type { Answer, CxonePort, Failure, Person } from '../../../src/cxone/port.ts';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import type { AgentEvidence } from '../../../src/domain/diagnosis/evidence.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { authStatusItem } from '../../../src/storage/items.ts';
import { identity, runOf, SIGN_IN, START, token } from '../domain/diagnosis/evidence.ts';
import { eventually } from '../support/eventually.ts';
import { failure, ok, stubPort } from './support/stub-port.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `agent-${index}`);
const notFound = failure('serverError', { status: 404 });
const person = (agentId: string): Person => ({
  profile: { agentId, name: '', team: '' },
  organisationId: 'org-7',
  active: true,
  otherIds: [],
});
const listing = (agentIds: string[], more: boolean, hiddenAgents = 0) =>
  ({ outcome: 'ok', people: agentIds.map(person), more, hiddenAgents, atMs: 0, requestId: '' }) as const;
const row = (agentId: string) => ({ agentId, state: 'READY', stateName: 'Ready', loggedIn: true, skillStates: [{}] });

/** @param port what it answers otherwise than the stub */
function work(agentIds: string[], port: Partial<CxonePort>): Work & { agents: AgentEvidence[]; abort: AbortController } {
  const run = runOf(
    agentIds.map((agentId) => ({ ...START, agentId, token: token(), identity: identity(), states: [] })),
    { status: 'running' },
  );
  run.shared = { ...run.shared, startedMs: Date.now(), endMs: Date.now() + 30_000 };
  const access = { token: 't', receivedMs: 0, expiresMs: 0, renewMs: 0, generation: 'g', forced: false };
  const connection = { ...EMPTY_DRAFT, id: crypto.randomUUID(), apiBaseUrl: 'https://api.example.com' };
  const abort = new AbortController();
  return {
    config: { connection, settings: DEFAULT_SETTINGS, locked: [], writes: { enabled: true, maxRows: 1 }, active: true },
    run,
    auth: { accessToken: async () => ({ ok: true, access }) } as unknown as Work['auth'],
    port: { ...stubPort({ list: () => ok([]) }), ...port },
    signal: abort.signal,
    halt: null,
    agents: run.agents,
    abort,
  };
}

/** Answers, and remembers for whom it was asked. */
function recorded<T>(answer: (agentId: string) => Answer<T>) {
  const asked: string[] = [];
  return {
    asked,
    call: async (_token: string, agentId: string) => {
      asked.push(agentId);
      return answer(agentId);
    },
  };
}

it.each<[string, Partial<Failure> & { outcome: Failure['outcome'] }]>([
  ['429', { outcome: 'rateLimited', status: 429 }],
  ['503 with a time', { outcome: 'serverError', status: 503, notBeforeMs: Date.now() + 60_000 }],
  ['a portal', { outcome: 'portal', status: 200 }],
  ['no answer', { outcome: 'offline', status: 0 }],
  ['a token that is refused', { outcome: 'unauthorized', status: 401 }],
])('in a group, %s is the answer to all that was not asked yet', async (_what, { outcome, ...more }) => {
  const groups = recorded(() => failure(outcome, more));
  const task = work(ids(30), { skillGroups: groups.call });
  await CHECK.skillGroups(task, task.agents);
  // As many as are asked at a time; a 401 is asked once more with a new token.
  expect(new Set(groups.asked).size).toBeLessThanOrEqual(5);
  expect(task.run.traces.length).toBe(groups.asked.length);
  for (const { skillGroups } of task.agents) expect(skillGroups).toMatchObject({ ok: false, outcome });
  // Nor is anything else asked.
  const before = task.run.traces.length;
  await CHECK.me(task, []);
  expect(task.run.traces).toHaveLength(before);
});

it('a fault of one question stops no other', async () => {
  const groups = recorded(() => failure('serverError', { status: 500 }));
  const task = work(ids(12), { skillGroups: groups.call });
  await CHECK.skillGroups(task, task.agents);
  expect(groups.asked).toHaveLength(12);
});

it('a stopped group asks nobody else, and writes nothing down of what was being asked', async () => {
  const groups = recorded(() => notFound);
  const never = new Promise<never>(() => {});
  const call = (accessToken: string, agentId: string) => groups.call(accessToken, agentId).then(() => never);
  const task = work(ids(30), { skillGroups: call });
  const asking = CHECK.skillGroups(task, task.agents);
  await eventually(() => expect(groups.asked).toHaveLength(5));
  task.abort.abort();
  await expect(asking).rejects.toBeInstanceOf(Over);
  expect(groups.asked).toHaveLength(5);
  expect(task.run.traces).toEqual([]);
  expect(task.agents.every(({ skillGroups }) => skillGroups === START.skillGroups)).toBe(true);
});

it('nothing is waited for when the time is over', async () => {
  const task = work(['agent-0'], {});
  task.run.shared.endMs = Date.now() + 20;
  const asking = ask(task, 'agent', 'agent', () => new Promise<never>(() => {}), 'agent-0');
  await expect(asking).rejects.toBeInstanceOf(Over);
});

it.each([
  ['ok', { outcome: 'ok', groups: [], organisationId: '', atMs: 0, requestId: '' }, false],
  ['403', failure('forbidden', { status: 403 }), false],
  ['404', notFound, false],
  ['a portal', failure('portal', { status: 200 }), null],
  ['500', failure('serverError', { status: 500 }), null],
] as const)('the token was taken by whoever answered with it: %s', async (_what, answer, rejected) => {
  const task = work(['agent-0'], { skillGroups: async () => answer as Awaited<ReturnType<CxonePort['skillGroups']>> });
  await CHECK.skillGroups(task, task.agents);
  expect(task.run.shared.token?.rejected).toBe(rejected);
});

it('a time that 503 gives is kept', async () => {
  const notBeforeMs = Date.now() + 90_000;
  const task = work(['agent-0'], { me: async () => failure('serverError', { status: 503, notBeforeMs }) });
  await CHECK.me(task, task.agents);
  expect(task.run.shared.token?.notBeforeMs).toBe(notBeforeMs);
});

it('the list of everybody is read until all are found', async () => {
  const pages = vi.fn(async (_token: string, page: number) => listing(ids(6).slice(page * 3 - 3, page * 3), true));
  const task = work(ids(6), { directory: pages });
  await CHECK.agent(task, task.agents);
  expect(pages).toHaveBeenCalledTimes(2);
  expect(task.agents.every(({ agent }) => agent?.ok)).toBe(true);
});

it.each([
  ['refused', async () => failure('forbidden', { status: 403 })],
  ['too long', async () => listing(['somebody'], true)],
  ['not shown whole', async () => listing(['somebody'], false, 7)],
] as const)('a list of everybody that is %s says of nobody that there is no such agent', async (_what, directory) => {
  const single = recorded<{ person: Person }>((agentId) =>
    agentId === 'agent-1' ? notFound : { outcome: 'ok', person: person(agentId), atMs: 0, requestId: '' },
  );
  const task = work(ids(25), { directory, agent: single.call });
  await CHECK.agent(task, task.agents);
  expect(single.asked).toEqual(ids(20));
  const [first, second] = task.agents;
  expect(first?.agent).toMatchObject({ ok: true, organisationId: 'org-7' });
  expect(second?.agent).toMatchObject({ ok: false, status: 404 });
  expect(second?.identity?.complete).toBe(false);
  expect(task.agents.slice(20).map(({ agent, unasked }) => [agent, unasked])).toEqual(Array(5).fill([null, true]));
});

it('only a list read whole says that somebody is nobody', async () => {
  const single = recorded<{ person: Person }>(() => notFound);
  const task = work(ids(4), { directory: async () => listing(ids(3), false), agent: single.call });
  await CHECK.agent(task, task.agents);
  expect(single.asked).toEqual([]);
  expect(task.agents[3]).toMatchObject({ agent: { ok: false, status: 404 }, identity: { looked: true, complete: true } });
});

it('whom the list of states keeps back is asked for singly: at most twenty, and once', async () => {
  const single = recorded<{ rows: unknown[] }>((agentId) => ok(agentId === 'agent-3' ? [row(agentId)] : []));
  const task = work(ids(30), {
    states: async () => ({ ...ok([row('agent-0')]), watermark: '', delta: false }) as never,
    statesOf: single.call,
  });
  await CHECK.state(task, task.agents);
  expect(single.asked).toEqual(ids(21).slice(1));
  const rows = task.agents.map(({ states: [first] }) => (first?.ok ? first.row : undefined));
  expect(rows.map((found, index) => (found ? index : -1)).filter((index) => index >= 0)).toEqual([0, 3]);
  // Again: of those the list left out, only whoever had a row before.
  single.asked.length = 0;
  await CHECK.state(task, task.agents);
  expect(single.asked).toEqual(['agent-3']);
});

it('rows nobody can read are nobody’s', async () => {
  const list = async (rows: unknown[]) => {
    const task = work(ids(4), { states: async () => ({ ...ok(rows), watermark: '', delta: false }) as never });
    await CHECK.state(task, task.agents);
    return task;
  };
  const good = Array.from({ length: 9 }, (_, index) => row(`other-${index}`));
  expect((await list([...good, { agentId: 7.5, state: [] }])).run.shared.list).toMatchObject({ outcome: 'partial', agents: 9 });
  expect((await list(good)).run.shared.list).toMatchObject({ outcome: 'ok', agents: 9 });
  const broken = await list([null, 'x', row('agent-0')]);
  expect(broken.run.shared.list).toMatchObject({ outcome: 'malformed', agents: 0 });
  expect(broken.agents[0]?.states).toMatchObject([{ ok: true, row: { stateName: 'Ready' } }]);
});

it('a row of a single answer that cannot be read is no "without a state"', async () => {
  const task = work(['agent-0'], { statesOf: async () => ok([{ agentId: 'agent-0', state: [] }]) });
  await CHECK.state(task, task.agents);
  expect(task.agents[0]?.states).toMatchObject([{ ok: false, outcome: 'malformed' }]);
});

it('what the token carries is asked once in ten seconds', async () => {
  const task = work(['agent-0'], {});
  const tokenScopes = vi.fn(async () => ['view:agent']);
  task.auth = { ...task.auth, tokenScopes };
  const ledger = [{ ...SIGN_IN, source: 'requested' as const }];
  await authStatusItem(task.config.connection.id).update((status) => ({ ...status, phase: 'signedIn', ledger }));
  await CHECK.scopes(task, []);
  await CHECK.scopes(task, []);
  expect(tokenScopes).toHaveBeenCalledTimes(1);
  expect(task.run.shared.scopes).toMatchObject({ effective: ['view:agent'], source: 'introspection' });
  expect(task.run.traces.map(({ shared }) => shared)).toEqual([false, true]);
});
