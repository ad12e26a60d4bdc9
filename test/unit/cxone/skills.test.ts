import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remembered } from '../../../src/background/recent.ts';
import { ASSIGNMENT_FIELDS, readAssignments as readPublic } from '../../../src/cxone/profiles/public/skills.ts';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { readAssignments } from '../../../src/cxone/profiles/v2/skills.ts';
import { v2Profile } from '../../../src/cxone/profiles/v2.ts';
import { HttpError } from '../../../src/domain/http.ts';
import type { Held, Wish } from '../../../src/domain/skills/assignment.ts';
import { runs } from '../support/runs.ts';
import { orders, type Sent } from './order-server.ts';
import { API, connection, json, PREFIX, pagedReply, type Said } from './public-server.ts';

const v2Connection = { ...connection, apiPrefix: '/api/v2' };
const v2 = (reply: Said | ((sent: Sent) => Said)) => {
  const { exchange, sent } = orders(reply);
  return { port: v2Profile(v2Connection, exchange).skills, sent };
};
const open = (reply: Said | ((sent: Sent) => Said)) => {
  const { exchange, sent } = orders(reply);
  return { port: publicProfile(connection, exchange).skills, sent };
};
const strategy = (index: number, skills: unknown, status = 'active') => ({
  id: `st-${index}`,
  name: `S${index}`,
  status,
  skills,
});
const YEAR: Held = {
  level: 4,
  availableFromAt: '2026-01-15T08:00:00Z',
  availableToAt: '2026-12-31T17:00:00Z',
  active: true,
};
const wish = (over: Partial<Wish> = {}): Wish => ({ userId: 'u-1', skillId: 's-1', held: YEAR, ...over });
const entity = (over: object = {}) => ({
  id: 'x',
  userId: 'u-1',
  skillId: 's-1',
  level: 4,
  availableFrom: '2026-01-15T08:00:00.000Z',
  availableTo: '2026-12-31T17:00:00Z',
  lastModified: '2026-11-20T09:00:00Z',
  ...over,
});
const pathsOf = (sent: Sent[]) => sent.map(({ path }) => path);

describe('skills of v2', () => {
  it('are those that strategies name, active where an active one does', async () => {
    const { port, sent } = v2(
      json({
        entities: [
          strategy(1, ['a', { id: 'b', name: 'Billing' }, { skillId: 7, skillName: 'Seven' }], 'inactive'),
          strategy(2, [{ id: 'a', name: 'Alpha' }, { id: '' }, null, { name: 'nobody' }], 'Active'),
          strategy(3, 'a'),
          null,
          { skills: ['c'] },
        ],
      }),
    );
    expect(await port.skills('tok-en')).toMatchObject({
      outcome: 'ok',
      skills: [
        { skillId: 'a', name: 'Alpha', active: true },
        { skillId: 'b', name: 'Billing', active: false },
        { skillId: '7', name: 'Seven', active: false },
        { skillId: 'c', name: '', active: false },
      ],
    });
    expect(pathsOf(sent)).toEqual(['/api/v2/routing/strategies?pageSize=100&pageNumber=1']);
  });

  it('a skill whose id is part of another’s is not that other', async () => {
    const { port } = v2(json({ entities: [strategy(1, ['skill-10'])] }));
    expect(await port.skills('tok-en')).toMatchObject({ skills: [{ skillId: 'skill-10' }] });
  });

  const numbered = (count: number, size = 100, more: object = {}) => {
    const all = Array.from({ length: count }, (_, index) => strategy(index, [`k${index}`]));
    return ({ path }: Sent): Said => {
      const page = Number(new URL(API + path).searchParams.get('pageNumber'));
      return json({ entities: all.slice((page - 1) * size, page * size), ...more });
    };
  };

  it.each([
    ['a short one ends them', 250, numbered(250), 3],
    ['an empty one does', 200, numbered(200), 3],
    ['the tenant’s total does', 200, numbered(200, 100, { total: 200 }), 2],
    ['smaller ones, where the tenant says their size', 60, numbered(60, 25, { pageSize: 25 }), 3],
    ['smaller ones, where it says how many there are', 60, numbered(60, 25, { total: 60 }), 3],
  ])('come in pages: %s', async (_what, count, reply, asks) => {
    const { port, sent } = v2(reply);
    const answer = await port.skills('tok-en');
    expect(answer.outcome === 'ok' && answer.skills.map(({ skillId }) => skillId)).toEqual(
      Array.from({ length: count }, (_, index) => `k${index}`),
    );
    expect(sent).toHaveLength(asks);
  });

  it('a server that knows no pages is not asked for ever', async () => {
    const { port, sent } = v2(json({ entities: Array.from({ length: 100 }, (_, index) => strategy(index, [`k${index}`])) }));
    expect(await port.skills('tok-en')).toMatchObject({ outcome: 'ok', skills: { length: 100 } });
    expect(sent).toHaveLength(2);
  });

  it('a page that fails fails the whole', async () => {
    const { port } = v2((one) => (one.path.endsWith('=2') ? json({}, 503) : numbered(250)(one)));
    expect(await port.skills('tok-en')).toMatchObject({ outcome: 'serverError', status: 503 });
  });
});

