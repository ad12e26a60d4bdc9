import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../../src/cxone/port.ts';
import { readRow, v2Profile } from '../../../src/cxone/profiles/v2.ts';
import type { AgentState } from '../../../src/domain/agent-state.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import type { HttpAnswer } from '../../../src/domain/http.ts';
import { compare, EMPTY_SNAPSHOT } from '../../../src/domain/snapshot.ts';
import { runs } from '../support/runs.ts';

const API = 'https://api.example.com';
const connection: Connection = { ...EMPTY_DRAFT, id: 'c', apiBaseUrl: API };
const answer = (text: string, status = 200): HttpAnswer => ({
  status,
  contentType: 'application/json',
  text,
  headers: new Headers(),
});
const portFor = (text: string, status = 200) => v2Profile(connection, async () => answer(text, status));
const blank = (): AgentState => ({
  agentId: '',
  category: 'unknown',
  stateName: '',
  reason: '',
  skill: '',
  sinceMs: 0,
  sinceKnown: false,
});
const readOne = (row: unknown): AgentState | string => {
  const slot = blank();
  return readRow(row, slot) ?? slot;
};
const good = {
  agentId: 'a-1',
  state: 'NOT_READY',
  stateName: 'Unavailable',
  subState: 'Lunch',
  loggedIn: true,
  skillStates: [{ skillId: 's', skillName: 'Billing', state: 'NOT_READY' }],
  startDate: '2026-11-20T09:41:00.000Z',
};

describe('one row', () => {
  it('is read whole', () => {
    expect(readOne(good)).toEqual({
      agentId: 'a-1',
      category: 'unavailable',
      stateName: 'Unavailable',
      reason: 'Lunch',
      skill: 'Billing',
      sinceMs: Date.parse('2026-11-20T09:41:00Z'),
      sinceKnown: true,
    });
  });

  it.each([
    ['READY', 'available'],
    ['NOT_READY', 'unavailable'],
    ['WRAP_UP', 'acw'],
    ['ON_CONTACT', 'working'],
    ['LOGIN', 'loggedIn'],
    ['LOGOUT', 'loggedOut'],
    ['not ready', 'unavailable'],
    ['After-Call-Work', 'acw'],
    ['YOGA', 'unknown'],
    ['constructor', 'unknown'],
    ['__proto__', 'unknown'],
  ])('state %s is %s, and keeps its name', (state, category) => {
    expect(readOne({ ...good, state, stateName: undefined })).toMatchObject({ category, stateName: state });
  });

  it.each([
    [{ state: null, loggedIn: true }, 'loggedIn'],
    [{ state: '', loggedIn: 'true' }, 'loggedIn'],
    [{ state: null, loggedIn: false }, 'loggedOut'],
    [{ state: 'READY', loggedIn: false }, 'loggedOut'],
    [{ state: 'READY', loggedIn: 'false' }, 'loggedOut'],
    [{ state: 'READY', loggedIn: null }, 'available'],
  ])('%j is %s', (part, category) => {
    expect(readOne({ ...good, stateName: null, ...part })).toMatchObject({ category });
  });

  it.each([
    [{ state: null, loggedIn: null }],
    [{ state: null, loggedIn: undefined }],
    [{ state: '', loggedIn: null }],
    [{ state: undefined, loggedIn: null }],
  ])('%j says neither where the agent is nor that anybody logged out', (part) => {
    expect(readOne({ ...good, ...part })).toBe('state');
  });

  it.each([
    ['row', null],
    ['row', undefined],
    ['row', 42],
    ['row', 'row'],
    ['row', [good]],
    ['agentId', {}],
    ['agentId', { ...good, agentId: null }],
    ['agentId', { ...good, agentId: '' }],
    ['agentId', { ...good, agentId: 1.5 }],
    ['agentId', { ...good, agentId: 2 ** 53 }],
    ['agentId', { ...good, agentId: true }],
    ['agentId', { ...good, agentId: { id: 'a' } }],
    ['agentId', { ...good, agentId: 'x'.repeat(201) }],
    ['state', { ...good, state: 7 }],
    ['stateName', { ...good, stateName: {} }],
    ['loggedIn', { ...good, loggedIn: 'yes' }],
    ['loggedIn', { ...good, loggedIn: 1 }],
  ])('is refused for its %s: %j', (field, row) => {
    expect(readOne(row)).toBe(field);
  });

  it('takes an id as number or text for the same agent, and loses none that a number cannot hold', () => {
    expect(readOne({ ...good, agentId: 1001 })).toMatchObject({ agentId: '1001' });
    const rows = JSON.parse('[{"agentId":9007199254740993,"state":"READY"},{"agentId":9007199254740992,"state":"BREAK"}]');
    const { next, badRows, badFields } = compare(EMPTY_SNAPSHOT, {
      rows: [...rows, { agentId: '9007199254740993', state: 'READY' }],
      read: readRow,
      atMs: 1,
      gap: false,
      missing: new Set(),
    });
    // Both numbers arrive as ...992: taking either for an id would make one agent of two.
    expect({ ids: next.ids, badRows, badFields }).toEqual({ ids: ['9007199254740993'], badRows: 2, badFields: ['agentId'] });
  });

  it('refuses an id with a line break: ids are stored by line', () => {
    for (const agentId of ['a\nb', '\n', 'a\r\nb']) expect(readOne({ ...good, agentId })).toBe('agentId');
  });

  it('keeps names as they are, right-to-left, HTML and all, and cuts ten thousand characters short', () => {
    const names = ['<img src=x onerror=alert(1)>', '\u202Eevil', 'ليلى', '😀'.repeat(3), '{{x}}', '=1+1'];
    for (const stateName of names) expect(readOne({ ...good, stateName, subState: stateName })).toMatchObject({ stateName });
    const long = readOne({ ...good, stateName: 'n'.repeat(10_240), subState: 's'.repeat(10_240) });
    expect(long).toMatchObject({ stateName: 'n'.repeat(200), reason: 's'.repeat(200) });
  });

  it('tells the skill the agent is busy with, not the first one in the row', () => {
    const skillStates = [
      { skillName: 'Chat', state: 'READY' },
      { skillName: 'Billing', state: 'ON_CONTACT' },
    ];
    expect(readOne({ ...good, state: 'ON_CONTACT', skillStates })).toMatchObject({ skill: 'Billing' });
  });

  it.each([null, 'none', [], [null], [3], [{ skillName: 7 }], [['x']], {}])('does without skills: %j', (skillStates) => {
    expect(readOne({ ...good, skillStates })).toMatchObject({ agentId: 'a-1', skill: '' });
  });

  it.each([null, 'yesterday', 1_700_000_000_000, '', {}, '1969-12-31T23:59:59Z'])('does without a start: %j', (startDate) => {
    expect(readOne({ ...good, startDate })).toMatchObject({ sinceKnown: false, sinceMs: 0 });
  });
});

