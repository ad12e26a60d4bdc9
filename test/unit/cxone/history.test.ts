import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsIso, wholeSeconds } from '../../../src/cxone/history-page.ts';
import type { CxonePort, HistoryPage } from '../../../src/cxone/port.ts';
import { durationMs, HISTORY_FIELDS, readRecord as readPublic } from '../../../src/cxone/profiles/public/history.ts';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { readRecord } from '../../../src/cxone/profiles/v2/history.ts';
import { v2Profile } from '../../../src/cxone/profiles/v2.ts';
import { HttpError } from '../../../src/domain/http.ts';
import { toldRows } from '../../tenant/telling.ts';
import { runs } from '../support/runs.ts';
import { API, connection, json, PREFIX, pagedReply, type Said, server } from './public-server.ts';

const AGENT = 'a-1';
const FROM = Date.parse('2026-11-19T10:00:00.400Z');
const TO = Date.parse('2026-11-20T10:00:00.400Z');
const v2 = { ...connection, apiPrefix: '/api/v2' };
const at = (index: number) => new Date(FROM + 600 + index * 1000).toISOString();
const row = (index: number, more = {}) => ({ timestamp: at(index), state: 'READY', duration: 1000, ...more });
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => row(index));

/** Every page, as a worker asks for them. */
async function all(port: CxonePort, agentId = AGENT): Promise<HistoryPage[]> {
  const pages: HistoryPage[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await port.history('tok-en', agentId, FROM, TO, cursor);
    if (answer.outcome !== 'ok') throw new Error(`${answer.outcome} ${answer.detail}`);
    pages.push(answer);
    cursor = answer.next;
    if (pages.length > 100) throw new Error('round and round');
  }
  return pages;
}
const counts = (pages: HistoryPage[]) => pages.map(({ records }) => records.length);
const recordsIn = (pages: HistoryPage[]) => pages.flatMap(({ records }) => records);

