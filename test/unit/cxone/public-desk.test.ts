import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFigures, readReason, readTeam } from '../../../src/cxone/profiles/public/desk.ts';
import { readRow } from '../../../src/cxone/profiles/public/rows.ts';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { v2Profile } from '../../../src/cxone/profiles/v2.ts';
import { newSlot } from '../../../src/domain/snapshot.ts';
import { runs } from '../support/runs.ts';
import { faultsOfQuestion, OPERATIONS, rowOf } from './public-schema.ts';
import { connection, json, PREFIX, pagedReply, type Said, SERVER_MS, server } from './public-server.ts';

const portFor = (reply: Said | ((url: URL) => Said)) => publicProfile(connection, server(reply).exchange);
/** As the documents have it. */
const CODE = { id: 11, name: 'Lunch', isActive: true, isACW: false, agentTimeout: 45 };
const LUNCH = { id: '11', name: 'Lunch', active: true, acw: false, minutes: 45 };
const TEAM = { teamId: 7, teamName: 'North', isActive: true };
const WORK = { agentId: 4711, occupancy: 63.4, totalHandled: 112, loginTime: 'PT38H10M' };
const WEEK = [SERVER_MS - 7 * 86_400_000, SERVER_MS] as const;

describe('the tenant’s reasons, teams and figures', () => {
  it('are each asked for in one question that the documents know, and read', async () => {
    const { exchange, paths } = server((url) => {
      if (url.pathname.endsWith('/unavailable-codes')) return json({ unavailableCodes: [CODE] });
      return json(url.pathname.endsWith('/teams') ? { teams: [TEAM] } : { agentPerformance: [WORK] });
    });
    const port = publicProfile(connection, exchange);
    expect(await port.reasons('t')).toMatchObject({ outcome: 'ok', reasons: [LUNCH] });
    expect(await port.teams('t')).toMatchObject({ outcome: 'ok', teams: [{ id: '7', name: 'North', active: true }] });
    expect(await port.figures('t', ...WEEK)).toMatchObject({
      outcome: 'ok',
      figures: new Map([['4711', { occupancy: 63, handled: 112, loginMs: 137_400_000 }]]),
    });
    expect(paths().map((path) => path.replace(PREFIX, ''))).toEqual([
      '/unavailable-codes',
      '/teams',
      '/agents/performance?startDate=2026-11-13T10:00:00Z&endDate=2026-11-20T10:00:00Z',
    ]);
    expect(paths().flatMap((path) => faultsOfQuestion(path.replace(PREFIX, '')))).toEqual([]);
  });

  it('are not there in profile v2, whose API has no such lists', () => {
    const { reasons, teams, figures } = v2Profile(connection, server(json([])).exchange);
    expect([reasons, teams, figures]).toEqual([undefined, undefined, undefined]);
  });

  it('are none where CXone says 204, or an empty list', async () => {
    for (const said of [{ status: 204 }, json({ unavailableCodes: [], teams: [], agentPerformance: [] })]) {
      const port = portFor(said);
      expect(await port.reasons('t')).toMatchObject({ outcome: 'ok', reasons: [] });
      expect(await port.teams('t')).toMatchObject({ outcome: 'ok', teams: [] });
      expect(await port.figures('t', ...WEEK)).toMatchObject({ outcome: 'ok', figures: new Map() });
    }
  });

  it('come bare, in resultSet, or in pages', async () => {
    expect(await portFor(json([CODE])).reasons('t')).toMatchObject({ outcome: 'ok', reasons: [LUNCH] });
    expect(await portFor(json({ resultSet: { teams: [TEAM] } })).teams('t')).toMatchObject({ teams: [{ name: 'North' }] });
    const rows = Array.from({ length: 23 }, (_, index) => ({ ...TEAM, teamId: index + 1 }));
    const answer = await portFor(pagedReply(rows, { size: 10, next: '', total: true, list: 'teams' })).teams('t');
    expect(answer.outcome === 'ok' && answer.teams).toHaveLength(23);
  });

  it('lose no good row to a bad one; a list of which nothing can be read is no empty list', async () => {
    expect(await portFor(json({ unavailableCodes: [7, null, { id: 9 }, { name: 'x' }, CODE] })).reasons('t')).toMatchObject({
      reasons: [LUNCH],
    });
    expect(await portFor(json({ unavailableCodes: [7] })).reasons('t')).toMatchObject({ outcome: 'malformed' });
    expect(await portFor(json({ teams: [{}] })).teams('t')).toMatchObject({ outcome: 'malformed' });
    expect(await portFor(json({ agentPerformance: [{ occupancy: 9 }] })).figures('t', ...WEEK)).toMatchObject({
      outcome: 'malformed',
    });
    expect(await portFor(json({ other: [] })).teams('t')).toMatchObject({ outcome: 'malformed' });
  });

  it('that may not be seen, or are not there, are said; no other version is looked for', async () => {
    expect(await portFor(json({ error_description: 'No right' }, 403)).reasons('t')).toMatchObject({ outcome: 'forbidden' });
    const { exchange, paths } = server(json({}, 404));
    expect(await publicProfile(connection, exchange).teams('t')).toMatchObject({ status: 404 });
    expect(paths()).toEqual([`${PREFIX}/teams`]);
  });
});