describe('what a user of v2 holds', () => {
  it('is asked for by the user’s id, encoded, and read in UTC to the second', async () => {
    const { port, sent } = v2(json({ entities: [entity({ availableFrom: '2026-01-15T10:00:00.900+02:00', level: '4' })] }));
    const answer = await port.assignments('tok-en', 'u-1');
    expect(answer).toMatchObject({ outcome: 'ok', assignments: [{ userId: 'u-1', skillId: 's-1', held: YEAR }], unread: [] });
    await port.assignments('tok-en', 'a/b ?');
    expect(pathsOf(sent)).toEqual(['/api/v2/users/u-1/skill-assignments', '/api/v2/users/a%2Fb%20%3F/skill-assignments']);
    for (const id of ['', '.', '..']) expect(await port.assignments('tok-en', id)).toMatchObject({ outcome: 'malformed' });
    expect(sent).toHaveLength(2);
  });

  it('204 is nothing; another shape is no answer', async () => {
    expect(await v2({ status: 204 }).port.assignments('tok-en', 'u')).toMatchObject({ outcome: 'ok', assignments: [] });
    expect(await v2(json({ rows: [] })).port.assignments('tok-en', 'u')).toMatchObject({
      outcome: 'malformed',
      detail: 'envelope',
    });
    expect(await v2(json({}, 404)).port.assignments('tok-en', 'u')).toMatchObject({ outcome: 'serverError', status: 404 });
    expect(await v2(json([entity()])).port.assignments('tok-en', 'u-1')).toMatchObject({
      outcome: 'ok',
      assignments: { length: 1 },
    });
  });

  it('goes on where the tenant says that there is more', async () => {
    const { port, sent } = v2(({ path }) =>
      path.includes('pageNumber=2')
        ? json({ entities: [entity({ skillId: 's-2' })], total: 2 })
        : json({ entities: [entity()], total: 2 }),
    );
    expect(await port.assignments('tok-en', 'u-1')).toMatchObject({ assignments: { length: 2 } });
    expect(pathsOf(sent)[1]).toBe('/api/v2/users/u-1/skill-assignments?pageNumber=2');
  });

  it.each<[string, unknown, string]>([
    ['no level', entity({ level: undefined }), 's-1'],
    ['half a level', entity({ level: 2.5 }), 's-1'],
    ['a time nobody can read', entity({ availableTo: 'tomorrow' }), 's-1'],
    ['a day without a time', entity({ availableFrom: '2026-01-01' }), 's-1'],
    ['no skill', entity({ skillId: null }), ''],
    ['no row', 7, ''],
  ])('%s: the rest survives, and nothing may be written to that one', (_what, row, skillId) => {
    const { assignments, unread } = readAssignments([row, entity({ skillId: 'good' })], 'u-1');
    expect(assignments).toEqual([{ userId: 'u-1', skillId: 'good', held: YEAR }]);
    expect(unread).toEqual([skillId]);
  });

  it('bounds may be open, and a time without a zone is UTC', () => {
    const { assignments } = readAssignments([entity({ availableFrom: '2026-01-15T08:00:00', availableTo: null })], 'u-1');
    expect(assignments[0]?.held).toEqual({ ...YEAR, availableToAt: '' });
  });

  it('another user’s are not theirs; the same skill twice is not known', () => {
    expect(readAssignments([entity({ userId: 'u-2' })], 'u-1')).toEqual({ assignments: [], unread: [] });
    expect(readAssignments([entity(), entity({ level: 1 })], 'u-1')).toEqual({ assignments: [], unread: ['s-1'] });
  });
});

