import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { HttpError } from '../../../src/domain/http.ts';
import { newSlot } from '../../../src/domain/snapshot.ts';
import { runs } from '../support/runs.ts';
import { faultsOfQuestion, OPERATIONS, rowOf } from './public-schema.ts';
import { API, connection, json, PREFIX, pagedReply, type Said, SERVER_MS, server } from './public-server.ts';

const SINCE = '2026-11-20T09:59:00.000Z';
const portFor = (reply: Said | ((url: URL) => Said)) => publicProfile(connection, server(reply).exchange);
const row = (agentId: number) => ({ agentId, agentStateId: 1, agentStateName: 'Available', isACW: false });

describe('everybody’s state', () => {
  it('is asked for without a moment, and then since the server’s own, with what is read and no more', async () => {
    const { exchange, paths } = server(json({ agentStates: [row(1)], lastPollTime: '2026-11-20T10:00:00.5Z', totalRecords: 1 }));
    const port = publicProfile(connection, exchange);
    const first = await port.states('t', '');
    expect(first).toMatchObject({
      outcome: 'ok',
      rows: [row(1)],
      watermark: '2026-11-20T10:00:00.500Z',
      delta: false,
      atMs: SERVER_MS,
    });
    expect(await port.states('t', first.outcome === 'ok' ? first.watermark : '')).toMatchObject({ delta: true });
    const [full = '', delta = ''] = paths();
    expect(full).not.toContain('updatedSince');
    expect(delta).toContain('updatedSince=2026-11-20T10:00:00.500Z&');
    for (const path of paths()) {
      expect(path.startsWith(`${PREFIX}/agents/states?`)).toBe(true);
      expect(faultsOfQuestion(path.replace(PREFIX, ''))).toEqual([]);
    }
    expect(port.pathOf('states')).toBe(full);
    expect(port.pathOf('states', '2026-11-20T10:00:00.500Z')).toBe(delta);
  });

  it('is read by nothing but what is asked for', async () => {
    const { exchange, urls } = server(json({ agentStates: [] }));
    await publicProfile(connection, exchange).states('t', '');
    const fields = new URL(urls[0] ?? '').searchParams.get('fields')?.split(',') ?? [];
    fc.assert(
      fc.property(rowOf(OPERATIONS.states), (whole) => {
        const trimmed = Object.fromEntries(fields.map((name) => [name, whole[name]]));
        const [one, other] = [newSlot(), newSlot()];
        const { readRow } = portFor({});
        expect(readRow(trimmed, one)).toBe(readRow(whole, other));
        expect(one).toEqual(other);
      }),
      runs(300),
    );
  });

  it.each<[string, Said]>([
    ['an empty list', json({ agentStates: [], totalRecords: 0, lastPollTime: '2026-11-20T10:00:00Z' })],
    ['204', { status: 204 }],
    ['304', { status: 304, type: '' }],
    ['nothing at all', { text: '', type: '' }],
    ['a blank', { text: ' \n' }],
  ])('%s since a moment is no change; the next question has a moment too', async (what, reply) => {
    const answer = await portFor(reply).states('t', SINCE);
    expect(answer).toMatchObject({ outcome: 'ok', rows: [], delta: true, atMs: SERVER_MS });
    expect(answer).toMatchObject({ watermark: what === 'an empty list' ? '2026-11-20T10:00:00.000Z' : SINCE });
  });

  it('nothing for everybody is an empty list; "not modified" is no list', async () => {
    for (const reply of [json({ agentStates: [] }), { status: 204 }, { text: '' }])
      expect(await portFor(reply).states('t', '')).toMatchObject({ outcome: 'ok', rows: [], watermark: '', delta: false });
    expect(await portFor({ status: 304 }).states('t', '')).toMatchObject({ outcome: 'unchanged', status: 304 });
    expect(await portFor({ type: 'text/html', text: '' }).states('t', '')).toMatchObject({ outcome: 'portal' });
  });

  it.each<[string, object, string]>([
    ['at the top', { agentStates: [{}], lastPollTime: '2026-11-20T10:00:00+00:00' }, '2026-11-20T10:00:00.000Z'],
    ['in the result set', { resultSet: { agentStates: [{}], lastPollTime: '2026-11-20T10:00:00' } }, '2026-11-20T10:00:00.000Z'],
    ['beside it', { resultSet: { agentState: [{}] }, lastPollTime: '2026-11-20T10:00:00Z' }, '2026-11-20T10:00:00.000Z'],
    [
      'in the rows, the earliest',
      { agentStates: [{ lastPollTime: '2026-11-20T10:00:01Z' }, { lastPollTime: '2026-11-20T10:00:00Z' }, 7] },
      '2026-11-20T10:00:00.000Z',
    ],
    ['nowhere', { agentStates: [{}] }, ''],
    ['as nonsense', { agentStates: [{}], lastPollTime: 'now' }, ''],
    ['as a number', { agentStates: [{}], lastPollTime: 1_700_000_000 }, ''],
    ['as "never"', { agentStates: [{}], lastPollTime: '0001-01-01T00:00:00' }, ''],
  ])('the moment stands %s', async (_where, body, watermark) => {
    expect(await portFor(json(body)).states('t', '')).toMatchObject({ outcome: 'ok', watermark });
  });

  it('is asked for whole when the moment is refused', async () => {
    const { exchange, paths } = server((url) =>
      url.searchParams.has('updatedSince')
        ? json({ error: 'invalid_request', error_description: 'Invalid Updated Since' }, 400)
        : json({ agentStates: [row(1)], lastPollTime: SINCE }),
    );
    const answer = await publicProfile(connection, exchange).states('t', SINCE);
    expect(answer).toMatchObject({ outcome: 'ok', rows: [row(1)], delta: false });
    expect(paths()).toHaveLength(2);
  });

  it('is asked for with every field where the list of fields is refused, and so from then on', async () => {
    const { exchange, urls } = server((url) =>
      url.searchParams.has('fields') ? json({ error: 'Invalid Fields List' }, 400) : json({ agentStates: [row(1)] }),
    );
    const port = publicProfile(connection, exchange);
    expect(await port.states('t', '')).toMatchObject({ outcome: 'ok', rows: [row(1)] });
    expect(await port.states('t', SINCE)).toMatchObject({ outcome: 'ok' });
    expect(urls.map((url) => new URL(url).searchParams.has('fields'))).toEqual([true, false, false]);
    expect(port.pathOf('states')).not.toContain('fields');
  });

  it('any other 400 stays one', async () => {
    const { exchange, urls } = server(json({ error: 'invalid_request', error_description: 'No' }, 400));
    expect(await publicProfile(connection, exchange).states('t', '')).toMatchObject({ outcome: 'serverError', status: 400 });
    expect(urls).toHaveLength(1);
  });

  it.each(['null', '7', '[]', '{}', '{"agentStates":{}}', '{"resultSet":[]}', '{"__proto__":[]}'])(
    '%s is no list, and that is not the same as empty',
    async (text) => {
      for (const watermark of ['', SINCE])
        expect(await portFor({ text }).states('t', watermark)).toMatchObject({
          outcome: 'malformed',
          detail: 'envelope',
          origin: API,
        });
    },
  );
});