describe('pages of v2', () => {
  const numbered =
    (rows: readonly unknown[], { size = 1000, more = {} }: { size?: number; more?: object } = {}) =>
    (url: URL): Said => {
      const page = Number(url.searchParams.get('pageNumber'));
      return json({ records: rows.slice((page - 1) * size, page * size), ...more });
    };
  const port = (reply: Said | ((url: URL) => Said), prefix = '/api/v2') => {
    const { exchange, paths } = server(reply);
    return { port: v2Profile({ ...v2, apiPrefix: prefix }, exchange), paths };
  };

  it.each([
    ['/api/v2', ''],
    ['/v2', ''],
    ['/gateway/api/v2', '/gateway'],
  ])('are asked for below what stands before %s', async (prefix, before) => {
    const { port: asked, paths } = port(json({ records: [] }), prefix);
    await asked.history('tok-en', 'a b&c', FROM, TO, '');
    expect(paths()).toEqual([
      `${before}/api/reporting/v2/agent-state-history?startTime=2026-11-19T10:00:00Z&endTime=2026-11-20T10:00:01Z&agentId=a+b%26c&interval=MINUTE&pageSize=1000&pageNumber=1`,
    ]);
  });

  it('are counted until one is not full', async () => {
    const { port: asked, paths } = port(numbered(rowsOf(2500)));
    const pages = await all(asked);
    expect(counts(pages)).toEqual([1000, 1000, 500]);
    expect(recordsIn(pages).map(({ atMs }) => atMs)).toEqual(rowsOf(2500).map(({ timestamp }) => Date.parse(timestamp)));
    expect(paths().map((path) => new URL(path, API).searchParams.get('pageNumber'))).toEqual(['1', '2', '3']);
  });

  it('end with an empty one, or a 404, when the last was full', async () => {
    expect(counts(await all(port(numbered(rowsOf(2000))).port))).toEqual([1000, 1000, 0]);
    const reply = numbered(rowsOf(1000));
    const { port: asked } = port((url) =>
      url.searchParams.get('pageNumber') === '1' ? reply(url) : json({ error: 'not_found' }, 404),
    );
    expect(counts(await all(asked))).toEqual([1000, 0]);
  });

  it.each([
    ['their size', { pageSize: 100 }],
    ['how many there are', { total: 250 }],
    ['both', { pageSize: 100, totalRecords: 250 }],
  ])('may be smaller than asked for, where the tenant says %s', async (_what, more) => {
    const rows = rowsOf(250);
    const { port: asked } = port(numbered(rows, { size: 100, more }));
    expect(counts(await all(asked))).toEqual([100, 100, 50]);
  });

  it('are named by a token where there is one, full or not, and end without one', async () => {
    const rows = rowsOf(30);
    const { port: asked, paths } = port((url) => {
      const from = Number(url.searchParams.get('nextPageToken') ?? 0);
      const end = from + 10;
      return json({ records: rows.slice(from, end), ...(end < 30 ? { nextPageToken: String(end) } : {}) });
    });
    expect(counts(await all(asked))).toEqual([10, 10, 10]);
    expect(paths().map((path) => new URL(path, API).searchParams.has('pageNumber'))).toEqual([true, false, false]);
  });

  it('whose token leads to themselves are no pages', async () => {
    const { port: asked } = port(json({ records: rowsOf(2), nextPageToken: 'x' }));
    const first = await asked.history('tok-en', AGENT, FROM, TO, '');
    expect(first).toMatchObject({ outcome: 'ok', next: 'token:x' });
    expect(await asked.history('tok-en', AGENT, FROM, TO, 'token:x')).toMatchObject({ outcome: 'malformed', detail: 'paging' });
  });

  it.each([
    ['goes on', 2500, [1000, 1000, 500]],
    ['ends with an empty one', 1000, [1000, 0]],
    ['ends where it is not full', 999, [999]],
  ])('a full page whose token is null says nothing: the list %s', async (_what, count, expected) => {
    expect(counts(await all(port(numbered(rowsOf(count), { more: { nextPageToken: null } })).port))).toEqual(expected);
  });

  it('a page whose token is null was the last where there is no page after it, or it comes again', async () => {
    const full = json({ records: rowsOf(1000), nextPageToken: null });
    expect(counts(await all(port(full).port))).toEqual([1000, 1000]);
    const ended = (url: URL) => (url.searchParams.get('pageNumber') === '1' ? full : json({}, 404));
    expect(counts(await all(port(ended).port))).toEqual([1000, 0]);
    expect(counts(await all(port(json({ records: rowsOf(1000), nextPageToken: null, total: 1000 })).port))).toEqual([1000]);
  });

  it.each<[string, Said, object]>([
    ['no data', json({ error_description: 'No data' }, 404), { outcome: 'ok', records: [], next: null }],
    ['204', { status: 204 }, { outcome: 'ok', records: [], next: null }],
    ['a page of the web for 404', { status: 404, type: 'text/html', text: '<html>' }, { outcome: 'serverError', status: 404 }],
    ['a log-in page', { type: 'text/html', text: '<html>' }, { outcome: 'portal' }],
    ['401', json({}, 401), { outcome: 'unauthorized' }],
    ['403', json({ error_description: 'no scope reporting' }, 403), { outcome: 'forbidden', detail: 'no scope reporting' }],
    ['422', json({ error_description: 'bad startTime' }, 422), { outcome: 'serverError', status: 422, detail: 'bad startTime' }],
    ['429', { ...json({}, 429), headers: { 'retry-after': '5' } }, { outcome: 'rateLimited' }],
    ['another shape', json({ rows: [] }), { outcome: 'malformed', detail: 'envelope' }],
    ['no JSON', { text: '{' }, { outcome: 'malformed' }],
  ])('%s is an outcome', async (_what, reply, expected) => {
    expect(await port(reply).port.history('tok-en', AGENT, FROM, TO, '')).toMatchObject(expected);
  });

  it('a dead network is an outcome', async () => {
    const dead = v2Profile(v2, () => Promise.reject(new HttpError('network')));
    expect(await dead.history('tok-en', AGENT, FROM, TO, '')).toMatchObject({ outcome: 'offline' });
  });
});