describe('a write of v2', () => {
  it('is seed 003’s', async () => {
    const { port, sent } = v2(json(entity(), 201));
    const answer = await port.write('tok-en', wish({ userId: 'u/1' }), null);
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/api/v2/users/u%2F1/skill-assignments',
        body: { skillId: 's-1', level: 4, availableFrom: YEAR.availableFromAt, availableTo: YEAR.availableToAt },
      },
    ]);
    expect(answer).toMatchObject({ outcome: 'applied', status: 201 });
  });

  it.each<[string, Said, Held | undefined]>([
    ['as it was wished', json(entity()), YEAR],
    ['as the tenant made it', json(entity({ level: 2 })), { ...YEAR, level: 2 }],
    ['nothing', { status: 204, type: '' }, undefined],
    ['of another skill', json(entity({ skillId: 's-2' })), undefined],
    ['of another user', json(entity({ userId: 'u-2' })), undefined],
    ['nobody can read', json(entity({ level: 'high' })), undefined],
    ['no object', json([1]), undefined],
  ])('what the answer says is held: %s', async (_what, said, held) => {
    expect(await v2(said).port.write('tok-en', wish(), YEAR)).toMatchObject({ outcome: 'applied', held });
  });

  it.each<[string, Said, object]>([
    ['409', json({}, 409), { outcome: 'conflict' }],
    ['400', json({ error_description: 'level must be 1 to 5' }, 400), { outcome: 'refused', detail: 'level must be 1 to 5' }],
    ['500', json({}, 500), { outcome: 'unclear' }],
    ['207 that tells nothing', json({ ok: true }, 207), { outcome: 'unclear', status: 207 }],
    ['206 that tells', json(entity(), 206), { outcome: 'applied', held: YEAR }],
    ['403', json({}, 403), { outcome: 'forbidden' }],
  ])('%s', async (_what, said, expected) => {
    expect(await v2(said).port.write('tok-en', wish(), null)).toMatchObject(expected);
  });

  it('an open bound is left out', async () => {
    const { port, sent } = v2(json(entity()));
    await port.write('tok-en', wish({ held: { ...YEAR, availableFromAt: '', availableToAt: '' } }), null);
    expect(sent[0]?.body).toEqual({ skillId: 's-1', level: 4 });
  });

  it('what cannot be said is never sent', async () => {
    const { port, sent } = v2(json({}));
    expect(await port.write('tok-en', wish({ held: null }), YEAR)).toEqual({
      outcome: 'refused',
      status: 0,
      detail: 'removal',
      requestId: '',
    });
    expect(await port.write('tok-en', wish({ userId: '..' }), null)).toMatchObject({ outcome: 'refused', status: 0 });
    expect(sent).toEqual([]);
  });
});