describe('pages', () => {
  const paging = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    next: fc.constantFrom('absolute' as const, 'relative' as const, 'foreign' as const, 'plain' as const, '' as const),
    total: fc.boolean(),
  });
  // Nothing says that more follows: nobody could know.
  const told = paging.filter(({ next, total }) => total || next !== '');

  it('are all read, in order and each row once, however they are cut; and nobody else is ever asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(90), told, async (agents, cut) => {
        const rows = Array.from({ length: agents }, (_, index) => row(index + 1));
        const { exchange, urls } = server(pagedReply(rows, { ...cut, list: 'agentStates' }));
        const answer = await publicProfile(connection, exchange).states('t', '');
        expect(answer).toMatchObject({ outcome: 'ok', rows, watermark: '2026-11-20T09:59:58.000Z' });
        expect(urls.filter((url) => new URL(url).origin !== API)).toEqual([]);
        // One more where only a link says whether anything follows.
        expect(urls.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(agents / cut.size)) + (cut.total ? 0 : 1));
      }),
      runs(400),
    );
  }, 60_000);

  it('of the directory are too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(330),
        told.map((cut) => ({ ...cut, size: cut.size * 5, total: true })),
        async (agents, cut) => {
          const rows = Array.from({ length: agents }, (_, index) => ({ agentId: index + 1 }));
          const { exchange, urls } = server(pagedReply(rows, { ...cut, list: 'agents' }));
          const port = publicProfile(connection, exchange);
          const found: string[] = [];
          for (let page = 1, more = true; more && page < 20; page++) {
            const answer = await port.directory('t', page);
            if (answer.outcome !== 'ok') throw new Error(answer.outcome);
            found.push(...answer.people.map(({ profile }) => profile.agentId));
            ({ more } = answer);
          }
          expect(found).toEqual(rows.map(({ agentId }) => String(agentId)));
          expect(urls.filter((url) => new URL(url).origin !== API)).toEqual([]);
        },
      ),
      runs(200),
    );
  }, 60_000);

  it('that fail fail the whole list: half of it would make people vanish', async () => {
    for (const failure of [
      { status: 429, text: '{}' },
      { status: 500, text: '' },
      { text: '{}' },
      { status: 200, type: 'text/html', text: '<p>' },
    ]) {
      const pages = pagedReply([row(1), row(2), row(3)], { size: 2, next: 'absolute', total: true, list: 'agentStates' });
      const answer = await portFor((url) => (url.searchParams.has('skip') ? failure : pages(url))).states('t', '');
      expect(answer.outcome).not.toBe('ok');
    }
  });

  it('that overlap or shift leave no gap and repeat nobody', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => row(index + 1));
    for (const next of ['absolute', ''] as const) {
      const early = (url: URL) => {
        const skip = Number(url.searchParams.get('skip') ?? 0);
        const page = rows.slice(Math.max(0, skip - 3), skip + 10);
        const link = `${API}${url.pathname}?skip=${skip + 10}`;
        return json({ agentStates: page, totalRecords: 50, _links: next && skip < 40 ? { next: link } : {} });
      };
      expect(await portFor(early).states('t', '')).toMatchObject({ outcome: 'ok', rows });
    }
  });

  it('from a server that knows none end, whatever it counts', async () => {
    const { exchange, urls } = server((url) =>
      json({ agentStates: [row(1), row(2)], totalRecords: 9, _links: { next: url.href } }),
    );
    expect(await publicProfile(connection, exchange).states('t', '')).toMatchObject({ outcome: 'ok', rows: [row(1), row(2)] });
    expect(urls).toHaveLength(2);
  });

  it('without an end are not a list', async () => {
    let agentId = 0;
    const { exchange, urls } = server((url) =>
      json({ agentStates: [row(++agentId)], _links: { next: `${url.pathname}?skip=${agentId}` } }),
    );
    expect(await publicProfile(connection, exchange).states('t', '')).toMatchObject({ outcome: 'malformed', detail: 'paging' });
    expect(urls).toHaveLength(400);
  });

  it.each([
    'https://api-na1.niceincontact.com.evil.example/x',
    'https://api-na1.niceincontact.com@evil.example/x',
    'https://someone@api-na1.niceincontact.com/x',
    'https://api-na1.niceincontact.com:8443/x',
    '//evil.example/x',
    '\\\\evil.example/x',
    'javascript:alert(1)',
    'http://[',
  ])('are not looked for at %s', async (next) => {
    const rows = [row(1), row(2), row(3)];
    const pages = pagedReply(rows, { size: 2, next: '', total: false, list: 'agentStates' });
    const { exchange, urls } = server((url) => {
      const said = JSON.parse(pages(url).text ?? '');
      return json({ ...said, _links: { next } });
    });
    expect(await publicProfile(connection, exchange).states('t', '')).toMatchObject({ outcome: 'ok', rows });
    for (const url of urls) expect(url.startsWith(`${API}${PREFIX}/agents/states?`)).toBe(true);
  });

  it('carry the moment before the first of them', async () => {
    const moments = ['2026-11-20T10:00:05Z', '2026-11-20T10:00:01Z', '2026-11-20T10:00:09Z'];
    const answer = await portFor((url) => {
      const skip = Number(url.searchParams.get('skip') ?? 0);
      return json({ agentStates: [row(skip)], totalRecords: 3, lastPollTime: moments[skip] });
    }).states('t', '');
    expect(answer).toMatchObject({ outcome: 'ok', watermark: '2026-11-20T10:00:01.000Z' });
  });
});

