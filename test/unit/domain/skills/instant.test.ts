import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantReader } from '../../../../src/domain/skills/instant.ts';
import { runs } from '../../support/runs.ts';

const berlin = instantReader('Europe/Berlin');

describe('a time as people write it', () => {
  it.each([
    ['2026-01-15T08:00:00Z', '2026-01-15T08:00:00Z'],
    ['2026-01-15t08:00z', '2026-01-15T08:00:00Z'],
    ['2026-01-15T08:00:00.999Z', '2026-01-15T08:00:00Z'],
    ['2026-01-15T08:00:00+00:00', '2026-01-15T08:00:00Z'],
    ['2026-01-15 08:00:30 +05:30', '2026-01-15T02:30:30Z'],
    ['2026-01-15T08:00-0330', '2026-01-15T11:30:00Z'],
    ['2026-01-15T08:00+01', '2026-01-15T07:00:00Z'],
    ['2026-01-15T08:00', '2026-01-15T07:00:00Z'],
    ['2026-07-15 08:00:05', '2026-07-15T06:00:05Z'],
    ['2026-07-15', '2026-07-14T22:00:00Z'],
    ['2026-07-15T24:00', '2026-07-15T22:00:00Z'],
    ['2028-02-29', '2028-02-28T23:00:00Z'],
    ['1970-01-01', '1969-12-31T23:00:00Z'],
    ['9999-12-31T23:59:59', '9999-12-31T22:59:59Z'],
  ])('%s is %s', (text, at) => {
    expect(berlin(text)).toEqual({ at });
  });

  it.each([
    '',
    'tomorrow',
    '15.01.2026',
    '01/02/2026',
    '2026-1-5',
    '20260115',
    '2026-01-15T08',
    '2026-01-15T8:00',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-15T25:00',
    '2026-01-15T24:01',
    '2026-01-15T08:60',
    '2026-01-15T08:00:60',
    '2026-01-15T08:00+16:00',
    '2026-01-15T08:00+01:60',
    '2026-01-15 8:00 am',
    '2026-01-15Z',
    '0070-01-01',
    '1969-12-31',
    '9999-12-31T24:00Z',
    '9999-12-31T23:00-02:00',
    ' 2026-01-15',
    '２０２６-01-15',
  ])('%j is none that is understood', (text) => {
    expect(berlin(text)).toEqual({ problem: 'date' });
  });

  it('that the clocks skip is none; of two it is the earlier', () => {
    expect(berlin('2026-03-29T02:30')).toEqual({ problem: 'dateGap' });
    expect(berlin('2026-03-29T03:00')).toEqual({ at: '2026-03-29T01:00:00Z' });
    expect(berlin('2026-10-25T02:30')).toEqual({ at: '2026-10-25T00:30:00Z' });
    expect(berlin('2026-10-25T02:30+01:00')).toEqual({ at: '2026-10-25T01:30:00Z' });
    expect(instantReader('America/Sao_Paulo')('2018-11-04')).toEqual({ problem: 'dateGap' });
    expect(instantReader('Pacific/Apia')('2011-12-30T12:00')).toEqual({ problem: 'dateGap' });
  });

  it('needs a zone, or says its own', () => {
    const nowhere = instantReader('');
    expect(nowhere('2026-01-15T08:00')).toEqual({ problem: 'dateZone' });
    expect(nowhere('2026-01-15')).toEqual({ problem: 'dateZone' });
    expect(nowhere('2026-02-30')).toEqual({ problem: 'date' });
    expect(nowhere('2026-01-15T08:00Z')).toEqual({ at: '2026-01-15T08:00:00Z' });
    expect(() => instantReader('Mars/Olympus')('2026-01-15')).toThrow(RangeError);
  });

  it('is the first moment at which the clocks there show it', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
      'America/St_Johns',
      'UTC',
    ];
    const clocks = new Map(
      zones.map((zone) => [zone, new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })]),
    );
    const QUARTER = 900_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        // Half of them on nights when some of these change their clocks.
        fc.oneof(
          fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 }),
          fc
            .tuple(
              fc.constantFrom(
                '2026-03-08',
                '2026-03-29',
                '2026-10-25',
                '2026-11-01',
                '2026-04-05',
                '2026-10-04',
                '2026-02-15',
                '2026-03-22',
              ),
              fc.integer({ min: 0, max: 300 }),
            )
            .map(([day, minutes]) => Date.parse(day) / 60_000 + minutes),
        ),
        (zone, minute) => {
          const wallMs = minute * 60_000;
          const text = new Date(wallMs).toISOString().slice(0, 16).replace('T', ' ');
          const there: number[] = [];
          for (let ms = wallMs - 15 * 3_600_000; ms <= wallMs + 15 * 3_600_000; ms += QUARTER)
            if (clocks.get(zone)?.format(ms) === text) there.push(ms);
          const found = instantReader(zone)(text);
          if (there.length === 0) expect(found).toEqual({ problem: 'dateGap' });
          else expect('at' in found && Date.parse(found.at)).toBe(there[0]);
        },
      ),
      runs(500),
    );
  }, 60_000);
});