describe('a record of v2', () => {
  it.each([
    ['READY', 'available', 'Ready'],
    ['NOT_READY', 'unavailable', 'Not ready'],
    ['WRAP_UP', 'acw', 'Wrap up'],
    ['ACW', 'acw', 'ACW'],
    ['ON_CONTACT', 'working', 'On contact'],
    ['LOGIN', 'loggedIn', 'Logged in'],
    ['LOGGED_IN', 'loggedIn', 'Logged in'],
    ['LOGOUT', 'loggedOut', 'Logged out'],
    ['not ready', 'unavailable', 'not ready'],
    ['YOGA', 'unknown', 'YOGA'],
    ['__proto__', 'unknown', '__proto__'],
  ])('of state %s is %s; without a name of its own it is called "%s"', (state, category, stateName) => {
    const { record } = readRecord({ timestamp: '2026-11-20T09:41:00Z', state }, AGENT);
    expect(record).toMatchObject({ category, stateName });
  });

  it('begins at its time, and tells how long the state before it was (seed 001)', () => {
    const told = { timestamp: '2026-11-20T09:41:00Z', state: 'NOT_READY', subState: 'Lunch', duration: 61_500 };
    expect(readRecord(told, AGENT)).toEqual({
      record: {
        atMs: Date.parse('2026-11-20T09:41:00Z'),
        category: 'unavailable',
        stateName: 'Not ready',
        reason: 'Lunch',
        skill: '',
        beforeMs: 61_500,
        lastsMs: null,
      },
      bad: [],
    });
  });

  it.each<[string, unknown]>([
    ['row', null],
    ['row', 7],
    ['row', 'row'],
    ['row', [row(0)]],
    ['timestamp', row(0, { timestamp: undefined })],
    ['timestamp', row(0, { timestamp: 'yesterday' })],
    ['timestamp', row(0, { timestamp: '2026-11-20' })],
    ['timestamp', row(0, { timestamp: {} })],
    ['timestamp', row(0, { timestamp: '0001-01-01T00:00:00Z' })],
    ['state', row(0, { state: '' })],
    ['state', row(0, { state: { name: 'READY' } })],
    ['agentId', row(0, { agentId: 'somebody else' })],
  ])('is bad by its %s: %j', (field, bad) => {
    expect(readRecord(bad, AGENT)).toEqual({ record: null, bad: [field] });
  });

  it.each<[unknown, number | null, string[]]>([
    [0, 0, []],
    ['1500', 1500, []],
    [12.4, 12, []],
    [null, null, []],
    [undefined, null, []],
    ['', null, []],
    [-1, null, ['duration']],
    ['a while', null, ['duration']],
    [{}, null, ['duration']],
  ])('survives a duration of %j', (duration, beforeMs, bad) => {
    const read = readRecord(row(0, { duration }), AGENT);
    expect([read.record?.beforeMs, read.bad]).toEqual([beforeMs, bad]);
  });

  it.each([
    ['2026-11-20T09:41:00', '2026-11-20T09:41:00Z'],
    ['2026-11-20 09:41:00', '2026-11-20T09:41:00Z'],
    ['2026-11-20T10:41:00.250+0100', '2026-11-20T09:41:00.250Z'],
    ['2026-11-20T10:41:00+01:00', '2026-11-20T09:41:00Z'],
  ])('at %s is at %s', (timestamp, expected) => {
    expect(readRecord(row(0, { timestamp }), AGENT).record?.atMs).toBe(Date.parse(expected));
  });

  it('bad ones never lose the rest, whatever stands among them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.anything(),
            fc.integer({ min: 0, max: 500 }).map((i) => row(i)),
          ),
        ),
        async (rows) => {
          const body = JSON.stringify({ records: rows });
          const { exchange } = server({ text: body });
          const answer = await v2Profile(v2, exchange).history('tok-en', AGENT, FROM, TO, '');
          if (answer.outcome !== 'ok') throw new Error(answer.outcome);
          const sent = (JSON.parse(body) as { records: unknown[] }).records;
          const good = sent.filter((each) => readRecord(each, AGENT).record);
          expect(answer.records).toHaveLength(good.length);
          expect(answer.badRows).toBe(sent.length - good.length);
        },
      ),
      runs(200),
    );
  });
});