describe('any rows', () => {
  const evil = fc.constantFrom<unknown>(
    null,
    undefined,
    [],
    {},
    7,
    Number.NaN,
    '',
    'x',
    true,
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    '<script>',
    '\u202E',
    'n'.repeat(10_240),
    -0,
    2 ** 53 + 2,
  );
  const member = fc.oneof({ weight: 9, arbitrary: evil }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
  const anyRow = fc.oneof(
    evil,
    fc.record(
      {
        agentId: fc.oneof(fc.constantFrom<unknown>('a', 'b', 7, '7', '__proto__'), member),
        state: fc.oneof(fc.constantFrom<unknown>('READY', 'LOGOUT', 'YOGA'), member),
        stateName: member,
        subState: member,
        loggedIn: fc.oneof(fc.boolean(), member),
        skillStates: fc.oneof(fc.array(member, { maxLength: 2 }), member),
        startDate: fc.oneof(fc.constant<unknown>('2026-11-20T09:41:00Z'), member),
      },
      { requiredKeys: [] },
    ),
  );

  it('never throw, never touch a prototype, and never cost a good row', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 6 }), fc.nat(6), (rows, at) => {
        const agentId = 'good-agent';
        const list = [...rows.slice(0, at), { ...good, agentId }, ...rows.slice(at)];
        const { next, badRows, badFields } = compare(EMPTY_SNAPSHOT, {
          rows: list,
          read: readRow,
          atMs: 1,
          gap: false,
          missing: new Set(),
        });
        expect(next.ids).toContain(agentId);
        expect(badRows).toBeLessThanOrEqual(rows.length);
        expect(badFields.every((field) => ['row', 'agentId', 'state', 'stateName', 'loggedIn'].includes(field))).toBe(true);
        const texts = next.dictionary.flatMap(({ stateName, reason, skill }) => [stateName, reason, skill]);
        expect(texts.every((text) => typeof text === 'string' && text.length <= 200)).toBe(true);
      }),
      runs(10_000),
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
    expect('polluted' in {}).toBe(false);
  }, 60_000);
});