describe('one agent', () => {
  it('has a state, in the shape of its own', async () => {
    const { exchange, paths } = server(
      json({ agentStates: [{ agentID_alt: 7, agentStateId: 2, isAcw: true, startDate: '2026-11-20' }] }),
    );
    const port = publicProfile(connection, exchange);
    const answer = await port.statesOf('t', '7');
    expect(paths()).toEqual([`${PREFIX}/agents/7/states`]);
    expect(port.inspectRow(answer.outcome === 'ok' ? answer.rows[0] : null, '7')).toMatchObject({ category: 'acw', sinceMs: 0 });
  });

  it('is a person with other ids', async () => {
    const record = {
      agentId: 7,
      userID: '11e8b0a4-0000-4000-8000-000000000001',
      userName: 'dana@example.com',
      emailAddress: 'dana@example.com',
      firstName: 'Dana',
      lastName: 'Ortiz',
      teamName: 'Billing',
      isActive: 'False',
      internalId: 'E-7',
      telephone1: '2001',
    };
    const port = portFor(json({ businessUnitId: 4512, agents: [record] }));
    const person = {
      profile: { agentId: '7', name: 'Dana Ortiz', team: 'Billing' },
      organisationId: '4512',
      active: false,
      otherIds: [
        { kind: 'userId', id: record.userID },
        { kind: 'email', id: 'dana@example.com' },
        { kind: 'externalId', id: 'E-7' },
        { kind: 'extension', id: '2001' },
      ],
    };
    expect(await port.agent('t', '7')).toMatchObject({ outcome: 'ok', person });
    expect(await port.agent('t', record.userID)).toMatchObject({ outcome: 'ok', person });
    const listed = await port.directory('t', 1);
    expect(listed).toMatchObject({ outcome: 'ok', more: false, hiddenAgents: 0 });
    expect(listed.outcome === 'ok' && listed.people).toEqual([person]);
  });

  it('is in the business unit their own record says', async () => {
    const own = json({ businessUnitId: 1, agents: [{ agentId: 7, businessUnitId: '2', userName: 'dana' }] });
    expect(await portFor(own).agent('t', '7')).toMatchObject({
      person: { organisationId: '2', active: null, profile: { name: 'dana' }, otherIds: [{ kind: 'externalId', id: 'dana' }] },
    });
  });

  it('who is nobody is 404, however that is said', async () => {
    for (const reply of [{ status: 204 }, json({ agents: [] }), json({ error_description: 'Invalid Agent Id' }, 404)])
      expect(await portFor(reply).agent('t', '7')).toMatchObject({ outcome: 'serverError', status: 404 });
    expect(await portFor(json({ agents: [{}] })).agent('t', '7')).toMatchObject({ outcome: 'malformed', detail: 'agents' });
  });

  it('who is hidden is forbidden, in the server’s words', async () => {
    const refused = json({ error: 'forbidden', error_description: "Agent - '7' is restricted" }, 403);
    for (const asked of [await portFor(refused).agent('token-1', '7'), await portFor(refused).statesOf('token-1', '7')])
      expect(asked).toMatchObject({ outcome: 'forbidden', detail: "Agent - '7' is restricted" });
    const header = { status: 403, headers: { icStatusDescription: 'Security permissions prevent access to data' } };
    expect(await portFor(header).states('token-1', '')).toMatchObject({ detail: 'Security permissions prevent access to data' });
    const short = json({ agents: [{ agentId: 1 }], totalRecords: 1, hiddenAgents: 12 });
    expect(await portFor(short).directory('t', 1)).toMatchObject({ more: false, hiddenAgents: 12 });
  });

  it('has skills: active where both the skill and the assignment are', async () => {
    const skills = [
      { skillId: 1, skillName: 'A', isActive: true, isSkillActive: true },
      { skillId: 2, skillName: 'B', isActive: true, isSkillActive: false },
      { skillId: 3, skillName: 'C', isActive: 'false', isSkillActive: 'true' },
      { skillId: 4, isActive: true },
      { skillId: 5, skillName: 'E' },
      {},
      null,
    ];
    expect(await portFor(json({ agentSkillAssignments: skills })).skillGroups('t', '7')).toMatchObject({
      outcome: 'ok',
      groups: [
        { name: 'A', active: true },
        { name: 'B', active: false },
        { name: 'C', active: false },
        { name: '4', active: true },
        { name: 'E', active: null },
      ],
    });
    expect(await portFor({ status: 204 }).skillGroups('t', '7')).toMatchObject({ outcome: 'ok', groups: [] });
  });
});