describe('licences and figures of v2', () => {
  const licences = (...list: unknown[]) => json({ licenses: list });
  it.each<[string, Said, boolean]>([
    ['routing', licences({ licenseType: 'recording' }, { licenseType: 'routing', status: 'active' }), true],
    ['agent, nothing said', licences({ licenseType: 'Agent' }), true],
    ['another', licences({ licenseType: 'recording', status: 'active' }), false],
    ['one that ran out', licences({ licenseType: 'agent', status: 'Inactive' }), false],
    [
      'one that ran out beside one that did not',
      licences({ licenseType: 'agent', status: 'expired' }, { licenseType: 'agent' }),
      true,
    ],
    ['none', licences(), false],
    ['204', { status: 204 }, false],
    ['nonsense in the list', licences(null, 7, { licenseType: 7 }), false],
  ])('%s', async (_what, said, entitled) => {
    const { port, sent } = v2(said);
    expect(await port.entitled?.('tok-en', 'u 1')).toMatchObject({ outcome: 'ok', entitled });
    expect(pathsOf(sent)).toEqual(['/api/v2/users/u%201/licenses']);
  });

  it('figures are asked for with the seed’s question', async () => {
    const { port, sent } = v2(({ body }) => {
      const user = (body as { filters: { value: string }[] }).filters[0]?.value;
      if (user === 'none') return json({ data: [] });
      if (user === 'odd') return json({ data: [{ talkTime: 'much', handleTime: 10 }] });
      return json({
        data: [{ userId: user, talkTime: 800, handleTime: 1000, ...(user === 'a' ? { resolutionRate: 0.8 } : {}) }],
      });
    });
    const figures = async (userId: string) => {
      const answer = await port.performance?.('tok-en', userId);
      return answer?.outcome === 'ok' ? answer.performance : answer;
    };
    expect(await figures('a')).toEqual({ talkTime: 800, handleTime: 1000, resolutionRate: 0.8 });
    expect(await figures('b')).toEqual({ talkTime: 800, handleTime: 1000, resolutionRate: null });
    expect([await figures('none'), await figures('odd')]).toEqual([null, null]);
    expect(sent).toHaveLength(4);
    expect(sent[0]).toEqual({
      method: 'POST',
      path: '/api/v2/analytics/users/details/query?pageSize=1',
      body: {
        interval: 'P7D',
        groupBy: ['userId'],
        metrics: ['talkTime', 'handleTime', 'resolutionRate'],
        filters: [{ dimension: 'userId', operator: 'eq', value: 'a' }],
      },
    });
  });

  it('figures of somebody else are not theirs, and a failure is one', async () => {
    const other = v2(json({ data: [{ userId: 'z', talkTime: 1, handleTime: 2 }] }));
    const answer = await other.port.performance?.('tok-en', 'a');
    expect(answer).toMatchObject({ outcome: 'ok', performance: null });
    expect(await v2(json({}, 403)).port.performance?.('tok-en', 'a')).toMatchObject({ outcome: 'forbidden' });
  });
});

describe('skills of the public API', () => {
  const skill = (skillId: number, isActive: unknown = true) => ({ skillId, skillName: `Skill ${skillId}`, isActive });

  it('come from the list of skills, all pages', async () => {
    const rows = [skill(1), skill(2, 'False'), skill(3, undefined), { skillName: 'nobody' }];
    const reply = pagedReply(rows, { size: 2, next: 'relative', total: false, list: 'skills' });
    const { port, sent } = open(({ path }) => reply(new URL(API + path)));
    expect(await port.skills('tok-en')).toMatchObject({
      outcome: 'ok',
      skills: [
        { skillId: '1', name: 'Skill 1', active: true },
        { skillId: '2', active: false },
        { skillId: '3', active: true },
      ],
    });
    expect(pathsOf(sent)[0]).toBe(`${PREFIX}/skills?fields=skillId,skillName,isActive`);
    expect(sent).toHaveLength(2);
  });

  it('where there is no such list come from what waits; the port learns it, and stays with its version', async () => {
    const { port, sent } = open(({ path }) =>
      path.includes('/skills/activity') ? json({ skillActivity: [skill(1), skill(2, false)] }) : json({}, 404),
    );
    expect(await port.skills('tok-en')).toMatchObject({
      outcome: 'ok',
      skills: [{ skillId: '1' }, { skillId: '2', active: false }],
    });
    await port.skills('tok-en');
    expect(pathsOf(sent)).toEqual([
      `${PREFIX}/skills?fields=skillId,skillName,isActive`,
      `${PREFIX}/skills/activity`,
      `${PREFIX}/skills/activity`,
    ]);
  });

  it('any other failure is one', async () => {
    expect(await open(json({}, 403)).port.skills('tok-en')).toMatchObject({ outcome: 'forbidden' });
    expect(await open(json({}, 404)).port.skills('tok-en')).toMatchObject({ outcome: 'serverError', status: 404 });
  });

  it('has no licences and no figures', () => {
    const { port } = open(json({}));
    expect([port.entitled, port.performance]).toEqual([undefined, undefined]);
  });
});