describe('any envelope', () => {
  it.each([
    ['a bare list', '[{"agentId":"a","state":"READY"}]', 1],
    ['agentStates', '{"agentStates":[{}],"lastPollTime":"x"}', 1],
    ['entities', '{"total":2,"entities":[{},{}]}', 2],
    ['records', '{"records":[]}', 0],
    ['items', '{"items":[7]}', 1],
    ['an empty list', '[]', 0],
  ])('%s is a list', async (_what, text, count) => {
    const states = await portFor(text).states('t', '');
    expect(states.outcome === 'ok' ? states.rows.length : states).toBe(count);
  });

  it.each(['null', '7', '"no agents"', '{}', '{"agentStates":{}}', '{"data":[{}]}', 'true', '{"__proto__":[]}'])(
    '%s is none, and that is not the same as empty',
    async (text) => {
      for (const asked of [await portFor(text).states('t', ''), await portFor(text).statesOf('t', 'a')])
        expect(asked).toMatchObject({ outcome: 'malformed', detail: 'envelope', origin: API });
    },
  );

  it('takes 204 for a list without anybody, and for no profile', async () => {
    const port = portFor('', 204);
    expect(await port.states('t', '')).toMatchObject({ outcome: 'ok', rows: [] });
    expect(await port.agent('t', 'a')).toMatchObject({ outcome: 'malformed' });
    expect(await port.me('t')).toMatchObject({ outcome: 'malformed' });
  });

  it('every call resolves, whatever JSON comes back', async () => {
    const calls = (text: string, status: number) => {
      const port = portFor(text, status);
      return [
        port.states('t', ''),
        port.statesOf('t', 'a'),
        port.agent('t', 'a'),
        port.directory('t', 1),
        port.me('t'),
        port.skillGroups('t', 'a'),
      ];
    };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.json({ maxDepth: 3 }), fc.string()),
        fc.constantFrom(200, 200, 200, 204, 304, 401, 403, 404, 429, 500),
        async (text, status) => {
          const answers: Answer<unknown>[] = await Promise.all(calls(text, status));
          const sound = (each: Answer<unknown>) => each.outcome !== 'ok' || !('rows' in each) || Array.isArray(each.rows);
          expect(answers.filter((each) => !sound(each))).toEqual([]);
        },
      ),
      runs(1000),
    );
  }, 60_000);
});

describe('what it asks for', () => {
  it('builds every address below the connection’s own, whatever the id', async () => {
    const exchange = vi.fn(async (_url: string) => answer('[]'));
    const port = v2Profile({ ...connection, apiPrefix: '/v2' }, exchange);
    const id = '../../admin?x=1&agentId=b#y z/é';
    await port.states('t', '');
    await port.statesOf('t', id);
    await port.agent('t', id);
    await port.directory('t', 3);
    await port.me('t');
    await port.skillGroups('t', id);
    const urls = exchange.mock.calls.map(([url]) => url);
    expect(urls).toEqual([
      `${API}/v2/agents/states`,
      `${API}/v2/agents/states?agentId=${encodeURIComponent(id)}`,
      `${API}/v2/agents/${encodeURIComponent(id)}`,
      `${API}/v2/agents?pageSize=1000&pageNumber=3`,
      `${API}/v2/users/me`,
      `${API}/v2/agents/${encodeURIComponent(id)}/skillGroups`,
    ]);
    const told = [port.pathOf('states'), port.pathOf('statesOf', id), port.pathOf('agent', id), port.pathOf('directory', '3')];
    expect([...told, port.pathOf('me'), port.pathOf('skillGroups', id)].map((path) => API + path)).toEqual(urls);
    for (const url of urls) expect(new URL(url).pathname.startsWith('/v2/')).toBe(true);
  });

  it('does not let an id of dots climb out of the path', async () => {
    const exchange = vi.fn(async (_url: string) => answer('{}'));
    for (const id of ['.', '..', '%2e%2e']) {
      await v2Profile(connection, exchange).agent('t', id);
      await v2Profile(connection, exchange).skillGroups('t', id);
    }
    for (const [url] of exchange.mock.calls) expect(new URL(url).pathname).toMatch(/^\/api\/v2\/agents\/.+/);
  });

  it('reads names, teams and me, each in the ways tenants spell them', async () => {
    const people = [
      { id: 7, name: 'Dana Ortiz', teamName: 'Billing' },
      { agentId: 'b', firstName: 'Bo', lastName: 'Li' },
      { name: 'x' },
      3,
    ];
    expect(await portFor(JSON.stringify({ entities: people })).directory('t', 1)).toMatchObject({
      outcome: 'ok',
      more: false,
      people: [
        { profile: { agentId: '7', name: 'Dana Ortiz', team: 'Billing' }, organisationId: '', active: null, otherIds: [] },
        { profile: { agentId: 'b', name: 'Bo Li', team: '' } },
      ],
    });
    expect(await portFor(JSON.stringify({ id: 'b', name: 'n'.repeat(10_240) })).agent('t', 'b')).toMatchObject({
      person: { profile: { agentId: 'b', name: 'n'.repeat(200) } },
    });
    for (const key of ['orgId', 'org_id', 'organizationId'])
      expect(
        await portFor(JSON.stringify({ [key]: 'o', roles: ['Supervisor', 3, { name: 'Admin' }, {}], permissions: 'x' })).me('t'),
      ).toMatchObject({
        me: { organisationId: 'o', roles: ['Supervisor', 'Admin'], permissions: [] },
      });
    expect(await portFor(JSON.stringify(Array.from({ length: 1000 }, (_, id) => ({ id })))).directory('t', 1)).toMatchObject({
      more: true,
    });
  });
});