describe('me', () => {
  it('is what the role may do, and where', async () => {
    const permissions = [
      { BusinessUnitId: 4512, Key: 'Skills', Value: 'Edit' },
      { businessUnitId: '4512', key: 'Supervisor', value: 'View' },
      { BusinessUnitId: 4512, Key: 'Skills', Value: 'Edit' },
      { BusinessUnitId: 4512, Key: 'Launch' },
      { Value: 'View' },
      7,
    ];
    expect(await portFor(json({ permissions })).me('t')).toMatchObject({
      outcome: 'ok',
      me: { organisationId: '4512', roles: [], permissions: ['Skills: Edit', 'Supervisor: View', 'Launch'] },
    });
    const two = [
      { BusinessUnitId: 1, Key: 'a' },
      { BusinessUnitId: 2, Key: 'b' },
    ];
    expect(await portFor(json({ permissions: two })).me('t')).toMatchObject({ me: { organisationId: '' } });
    expect(await portFor({ status: 204 }).me('t')).toMatchObject({ me: { organisationId: '', permissions: [] } });
  });
});

describe('the clock', () => {
  it('is the server’s where an answer has no date, and asked for once', async () => {
    vi.useFakeTimers({ now: SERVER_MS + 90_000, toFake: ['Date'] });
    const { exchange, urls } = server((url) => ({
      ...json(url.pathname.endsWith('/server-time') ? { ServerTime: '2026-11-20T10:00:00' } : { agentStates: [] }),
      headers: { date: '' },
    }));
    const port = publicProfile(connection, exchange);
    expect(await port.states('t', '')).toMatchObject({ atMs: SERVER_MS });
    vi.setSystemTime(SERVER_MS + 95_000);
    expect(await port.states('t', '')).toMatchObject({ atMs: SERVER_MS + 5000 });
    expect(urls.filter((url) => url.endsWith(`${PREFIX}/server-time`))).toHaveLength(1);
    vi.useRealTimers();
  });

  it('is ours where the server has none to tell', async () => {
    vi.useFakeTimers({ now: SERVER_MS + 90_000, toFake: ['Date'] });
    const port = portFor((url) => ({
      ...(url.pathname.endsWith('/server-time') ? { status: 403, text: '{}' } : json({ agentStates: [] })),
      headers: { date: 'soon' },
    }));
    expect(await port.states('t', '')).toMatchObject({ outcome: 'ok', atMs: SERVER_MS + 90_000 });
    vi.useRealTimers();
  });

  it.each<[Said, object]>([
    [json({ ServerTime: '2026-11-20T10:00:03Z' }), { outcome: 'ok', atMs: SERVER_MS + 3000 }],
    [json({ resultSet: { serverTime: '2026-11-20T10:00:03' } }), { outcome: 'ok', atMs: SERVER_MS + 3000 }],
    [json({ ServerTime: 'now' }), { outcome: 'malformed', detail: 'ServerTime' }],
    [{ status: 204 }, { outcome: 'malformed', detail: 'ServerTime' }],
    [{ status: 401, text: '{}' }, { outcome: 'unauthorized' }],
  ])('says %j', async (reply, expected) => {
    expect(await portFor(reply).serverTime('t')).toMatchObject(expected);
  });
});