describe('pages of the public API', () => {
  const PATH = `${PREFIX}/agents/7/state-history`;
  const told = (index: number, more = {}) => ({
    stateIndex: index,
    startDate: at(index),
    agentId: 7,
    agentStateId: 1,
    agentStateName: 'Available',
    duration: 'PT1S',
    ...more,
  });
  const many = Array.from({ length: 2500 }, (_, index) => told(index));
  const list = 'agentStateHistory';

  it('are asked for with what is read, and no more', async () => {
    const { exchange, paths } = server(json({ agentStateHistory: [], totalRecords: 0 }));
    await publicProfile(connection, exchange).history('tok-en', '7', FROM, TO, '');
    expect(paths()).toEqual([
      `${PATH}?startDate=2026-11-19T10:00:00Z&endDate=2026-11-20T10:00:01Z&top=1000&skip=0&fields=${HISTORY_FIELDS}`,
    ]);
  });

  it.each([
    ['by absolute links', { size: 0, next: 'absolute', total: true }],
    ['by relative links', { size: 0, next: 'relative', total: false }],
    ['by counting', { size: 0, next: '', total: true }],
    ['by counting, without a total', { size: 0, next: '', total: false }],
    ['in small pages, by links', { size: 400, next: 'absolute', total: true }],
    ['in small pages, by counting', { size: 400, next: '', total: true }],
    ['with links that lead elsewhere, by counting', { size: 400, next: 'foreign', total: true }],
  ] as const)('come %s', async (_how, paging) => {
    const { exchange, urls } = server(pagedReply(many, { ...paging, list }));
    const records = recordsIn(await all(publicProfile(connection, exchange), '7'));
    expect(records.map(({ atMs }) => atMs)).toEqual(many.map(({ startDate }) => Date.parse(startDate)));
    expect(urls.every((url) => url.startsWith(API))).toBe(true);
  });

  it('that overlap leave no gap, links or not', async () => {
    const told2000 = many.slice(0, 2000);
    for (const links of [true, false]) {
      const { exchange } = server((url) => {
        const skip = Number(url.searchParams.get('skip'));
        const end = skip + 1000;
        const from = skip === 0 ? 0 : skip - 20;
        const next = new URL(url);
        next.searchParams.set('skip', String(end));
        return json({
          agentStateHistory: told2000.slice(from, links ? end : from + 1000),
          totalRecords: told2000.length,
          _links: links && end < told2000.length ? { next: next.href } : {},
        });
      });
      const records = recordsIn(await all(publicProfile(connection, exchange), '7'));
      expect(new Set(records.map(({ atMs }) => atMs)).size).toBe(told2000.length);
    }
  });

  /** Every one of them is there in the end, whatever came twice. */
  async function expectAll(rows: readonly unknown[], size: number, next: 'absolute' | '', total = true): Promise<void> {
    const { exchange } = server(pagedReply(rows, { size, next, total, list }));
    const records = recordsIn(await all(publicProfile(connection, exchange), '7'));
    const distinct = new Set(rows.map((each) => (each as { startDate: string }).startDate));
    expect(new Set(records.map(({ atMs }) => atMs)).size, `pages of ${size}`).toBe(distinct.size);
  }

  it.each(['absolute', ''] as const)(
    'that hold a late copy of the last row before them are no overlap (links: "%s")',
    async (next) => {
      const late = [...many.slice(0, 1003), told(999), ...many.slice(1003)];
      await expectAll(late, 0, next);
      // The copy on the other side of where two pages meet can be told from an overlap by nothing but the end.
      await expectAll([...many.slice(0, 1000), told(999), ...many.slice(1000)], 0, next);
      await expectAll([...many.slice(0, 1000), told(999)], 0, next);
    },
  );

  it.each(['absolute', ''] as const)(
    'of any size come whole where rows are doubled and disordered (links: "%s")',
    async (next) => {
      const telling = { seed: 1, irregularities: new Set(['duplicates', 'outOfOrder'] as const) };
      const rows = toldRows(many.slice(0, 1000), telling, {
        time: 'startDate',
        state: 'agentStateName',
        duration: 'duration',
      });
      for (const size of [41, 123, ...Array.from({ length: 60 }, (_, each) => each + 20)]) await expectAll(rows, size, next);
    },
  );

  it('whatever is doubled, and wherever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 12 }),
        fc.integer({ min: 5, max: 120 }),
        async (copies, size) => {
          const rows: unknown[] = many.slice(0, 300);
          for (const [from, to] of copies) rows.splice(to, 0, rows[Math.min(from, 299)]);
          await expectAll(rows, size, '');
        },
      ),
      runs(200),
    );
  });

  it('a server that knows no pages is found out', async () => {
    const { exchange, urls } = server(json({ agentStateHistory: many.slice(0, 1000), totalRecords: 2500 }));
    const port = publicProfile(connection, exchange);
    const first = await port.history('tok-en', '7', FROM, TO, '');
    const cursor = first.outcome === 'ok' ? (first.next ?? '') : '';
    expect(await port.history('tok-en', '7', FROM, TO, cursor)).toMatchObject({ outcome: 'malformed', detail: 'paging' });
    expect(urls).toHaveLength(2);
  });

  it('a server that knows no pages is found out also where it says of a few more than it gives', async () => {
    const { exchange } = server(json({ agentStateHistory: many.slice(0, 1000), totalRecords: 1500 }));
    await expect(all(publicProfile(connection, exchange), '7')).rejects.toThrow('malformed paging');
  });

  it('an agent nobody knows, and an id that would climb out of the path', async () => {
    const { exchange, urls } = server(json({ error_description: 'Agent not found for BU' }, 404));
    const port = publicProfile(connection, exchange);
    expect(await port.history('tok-en', '7', FROM, TO, '')).toMatchObject({ status: 404, detail: 'Agent not found for BU' });
    expect(urls).toHaveLength(1);
    expect(await port.history('tok-en', '..', FROM, TO, '')).toMatchObject({ outcome: 'malformed' });
    expect(urls).toHaveLength(1);
  });

  it('no data is a page without records', async () => {
    const { exchange } = server({ status: 204 });
    const answer = await publicProfile(connection, exchange).history('tok-en', '7', FROM, TO, '');
    expect(answer).toMatchObject({ outcome: 'ok', records: [], next: null });
  });

  it('a record tells how long it lasted itself', () => {
    const lunch = told(0, {
      agentStateId: 2,
      agentStateName: 'Unavailable',
      outStateDescription: 'Lunch',
      duration: 'PT1H2M3.5S',
    });
    expect(readPublic(lunch, '7')).toEqual({
      record: {
        atMs: Date.parse(at(0)),
        category: 'unavailable',
        stateName: 'Unavailable',
        reason: 'Lunch',
        skill: '',
        beforeMs: null,
        lastsMs: 3_723_500,
      },
      bad: [],
    });
    expect(readPublic(told(0, { agentId: 8 }), '7')).toEqual({ record: null, bad: ['agentId'] });
    expect(readPublic(told(0, { agentId: undefined }), '7').record).not.toBeNull();
    expect(readPublic(told(0, { startDate: '' }), '7')).toEqual({ record: null, bad: ['startDate'] });
    expect(readPublic(told(0, { duration: 'long' }), '7').bad).toEqual(['duration']);
    expect(readPublic(null, '7')).toEqual({ record: null, bad: ['row'] });
  });

  it.each<[unknown, number | null]>([
    ['PT0S', 0],
    ['PT45.25S', 45_250],
    ['P1DT1M', 86_460_000],
    [12.5, 12_500],
    ['12.5', 12_500],
    ['PT', null],
    ['P', null],
    ['', null],
    [-1, null],
    [Number.NaN, null],
    [{}, null],
  ])('a length of %j is %j ms', (value, expected) => {
    expect(durationMs(value)).toBe(expected);
  });
});

describe('a range', () => {
  it('is asked for in whole seconds, UTC, and holds what was meant', () => {
    expect(secondsIso(FROM)).toBe('2026-11-19T10:00:00Z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e9 }), (from, long) => {
        const whole = wholeSeconds(from, from + long);
        expect([whole.from, whole.to].every((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text))).toBe(true);
        expect(Date.parse(whole.from)).toBeLessThanOrEqual(from);
        expect(Date.parse(whole.to)).toBeGreaterThanOrEqual(from + long);
        expect(Date.parse(whole.to) - (from + long)).toBeLessThan(1000);
      }),
      runs(200),
    );
  });
});
