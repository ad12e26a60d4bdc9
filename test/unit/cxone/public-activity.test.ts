import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInUse, readActivity } from '../../../src/cxone/profiles/public/activity.ts';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { runs } from '../support/runs.ts';
import { faultsOfQuestion, OPERATIONS, rowOf } from './public-schema.ts';
import { connection, json, PREFIX, pagedReply, type Said, SERVER_MS, server } from './public-server.ts';

const portFor = (reply: Said | ((url: URL) => Said)) => publicProfile(connection, server(reply).exchange);
/** As the documents have it. */
const ROW = {
  skillId: 4711,
  skillName: 'Billing',
  isActive: true,
  serverTime: '2026-11-20T10:00:00.000Z',
  earliestQueueTime: '2026-11-20T09:56:00.000Z',
  queueCount: 7,
  serviceLevel: 93,
  inSLA: 40,
  outSLA: 10,
  agentsAvailable: 0,
  agentsWorking: 4,
  agentsUnavailable: 2,
  agentsACW: 1,
  agentsIdle: 0,
  agentsLoggedIn: 7,
};
const read = (over: object = {}) => readActivity({ ...ROW, ...over }, SERVER_MS);

describe('what waits for each skill', () => {
  it('is asked for in one question that the documents know, and read', async () => {
    const { exchange, paths } = server(json({ skillActivity: [ROW], totalRecords: 1 }));
    const port = publicProfile(connection, exchange);
    expect(await port.activity('t')).toMatchObject({
      outcome: 'ok',
      atMs: SERVER_MS,
      skills: [
        {
          skillId: '4711',
          name: 'Billing',
          queueCount: 7,
          longestWaitMs: 240_000,
          serviceLevel: 93,
          agentsAvailable: 0,
          agentsWorking: 4,
          agentsUnavailable: 2,
          agentsAcw: 1,
          agentsIdle: 0,
          agentsLoggedIn: 7,
        },
      ],
    });
    expect(paths()).toHaveLength(1);
    expect(faultsOfQuestion(paths()[0]?.replace(PREFIX, '') ?? '')).toEqual([]);
  });

  it('comes whole, however it is cut', async () => {
    const rows = Array.from({ length: 23 }, (_, index) => ({ ...ROW, skillId: index + 1 }));
    const answer = await portFor(pagedReply(rows, { size: 10, next: 'absolute', total: true, list: 'skillActivity' })).activity(
      't',
    );
    expect(answer.outcome === 'ok' && answer.skills.map(({ skillId }) => skillId)).toEqual(
      rows.map(({ skillId }) => String(skillId)),
    );
  });

  it('leaves out skills that are off, unless somebody waits there all the same', () => {
    expect(isInUse({ ...ROW, isActive: 'False', queueCount: 0 })).toBe(false);
    expect(isInUse({ ...ROW, isActive: false })).toBe(true);
    expect(isInUse({ ...ROW, isActive: undefined, queueCount: 0 })).toBe(true);
  });

  it('costs no good row a bad one, and a list nobody can read is no empty list', async () => {
    expect(await portFor(json({ skillActivity: [7, null, { skillName: 'x' }, ROW] })).activity('t')).toMatchObject({
      outcome: 'ok',
      skills: [{ skillId: '4711' }],
    });
    expect(await portFor(json({ skillActivity: [7] })).activity('t')).toMatchObject({ outcome: 'malformed' });
    expect(await portFor(json({ skillActivity: [] })).activity('t')).toMatchObject({ outcome: 'ok', skills: [] });
    expect(await portFor({ status: 204 }).activity('t')).toMatchObject({ outcome: 'ok', skills: [] });
  });

  it('that may not be seen is said', async () => {
    expect(await portFor(json({ error_description: 'No right' }, 403)).activity('t')).toMatchObject({ outcome: 'forbidden' });
  });
});

describe('the longest wait', () => {
  it.each<[string, unknown, number | null]>([
    ['a moment', '2026-11-20T09:56:00.000Z', 240_000],
    ['a moment without a zone', '2026-11-20 09:56:00', 240_000],
    ['an ISO duration', 'PT4M3.5S', 243_500],
    ['a long ISO duration', 'P1DT2H', 93_600_000],
    ['seconds', 240, 240_000],
    ['seconds as text', '240', 240_000],
    ['a moment ahead', '2026-11-20T10:00:01.000Z', 0],
    ['null', null, null],
    ['nothing', undefined, null],
    ['an empty text', '', null],
    ['an empty duration', 'PT', null],
    ['"never"', '0001-01-01T00:00:00', null],
    ['a date without a time', '2026-11-20', null],
    ['an epoch', 1_795_169_760, null],
    ['less than nothing', -5, null],
  ])('from %s', (_what, earliestQueueTime, expected) => {
    expect(read({ earliestQueueTime })?.longestWaitMs).toBe(expected);
  });

  it('is counted from the row’s own clock, and from the answer’s where there is none', () => {
    const late = { earliestQueueTime: '2026-11-20T11:56:00Z', serverTime: '2026-11-20T12:00:00Z' };
    expect(read(late)?.longestWaitMs).toBe(240_000);
    expect(read({ serverTime: undefined })?.longestWaitMs).toBe(240_000);
  });

  it('is none where nobody waits', () => {
    expect(read({ queueCount: 0 })?.longestWaitMs).toBeNull();
  });
});

describe('numbers', () => {
  it.each<[string, object, number | null]>([
    ['as said', {}, 93],
    ['as text', { serviceLevel: '93.4' }, 93],
    ['nought', { serviceLevel: 0 }, 0],
    ['with a sign', { serviceLevel: '93%' }, 93],
    ['a fraction, which can be two things', { serviceLevel: 0.93 }, null],
    ['not said', { serviceLevel: null }, null],
    ['blank', { serviceLevel: ' ' }, null],
    ['beyond 100', { serviceLevel: 9300 }, null],
  ])('service level %s', (_what, over, expected) => {
    expect(read(over)?.serviceLevel).toBe(expected);
  });

  it('are read in either spelling, and what is not said is not nobody', () => {
    const { agentsACW: _documented, ...rest } = ROW;
    expect(readActivity({ ...rest, agentsAcw: '3', queueCount: '2', agentsAvailable: null }, SERVER_MS)).toMatchObject({
      agentsAcw: 3,
      queueCount: 2,
      agentsAvailable: null,
    });
    expect(read({ queueCount: undefined, skillQueueCount: 4 })?.queueCount).toBe(4);
  });

  it('of the documents’ types are always read; nonsense never throws, and never comes out as a number', () => {
    const fine = (value: number | null | undefined) => value === null || (Number.isFinite(value) && Number(value) >= 0);
    const holds = (row: unknown) => {
      isInUse(row);
      const skill = readActivity(row, SERVER_MS);
      if (skill === null) return true;
      const { skillId, name, ...numbers } = skill;
      return skillId !== '' && name !== '' && Object.values(numbers).every(fine) && (numbers.serviceLevel ?? 0) <= 100;
    };
    fc.assert(
      fc.property(rowOf(OPERATIONS.activity), (row) => holds(row) && readActivity(row, SERVER_MS) !== null),
      runs(300),
    );
    const nonsense = fc.record(Object.fromEntries(Object.keys(ROW).map((name) => [name, fc.anything()])), { requiredKeys: [] });
    fc.assert(fc.property(fc.oneof(fc.anything(), nonsense), holds), runs(500));
  });
});