describe('a reason', () => {
  it.each<[string, object]>([
    ['as the tenant’s list has it', CODE],
    ['as a team’s list has it', { outstateId: 11, outstateName: 'Lunch', isActive: true, isAcw: false, agentTimeoutMins: '45' }],
    ['as NICE’s desktop reads it', { outStateId: '11', outStateName: ' Lunch ', isActive: 'True', agentTimeoutMins: 45 }],
    ['in capitals', { ID: 11, NAME: 'Lunch', ISACTIVE: 1, ISACW: 'false', AGENTTIMEOUT: '45' }],
    ['that does not say whether it is active', { ...CODE, isActive: undefined }],
  ])('%s', (_what, row) => {
    expect(readReason(row)).toEqual(LUNCH);
  });

  it.each([0, '0', null, undefined, '', -1, 'never'])('has no end where its time is %j', (agentTimeout) => {
    expect(readReason({ ...CODE, agentTimeout })?.minutes).toBeNull();
  });

  it('can be switched off, or be after-contact work', () => {
    expect(readReason({ ...CODE, isActive: 'False', isAcw: 'true', isACW: undefined })).toMatchObject({ active: false });
    expect(readReason({ ...CODE, isACW: undefined, isAcw: true })?.acw).toBe(true);
  });
});

describe('figures', () => {
  it.each<[string, object, object]>([
    ['in seconds', { loginTime: 90 }, { loginMs: 90_000 }],
    ['as text', { occupancy: '63.4', totalHandled: '5', loginTime: '90' }, { occupancy: 63, handled: 5, loginMs: 90_000 }],
    ['a fraction, which can be two things', { occupancy: 0.63 }, { occupancy: null }],
    ['not said', { occupancy: null, totalHandled: null, loginTime: '' }, { occupancy: null, handled: null, loginMs: null }],
  ])('%s', (_what, over, expected) => {
    expect(readFigures({ ...WORK, ...over })?.[1]).toMatchObject(expected);
  });
});

describe('nonsense', () => {
  it('never throws; what the documents have is always read', () => {
    const named = ({ name, outstateName, teamName }: Record<string, unknown>) =>
      String(name ?? outstateName ?? teamName ?? 'x').trim() !== '';
    for (const [operation, read] of [
      [OPERATIONS.reasons, readReason],
      [OPERATIONS.teamReasons, readReason],
      [OPERATIONS.teams, readTeam],
      [OPERATIONS.figures, readFigures],
    ] as const) {
      fc.assert(
        fc.property(rowOf(operation), (row) => (read(row) !== null) === named(row)),
        runs(200),
      );
      const nonsense = fc.record(Object.fromEntries(Object.keys(operation.row).map((name) => [name, fc.anything()])), {
        requiredKeys: [],
      });
      fc.assert(
        fc.property(fc.oneof(fc.anything(), nonsense), (row) => void read(row)),
        runs(300),
      );
    }
  });
});

describe('a row that gives a code and no name', () => {
  const NAMES = new Map([['11', 'Lunch']]);
  const ROW = { agentId: 1, agentStateId: 2, isACW: false, outStateId: 11, startDate: '2026-11-20T09:00:00Z' };
  const reasonIn = (over: object, names: ReadonlyMap<string, string> | undefined = NAMES) => {
    const slot = newSlot();
    expect(readRow({ ...ROW, ...over }, slot, names)).toBeNull();
    return slot.reason;
  };

  it.each<[string, object, string]>([
    ['takes it from the tenant’s list', {}, 'Lunch'],
    ['in the other spelling', { outStateId: undefined, outStateCode: '11' }, 'Lunch'],
    ['where the name is a number', { outStateDescription: 11 }, 'Lunch'],
    ['after contact work too', { isACW: true }, 'Lunch'],
    ['keeps its own where it has one', { outStateDescription: 'Lunch break' }, 'Lunch break'],
    ['stays without where the list does not have it', { outStateId: 12 }, ''],
    ['keeps the system’s own word', { outStateId: -1 }, 'Refused'],
    ['is about no other state', { agentStateId: 1 }, ''],
  ])('%s', (_what, over, expected) => {
    expect(reasonIn(over)).toBe(expected);
  });

  it('is read without the list as well', () => {
    const slot = newSlot();
    expect(readRow(ROW, slot)).toBeNull();
    expect(slot.reason).toBe('');
  });
});