describe('what a user of the public API holds', () => {
  const held = (level: number, active = true): Held => ({ level, availableFromAt: '', availableToAt: '', active });

  it('is proficiency and whether it is switched on, all pages', async () => {
    const rows = [
      { skillId: 1, agentProficiencyValue: 1, isActive: true },
      { skillId: '2', agentProficiencyValue: '20', isActive: 'False' },
      { skillId: 3, agentProficiencyValue: null },
      { agentProficiencyValue: 3 },
      7,
    ];
    const reply = pagedReply(rows, { size: 2, next: '', total: true, list: 'agentSkillAssignments' });
    const { port, sent } = open(({ path }) => reply(new URL(API + path)));
    expect(await port.assignments('tok-en', '500')).toMatchObject({
      outcome: 'ok',
      assignments: [
        { userId: '500', skillId: '1', held: held(1) },
        { userId: '500', skillId: '2', held: held(20, false) },
      ],
      unread: ['3', '', ''],
    });
    expect(pathsOf(sent)[0]).toBe(`${PREFIX}/agents/500/skills?fields=${ASSIGNMENT_FIELDS}`);
    expect(sent).toHaveLength(3);
  });

  it('204 is nothing; dots are nobody', async () => {
    expect(await open({ status: 204 }).port.assignments('tok-en', '5')).toMatchObject({ outcome: 'ok', assignments: [] });
    const { port, sent } = open(json({}));
    expect(await port.assignments('tok-en', '..')).toMatchObject({ outcome: 'malformed' });
    expect(await port.write('tok-en', wish({ userId: '..' }), null)).toMatchObject({ outcome: 'refused', status: 0 });
    expect(sent).toEqual([]);
  });

  it('reads older spellings', () => {
    expect(readPublic([{ skillId: 9, proficiency: 3, isActive: true }], '5').assignments[0]?.held).toEqual(held(3));
  });

  const give = wish({ userId: '500', skillId: '7', held: held(3, false) });
  it.each<[string, Wish, Held | null, string, object]>([
    ['given', give, null, 'POST', { skills: [{ skillId: '7', proficiency: 3, isActive: false }] }],
    ['changed', give, held(1), 'PUT', { skills: [{ skillId: '7', proficiency: 3, isActive: false }] }],
    ['taken away', { ...give, held: null }, held(1), 'DELETE', { skills: [{ skillId: '7' }] }],
  ])('%s: the method says which', async (_what, wanted, before, method, body) => {
    const { port, sent } = open(json({ resultSet: { errorCount: 0, skillResults: [{ skillId: 7, success: true, error: '' }] } }));
    expect(await port.write('tok-en', wanted, before)).toMatchObject({
      outcome: 'applied',
      held: wanted.held === null ? null : undefined,
      status: 200,
    });
    expect(sent).toEqual([{ method, path: `${PREFIX}/agents/500/skills`, body }]);
  });

  const results = (item: object, errorCount?: number) => json({ resultSet: { errorCount, skillResults: [item] } });
  it.each<[string, Said, object]>([
    ['at the top', json({ errorCount: 0, skillResults: [{ skillId: '7', success: 'True' }] }), { outcome: 'applied' }],
    ['without a word on the item', results({ skillId: 7 }, 0), { outcome: 'applied' }],
    [
      'failed',
      results({ skillId: 7, success: false, error: 'No\nright' }, 1),
      { outcome: 'refused', detail: 'No right', status: 200 },
    ],
    ['failed, as text', results({ skillId: '7', success: 'false', error: 'No' }), { outcome: 'refused', detail: 'No' }],
    [
      'failed, under a name nobody gave it',
      results({ skillId: 0, success: false, error: 'Bad' }, 1),
      { outcome: 'refused', detail: 'Bad' },
    ],
    ['failed, by count alone', json({ resultSet: { errorCount: 1, skillResults: [] } }), { outcome: 'refused' }],
    [
      'somebody was quicker',
      results({ skillId: 7, success: false, error: 'Skill is already assigned to the agent' }, 1),
      { outcome: 'conflict' },
    ],
    [
      'it has gone meanwhile',
      results({ skillId: 7, success: false, error: 'Skill is not assigned to the agent' }, 1),
      { outcome: 'conflict' },
    ],
    ['both at once', results({ skillId: 7, success: true }, 1), { outcome: 'unclear' }],
    ['of another skill', results({ skillId: 8, success: true }, 0), { outcome: 'unclear' }],
    ['an empty list', json({ resultSet: { errorCount: 0, skillResults: [] } }), { outcome: 'unclear' }],
    ['an item that says nothing', results({ skillId: 7 }), { outcome: 'unclear' }],
    ['nothing at all', { status: 204, type: '' }, { outcome: 'unclear', status: 204 }],
    ['206', { ...results({ skillId: 7, success: true }, 0), status: 206 }, { outcome: 'applied', status: 206 }],
    ['409', json({}, 409), { outcome: 'conflict' }],
    ['404', json({ error_description: 'Agent not found' }, 404), { outcome: 'refused', status: 404, detail: 'Agent not found' }],
    ['503', json({}, 503), { outcome: 'unclear' }],
  ])('the answer to a write: %s', async (_what, said, expected) => {
    const { port, sent } = open(said);
    expect(await port.write('tok-en', give, null)).toMatchObject(expected);
    // Not again, and not in another version.
    expect(sent).toHaveLength(1);
  });
});

