import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../../../src/domain/history/history.ts';
import { historyCsv } from '../../../../src/domain/history/history-csv.ts';
import { segmentsOf } from '../../../../src/domain/history/segments.ts';
import { totalsOf } from '../../../../src/domain/history/totals.ts';
import { readCsv, unguarded } from '../../support/csv.ts';
import { runs } from '../../support/runs.ts';
import { anyPast, H, kind, S, T, toldBefore } from './made.ts';

const segment = (reason: string, stateName = 'NOT_READY'): Segment => ({
  ...kind(stateName, reason),
  fromMs: T,
  toMs: T + 90_500,
  source: 'tenant',
  running: false,
  cut: false,
});
const file = (name: string, segments: readonly Segment[], agentId = '00000000-0000-4000-8000-000000000001') =>
  historyCsv([{ agentId, name, segments }], 'Europe/Berlin');
const cells = (text: string) => readCsv(text.slice(1));

describe('the file', () => {
  it('has a byte order mark, a head, CRLF, and times with their offset', () => {
    const text = file('Dana Ortiz', [segment('Lunch')]);
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(text.slice(1)).toBe(
      'agentId,name,from,to,seconds,state,reason,source\r\n' +
        '00000000-0000-4000-8000-000000000001,"Dana Ortiz",2026-03-02T09:00:00+01:00,2026-03-02T09:01:30.500+01:00,90.5,"NOT_READY","Lunch",tenant\r\n',
    );
  });

  it('says what is not known, and what is ours', () => {
    const [, unknown, ours] = cells(
      file('A', [
        { ...segment('', ''), source: 'unknown' },
        { ...segment('', ''), category: 'loggedOut', source: 'seen' },
      ]),
    );
    expect(unknown?.slice(5)).toEqual(['unknown', '', 'unknown']);
    expect(ours?.slice(5)).toEqual(['loggedOut', '', 'seen']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =HYPERLINK("x")', '\u00a0=1', '\u200b=1', '＝1'])(
    'makes text of %j, wherever people write freely',
    (evil) => {
      const [, row] = cells(file(evil, [segment(evil, evil)]));
      for (const column of [1, 5, 6]) expect(row?.[column]).toBe(`'${evil}`);
    },
  );

  it.each(['', 'Lunch', 'a-b', 'a=b', '1-2', 'O’Neil', '名前', '(=)'])('leaves %j as it is', (plain) => {
    const [, row] = cells(file(plain, [segment(plain)]));
    expect([row?.[1], row?.[6]]).toEqual([plain, plain]);
  });

  it('leaves ids and dates as they are, unless an id is none', () => {
    expect(cells(file('A', [segment('')], '-12345'))[1]?.[0]).toBe('-12345');
    expect(cells(file('A', [segment('')], '=cmd|x'))[1]?.[0]).toBe("'=cmd|x");
  });

  it('quotes what another separator would cut in two', () => {
    expect(file('a;=1', [segment('x\t=1')])).toMatch(/,"a;=1",.*,"x\t=1",tenant/);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }), (name, reason, state) => {
        const rows = cells(file(name, [segment(reason, state)]));
        expect(rows).toHaveLength(2);
        expect(rows[1]?.map(unguarded).toSpliced(2, 3)).toEqual([
          '00000000-0000-4000-8000-000000000001',
          name,
          state || 'unknown',
          reason,
          'tenant',
        ]);
        for (const cell of rows[1] ?? []) expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+@\-＝＋－＠]/u);
      }),
      runs(300),
    );
  });

  it('adds up to the range', () => {
    fc.assert(
      fc.property(anyPast(), (past) => {
        const end = past.at(-1)?.toMs ?? T;
        const { segments } = segmentsOf(toldBefore(past), { fromMs: T - H, toMs: end, nowMs: end });
        const rows = cells(file('A', segments)).slice(1);
        expect(rows.reduce((sum, row) => sum + Number(row[4]), 0)).toBe(totalsOf(segments).rangeMs / S);
        for (const [, , from = '', to = '', seconds] of rows) expect(Date.parse(to) - Date.parse(from)).toBe(Number(seconds) * S);
      }),
      runs(100),
    );
  });

  it('of nobody is its head', () => {
    expect(readCsv(historyCsv([], 'UTC').slice(1))).toHaveLength(1);
  });
});