describe('what it asks for', () => {
  const everything = (port: ReturnType<typeof portFor>, id: string) =>
    Promise.all([
      port.states('t', ''),
      port.states('t', SINCE),
      port.statesOf('t', id),
      port.agent('t', id),
      port.directory('t', 3),
      port.skillGroups('t', id),
      port.me('t'),
      port.serverTime('t'),
    ]);

  it('is what the documents have, whatever the id, and told as asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (id) => {
        const { exchange, urls } = server(json({ agentStates: [], agents: [], agentSkillAssignments: [], permissions: [] }));
        const port = publicProfile(connection, exchange);
        await everything(port, id);
        const paths = urls.map((url) => {
          const { origin, pathname, search } = new URL(url);
          expect(origin).toBe(API);
          return pathname + search;
        });
        for (const path of paths) {
          expect(path.startsWith(`${PREFIX}/`)).toBe(true);
          expect(faultsOfQuestion(path.slice(PREFIX.length))).toEqual([]);
        }
        const climbs = /^\.*$/.test(id);
        const told = [
          port.pathOf('states'),
          port.pathOf('states', SINCE),
          ...(climbs ? [] : [port.pathOf('statesOf', id), port.pathOf('agent', id)]),
          port.pathOf('directory', '3'),
          ...(climbs ? [] : [port.pathOf('skillGroups', id)]),
          port.pathOf('me'),
          `${PREFIX}/server-time`,
        ];
        expect([...paths].sort()).toEqual([...told].sort());
      }),
      runs(150),
    );
  });

  it.each(['', '.', '..', '...'])('is not asked with the id %j', async (id) => {
    const { exchange, urls } = server(json({ agents: [{ agentId: 1 }] }));
    const port = publicProfile(connection, exchange);
    for (const asked of [await port.agent('t', id), await port.statesOf('t', id), await port.skillGroups('t', id)])
      expect(asked).toMatchObject({ outcome: 'malformed', detail: 'agentId' });
    expect(urls).toEqual([]);
  });

  it('takes any id apart from the path', async () => {
    const { exchange, paths } = server(json({ agents: [] }));
    const port = publicProfile(connection, exchange);
    await port.agent('t', '../../admin?x=1&y#z é');
    await port.agent('t', '\ud800x');
    expect(paths()).toEqual([
      `${PREFIX}/agents/..%2F..%2Fadmin%3Fx%3D1%26y%23z%20%C3%A9`,
      `${PREFIX}/agents/${encodeURIComponent('\ufffdx')}`,
    ]);
  });

  it('is always answered, whatever comes back', async () => {
    const status = fc.constantFrom(200, 200, 200, 204, 304, 400, 401, 403, 404, 429, 500);
    const body = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.string(),
      fc
        .record({
          agentStates: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
          agents: fc.jsonValue({ maxDepth: 2 }),
          totalRecords: fc.jsonValue({ maxDepth: 0 }),
          _links: fc.jsonValue({ maxDepth: 1 }),
        })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(body, status, async (text, code) => {
        const answers = await everything(portFor({ status: code, text }), 'a');
        for (const each of answers) expect(typeof each.outcome).toBe('string');
      }),
      runs(500),
    );
    const dead = publicProfile(connection, () => Promise.reject(new HttpError('network')));
    for (const each of await everything(dead, 'a')) expect(each).toMatchObject({ outcome: 'offline' });
  }, 60_000);
});