const isGood = (row: unknown): row is { skillId: string; level: number } =>
  typeof row === 'object' && row !== null && 'good' in row && row.good === true;

describe('whatever comes back', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.jsonValue().map((value) =>
      JSON.stringify({
        entities: [value],
        skills: [value],
        skillResults: [value],
        licenses: [value],
        data: [value],
        agentSkillAssignments: [value],
      }),
    ),
  );
  it('never throws, and is applied by no accident', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        for (const { port } of [v2({ text }), open({ text })]) {
          await port.skills('tok-en');
          await port.assignments('tok-en', 'u');
          await port.entitled?.('tok-en', 'u');
          await port.performance?.('tok-en', 'u');
          const written = await port.write('tok-en', wish({ held: null }), YEAR);
          if (written.outcome === 'applied') expect(text).toMatch(/success|errorCount/);
        }
      }),
      runs(300),
    );
  });

  it('never costs a good row, and never makes one of a bad one', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.record({
        skillId: fc.constantFrom('bad', null, {}),
        level: fc.jsonValue(),
        agentProficiencyValue: fc.constantFrom(null, 'x', -1),
      }),
    );
    const good = fc.record({ skillId: fc.uuid(), level: fc.integer({ min: 1, max: 5 }) });
    const rows = fc.array(
      fc.oneof(
        good.map((row) => ({ ...row, good: true })),
        junk,
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, (all) => {
        const wanted = all.flatMap((row) => (isGood(row) ? [[row.skillId, row.level]] : []));
        const asV2 = readAssignments(all, 'u-1').assignments;
        const asPublic = readPublic(
          all.map((row) => (isGood(row) ? { ...row, agentProficiencyValue: row.level } : row)),
          '5',
        ).assignments;
        for (const assignments of [asV2, asPublic])
          expect(
            assignments.filter(({ skillId }) => skillId.length === 36).map(({ skillId, held }) => [skillId, held.level]),
          ).toEqual(wanted);
        for (const { held } of asV2) expect(Number.isSafeInteger(held.level)).toBe(true);
      }),
      runs(300),
    );
  });

  it('a dead network is an outcome', async () => {
    const dead = () => Promise.reject(new HttpError('network'));
    for (const { skills } of [v2Profile(v2Connection, dead), publicProfile(connection, dead)]) {
      expect(await skills.skills('tok-en')).toMatchObject({ outcome: 'offline' });
      expect(await skills.assignments('tok-en', 'u')).toMatchObject({ outcome: 'offline' });
      expect(await skills.write('tok-en', wish(), null)).toMatchObject({ outcome: 'unclear', status: 0, detail: 'network' });
    }
  });

  it('what is remembered for a diagnosis passes it on', () => {
    const port = v2Profile(v2Connection, orders(json({})).exchange);
    expect(remembered('c', port).skills).toBe(port.skills);
  });
});
