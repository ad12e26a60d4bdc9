import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comesTwice,
  dateInZone,
  isoInZone,
  offsetAt,
  offsetName,
  startOfDay,
  startOfNextDay,
  timeOfDay,
} from '../../../../src/domain/history/zone.ts';
import { runs } from '../../support/runs.ts';
import { D, H, MIN } from './made.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Denver',
  'America/St_Johns',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
];
const at = (iso: string) => Date.parse(iso);

describe('the clocks of a zone', () => {
  it.each([
    ['UTC', '2026-03-29T01:00:00Z', 0],
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 1 * H],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 2 * H],
    ['America/New_York', '2026-11-01T05:59:59Z', -4 * H],
    ['America/New_York', '2026-11-01T06:00:00Z', -5 * H],
    ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', 11 * H],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 10 * H + 30 * MIN],
    ['America/St_Johns', '2026-01-01T00:00:00Z', -(3 * H + 30 * MIN)],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 5 * H + 45 * MIN],
  ])('in %s at %s', (zone, iso, offset) => {
    expect(offsetAt(at(iso), zone)).toBe(offset);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
    ['America/New_York', '2026-11-01T06:30:00.250Z', '2026-11-01T01:30:00.250-05:00'],
    ['America/St_Johns', '2026-01-01T00:00:00Z', '2025-12-31T20:30:00-03:30'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00+05:45'],
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'],
  ])('in %s %s is written %s', (zone, iso, written) => {
    expect(isoInZone(at(iso), zone)).toBe(written);
    expect(at(written)).toBe(at(iso));
  });

  it.each([
    ['Europe/Berlin', '2026-10-25T00:30:00Z', true],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', true],
    ['Europe/Berlin', '2026-10-24T23:59:59Z', false],
    ['Europe/Berlin', '2026-10-25T02:00:00Z', false],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', false],
    ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', true],
    ['Australia/Lord_Howe', '2026-04-04T14:15:00Z', false],
    ['Antarctica/Troll', '2026-10-25T00:00:00Z', true],
    ['UTC', '2026-10-25T00:30:00Z', false],
  ])('in %s at %s show a time that comes twice: %j', (zone, iso, twice) => {
    expect(comesTwice(at(iso), zone)).toBe(twice);
  });

  it.each([
    ['UTC', 'GMT'],
    ['Europe/Berlin', 'GMT+1'],
    ['America/St_Johns', 'GMT-3:30'],
    ['Asia/Kathmandu', 'GMT+5:45'],
  ])('in %s are %s', (zone, name) => {
    expect(offsetName(at('2026-01-01T00:00:00Z'), zone)).toBe(name);
  });

  it('refuse a zone there is none of', () => {
    expect(() => offsetAt(0, 'Mars/Phobos')).toThrow(RangeError);
  });
});

describe('days of a zone', () => {
  it.each([
    // 23, 25, and half an hour more or less.
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T00:00:00+01:00', 23 * H],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-25T00:00:00+02:00', 25 * H],
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08T00:00:00-05:00', 23 * H],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01T00:00:00-04:00', 25 * H],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00Z', '2026-04-05T00:00:00+11:00', 24 * H + 30 * MIN],
    ['Australia/Lord_Howe', '2026-10-04T00:00:00Z', '2026-10-04T00:00:00+10:30', 23 * H + 30 * MIN],
    // There is no midnight on the day the clocks go forward at it, and there are two on the day they go back to it.
    ['Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-24T01:00:00+03:00', 23 * H],
    ['America/Havana', '2026-11-01T12:00:00Z', '2026-11-01T00:00:00-04:00', 25 * H],
    // A day that was left out of the calendar is part of none.
    ['Pacific/Apia', '2011-12-29T12:00:00Z', '2011-12-29T00:00:00-10:00', 24 * H],
  ])('in %s the day of %s begins at %s', (zone, iso, start, length) => {
    const startMs = startOfDay(at(iso), zone);
    expect(isoInZone(startMs, zone)).toBe(start);
    expect(startOfNextDay(at(iso), zone) - startMs).toBe(length);
  });

  it('hold every moment of theirs, and follow one another', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2024-01-01'), max: at('2028-01-01') }), fc.constantFrom(...ZONES), (ms, zone) => {
        const [start, next] = [startOfDay(ms, zone), startOfNextDay(ms, zone)];
        expect(start).toBeLessThanOrEqual(ms);
        expect(next).toBeGreaterThan(ms);
        expect(startOfDay(start, zone)).toBe(start);
        expect(startOfDay(next, zone)).toBe(next);
        expect(startOfDay(next - 1, zone)).toBe(start);
        expect(dateInZone(start, zone)).toBe(dateInZone(ms, zone));
        expect(dateInZone(next, zone) > dateInZone(ms, zone)).toBe(true);
        expect(Math.abs(next - start - D)).toBeLessThanOrEqual(H);
      }),
      runs(400),
    );
  });

  it('say what Intl says of any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2024-01-01'), max: at('2028-01-01') }), fc.constantFrom(...ZONES), (ms, zone) => {
        const parts = new Intl.DateTimeFormat('en-CA', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
          hourCycle: 'h23',
        });
        const [date, time] = parts.format(ms).split(', ');
        expect(isoInZone(ms, zone).slice(0, 19)).toBe(`${date}T${time}`);
        expect(new Date(timeOfDay(ms, zone)).toISOString().slice(11, 19)).toBe(time);
      }),
      runs(300),
    );
  });
});