describe('what a diagnosis looks at', () => {
  it('a person’s other ids, organisation and standing', async () => {
    const person = {
      id: 'a',
      email: 'a@example.com',
      extension: 2001,
      externalId: 'E-1',
      userId: 'u',
      orgId: 'o',
      state: 'inactive',
    };
    expect(await portFor(JSON.stringify(person)).agent('t', 'a')).toMatchObject({
      person: {
        organisationId: 'o',
        active: false,
        otherIds: [
          { kind: 'email', id: 'a@example.com' },
          { kind: 'extension', id: '2001' },
          { kind: 'externalId', id: 'E-1' },
          { kind: 'userId', id: 'u' },
        ],
      },
    });
    expect(await portFor(JSON.stringify({ id: 'a', userId: 'a', state: 'ACTIVE?' })).agent('t', 'a')).toMatchObject({
      person: { organisationId: '', active: null, otherIds: [] },
    });
  });

  it.each<[string, string, unknown]>([
    ['a bare list', '[{"id":"g","name":"Billing","active":true}]', [{ name: 'Billing', active: true }]],
    ['wrapped', '{"skillGroups":[{"name":"Billing","isActive":false}]}', [{ name: 'Billing', active: false }]],
    [
      'with a status',
      '[{"name":"A","status":"PAUSED"},{"name":"B","status":"Active"}]',
      [
        { name: 'A', active: false },
        { name: 'B', active: true },
      ],
    ],
    ['that says no more than the id', '[{"id":7}]', [{ name: '7', active: null }]],
    ['of rubbish', '[null,3,"x",[]]', []],
    ['without anything', '[]', []],
  ])('skill groups, %s', async (_what, text, groups) => {
    expect(await portFor(text).skillGroups('t', 'a')).toMatchObject({ outcome: 'ok', groups });
  });

  it('takes 204 for no skill groups, and an object without a list for none of its business', async () => {
    expect(await portFor('', 204).skillGroups('t', 'a')).toMatchObject({ outcome: 'ok', groups: [] });
    expect(await portFor('{}').skillGroups('t', 'a')).toMatchObject({ outcome: 'malformed' });
  });

  const port = portFor('[]');
  it.each<[string, Record<string, unknown>, object]>([
    [
      'a whole one',
      {},
      { category: 'unavailable', stateGiven: true, loggedIn: true, skills: 1, sinceMs: Date.parse('2026-11-20T09:41:00Z') },
    ],
    [
      'logged in without a state',
      { state: null, skillStates: [] },
      { category: 'loggedIn', stateGiven: false, loggedIn: true, skills: 0 },
    ],
    ['that says nothing of skills or log-in', { skillStates: undefined, loggedIn: undefined }, { loggedIn: null, skills: null }],
    ['logged out', { loggedIn: 'false' }, { category: 'loggedOut', loggedIn: false }],
  ])('a row, %s', (_what, part, found) => {
    expect(port.inspectRow({ ...good, ...part }, 'a-1')).toMatchObject(found);
  });

  it('a row about somebody else, or nobody can read, is none', () => {
    expect(port.inspectRow(good, 'b')).toBeNull();
    expect(port.inspectRow({ ...good, state: 7 }, 'a-1')).toBeNull();
    expect(port.inspectRow(null, 'a-1')).toBeNull();
  });

  it('whether an id is a skill’s', () => {
    expect(port.rowHasSkill(good, 's')).toBe(true);
    expect(port.rowHasSkill({ ...good, skillStates: [null, { skillId: 's' }] }, 's')).toBe(true);
    for (const row of [{ ...good, skillStates: 's' }, null, [], { ...good, skillStates: [] }])
      expect(port.rowHasSkill(row, 's')).toBe(false);
  });
});
